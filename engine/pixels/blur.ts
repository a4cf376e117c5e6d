// Blurs as passes along an axis: the box, the Gaussian summed directly, and a wide Gaussian by way of a coarser grid.
import { type Filter, gaussian } from './filter.ts';
import { type Axis, type Edge, onePass, type Span, type Taps, tapsOf } from './taps.ts';

export interface BlurAxis {
  readonly wanted: Span;
  /** The samples there are. */
  readonly bounds: Span;
  readonly edge: Edge;
}

/** From this sigma on a Gaussian is made of three narrower ones on a coarser grid. */
export const COARSE_SIGMA = 4.5;
/** Sigma is at least this many steps of the coarser grid. */
const STEPS = 2.25;

const SAME = { scale: 2, offset: 1, over: 2 } as const;

/** The step of the grid on which a Gaussian of this sigma is made; 1 where it is summed directly. */
export const gridOf = (sigma: number): number => (sigma < COARSE_SIGMA ? 1 : Math.floor(sigma / STEPS));

/** How far the samples lie that a sample of the Gaussian is made of: no farther than this. */
export function gaussianReach(sigma: number): number {
  const step = gridOf(sigma);
  const radius =
    step === 1 ? gaussian(sigma).radius : sigmas(sigma, step).reduce((sum, s) => sum + gaussian(s).radius, 0);
  return Math.ceil(radius);
}

/** The sigmas of the three passes in samples. Their squares add up to that of the whole. */
function sigmas(sigma: number, step: number): [down: number, middle: number, up: number] {
  return [step, Math.sqrt(sigma * sigma - 2 * step * step), step];
}

/**
 * A Gaussian along an axis, its weights those at the centres of the samples as parts of their sum. A wide one goes down
 * to every `step`th sample, is blurred there and comes up again, each with a Gaussian. Those of one step in sigma pass
 * what aliases as 3 parts in 10 million, so that the result differs from the direct sum by less than 4e-6 of the largest
 * sample within reach. The coarser grid lies at multiples of its step from sample 0, wherever samples are wanted.
 */
export function gaussianAxis(sigma: number, { wanted, bounds, edge }: BlurAxis): Axis {
  const step = gridOf(sigma);
  if (step === 1) return onePass({ wanted, bounds, edge, map: SAME, filter: gaussian(sigma) });
  const [, middle] = sigmas(sigma, step);
  const up = tapsOf({ wanted, map: { scale: 2, offset: step, over: 2 * step }, filter: gaussian(1) });
  const blur = tapsOf({ wanted: up, map: SAME, filter: gaussian(middle / step) });
  const down = tapsOf({
    wanted: blur,
    bounds,
    edge,
    map: { scale: 2 * step, offset: 1, over: 2 },
    filter: gaussian(step),
  });
  return chain(down, blur, up);
}

/**
 * A box along an axis: the mean of what lies within half its size, samples at its ends counted by the share of them that
 * is covered. `size` is in samples, at least 1.
 */
export function boxAxis(size: number, { wanted, bounds, edge }: BlurAxis): Axis {
  const half = size / 2;
  const covered: Filter = {
    radius: half + 0.5,
    at: (x) => Math.min(1, Math.max(0, half + 0.5 - Math.abs(x)), size),
  };
  return onePass({ wanted, bounds, edge, map: SAME, filter: covered });
}

/** Stages after the first count their source from 0. */
function chain(first: Taps, ...others: readonly Taps[]): Axis {
  const stages = [first, ...others.map((taps) => ({ ...taps, from: 0, to: taps.to - taps.from }))];
  return { from: first.from, to: first.to, outputs: stages.at(-1)!.places.length / 3, stages };
}
