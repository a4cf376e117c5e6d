// The image that two images become, decided from descriptions: windows, channels, attributes, and what is wrong with them.
import {
  type Attribute,
  type Box,
  box,
  boxContains,
  boxEquals,
  boxIntersection,
  boxIsEmpty,
  boxText,
  boxUnion,
  type ChannelSpec,
  findAttribute,
  type ImageSpec,
  type Loss,
  lowerQuality,
  mergeSubstitutions,
  type NodeProblem,
  type PartSpec,
  partLabel,
  passPart,
  recomputePart,
  sameAttribute,
  sortChannels,
  storedAnew,
  withHeaderNames,
} from '../../../engine/authoring.ts';
import { checkChannels, checkMask, checkReadable, checkTags } from './check.ts';
import { type PairInputs, type PairOptions, type PartPair, planPairs } from './plan.ts';

/** What the functions of this folder need of a node's context. */
export interface PairContext {
  readonly title: string;
  readonly node: string;
  readonly options: PairOptions;
  readonly inputs: PairInputs;
  report(problem: NodeProblem): void;
  lose(loss: Loss): void;
}

/** The image that comes out. */
export function describePair(ctx: PairContext): ImageSpec {
  const { A, B, mask } = ctx.inputs;
  const pairs = planPairs(ctx.options, ctx.inputs);
  if (ctx.options.mix > 0) {
    checkChannels(ctx, pairs);
    checkMask(ctx);
    checkReadable(ctx, pairs);
    checkTags(ctx, pairs);
  }
  const parts = B.parts.map((part, index) => pairPart(ctx, part, pairs[index]!));
  loseRest(ctx, pairs, parts);
  return { parts, ...mergeSubstitutions([B, A, ...(mask ? [mask] : [])]) };
}

function pairPart(ctx: PairContext, part: PartSpec, pair: PartPair): PartSpec {
  const { merged, joined, a } = pair;
  if (a === undefined || (merged.length === 0 && joined.length === 0)) return passPart(part, 'B', pair.b);
  const other = ctx.inputs.A.parts[a]!;
  const dataWindow = windowOf(ctx, part, other);
  const made = recomputePart(part, 'B', pair.b, new Set(merged.map((channel) => channel.name)));
  const own = new Map(made.channels.map((c) => [c.name, c]));
  const added = merged
    .filter(({ name }) => !own.has(name))
    .map(({ name }) => other.channels.find((c) => c.name === name)!);
  const types = new Map(merged.map(({ name, type }) => [name, type]));
  const channels: ChannelSpec[] = [
    ...[...made.channels, ...added.map((c): ChannelSpec => ({ ...c, origin: { from: 'computed' } }))].map((c) => ({
      ...c,
      type: types.get(c.name) ?? c.type,
    })),
    ...joined.map((c): ChannelSpec => ({ ...c, origin: { from: 'input', port: 'A', part: a, channel: c.name } })),
  ];
  if (!boxEquals(dataWindow, part.dataWindow)) checkSampling(ctx, channels, dataWindow);
  const attributes = [...part.attributes, ...extraAttributes(ctx, part, other)];
  const names = attributes.map((attribute) => attribute.name);
  const joint: PartSpec = {
    ...made,
    dataWindow,
    channels: sortChannels(channels),
    attributes,
    ...(made.stored ? { stored: withHeaderNames(storedAnew(made.stored), names) } : {}),
  };
  return lowerQuality(joint, other.quality);
}

/** The attributes of A that come along. */
const extraAttributes = (ctx: PairContext, part: PartSpec, other: PartSpec): readonly Attribute[] =>
  ctx.options.attributes === 'join' ? other.attributes.filter(({ name }) => !findAttribute(part.attributes, name)) : [];

function windowOf({ options, report }: PairContext, { dataWindow: b }: PartSpec, { dataWindow: a }: PartSpec): Box {
  if (options.window === 'A') return a;
  if (options.window === 'B') return b;
  if (options.window === 'union') return boxUnion(b, a);
  const shared = boxIntersection(b, a);
  if (!boxIsEmpty(shared)) return shared;
  report({
    severity: 'warning',
    code: 'window-mismatch',
    message: `A ${boxText(a)} and B ${boxText(b)} have no pixel in common: one black pixel is left.`,
    where: { param: 'window' },
  });
  return box(b.minX, b.minY, b.minX, b.minY);
}

/** A subsampled channel needs a window whose corner and size are multiples of its sampling (OpenEXR). */
function checkSampling(ctx: PairContext, channels: readonly ChannelSpec[], window: Box): void {
  const fits = (min: number, max: number, step: number): boolean => min % step === 0 && (max - min + 1) % step === 0;
  const odd = channels.find(
    ({ sampling: { x, y } }) => !fits(window.minX, window.maxX, x) || !fits(window.minY, window.maxY, y),
  );
  if (!odd) return;
  ctx.report({
    severity: 'error',
    code: 'sampling-mismatch',
    message: `${odd.name} has a sample at every ${odd.sampling.x} by ${odd.sampling.y} pixels, which the window ${boxText(window)} does not allow. Use the window of B.`,
    where: { param: 'window', channel: odd.name },
    fixes: [{ title: 'Use the window of B', set: { window: 'B' } }],
  });
}

/** Gives the reasons for what of A and of the mask does not come out. */
function loseRest(ctx: PairContext, pairs: readonly PartPair[], parts: readonly PartSpec[]): void {
  const { A, B, mask } = ctx.inputs;
  for (const [index, part] of A.parts.entries()) {
    const pair = pairs.find(({ a }) => a === index);
    const onto = pair && B.parts[pair.b]!;
    const made = pair && parts[pair.b]!;
    if (!onto || !made) {
      const reason = `no part of B has the name ${partLabel(part, index)}`;
      ctx.lose({ kind: 'part', port: 'A', part: index, name: partLabel(part, index), reason });
      continue;
    }
    const kept = new Set([...pair.merged, ...pair.joined].map((channel) => channel.name));
    for (const { name } of part.channels) {
      if (kept.has(name)) continue;
      const reason = onto.channels.some((c) => c.name === name)
        ? 'that of B is kept'
        : 'it is not among the channels to merge';
      ctx.lose({ kind: 'channel', port: 'A', part: index, name, reason });
    }
    loseAttributes(ctx, 'A', index, part, made);
    if (!boxContains(made.dataWindow, part.dataWindow)) {
      const reason = `pixels outside ${boxText(made.dataWindow)} are cut off`;
      ctx.lose({ kind: 'window', port: 'A', part: index, name: 'dataWindow', reason });
    }
  }
  for (const [index, part] of (mask?.parts ?? []).entries()) {
    for (const { name } of part.channels) {
      if (name === ctx.options.maskChannel) continue;
      const reason = `only ${ctx.options.maskChannel} is used, as a mask`;
      ctx.lose({ kind: 'channel', port: 'mask', part: index, name, reason });
    }
    loseAttributes(ctx, 'mask', index, part, parts[0]);
  }
}

function loseAttributes(ctx: PairContext, port: 'A' | 'mask', index: number, part: PartSpec, made?: PartSpec): void {
  for (const attribute of part.attributes) {
    const standing = made && findAttribute(made.attributes, attribute.name);
    if (standing && sameAttribute(standing, attribute)) continue;
    const reason = 'the attributes of B are kept';
    const replaced = standing !== undefined;
    ctx.lose({ kind: 'attribute', port, part: index, name: attribute.name, reason, replaced });
  }
}
