// Composing planes: cutting a region out, laying a plane on a ground of fill, constants in each sample type.
import { type Box, boxEquals, boxIntersection, boxIsEmpty } from '../base/box.ts';
import { convertSamples } from '../pixels/convert.ts';
import { createPlane, type Plane, type SampleType, type Sampling } from '../pixels/plane.ts';

/** A plane of one value. A value that the type cannot hold becomes the nearest that it can. */
export function constantPlane(type: SampleType, box: Box, sampling: Sampling, value: number): Plane {
  const plane = createPlane(type, box, sampling);
  if (value !== 0 || Object.is(value, -0)) plane.samples.fill(sampleOf(type, value));
  return plane;
}

/** The stored sample (bits, for half) of a number. */
function sampleOf(type: SampleType, value: number): number {
  if (type === 'float') return value;
  if (type === 'uint') return Number.isNaN(value) ? 0 : Math.min(0xffffffff, Math.max(0, Math.trunc(value)));
  return convertSamples(new Float32Array([value]), 'float', 'half').samples[0]!;
}

/** Copies the samples that two planes of one type and sampling share. */
export function paste(target: Plane, source: Plane): void {
  const shared = boxIntersection(target.box, source.box);
  if (boxIsEmpty(shared)) return;
  const { sampling } = target;
  const firstX = Math.ceil(shared.minX / sampling.x);
  const columns = Math.floor(shared.maxX / sampling.x) - firstX + 1;
  const firstY = Math.ceil(shared.minY / sampling.y);
  const lastY = Math.floor(shared.maxY / sampling.y);
  if (columns <= 0) return;
  const to = originOf(target);
  const from = originOf(source);
  for (let y = firstY; y <= lastY; y++) {
    const start = (y - from.y) * source.columns + firstX - from.x;
    target.samples.set(source.samples.subarray(start, start + columns), (y - to.y) * target.columns + firstX - to.x);
  }
}

/** Grid coordinates of a plane's first sample. */
const originOf = (plane: Plane): { x: number; y: number } => ({
  x: Math.ceil(plane.box.minX / plane.sampling.x),
  y: Math.ceil(plane.box.minY / plane.sampling.y),
});

/** The plane itself where it has that box, else a copy of that region; the box lies inside the plane's. */
export function crop(plane: Plane, box: Box): Plane {
  if (boxEquals(plane.box, box)) return plane;
  const target = createPlane(plane.type, box, plane.sampling);
  paste(target, plane);
  return target;
}

/** The plane laid on a ground: the box holds `fill` wherever the plane does not reach. */
export function surround(plane: Plane, box: Box, fill: number): Plane {
  if (boxEquals(plane.box, box)) return plane;
  const target = constantPlane(plane.type, box, plane.sampling, fill);
  paste(target, plane);
  return target;
}
