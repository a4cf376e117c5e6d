// The way of samples to a sink: where those of each channel are made, and what makes them half before they are in the file.
import { methodHalves } from '../exr/method.ts';
import type { ChannelSpec, PartSpec } from '../image/spec.ts';
import type { SampleType } from '../pixels/plane.ts';
import type { Descriptions, Feed } from '../plan/describe.ts';
import { type Trace, trace } from '../plan/trace.ts';
import { FrameDelivery } from './deliver.ts';

/** What makes numbers half that are not made so. */
export interface Halving {
  /** The node that states the type: one above the sink, or the sink itself. */
  readonly node?: string;
  /** The method of the file that stores them as half, whatever type it states. */
  readonly method?: string;
}

/** A channel that is written, at the place where its samples are of their first type. */
export interface Way {
  readonly name: string;
  readonly maker: { readonly node: string; readonly frame: number; readonly part: number; readonly channel: string };
  /** The type that the samples end up in. */
  readonly type: SampleType;
  readonly halving?: Halving;
}

/** A part of what a sink is given, and its channels that are written. */
export interface Wanted {
  readonly port: string;
  readonly index: number;
  readonly part: PartSpec;
  readonly ways: readonly Way[];
}

/** The parts that a sink writes at a frame; those that can only be copied are left out. */
export async function wantedOf(
  descriptions: Descriptions,
  sink: string,
  frame: number,
): Promise<{ readonly wanted: readonly Wanted[]; readonly params: unknown }> {
  const { ctx, delivery } = await new FrameDelivery(descriptions, sink, frame).plan();
  const found: Wanted[] = [];
  for (const [i, written] of delivery.written.parts.entries()) {
    const taken = delivery.taken?.[i];
    const index = taken?.part ?? i;
    const feeds = descriptions.feeds(sink, frame);
    const feed = taken ? feeds.find(({ port }) => port === taken.port) : feeds[0];
    const part = feed && (await descriptions.describe(feed.node, feed.frame)).spec?.parts[index];
    if (!feed || !part || part.stored?.copyOnly) continue;
    const names = taken?.channels ?? part.channels.map(({ name }) => name);
    const ways: Way[] = [];
    for (const [at, name] of names.entries()) {
      const given = part.channels.find((channel) => channel.name === name);
      const made = await trace(descriptions, feed.node, feed.frame, index, name);
      if (given) ways.push(wayOf(sink, feed, index, given, made, written.channels[at], written.stored?.compression));
    }
    found.push({ port: feed.port, index, part, ways });
  }
  return { wanted: found, params: ctx.params };
}

function wayOf(
  sink: string,
  feed: Feed,
  part: number,
  given: ChannelSpec,
  made: Trace | undefined,
  written: ChannelSpec | undefined,
  compression: NonNullable<PartSpec['stored']>['compression'] | undefined,
): Way {
  const { name } = given;
  const narrowing = made?.types.find(({ type }, i) => i > 0 && type === 'half' && made.types[i - 1]!.type === 'float');
  if (made && narrowing) {
    const maker = { node: made.node, frame: made.frame, part: made.part, channel: made.channel.name };
    return { name, maker, type: 'half', halving: { node: narrowing.node } };
  }
  const maker = { node: feed.node, frame: feed.frame, part, channel: name };
  const type = written?.type ?? 'float';
  const method = compression && methodHalves(compression, written ?? given) ? compression : undefined;
  if (given.type !== 'float' || (type !== 'half' && !method)) return { name, maker, type };
  const node = type === 'half' ? sink : undefined;
  return { name, maker, type: 'half', halving: { ...(node && { node }), ...(method && { method }) } };
}
