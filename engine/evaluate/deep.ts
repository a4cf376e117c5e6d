// Deep samples of several channels at once: all from the one part that makes them, since they share their counts.
import { EngineError } from '../base/error.ts';
import type { Want } from '../image/want.ts';
import { type DeepChannel, type DeepPlanes, emptyDeep } from '../pixels/deep.ts';
import type { Trace } from '../plan/trace.ts';

/**
 * The samples of a want, whose channels lead to `traces` in the same order. `make` makes those of the first trace's node
 * and part. Channels of a frame that is not there, whose makers say they are constant, have no samples. Throws
 * `deep-unsupported` where channels come from several parts, or were converted or laid on another window.
 */
export async function joinDeep(
  want: Want,
  traces: readonly Trace[],
  make: (maker: Trace, want: Want) => Promise<DeepPlanes>,
): Promise<DeepPlanes> {
  const [first] = traces;
  const empty = (): DeepPlanes =>
    emptyDeep(
      want.box,
      traces.map(({ channel: { type } }, i) => ({ name: want.channels[i]!, type })),
    );
  if (!first || traces.every((t) => t.channel.origin.from === 'constant')) return empty();
  const { node, frame, part } = first;
  const together = traces.every(
    (t) =>
      t.spec.kind === 'deep' &&
      t.channel.origin.from === 'computed' &&
      t.node === node &&
      t.frame === frame &&
      t.part === part &&
      t.types.length === 1 &&
      t.surrounds.length === 1,
  );
  if (!together) {
    throw new EngineError(
      'invalid',
      'deep-unsupported',
      'Expected channels of one deep part, as they are but for their names, found others. Flatten the part first.',
      { node, part },
    );
  }
  const made = await make(first, { part, channels: traces.map((t) => t.channel.name), box: want.box });
  const channels = traces.map((t, i): [string, DeepChannel] => {
    const channel = made.channels.get(t.channel.name);
    if (channel) return [want.channels[i]!, channel];
    throw new EngineError('invalid', 'internal', `${node} did not make channel ${t.channel.name}.`, { node });
  });
  return { ...made, channels: new Map(channels) };
}
