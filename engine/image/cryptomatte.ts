// Cryptomattes in an image: which channels and attributes belong together, and the ids and keys that names stand for.
// After Psyop's "Cryptomatte Specification" 1.2 (Friedman and Jones).
import { murmurHash } from '../base/murmur.ts';
import type { Attribute, AttributeSet } from './attribute.ts';
import type { PartSpec } from './spec.ts';
import { inViews, viewsIn } from './view.ts';

/** A channel of a part. */
export interface ChannelAt {
  readonly part: number;
  readonly channel: string;
}

/** What the header of a part says of a Cryptomatte. */
export interface CryptomatteHeader {
  readonly part: number;
  /** What stands between `cryptomatte/` and the field: seven hexadecimal digits of the hash of the name, by custom. */
  readonly key: string;
  /** Field, such as `name`, `hash`, `conversion`, `manifest` or `manif_file`, to its attribute. */
  readonly fields: ReadonlyMap<string, Attribute>;
}

/** One Cryptomatte of one view. */
export interface Cryptomatte {
  /** Channels are called by it: `crypto_object` has `crypto_object00.R`. */
  readonly name: string;
  readonly view?: string;
  readonly headers: readonly CryptomatteHeader[];
  /** Every channel of it, the preview `name.R` included. */
  readonly channels: readonly ChannelAt[];
  /** Pairs of id and coverage, from the thing that covers most of a pixel on. */
  readonly ranks: readonly { readonly id: ChannelAt; readonly coverage: ChannelAt }[];
}

/**
 * The bits of the float that stands for a name. A float whose exponent is all zeros or all ones may not survive, so its
 * lowest exponent bit is turned over.
 */
export function idBits(name: string): number {
  const hash = murmurHash(name);
  const exponent = (hash >>> 23) & 255;
  return (exponent === 0 || exponent === 255 ? hash ^ 0x800000 : hash) >>> 0;
}

/** Eight hexadecimal digits, as manifests have them. */
export const idText = (bits: number): string => bits.toString(16).padStart(8, '0');

/** The key under which the attributes of a Cryptomatte of this name stand. */
export const cryptomatteKey = (name: string): string => idText(murmurHash(name)).slice(0, 7);

const FIELD = /^cryptomatte\/([^/]+)\/(.+)$/;
/** Letters of channels, in any case, as their places: id, coverage, id, coverage. */
const LETTERS: Readonly<Record<string, number>> = { r: 0, red: 0, g: 1, green: 1, b: 2, blue: 2, a: 3, alpha: 3 };
const LEVEL = /^(\d{2,})?\.([^.]+)$/;

/** What the attributes of a part say of Cryptomattes, by name; what has no name is left out. */
export function cryptomatteHeaders(attributes: AttributeSet, part = 0): Map<string, CryptomatteHeader> {
  const byKey = new Map<string, Map<string, Attribute>>();
  for (const attribute of attributes) {
    const [, key, field] = FIELD.exec(attribute.name) ?? [];
    if (key === undefined || field === undefined) continue;
    byKey.set(key, (byKey.get(key) ?? new Map<string, Attribute>()).set(field, attribute));
  }
  const found = new Map<string, CryptomatteHeader>();
  for (const [key, fields] of byKey) {
    const name = textOf(fields.get('name'));
    if (name && !found.has(name)) found.set(name, { part, key, fields });
  }
  return found;
}

/** The text of a string attribute; undefined for another type and for bytes that are no text. */
export function textOf(attribute: Attribute | undefined): string | undefined {
  if (attribute?.type !== 'string') return undefined;
  try {
    return decoder.decode(attribute.bytes);
  } catch {
    return undefined;
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The level and place of a channel of a Cryptomatte of this name; level -1 is the preview. Undefined for any other channel.
 * `channel` is its `layered` name (`inViews`): in files of several parts a part may be called `crypto_object00` and hold R, G,
 * B, A, and where a part holds several views a channel may be called `crypto_object00.left.R`.
 */
export function placeInCryptomatte(
  name: string,
  channel: string,
): { readonly level: number; readonly place: number } | undefined {
  if (!channel.startsWith(name)) return undefined;
  const [, level, letter] = LEVEL.exec(channel.slice(name.length)) ?? [];
  const place = letter === undefined ? undefined : LETTERS[letter.toLowerCase()];
  return place === undefined ? undefined : { level: level === undefined ? -1 : Number(level), place };
}

/** All Cryptomattes of an image that have a name in a header, those without channels included, in the order of headers. */
export function cryptomattesOf(
  parts: readonly Pick<PartSpec, 'attributes' | 'channels' | 'name' | 'view'>[],
): Cryptomatte[] {
  const headers = new Map<string, CryptomatteHeader[]>();
  for (const [index, { attributes }] of parts.entries()) {
    for (const [name, header] of cryptomatteHeaders(attributes, index))
      headers.set(name, [...(headers.get(name) ?? []), header]);
  }
  const all = parts.flatMap((spec, part) => {
    const inView = inViews(spec);
    return spec.channels.map(({ name }) => ({ at: { part, channel: name }, ...inView(name) }));
  });
  return [...headers].flatMap(([name, told]) => {
    const own = all.flatMap((channel) => {
      const place = placeInCryptomatte(name, channel.layered);
      return place ? [{ ...channel, ...place }] : [];
    });
    if (own.length === 0) return [{ name, headers: told, channels: [], ranks: [] }];
    const byView = Map.groupBy(own, ({ view }) => view);
    const holding = new Set(own.map(({ at }) => at.part));
    const views = new Set(parts.flatMap((spec, part) => (holding.has(part) ? viewsOf(spec) : [])));
    return [...views].flatMap((view): Cryptomatte[] => {
      const places = byView.get(view);
      if (!places) return [];
      const beside = told.filter(({ part }) => viewsOf(parts[part]!).includes(view));
      return [
        {
          name,
          ...(view === undefined ? {} : { view }),
          headers: beside.length > 0 ? beside : told,
          channels: places.map(({ at }) => at),
          ranks: ranksOf(places),
        },
      ];
    });
  });
}

/** The views that a part may have channels of, the one that it states or its default one first. */
const viewsOf = ({ view, attributes }: Pick<PartSpec, 'attributes' | 'view'>): (string | undefined)[] => [
  ...(view === undefined ? [] : [view]),
  ...viewsIn(attributes),
  ...(view === undefined ? [undefined] : []),
];

/** The ids and coverages of Cryptomattes among the channels of each part: numbers that have no mean, and that belong together. */
export function cryptomatteChannels(parts: Parameters<typeof cryptomattesOf>[0]): ReadonlySet<string>[] {
  const found = parts.map(() => new Set<string>());
  for (const { ranks } of cryptomattesOf(parts)) {
    for (const { part, channel } of ranks.flatMap(({ id, coverage }) => [id, coverage])) found[part]!.add(channel);
  }
  return found;
}

function ranksOf(places: readonly { at: ChannelAt; level: number; place: number }[]): Cryptomatte['ranks'] {
  const byRank = new Map<number, { id?: ChannelAt; coverage?: ChannelAt }>();
  for (const { at, level, place } of places) {
    if (level < 0) continue;
    const rank = level * 2 + (place >> 1);
    const known = byRank.get(rank) ?? {};
    if (place % 2 === 0) known.id ??= at;
    else known.coverage ??= at;
    byRank.set(rank, known);
  }
  return [...byRank]
    .sort(([a], [b]) => a - b)
    .flatMap(([, { id, coverage }]) => (id && coverage ? [{ id, coverage }] : []));
}
