// Tracing: where the samples of a channel are made, followed through every node that only hands them on.
import { type Box, boxEquals } from '../base/box.ts';
import type { ChannelSpec, PartSpec } from '../image/spec.ts';
import type { EncodedPart } from '../node/define.ts';
import type { SampleType } from '../pixels/plane.ts';
import type { Descriptions } from './describe.ts';

/** Pixels outside `inner` hold `fill`. */
export interface Surround {
  readonly inner: Box;
  readonly fill: number;
}

/** The end of a trace. */
export interface Trace {
  /** The channel as its maker describes it: its origin is `constant` or `computed`. */
  readonly channel: ChannelSpec;
  readonly node: string;
  readonly frame: number;
  readonly part: number;
  readonly spec: PartSpec;
  /** The types on the way where they change, the maker's first and the asker's last, each with the node that states it. */
  readonly types: readonly { readonly type: SampleType; readonly node: string }[];
  /** The windows on the way where they change, from the asker's inwards. */
  readonly surrounds: readonly Surround[];
}

/** Follows a channel of a node's image to its maker. Undefined where a description or the channel is missing. */
export async function trace(
  descriptions: Descriptions,
  id: string,
  frame: number,
  part: number,
  name: string,
): Promise<Trace | undefined> {
  const types: { type: SampleType; node: string }[] = [];
  const surrounds: Surround[] = [];
  let at = { id, frame, part, name, fill: 0 };
  for (;;) {
    const spec = (await descriptions.describe(at.id, at.frame)).spec?.parts[at.part];
    const channel = spec?.channels.find((c) => c.name === at.name);
    if (!spec || !channel) return undefined;
    const step = { type: channel.type, node: at.id };
    if (types[0]?.type === channel.type) types[0] = step;
    else types.unshift(step);
    const outer = surrounds.at(-1);
    if (!outer || !boxEquals(outer.inner, spec.dataWindow)) surrounds.push({ inner: spec.dataWindow, fill: at.fill });
    const { origin } = channel;
    if (origin.from !== 'input')
      return { channel, node: at.id, frame: at.frame, part: at.part, spec, types, surrounds };
    const feed = descriptions.feeds(at.id, at.frame).find((f) => f.port === origin.port);
    if (!feed) return undefined;
    at = { id: feed.node, frame: feed.frame, part: origin.part, name: origin.channel, fill: origin.fill ?? 0 };
  }
}

/** The traces of all channels of a part, in their order; undefined where one cannot be followed. */
export async function tracePart(
  descriptions: Descriptions,
  id: string,
  frame: number,
  part: number,
): Promise<Trace[] | undefined> {
  const spec = (await descriptions.describe(id, frame)).spec?.parts[part];
  if (!spec) return undefined;
  const traces = await Promise.all(spec.channels.map((c) => trace(descriptions, id, frame, part, c.name)));
  return traces.every((t) => t !== undefined) ? traces : undefined;
}

/** Methods whose chunks are unpacked by the names of the channels: DWA picks its scheme so. HTJ2K states its colours. */
const NAME_BOUND = new Set(['dwaa', 'dwab']);

/**
 * The encoded part whose chunks hold exactly the samples of this part: every channel comes from one part of one file,
 * none is left out, and order, types, sampling and data window are the same. Names may differ where the method allows.
 */
export function encodedPart(spec: PartSpec, traces: readonly Trace[]): EncodedPart | undefined {
  const first = traces[0];
  const chunks = first?.spec.stored?.chunks;
  if (!first || !chunks || first.spec.channels.length !== traces.length || first.spec.kind !== spec.kind)
    return undefined;
  const same = traces.every((t, i) => {
    const made = first.spec.channels[i]!;
    const asked = spec.channels[i]!;
    return (
      t.node === first.node &&
      t.frame === first.frame &&
      t.part === first.part &&
      t.channel === made &&
      t.types.length === 1 &&
      t.surrounds.length === 1 &&
      made.pLinear === asked.pLinear &&
      made.sampling.x === asked.sampling.x &&
      made.sampling.y === asked.sampling.y &&
      (made.name === asked.name || !NAME_BOUND.has(first.spec.stored!.compression))
    );
  });
  return same ? chunks : undefined;
}
