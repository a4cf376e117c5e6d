// The steps of a point-wise program: what is done to each pixel by itself, as plain data.
import type { CurveTable } from './curve.ts';
import type { CubeTable, RowTable, SplineTable } from './lookup.ts';

/** One value for every channel, or one for each. */
export type PerChannel<T> = readonly T[];

/**
 * One step on the channels of a program, in single precision.
 * - `mix`: three channels by a matrix, row by row, and what is then added (nothing where it is left out).
 * - `scale`: each channel times `by`, plus `plus`.
 * - `gain`: all channels times a number of double precision, each product rounded once.
 * - `limit`: each channel kept between two bounds; infinite bounds keep everything, and a NaN stays one.
 * - `bend`: each channel by a curve; null leaves one as it is.
 * - `look`, `spline`: each channel by a table of equal steps or by a spline; null leaves one as it is.
 * - `cube`: three channels together by a grid of colours. A NaN in one of them makes all three NaN.
 * - `divide`, `multiply`: by the program's alpha; where alpha is 0 the sample stays.
 * - `cover`: multiplied by the program's alpha; where alpha is 0 it becomes 0, whatever it was.
 * - `halve`: rounded to the nearest half, as between two nodes whose channels are half.
 */
export type PointwiseStep =
  | { readonly do: 'mix'; readonly matrix: readonly number[]; readonly plus?: readonly number[] }
  | { readonly do: 'scale'; readonly by: PerChannel<number>; readonly plus: PerChannel<number> }
  | { readonly do: 'gain'; readonly by: number }
  | { readonly do: 'limit'; readonly least: PerChannel<number>; readonly greatest: PerChannel<number> }
  | { readonly do: 'bend'; readonly by: PerChannel<CurveTable | null> }
  | { readonly do: 'look'; readonly by: PerChannel<RowTable | null> }
  | { readonly do: 'spline'; readonly by: PerChannel<SplineTable | null> }
  | { readonly do: 'cube'; readonly by: CubeTable; readonly way: 'tetrahedral' | 'trilinear' }
  | { readonly do: 'divide' }
  | { readonly do: 'multiply' }
  | { readonly do: 'cover' }
  | { readonly do: 'halve' };

/** Steps in their order. Two programs one after the other are one program: the lists joined. */
export type PointwiseProgram = readonly PointwiseStep[];

/** The steps that take three channels together. */
export type ColourStep = Extract<PointwiseStep, { do: 'mix' | 'cube' }>;

const OF_ALPHA: ReadonlySet<string> = new Set(['divide', 'multiply', 'cover'] satisfies PointwiseStep['do'][]);

/** Whether a step needs the program's alpha. */
export const takesAlpha = (step: { readonly do: string }): boolean => OF_ALPHA.has(step.do);

export const takesColours = (step: PointwiseStep): step is ColourStep => step.do === 'mix' || step.do === 'cube';

/** The entry of a channel; a list of one is for all. */
export const entryOf = <T>(entries: PerChannel<T>, channel: number): T => entries[entries.length === 1 ? 0 : channel]!;

/** Matrix and sum of a `mix` as the kernels take them. Adding minus zero changes nothing, not even the sign of a zero. */
export const mixTerms = ({ matrix, plus }: Extract<PointwiseStep, { do: 'mix' }>): Float32Array =>
  Float32Array.from([...matrix, ...(plus ?? [-0, -0, -0])]);
