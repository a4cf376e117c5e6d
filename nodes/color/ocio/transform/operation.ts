// What every transform becomes: the steps that it takes in either direction.
import {
  isIdentity,
  type Matrix,
  multiplyMatrices,
  type PointwiseProgram,
  type PointwiseStep,
} from '../../../../engine/authoring.ts';

export type Way = 'forward' | 'inverse';

/** The steps of a transform. Throws where it has no inverse, or none that is known here. */
export type Operation = (way: Way) => PointwiseProgram;

export const turn = (way: Way): Way => (way === 'forward' ? 'inverse' : 'forward');

/** One direction after the other: of two turns nothing is left. */
export const combine = (a: Way, b: Way): Way => (b === 'forward' ? a : turn(a));

export const NOTHING: Operation = () => [];

/** The operation the other way round. */
export const reversed =
  (operation: Operation): Operation =>
  (way) =>
    operation(turn(way));

/** One after the other; the other way round in the opposite order. */
export const sequence =
  (operations: readonly Operation[]): Operation =>
  (way) =>
    (way === 'forward' ? operations : operations.toReversed()).flatMap((operation) => operation(way));

type Mix = Extract<PointwiseStep, { do: 'mix' }>;

/** Fewer steps that do the same: matrices one after the other become one, in double precision, and none is left idle. */
export function shorten(program: PointwiseProgram): PointwiseProgram {
  const made: PointwiseStep[] = [];
  for (const step of program) {
    const last = made.at(-1);
    if (step.do === 'mix' && last?.do === 'mix') made[made.length - 1] = product(step, last);
    else made.push(step);
  }
  return made.filter((step) => !isIdle(step)).map(unmixed);
}

/** A matrix that mixes nothing as factors: where nothing is infinite it is the same, and else no NaN comes of it. */
function unmixed(step: PointwiseStep): PointwiseStep {
  if (step.do !== 'mix' || step.matrix.some((value, i) => i % 4 !== 0 && value !== 0)) return step;
  return { do: 'scale', by: [0, 4, 8].map((i) => step.matrix[i]!), plus: step.plus ?? [0, 0, 0] };
}

/** `b` is applied first. */
function product(a: Mix, b: Mix): Mix {
  const [m, n] = [a.matrix as Matrix, b.matrix as Matrix];
  const matrix = multiplyMatrices(m, n);
  if (!a.plus && !b.plus) return { do: 'mix', matrix };
  const [x, y, z] = b.plus ?? [0, 0, 0];
  const plus = [0, 1, 2].map(
    (row) => m[row * 3]! * x! + m[row * 3 + 1]! * y! + m[row * 3 + 2]! * z! + (a.plus?.[row] ?? 0),
  );
  return { do: 'mix', matrix, plus };
}

/** How far a matrix may be from doing nothing: as of one that is multiplied by its own inverse. */
const NEARLY = 1e-9;

function isIdle(step: PointwiseStep): boolean {
  if (step.do === 'mix') {
    const rounded = step.matrix.map((value) =>
      Math.abs(value - Math.round(value)) < NEARLY ? Math.round(value) : value,
    );
    return isIdentity(rounded as unknown as Matrix) && (step.plus ?? []).every((value) => Math.abs(value) < NEARLY);
  }
  if (step.do === 'scale') return step.by.every((value) => value === 1) && step.plus.every((value) => value === 0);
  if (step.do === 'bend' || step.do === 'look' || step.do === 'spline') return step.by.every((table) => table === null);
  return false;
}
