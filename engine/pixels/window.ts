// Windows of neighbours on planes: erosion, dilation, medians; and sharpening by a blurred plane.
import { type Box, boxContains, boxEquals, boxHeight, boxWidth } from '../base/box.ts';
import { EngineError } from '../base/error.ts';
import { addressOf, kernels, scratch } from './arena.ts';
import { convertPlane } from './convert.ts';
import { medianNetwork } from './network.ts';
import { createPlane, type Plane } from './plane.ts';
import type { Edge } from './taps.ts';

/** Columns whose rows are compared at once, a multiple of 16; rows that stand side by side. */
const STRIP = 256;
const ROWS = 16;

export interface Neighbourhood {
  /** How far neighbours lie across and down. */
  readonly reach: readonly [number, number];
  /** What lies outside the plane. */
  readonly edge: Edge;
  /** The samples that are wanted. */
  readonly into: Box;
}

/**
 * The least or greatest sample among the neighbours of each, in the plane's own type. The plane has all samples within
 * reach that there are, and at least one. The cost does not grow with the reach. A NaN makes NaN as far as it reaches.
 */
export function extreme(plane: Plane, which: 'least' | 'greatest', { reach, edge, into }: Neighbourhood): Plane {
  demand(plane);
  const samples = convertPlane(plane, 'float').plane.samples as Float32Array;
  const { minX, minY } = plane.box;
  const rows = placesOf(minY, plane.rows, into.minY - reach[1], into.maxY + reach[1], edge);
  const columns = placesOf(minX, plane.columns, into.minX - reach[0], into.maxX + reach[0], edge);
  const down = extremeDown(samples, plane.columns, rows, 2 * reach[1] + 1, which);
  const made = extremeAcross(down, plane.columns, columns, 2 * reach[0] + 1, which);
  return convertPlane({ ...createPlane('float', into), samples: made }, plane.type).plane;
}

function demand(plane: Plane): void {
  if (plane.samples.length > 0) return;
  throw new EngineError('invalid', 'internal', 'Neighbours were looked for in a plane without samples.');
}

/** For each place the number of the sample that stands there; -1 for black. */
function placesOf(first: number, count: number, from: number, to: number, edge: Edge): Int32Array {
  const places = new Int32Array(to - from + 1);
  for (let i = 0; i < places.length; i++) {
    const at = from + i - first;
    const near = Math.min(Math.max(at, 0), count - 1);
    places[i] = near === at || edge === 'repeat' ? near : -1;
  }
  return places;
}

function runExtreme(which: 'least' | 'greatest', source: number, target: number, pass: Pass): void {
  const { run } = kernels();
  const kernel = which === 'least' ? run.leastRows : run.greatestRows;
  kernel(source, target, pass.width, pass.outputs, pass.size, pass.work);
  run.settleSamples(target, pass.outputs * pass.width);
}

interface Pass {
  readonly width: number;
  readonly outputs: number;
  readonly size: number;
  readonly work: number;
}

function extremeDown(
  samples: Float32Array,
  columns: number,
  places: Int32Array,
  size: number,
  which: 'least' | 'greatest',
): Float32Array {
  const outputs = places.length - size + 1;
  const target = new Float32Array(columns * outputs);
  const strip = Math.min(STRIP, Math.ceil(columns / ROWS) * ROWS);
  const [a, b, c] = scratch(places.length * strip * 4, outputs * strip * 4, size * ROWS * 4);
  const [source, made] = [floatsOf(a), floatsOf(b)];
  for (let x = 0; x < columns; x += strip) {
    const count = Math.min(strip, columns - x);
    const width = Math.ceil(count / ROWS) * ROWS;
    for (const [y, place] of places.entries()) {
      if (place >= 0) source.set(samples.subarray(place * columns + x, place * columns + x + count), y * width);
      source.fill(0, y * width + (place >= 0 ? count : 0), (y + 1) * width);
    }
    runExtreme(which, addressOf(a), addressOf(b), { width, outputs, size, work: addressOf(c) });
    for (let y = 0; y < outputs; y++) target.set(made.subarray(y * width, y * width + count), y * columns + x);
  }
  return target;
}

function extremeAcross(
  samples: Float32Array,
  columns: number,
  places: Int32Array,
  size: number,
  which: 'least' | 'greatest',
): Float32Array {
  const rows = samples.length / columns;
  const outputs = places.length - size + 1;
  const target = new Float32Array(outputs * rows);
  const stride = (places.length + 3) & ~3;
  const out = (outputs + 3) & ~3;
  const [lie, a, b, c] = scratch(stride * ROWS * 4, stride * ROWS * 4, out * ROWS * 4, size * ROWS * 4);
  const flat = floatsOf(lie);
  const { run } = kernels();
  const before = lastFirst(places);
  for (let y = 0; y < rows; y += ROWS) {
    const count = Math.min(ROWS, rows - y);
    for (let r = 0; r < count; r++)
      placeRow(flat, r * stride, samples.subarray((y + r) * columns, (y + r + 1) * columns), places, before);
    run.standUp(addressOf(lie), stride * 4, addressOf(a), stride);
    runExtreme(which, addressOf(a), addressOf(b), { width: ROWS, outputs, size, work: addressOf(c) });
    run.layDown(addressOf(b), addressOf(lie), out * 4, out);
    for (let r = 0; r < count; r++) target.set(flat.subarray(r * out, r * out + outputs), (y + r) * outputs);
  }
  return target;
}

/** The last place that shows the first sample of a row that is shown at all. */
const lastFirst = (places: Int32Array): number =>
  places.findIndex((place, i) => place >= 0 && (places[i + 1] ?? -1) !== place);

/** A row with what stands around it; `before` is `lastFirst` of the places. */
function placeRow(flat: Float32Array, at: number, row: Float32Array, places: Int32Array, before: number): void {
  const first = places[before]!;
  const last = places.at(-1)! < 0 ? row.length - 1 : places.at(-1)!;
  const inside = row.subarray(first, last + 1);
  flat.set(inside, at + before);
  for (let i = 0; i < before; i++) flat[at + i] = places[i]! < 0 ? 0 : row[places[i]!]!;
  for (let i = before + inside.length; i < places.length; i++) flat[at + i] = places[i]! < 0 ? 0 : row[places[i]!]!;
}

/** The median of each sample and its neighbours, 3 by 3 or 5 by 5, in the plane's own type. As for `extreme`. */
export function median(plane: Plane, { reach: [reach], edge, into }: Neighbourhood): Plane {
  demand(plane);
  const size = 2 * reach + 1;
  const samples = convertPlane(plane, 'float').plane.samples as Float32Array;
  const rows = placesOf(plane.box.minY, plane.rows, into.minY - reach, into.maxY + reach, edge);
  const columns = placesOf(plane.box.minX, plane.columns, into.minX - reach, into.maxX + reach, edge);
  const before = lastFirst(columns);
  const network = networkOf(size);
  const [wide, tall] = [boxWidth(into), boxHeight(into)];
  const whole = (wide + 7) & ~7;
  const stride = whole + size;
  const [ring, out, pairs, work] = scratch(size * 2 * stride * 4, whole * 4, network.byteLength, size * size * 16);
  pairs.set(new Uint8Array(network.buffer));
  const flat = floatsOf(ring);
  const found = floatsOf(out);
  const { run } = kernels();
  const black = new Float32Array(plane.columns);
  const put = (y: number): void => {
    const place = rows[y]!;
    const row = place < 0 ? black : samples.subarray(place * plane.columns, (place + 1) * plane.columns);
    // Each row stands twice, so that the window is always in one piece.
    for (const slot of [y % size, (y % size) + size]) placeRow(flat, slot * stride, row, columns, before);
  };
  const target = new Float32Array(wide * tall);
  for (let y = 0; y < size - 1; y++) put(y);
  for (let y = 0; y < tall; y++) {
    put(y + size - 1);
    const from = addressOf(ring) + (y % size) * stride * 4;
    run.medianRow(from, stride * 4, addressOf(out), whole, size, addressOf(pairs), network.length / 2, addressOf(work));
    run.settleSamples(addressOf(out), whole);
    target.set(found.subarray(0, wide), y * wide);
  }
  return convertPlane({ ...createPlane('float', into), samples: target }, plane.type).plane;
}

const networks = new Map<number, Int32Array<ArrayBuffer>>();

function networkOf(size: number): Int32Array<ArrayBuffer> {
  const known = networks.get(size) ?? Int32Array.from(medianNetwork(size * size).flat());
  networks.set(size, known);
  return known;
}

/** The part of a plane of full sampling that lies in a box within it; the plane itself where that is all of it. */
export function cutPlane(plane: Plane, into: Box): Plane {
  if (boxEquals(plane.box, into)) return plane;
  const target = createPlane(plane.type, into);
  for (let y = 0; y < target.rows; y++) {
    const from = (into.minY - plane.box.minY + y) * plane.columns + into.minX - plane.box.minX;
    target.samples.set(plane.samples.subarray(from, from + target.columns), y * target.columns);
  }
  return target;
}

/** Samples that are worked on at once. */
const TILE = 4096;

/**
 * The samples of a plane that lie in the box of the blurred one, each with its difference from the blurred sample added
 * `amount` times, where the difference is more than the threshold; in the plane's own type. `blurred` holds floats.
 */
export function sharpen(plane: Plane, blurred: Plane, amount: number, threshold: number): Plane {
  const into = blurred.box;
  if (!boxContains(plane.box, into) || blurred.type !== 'float') {
    throw new EngineError('invalid', 'internal', 'A plane was sharpened that does not hold what was blurred.');
  }
  const samples = convertPlane(plane, 'float').plane.samples as Float32Array;
  const soft = blurred.samples as Float32Array;
  const target = createPlane('float', into);
  const [a, b] = scratch(TILE * 4, TILE * 4);
  const [own, other] = [floatsOf(a), floatsOf(b)];
  const { run } = kernels();
  for (let y = 0; y < target.rows; y++) {
    const row = (into.minY - plane.box.minY + y) * plane.columns + into.minX - plane.box.minX;
    for (let x = 0; x < target.columns; x += TILE) {
      const count = Math.min(TILE, target.columns - x);
      const whole = (count + 7) & ~7;
      own.set(samples.subarray(row + x, row + x + count));
      other.set(soft.subarray(y * target.columns + x, y * target.columns + x + count));
      run.sharpenSamples(addressOf(a), addressOf(b), whole, amount, threshold);
      run.settleSamples(addressOf(a), whole);
      target.samples.set(own.subarray(0, count), y * target.columns + x);
    }
  }
  return convertPlane(target, plane.type).plane;
}

const floatsOf = (bytes: Uint8Array<ArrayBuffer>): Float32Array =>
  new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2);
