// Taps: for each sample of an output row or column, which samples of the source it is made of, and their weights.
import type { Filter } from './filter.ts';

/** What lies outside the samples there are: 0, or the nearest of them again and again. */
export type Edge = 'black' | 'repeat';

/** Whole numbers from `from` to `to`, both included; empty where `to` is less. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Where the centre of output sample `o` lies in the source: at `(scale * o + offset) / over`, counted from the near edge
 * of source sample 0, whose centre is at 0.5. With whole numbers samples of the same phase have the same weights, bit
 * by bit.
 */
export interface AxisMap {
  readonly scale: number;
  readonly offset: number;
  readonly over: number;
}

/** The weights of one pass along one axis, as the kernels take them. */
export interface Taps extends Span {
  /** Three numbers for each output: its first source sample counted from `from`, how many there are, where its weights begin. */
  readonly places: Int32Array;
  readonly weights: Float32Array;
}

/** Passes one after the other along one axis. The first one reads the source samples `from` to `to`. */
export interface Axis extends Span {
  readonly outputs: number;
  /** None: the samples stay as they are. */
  readonly stages: readonly Taps[];
}

export interface TapsOptions {
  /** The output samples that are wanted. */
  readonly wanted: Span;
  readonly map: AxisMap;
  /** In source samples. */
  readonly filter: Filter;
  /** The source samples that there are; all that there could be where left out. */
  readonly bounds?: Span;
  readonly edge?: Edge;
}

/** Weights less than this are none: filters that are 0 at whole distances are so only nearly in floating point. */
const NOTHING = 1e-9;
/** Phases that are kept, so that a map without a period does not fill the memory. */
const MOST_PHASES = 8192;

interface Phase {
  /** The first tap, counted from the source sample in which the centre lies. */
  readonly first: number;
  readonly weights: readonly number[];
}

/** The filter's values around a centre at `fraction` of a sample, as parts of their sum. */
function phaseOf({ radius, at }: Filter, fraction: number): Phase {
  const first = Math.ceil(fraction - 0.5 - radius);
  const last = Math.floor(fraction - 0.5 + radius);
  const values: number[] = [];
  for (let i = first; i <= last; i++) values.push(at(i + 0.5 - fraction));
  const sum = values.reduce((a, b) => a + b, 0);
  if (Math.abs(sum) < NOTHING) return { first: 0, weights: [1] };
  const weights = values.map((v) => v / sum);
  const from = weights.findIndex((w) => Math.abs(w) > NOTHING);
  const to = weights.findLastIndex((w) => Math.abs(w) > NOTHING);
  return { first: first + from, weights: weights.slice(from, to + 1) };
}

/**
 * The taps of some outputs. Weights are parts of their sum. Outside the bounds they fall away (black) or go to the
 * nearest sample there is (repeat). What an output is made of does not depend on which others are wanted.
 */
export function tapsOf({ wanted, map, filter, bounds, edge = 'black' }: TapsOptions): Taps {
  const { scale, offset, over } = map;
  const phases = new Map<number, Phase & { readonly at: number }>();
  const weights: number[] = [];
  const keep = (list: readonly number[]): number => {
    const at = weights.length;
    for (const weight of list) weights.push(weight);
    return at;
  };
  const lists: { first: number; count: number; at: number }[] = [];
  for (let o = wanted.from; o <= wanted.to; o++) {
    const place = scale * o + offset;
    let sample = Math.floor(place / over);
    let rest = place - sample * over;
    if (rest < 0) {
      sample -= 1;
      rest += over;
    }
    let phase = phases.get(rest);
    if (!phase) {
      const made = phaseOf(filter, rest / over);
      phase = { ...made, at: keep(made.weights) };
      if (phases.size < MOST_PHASES) phases.set(rest, phase);
    }
    const first = sample + phase.first;
    const last = first + phase.weights.length - 1;
    if (!bounds || (first >= bounds.from && last <= bounds.to)) {
      lists.push({ first, count: phase.weights.length, at: phase.at });
      continue;
    }
    const inside = edge === 'repeat' ? folded(phase.weights, first, bounds) : cut(phase.weights, first, bounds);
    lists.push({ first: inside.first, count: inside.weights.length, at: keep(inside.weights) });
  }
  const used = lists.filter(({ count }) => count > 0);
  const from = used.reduce((least, { first }) => Math.min(least, first), Infinity);
  const to = used.reduce((greatest, { first, count }) => Math.max(greatest, first + count - 1), -Infinity);
  const places = new Int32Array(lists.length * 3);
  for (const [i, { first, count, at }] of lists.entries()) places.set([count > 0 ? first - from : 0, count, at], i * 3);
  return {
    from: used.length > 0 ? from : 0,
    to: used.length > 0 ? to : -1,
    places,
    weights: Float32Array.from(weights),
  };
}

/** The taps inside the bounds alone. */
function cut(weights: readonly number[], first: number, { from, to }: Span): Phase {
  const start = Math.max(first, from);
  const end = Math.min(first + weights.length - 1, to);
  return { first: start, weights: start > end ? [] : weights.slice(start - first, end - first + 1) };
}

/** The taps outside the bounds added to those at their ends. */
function folded(weights: readonly number[], first: number, { from, to }: Span): Phase {
  const near = (i: number): number => Math.min(Math.max(i, from), to);
  const start = near(first);
  const sums = new Array<number>(near(first + weights.length - 1) - start + 1).fill(0);
  for (const [i, w] of weights.entries()) sums[near(first + i) - start]! += w;
  return { first: start, weights: sums };
}

/** Samples that stay as they are. */
export const untouched = ({ from, to }: Span): Axis => ({ from, to, outputs: Math.max(0, to - from + 1), stages: [] });

/** A single pass. */
export function onePass(options: TapsOptions): Axis {
  const taps = tapsOf(options);
  return { from: taps.from, to: taps.to, outputs: taps.places.length / 3, stages: [taps] };
}
