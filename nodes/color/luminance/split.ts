// Luminance and chroma out of red, green and blue, in the steps of OpenEXR's RgbaOutputFile.
import {
  type Box,
  box,
  convertPlane,
  cutPlane,
  type Plane,
  resample,
  type Span,
  type Vector,
} from '../../../engine/authoring.ts';
import { decimation, type Grid, gridOf, planeOf, settled, spread } from './filter.ts';

const round = Math.fround;
/** The greatest half. */
const MOST = 65504;

/** The samples of chroma of a region: sample n is at pixel 2n. */
const samplesIn = (min: number, max: number): Span => ({ from: Math.ceil(min / 2), to: Math.floor(max / 2) });

/** The pixels of colour that the chroma in a region is made of; undefined where the region has none. */
export function regionFor(window: Box, wanted: Box): Box | undefined {
  if ([samplesIn(wanted.minX, wanted.maxX), samplesIn(wanted.minY, wanted.maxY)].some(({ from, to }) => to < from)) {
    return undefined;
  }
  const x = decimation(samplesIn(wanted.minX, wanted.maxX));
  const y = decimation(samplesIn(wanted.minY, wanted.maxY));
  return box(
    Math.max(window.minX, x.from),
    Math.max(window.minY, y.from),
    Math.min(window.maxX, x.to),
    Math.min(window.maxY, y.to),
  );
}

export interface Splitting {
  readonly colour: readonly [red: Plane, green: Plane, blue: Plane];
  readonly weights: Vector;
  readonly type: 'half' | 'float';
}

/** What is no finite number of 0 or more counts as 0. */
const sound = (sample: number): number => (sample >= 0 && sample < Number.POSITIVE_INFINITY ? sample : 0);

/** Luminance and both chromas at every pixel of a region. */
export interface Split {
  readonly x: Span;
  readonly y: Span;
  readonly light: Float32Array;
  readonly chroma: readonly [ry: Float32Array, by: Float32Array];
  readonly type: 'half' | 'float';
}

/** Splits the colours of every pixel that the planes cover. */
export function split({ colour, weights: [wr, wg, wb], type }: Splitting): Split {
  const [red, green, blue] = colour.map(gridOf) as [Grid, Grid, Grid];
  const count = red.samples.length;
  const light = new Float32Array(count);
  const ry = new Float32Array(count);
  const by = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const g = sound(green.samples[i]!);
    light[i] = round(round(round(sound(red.samples[i]!) * wr) + round(g * wg)) + round(sound(blue.samples[i]!) * wb));
  }
  const whole = settled(light, type);
  for (let i = 0; i < count; i++) {
    const r = sound(red.samples[i]!);
    const g = sound(green.samples[i]!);
    const b = sound(blue.samples[i]!);
    // Grey stays exactly what it is.
    if (r === g && g === b) {
      whole[i] = g;
      continue;
    }
    const l = whole[i]!;
    ry[i] = chromaOf(r, l);
    by[i] = chromaOf(b, l);
  }
  return { x: red.x, y: red.y, light: whole, chroma: [settled(ry, type), settled(by, type)], type };
}

function chromaOf(colour: number, luminance: number): number {
  const difference = round(colour - luminance);
  return Math.abs(difference) < round(MOST * luminance) ? round(difference / luminance) : 0;
}

/** The plane of luminance in a region that was split. */
export function luminanceIn({ x, y, light, type }: Split, wanted: Box, bits: number): Plane {
  return finished(cutPlane(planeOf({ x, y, samples: light }), wanted), type, bits);
}

/** Planes of both chromas in a region, at every second pixel; `regionFor` it was split. */
export function chromaIn({ x, y, chroma, type }: Split, window: Box, wanted: Box, bits: number): Plane[] {
  const across = samplesIn(wanted.minX, wanted.maxX);
  const down = samplesIn(wanted.minY, wanted.maxY);
  const [columns, rows] = [decimation(across), decimation(down)];
  // Beyond the last pixel is the one before it, the last that keeps its chroma.
  const near = (min: number, max: number) => (at: number) => (at < min ? min : at > max ? max - 1 : at);
  return chroma.map((samples) => {
    const grid = { x, y, samples };
    const padded = spread(grid, columns, rows, near(window.minX, window.maxX), near(window.minY, window.maxY));
    const all = { from: rows.from, to: rows.to, outputs: rows.to - rows.from + 1, stages: [] };
    const narrow = settled(resample(planeOf(padded), { columns, rows: all }), type);
    const kept = { ...across, outputs: across.to - across.from + 1, stages: [] };
    const wide = { x: across, y: { from: rows.from, to: rows.to }, samples: narrow };
    const made = resample(planeOf(wide), { columns: kept, rows });
    const plane = planeOf({ x: across, y: down, samples: made });
    return finished({ ...plane, box: wanted, sampling: { x: 2, y: 2 } }, type, bits);
  });
}

function finished(plane: Plane, type: 'half' | 'float', bits: number): Plane {
  const made = convertPlane(plane, type).plane;
  if (type === 'half' && bits < 10) roundHalves(made.samples as Uint16Array, bits);
  return made;
}

/** Halves to the nearest of so many bits after the point; where that would be infinite they are cut off. */
function roundHalves(samples: Uint16Array, bits: number): void {
  const shift = 9 - bits;
  for (let i = 0; i < samples.length; i++) {
    const sample = samples[i]!;
    const size = sample & 0x7fff;
    let kept = size >> shift;
    kept = (kept + (kept & 1)) << shift;
    if (kept >= 0x7c00) kept = (size >> (shift + 1)) << (shift + 1);
    samples[i] = (sample & 0x8000) | kept;
  }
}

/** Row by row, in how many samples a plane holds what counts as 0. */
export function unsoundRows(plane: Plane): [row: number, samples: number][] {
  const { x, y, samples } = gridOf(plane);
  const width = x.to - x.from + 1;
  const rows: [number, number][] = [];
  for (let row = y.from; row <= y.to; row++) {
    const start = (row - y.from) * width;
    let count = 0;
    for (let i = start; i < start + width; i++) if (!(samples[i]! >= 0 && samples[i]! < Infinity)) count++;
    if (count > 0) rows.push([row, count]);
  }
  return rows;
}
