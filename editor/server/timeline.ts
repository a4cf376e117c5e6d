// The timeline: the frames of the viewed node's sequences, which are missing, which another stands in for, which are cached.
import { formatFrames, formatSpans, gapsOf, suppliesAt, type Work } from '../../engine/index.ts';
import type { TimelineView } from '../protocol.ts';

/** Null where the graph has no frames. `viewed` is a node of the plan; all sinks count where it is left out. */
export async function timelineOf(
  work: Work,
  viewed: string | undefined,
  cached: readonly number[],
): Promise<TimelineView | null> {
  const { plan, frames } = work;
  const ends = viewed === undefined ? plan.sinks : [viewed];
  const { found } = await suppliesAt(plan, ends.length > 0 ? ends : [...plan.nodes.keys()], {
    timeline: work.timeline,
    services: work.descriptions.services,
    signal: new AbortController().signal,
    // The node's own description tells what is wrong with it.
    trouble: 'skip',
  });
  const supplies = found.map(({ supply }) => supply);
  const own = supplies.flatMap((s) => [s.frames[0]!, s.frames.at(-1)!]);
  if (own.length === 0 && frames.length === 0) return null;
  const all = own.length > 0 ? own : frames;
  const first = all.reduce((a, b) => Math.min(a, b));
  const last = all.reduce((a, b) => Math.max(a, b));
  const missing: Span[] = [];
  const substituted: Span[] = [];
  for (const supply of supplies) {
    const start = supply.frames[0]!;
    const end = supply.frames.at(-1)!;
    const hold = supply.after || work.timeline.mismatch === 'hold-last';
    if (!supply.sparse) (supply.missing ? substituted : missing).push(...gapsOf(supply.frames));
    if (start > first) (supply.before ? substituted : missing).push({ first, last: start - 1 });
    if (end < last) (hold ? substituted : missing).push({ first: end + 1, last });
  }
  return {
    first,
    last,
    missing: formatSpans(joined(missing)),
    substituted: formatSpans(joined(substituted)),
    cached: formatFrames(cached.filter((frame) => frame >= first && frame <= last)),
  };
}

interface Span {
  readonly first: number;
  readonly last: number;
}

/** Overlapping and touching spans as one, rising. */
function joined(spans: readonly Span[]): Span[] {
  const result: { first: number; last: number }[] = [];
  for (const { first, last } of spans.toSorted((a, b) => a.first - b.first)) {
    const before = result.at(-1);
    if (before && first <= before.last + 1) before.last = Math.max(before.last, last);
    else result.push({ first, last });
  }
  return result;
}
