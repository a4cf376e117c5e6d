// Which channels of a deep part are laid over each other, and by which alpha; and which are depths, or numbers to pick.
import { type ChannelSpec, type ImageSpec, matchesName, rolesOf } from '../../../engine/authoring.ts';

export const DEPTH = 'Z';
export const BACK = 'ZBack';

/** Channels with the alpha that covers them. */
export interface Covered {
  /** Absent where the part has no alpha: then every sample is opaque. */
  readonly alpha?: string;
  /** Names, without that of the alpha. */
  readonly colours: readonly string[];
}

export interface Parting {
  /** The first is covered by the alpha of the part. */
  readonly covered: readonly Covered[];
  /** Channels of which a pixel takes the nearest sample that is seen. */
  readonly picked: readonly string[];
}

/** Parts the channels of a part of an image by their roles. `over` are patterns of more channels to be laid over. */
export function partChannels({ parts }: ImageSpec, index: number, over: readonly string[]): Parting {
  const part = parts[index]!;
  const roles = rolesOf(part, parts[0]!.attributes);
  const isDepth = ({ name }: ChannelSpec): boolean => name === DEPTH || name === BACK;
  const isAlpha = ({ name, type }: ChannelSpec): boolean => type !== 'uint' && roles.get(name) === 'alpha';
  const isLaid = (channel: ChannelSpec): boolean =>
    !isDepth(channel) &&
    channel.type !== 'uint' &&
    (isAlpha(channel) ||
      roles.get(channel.name) === 'colour' ||
      over.some((pattern) => matchesName(pattern, channel.name)));

  const alphas = part.channels.filter(isAlpha).map(({ name }) => name);
  const byAlpha = new Map<string | undefined, string[]>([[alphaIn(alphas, '', ''), []]]);
  for (const channel of part.channels.filter(isLaid)) {
    const { name } = channel;
    const dot = name.lastIndexOf('.') + 1;
    const [layer, letter] = [name.slice(0, dot), name.slice(dot)];
    const alpha = isAlpha(channel) ? name : (alphaIn(alphas, layer, letter) ?? alphaIn(alphas, '', ''));
    const colours = byAlpha.get(alpha) ?? [];
    byAlpha.set(alpha, colours);
    if (alpha !== name) colours.push(name);
  }
  return {
    covered: [...byAlpha].map(([alpha, colours]) => ({ ...(alpha === undefined ? {} : { alpha }), colours })),
    picked: part.channels.filter((c) => !isLaid(c) && !isDepth(c)).map(({ name }) => name),
  };
}

/** The opacity of a colour of its own (`AR`; "Technical Introduction to OpenEXR", "Channel Names"), else of its layer. */
function alphaIn(alphas: readonly string[], layer: string, letter: string): string | undefined {
  const wanted = [`a${letter}`, 'a', 'alpha'].map((name) => layer.toLowerCase() + name.toLowerCase());
  return wanted
    .map((name) => alphas.find((alpha) => alpha.toLowerCase() === name))
    .find((found) => found !== undefined);
}
