// The painter on the processor: a display's definition in tables, so that a pixel costs three look-ups.
import { type Cube, type Light, lookUp } from './cube.ts';
import {
  type Colour,
  type DisplaySettings,
  displayed,
  FALSE_COLOUR_ENDS,
  FALSE_COLOURS,
  INFINITY_COLOUR,
  LUMINANCE,
  lightAt,
  litBy,
  NAN_COLOUR,
  OVER_COLOUR,
  type Solo,
  type Through,
  UNDER_COLOUR,
  ZEBRA_OVER,
  ZEBRA_PERIOD,
} from './display.ts';
import { classOf, FINITE_VALUES, halfBits } from './half.ts';

/** In a map of columns or rows: nothing of the picture lies here. */
export const OUTSIDE = 0xffff;

/** A picture and where its samples fall on the screen. */
export interface Placed {
  /** Bits of halfs, interleaved, top row first. */
  readonly samples: Uint16Array;
  readonly width: number;
  readonly height: number;
  /** Samples in a pixel, 1 to 4. */
  readonly count: number;
  /** The column of the picture under each column of the screen, or `OUTSIDE`. */
  readonly columns: Uint16Array;
  readonly rows: Uint16Array;
  /** What its samples are, for a cube; linear Rec.709 where it is left out. */
  readonly light?: Light;
}

/** Everything that a painter needs for one screen. */
export interface Painting {
  readonly width: number;
  readonly height: number;
  readonly a?: Placed;
  readonly b?: Placed;
  readonly settings: DisplaySettings;
  /** Draws through this in place of the transform's curve. */
  readonly cube?: Cube;
  /** Column of the screen from which on a wipe shows B. */
  readonly wipe: number;
  /** The display window on the screen, black where there is no picture: first column and row, and those after the last. */
  readonly black: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };
  /** Bytes of red, green, blue and opacity outside of it. */
  readonly surround: readonly [r: number, g: number, b: number, opacity: number];
}

const OVER = 1;
const UNDER = 2;
const INFINITE = 4;
const NOT_A_NUMBER = 8;
const BLACK = 0xff000000;

const pack = ([r, g, b]: Colour): number => (BLACK | (b << 16) | (g << 8) | r) >>> 0;
const packed = {
  over: pack(OVER_COLOUR),
  under: pack(UNDER_COLOUR),
  infinite: pack(INFINITY_COLOUR),
  notANumber: pack(NAN_COLOUR),
};

interface Tables {
  readonly key: string;
  /** Byte of the display by bits. */
  readonly bytes: Uint8Array;
  /** What is to be marked, by bits. */
  readonly marks: Uint8Array;
}

let last: Tables | undefined;

function tablesFor(settings: DisplaySettings): Tables {
  const { exposure, gamma, transform, zebra, highlight } = settings;
  const key = `${exposure} ${gamma} ${transform} ${zebra} ${highlight}`;
  if (last?.key === key) return last;
  const bytes = new Uint8Array(65536);
  const marks = new Uint8Array(65536);
  const gain = 2 ** exposure;
  for (let bits = 0; bits < 0x8000; bits++) {
    const value = displayed(FINITE_VALUES[bits]!, settings);
    bytes[bits] = value >= 1 ? 255 : Math.round(value * 255);
    if (zebra && FINITE_VALUES[bits]! * gain > ZEBRA_OVER) marks[bits] = OVER;
  }
  bytes.fill(bytes[0]!, 0x8000);
  for (let bits = 0x8000; bits < 0x10000; bits++) if (zebra && FINITE_VALUES[bits]! < 0) marks[bits] = UNDER;
  if (highlight) {
    for (const start of [0x7c00, 0xfc00]) {
      marks[start] = INFINITE;
      marks.fill(NOT_A_NUMBER, start + 1, start + 0x400);
    }
  }
  last = { key, bytes, marks };
  return last;
}

const isRising = (x: number, y: number): boolean => (x + y) % ZEBRA_PERIOD < ZEBRA_PERIOD / 2;
const isFalling = (x: number, y: number): boolean => (x - y + ZEBRA_PERIOD * 100_000) % ZEBRA_PERIOD < ZEBRA_PERIOD / 2;

/** The colour of a marked pixel; 0 where the pixel shows itself. */
function markColour(mark: number, x: number, y: number): number {
  if (mark & NOT_A_NUMBER) return packed.notANumber;
  if (mark & INFINITE) return packed.infinite;
  if (mark & OVER && isRising(x, y)) return packed.over;
  return mark & UNDER && isFalling(x, y) ? packed.under : 0;
}

/** Paints into pixels of RGBA bytes, `width * height` of them. */
export function paint(painting: Painting, pixels: Uint32Array): void {
  const { a, b, settings, width } = painting;
  clear(painting, pixels);
  const tables = tablesFor(settings);
  const { compare } = settings;
  if (compare === 'over' || compare === 'difference') {
    paintMixed(painting, pixels, tables);
    return;
  }
  const wipe = Math.max(0, Math.min(width, Math.ceil(painting.wipe)));
  const draw = settings.falseColour || settings.solo === 'l' || painting.cube ? paintLinear : paintPlain;
  const end = compare === 'a' ? width : compare === 'b' ? 0 : wipe;
  if (a && end > 0) draw(painting, a, { from: 0, to: end }, pixels, tables);
  if (b && end < width) draw(painting, b, { from: end, to: width }, pixels, tables);
}

/** What is around and behind pictures: the surround, and black where the display window is. */
export function clear({ width, height, black, surround }: Painting, pixels: Uint32Array): void {
  const [r, g, b, opacity] = surround;
  pixels.fill(((opacity << 24) | (b << 16) | (g << 8) | r) >>> 0, 0, width * height);
  const left = Math.max(0, Math.min(width, black.left));
  const right = Math.max(left, Math.min(width, black.right));
  for (let y = Math.max(0, black.top); y < Math.min(height, black.bottom); y++) {
    pixels.fill(BLACK, y * width + left, y * width + right);
  }
}

interface Run {
  readonly from: number;
  readonly to: number;
}

/** Bits of 1. */
const ONE = 0x3c00;

/** Where the samples for red, green and blue stand in a pixel; below 0 for those that are not there. */
interface Offsets {
  readonly at: readonly [r: number, g: number, b: number];
  /** Bits of what stands for the absent ones: 1 for alpha alone, otherwise 0. */
  readonly none: number;
}

function offsetsFor(count: number, solo: Solo): Offsets {
  const at = (index: number): number => (count === 1 && index < 3 ? 0 : index < count ? index : -1);
  if (solo === 'rgb' || solo === 'l') return { at: [at(0), at(1), at(2)], none: 0 };
  const index = at('rgba'.indexOf(solo));
  return { at: [index, index, index], none: solo === 'a' ? ONE : 0 };
}

function paintPlain(painting: Painting, placed: Placed, run: Run, pixels: Uint32Array, tables: Tables): void {
  const { width, height } = painting;
  const { samples, count, columns, rows } = placed;
  const { bytes, marks } = tables;
  const { at: offsets, none } = offsetsFor(count, painting.settings.solo);
  const [r, g, b] = offsets;
  for (let y = 0; y < height; y++) {
    const row = rows[y]!;
    if (row === OUTSIDE) continue;
    const start = row * placed.width;
    for (let x = run.from; x < run.to; x++) {
      const column = columns[x]!;
      if (column === OUTSIDE) continue;
      const at = (start + column) * count;
      const red = r >= 0 ? samples[at + r]! : none;
      const green = g >= 0 ? samples[at + g]! : none;
      const blue = b >= 0 ? samples[at + b]! : none;
      const mark = marks[red]! | marks[green]! | marks[blue]!;
      const colour = mark === 0 ? 0 : markColour(mark, x, y);
      pixels[y * width + x] =
        colour === 0 ? (BLACK | (bytes[blue]! << 16) | (bytes[green]! << 8) | bytes[red]!) >>> 0 : colour;
    }
  }
}

/** False colours and luminance: sums of finite values, in numbers rather than tables. */
function paintLinear(painting: Painting, placed: Placed, run: Run, pixels: Uint32Array, tables: Tables): void {
  const { width, height, settings } = painting;
  const { samples, count, columns, rows } = placed;
  const { marks } = tables;
  const { at: offsets, none } = offsetsFor(count, settings.solo);
  const [r, g, b] = offsets;
  const finish = finisherFor(painting, tables, { left: placed === painting.a });
  for (let y = 0; y < height; y++) {
    const row = rows[y]!;
    if (row === OUTSIDE) continue;
    for (let x = run.from; x < run.to; x++) {
      const column = columns[x]!;
      if (column === OUTSIDE) continue;
      const at = (row * placed.width + column) * count;
      const red = r >= 0 ? samples[at + r]! : none;
      const green = g >= 0 ? samples[at + g]! : none;
      const blue = b >= 0 ? samples[at + b]! : none;
      const special = (marks[red]! | marks[green]! | marks[blue]!) & (INFINITE | NOT_A_NUMBER);
      pixels[y * width + x] =
        special === 0
          ? finish(FINITE_VALUES[red]!, FINITE_VALUES[green]!, FINITE_VALUES[blue]!, x, y)
          : markColour(special, x, y);
    }
  }
}

const FALSE_PACKED = FALSE_COLOURS.map(({ colour }) => pack(colour));

/** `falseColourOf` as a packed pixel. */
function falseColour(luminance: number): number {
  let band = 0;
  while (band < FALSE_COLOUR_ENDS.length && luminance >= FALSE_COLOUR_ENDS[band]!) band += 1;
  return FALSE_PACKED[band]!;
}

/** What the definition draws a painting through, where it has a cube. */
export const throughOf = ({ cube, a, b }: Painting): Through | undefined =>
  cube && { cube, ...(a?.light ? { a: a.light } : {}), ...(b?.light ? { b: b.light } : {}) };

const signal = new Float64Array(3);
const level = (value: number): number => Math.round(value * 255);

type Finish = (r: number, g: number, b: number, x: number, y: number) => number;

/** From linear red, green and blue, all finite, to a packed pixel. */
function finisherFor(painting: Painting, { bytes }: Tables, side: { readonly left: boolean }): Finish {
  const { settings } = painting;
  const through = throughOf(painting);
  const light = through && lightAt(through, settings.compare, side);
  const gain = 2 ** settings.exposure;
  const [wr, wg, wb] = LUMINANCE;
  const { zebra, falseColour: isFalse } = settings;
  const grey = settings.solo === 'l';
  const byte = (value: number): number => bytes[halfBits(value)]!;
  return (red, green, blue, x, y) => {
    const luminance = red * wr + green * wg + blue * wb;
    if (zebra) {
      const most = (grey ? luminance : Math.max(red, green, blue)) * gain;
      const least = (grey ? luminance : Math.min(red, green, blue)) * gain;
      const mark = markColour((most > ZEBRA_OVER ? OVER : 0) | (least < 0 ? UNDER : 0), x, y);
      if (mark !== 0) return mark;
    }
    if (isFalse) return falseColour(luminance * gain);
    if (through && light) {
      if (grey) red = green = blue = luminance;
      lookUp(through.cube, light, litBy(red, settings), litBy(green, settings), litBy(blue, settings), signal);
      return (BLACK | (level(signal[2]!) << 16) | (level(signal[1]!) << 8) | level(signal[0]!)) >>> 0;
    }
    if (!grey) return (BLACK | (byte(blue) << 16) | (byte(green) << 8) | byte(red)) >>> 0;
    const value = byte(luminance);
    return (BLACK | (value << 16) | (value << 8) | value) >>> 0;
  };
}

/** Bits of a pixel's red, green, blue and alpha into `into`. Nothing there is 0, and transparent. */
function readBits(placed: Placed | undefined, x: number, row: number, into: Uint16Array): boolean {
  const column = placed && row !== OUTSIDE ? placed.columns[x]! : OUTSIDE;
  if (!placed || column === OUTSIDE) {
    into[0] = into[1] = into[2] = into[3] = 0;
    return false;
  }
  const { samples, count } = placed;
  const at = (row * placed.width + column) * count;
  const red = samples[at]!;
  into[0] = red;
  into[1] = count === 1 ? red : samples[at + 1]!;
  into[2] = count === 1 ? red : count > 2 ? samples[at + 2]! : 0;
  into[3] = count > 3 ? samples[at + 3]! : ONE;
  return true;
}

/** Over and difference, which need both pictures at a pixel: `compareLinear` and `soloed` without making objects. */
function paintMixed(painting: Painting, pixels: Uint32Array, tables: Tables): void {
  const { width, height, settings } = painting;
  const a = new Uint16Array(4);
  const b = new Uint16Array(4);
  const mixed = new Float64Array(4);
  const over = settings.compare === 'over';
  const only = settings.solo === 'rgb' ? -1 : 'rgba'.indexOf(settings.solo);
  const [r, g, blue] = only < 0 ? [0, 1, 2] : [only, only, only];
  const finish = finisherFor(painting, tables, { left: true });
  const colours = [0, packed.infinite, packed.notANumber];
  const classIn = (i: number): number => Math.max(classOf(a[i]!), classOf(b[i]!), over ? classOf(a[3]!) : 0);
  for (let y = 0; y < height; y++) {
    const rowA = painting.a?.rows[y] ?? OUTSIDE;
    const rowB = painting.b?.rows[y] ?? OUTSIDE;
    for (let x = 0; x < width; x++) {
      const inA = readBits(painting.a, x, rowA, a);
      const inB = readBits(painting.b, x, rowB, b);
      if (!inA && !inB) continue;
      const behind = 1 - FINITE_VALUES[a[3]!]!;
      for (let i = 0; i < 4; i++) {
        const front = FINITE_VALUES[a[i]!]!;
        const back = FINITE_VALUES[b[i]!]!;
        mixed[i] = over ? front + back * behind : Math.abs(front - back);
      }
      const mark = settings.highlight ? colours[Math.max(classIn(r), classIn(g), classIn(blue))]! : 0;
      pixels[y * width + x] = mark || finish(mixed[r]!, mixed[g]!, mixed[blue]!, x, y);
    }
  }
}
