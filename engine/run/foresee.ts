// What a frame would do to samples: the conversions that descriptions tell of, for a run that makes no pixels.
import type { Delivery } from '../node/define.ts';
import type { SampleType } from '../pixels/plane.ts';
import type { Descriptions } from '../plan/describe.ts';
import { trace } from '../plan/trace.ts';
import type { PartTraces } from './sinking.ts';

/** A change of type that a parameter of `node` asks for. */
export interface Conversion {
  readonly node: string;
  readonly channel: string;
  readonly from: SampleType;
  readonly to: SampleType;
}

/**
 * The conversions on the way of every channel to the file, each once. Above a node that computes, those of the channels of
 * the same name: which others it will ask for only its pixels can tell.
 */
export async function foresee(
  descriptions: Descriptions,
  sink: string,
  frame: number,
  delivery: Delivery,
  traces: PartTraces,
): Promise<Conversion[]> {
  const found = new Map<string, Conversion>();
  const add = (conversion: Conversion): void => {
    found.set(Object.values(conversion).join('/'), conversion);
  };
  const visited = new Set<string>();
  const follow = async (node: string, at: number, part: number, channel: string): Promise<void> => {
    const key = `${node}@${at}/${part}/${channel}`;
    if (visited.has(key)) return;
    visited.add(key);
    const way = await trace(descriptions, node, at, part, channel);
    if (!way) return;
    for (const [i, { type, node: by }] of way.types.entries()) {
      const before = way.types[i - 1];
      if (before) add({ node: by, channel, from: before.type, to: type });
    }
    if (way.channel.origin.from !== 'computed') return;
    for (const feed of descriptions.feeds(way.node, way.frame))
      await follow(feed.node, feed.frame, way.part, way.channel.name);
  };
  for (const feed of descriptions.feeds(sink, frame)) {
    for (const [index, { length }] of (traces.get(feed.port) ?? []).entries()) {
      const { part, channels } = delivery.taken?.[index] ?? { part: index };
      const all = (await descriptions.describe(feed.node, feed.frame)).spec?.parts[part]?.channels ?? [];
      const given = channels ? channels.map((name) => all.find((c) => c.name === name)!) : all;
      for (let i = 0; i < length; i++) {
        const { name, type: from } = given[i]!;
        await follow(feed.node, feed.frame, part, name);
        const to = delivery.written.parts[index]?.channels[i]?.type ?? from;
        if (to !== from) add({ node: sink, channel: name, from, to });
      }
    }
  }
  return [...found.values()];
}
