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

/** The tables for across and down: wider where the map makes the picture smaller. */
function tablesOf({ back, filter }: Gathering): { columns: GatherTable; rows: GatherTable } {
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
  const bytes = (size: number): number => size * 4;
  const [area, line, table, other, places, work] = scratch(
    bytes(width * height),
    bytes((count + 7) & ~7),
    columns.weights.byteLength,
    rows.weights.byteLength,
    count * 20,
    bytes(columns.taps),
  );
  const { run } = kernels();
  floatsOf(table).set(columns.weights);
  floatsOf(other).set(rows.weights);
  const lay = layPlaces(gathering, region, columns, rows);
  const made = new DataView(places.buffer, places.byteOffset, places.byteLength);
  return planes.map((plane) => {
    fill(floatsOf(area), region, convertPlane(plane, 'float').plane, { edge, bounds });
    const target = createPlane('float', into);
    const row = floatsOf(line);
    for (let y = 0; y < boxHeight(into); y++) {
      lay(into.minY + y, made);
      run.gatherRow(
        addressOf(area),
        width * 4,
        addressOf(line),
        count,
        addressOf(places),
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

/** Writes where the samples of a row of the result lie in a region, as the kernel takes it. */
export function layPlaces(
  { back, into, edge, bounds }: Gathering,
  region: Box,
  columns: GatherTable,
  rows: GatherTable,
): (y: number, places: DataView) => void {
  const width = boxWidth(region);
  const [lastX, lastY] = [width - columns.taps, boxHeight(region) - rows.taps];
  const beyond = (u: number, v: number): boolean =>
    edge === 'repeat' && (u < bounds.minX || u >= bounds.maxX + 1 || v < bounds.minY || v >= bounds.maxY + 1);
  return (y, places) => {
    const [rowX, rowY] = [back.xy * (y + 0.5) + back.x0, back.yy * (y + 0.5) + back.y0];
    for (let x = into.minX, at = 0; x <= into.maxX; x++, at += 20) {
      const u = back.xx * (x + 0.5) + rowX;
      const v = back.yx * (x + 0.5) + rowY;
      const left = Math.floor(u - 0.5);
      const top = Math.floor(v - 0.5);
      const i = left - columns.before - region.minX;
      const j = top - rows.before - region.minY;
      if (i < 0 || j < 0 || i > lastX || j > lastY || beyond(u, v)) {
        places.setInt32(at, -1, true);
        continue;
      }
      const phaseX = (u - 0.5 - left) * PHASES;
      const phaseY = (v - 0.5 - top) * PHASES;
      const [p, q] = [Math.floor(phaseX), Math.floor(phaseY)];
      places.setInt32(at, (j * width + i) * 4, true);
      places.setInt32(at + 4, p * columns.taps * 4, true);
      places.setInt32(at + 8, q * rows.taps * 4, true);
      places.setFloat32(at + 12, phaseX - p, true);
      places.setFloat32(at + 16, phaseY - q, true);
    }
  };
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
