// Uses: which channels of the sources are in what a sink writes, and which are in something that was made of them.
import type { Descriptions } from '../plan/describe.ts';
import { originOf } from './provenance.ts';
import type { PartTraces } from './sinking.ts';

/** `originOf` and the name of every channel that reaches the sink, through nodes that compute under the same name too. */
export async function reachedChannels(descriptions: Descriptions, traces: PartTraces): Promise<Set<string>> {
  const reached = new Set<string>();
  for (const t of [...traces.values()].flat(2))
    await follow(descriptions, reached, { node: t.node, frame: t.frame, part: t.part, channel: t.channel.name });
  return reached;
}

/**
 * Those that reach the sink, and those of which a node says that it replaces them, where anything that it computes in the
 * part of the same number reaches the sink, or is replaced so itself: a normal map is not lost in the heights made of it.
 */
export async function usedChannels(
  descriptions: Descriptions,
  sink: string,
  frame: number,
  reached: ReadonlySet<string>,
): Promise<Set<string>> {
  const used = new Set(reached);
  // From the sink upwards, so that what becomes of a node's channels is known before what it made them of.
  for (const { node, frame: at } of descriptions.above(sink, frame).reverse()) {
    const { spec, losses } = await descriptions.describe(node, at);
    for (const { kind, replaced, port, part, name } of losses) {
      if (kind !== 'channel' || !replaced) continue;
      const computed = spec?.parts[part]?.channels.filter((c) => c.origin.from === 'computed') ?? [];
      const feed = descriptions.feeds(node, at).find((f) => f.port === port);
      if (feed && computed.some((c) => used.has(`${originOf(node, at, part)}/${c.name}`)))
        await follow(descriptions, used, { node: feed.node, frame: feed.frame, part, channel: name });
    }
  }
  return used;
}

/**
 * Adds a channel of a node and all above it that it is, or that are computed into it under the same name: all but those of
 * which the node says that they are lost, where it puts something else under their name.
 */
async function follow(
  descriptions: Descriptions,
  found: Set<string>,
  { node, frame, part, channel }: { node: string; frame: number; part: number; channel: string },
): Promise<void> {
  const key = `${originOf(node, frame, part)}/${channel}`;
  if (found.has(key)) return;
  found.add(key);
  const described = await descriptions.describe(node, frame);
  const spec = described.spec?.parts[part]?.channels.find((c) => c.name === channel);
  if (!spec) return;
  const isLost = (port: string): boolean =>
    described.losses.some(
      (l) => l.kind === 'channel' && !l.replaced && l.port === port && l.part === part && l.name === channel,
    );
  for (const feed of descriptions.feeds(node, frame)) {
    const above = { node: feed.node, frame: feed.frame };
    if (spec.origin.from === 'input' && spec.origin.port === feed.port)
      await follow(descriptions, found, { ...above, part: spec.origin.part, channel: spec.origin.channel });
    if (spec.origin.from === 'computed' && !isLost(feed.port))
      await follow(descriptions, found, { ...above, part, channel });
  }
}
