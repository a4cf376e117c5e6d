// What a node that makes new channels out of some of its input does to a part: they go, the new ones come, the others pass.
import { listNames } from '../image/names.ts';
import { partLabel, passPart, recomputePart } from '../image/parts.ts';
import { type ChannelSpec, type PartSpec, sortChannels } from '../image/spec.ts';
import type { Loss } from './define.ts';
import type { NodeProblem } from './problem.ts';

export interface Replacement {
  readonly part: PartSpec;
  readonly index: number;
  /** The channels that go. */
  readonly from: readonly string[];
  /** The channels, floats, that come; `pull` makes them. */
  readonly to: readonly string[];
  /** What became of those that go, for the ledger: `integrated`. */
  readonly reason: string;
}

interface Telling {
  report(problem: NodeProblem): void;
  lose(loss: Loss): void;
}

/**
 * The part of the input `image` with other channels in the place of some. It is an error where another channel has the
 * name of one that comes; the part then passes as it is.
 */
export function replaceChannels({ report, lose }: Telling, { part, index, from, to, reason }: Replacement): PartSpec {
  const others = part.channels.filter((c) => !from.includes(c.name));
  const taken = to.filter((name) => others.some((c) => c.name === name));
  if (taken.length > 0) {
    const message = `${partLabel(part, index)} has ${listNames(taken)} already. Rename or drop them before with Shuffle channels.`;
    report({ severity: 'error', code: 'channel-duplicate', message });
    return passPart(part, 'image', index);
  }
  for (const name of from) lose({ kind: 'channel', port: 'image', part: index, name, reason, replaced: true });
  const made = to.map(
    (name): ChannelSpec => ({
      name,
      type: 'float',
      sampling: { x: 1, y: 1 },
      pLinear: 0,
      origin: { from: 'computed' },
    }),
  );
  const whole = { ...part, channels: sortChannels([...others, ...made]) };
  return recomputePart(whole, 'image', index, new Set(to));
}
