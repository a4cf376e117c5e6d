// Tables that samples are looked up in, packed as the kernels take them: rows of equal steps, cubes of colours, splines.
import { EngineError } from '../base/error.ts';

/**
 * A row of entries at equal steps, straight between them; what lies outside is taken as the nearest end. Little endian.
 * Bytes 0 where the first entry lies, 4 entries for one unit of the sample, 8 the place of the last entry (its number), 12
 * the number of the last but one, 16 the entries.
 */
export interface RowTable {
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Colours on a grid, red fastest; what lies outside is taken as the nearest side. Little endian.
 * For red, green and blue one after the other, bytes 0 where the first entry lies, 12 entries for one unit, 24 the number
 * of the last entry, 36 that of the last but one, 48 the bytes from one entry to the next. 64 the entries, three floats each.
 */
export interface CubeTable {
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Cubics from knot to knot. Little endian. Bytes 0 half the room for knots, a power of two; 4 and 8 the limits at plus
 * and minus infinity; 16 the knots, the first one minus infinity, those that are not used NaN; then a row of eight floats
 * for each: the coefficients of the cubic in t, the constant first, then t = (x - fifth) times the sixth.
 */
export interface SplineTable {
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The ends of a domain and the samples at equal steps in it, two or more. */
export interface Row {
  readonly from: number;
  readonly to: number;
  readonly entries: ArrayLike<number>;
}

/** The entries that there are for one unit of the sample. */
function factorOf(from: number, to: number, count: number): number {
  const factor = Math.fround((count - 1) / (to - from));
  if (count >= 2 && to > from && factor > 0 && Number.isFinite(factor)) return factor;
  throw new EngineError(
    'invalid',
    'internal',
    'A table needs two entries, and a domain that rises and can be told in floats.',
  );
}

export function rowTable({ from, to, entries }: Row): RowTable {
  const bytes = new Uint8Array(16 + entries.length * 4);
  const floats = new Float32Array(bytes.buffer);
  floats.set([from, factorOf(from, to, entries.length), entries.length - 1]);
  new Int32Array(bytes.buffer)[3] = entries.length - 2;
  floats.set(entries, 4);
  return { bytes };
}

/** A grid of colours: for red, green and blue the domain and how many entries there are along it. */
export interface Cube {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly sizes: readonly number[];
  /** Three for each point of the grid, red fastest. */
  readonly entries: ArrayLike<number>;
}

export function cubeTable({ from, to, sizes, entries }: Cube): CubeTable {
  const bytes = new Uint8Array(64 + entries.length * 4);
  const floats = new Float32Array(bytes.buffer);
  const whole = new Int32Array(bytes.buffer);
  let step = 12;
  for (const [axis, size] of sizes.entries()) {
    floats[axis] = from[axis]!;
    floats[3 + axis] = factorOf(from[axis]!, to[axis]!, size);
    floats[6 + axis] = size - 1;
    whole[9 + axis] = size - 2;
    whole[12 + axis] = step;
    step *= size;
  }
  if (sizes.length !== 3 || entries.length * 4 !== step) {
    throw new EngineError('invalid', 'internal', 'The entries of a table of colours do not fit its sizes.');
  }
  floats.set(entries, 16);
  return { bytes };
}

/** A curve that meets the points `x`, `y` with the slope `m` at each; before the first and after the last it is straight. */
export interface Knot {
  readonly x: number;
  readonly y: number;
  /** The slope with which the curve leaves to the right; the last one's goes on for ever. */
  readonly after: number;
  /** The slope with which it comes from the left; the first one's comes from far away. */
  readonly before: number;
}

/** The table of a curve through knots, which rise in x: between them cubics of Hermite's form. */
export function splineTable(knots: readonly Knot[]): SplineTable {
  const places = knots.map(({ x }) => Math.fround(x));
  if (knots.length === 0 || places.some((x, i) => i > 0 && !(x > places[i - 1]!))) {
    throw new EngineError('invalid', 'internal', 'The knots of a curve do not rise.');
  }
  let room = 2;
  while (room < knots.length + 1) room *= 2;
  const bytes = new Uint8Array(16 + room * 4 + (knots.length + 1) * 32);
  const floats = new Float32Array(bytes.buffer);
  new Int32Array(bytes.buffer)[0] = room / 2;
  const [first, last] = [knots[0]!, knots.at(-1)!];
  floats[1] = last.after === 0 ? last.y : last.after * Number.POSITIVE_INFINITY;
  floats[2] = first.before === 0 ? first.y : first.before * Number.NEGATIVE_INFINITY;
  floats.fill(Number.NaN, 4, 4 + room);
  floats[4] = Number.NEGATIVE_INFINITY;
  floats.set(places, 5);
  const rows = 4 + room;
  floats.set([first.y, first.before, 0, 0, places[0]!, 1], rows);
  for (const [i, { y, after }] of knots.entries()) {
    const at = rows + (i + 1) * 8;
    const next = knots[i + 1];
    if (!next) {
      floats.set([y, after, 0, 0, places[i]!, 1], at);
      continue;
    }
    const width = places[i + 1]! - places[i]!;
    const [start, end, rise] = [after * width, next.before * width, next.y - y];
    floats.set([y, start, 3 * rise - 2 * start - end, start + end - 2 * rise, places[i]!, 1 / width], at);
  }
  return { bytes };
}
