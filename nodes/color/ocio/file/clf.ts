// CLF and CTF: lists of operations in XML, as the Academy's S-2014-006 (SMPTE ST 2136-1) and OpenColorIO have them.
import { EngineError, type Matrix, type PointwiseProgram, rowTable } from '../../../../engine/authoring.ts';
import { cubeStep, MOST_EDGE, MOST_ROW, UNIT } from '../../table/entries.ts';
import { footedOperation, gammaOperation } from '../transform/exponent.ts';
import { EXPOSURE_DEFAULTS, exposureOperation } from '../transform/exposure.ts';
import { cdlOperation, matrixOperation, type Refuse, rangeOperation } from '../transform/linear.ts';
import { NOTHING, type Operation, reversed, sequence } from '../transform/operation.ts';
import { type Interpolation, type Point, polyline, tableOperation } from '../transform/table.ts';
import { readCorrection } from './correction.ts';
import { numberIn, perChannel, type Reading } from './element.ts';
import { logElement } from './log.ts';
import { childrenOf, type Element, numbersIn, parseXml, xmlError } from './xml.ts';

const READERS: Readonly<Record<string, (element: Element, reading: Reading) => Operation>> = {
  Matrix: matrixElement,
  Range: rangeElement,
  LUT1D: lut1d,
  LUT3D: lut3d,
  InverseLUT1D: (element, reading) => reversed(lut1d(element, reading)),
  InverseLUT3D: (element, reading) => reversed(lut3d(element, reading)),
  Exponent: exponentElement,
  Gamma: exponentElement,
  Log: logElement,
  ASC_CDL: cdlElement,
  ExposureContrast: exposureElement,
};

/** Elements that only tell of the list. */
const SILENT = new Set(['Description', 'InputDescriptor', 'OutputDescriptor', 'Info', 'Id']);

/** The operations of a list in their order. Throws `lut-invalid` and `ocio-unsupported`, with the line. */
export function readClf(text: string, file: string, interpolation: Interpolation): Operation {
  const root = parseXml(text, file);
  if (root.name !== 'ProcessList') throw xmlError(file, root.line, `begins with ${root.name} instead of ProcessList.`);
  const refuse =
    (element: Element): Refuse =>
    (trouble) => {
      const message = `${file}, line ${element.line}, ${element.name}: ${trouble}`;
      throw new EngineError('unsupported', 'ocio-unsupported', message, { param: 'config', file });
    };
  const reading: Reading = { file, refuse, interpolation };
  const elements = root.children.filter(({ name }) => !SILENT.has(name));
  checkDepths(elements, file);
  const operations = elements.map((element): Operation => {
    const read = Object.hasOwn(READERS, element.name) ? READERS[element.name] : undefined;
    if (!read) return refuse(element)(`the operation ${element.name} is not supported.`);
    if (element.attributes['bypass']?.toLowerCase() === 'true') return NOTHING;
    if (childrenOf(element, 'IndexMap').length > 0) return refuse(element)('an IndexMap is not supported.');
    return read(element, reading);
  });
  if (operations.length === 0) throw xmlError(file, root.line, 'holds no operation.');
  return sequence(operations);
}

/** What comes out of one operation has to be what the next one takes. */
function checkDepths(elements: readonly Element[], file: string): void {
  for (const [i, { attributes, line }] of elements.entries()) {
    const [before, now] = [elements[i - 1]?.attributes['outBitDepth'], attributes['inBitDepth']];
    if (before === undefined || now === undefined || DEPTHS[before] === DEPTHS[now]) continue;
    throw xmlError(file, line, `takes numbers as ${now.slice(0, 10)} where ${before.slice(0, 10)} comes in.`);
  }
}

const DEPTHS: Readonly<Record<string, number>> = {
  '8i': 255,
  '10i': 1023,
  '12i': 4095,
  '16i': 65535,
  '16f': 1,
  '32f': 1,
};

/** What stands for 1.0 before and after an operation. */
function depths(element: Element, { file }: Reading): { readonly before: number; readonly after: number } {
  const of = (name: string): number => {
    const said = element.attributes[name] ?? '';
    const found = Object.hasOwn(DEPTHS, said) ? DEPTHS[said] : undefined;
    if (found === undefined)
      throw xmlError(file, element.line, `gives ${name} as ${JSON.stringify(said.slice(0, 20))}.`);
    return found;
  };
  return { before: of('inBitDepth'), after: of('outBitDepth') };
}

interface ArrayOf {
  readonly dim: readonly number[];
  readonly values: readonly number[];
}

function arrayOf(element: Element, { file }: Reading): ArrayOf {
  const [array] = childrenOf(element, 'Array');
  if (!array) throw xmlError(file, element.line, `has a ${element.name} without an Array.`);
  const dim = numbersIn(array.attributes['dim'] ?? '', file, array.line);
  return { dim, values: numbersIn(array.text, file, array.line) };
}

const isTrue = (element: Element, name: string): boolean => element.attributes[name]?.toLowerCase() === 'true';

function matrixElement(element: Element, reading: Reading): Operation {
  const { before, after } = depths(element, reading);
  const { dim, values } = arrayOf(element, reading);
  const [rows = 0, columns = 0] = dim;
  if (!(rows === 3 || rows === 4) || !(columns === rows || columns === rows + 1) || values.length !== rows * columns) {
    throw xmlError(reading.file, element.line, `has a matrix of ${dim.join(' ')} with ${values.length} numbers.`);
  }
  const at = (row: number, column: number): number => values[row * columns + column]!;
  if (rows === 4) {
    const alone = [0, 1, 2].every((i) => at(i, 3) === 0 && at(3, i) === 0) && at(3, 3) * before === after;
    if (!alone || (columns === 5 && at(3, 4) !== 0))
      return reading.refuse(element)('a matrix changes alpha, which is not done here.');
  }
  const matrix = [0, 1, 2].flatMap((row) => [0, 1, 2].map((column) => (at(row, column) * before) / after));
  const plus = [0, 1, 2].map((row) => (columns > rows ? at(row, rows) / after : 0));
  return matrixOperation(matrix as unknown as Matrix, plus, reading.refuse(element));
}

function rangeElement(element: Element, reading: Reading): Operation {
  const { before, after } = depths(element, reading);
  const bound = (name: string, scale: number): number | undefined => {
    const [found] = childrenOf(element, name);
    const number = found && numbersIn(found.text, reading.file, found.line)[0];
    return number === undefined ? undefined : number / scale;
  };
  const range = {
    minIn: bound('minInValue', before),
    maxIn: bound('maxInValue', before),
    minOut: bound('minOutValue', after),
    maxOut: bound('maxOutValue', after),
    clamp: element.attributes['style'] === 'noClamp' ? 'noClamp' : 'clamp',
  } as const;
  // Without bounds it only stands between two depths.
  if ([range.minIn, range.maxIn, range.minOut, range.maxOut].every((value) => value === undefined)) return NOTHING;
  return rangeOperation(range, reading.refuse(element));
}

function lut1d(element: Element, reading: Reading): Operation {
  const inverse = element.name.startsWith('Inverse');
  const { before, after } = depths(element, reading);
  const refuse = reading.refuse(element);
  const hue = element.attributes['hueAdjust'];
  if (hue !== undefined && hue.toLowerCase() !== 'none') return refuse(`hueAdjust ${hue} is not supported.`);
  const { dim, values } = arrayOf(element, reading);
  const [length = 0, components = 0] = dim;
  const sound = Number.isInteger(length) && length >= 2 && length <= MOST_ROW && (components === 1 || components === 3);
  if (!sound || values.length !== length * components) {
    throw xmlError(reading.file, element.line, `has a table of ${dim.join(' ')} with ${values.length} numbers.`);
  }
  const scale = inverse ? before : after;
  const entry = isTrue(element, 'rawHalfs') ? halfValue : (value: number): number => value / scale;
  const channels = Array.from({ length: components }, (_, c) =>
    Array.from({ length }, (_, i) => entry(values[i * components + c]!)),
  );
  const halves = isTrue(element, 'halfDomain');
  if (halves && length !== 65536) {
    throw xmlError(reading.file, element.line, `has a table for all halves with ${length} instead of 65536 entries.`);
  }
  const program: PointwiseProgram = halves
    ? [{ do: 'spline', by: channels.map((entries) => polyline(pointsOfHalves(entries))) }]
    : [{ do: 'look', by: channels.map((entries) => rowTable({ from: 0, to: 1, entries })) }];
  return tableOperation(program, 'linear', refuse);
}

/** The number that the bits of a half stand for. */
function halfValue(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

/** An entry for each finite half, in rising order. */
function pointsOfHalves(entries: readonly number[]): Point[] {
  const points: Point[] = [];
  for (let bits = 0xfbff; bits > 0x8000; bits--) points.push([halfValue(bits), entries[bits]!]);
  for (let bits = 0; bits <= 0x7bff; bits++) points.push([halfValue(bits), entries[bits]!]);
  return points;
}

const CUBES: Readonly<Record<string, Interpolation>> = {
  trilinear: 'linear',
  tetrahedral: 'tetrahedral',
  '3d linear': 'linear',
  '4pt tetrahedral': 'tetrahedral',
};

function lut3d(element: Element, reading: Reading): Operation {
  const inverse = element.name.startsWith('Inverse');
  const { before, after } = depths(element, reading);
  const { dim, values } = arrayOf(element, reading);
  const [edge = 0, green, blue, components] = dim;
  const sound = Number.isInteger(edge) && edge >= 2 && edge <= MOST_EDGE && green === edge && blue === edge;
  if (!sound || components !== 3 || values.length !== edge ** 3 * 3) {
    throw xmlError(reading.file, element.line, `has a cube of ${dim.join(' ')} with ${values.length} numbers.`);
  }
  const scale = inverse ? before : after;
  const raw = isTrue(element, 'rawHalfs');
  const entries = new Float32Array(values.length);
  // The file has blue fastest.
  for (let r = 0; r < edge; r++) {
    for (let g = 0; g < edge; g++) {
      for (let b = 0; b < edge; b++) {
        for (let c = 0; c < 3; c++) {
          const value = values[((r * edge + g) * edge + b) * 3 + c]!;
          entries[((b * edge + g) * edge + r) * 3 + c] = raw ? halfValue(value) : value / scale;
        }
      }
    }
  }
  const own = CUBES[element.attributes['interpolation']?.toLowerCase() ?? ''];
  const program: PointwiseProgram = [cubeStep(UNIT, [edge, edge, edge], entries)];
  return tableOperation(program, own ?? reading.interpolation, reading.refuse(element));
}

const EXPONENTS: Readonly<Record<string, (powers: readonly number[], offsets: readonly number[]) => Operation>> = {
  basic: (powers) => gammaOperation('clamp', powers),
  basicmirror: (powers) => gammaOperation('mirror', powers),
  basicpassthru: (powers) => gammaOperation('linear', powers),
  moncurve: (powers, offsets) => footedOperation('linear', powers, offsets),
  moncurvemirror: (powers, offsets) => footedOperation('mirror', powers, offsets),
};

function exponentElement(element: Element, reading: Reading): Operation {
  const style = element.attributes['style'] ?? '';
  const [, kind = '', way] = /^(.*)(Fwd|Rev)$/i.exec(style) ?? [];
  const make = Object.hasOwn(EXPONENTS, kind.toLowerCase()) ? EXPONENTS[kind.toLowerCase()] : undefined;
  if (!make) return reading.refuse(element)(`the style ${JSON.stringify(style.slice(0, 40))} is not supported.`);
  const params = [...childrenOf(element, 'ExponentParams'), ...childrenOf(element, 'GammaParams')];
  const found = perChannel(element, params, reading, (one) => ({
    power: numberIn(one, 'exponent', reading.file, numberIn(one, 'gamma', reading.file, 1)),
    offset: numberIn(one, 'offset', reading.file, 0),
  }));
  if (found.some(({ power }) => !(power > 0)))
    throw xmlError(reading.file, element.line, 'gives an exponent that is not positive.');
  const operation = make(
    found.map(({ power }) => power),
    found.map(({ offset }) => offset),
  );
  return way?.toLowerCase() === 'rev' ? reversed(operation) : operation;
}

function cdlElement(element: Element, reading: Reading): Operation {
  const style = (element.attributes['style'] ?? 'Fwd').toLowerCase().replace('v1.2_', '');
  const [, before, way, after] = /^(noclamp)?(fwd|rev)(noclamp)?$/.exec(style) ?? [];
  const kept = before ?? after;
  if (way === undefined)
    return reading.refuse(element)(`the style ${JSON.stringify(style.slice(0, 40))} is not supported.`);
  const cdl = readCorrection(element, reading.file);
  const operation = cdlOperation(cdl, kept ? 'keep' : 'clamp', reading.refuse(element));
  return way === 'rev' ? reversed(operation) : operation;
}

function exposureElement(element: Element, reading: Reading): Operation {
  const [, style, back] = /^(linear|video|log)(Rev)?$/.exec(element.attributes['style'] ?? '') ?? [];
  const [params] = childrenOf(element, 'ECParams');
  if (style === undefined || !params) return reading.refuse(element)('its style is not supported.');
  const number = (name: 'exposure' | 'contrast' | 'gamma' | 'pivot' | 'logExposureStep' | 'logMidGray'): number =>
    numberIn(params, name, reading.file, EXPOSURE_DEFAULTS[name]);
  const operation = exposureOperation({
    style: style as 'linear' | 'video' | 'log',
    exposure: number('exposure'),
    contrast: number('contrast'),
    gamma: number('gamma'),
    pivot: number('pivot'),
    logExposureStep: number('logExposureStep'),
    logMidGray: number('logMidGray'),
  });
  return back ? reversed(operation) : operation;
}
