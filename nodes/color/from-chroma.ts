// Luminance-chroma to RGB: red, green and blue out of Y, RY and BY.
import { z } from 'zod';
import {
  type ChannelSpec,
  defineNode,
  type ImageSpec,
  image,
  type Loss,
  listNames,
  matchesName,
  type NodeProblem,
  type PartSpec,
  type Plane,
  partLabel,
  passPart,
  sortChannels,
  storedAnew,
  workProblems,
} from '../../engine/authoring.ts';
import { rebuild, regionsFor } from './luminance/rebuild.ts';
import { noWeights, weightsOf } from './luminance/weights.ts';

/** Rows that are looked at above and below: the filter's reach, and the row whose saturation is compared. */
const MARGIN = 14;

const params = z.strictObject({
  channels: z.array(z.string().min(1)).default(['Y', '*.Y']).meta({
    title: 'Luminance',
    description:
      'Names of the channels of luminance, * for any text. One without RY and BY beside it is grey, and only where it is named in full.',
    widget: 'channels',
  }),
  saturation: z.enum(['limit', 'keep']).default('limit').meta({
    title: 'Saturation',
    description:
      'limit: pixels much more saturated than those around them, which the missing chroma leaves at sharp edges, are brought nearer to them, as OpenEXR does it.',
  }),
});

interface Context {
  readonly params: z.output<typeof params>;
  readonly inputs: { readonly image: ImageSpec };
  report(problem: NodeProblem): void;
  lose(loss: Loss): void;
}

/** A channel of luminance with its chroma. */
interface Group {
  /** What stands before the letters: `` or `layer.`. */
  readonly prefix: string;
  readonly luminance: ChannelSpec;
  /** None: grey. */
  readonly chroma?: readonly [ry: ChannelSpec, by: ChannelSpec];
  readonly type: 'half' | 'float';
}

export const fromChroma = defineNode({
  type: 'color.fromChroma',
  version: 1,
  title: 'Luminance-chroma to RGB',
  doc: `Makes R, G and B of Y, RY and BY, where RY = (R - Y) / Y and BY = (B - Y) / Y at every second pixel of every second line, and Y is the luminance by the chromaticities of the file, of Rec. 709 where it names none. Chroma between its samples comes of OpenEXR's windowed sinc of 27 pixels, so that the result is that of its RgbaInputFile; Y alone becomes R, G and B that are equal to it. Layers are kept apart (left.Y becomes left.R). Halves give halves, anything else floats. Windows stay as they are, outermost samples stand for those beyond the edges; alpha is left alone, as are all other channels. OpenImageIO, by which Gaffer reads, refuses such files.`,
  keywords: ['luminance', 'chroma', 'YC', 'YCA', 'RY', 'BY', 'grey', 'gray', 'subsampled', '4:2:0'],
  params,
  inputs: { image: image('The image that has channels of luminance.') },
  access: { margin: MARGIN },
  summary: ({ channels }) => listNames(channels, 4),

  spec(ctx) {
    const { image } = ctx.inputs;
    const groups = image.parts.map((_, index) => groupsOf(ctx, index));
    if (groups.every((list) => list.length === 0)) {
      const names = image.parts.flatMap((part) => part.channels.map((c) => c.name));
      const message = `No luminance fits ${listNames(ctx.params.channels)}, so nothing is changed. Channels: ${listNames(names)}.`;
      ctx.report({ severity: 'warning', code: 'channel-unknown', message, where: { param: 'channels' } });
    }
    return { ...image, parts: image.parts.map((part, index) => partOf(ctx, part, index, groups[index]!)) };
  },

  async pull({ params, inputs, sources, signal }, want) {
    const { dataWindow: window } = inputs.image.parts[want.part]!;
    const weights = weightsOf(inputs.image, want.part)!;
    const planes = new Map<string, Plane>();
    for (const { prefix, luminance, chroma, type } of groupsOf({ params, inputs }, want.part)) {
      if (!chroma || !COLOURS.some((letter) => want.channels.includes(prefix + letter))) continue;
      signal.throwIfAborted();
      const rebuilding = { window, box: want.box, limit: params.saturation === 'limit' };
      const regions = regionsFor(rebuilding);
      const [light, colour] = await Promise.all([
        sources.image.planes({ ...want, channels: [luminance.name], box: regions.luminance }),
        sources.image.planes({ ...want, channels: chroma.map((c) => c.name), box: regions.chroma }),
      ]);
      const made = rebuild(rebuilding, {
        luminance: light.get(luminance.name)!,
        chroma: [colour.get(chroma[0].name)!, colour.get(chroma[1].name)!],
        weights,
        type,
      });
      for (const [i, letter] of COLOURS.entries()) planes.set(prefix + letter, made[i]!);
    }
    return planes;
  },
});

const COLOURS = ['R', 'G', 'B'] as const;

function groupsOf({ params, inputs }: Pick<Context, 'params' | 'inputs'>, index: number): Group[] {
  const { channels } = inputs.image.parts[index]!;
  const find = (name: string): ChannelSpec | undefined => channels.find((c) => c.name === name);
  return channels.flatMap((luminance): Group[] => {
    const { name } = luminance;
    if (!/(^|\.)Y$/.test(name) || !params.channels.some((pattern) => matchesName(pattern, name))) return [];
    const prefix = name.slice(0, -1);
    const [ry, by] = [find(`${prefix}RY`), find(`${prefix}BY`)];
    // X beside Y makes it the second number of a vector.
    const grey = params.channels.includes(name) && !find(`${prefix}X`);
    if (!(ry && by)) return ry || by || !grey ? [] : [{ prefix, luminance, type: 'half' }];
    const type = [luminance, ry, by].every((c) => c.type === 'half') ? 'half' : 'float';
    return [{ prefix, luminance, chroma: [ry, by], type }];
  });
}

function partOf(ctx: Context, part: PartSpec, index: number, groups: readonly Group[]): PartSpec {
  const passed = passPart(part, 'image', index);
  if (groups.length === 0) return passed;
  const gone = new Set(groups.flatMap(({ luminance, chroma = [] }) => [luminance, ...chroma].map((c) => c.name)));
  const made = groups.flatMap((group) => {
    check(ctx, part, index, group);
    const { prefix, luminance, chroma, type } = group;
    return COLOURS.map((letter): ChannelSpec => {
      const name = prefix + letter;
      if (chroma) {
        return { name, type, sampling: { x: 1, y: 1 }, pLinear: 0, origin: { from: 'computed' } };
      }
      return { ...luminance, name, origin: { from: 'input', port: 'image', part: index, channel: luminance.name } };
    });
  });
  const others = passed.channels.filter((c) => !gone.has(c.name));
  for (const { name } of made) {
    if (!others.some((c) => c.name === name)) continue;
    const message = `${partLabel(part, index)} has ${name} already. Take it away with Shuffle channels before, or choose other channels.`;
    const where = { param: 'channels', channel: name };
    ctx.report({ severity: 'error', code: 'channel-duplicate', message, where });
  }
  for (const { prefix, luminance, chroma = [] } of groups) {
    const reason = `became ${listNames(COLOURS.map((letter) => prefix + letter))}`;
    for (const { name } of [luminance, ...chroma]) {
      ctx.lose({ kind: 'channel', port: 'image', part: index, name, reason, replaced: true });
    }
  }
  const channels = sortChannels([...others, ...made]);
  return { ...passed, channels, ...(part.stored ? { stored: storedAnew(part.stored) } : {}) };
}

/** Reports why a group cannot be made into colours. */
function check(ctx: Context, part: PartSpec, index: number, { luminance, chroma }: Group): void {
  if (!chroma) return;
  const title = 'Luminance-chroma to RGB';
  const types = ['half', 'float'] as const;
  const work = { part, index, title, types, param: 'channels' };
  for (const problem of workProblems({ ...work, channels: new Set([luminance.name]) })) ctx.report(problem);
  const where = { param: 'channels', part: part.name ?? index };
  const names = listNames(chroma.map((c) => c.name));
  if (chroma.some((c) => c.type === 'uint')) {
    const message = `${names} hold whole numbers, and ${title} works on half and float channels.`;
    ctx.report({ severity: 'error', code: 'channel-type', message, where });
  }
  if (chroma.some(({ sampling }) => sampling.x !== 2 || sampling.y !== 2)) {
    const message = `${title} needs chroma at every second pixel of every second line, and ${names} have it otherwise.`;
    ctx.report({ severity: 'error', code: 'sampling-mismatch', message, where });
  }
  if (!weightsOf(ctx.inputs.image, index)) ctx.report(noWeights(partLabel(part, index), part.name ?? index));
}
