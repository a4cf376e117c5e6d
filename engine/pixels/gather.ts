// Pictures under an affine map: rotated, skewed, scaled, moved; each sample weighs its neighbours in the source.
import { type Box, box, boxHeight, boxIntersection, boxIsEmpty, boxWidth } from '../base/box.ts';
import { EngineError } from '../base/error.ts';
import { addressOf, kernels, scratch } from './arena.ts';
import { convertPlane } from './convert.ts';
import { type Filter, stretched } from './filter.ts';
import { createPlane, type Plane } from './plane.ts';
import type { Edge } from './taps.ts';

/** x' = xx x + xy y + x0, y' = yx x + yy y + y0; in pixels from the near corner of pixel 0, 0. */
export interface Affine {
  readonly xx: number;
  readonly xy: number;
  readonly x0: number;
  readonly yx: number;
  readonly yy: number;
  readonly y0: number;
}

/** Weights of a filter for places between two samples: rows for 0, 1/1024, … 1 of the way, each of so many taps. */
export interface GatherTable {
  readonly taps: number;
  /** How many samples before the one on the left or above the first tap stands. */
  readonly before: number;
  readonly weights: Float32Array;
}

export interface Gathering {
  /** Where a place of the result lies in the source. */
  readonly back: Affine;
  readonly filter: Filter;
  /** The source's samples that there are. */
  readonly bounds: Box;
  readonly edge: Edge;
  /** The samples that are wanted. */
  readonly into: Box;
}

/** Between two rows weights are on a straight line, which is off by less than a millionth. */
const PHASES = 1024;

/** The table of a filter; taps are a multiple of `multiple`. */
export function gatherTable(filter: Filter, multiple: number): GatherTable {
  const reach = Math.ceil(filter.radius);
  const taps = Math.ceil((2 * reach) / multiple) * multiple;
  const weights = new Float32Array((PHASES + 1) * taps);
  for (let p = 0; p <= PHASES; p++) {
    const values = Array.from({ length: 2 * reach }, (_, i) => filter.at(i - reach + 1 - p / PHASES));
    const sum = values.reduce((a, b) => a + b, 0);
    for (const [i, v] of values.entries()) weights[p * taps + i] = v / sum;
  }
  return { taps, before: reach - 1, weights };
}

/** For across and down. */
export interface Tables {
  readonly columns: GatherTable;
  readonly rows: GatherTable;
}

/** The tables: wider where the map makes the picture smaller. */
function tablesOf({ back, filter }: Gathering): Tables {
  const wide = Math.max(1, Math.hypot(back.xx, back.xy));
  const tall = Math.max(1, Math.hypot(back.yx, back.yy));
  return { columns: gatherTable(stretched(filter, wide), 4), rows: gatherTable(stretched(filter, tall), 1) };
}

/** The samples that the result could weigh, those outside the bounds among them. */
function reached({ back, bounds, into }: Gathering, columns: GatherTable, rows: GatherTable): Box {
  const xs: number[] = [];
  const ys: number[] = [];
  for (const x of [into.minX + 0.5, into.maxX + 0.5]) {
    for (const y of [into.minY + 0.5, into.maxY + 0.5]) {
      xs.push(back.xx * x + (back.xy * y + back.x0));
      ys.push(back.yx * x + (back.yy * y + back.y0));
    }
  }
  // One more on each side, since the corners are rounded otherwise than what lies between them.
  const all = box(
    Math.floor(Math.min(...xs) - 0.5) - columns.before - 1,
    Math.floor(Math.min(...ys) - 0.5) - rows.before - 1,
    Math.floor(Math.max(...xs) - 0.5) - columns.before + columns.taps,
    Math.floor(Math.max(...ys) - 0.5) - rows.before + rows.taps,
  );
  const near = box(
    bounds.minX - columns.taps,
    bounds.minY - rows.taps,
    bounds.maxX + columns.taps,
    bounds.maxY + rows.taps,
  );
  return boxIntersection(all, near);
}

/** The samples that the result is made of; empty where all of it is 0. */
export function gatherRegion(gathering: Gathering): Box {
  const { columns, rows } = tablesOf(gathering);
  return boxIntersection(reached(gathering, columns, rows), gathering.bounds);
}

/**
 * The result in the planes' own types. Every plane covers `gatherRegion`, which is not empty. Outside the bounds samples
 * are 0 or, where edges repeat, so is what lies outside of the picture. The result does not depend on how it is cut.
 */
export function gather(planes: readonly Plane[], gathering: Gathering): Plane[] {
  const { into, edge, bounds } = gathering;
  const { columns, rows } = tablesOf(gathering);
  const region = reached(gathering, columns, rows);
  const [width, height] = [boxWidth(region), boxHeight(region)];
  const count = boxWidth(into);
  const tall = boxHeight(into);
  const [area, line, table, other, places, work] = scratch(
    width * height * 4,
    ((count + 7) & ~7) * 4,
    columns.weights.byteLength,
    rows.weights.byteLength,
    count * tall * PLACE_BYTES,
    columns.taps * 4,
  );
  const { run } = kernels();
  floatsOf(table).set(columns.weights);
  floatsOf(other).set(rows.weights);
  layPlaces(gathering, region, { columns, rows }, places);
  return planes.map((plane) => {
    fill(floatsOf(area), region, convertPlane(plane, 'float').plane, { edge, bounds });
    const target = createPlane('float', into);
    const row = floatsOf(line);
    for (let y = 0; y < tall; y++) {
      run.gatherRow(
        addressOf(area),
        width * 4,
        addressOf(line),
        count,
        addressOf(places) + y * count * PLACE_BYTES,
        addressOf(table),
        columns.taps,
        addressOf(other),
        rows.taps,
        addressOf(work),
      );
      run.settleSamples(addressOf(line), (count + 7) & ~7);
      target.samples.set(row.subarray(0, count), y * count);
    }
    return convertPlane(target, plane.type).plane;
  });
}

/** Bytes of the place of a sample, as the kernel takes them. */
export const PLACE_BYTES = 20;

/** Writes where the samples of the result lie in a region, one after the other. `target` is aligned to 4 bytes. */
export function layPlaces(
  { back, into, edge, bounds }: Gathering,
  region: Box,
  { columns, rows }: Tables,
  target: Uint8Array<ArrayBuffer>,
): void {
  const whole = new Int32Array(target.buffer, target.byteOffset, target.byteLength >> 2);
  const parts = new Float32Array(target.buffer, target.byteOffset, target.byteLength >> 2);
  const width = boxWidth(region);
  const [lastX, lastY] = [width - columns.taps, boxHeight(region) - rows.taps];
  const [firstX, firstY] = [columns.before + region.minX, rows.before + region.minY];
  const [wideRow, tallRow] = [columns.taps * 4, rows.taps * 4];
  const limit = edge === 'repeat' ? bounds : box(-Infinity, -Infinity, Infinity, Infinity);
  const [endX, endY] = [limit.maxX + 1, limit.maxY + 1];
  const { xx, yx } = back;
  let at = 0;
  for (let y = into.minY; y <= into.maxY; y++) {
    const rowX = back.xy * (y + 0.5) + back.x0;
    const rowY = back.yy * (y + 0.5) + back.y0;
    for (let x = into.minX; x <= into.maxX; x++, at += 5) {
      const u = xx * (x + 0.5) + rowX;
      const v = yx * (x + 0.5) + rowY;
      const left = Math.floor(u - 0.5);
      const top = Math.floor(v - 0.5);
      const i = left - firstX;
      const j = top - firstY;
      const near = i >= 0 && j >= 0 && i <= lastX && j <= lastY;
      if (!near || u < limit.minX || u >= endX || v < limit.minY || v >= endY) {
        whole[at] = -1;
        continue;
      }
      const phaseX = (u - 0.5 - left) * PHASES;
      const phaseY = (v - 0.5 - top) * PHASES;
      const p = Math.floor(phaseX);
      const q = Math.floor(phaseY);
      whole[at] = (j * width + i) * 4;
      whole[at + 1] = p * wideRow;
      whole[at + 2] = q * tallRow;
      parts[at + 3] = phaseX - p;
      parts[at + 4] = phaseY - q;
    }
  }
}

/** The region with the plane's samples, and what stands outside of the bounds. */
function fill(
  area: Float32Array,
  region: Box,
  plane: Plane,
  { edge, bounds }: Pick<Gathering, 'edge' | 'bounds'>,
): void {
  const inside = boxIntersection(region, bounds);
  if (boxIsEmpty(inside) || plane.columns !== boxWidth(inside) || plane.rows !== boxHeight(inside)) {
    throw new EngineError('invalid', 'internal', 'A plane was gathered from that is not what was asked for.');
  }
  const width = boxWidth(region);
  const left = inside.minX - region.minX;
  const right = left + plane.columns;
  for (let y = region.minY, at = 0; y <= region.maxY; y++, at += width) {
    const near = Math.min(Math.max(y, inside.minY), inside.maxY);
    const from = (near - inside.minY) * plane.columns;
    if (edge === 'black' && near !== y) {
      area.fill(0, at, at + width);
      continue;
    }
    const row = plane.samples.subarray(from, from + plane.columns) as Float32Array;
    area.set(row, at + left);
    area.fill(edge === 'black' ? 0 : row[0]!, at, at + left);
    area.fill(edge === 'black' ? 0 : row.at(-1)!, at + right, at + width);
  }
}

const floatsOf = (bytes: Uint8Array<ArrayBuffer>): Float32Array =>
  new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2);
