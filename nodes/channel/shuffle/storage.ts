// Storage: whether the output is one part of a source as it stands, and how it is stored otherwise.
import {
  type AttributeSet,
  type Box,
  boxEquals,
  type ChannelSpec,
  type Loss,
  type NodeProblem,
  type Stored,
  withHeaderNames,
} from '../../../engine/authoring.ts';
import { type SourcePart, type Sources, sourcePartLabel } from './address.ts';
import type { Made } from './rows.ts';

interface Context {
  report(problem: NodeProblem): void;
  lose(loss: Loss): void;
}

/** The one part that all channels of the output come from, as they are but for their names, in the same window. */
export function onlyPart(made: readonly Made[], window: Box): SourcePart | undefined {
  const only = made[0]?.of;
  if (!only || !boxEquals(only.part.dataWindow, window)) return undefined;
  const types = new Map(only.part.channels.map((c) => [c.name, c.type]));
  const same = made.every(
    ({ channel, of }) =>
      of?.source === only.source &&
      of.index === only.index &&
      channel.origin.from === 'input' &&
      types.get(channel.origin.channel) === channel.type,
  );
  return same ? only : undefined;
}

/** Whether the output is that part unchanged: all its channels under their names, no others. */
export const isWhole = ({ part }: SourcePart, channels: readonly ChannelSpec[]): boolean =>
  channels.length === part.channels.length &&
  channels.every(({ name, origin }) => origin.from === 'input' && origin.channel === name);

/**
 * Reports parts from which no single channel can be taken, because they can only be copied whole; and deep parts beside
 * others than `only`, since all channels of a deep part have the same number of samples at a pixel.
 */
export function refuseUnreadable(
  ctx: Context,
  sources: Sources,
  parts: readonly SourcePart[],
  only: SourcePart | undefined,
): void {
  for (const at of parts) {
    const label = sourcePartLabel(sources, at);
    const where = { param: 'rows', part: at.part.name ?? at.index };
    const advice = 'Take the whole part unchanged (one row "*" from its "*", and nothing else).';
    if (at.part.kind === 'deep' && !only) {
      const message = `${label} is deep: its channels can be chosen and renamed, but have no place beside constants and channels of other parts, in another type or another window. Put Flatten deep before.`;
      ctx.report({ severity: 'error', code: 'deep-unsupported', message, where });
    } else if (at.part.stored?.copyOnly) {
      const message = `${label} is compressed with ${at.part.stored.compression}, which cannot be unpacked here. ${advice}`;
      ctx.report({ severity: 'error', code: 'exr-compression-unsupported', message, where });
    }
  }
}

/**
 * How the output is stored: as the whole part where it is one, chunks included, else as the first part that gives
 * channels, without its chunks and with one level, since levels cannot be made from channels of different parts.
 */
export function storedAs(
  ctx: Context,
  whole: SourcePart | undefined,
  parts: readonly SourcePart[],
  attributes: AttributeSet,
): { readonly stored?: Stored } {
  const names = attributes.map((a) => a.name);
  if (whole) return whole.part.stored ? { stored: withHeaderNames(whole.part.stored, names) } : {};
  for (const { source, index, part } of parts) {
    const levels = part.stored?.tiles?.levels ?? 'one';
    if (levels === 'one') continue;
    const reason = 'only the full level is kept where channels are recombined';
    ctx.lose({ kind: 'level', port: `sources.${source}`, part: index, name: levels, reason });
  }
  const model = parts.find((p) => p.part.stored)?.part.stored;
  if (!model) return {};
  const { compression, lineOrder, headerOrder, tiles } = model;
  const kept = {
    compression,
    lineOrder,
    headerOrder,
    ...(tiles ? { tiles: { ...tiles, levels: 'one' as const } } : {}),
  };
  return { stored: withHeaderNames(kept, names) };
}
