// Parts on their way through a node: how they are addressed, handed on untouched, and what OpenEXR demands of them.
import type { ChannelSpec, ImageSpec, PartSpec, Stored, Substitution } from './spec.ts';

/**
 * Attributes that every file must have (OpenEXR file layout, "Header attributes") and that no part spec states itself,
 * with their types. They can be changed but not taken away.
 */
export const REQUIRED_ATTRIBUTES: Readonly<Record<string, string>> = {
  pixelAspectRatio: 'float',
  screenWindowCenter: 'v2f',
  screenWindowWidth: 'float',
};

/**
 * What all parts of a file share. A later part may lack one; it may not have one that the first part lacks, nor another
 * value than the first part (OpenEXR's rule for multi-part files).
 */
export const SHARED_ATTRIBUTES = ['displayWindow', 'pixelAspectRatio', 'timeCode', 'chromaticities'] as const;

/** The name of a part, or `#` and its number where it has none or an empty one. */
export const partLabel = (part: PartSpec, index: number): string => part.name || `#${index}`;

/**
 * The layer that a part is called by, where channels without a layer of their own may stand: its name, without the view
 * that multi-part files put behind it, as `normals.left` or `normals_left`. Nuke writes and reads files of several parts so
 * (`exrReader` of its developer kit: part names stand before the names of channels where none of these has a dot). Empty
 * where the part has no such name.
 */
export function partLayer({ name = '', view = '' }: Pick<PartSpec, 'name' | 'view'>): string {
  if (view === '') return name;
  if (name === view) return '';
  return name.endsWith(`.${view}`) || name.endsWith(`_${view}`) ? name.slice(0, -view.length - 1) : name;
}

/** The name of a channel of a part with its layer: that which its name has, or else that of the part. */
export function layeredName(channel: string, part: Pick<PartSpec, 'name' | 'view'>): string {
  const layer = channel.includes('.') ? '' : partLayer(part);
  return layer === '' ? channel : `${layer}.${channel}`;
}

/** The labels of all parts. */
export const partLabels = (parts: readonly PartSpec[]): string[] => parts.map(partLabel);

/** The number of the part that has this name, or else the number that is written as `#1` or given as one. */
export function findPart(parts: readonly PartSpec[], address: string | number): number | undefined {
  const named = typeof address === 'string' ? parts.findIndex((p) => p.name === address) : -1;
  if (named >= 0) return named;
  const number = typeof address === 'number' ? address : /^#\d{1,9}$/.test(address) ? Number(address.slice(1)) : -1;
  return Number.isInteger(number) && number >= 0 && number < parts.length ? number : undefined;
}

/** The channels of a part of an input, handed on untouched. `port` is `image` or, of a many-input port, `sources.beauty`. */
export const passChannels = (part: PartSpec, port: string, index: number): ChannelSpec[] =>
  part.channels.map((c) => ({ ...c, origin: { from: 'input', port, part: index, channel: c.name } }));

/** A part of an input, handed on untouched. */
export const passPart = (part: PartSpec, port: string, index: number): PartSpec => ({
  ...part,
  channels: passChannels(part, port, index),
});

/** An image of an input, handed on untouched. */
export const passImage = (image: ImageSpec, port: string): ImageSpec => ({
  ...image,
  parts: image.parts.map((part, index) => passPart(part, port, index)),
});

/**
 * A part of an input of which the named channels are made anew, under their names and in their types; the others pass.
 * Its stored chunks no longer hold it, nor its lower levels.
 */
export function recomputePart(part: PartSpec, port: string, index: number, names: ReadonlySet<string>): PartSpec {
  const passed = passPart(part, port, index);
  if (!part.channels.some((c) => names.has(c.name))) return passed;
  const channels = passed.channels.map(
    (c): ChannelSpec => (names.has(c.name) ? { ...c, origin: { from: 'computed' } } : c),
  );
  return { ...passed, channels, ...(part.stored ? { stored: storedAnew(part.stored) } : {}) };
}

/** The same part with black instead of its pixels: for a frame that has none. Its attributes stay. */
export function blackPart(part: PartSpec): PartSpec {
  const channels = part.channels.map((c): ChannelSpec => ({ ...c, origin: { from: 'constant', value: 0 } }));
  if (!part.stored) return { ...part, channels };
  const { chunks: _, copyOnly: __, ...stored } = part.stored;
  return { ...part, channels, stored };
}

/** How a part is stored once it holds other samples or another window: without the chunks of a file or lower levels. */
export function storedAnew({ chunks: _, tiles, ...kept }: Stored): Stored {
  return tiles ? { ...kept, tiles: { ...tiles, levels: 'one' } } : kept;
}

/** The substitutions of several inputs, each once, in the form in which an image spec holds them. */
export function mergeSubstitutions(images: Iterable<ImageSpec>): { readonly substitutions?: readonly Substitution[] } {
  const merged = new Map<string, Substitution>();
  for (const image of images) {
    for (const s of image.substitutions ?? []) merged.set(`${s.node}\0${s.asked}\0${s.used}`, s);
  }
  return merged.size > 0 ? { substitutions: [...merged.values()] } : {};
}

/** `stored` with the names that are not in its header order yet put at its end. */
export function withHeaderNames<S extends Pick<Stored, 'headerOrder'>>(stored: S, names: Iterable<string>): S {
  const known = new Set(stored.headerOrder);
  const added = [...new Set(names)].filter((name) => !known.has(name));
  return added.length > 0 ? { ...stored, headerOrder: [...stored.headerOrder, ...added] } : stored;
}
