// Transforms that are straight lines: matrices, ranges, and the colour decision list of the ASC.
import { invertMatrix, type Matrix, type PointwiseProgram, type PointwiseStep } from '../../../../engine/authoring.ts';
import { saturationMatrix, WEIGHTS } from '../../layer/saturation.ts';
import { gammaOperation } from './exponent.ts';
import { type Operation, sequence } from './operation.ts';

/** Says why something cannot be done. */
export type Refuse = (trouble: string) => never;

/** Rows of red, green and blue, and what is added. */
export function matrixOperation(matrix: Matrix, plus: readonly number[], refuse: Refuse): Operation {
  return (way) => {
    if (way === 'forward') return [{ do: 'mix', matrix, plus }];
    const inverse = invertMatrix(matrix);
    if (!inverse) return refuse('a matrix has no inverse.');
    const back = [0, 1, 2].map(
      (row) => -(inverse[row * 3]! * plus[0]! + inverse[row * 3 + 1]! * plus[1]! + inverse[row * 3 + 2]! * plus[2]!),
    );
    return [{ do: 'mix', matrix: inverse, plus: back }];
  };
}

/** Four rows of four with alpha, and four sums. Alpha has to stay out of it. */
export function fourMatrix(rows: readonly number[], plus: readonly number[], refuse: Refuse): Operation {
  const at = (row: number, column: number): number => rows[row * 4 + column]!;
  const alone = [0, 1, 2].every((i) => at(i, 3) === 0 && at(3, i) === 0) && at(3, 3) === 1 && (plus[3] ?? 0) === 0;
  if (!alone) refuse('a matrix changes alpha, or colours by alpha, which is not done here.');
  const matrix = [0, 1, 2].flatMap((row) => [at(row, 0), at(row, 1), at(row, 2)]) as unknown as Matrix;
  return matrixOperation(matrix, plus.slice(0, 3), refuse);
}

/** Each channel times a factor, then plus something. */
export function scaleOperation(by: readonly number[], plus: readonly number[], refuse: Refuse): Operation {
  return (way) => {
    if (way === 'forward') return [{ do: 'scale', by, plus }];
    if (by.some((factor) => factor === 0)) return refuse('a factor of 0 has no inverse.');
    return [{ do: 'scale', by: by.map((factor) => 1 / factor), plus: plus.map((add, i) => -add / by[i]!) }];
  };
}

export interface Range {
  readonly minIn?: number | undefined;
  readonly maxIn?: number | undefined;
  readonly minOut?: number | undefined;
  readonly maxOut?: number | undefined;
  readonly clamp: 'clamp' | 'noClamp';
}

/** Maps one range to another; bounds that are not given do not cut off. */
export function rangeOperation(range: Range, refuse: Refuse): Operation {
  const { minIn, maxIn, minOut, maxOut, clamp } = range;
  if ((minIn === undefined) !== (minOut === undefined) || (maxIn === undefined) !== (maxOut === undefined)) {
    return refuse('a range gives a bound on one side only, before or after it.');
  }
  if (minIn === undefined && maxIn === undefined) return refuse('a range has no bounds.');
  const whole = minIn !== undefined && maxIn !== undefined;
  if (whole && !(maxIn > minIn && maxOut! > minOut!)) return refuse('a range ends before it begins.');
  if (!whole && (minIn !== minOut || maxIn !== maxOut)) {
    return refuse('a range with one bound has to have the same before and after it.');
  }
  if (!whole && clamp === 'noClamp') return refuse('a range that does not clamp needs both bounds.');
  const factor = whole ? (maxOut! - minOut!) / (maxIn - minIn) : 1;
  const plus = minIn !== undefined ? minOut! - factor * minIn : maxOut! - maxIn!;
  const cut = (least: number | undefined, greatest: number | undefined): PointwiseProgram =>
    clamp === 'noClamp'
      ? []
      : [{ do: 'limit', least: [least ?? Number.NEGATIVE_INFINITY], greatest: [greatest ?? Number.POSITIVE_INFINITY] }];
  return (way) =>
    way === 'forward'
      ? [{ do: 'scale', by: [factor], plus: [plus] }, ...cut(minOut, maxOut)]
      : [{ do: 'scale', by: [1 / factor], plus: [-plus / factor] }, ...cut(minIn, maxIn)];
}

/** What becomes of numbers outside of 0 to 1: `clamp` is the ASC's standard, `first` is OpenColorIO 1. */
export type CdlStyle = 'keep' | 'clamp' | 'first';

export interface Cdl {
  readonly slope: readonly number[];
  readonly offset: readonly number[];
  readonly power: readonly number[];
  readonly saturation: number;
}

const UNIT: PointwiseStep = { do: 'limit', least: [0], greatest: [1] };

/** Slope, offset, power and saturation: ASC CDL 1.2, as OpenColorIO's transforms and CLF's ASC_CDL have it. */
export function cdlOperation({ slope, offset, power, saturation }: Cdl, style: CdlStyle, refuse: Refuse): Operation {
  const sound = slope.every((s) => s >= 0) && power.every((p) => p > 0) && saturation >= 0;
  if (!sound) return refuse('a CDL has a negative slope or saturation, or a power that is not positive.');
  const bends = power.some((p) => p !== 1);
  const weigh = ((way) => {
    if (saturation === 1) return [];
    if (way === 'forward') return [{ do: 'mix', matrix: saturationMatrix(saturation, WEIGHTS.asc) }];
    if (saturation === 0) return refuse('a saturation of 0 has no inverse.');
    return [{ do: 'mix', matrix: saturationMatrix(1 / saturation, WEIGHTS.asc) }];
  }) satisfies Operation;
  const cut: Operation = () => (style === 'clamp' ? [UNIT] : []);
  // What stands at the very end of the list of the other direction does not stand in this one.
  const only =
    (wanted: 'forward' | 'inverse', operation: Operation): Operation =>
    (way) =>
      way === wanted ? operation(way) : [];
  return sequence([
    only('inverse', cut),
    scaleOperation(slope, offset, refuse),
    cut,
    bends ? gammaOperation(style === 'first' ? 'clamp' : 'linear', power) : NONE,
    style === 'first' ? NONE : only('inverse', cut),
    weigh,
    cut,
  ]);
}

const NONE: Operation = () => [];
