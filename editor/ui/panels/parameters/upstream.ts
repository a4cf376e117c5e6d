// What is connected to a node, as lists to choose from: inputs, parts, layers and channels with their addresses.
import type { CatalogueEntry, ChannelSpec, ImageSpec } from '../../../../engine/browser.ts';
import type { NodeView } from '../../../protocol.ts';

export interface ChannelChoice {
  readonly name: string;
  /** As a parameter names it: `beauty:R`, `beauty:diffuse/R`, or `R` alone where there is one source without a name. */
  readonly address: string;
  readonly type: ChannelSpec['type'];
}

export interface LayerChoice {
  /** The name before the last dot; empty for channels without a layer. */
  readonly name: string;
  /** All its channels by one star; undefined for channels without a layer, which no star means alone. */
  readonly address: string | undefined;
  readonly channels: readonly ChannelChoice[];
}

/** One part of one input. */
export interface SourceChoice {
  /** The user's name of the input; the port's own name where it takes only one. */
  readonly name: string;
  /** Set where the input has several parts. */
  readonly part?: string;
  /** What stands before a channel. */
  readonly prefix: string;
  readonly layers: readonly LayerChoice[];
  readonly count: number;
}

/** The images that come in on ports, by the names that people gave them. */
export function inputsOf(
  view: NodeView | undefined,
): { readonly port: string; readonly name: string; readonly image: ImageSpec }[] {
  return Object.entries(view?.inputs ?? {}).map(([key, image]) => {
    const dot = key.indexOf('.');
    return { port: dot < 0 ? key : key.slice(0, dot), name: dot < 0 ? key : key.slice(dot + 1), image };
  });
}

/** The names of what is connected to ports that take many, in the order of the links. */
export const sourceNames = (view: NodeView | undefined, entry: CatalogueEntry | undefined): string[] => {
  const many = new Set(entry?.inputs.filter((port) => port.many).map((port) => port.name));
  return inputsOf(view)
    .filter(({ port }) => many.has(port))
    .map(({ name }) => name);
};

/** The channels of all inputs, grouped as people think of them. */
export function channelTree(view: NodeView | undefined, entry: CatalogueEntry | undefined): SourceChoice[] {
  const many = new Set(entry?.inputs.filter((port) => port.many).map((port) => port.name));
  return inputsOf(view).flatMap(({ port, name, image }) =>
    image.parts.map((part, index): SourceChoice => {
      const label = image.parts.length > 1 ? part.name || `#${index}` : undefined;
      const prefix = `${many.has(port) ? `${name}:` : ''}${many.has(port) && label !== undefined ? `${label}/` : ''}`;
      return {
        name,
        ...(label === undefined ? {} : { part: label }),
        prefix,
        layers: layersOf(part.channels, prefix),
        count: part.channels.length,
      };
    }),
  );
}

const ORDER = ['R', 'G', 'B', 'A', 'X', 'Y', 'Z', 'U', 'V'];

/** Colour first in the order of colour, then by name. */
function compareChannels(a: ChannelSpec, b: ChannelSpec): number {
  const rank = ({ name }: ChannelSpec): number => {
    const at = ORDER.indexOf(name.slice(name.lastIndexOf('.') + 1));
    return at < 0 ? ORDER.length : at;
  };
  return rank(a) - rank(b) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}

function layersOf(channels: readonly ChannelSpec[], prefix: string): LayerChoice[] {
  const layers = new Map<string, ChannelSpec[]>();
  for (const channel of channels) {
    const layer = channel.name.slice(0, Math.max(0, channel.name.lastIndexOf('.')));
    layers.set(layer, [...(layers.get(layer) ?? []), channel]);
  }
  return [...layers]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, own]) => ({
      name,
      address: name === '' ? undefined : `${prefix}${name}.*`,
      channels: own.toSorted(compareChannels).map((c) => ({ name: c.name, address: prefix + c.name, type: c.type })),
    }));
}

/** The tree with only what holds all words of the filter, in the name of the channel or of its source or part. */
export function filterTree(tree: readonly SourceChoice[], filter: string): SourceChoice[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...tree];
  return tree.flatMap((source) => {
    const about = `${source.name} ${source.part ?? ''}`.toLowerCase();
    const layers = source.layers.flatMap((layer) => {
      const channels = layer.channels.filter((channel) => {
        const text = `${about} ${channel.name.toLowerCase()}`;
        return words.every((word) => text.includes(word));
      });
      return channels.length > 0 ? [{ ...layer, channels }] : [];
    });
    return layers.length > 0 ? [{ ...source, layers }] : [];
  });
}

/** All addresses that can be typed, patterns of layers and sources among them. */
export function addressesOf(tree: readonly SourceChoice[]): string[] {
  return tree.flatMap(({ prefix, layers }) => [
    `${prefix}*`,
    ...layers.flatMap(({ address, channels }) => [
      ...(address === undefined ? [] : [address]),
      ...channels.map((channel) => channel.address),
    ]),
  ]);
}
