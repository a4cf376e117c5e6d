// Logarithms and their inverses, as OpenColorIO's LogTransform, LogAffineTransform and LogCameraTransform have them.
import { cutLog, type Knot, type SplineTable, splineTable } from '../../../../engine/authoring.ts';
import { bend } from './exponent.ts';
import type { Refuse } from './linear.ts';
import type { Operation } from './operation.ts';

/** log side = logSlope * log_base(linSlope * x + linOffset) + logOffset; a number for each channel. */
export interface Affine {
  readonly base: number;
  readonly logSlope: readonly number[];
  readonly logOffset: readonly number[];
  readonly linSlope: readonly number[];
  readonly linOffset: readonly number[];
}

/** The least normal number of single precision: of what is below it OpenColorIO takes the logarithm of this. */
const LEAST = 2 ** -126;

/** Knots of the power of two in one unit: the cubics between them are off by less than 1e-8 of the value. */
const KNOTS = 16;
const TOP = 128;

let powers: SplineTable | undefined;

/** 2^x from -126 to 128 by cubics with the right slopes; 0 below. A curve of octaves cannot tell of negative numbers. */
function powerOfTwo(): SplineTable {
  powers ??= splineTable(
    Array.from({ length: (TOP + 126) * KNOTS + 1 }, (_, i): Knot => {
      // The greatest float has to stay one.
      const x = Math.min(i / KNOTS - 126, TOP - 2 ** -17);
      const [y, slope] = [2 ** x, 2 ** x * Math.LN2];
      return { x, y, before: i === 0 ? 0 : slope, after: slope };
    }),
  );
  return powers;
}

const LOG2 = {
  pieces: [
    { from: Number.NEGATIVE_INFINITY, at: () => Math.log2(LEAST) },
    { from: LEAST, at: (x: number) => Math.log2(x) },
  ],
} as const;

/** Lin to log forward. Where the argument of the logarithm is not positive it is taken as the least that is. */
export function logOperation({ base, logSlope, logOffset, linSlope, linOffset }: Affine, refuse: Refuse): Operation {
  checkBase(base, refuse);
  if ([...logSlope, ...linSlope].some((slope) => slope === 0)) return refuse('a logarithm has a slope of 0.');
  const octave = Math.log2(base);
  return (way) =>
    way === 'forward'
      ? [
          { do: 'scale', by: linSlope, plus: linOffset },
          ...bend(['log2'], () => LOG2),
          { do: 'scale', by: logSlope.map((slope) => slope / octave), plus: logOffset },
        ]
      : [
          {
            do: 'scale',
            by: logSlope.map((slope) => octave / slope),
            plus: logSlope.map((slope, i) => (-logOffset[i]! * octave) / slope),
          },
          { do: 'spline', by: [powerOfTwo()] },
          {
            do: 'scale',
            by: linSlope.map((slope) => 1 / slope),
            plus: linSlope.map((slope, i) => -linOffset[i]! / slope),
          },
        ];
}

function checkBase(base: number, refuse: Refuse): void {
  if (!(base > 0 && base !== 1)) refuse(`a logarithm has the base ${base}.`);
}

export interface Camera extends Affine {
  /** Below this linear light it is a straight line. */
  readonly linBreak: readonly number[];
  /** Of that line; where it is not given the line touches the logarithm. */
  readonly linearSlope: readonly number[] | undefined;
}

/** Lin to log forward, with a straight foot. */
export function cameraOperation(camera: Camera, refuse: Refuse): Operation {
  const { base, logSlope, logOffset, linSlope, linOffset, linBreak, linearSlope } = camera;
  checkBase(base, refuse);
  const encodings = linBreak.map((cut, i) => {
    const slope = linearSlope?.[i];
    const sound = logSlope[i]! / Math.log(base) > 0 && linSlope[i]! > 0 && linSlope[i]! * cut + linOffset[i]! > 0;
    if (!sound || (slope !== undefined && !(slope > 0))) {
      return refuse('a camera logarithm does not rise, or breaks where it has no value.');
    }
    return cutLog({
      base,
      scale: logSlope[i]!,
      gain: linSlope[i]!,
      bias: linOffset[i]!,
      offset: logOffset[i]!,
      cut,
      ...(slope === undefined ? {} : { slope }),
    });
  });
  const keys = linBreak.map((cut, i) =>
    [logSlope[i], logOffset[i], linSlope[i], linOffset[i], cut, linearSlope?.[i]].join(' '),
  );
  return (way) => bend(keys, (i) => encodings[i]![way === 'forward' ? 'fromLinear' : 'toLinear']);
}
