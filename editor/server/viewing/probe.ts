// Probing: the samples of a small region as text in their own type, before anything is done to them for the screen.
import { type Box, convertSamples, type Plane, type SampleType } from '../../../engine/index.ts';
import type { ProbeRow } from '../../protocol.ts';

/** One pixel: its value. A region: the mean, with the least and the greatest. No sample at all reads as `-`. */
export function probeRow(channel: string, plane: Plane): ProbeRow {
  const { type } = plane;
  const values = (type === 'half' ? convertSamples(plane.samples, 'half', 'float').samples : plane.samples) as
    | Float32Array
    | Uint32Array;
  if (values.length === 0) return { channel, type, value: '-' };
  if (values.length === 1) return { channel, type, value: valueText(values[0]!, type) };
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let numbers = 0;
  for (const value of values) {
    sum += value;
    if (Number.isNaN(value)) continue;
    numbers++;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  // A mean of half or uint samples is seldom one of theirs; a float would cut off whole numbers.
  const average = sum / values.length;
  const mean = type === 'uint' ? String(Number(average.toPrecision(13))) : valueText(average, 'float');
  if (numbers === 0) return { channel, type, value: mean, min: 'NaN', max: 'NaN' };
  return { channel, type, value: mean, min: valueText(min, type), max: valueText(max, type) };
}

/** The sample of each pixel of a region, row by row; those of a subsampled channel again and again. */
export function sampleTexts(plane: Plane, box: Box): string[] {
  const { type, sampling, columns, rows } = plane;
  const values = (type === 'half' ? convertSamples(plane.samples, 'half', 'float').samples : plane.samples) as
    | Float32Array
    | Uint32Array;
  const within = (at: number, count: number): number => Math.max(0, Math.min(count - 1, at));
  const left = Math.ceil(plane.box.minX / sampling.x);
  const top = Math.ceil(plane.box.minY / sampling.y);
  const texts: string[] = [];
  for (let y = box.minY; y <= box.maxY; y++) {
    const row = within(Math.floor(y / sampling.y) - top, rows) * columns;
    for (let x = box.minX; x <= box.maxX; x++) {
      const value = values[row + within(Math.floor(x / sampling.x) - left, columns)];
      texts.push(value === undefined ? '-' : valueText(value, type));
    }
  }
  return texts;
}

/** The shortest decimal text that reads back as the same sample. */
export function valueText(value: number, type: SampleType): string {
  if (type === 'uint') return String(value);
  if (Object.is(value, -0)) return '-0';
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  const stored = (number: number): number => (type === 'half' ? halfOf(number) : Math.fround(number));
  const exact = stored(value);
  for (let digits = 1; digits < 9; digits++) {
    const text = Number(value.toPrecision(digits));
    if (stored(text) === exact) return String(text);
  }
  return String(Number(value.toPrecision(9)));
}

const halfOf = (value: number): number => convertSamples(Float32Array.of(value), 'float', 'half').samples[0]!;
