// ICC profiles (ICC.1:2022): what a matrix profile says of primaries and transfer, and profiles that say it.
import { D65, type Primaries } from '../colour/primaries.ts';
import { type ColourStatement, codesStatement, colourText, type PictureColour, type Transfer } from './colour.ts';
import { viewOf } from './source.ts';

type Vector = readonly [number, number, number];
type Matrix = readonly [Vector, Vector, Vector];

const MOST_TAGS = 256;

/** What a profile says. One that is damaged, or works by tables of colours, says no more than its name. */
export function readProfile(profile: Uint8Array): ColourStatement {
  const tags = tagsOf(profile);
  const name = (tags && textIn(tags.get('desc'))) || 'without a name';
  const statement = { by: 'ICC profile', says: `"${name}"` };
  if (!tags) return { ...statement, says: 'a damaged profile' };
  const cicp = tags.get('cicp');
  if (cicp && cicp.length >= 12) {
    const [primaries = 0, transfer = 0, matrix = 0, fullRange = 0] = cicp.subarray(8);
    return codesStatement('ICC profile', { primaries, transfer, matrix, fullRange });
  }
  const colour = matrixColour(tags);
  return colour ? { ...statement, says: `"${name}" (${colourText(colour)})`, colour } : statement;
}

function tagsOf(profile: Uint8Array): ReadonlyMap<string, Uint8Array> | undefined {
  if (profile.length < 132 || ascii(profile.subarray(36, 40)) !== 'acsp') return undefined;
  const view = viewOf(profile);
  const count = view.getUint32(128);
  if (count > MOST_TAGS || 132 + 12 * count > profile.length) return undefined;
  const tags = new Map<string, Uint8Array>();
  for (let i = 0; i < count; i++) {
    const at = 132 + 12 * i;
    const from = view.getUint32(at + 4);
    const size = view.getUint32(at + 8);
    if (from + size > profile.length) return undefined;
    tags.set(ascii(profile.subarray(at, at + 4)), profile.subarray(from, from + size));
  }
  return tags;
}

const ascii = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** The name in a `desc` tag: ASCII in version 2, the first of several languages in version 4. */
function textIn(tag: Uint8Array | undefined): string | undefined {
  if (!tag || tag.length < 12) return undefined;
  const view = viewOf(tag);
  const kind = ascii(tag.subarray(0, 4));
  if (kind === 'desc') return ascii(tag.subarray(12, 12 + Math.min(200, view.getUint32(8)))).replace(/\0.*$/s, '');
  if (kind !== 'mluc' || tag.length < 28) return undefined;
  const length = Math.min(400, view.getUint32(20));
  const from = view.getUint32(24);
  if (from + length > tag.length) return undefined;
  return new TextDecoder('utf-16be').decode(tag.subarray(from, from + length));
}

function matrixColour(tags: ReadonlyMap<string, Uint8Array>): PictureColour | undefined {
  const [red, green, blue] = ['rXYZ', 'gXYZ', 'bXYZ'].map((name) => xyzIn(tags.get(name)));
  const transfers = ['rTRC', 'gTRC', 'bTRC'].map((name) => transferIn(tags.get(name)));
  const [transfer] = transfers;
  if (!red || !green || !blue || !transfer || transfers.some((t) => JSON.stringify(t) !== JSON.stringify(transfer)))
    return undefined;
  // Colorants are adapted to the D50 of the connection space; `chad` says how, and where it is missing it was Bradford's from D65.
  const back = inverse(chadIn(tags.get('chad')) ?? adaptation(xyzOf(D65)));
  if (!back) return undefined;
  const [r, g, b] = [red, green, blue].map((v) => apply(back, v)) as [Vector, Vector, Vector];
  const white: Vector = [r[0] + g[0] + b[0], r[1] + g[1] + b[1], r[2] + g[2] + b[2]];
  const lights = { red: xyOf(r), green: xyOf(g), blue: xyOf(b), white: xyOf(white) };
  return Object.values(lights).flat().every(Number.isFinite) ? { lights, transfer } : undefined;
}

function xyzIn(tag: Uint8Array | undefined): Vector | undefined {
  if (!tag || tag.length < 20 || ascii(tag.subarray(0, 4)) !== 'XYZ ') return undefined;
  return fixed(tag, 8, 3) as unknown as Vector;
}

function chadIn(tag: Uint8Array | undefined): Matrix | undefined {
  if (!tag || tag.length < 44 || ascii(tag.subarray(0, 4)) !== 'sf32') return undefined;
  const [a, b, c, d, e, f, g, h, i] = fixed(tag, 8, 9) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return [
    [a, b, c],
    [d, e, f],
    [g, h, i],
  ];
}

const fixed = (tag: Uint8Array, from: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => viewOf(tag).getInt32(from + 4 * i) / 65536);

/** Curves that are known, and how far a sample of a curve may lie beside them. */
const KNOWN: readonly Transfer[] = [
  'srgb',
  { gamma: 1 },
  { gamma: 1.8 },
  { gamma: 2.2 },
  { gamma: 2.4 },
  { gamma: 2.6 },
];
const NEAR = 0.002;

function transferIn(tag: Uint8Array | undefined): Transfer | undefined {
  const curve = tag && curveIn(tag);
  if (!curve) return undefined;
  if (typeof curve === 'number') return { gamma: curve };
  return KNOWN.find((known) => {
    for (let i = 0; i <= 64; i++) if (Math.abs(curve(i / 64) - decode(known, i / 64)) > NEAR) return false;
    return true;
  });
}

const decode = (transfer: Transfer, x: number): number =>
  typeof transfer === 'object' ? x ** transfer.gamma : x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;

/** A gamma as a number, any other curve as a function; sections 10.6 and 10.18. */
function curveIn(tag: Uint8Array): number | ((x: number) => number) | undefined {
  const kind = ascii(tag.subarray(0, 4));
  const view = viewOf(tag);
  if (kind === 'curv' && tag.length >= 12) {
    const count = view.getUint32(8);
    if (count === 0) return 1;
    if (12 + 2 * count > tag.length) return undefined;
    if (count === 1) return view.getUint16(12) / 256;
    const at = (i: number): number => view.getUint16(12 + 2 * i) / 65535;
    return (x) => {
      const place = x * (count - 1);
      const i = Math.min(count - 2, Math.floor(place));
      return at(i) + (at(i + 1) - at(i)) * (place - i);
    };
  }
  if (kind !== 'para' || tag.length < 16) return undefined;
  const form = view.getUint16(8);
  const counts = [1, 3, 4, 5, 7];
  const count = counts[form];
  if (count === undefined || tag.length < 12 + 4 * count) return undefined;
  const [g = 1, a = 1, b = 0, c = 0, d = 0, e = 0, f = 0] = fixed(tag, 12, count);
  if (form === 0) return g;
  if (form === 1) return (x) => (x >= -b / a ? (a * x + b) ** g : 0);
  if (form === 2) return (x) => (x >= -b / a ? (a * x + b) ** g + c : c);
  return (x) => (x >= d ? (a * x + b) ** g + e : c * x + f);
}

const D50: Vector = [0.9642, 1, 0.8249];
const BRADFORD: Matrix = [
  [0.8951, 0.2664, -0.1614],
  [-0.7502, 1.7135, 0.0367],
  [0.0389, -0.0685, 1.0296],
];

/** Bradford's adaptation from a white, as X, Y and Z, to D50: ICC.1:2022, annex E. */
function adaptation(white: Vector): Matrix {
  const from = apply(BRADFORD, white);
  const to = apply(BRADFORD, D50);
  const scaled = BRADFORD.map((row, i) => row.map((v) => (v * to[i]!) / from[i]!)) as unknown as Matrix;
  return product(inverse(BRADFORD)!, scaled);
}

const apply = (m: Matrix, v: Vector): Vector =>
  m.map((row) => row[0] * v[0] + row[1] * v[1] + row[2] * v[2]) as unknown as Vector;

const product = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => [0, 1, 2].map((j) => row[0] * b[0][j]! + row[1] * b[1][j]! + row[2] * b[2][j]!)) as unknown as Matrix;

function inverse([[a, b, c], [d, e, f], [g, h, i]]: Matrix): Matrix | undefined {
  const det = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  if (Math.abs(det) < 1e-9) return undefined;
  const rows: Matrix = [
    [e * i - f * h, c * h - b * i, b * f - c * e],
    [f * g - d * i, a * i - c * g, c * d - a * f],
    [d * h - e * g, b * g - a * h, a * e - b * d],
  ];
  return rows.map((row) => row.map((v) => v / det)) as unknown as Matrix;
}

const xyzOf = ([x, y]: readonly [number, number]): Vector => [x / y, 1, (1 - x - y) / y];
const xyOf = ([x, y, z]: Vector): [number, number] => [x / (x + y + z), y / (x + y + z)];

/**
 * A display profile of version 4 that says this, always the same bytes; a grey one for pictures of one colour channel.
 * Undefined for PQ and HLG, which the parametric curves of profiles cannot state.
 */
export function makeProfile({ lights, transfer }: PictureColour, channels: 'rgb' | 'grey'): Uint8Array | undefined {
  if (transfer === 'pq' || transfer === 'hlg') return undefined;
  const curve =
    transfer === 'srgb'
      ? tagOf('para', be16(3, 0), ...[2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045].map(s15))
      : tagOf('para', be16(0, 0), s15(transfer.gamma));
  const adapt = adaptation(xyzOf(lights.white));
  const common: [string, Uint8Array][] = [
    ['desc', unicode(colourText({ lights, transfer }))],
    ['cprt', unicode('CC0')],
    ['wtpt', tagOf('XYZ ', ...D50.map(s15))],
    ['chad', tagOf('sf32', ...adapt.flat().map(s15))],
  ];
  if (channels === 'grey') return assemble('GRAY', [...common, ['kTRC', curve]]);
  const columns = colorants(lights);
  if (!columns) return undefined;
  return assemble('RGB ', [
    ...common,
    ...['rXYZ', 'gXYZ', 'bXYZ'].map((name, i): [string, Uint8Array] => {
      return [name, tagOf('XYZ ', ...apply(adapt, columns[i]!).map(s15))];
    }),
    ['rTRC', curve],
    ['gTRC', curve],
    ['bTRC', curve],
  ]);
}

/** X, Y and Z of the three lights so that together they are the white. */
function colorants({ red, green, blue, white }: Primaries): readonly Vector[] | undefined {
  const unscaled = [red, green, blue].map(([x, y]): Vector => [x, y, 1 - x - y]);
  const [r, g, b] = unscaled as [Vector, Vector, Vector];
  const back = inverse([
    [r[0], g[0], b[0]],
    [r[1], g[1], b[1]],
    [r[2], g[2], b[2]],
  ]);
  if (!back) return undefined;
  const amounts = apply(back, xyzOf(white));
  return unscaled.map((v, i) => [v[0] * amounts[i]!, v[1] * amounts[i]!, v[2] * amounts[i]!]);
}

function assemble(space: string, tags: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  const parts: Buffer[] = [];
  const places = new Map<Uint8Array, number>();
  const table = Buffer.alloc(4 + 12 * tags.length);
  table.writeUInt32BE(tags.length);
  let end = 128 + table.length;
  for (const [i, [name, data]] of tags.entries()) {
    // The three curves of red, green and blue are one.
    if (!places.has(data)) {
      places.set(data, end);
      const padded = Buffer.alloc(Math.ceil(data.length / 4) * 4);
      padded.set(data);
      parts.push(padded);
      end += padded.length;
    }
    table.write(name, 4 + 12 * i, 'latin1');
    table.writeUInt32BE(places.get(data)!, 8 + 12 * i);
    table.writeUInt32BE(data.length, 12 + 12 * i);
  }
  const head = Buffer.alloc(128);
  head.writeUInt32BE(end);
  head.writeUInt32BE(0x04300000, 8);
  head.write(`mntr${space}XYZ `, 12, 'latin1');
  // A date is demanded; one and the same keeps files the same.
  for (const [i, value] of [2000, 1, 1, 0, 0, 0].entries()) head.writeUInt16BE(value, 24 + 2 * i);
  head.write('acsp', 36, 'latin1');
  for (const [i, value] of D50.entries()) head.set(s15(value), 68 + 4 * i);
  return Buffer.concat([head, table, ...parts]);
}

const tagOf = (kind: string, ...data: readonly Uint8Array[]): Uint8Array =>
  Buffer.concat([Buffer.from(kind, 'latin1'), Buffer.alloc(4), ...data]);

const be16 = (...values: readonly number[]): Uint8Array => {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt16BE(value, 2 * i);
  return bytes;
};

/** A number as s15Fixed16. */
const s15 = (value: number): Uint8Array => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(Math.round(value * 65536));
  return bytes;
};

/** A text as `mluc` in one language. */
function unicode(text: string): Uint8Array {
  const data = Buffer.from(text, 'utf16le').swap16();
  const head = Buffer.alloc(20);
  head.writeUInt32BE(1, 0);
  head.writeUInt32BE(12, 4);
  head.write('enUS', 8, 'latin1');
  head.writeUInt32BE(data.length, 12);
  head.writeUInt32BE(28, 16);
  return tagOf('mluc', head, data);
}
