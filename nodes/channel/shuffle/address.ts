// Finding channels by address: `source:part/layer.channel`, with one star, each piece but the channel optional.
import {
  type ChannelSpec,
  captureName,
  countStars,
  type ErrorCode,
  findPart,
  type ImageSpec,
  listNames,
  nearNames,
  type PartSpec,
  partLabel,
  partLabels,
} from '../../../engine/authoring.ts';

/** The images on the port `sources` by name. */
export type Sources = Readonly<Record<string, ImageSpec>>;

/** One part of one source. */
export interface SourcePart {
  readonly source: string;
  readonly index: number;
  readonly part: PartSpec;
}

export interface Match {
  readonly channel: ChannelSpec;
  /** What the star stood for; empty where the address has none. */
  readonly star: string;
}

/** All channels that fit an address, of one part of one source; or why there is none, with addresses that would do. */
export type Finding =
  | { readonly found: SourcePart; readonly matches: readonly Match[] }
  | { readonly code: ErrorCode; readonly message: string; readonly instead: readonly string[] };

/** Every part of every source, in the order of the links. */
export const allParts = (sources: Sources): SourcePart[] =>
  Object.entries(sources).flatMap(([source, { parts }]) => parts.map((part, index) => ({ source, index, part })));

/** A name for a part of a source in messages: `beauty`, or `beauty:diffuse` where the source has several parts. */
export const sourcePartLabel = (sources: Sources, { source, index, part }: SourcePart): string =>
  sources[source]!.parts.length > 1 ? `${source}:${partLabel(part, index)}` : source;

/** The address of a channel, or of a pattern, that leaves nothing open. */
export const addressOf = (sources: Sources, at: SourcePart, channel: string): string =>
  sources[at.source]!.parts.length > 1
    ? `${at.source}:${partLabel(at.part, at.index)}/${channel}`
    : `${at.source}:${channel}`;

/** Finds what an address means. A source or part named in it wins over a channel whose own name holds `:` or `/`. */
export function findChannels(address: string, sources: Sources): Finding {
  const colon = address.indexOf(':');
  const prefix = address.slice(0, Math.max(0, colon));
  const named = colon > 0 && Object.hasOwn(sources, prefix);
  const groups = named ? search(address.slice(colon + 1), pick(sources, prefix)) : [];
  if (groups.length === 0) groups.push(...search(address, sources));
  if (groups.length === 1) return groups[0]!;
  if (groups.length > 1) {
    const pattern = countStars(address) > 0;
    const instead = groups.map((g) => addressOf(sources, g.found, pattern ? g.piece : g.matches[0]!.channel.name));
    return {
      code: 'channel-ambiguous',
      message: `${address} may mean ${listNames(instead)}. Write one of them.`,
      instead,
    };
  }
  return named
    ? unknownIn(address, address.slice(colon + 1), pick(sources, prefix))
    : unknown(address, prefix, sources);
}

interface Group {
  readonly found: SourcePart;
  readonly matches: readonly Match[];
  /** The piece of the address that was read as the channel. */
  readonly piece: string;
}

const pick = (sources: Sources, name: string): Sources => ({ [name]: sources[name]! });

/** Every part of every source in which the text finds channels, read as part and channel or, failing that, as channel. */
function search(text: string, sources: Sources): Group[] {
  const groups: Group[] = [];
  for (const [source, { parts }] of Object.entries(sources)) {
    for (let at = text.indexOf('/'); at >= 0; at = text.indexOf('/', at + 1)) {
      const index = findPart(parts, text.slice(0, at));
      if (index !== undefined) groups.push(...match({ source, index, part: parts[index]! }, text.slice(at + 1)));
    }
  }
  if (groups.length > 0) return groups;
  return allParts(sources).flatMap((at) => match(at, text));
}

function match(found: SourcePart, piece: string): Group[] {
  const matches: Match[] = [];
  for (const channel of found.part.channels) {
    const star = captureName(piece, channel.name);
    if (star !== undefined) matches.push({ channel, star });
  }
  return matches.length > 0 ? [{ found, matches, piece }] : [];
}

/** Why nothing was found where the address names no connected source. */
function unknown(address: string, prefix: string, sources: Sources): Finding {
  const names = Object.keys(sources);
  if (/^[A-Za-z][\w-]*$/.test(prefix)) {
    const rest = address.slice(prefix.length + 1);
    return {
      code: 'source-unknown',
      message: `There is no source ${prefix}. Connected: ${listNames(names)}.`,
      instead: nearNames(prefix, names).map((name) => `${name}:${rest}`),
    };
  }
  return unknownIn(address, address, sources);
}

/** Why nothing was found within these sources. */
function unknownIn(address: string, rest: string, sources: Sources): Finding {
  const slash = rest.indexOf('/');
  const all = allParts(sources);
  if (slash > 0 && all.every(({ source }) => findPart(sources[source]!.parts, rest.slice(0, slash)) === undefined)) {
    const several = Object.entries(sources).filter(([, { parts }]) => parts.length > 1);
    if (several.length > 0 || /^#\d+$/.test(rest.slice(0, slash))) {
      const parts = Object.entries(sources).map(([source, s]) => `${source} has ${listNames(partLabels(s.parts))}`);
      return {
        code: 'part-unknown',
        message: `There is no part ${rest.slice(0, slash)} for ${address}. Parts: ${parts.join('; ')}.`,
        instead: [],
      };
    }
  }
  const addresses = new Map<string, string>();
  for (const at of all) {
    for (const { name } of at.part.channels) {
      if (!addresses.has(name)) addresses.set(name, addressOf(sources, at, name));
    }
  }
  const near = countStars(rest) > 0 ? [] : nearNames(rest.slice(rest.indexOf('/') + 1), addresses.keys());
  const hint = near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : '';
  return {
    code: 'channel-unknown',
    message: `No channel fits ${address}.${hint} There are: ${listNames([...addresses.keys()])}.`,
    instead: near.map((name) => addresses.get(name)!),
  };
}
