// The steps from one colour space to another.
import { type Curve, type CurveTable, tabulate } from '../pixels/curve.ts';
import type { PointwiseProgram } from '../pixels/pointwise.ts';
import { type Adaptation, convertPrimaries, isIdentity } from './matrix.ts';
import type { Space } from './space.ts';

export interface Conversion {
  readonly adaptation: Adaptation;
  /** Divides by alpha before and multiplies after it, where that makes a difference: not between linear spaces. */
  readonly unpremultiply: boolean;
}

const tables = new WeakMap<Curve, CurveTable>();

/** The table of a curve, made once. */
export function tableOf(curve: Curve): CurveTable {
  const known = tables.get(curve) ?? tabulate(curve);
  tables.set(curve, known);
  return known;
}

/** The program that turns colours of one space into those of another; empty where there is nothing to do. */
export function convertProgram(from: Space, to: Space, { adaptation, unpremultiply }: Conversion): PointwiseProgram {
  const matrix = convertPrimaries(from.primaries, to.primaries, adaptation);
  if (!matrix) throw new RangeError(`${from.title} spans no space of colours.`);
  const same = isIdentity(matrix);
  if (same && from.encoding === to.encoding) return [];
  const steps: PointwiseProgram = [
    ...(from.encoding ? [{ do: 'bend', by: [tableOf(from.encoding.toLinear)] } as const] : []),
    ...(same ? [] : [{ do: 'mix', matrix } as const]),
    ...(to.encoding ? [{ do: 'bend', by: [tableOf(to.encoding.fromLinear)] } as const] : []),
  ];
  const covered = unpremultiply && (from.encoding !== undefined || to.encoding !== undefined);
  return covered ? [{ do: 'divide' }, ...steps, { do: 'multiply' }] : steps;
}
