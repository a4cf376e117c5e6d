// Which channels of two images are merged: parts and channels paired by name, with the alphas that belong to them.
import {
  alphaOf,
  type ChannelSpec,
  cryptomatteChannels,
  type ImageSpec,
  isAlpha,
  type MergeOperation,
  matchesName,
  type PartSpec,
  USES_ALPHA_OF_A,
  USES_ALPHA_OF_B,
} from '../../../engine/authoring.ts';

/** What the nodes of this category ask of a pair of images. */
export interface PairOptions {
  readonly operation: MergeOperation;
  /** Patterns of the names of the channels to merge. */
  readonly channels: readonly string[];
  /** `zero`: a channel that one image lacks counts as 0 there. `pass`: only channels that both have are merged. */
  readonly lacking: 'zero' | 'pass';
  readonly missingAlpha: 'transparent' | 'opaque';
  readonly window: 'union' | 'intersection' | 'A' | 'B';
  readonly extra: 'drop' | 'join';
  readonly attributes: 'B' | 'join';
  readonly maskChannel: string;
  readonly invertMask: boolean;
  readonly mix: number;
}

/** The images that come in. */
export interface PairInputs {
  readonly A: ImageSpec;
  readonly B: ImageSpec;
  readonly mask: ImageSpec | undefined;
}

export type Side = 'A' | 'B' | 'mask';

/** A channel of an input; `opaque` where it is none of it but 1 within the part's data window. */
export interface Origin {
  readonly side: Side;
  readonly part: number;
  readonly channel: ChannelSpec | 'opaque';
}

/** A channel that is merged. */
export interface MergedChannel {
  readonly name: string;
  readonly type: 'half' | 'float';
  readonly operation: MergeOperation;
  /** Absent where that image lacks it: it counts as 0. */
  readonly a?: Origin;
  readonly b?: Origin;
  readonly alphaA?: Origin;
  readonly alphaB?: Origin;
}

/** A part of B, and the part of A that is merged onto it. */
export interface PartPair {
  readonly b: number;
  readonly a: number | undefined;
  readonly merged: readonly MergedChannel[];
  /** Channels of whole numbers that patterns chose: they cannot be merged. */
  readonly wholes: readonly string[];
  /** Ids and coverages of Cryptomattes that patterns chose: they stay those of B, unless they are named in full. */
  readonly crypto: readonly string[];
  /** Channels of A that come along as they are. */
  readonly joined: readonly ChannelSpec[];
  /** The images whose alpha the operation needs and that have none. */
  readonly without: readonly Side[];
}

/** The pairs, one for each part of B in order. */
export function planPairs(options: PairOptions, inputs: PairInputs): PartPair[] {
  const crypto = cryptoOf(inputs);
  return inputs.B.parts.map((_, index) => planPair(options, inputs, index, crypto));
}

/** The pair of a part of B. */
export function planPair(options: PairOptions, inputs: PairInputs, b: number, known = cryptoOf(inputs)): PartPair {
  const a = partnerOf(inputs, b);
  if (a === undefined || options.mix === 0)
    return { b, a, merged: [], wholes: [], crypto: [], joined: [], without: [] };
  const merged: MergedChannel[] = [];
  const wholes: string[] = [];
  const crypto: string[] = [];
  const ofCrypto = known.B[b]!.union(known.A[a]!);
  // R, G, B and A are no names of it where a part is called by it.
  const isLeft = (name: string): boolean =>
    ofCrypto.has(name) && !(name.includes('.') && options.channels.includes(name));
  const without = new Set<Side>();
  const own = byName(inputs.B.parts[b]!);
  const other = byName(inputs.A.parts[a]!);
  for (const name of new Set([...own.keys(), ...other.keys()])) {
    if (!options.channels.some((pattern) => matchesName(pattern, name))) continue;
    const [x, y] = [other.get(name), own.get(name)];
    if (options.lacking === 'pass' && !(x && y)) continue;
    if (isLeft(name)) crypto.push(name);
    else if (x?.type === 'uint' || y?.type === 'uint') wholes.push(name);
    else merged.push(mergedChannel(options, inputs, { name, a, b, x, y }, without));
  }
  const made = new Set(merged.map((channel) => channel.name));
  const joined =
    options.extra === 'join' ? [...other.values()].filter((c) => !own.has(c.name) && !made.has(c.name)) : [];
  return { b, a, merged, wholes, crypto, joined, without: [...without] };
}

const cryptoOf = ({ A, B }: PairInputs) => ({
  A: cryptomatteChannels(A.parts),
  B: cryptomatteChannels(B.parts),
});

const byName = (part: PartSpec): Map<string, ChannelSpec> => new Map(part.channels.map((c) => [c.name, c]));

/** The part of A that goes onto a part of B: that of the same name, or the first onto the first. */
function partnerOf({ A, B }: PairInputs, b: number): number | undefined {
  const { name } = B.parts[b]!;
  const named = name ? A.parts.findIndex((part) => part.name === name) : -1;
  if (named >= 0) return named;
  const [first] = A.parts;
  const taken = first?.name ? B.parts.some((part) => part.name === first.name) : false;
  return b === 0 && first && !taken ? 0 : undefined;
}

function mergedChannel(
  options: PairOptions,
  { A, B }: PairInputs,
  pair: {
    readonly name: string;
    readonly a: number;
    readonly b: number;
    readonly x: ChannelSpec | undefined;
    readonly y: ChannelSpec | undefined;
  },
  without: Set<Side>,
): MergedChannel {
  const { name, x, y } = pair;
  const opaque = options.missingAlpha === 'opaque';
  const alpha = (side: 'A' | 'B', image: ImageSpec, part: number, uses: ReadonlySet<MergeOperation>) => {
    if (!uses.has(options.operation)) return undefined;
    const found = alphaOf(image, part, name);
    if (found) return { side, ...found };
    without.add(side);
    return opaque ? { side, part, channel: 'opaque' as const } : undefined;
  };
  const value = (side: 'A' | 'B', part: number, channel: ChannelSpec | undefined): Origin | undefined => {
    if (channel) return { side, part, channel };
    return opaque && isAlpha(name) ? { side, part, channel: 'opaque' } : undefined;
  };
  const [a, b] = [value('A', pair.a, x), value('B', pair.b, y)];
  const alphaA = alpha('A', A, pair.a, USES_ALPHA_OF_A);
  const alphaB = alpha('B', B, pair.b, USES_ALPHA_OF_B);
  return {
    name,
    type: x?.type === 'float' || y?.type === 'float' ? 'float' : 'half',
    // The coverage of both together, whether colours are multiplied by it or not.
    operation: options.operation === 'matte' && isAlpha(name) ? 'over' : options.operation,
    ...(a ? { a } : {}),
    ...(b ? { b } : {}),
    ...(alphaA ? { alphaA } : {}),
    ...(alphaB ? { alphaB } : {}),
  };
}

/** Where the mask is: in the first part that has its channel. */
export function maskOrigin({ maskChannel }: PairOptions, mask: ImageSpec | undefined): Origin | undefined {
  for (const [part, { channels }] of (mask?.parts ?? []).entries()) {
    const channel = channels.find((c) => c.name === maskChannel);
    if (channel) return { side: 'mask', part, channel };
  }
  return undefined;
}
