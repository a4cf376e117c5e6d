// What can be wrong with two images that are to become one, told before anything is rendered.
import {
  attributeSummary,
  type ChannelSpec,
  cryptomatteProblem,
  findAttribute,
  listNames,
  nearNames,
  sameAttribute,
  workProblems,
} from '../../../engine/authoring.ts';
import type { PairContext } from './describe.ts';
import { maskOrigin, type PartPair, type Side } from './plan.ts';

const quote = (names: readonly string[]): string => listNames([...new Set(names)]);

/** Whole numbers, Cryptomattes, alphas that are missing, and patterns that choose nothing. */
export function checkChannels(ctx: PairContext, pairs: readonly PartPair[]): void {
  const { options, title, inputs } = ctx;
  const where = { param: 'channels' };
  const wholes = pairs.flatMap((pair) => pair.wholes);
  const named = wholes.filter((name) => options.channels.includes(name));
  if (named.length > 0) {
    const channels = options.channels.filter((name) => !named.includes(name));
    ctx.report({
      severity: 'error',
      code: 'channel-type',
      message: `${quote(named)} holds whole numbers, which ${title} would have to make fractions. Leave them out, or make them half or float first.`,
      where,
      fixes: [{ title: `Leave out ${quote(named)}`, set: { channels } }],
    });
  } else if (wholes.length > 0) {
    const message = `Left as B has them, since they hold whole numbers: ${quote(wholes)}.`;
    ctx.report({ severity: 'info', code: 'channel-type', message, where });
  }
  const crypto = pairs.flatMap(({ b, crypto }) =>
    crypto.filter((name) => inputs.B.parts[b]!.channels.some((channel) => channel.name === name)),
  );
  if (crypto.length > 0) {
    const message = `Left as B has them, since they are ids and coverages of a Cryptomatte: ${quote(crypto)}.`;
    ctx.report({ severity: 'info', code: 'cryptomatte-spoilt', message, where });
  }
  const chosen = pairs.map(({ merged }) => new Set(merged.map(({ name }) => name)));
  const spoilt = cryptomatteProblem(inputs.B, chosen, title);
  if (spoilt) ctx.report(spoilt);
  for (const side of ['A', 'B'] as const) {
    if (!pairs.some(({ without }) => without.includes(side))) continue;
    const opaque = options.missingAlpha === 'opaque';
    ctx.report({
      severity: opaque ? 'info' : 'warning',
      code: 'channel-unknown',
      message: `${side} has no alpha, and ${options.operation} needs one: it counts as ${opaque ? '1 within its data window' : '0, so that it covers nothing'}.`,
      where: { param: 'missingAlpha' },
      fixes: opaque ? [] : [{ title: 'Count a missing alpha as opaque', set: { missingAlpha: 'opaque' } }],
    });
  }
  if (
    pairs.every(({ merged }) => merged.length === 0) &&
    wholes.length === 0 &&
    pairs.every((pair) => pair.crypto.length === 0)
  ) {
    const names = inputs.A.parts.flatMap((part) => part.channels.map((c) => c.name));
    const message = `No channel of A fits ${quote(options.channels)} in a part that B has too, so B is handed on. Channels of A: ${quote(names)}.`;
    ctx.report({ severity: 'warning', code: 'channel-unknown', message, where });
  }
}

/** A mask that is connected must have its channel. */
export function checkMask(ctx: PairContext): void {
  const { mask } = ctx.inputs;
  if (!mask || maskOrigin(ctx.options, mask)) return;
  const names = mask.parts.flatMap((part) => part.channels.map((c) => c.name));
  const near = nearNames(ctx.options.maskChannel, names);
  ctx.report({
    severity: 'error',
    code: 'channel-unknown',
    message: `The mask has no channel ${ctx.options.maskChannel}. It has: ${quote(names)}.`,
    where: { param: 'maskChannel' },
    fixes: (near.length > 0 ? near : names.slice(0, 3)).map((name) => ({
      title: `Use ${name}`,
      set: { maskChannel: name },
    })),
  });
}

/** Every part from which samples are needed must hold flat samples that can be unpacked, one at every pixel. */
export function checkReadable(ctx: PairContext, pairs: readonly PartPair[]): void {
  const needed = new Map<string, { readonly side: Side; readonly index: number; readonly names: Set<string> }>();
  const need = (side: Side, index: number, names: Iterable<string>): void => {
    const key = `${side}/${index}`;
    const entry = needed.get(key) ?? { side, index, names: new Set() };
    needed.set(key, entry);
    for (const name of names) entry.names.add(name);
  };
  const active = pairs.filter(({ merged, joined }) => merged.length > 0 || joined.length > 0);
  const mask = active.length > 0 ? maskOrigin(ctx.options, ctx.inputs.mask) : undefined;
  const origins = active.flatMap(({ merged }) => merged.flatMap(({ a, b, alphaA, alphaB }) => [a, b, alphaA, alphaB]));
  for (const origin of [...origins, mask]) {
    if (origin && origin.channel !== 'opaque') need(origin.side, origin.part, [origin.channel.name]);
  }
  for (const { a, b, joined } of active) {
    if (joined.length === 0) continue;
    need(
      'A',
      a!,
      joined.filter(isSimple).map((c) => c.name),
    );
    need(
      'B',
      b,
      ctx.inputs.B.parts[b]!.channels.filter(isSimple).map((c) => c.name),
    );
  }
  for (const { side, index, names } of needed.values()) {
    const part = ctx.inputs[side]!.parts[index]!;
    // Whole numbers are seen to already, but for the mask; those that come along stay as they are.
    const types = side === 'mask' ? (['half', 'float'] as const) : (['half', 'float', 'uint'] as const);
    const param = side === 'mask' ? 'maskChannel' : 'channels';
    const work = { part, index, title: ctx.title, channels: names, types, param };
    for (const problem of workProblems(work)) ctx.report({ ...problem, message: `${side}: ${problem.message}` });
  }
}

/** What comes along may have fewer samples than pixels. */
const isSimple = ({ sampling }: ChannelSpec): boolean => sampling.x === 1 && sampling.y === 1;

/** Colours of two spaces in one picture are seldom meant. */
export function checkTags(ctx: PairContext, pairs: readonly PartPair[]): void {
  for (const { a, b, merged } of pairs) {
    if (a === undefined || merged.length === 0) continue;
    for (const name of ['chromaticities', 'colorInteropID']) {
      const x = findAttribute(ctx.inputs.A.parts[a]!.attributes, name);
      const y = findAttribute(ctx.inputs.B.parts[b]!.attributes, name);
      if (!x || !y || sameAttribute(x, y)) continue;
      const message = `The colours of A and B are tagged differently (${name}): A ${attributeSummary(x)}, B ${attributeSummary(y)}. Convert one of them first; the result has the tag of B.`;
      ctx.report({ severity: 'warning', code: 'color-mixed', message, where: { attribute: name } });
      break;
    }
  }
}
