// The painter as a kernel in the language that gpu.js translates, as text: minified code could not be translated.

import {
  CUBE_FUNCTIONS,
  CUBE_PARAMETERS,
  cubeArguments,
  type KernelArray,
  NOTHING,
  throughCube,
} from './cube-source.ts';
import {
  type Colour,
  type Compare,
  FALSE_COLOUR_ENDS,
  FALSE_COLOURS,
  INFINITY_COLOUR,
  LUMINANCE,
  NAN_COLOUR,
  OVER_COLOUR,
  type Solo,
  UNDER_COLOUR,
  ZEBRA_OVER,
  ZEBRA_PERIOD,
} from './display.ts';
import { LARGEST_HALF } from './half.ts';
import { OUTSIDE, type Painting } from './paint.ts';
import { DISPLAY_TRANSFORMS, transformIndex } from './transform.ts';

/** A number as a literal that is always read as a float. */
const float = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));

const COMPARE_ORDER: readonly Compare[] = ['a', 'b', 'wipe', 'over', 'difference'];
const SOLO_ORDER: readonly Solo[] = ['rgb', 'r', 'g', 'b', 'a', 'l'];

const put = ([r, g, b]: Colour): string =>
  `red = ${float(r / 255)}; green = ${float(g / 255)}; blue = ${float(b / 255)};`;

/** Functions that the kernel calls; all take and give floats. */
export const KERNEL_FUNCTIONS: readonly { readonly name: string; readonly source: string; readonly count: number }[] = [
  {
    name: 'halfValue',
    count: 1,
    source: `function halfValue(bits) {
      let sign = 1.0;
      let rest = bits;
      if (bits >= 32768.0) { sign = -1.0; rest = bits - 32768.0; }
      const exponent = Math.floor(rest * 0.0009765625);
      const mantissa = rest - exponent * 1024.0;
      if (exponent > 30.5) {
        if (mantissa > 0.5) { return 0.0; }
        return sign * ${float(LARGEST_HALF)};
      }
      if (exponent < 0.5) { return sign * mantissa * 0.000000059604644775390625; }
      return sign * (1024.0 + mantissa) * Math.pow(2.0, exponent - 25.0);
    }`,
  },
  {
    name: 'halfClass',
    count: 1,
    source: `function halfClass(bits) {
      let rest = bits;
      if (bits >= 32768.0) { rest = bits - 32768.0; }
      if (rest < 31743.5) { return 0.0; }
      if (rest < 31744.5) { return 1.0; }
      return 2.0;
    }`,
  },
  {
    name: 'signalOf',
    count: 4,
    source: `function signalOf(linear, gain, power, transform) {
      let v = linear * gain;
      if (v <= 0.0) { v = 0.0; } else { if (power !== 1.0) { v = Math.pow(v, power); } }
      let signal = v;
      ${DISPLAY_TRANSFORMS.map(({ source }, i) => `if (transform > ${float(i - 0.5)} && transform < ${float(i + 0.5)}) { signal = ${source}; }`).join('\n      ')}
      if (signal < 0.0) { signal = 0.0; }
      if (signal > 1.0) { signal = 1.0; }
      return signal;
    }`,
  },
  ...CUBE_FUNCTIONS,
];

/** The parameters of the kernel in their order: which are arrays, and which numbers. */
export const KERNEL_PARAMETERS: readonly { readonly name: string; readonly array: boolean }[] = [
  ...['a', 'b', 'aColumns', 'aRows', 'bColumns', 'bRows'].map((name) => ({ name, array: true })),
  ...['aCount', 'bCount', 'height', 'gain', 'power', 'transform', 'solo', 'compare'].map((name) => ({
    name,
    array: false,
  })),
  ...['falseColour', 'zebra', 'highlight', 'wipe', 'left', 'top', 'right', 'bottom'].map((name) => ({
    name,
    array: false,
  })),
  ...['surroundRed', 'surroundGreen', 'surroundBlue'].map((name) => ({ name, array: false })),
  ...CUBE_PARAMETERS,
];

/** One pixel of a slot into `<slot>r` to `<slot>a` and their classes; nothing there is 0, and transparent. */
const readSlot = (slot: 'a' | 'b'): string => {
  const channels = ['r', 'g', 'b', 'a'];
  const read = (channel: string, at: string): string =>
    `const ${slot}${channel}Bits = Math.floor(${slot}[${slot}Row][${at}] + 0.5);
        ${slot}${channel} = halfValue(${slot}${channel}Bits);
        ${slot}${channel}Class = halfClass(${slot}${channel}Bits);`;
  return `
    ${channels.map((channel) => `let ${slot}${channel} = 0.0; let ${slot}${channel}Class = 0.0;`).join('\n    ')}
    const ${slot}Column = Math.floor(${slot}Columns[column] + 0.5);
    const ${slot}Row = Math.floor(${slot}Rows[row] + 0.5);
    let ${slot}There = 0.0;
    if (${slot}Count > 0.5 && ${slot}Column < ${float(OUTSIDE)} && ${slot}Row < ${float(OUTSIDE)}) {
      ${slot}There = 1.0;
      const ${slot}At = ${slot}Column * ${slot}Count;
      ${read('r', `${slot}At`)}
      if (${slot}Count < 1.5) {
        ${slot}g = ${slot}r; ${slot}b = ${slot}r; ${slot}gClass = ${slot}rClass; ${slot}bClass = ${slot}rClass;
      }
      if (${slot}Count > 1.5) { ${read('g', `${slot}At + 1.0`)} }
      if (${slot}Count > 2.5) { ${read('b', `${slot}At + 2.0`)} }
      ${slot}a = 1.0;
      if (${slot}Count > 3.5) { ${read('a', `${slot}At + 3.0`)} }
    }`;
};

const each = (line: (channel: string) => string): string => ['r', 'g', 'b', 'a'].map(line).join('\n      ');

const ENDS = {
  canvas: 'this.color(red, green, blue, 1.0);',
  numbers: `return Math.floor(red * 255.0 + 0.5) + Math.floor(green * 255.0 + 0.5) * 256.0
      + Math.floor(blue * 255.0 + 0.5) * 65536.0;`,
};

/**
 * The kernel, which draws into a canvas or gives a number for each pixel: red, green and blue bytes from the lowest up.
 * The first row that it makes is the lowest of the screen, as graphics have it.
 */
export const kernelSource = (
  to: keyof typeof ENDS,
): string => `function display(${KERNEL_PARAMETERS.map(({ name }) => name).join(', ')}) {
    const column = this.thread.x;
    const row = height - 1.0 - this.thread.y;
    const x = column + 0.0;
    const y = row + 0.0;
    ${readSlot('a')}
    ${readSlot('b')}
    let r = ar; let g = ag; let bl = ab; let al = aa; let there = aThere;
    let rClass = arClass; let gClass = agClass; let bClass = abClass; let aClass = aaClass;
    if ((compare > 0.5 && compare < 1.5) || (compare > 1.5 && compare < 2.5 && x >= wipe)) {
      r = br; g = bg; bl = bb; al = ba; there = bThere;
      rClass = brClass; gClass = bgClass; bClass = bbClass; aClass = baClass;
    }
    if (compare > 2.5) {
      there = Math.max(aThere, bThere);
      rClass = Math.max(arClass, brClass); gClass = Math.max(agClass, bgClass);
      bClass = Math.max(abClass, bbClass); aClass = Math.max(aaClass, baClass);
      r = Math.abs(ar - br); g = Math.abs(ag - bg); bl = Math.abs(ab - bb); al = Math.abs(aa - ba);
    }
    if (compare > 2.5 && compare < 3.5) {
      const behind = 1.0 - aa;
      r = ar + br * behind; g = ag + bg * behind; bl = ab + bb * behind; al = aa + ba * behind;
      ${each((channel) => `${channel}Class = Math.max(${channel}Class, aaClass);`)}
    }
    const weighed = r * ${float(LUMINANCE[0])} + g * ${float(LUMINANCE[1])} + bl * ${float(LUMINANCE[2])};
    let kind = Math.max(rClass, Math.max(gClass, bClass));
    if (solo > 0.5 && solo < 4.5) {
      let one = r; kind = rClass;
      if (solo > 1.5) { one = g; kind = gClass; }
      if (solo > 2.5) { one = bl; kind = bClass; }
      if (solo > 3.5) { one = al; kind = aClass; }
      r = one; g = one; bl = one;
    }
    if (solo > 4.5) { r = weighed; g = weighed; bl = weighed; }
    const luminance = r * ${float(LUMINANCE[0])} + g * ${float(LUMINANCE[1])} + bl * ${float(LUMINANCE[2])};
    let red = signalOf(r, gain, power, transform);
    let green = signalOf(g, gain, power, transform);
    let blue = signalOf(bl, gain, power, transform);
    ${throughCube()}
    if (falseColour > 0.5) {
      const lit = luminance * gain;
      ${put(FALSE_COLOURS.at(-1)!.colour)}
      ${FALSE_COLOUR_ENDS.map((end, i) => `if (lit < ${float(end)}) { ${put(FALSE_COLOURS[i]!.colour)} }`)
        .reverse()
        .join('\n      ')}
    }
    if (zebra > 0.5) {
      const rising = x + y - ${float(ZEBRA_PERIOD)} * Math.floor((x + y + 0.5) * ${1 / ZEBRA_PERIOD});
      const falling = x - y - ${float(ZEBRA_PERIOD)} * Math.floor((x - y + 0.5) * ${1 / ZEBRA_PERIOD});
      if (Math.min(r, Math.min(g, bl)) * gain < 0.0 && falling < ${float(ZEBRA_PERIOD / 2 - 0.5)}) { ${put(UNDER_COLOUR)} }
      if (Math.max(r, Math.max(g, bl)) * gain > ${ZEBRA_OVER} && rising < ${float(ZEBRA_PERIOD / 2 - 0.5)}) { ${put(OVER_COLOUR)} }
    }
    if (highlight > 0.5) {
      if (kind > 1.5) { ${put(NAN_COLOUR)} } else { if (kind > 0.5) { ${put(INFINITY_COLOUR)} } }
    }
    if (there < 0.5) {
      red = surroundRed; green = surroundGreen; blue = surroundBlue;
      if (x >= left && x < right && y >= top && y < bottom) { red = 0.0; green = 0.0; blue = 0.0; }
    }
    ${ENDS[to]}
  }`;

/** What the kernel gets for a painting, in the order of `KERNEL_PARAMETERS`. */
export function kernelArguments({
  width,
  height,
  a,
  b,
  settings,
  wipe,
  black,
  surround,
  cube,
}: Painting): readonly (KernelArray | number)[] {
  const map = (values: Uint16Array | undefined, length: number): KernelArray => ({
    values: values ?? new Uint16Array(length).fill(OUTSIDE),
    size: [length],
  });
  const picture = (placed: Painting['a']): KernelArray =>
    placed ? { values: placed.samples, size: [placed.width * placed.count, placed.height] } : NOTHING;
  return [
    picture(a),
    picture(b),
    map(a?.columns, width),
    map(a?.rows, height),
    map(b?.columns, width),
    map(b?.rows, height),
    a?.count ?? 0,
    b?.count ?? 0,
    height,
    2 ** settings.exposure,
    1 / settings.gamma,
    transformIndex(settings.transform),
    SOLO_ORDER.indexOf(settings.solo),
    COMPARE_ORDER.indexOf(settings.compare),
    settings.falseColour ? 1 : 0,
    settings.zebra ? 1 : 0,
    settings.highlight ? 1 : 0,
    wipe,
    black.left,
    black.top,
    black.right,
    black.bottom,
    surround[0] / 255,
    surround[1] / 255,
    surround[2] / 255,
    ...cubeArguments(cube, a?.light ?? b?.light, b?.light),
  ];
}
