// Transforms that need nothing but their own keys.
import type { Fields } from '../config/read.ts';
import { builtinOperation } from '../transform/builtin.ts';
import { footedOperation, gammaOperation, type Negative } from '../transform/exponent.ts';
import { EXPOSURE_DEFAULTS, exposureOperation } from '../transform/exposure.ts';
import { fixedOperation } from '../transform/fixed.ts';
import { cdlOperation, fourMatrix, type Refuse, rangeOperation } from '../transform/linear.ts';
import { type Affine, cameraOperation, logOperation } from '../transform/log.ts';
import { type Operation, sequence } from '../transform/operation.ts';

/** Version 1 of OpenColorIO read some transforms otherwise. */
type Reader = (fields: Fields, major: number) => Operation;

const refuser =
  (fields: Fields): Refuse =>
  (trouble) =>
    fields.refuse(trouble);

/** One number for all channels, or one for each. */
function triple(fields: Fields, key: string, otherwise: number): number[] {
  const found = fields.numbers(key) ?? [otherwise];
  if (found.length === 1) return [found[0]!, found[0]!, found[0]!];
  if (found.length === 3) return found;
  return fields.fault(`${key} should hold 3 numbers, and holds ${found.length}.`);
}

/** Four numbers of which the last is alpha's, which has to change nothing; one number is for the three colours. */
function colours(fields: Fields, key: string, otherwise: number): number[] {
  const found = fields.numbers(key) ?? [otherwise];
  if (found.length === 1) return [found[0]!, found[0]!, found[0]!];
  if (found.length !== 4) return fields.fault(`${key} should hold 4 numbers, and holds ${found.length}.`);
  if (found[3] !== otherwise) return fields.refuse(`${key} changes alpha, which is not done here.`);
  return found.slice(0, 3);
}

function style<T extends string>(fields: Fields, all: Readonly<Record<string, T>>, otherwise: T): T {
  const said = fields.text('style');
  if (said === undefined || said === '') return otherwise;
  const key = said.toLowerCase().replaceAll('_', '');
  return Object.hasOwn(all, key)
    ? all[key]!
    : fields.refuse(`the style ${JSON.stringify(said.slice(0, 60))} is not supported.`);
}

const matrix: Reader = (fields) => {
  const rows = fields.exactly('matrix', 16) ?? [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  return fourMatrix(rows, fields.exactly('offset', 4) ?? [0, 0, 0, 0], refuser(fields));
};

const cdl: Reader = (fields, major) => {
  const kept = style(fields, { noclamp: 'keep', asc: 'clamp' } as const, 'keep');
  const { saturation, ...sop } = {
    slope: triple(fields, 'slope', 1),
    offset: triple(fields, 'offset', 0),
    power: triple(fields, 'power', 1),
    saturation: fields.number('saturation') ?? fields.number('sat') ?? 1,
  };
  return cdlOperation({ ...sop, saturation }, major === 1 ? 'first' : kept, refuser(fields));
};

const NEGATIVES = { clamp: 'clamp', linear: 'linear', mirror: 'mirror', passthru: 'linear' } as const;

const exponent: Reader = (fields, major) => {
  const powers = colours(fields, 'value', 1);
  if (powers.some((power) => !(power > 0))) return fields.refuse('an exponent is not positive.');
  const negative: Negative = major === 1 ? 'clamp' : style(fields, NEGATIVES, 'clamp');
  // In version 1 a power of 1 for all did nothing, not even to negative numbers.
  if (major === 1 && powers.every((power) => power === 1)) return () => [];
  return gammaOperation(negative, powers);
};

const exponentWithLinear: Reader = (fields) => {
  const negative = style(fields, { linear: 'linear', mirror: 'mirror' } as const, 'linear');
  return footedOperation(negative, colours(fields, 'gamma', 1), colours(fields, 'offset', 0));
};

const log: Reader = (fields) =>
  logOperation(
    { base: fields.number('base') ?? 2, logSlope: [1], logOffset: [0], linSlope: [1], linOffset: [0] },
    refuser(fields),
  );

const affine = (fields: Fields): Affine => ({
  base: fields.number('base') ?? 2,
  logSlope: triple(fields, 'log_side_slope', 1),
  logOffset: triple(fields, 'log_side_offset', 0),
  linSlope: triple(fields, 'lin_side_slope', 1),
  linOffset: triple(fields, 'lin_side_offset', 0),
});

const camera: Reader = (fields) => {
  if (fields.get('lin_side_break') === undefined) return fields.fault('a LogCameraTransform needs lin_side_break.');
  const linearSlope = fields.get('linear_slope') === undefined ? undefined : triple(fields, 'linear_slope', 1);
  return cameraOperation(
    { ...affine(fields), linBreak: triple(fields, 'lin_side_break', 0), linearSlope },
    refuser(fields),
  );
};

const range: Reader = (fields) =>
  rangeOperation(
    {
      minIn: fields.number('min_in_value'),
      maxIn: fields.number('max_in_value'),
      minOut: fields.number('min_out_value'),
      maxOut: fields.number('max_out_value'),
      clamp: style(fields, { clamp: 'clamp', noclamp: 'noClamp' } as const, 'clamp'),
    },
    refuser(fields),
  );

/** For graphics cards' memory: a range, or a logarithm and a range, becomes 0 to 1. */
const allocation: Reader = (fields) => {
  const kind = fields.text('allocation') ?? 'uniform';
  const vars = fields.numbers('vars') ?? [];
  const refuse = refuser(fields);
  const stretch = ([from = 0, to = 1]: readonly number[]): Operation =>
    rangeOperation({ minIn: from, maxIn: to, minOut: 0, maxOut: 1, clamp: 'noClamp' }, refuse);
  if (kind === 'uniform') return stretch(vars.length >= 2 ? vars : [0, 1]);
  if (kind !== 'lg2') return fields.refuse(`the allocation ${JSON.stringify(kind.slice(0, 40))} is not supported.`);
  const octaves = { base: 2, logSlope: [1], logOffset: [0], linSlope: [1], linOffset: [vars[2] ?? 0] };
  return sequence([logOperation(octaves, refuse), stretch(vars.length >= 2 ? vars : [-10, 6])]);
};

const exposure: Reader = (fields) =>
  exposureOperation({
    style: style(fields, { linear: 'linear', video: 'video', log: 'log', logarithmic: 'log' } as const, 'linear'),
    exposure: fields.number('exposure') ?? EXPOSURE_DEFAULTS.exposure,
    contrast: fields.number('contrast') ?? EXPOSURE_DEFAULTS.contrast,
    gamma: fields.number('gamma') ?? EXPOSURE_DEFAULTS.gamma,
    pivot: fields.number('pivot') ?? EXPOSURE_DEFAULTS.pivot,
    logExposureStep: fields.number('log_exposure_step') ?? EXPOSURE_DEFAULTS.logExposureStep,
    logMidGray: fields.number('log_midway_gray') ?? EXPOSURE_DEFAULTS.logMidGray,
  });

const fixed: Reader = (fields) => {
  const name = fields.text('style') ?? '';
  return (
    fixedOperation(name, fields.numbers('params') ?? [], refuser(fields)) ??
    fields.refuse(`the function ${JSON.stringify(name.slice(0, 60))} of FixedFunctionTransform is not supported.`)
  );
};

const builtin: Reader = (fields) => {
  const name = fields.text('style') ?? '';
  const other = /^aces-output\b/i.test(name) ? ' The node Display has the output transforms of ACES 2.0.' : '';
  return (
    builtinOperation(name) ??
    fields.refuse(`the style ${JSON.stringify(name.slice(0, 100))} of BuiltinTransform is not supported.${other}`)
  );
};

/** By their tags. */
export const PLAIN: Readonly<Record<string, Reader>> = {
  MatrixTransform: matrix,
  CDLTransform: cdl,
  ExponentTransform: exponent,
  ExponentWithLinearTransform: exponentWithLinear,
  LogTransform: log,
  LogAffineTransform: (fields) => logOperation(affine(fields), refuser(fields)),
  LogCameraTransform: camera,
  RangeTransform: range,
  AllocationTransform: allocation,
  ExposureContrastTransform: exposure,
  FixedFunctionTransform: fixed,
  BuiltinTransform: builtin,
};
