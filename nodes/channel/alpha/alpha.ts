// Channels and the alphas that they are multiplied with or divided by, for the nodes that do either.
import { z } from 'zod';
import {
  alphaOf,
  type ChannelPlace,
  type ChannelSpec,
  cryptomatteProblem,
  type ImageSource,
  type ImageSpec,
  isAlpha,
  listChannels,
  listNames,
  matchesName,
  type NodeProblem,
  nearNames,
  type PartSpec,
  type Plane,
  type Planes,
  passPart,
  recomputePart,
  type Want,
  workProblems,
} from '../../../engine/authoring.ts';

/** The parameters of both; `verb` says what is done, such as `multiply`. */
export const alphaParams = (verb: string, by: string) =>
  z.strictObject({
    channels: z
      .array(z.string().min(1))
      .default(['R', 'G', 'B'])
      .meta({
        title: 'Channels',
        description: `Names of the channels to ${verb}, * for any text: diffuse.* or *.R. An alpha is left alone unless it is named in full; whole numbers too.`,
        widget: 'channels',
      }),
    alpha: z
      .string()
      .default('')
      .meta({
        title: 'Alpha',
        description: `The channel to ${verb} ${by}. Left empty it is the alpha of the channel's own layer, or else A.`,
        advanced: true,
      }),
  });

export type AlphaParams = z.output<ReturnType<typeof alphaParams>>;

interface Context {
  readonly params: AlphaParams;
  readonly inputs: { readonly image: ImageSpec };
  report(problem: NodeProblem): void;
}

/** A channel with the alpha that goes with it. */
export interface Covered {
  readonly channel: ChannelSpec;
  readonly alpha: ChannelPlace;
}

interface Chosen {
  readonly covered: readonly Covered[];
  /** Channels for which there is no alpha. */
  readonly bare: readonly string[];
  /** Channels of whole numbers that were named in full. */
  readonly wholes: readonly string[];
}

function choose({ params, inputs }: Pick<Context, 'params' | 'inputs'>, index: number): Chosen {
  const covered: Covered[] = [];
  const bare: string[] = [];
  const wholes: string[] = [];
  for (const channel of inputs.image.parts[index]!.channels) {
    const { name, type } = channel;
    const named = params.channels.includes(name);
    if (!params.channels.some((pattern) => matchesName(pattern, name))) continue;
    if (!named && (isAlpha(name) || name === params.alpha || type === 'uint')) continue;
    const alpha =
      params.alpha === '' ? alphaOf(inputs.image, index, name) : alphaNamed(inputs.image, index, params.alpha);
    if (type === 'uint') wholes.push(name);
    else if (alpha) covered.push({ channel, alpha });
    else bare.push(name);
  }
  return { covered, bare, wholes };
}

/** In the same part, or else in the first that has it. */
function alphaNamed({ parts }: ImageSpec, index: number, name: string): ChannelPlace | undefined {
  for (const part of [index, ...parts.keys()]) {
    const channel = parts[part]!.channels.find((c) => c.name === name);
    if (channel) return { part, channel };
  }
  return undefined;
}

/** The image with the chosen channels made anew. Reports what is wrong with the choice. */
export function describeCovered(ctx: Context, title: string): ImageSpec {
  const { image } = ctx.inputs;
  const chosen = image.parts.map((_, index) => choose(ctx, index));
  reportChoice(ctx, title, chosen);
  const names = chosen.map(({ covered }) => new Set(covered.map(({ channel }) => channel.name)));
  const spoilt = cryptomatteProblem(image, names, title);
  if (spoilt) ctx.report(spoilt);
  const parts = image.parts.map((part, index): PartSpec => {
    const { covered } = chosen[index]!;
    if (covered.length === 0) return passPart(part, 'image', index);
    const names = new Set(covered.map(({ channel }) => channel.name));
    const needed = new Map<number, Set<string>>([[index, new Set(names)]]);
    for (const { alpha } of covered) {
      needed.set(alpha.part, (needed.get(alpha.part) ?? new Set()).add(alpha.channel.name));
    }
    for (const [at, channels] of needed) {
      const work = {
        part: image.parts[at]!,
        index: at,
        title,
        channels,
        types: ['half', 'float'],
        param: 'channels',
      } as const;
      for (const problem of workProblems(work)) ctx.report(problem);
    }
    return recomputePart(part, 'image', index, names);
  });
  return { ...image, parts };
}

function reportChoice(ctx: Context, title: string, chosen: readonly Chosen[]): void {
  const { params, inputs } = ctx;
  const names = inputs.image.parts.flatMap((part) => part.channels.map((c) => c.name));
  const where = { param: 'channels' };
  const wholes = chosen.flatMap((one) => one.wholes);
  const bare = chosen.flatMap((one) => one.bare);
  if (wholes.length > 0) {
    ctx.report({
      severity: 'error',
      code: 'channel-type',
      message: `${title} works on half and float channels; ${listNames(wholes)} holds whole numbers. Choose other channels.`,
      where,
      fixes: [
        {
          title: `Leave out ${listNames(wholes)}`,
          set: { channels: params.channels.filter((n) => !wholes.includes(n)) },
        },
      ],
    });
  }
  if (bare.length > 0) {
    const wanted = params.alpha === '' ? 'alpha' : params.alpha;
    const near = params.alpha === '' ? [] : nearNames(params.alpha, names);
    ctx.report({
      severity: 'error',
      code: 'channel-unknown',
      message: `There is no ${wanted} to go with ${listNames(bare)}. Name the channel to take for it. Channels: ${listNames(names)}.`,
      where: { param: 'alpha' },
      fixes: near.map((name) => ({ title: `Use ${name}`, set: { alpha: name } })),
    });
  }
  if (chosen.every(({ covered }) => covered.length === 0) && wholes.length + bare.length === 0) {
    const message = `No channel fits ${listNames(params.channels)}, so nothing is changed.${listChannels(names)}`;
    ctx.report({ severity: 'warning', code: 'channel-unknown', message, where });
  }
}

/** Planes of the wanted channels: `work` makes those that share an alpha. */
export async function pullCovered(
  {
    params,
    inputs,
    sources,
  }: {
    readonly params: AlphaParams;
    readonly inputs: { readonly image: ImageSpec };
    readonly sources: { readonly image: ImageSource };
  },
  want: Want,
  work: (channels: readonly Plane[], alpha: Plane) => readonly Plane[],
): Promise<Planes> {
  const wanted = choose({ params, inputs }, want.part).covered.filter(({ channel }) =>
    want.channels.includes(channel.name),
  );
  const names = new Map<number, Set<string>>();
  const need = (part: number, name: string): unknown => names.set(part, (names.get(part) ?? new Set()).add(name));
  for (const { channel, alpha } of wanted) {
    need(want.part, channel.name);
    need(alpha.part, alpha.channel.name);
  }
  const planes = new Map<string, Plane>();
  for (const [part, channels] of names) {
    const given = await sources.image.planes({ part, channels: [...channels], box: want.box });
    for (const name of channels) planes.set(`${part}/${name}`, given.get(name)!);
  }
  const groups = Map.groupBy(wanted, ({ alpha }) => `${alpha.part}/${alpha.channel.name}`);
  return new Map(
    [...groups].flatMap(([key, group]): [string, Plane][] => {
      const made = work(
        group.map(({ channel }) => planes.get(`${want.part}/${channel.name}`)!),
        planes.get(key)!,
      );
      return group.map(({ channel }, i) => [channel.name, made[i]!]);
    }),
  );
}

/** `R, G, B`, for the canvas. */
export const channelsSummary = ({ channels, alpha }: AlphaParams): string =>
  `${listNames(channels, 4)}${alpha === '' ? '' : ` by ${alpha}`}`;
