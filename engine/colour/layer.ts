// Layers of colour: which channels of a part are a colour together, and which only look like one.
import { alphaOf, type ChannelPlace } from '../image/alpha.ts';
import { cryptomatteHeaders } from '../image/cryptomatte.ts';
import { matchesName } from '../image/names.ts';
import { layerRole } from '../image/role.ts';
import type { ChannelSpec, ImageSpec, PartSpec } from '../image/spec.ts';
import { inViews } from '../image/view.ts';
import type { PointwiseGroup } from '../node/define.ts';
import { type PointwiseProgram, takesAlpha } from '../pixels/step.ts';

/** Three channels that are one colour: `R`, `G`, `B`, or `layer.R`, `layer.G`, `layer.B`. */
export interface Layer {
  /** Empty for the main layer. */
  readonly name: string;
  readonly channels: readonly [ChannelSpec, ChannelSpec, ChannelSpec];
  /** The alpha that belongs to it, by the rule of `alphaOf`. */
  readonly alpha?: ChannelPlace;
  /** Why its numbers are probably no colour, as the end of a sentence. */
  readonly doubt?: string;
}

/** Every group of R, G and B in a part of an image, the main one first, then as they are stored. */
export function layersOf(image: ImageSpec, index: number): Layer[] {
  const part = image.parts[index]!;
  const byName = new Map(part.channels.map((c) => [c.name, c]));
  const crypto = [
    ...cryptomatteHeaders(part.attributes).keys(),
    ...cryptomatteHeaders(image.parts[0]!.attributes).keys(),
  ];
  const inView = inViews(part);
  const layers = part.channels.flatMap(({ name }): Layer[] => {
    if (name !== 'R' && !name.endsWith('.R')) return [];
    const prefix = name.slice(0, -1);
    const [r, g, b] = ['R', 'G', 'B'].map((letter) => byName.get(prefix + letter));
    if (!r || !g || !b) return [];
    const layer = prefix.slice(0, -1);
    const alpha = alphaOf(image, index, name);
    const doubt = doubtOf(inView(name).layered.replace(/\.?R$/, ''), [r, g, b], crypto);
    return [{ name: layer, channels: [r, g, b], ...(alpha ? { alpha } : {}), ...(doubt ? { doubt } : {}) }];
  });
  return layers.sort((a, b) => Number(a.name !== '') - Number(b.name !== ''));
}

function doubtOf(layer: string, channels: readonly ChannelSpec[], crypto: readonly string[]): string | undefined {
  if (channels.some((c) => c.type === 'uint')) return 'holds whole numbers';
  const set = channels.find(({ role }) => role !== undefined)?.role;
  if (set !== undefined) return set === 'colour' ? undefined : `is said to be ${set}`;
  if (crypto.some((name) => layer.startsWith(name))) return 'is a Cryptomatte';
  return layerRole(layer) === undefined ? undefined : 'is named as data';
}

/** Which layers a node changes. */
export interface LayerParams {
  /** Patterns of channel names. */
  readonly channels: readonly string[];
  /** What is done to layers that hold no colour. */
  readonly notColour: 'leave' | 'convert';
}

/** Whether channels that are no part of a colour, such as A, may be chosen by their names: of nodes that treat each by itself. */
export interface Singles {
  readonly singles?: boolean;
}

/** What patterns of channel names choose in a part. */
export interface Choice {
  readonly layers: readonly Layer[];
  /** Layers that fit only wildcards and are probably no colour: left as they are. */
  readonly left: readonly Layer[];
  /** Layers that were named and are probably no colour. */
  readonly doubtful: readonly Layer[];
  /** Channels that were named in full, are no part of a colour, and may be chosen all the same. */
  readonly singles: readonly string[];
  /** Channels that were named in full and are no part of a colour. */
  readonly alone: readonly string[];
  /** Channels of colours of which the patterns choose only a part. */
  readonly torn: readonly string[];
}

/** Chooses of the layers of a part. Where what is no colour is converted too, no layer is doubted. */
export function chooseIn(
  part: PartSpec,
  layers: readonly Layer[],
  { channels: patterns, notColour }: LayerParams,
  { singles = false }: Singles = {},
): Choice {
  const chosen = (name: string): boolean => patterns.some((pattern) => matchesName(pattern, name));
  const named = new Set(patterns.filter((pattern) => !pattern.includes('*')));
  const taken: Layer[] = [];
  const left: Layer[] = [];
  const doubtful: Layer[] = [];
  const torn: string[] = [];
  for (const layer of layers) {
    const names = layer.channels.map((c) => c.name).filter(chosen);
    if (names.length === 0) continue;
    if (names.length < 3) torn.push(...names);
    else if (layer.doubt === undefined || notColour === 'convert') taken.push(layer);
    else (isNamed(layer, patterns) ? doubtful : left).push(layer);
  }
  const ofLayers = new Set(layers.flatMap((layer) => layer.channels.map((c) => c.name)));
  // The main layer's letters are what every list of patterns begins with.
  const letters = ['R', 'G', 'B'];
  const others = part.channels.filter(({ name }) => named.has(name) && !ofLayers.has(name) && !letters.includes(name));
  const free = ({ type }: ChannelSpec): boolean => singles && type !== 'uint';
  const namesOf = (channels: readonly ChannelSpec[]): string[] => channels.map((c) => c.name);
  return {
    ...{ layers: taken, left, doubtful, torn },
    singles: namesOf(others.filter(free)),
    alone: namesOf(others.filter((channel) => !free(channel))),
  };
}

/** Whether a pattern spells out the name of the layer: `N.R` and `N.*` do, `*.R` does not. */
const isNamed = ({ name }: Layer, patterns: readonly string[]): boolean =>
  name !== '' && patterns.some((pattern) => pattern.startsWith(`${name}.`));

/** The channels that are light unless told otherwise. */
export const COLOUR_CHANNELS = ['R', 'G', 'B', '*.R', '*.G', '*.B'] as const;

/** `the main layer` or `layer diffuse`. */
export const layerLabel = ({ name }: Pick<Layer, 'name'>): string => (name === '' ? 'the main layer' : `layer ${name}`);

/** Layers as groups of a program. A layer without alpha is not divided and multiplied by it. */
export function groupLayers(layers: readonly Layer[], program: PointwiseProgram): PointwiseGroup[] {
  const covered = program.some(takesAlpha);
  const bare = program.filter((step) => !takesAlpha(step));
  return layers.map(({ channels, alpha }) => ({
    channels: channels.map((c) => c.name),
    ...(covered && alpha ? { alpha: { part: alpha.part, channel: alpha.channel.name }, program } : { program: bare }),
  }));
}
