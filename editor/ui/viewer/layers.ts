// The channels of a part as layers that can be looked at: what stands for red, green, blue and alpha in each.
import type { ChannelSpec, PartSpec, SampleType } from '../../../engine/browser.ts';
import { isData, type Mode, modesFor } from './mode.ts';

export interface Layer {
  /** Names the layer within its part: what stands before the last dot, or the channel's own name where it stands alone. */
  readonly key: string;
  readonly title: string;
  /** One channel, shown as grey; or two to four in the order red, green, blue, alpha, null where nothing goes. */
  readonly channels: readonly (string | null)[];
  /** The sample types in it: one word, or several with a stroke between. */
  readonly types: string;
}

/** The key of plain R, G, B and A. */
export const MAIN_LAYER = 'rgba';

/** Names, in lower case, that stand for red, green, blue and alpha. */
const SLOTS: readonly (readonly string[])[] = [
  ['r', 'red', 'x', 'u'],
  ['g', 'green', 'y', 'v'],
  ['b', 'blue', 'z', 'w'],
  ['a', 'alpha'],
];
const COLOURS: readonly (readonly string[])[] = [
  ['r', 'red'],
  ['g', 'green'],
  ['b', 'blue'],
  ['a', 'alpha'],
];

const splitName = (name: string): readonly [layer: string, channel: string] => {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? ['', name] : [name.slice(0, dot), name.slice(dot + 1)];
};

const typesOf = (channels: readonly ChannelSpec[]): string =>
  [...new Set<SampleType>(channels.map(({ type }) => type))].join('/');

/** Puts channels into slots by their last names; those without a slot, or whose slot is taken, are left over. */
function arrange(channels: readonly ChannelSpec[], slots: readonly (readonly string[])[]) {
  const placed: (ChannelSpec | null)[] = [null, null, null, null];
  const left: ChannelSpec[] = [];
  for (const channel of channels) {
    const last = splitName(channel.name)[1].toLowerCase();
    const slot = slots.findIndex((names) => names.includes(last));
    if (slot >= 0 && placed[slot] === null) placed[slot] = channel;
    else left.push(channel);
  }
  return { placed, left };
}

const single = (channel: ChannelSpec): Layer => ({
  key: channel.name,
  title: channel.name,
  channels: [channel.name],
  types: channel.type,
});

/** Channels without a layer: R, G, B and A together, every other one by itself. */
function mainLayers(channels: readonly ChannelSpec[]): Layer[] {
  const { placed, left } = arrange(channels, COLOURS);
  const colours = placed.slice(0, 3).filter((channel) => channel !== null);
  const layers: Layer[] = [];
  if (colours.length > 0) {
    const names = placed.map((channel) => channel?.name ?? null);
    const all = placed.filter((channel) => channel !== null);
    const title = `${all.map(({ name }) => name).join('')}`;
    layers.push({ key: MAIN_LAYER, title, channels: placed[3] ? names : names.slice(0, 3), types: typesOf(all) });
  } else if (placed[3]) layers.push(single(placed[3]));
  // The luminance of a luminance-chroma image goes before its chroma.
  return [...layers, ...left.toSorted((a, b) => Number(b.name === 'Y') - Number(a.name === 'Y')).map(single)];
}

function namedLayer(key: string, channels: readonly ChannelSpec[]): Layer[] {
  const [only] = channels;
  if (channels.length === 1 && only) return [{ ...single(only), title: only.name }];
  // Beside each other as colours they would tell nothing.
  if (channels.every(({ name, type }) => isData(name, type))) return channels.map(single);
  const { placed, left } = arrange(channels, SLOTS);
  for (const channel of [...left]) {
    const free = placed.slice(0, 3).indexOf(null);
    if (free < 0) break;
    placed[free] = channel;
    left.splice(left.indexOf(channel), 1);
  }
  const names = placed.map((channel) => channel?.name ?? null);
  const most = names.findLastIndex((name) => name !== null) + 1;
  const all = placed.filter((channel) => channel !== null);
  const group: Layer = { key, title: key, channels: names.slice(0, Math.max(2, most)), types: typesOf(all) };
  return [group, ...left.map(single)];
}

const arranged = new WeakMap<PartSpec, readonly Layer[]>();

/** The main layer first, then the others in the order of their names. Never empty where there are channels. */
export function layersOf(part: PartSpec): readonly Layer[] {
  const layers = arranged.get(part) ?? layersFrom(part);
  arranged.set(part, layers);
  return layers;
}

function layersFrom(part: PartSpec): readonly Layer[] {
  const groups = new Map<string, ChannelSpec[]>();
  for (const channel of part.channels) {
    const [layer] = splitName(channel.name);
    groups.set(layer, [...(groups.get(layer) ?? []), channel]);
  }
  return [...groups.keys()]
    .sort((a, b) => (a === '' ? -1 : b === '' ? 1 : a < b ? -1 : 1))
    .flatMap((key) => (key === '' ? mainLayers(groups.get('')!) : namedLayer(key, groups.get(key)!)));
}

/** Every channel of a part by itself, in its order. */
export const singlesOf = (part: PartSpec): readonly Layer[] => part.channels.map(single);

/** The layer with a key, a channel with that name, or the first one. */
export const findLayer = (part: PartSpec, key: string | undefined): Layer | undefined => {
  const layers = layersOf(part);
  return layers.find((layer) => layer.key === key) ?? singlesOf(part).find((layer) => layer.key === key) ?? layers[0];
};

/** What a layer can be drawn as, the mode for it first. Several channels together are light. */
export function modesOf(part: PartSpec, { channels: [name, ...more] }: Layer): readonly Mode[] {
  const type = part.channels.find((channel) => channel.name === name)?.type;
  return more.length > 0 || typeof name !== 'string' || type === undefined ? ['light'] : modesFor(name, type);
}

/** The order in which data is looked for. */
const FIRST: readonly Mode[] = ['relief', 'ids', 'heat'];

const firsts = new WeakMap<PartSpec, { readonly key: string | undefined }>();

/**
 * The key of what a part is looked at for before anything is chosen: data that its node has made, such as the heights among
 * the normals that they come of. Undefined where the first layer will do, as where all has been made, by a node that reads.
 */
export function firstLayer(part: PartSpec): string | undefined {
  const known = firsts.get(part);
  if (known) return known.key;
  const isMade = ({ origin }: ChannelSpec): boolean => origin.from === 'computed';
  const [first] = layersOf(part);
  const all = part.channels.filter(({ name }) => first?.channels.includes(name)).every(isMade);
  const isRead = all && (part.stored !== undefined || first?.key === MAIN_LAYER);
  const made = isRead ? [] : part.channels.filter((one) => isMade(one) && isData(one.name, one.type));
  const rank = ({ name, type }: ChannelSpec): number => FIRST.indexOf(modesFor(name, type)[0]!);
  const key = made.toSorted((a, b) => rank(a) - rank(b))[0]?.name;
  firsts.set(part, { key });
  return key;
}

/** Beside numbers of islands: 1 where they are mirrored across, 2 down. */
const MIRROR = 'mirror';

/** The channels that are drawn: a layer's, and with numbers of islands how those are mirrored, where that is known. */
export function drawnChannels(part: PartSpec, { channels }: Layer, mode: Mode): (string | null)[] {
  const [name] = channels;
  if (mode !== 'ids' || typeof name !== 'string') return [...channels];
  const [layer] = splitName(name);
  const beside = layer === '' ? MIRROR : `${layer}.${MIRROR}`;
  const isThere =
    beside !== name && part.channels.some((channel) => channel.name === beside && channel.type === 'uint');
  return isThere ? [name, beside] : [name];
}

/** A channel's name without its layer. */
export const shortName = (name: string): string => splitName(name)[1];
