// What can be wrong with two images that are to become one, told before anything is rendered.
import {
  attributeSummary,
  findAttribute,
  listNames,
  nearNames,
  partLabel,
  sameAttribute,
} from '../../../engine/authoring.ts';
import type { PairContext } from './describe.ts';
import { maskOrigin, type Origin, type PartPair, type Side } from './plan.ts';

const quote = (names: readonly string[]): string => listNames([...new Set(names)]);

/** Whole numbers, alphas that are missing, and patterns that choose nothing. */
export function checkChannels(ctx: PairContext, pairs: readonly PartPair[]): void {
  const { options, title, inputs } = ctx;
  const where = { param: 'channels' };
  const wholes = pairs.flatMap((pair) => pair.wholes);
  const named = wholes.filter((name) => options.channels.includes(name));
  if (named.length > 0) {
    const channels = options.channels.filter((name) => !named.includes(name));
    ctx.report({
      severity: 'error',
      code: 'type-conversion',
      message: `${quote(named)} holds whole numbers, which ${title} would have to make fractions. Leave them out, or make them half or float first.`,
      where,
      fixes: [{ title: `Leave out ${quote(named)}`, set: { channels } }],
    });
  } else if (wholes.length > 0) {
    const message = `Left as B has them, since they hold whole numbers: ${quote(wholes)}.`;
    ctx.report({ severity: 'info', code: 'type-conversion', message, where });
  }
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
  if (pairs.every(({ merged }) => merged.length === 0) && wholes.length === 0) {
    const names = inputs.A.parts.flatMap((part) => part.channels.map((c) => c.name));
    const message = `No channel of A fits ${quote(options.channels)} in a part that B has too, so B is handed on. Channels of A: ${quote(names)}.`;
    ctx.report({ severity: 'warning', code: 'channel-unknown', message, where });
  }
}

/** A mask that is connected must have its channel, with a sample at every pixel and no whole numbers. */
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
  const active = pairs.filter(({ merged, joined }) => merged.length > 0 || joined.length > 0);
  const mask = active.length > 0 ? maskOrigin(ctx.options, ctx.inputs.mask) : undefined;
  const origins = active.flatMap(({ merged }) => merged.flatMap(({ a, b, alphaA, alphaB }) => [a, b, alphaA, alphaB]));
  const used = [...origins, mask].filter((origin) => origin !== undefined);
  const places = [
    ...used.map(({ side, part }) => ({ side, part })),
    ...active.flatMap(({ a, b }) => [{ side: 'A', part: a! } as const, { side: 'B', part: b } as const]),
  ];
  for (const { side, part } of new Map(places.map((place) => [`${place.side}/${place.part}`, place])).values()) {
    refuseUnreadable(ctx, side, part);
  }
  for (const { channel, side } of used) {
    if (channel === 'opaque' || (channel.sampling.x === 1 && channel.sampling.y === 1)) continue;
    const { name, sampling } = channel;
    const message = `${name} of ${side} has a sample at every ${sampling.x} by ${sampling.y} pixels only. ${ctx.title} needs one at each.`;
    ctx.report({ severity: 'error', code: 'sampling-mismatch', message, where: { param: 'channels', channel: name } });
    break;
  }
  if (mask && isWhole(mask)) {
    const message = `${ctx.options.maskChannel} of the mask holds whole numbers. Make it half or float first.`;
    ctx.report({ severity: 'error', code: 'type-conversion', message, where: { param: 'maskChannel' } });
  }
}

function refuseUnreadable(ctx: PairContext, side: Side, index: number): void {
  const part = ctx.inputs[side]!.parts[index]!;
  const label = `${side} ${partLabel(part, index)}`;
  const where = { part: part.name ?? index };
  if (part.kind === 'deep') {
    const message = `${label} is deep, and ${ctx.title} works on flat parts.`;
    ctx.report({ severity: 'error', code: 'deep-unsupported', message, where });
  } else if (part.stored?.copyOnly) {
    const message = `${label} is compressed with ${part.stored.compression}, which cannot be unpacked here.`;
    ctx.report({ severity: 'error', code: 'exr-compression-unsupported', message, where });
  }
}

const isWhole = ({ channel }: Origin): boolean => channel !== 'opaque' && channel.type === 'uint';

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
