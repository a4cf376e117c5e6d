// What a normal map becomes: the channels that are read, how, and the part with slopes in their place.
import {
  decodeAttribute,
  EngineError,
  findAttribute,
  type ImageSpec,
  type Loss,
  listNames,
  type NodeProblem,
  type NormalForm,
  type PartSpec,
  passPart,
  replaceChannels,
  windowProblem,
  workProblems,
} from '../../../engine/authoring.ts';

export const SLOPE_U = 'slope.u';
export const SLOPE_V = 'slope.v';

export interface Params {
  readonly channels: readonly string[];
  readonly range: 'unsigned' | 'byte' | 'signed';
  readonly normalization: 'auto' | 'xyz' | 'xy' | 'none';
  readonly y: 'up' | 'down';
  readonly maxSlope: number;
  readonly mirrored: 'turn' | 'keep';
  readonly mirrorU: readonly number[];
  readonly mirrorV: readonly number[];
  readonly idChannel: string;
  readonly mirrorChannel: string;
}

interface Context {
  readonly params: Params;
  readonly inputs: { readonly image: ImageSpec; readonly charts: ImageSpec | undefined };
  report(problem: NodeProblem): void;
  lose(loss: Loss): void;
}

/** The channels that are read of a part; undefined where it has no normals. A third one is left out where there is none. */
export function readingOf({ channels, normalization }: Params, part: PartSpec): string[] | undefined {
  const has = (name: string): boolean => part.channels.some((c) => c.name === name);
  const [x, y, z] = channels as [string, string, string | undefined];
  if (!has(x) || !has(y)) return undefined;
  if (z === undefined || normalization === 'xy') return [x, y];
  if (has(z)) return [x, y, z];
  return normalization === 'auto' ? [x, y] : undefined;
}

/** 128 of 255 as a picture of 8 bits gives it. */
export const BYTE_ZERO = Math.fround(128 / 255);
const BYTE_SCALE = Math.fround(255 / 127);
/** -128/127, as near as 128 becomes 0 in single precision, so that a flat map is flat. */
const BYTE_OFFSET = -Math.fround(BYTE_ZERO * BYTE_SCALE);

/** How so many channels are read. */
export function formOf({ range, normalization, y, maxSlope }: Params, count: number): NormalForm {
  const [scale, offset] = { unsigned: [2, -1], byte: [BYTE_SCALE, BYTE_OFFSET], signed: [1, 0] }[range] as [
    number,
    number,
  ];
  return {
    scale,
    offset,
    yDown: y === 'down',
    rebuild: count === 2,
    normalise: normalization !== 'none',
    blackIsNone: range !== 'signed',
    maxSlope,
  };
}

/** The components of a vector by what ends the names of channels. */
const COMPONENTS = [
  ['R', 'G', 'B'],
  ['X', 'Y', 'Z'],
] as const;

/** Channels that may well be x, y and z. */
function suchAs(names: readonly string[]): string {
  for (const name of names) {
    for (const endings of COMPONENTS) {
      if (!name.toUpperCase().endsWith(endings[0])) continue;
      const stem = name.slice(0, -1);
      const found = endings.map((ending) =>
        names.find((one) => one.toUpperCase() === `${stem}${ending}`.toUpperCase()),
      );
      if (found.every((one) => one !== undefined)) return `, such as ${found.join(',')}`;
    }
  }
  return '';
}

/** Throws `channel-unknown` where no part has normals. */
export function describeSlopes(ctx: Context): ImageSpec {
  const { parts } = ctx.inputs.image;
  // Nothing that follows has more to say without slopes.
  if (parts.every((part) => readingOf(ctx.params, part) === undefined)) {
    const names = parts.flatMap((part) => part.channels.map((c) => c.name));
    const message = `Expected the channels ${listNames(ctx.params.channels)} of a normal map, found ${listNames(names)}. Choose the channels of x, y and z${suchAs(names)}.`;
    throw new EngineError('invalid', 'channel-unknown', message, { param: 'channels' });
  }
  const made = parts.map((part, index) => slopedPart(ctx, part, index));
  reportCharts(ctx);
  return { ...ctx.inputs.image, parts: made };
}

function slopedPart(ctx: Context, part: PartSpec, index: number): PartSpec {
  const names = readingOf(ctx.params, part);
  if (!names) return passPart(part, 'image', index);
  const channels = new Set(names);
  const problems = workProblems({
    part,
    index,
    title: 'Normal decode',
    channels,
    types: ['half', 'float'],
    param: 'channels',
  });
  for (const problem of problems) ctx.report(problem);
  const read = ctx.params.channels.filter((name) => part.channels.some((c) => c.name === name));
  const made = replaceChannels(ctx, { part, index, from: read, to: [SLOPE_U, SLOPE_V], reason: 'made into slopes' });
  warnOfCurve(ctx, part);
  return made;
}

/** Normals are no colours; a tag that says so is worth a look at how the map was saved. */
function warnOfCurve(ctx: Context, part: PartSpec): void {
  const tag = findAttribute(part.attributes, 'colorInteropID');
  const text = tag && decodeAttribute(tag);
  if (typeof text !== 'string' || !text.startsWith('srgb_')) return;
  ctx.report({
    severity: 'warning',
    code: 'color-not-colour',
    message: `The map is tagged as ${text}. Its numbers are taken as they are, without that curve; if the normals look bent, the map was saved as a colour.`,
  });
}

/** The charts must be there where mirrored islands are named, and as large as the map. */
function reportCharts(ctx: Context): void {
  const { charts, image } = ctx.inputs;
  const { mirrorU, mirrorV, idChannel } = ctx.params;
  const param = mirrorU.length > 0 ? 'mirrorU' : 'mirrorV';
  const named = mirrorU.length + mirrorV.length > 0;
  if (named && !charts) {
    const message = 'Expected charts, since mirrored islands are named. Connect an image with the numbers of islands.';
    ctx.report({ severity: 'error', code: 'input-missing', message, where: { param } });
  }
  if (!charts) return;
  if (named && !charts.parts.some((part) => part.channels.some((c) => c.name === idChannel))) {
    const names = charts.parts.flatMap((part) => part.channels.map((c) => c.name));
    const message = `Expected the numbers of islands in the channel ${idChannel} of charts, found ${listNames(names)}.`;
    ctx.report({ severity: 'error', code: 'channel-unknown', message, where: { param: 'idChannel' } });
  }
  for (const part of image.parts) {
    const [own] = charts.parts;
    if (!own || !readingOf(ctx.params, part)) continue;
    const problem = windowProblem(part.dataWindow, own.dataWindow, 'charts of the size of the map');
    if (problem) ctx.report(problem);
  }
}
