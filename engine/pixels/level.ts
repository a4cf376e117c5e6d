// Levels: the weights by which an axis of a mip or rip map is halved, and what stands beyond its ends.
import type { Axis, Span } from './taps.ts';

/**
 * - `box`: the mean of the source samples by area; of odd sizes those at the borders count by the part that is covered.
 *   Nothing outside is looked at.
 * - `four-taps`: 1/8, 3/8, 3/8, 1/8, as exrmaketiled has it; of odd sizes the four lie between samples, first and last
 *   output at the borders of the picture (makeTiled.cpp of OpenEXR, `filterX` and `reduceX`).
 */
export const LEVEL_FILTERS = ['box', 'four-taps'] as const;
export type LevelFilter = (typeof LEVEL_FILTERS)[number];

/** What stands outside the samples there are: 0, the nearest, the picture again, the picture mirrored with its border doubled. */
export const WRAPS = ['black', 'clamp', 'periodic', 'mirror'] as const;
export type Wrap = (typeof WRAPS)[number];

/** Which of `size` samples stands at a place; undefined where there is none. */
export function wrapped(place: number, size: number, wrap: Wrap): number | undefined {
  if (place >= 0 && place < size) return place;
  if (wrap === 'black') return undefined;
  if (wrap === 'clamp') return place < 0 ? 0 : size - 1;
  const turn = Math.floor(place / size);
  const rest = place - turn * size;
  return wrap === 'mirror' && turn % 2 !== 0 ? size - 1 - rest : rest;
}

/** An axis and its half: `into` is `size / 2`, rounded down or up, at least 1. */
export interface Halving {
  readonly size: number;
  readonly into: number;
}

interface Tap {
  readonly first: number;
  readonly weights: readonly number[];
}

/**
 * The axis that makes the outputs `wanted` of a halved one. What an output is made of does not depend on which others are
 * wanted. With four taps `from` and `to` may lie outside the samples there are: see `wrapped`.
 */
export function levelAxis(halving: Halving, filter: LevelFilter, wanted: Span): Axis {
  const tapOf = filter === 'box' ? boxTap : fourTaps;
  const taps: Tap[] = [];
  for (let o = wanted.from; o <= wanted.to; o++) taps.push(tapOf(halving, o));
  const from = taps[0]?.first ?? 0;
  const to = taps.reduce((most, { first, weights }) => Math.max(most, first + weights.length - 1), from - 1);
  const places = new Int32Array(taps.length * 3);
  const weights: number[] = [];
  for (const [i, tap] of taps.entries()) {
    places.set([tap.first - from, tap.weights.length, weights.length], i * 3);
    weights.push(...tap.weights);
  }
  return { from, to, outputs: taps.length, stages: [{ from, to, places, weights: Float32Array.from(weights) }] };
}

/**
 * Output o covers the source from `o * size / into` to `(o + 1) * size / into`. A size is twice its half, or one more or
 * less, so that this is two samples, or three of which the outer ones are covered in part.
 */
function boxTap({ size, into }: Halving, o: number): Tap {
  if (size === 2 * into) return { first: 2 * o, weights: [0.5, 0.5] };
  if (size > 2 * into) return { first: 2 * o, weights: [(into - o) / size, into / size, (o + 1) / size] };
  const weights = [o / size, into / size, (into - o - 1) / size];
  const last = o === into - 1 ? 2 : 3;
  return o === 0
    ? { first: 0, weights: weights.slice(1, last) }
    : { first: 2 * o - 1, weights: weights.slice(0, last) };
}

/** Each of the four is taken from between two samples. */
function fourTaps({ size, into }: Halving, o: number): Tap {
  const at = into > 1 ? (o * (size - 2)) / (into - 1) : 0;
  const first = Math.floor(at) - 1;
  const t = at - 1 - first;
  const s = 1 - t;
  if (t === 0) return { first, weights: [0.125, 0.375, 0.375, 0.125] };
  return {
    first,
    weights: [0.125 * s, 0.125 * t + 0.375 * s, 0.375, 0.375 * t + 0.125 * s, 0.125 * t],
  };
}
