// The element Log of CLF and CTF: logarithms in plain form, in camera form, and in the older form of film codes.
import { cameraOperation, logOperation } from '../transform/log.ts';
import { type Operation, reversed } from '../transform/operation.ts';
import { numberIn, perChannel, type Reading } from './element.ts';
import { childrenOf, type Element, xmlError } from './xml.ts';

export function logElement(element: Element, reading: Reading): Operation {
  const style = element.attributes['style'] ?? '';
  const refuse = reading.refuse(element);
  const plain = (base: number): Operation =>
    logOperation({ base, logSlope: [1], logOffset: [0], linSlope: [1], linOffset: [0] }, refuse);
  switch (style) {
    case 'log10':
      return plain(10);
    case 'log2':
      return plain(2);
    case 'antiLog10':
      return reversed(plain(10));
    case 'antiLog2':
      return reversed(plain(2));
    case 'linToLog':
      return affine(element, reading);
    case 'logToLin':
      return reversed(affine(element, reading));
    case 'cameraLinToLog':
      return camera(element, reading);
    case 'cameraLogToLin':
      return reversed(camera(element, reading));
    default:
      return refuse(`the style ${JSON.stringify(style.slice(0, 40))} is not supported.`);
  }
}

interface Params {
  readonly base: number;
  readonly logSlope: number;
  readonly logOffset: number;
  readonly linSlope: number;
  readonly linOffset: number;
  readonly linBreak: number | undefined;
  readonly linearSlope: number | undefined;
}

function readParams(params: Element, file: string): Params {
  const number = (name: string, otherwise: number): number => numberIn(params, name, file, otherwise);
  const optional = (name: string): number | undefined =>
    params.attributes[name] === undefined ? undefined : number(name, 0);
  if (params.attributes['refWhite'] !== undefined) return filmParams(params, file);
  return {
    base: number('base', 2),
    logSlope: number('logSideSlope', 1),
    logOffset: number('logSideOffset', 0),
    linSlope: number('linSideSlope', 1),
    linOffset: number('linSideOffset', 0),
    linBreak: optional('linSideBreak'),
    linearSlope: optional('linearSlope'),
  };
}

/** Codes of film from 0 to 1023 with a density of 0.002 for each: CTF's older form. */
function filmParams(params: Element, file: string): Params {
  const number = (name: string): number => numberIn(params, name, file, 0);
  const [gamma, white, black] = [number('gamma'), number('refWhite') / 1023, number('refBlack') / 1023];
  const range = number('highlight') - number('shadow');
  if (!(gamma > 0.01 && white > black && range > 0)) {
    throw xmlError(file, params.line, 'gives a gamma, white, black, highlight or shadow that make no sense.');
  }
  const factor = (0.002 * 1023) / gamma;
  const gain = range / (1 - 10 ** Math.min((black - white) * factor, -0.0001));
  const offset = gain - range;
  return {
    base: 10,
    logSlope: 1 / factor,
    logOffset: white,
    linSlope: 1 / gain,
    linOffset: (offset - number('shadow')) / gain,
    linBreak: undefined,
    linearSlope: undefined,
  };
}

function paramsOf(element: Element, reading: Reading): readonly Params[] {
  const params = childrenOf(element, 'LogParams');
  const found = perChannel(element, params, reading, (one) => readParams(one, reading.file));
  if (found.some(({ base }) => base !== found[0].base)) {
    throw xmlError(reading.file, element.line, 'gives different bases for the channels.');
  }
  return found;
}

const column = (params: readonly Params[]) => ({
  base: params[0]!.base,
  logSlope: params.map(({ logSlope }) => logSlope),
  logOffset: params.map(({ logOffset }) => logOffset),
  linSlope: params.map(({ linSlope }) => linSlope),
  linOffset: params.map(({ linOffset }) => linOffset),
});

const affine = (element: Element, reading: Reading): Operation =>
  logOperation(column(paramsOf(element, reading)), reading.refuse(element));

function camera(element: Element, reading: Reading): Operation {
  const params = paramsOf(element, reading);
  if (params.some(({ linBreak }) => linBreak === undefined)) {
    throw xmlError(reading.file, element.line, 'gives no linSideBreak.');
  }
  const slopes = params.map(({ linearSlope }) => linearSlope);
  return cameraOperation(
    {
      ...column(params),
      linBreak: params.map(({ linBreak }) => linBreak!),
      linearSlope: slopes.some((slope) => slope === undefined) ? undefined : (slopes as number[]),
    },
    reading.refuse(element),
  );
}
