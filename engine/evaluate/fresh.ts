// Whether the samples that reach a sink are made for it alone, so that it may give their memory back.
import type { Descriptions } from '../plan/describe.ts';
import { type Trace, trace } from '../plan/trace.ts';

/** Whether all of them come from sources that make them afresh, with nothing on the way that computes. */
export async function comesFresh(descriptions: Descriptions, sink: string, frame: number): Promise<boolean> {
  for (const feed of descriptions.feeds(sink, frame)) {
    const { spec } = await descriptions.describe(feed.node, feed.frame);
    for (const [part, { channels }] of (spec?.parts ?? []).entries()) {
      const traces = await Promise.all(
        channels.map(({ name }) => trace(descriptions, feed.node, feed.frame, part, name)),
      );
      if (!traces.every((found) => found && isFresh(descriptions, found))) return false;
    }
  }
  return true;
}

/** Pictures are unpacked as a whole and kept. */
const isFresh = (descriptions: Descriptions, { channel, node, spec }: Trace): boolean =>
  channel.origin.from === 'constant' || (!spec.picture && descriptions.plan.nodes.get(node)!.definition.fresh === true);
