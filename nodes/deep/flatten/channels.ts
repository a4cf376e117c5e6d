// Which channels of a deep part are laid over each other, and by which alpha; and which are depths, or numbers to pick.
import { type ChannelSpec, type ImageSpec, isAlpha, layersOf, matchesName } from '../../../engine/authoring.ts';

export const DEPTH = 'Z';
export const BACK = 'ZBack';

/** Channels with the alpha that covers them. */
export interface Covered {
  /** Absent where the part has no alpha: then every sample is opaque. */
  readonly alpha?: string;
  /** Names, without that of the alpha. */
  readonly colours: readonly string[];
}

export interface Roles {
  /** The first is covered by the alpha of the part. */
  readonly covered: readonly Covered[];
  /** Channels of which a pixel takes the nearest sample that is seen. */
  readonly picked: readonly string[];
}

/** What the channels of a part of an image are. `over` are patterns of channels to be laid over besides colours. */
export function rolesOf(image: ImageSpec, index: number, over: readonly string[]): Roles {
  const { channels } = image.parts[index]!;
  const numbers = new Set(channels.filter(({ type }) => type !== 'uint').map(({ name }) => name));
  const layers = layersOf(image, index).filter(({ doubt }) => doubt === undefined);
  const light = new Set(layers.flatMap((layer) => layer.channels.map(({ name }) => name)));
  const isLight = ({ name, type }: ChannelSpec): boolean =>
    type !== 'uint' &&
    name !== DEPTH &&
    name !== BACK &&
    (light.has(name) || LUMINANCE.has(name) || isOpacity(name) || over.some((pattern) => matchesName(pattern, name)));

  const byAlpha = new Map<string | undefined, string[]>([[numbers.has('A') ? 'A' : undefined, []]]);
  for (const channel of channels) {
    if (!isLight(channel)) continue;
    const { name } = channel;
    const alpha = isOpacity(name) ? name : alphaFor(name, numbers);
    const colours = byAlpha.get(alpha) ?? [];
    byAlpha.set(alpha, colours);
    if (alpha !== name) colours.push(name);
  }
  return {
    covered: [...byAlpha].map(([alpha, colours]) => ({ ...(alpha === undefined ? {} : { alpha }), colours })),
    picked: channels.filter((c) => !isLight(c) && c.name !== DEPTH && c.name !== BACK).map(({ name }) => name),
  };
}

const LUMINANCE: ReadonlySet<string> = new Set(['Y', 'RY', 'BY']);

/** `A`, `AR`, `AG`, `AB`, alone or in a layer ("Technical Introduction to OpenEXR", "Channel Names"). */
const isOpacity = (name: string): boolean => isAlpha(name) || /(^|\.)A[RGB]$/.test(name);

/** The opacity of a colour of its own, else of its layer, else of the part. */
function alphaFor(name: string, numbers: ReadonlySet<string>): string | undefined {
  const dot = name.lastIndexOf('.') + 1;
  const [layer, letter] = [name.slice(0, dot), name.slice(dot)];
  const own = ['R', 'G', 'B'].includes(letter) ? [`${layer}A${letter}`] : [];
  return [...own, `${layer}A`, 'A'].find((candidate) => numbers.has(candidate));
}
