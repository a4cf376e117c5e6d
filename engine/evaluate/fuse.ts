// Point-wise nodes in a row as one program: how far up it reaches, and where its samples come from.
import { type Box, boxEquals } from '../base/box.ts';
import type { PointwiseGroup } from '../node/define.ts';
import type { PointwiseProgram } from '../pixels/step.ts';
import type { Descriptions } from '../plan/describe.ts';
import type { Plan } from '../plan/plan.ts';
import { type Trace, trace } from '../plan/trace.ts';
import { isMany } from '../plan/wiring.ts';

/** Channels of a node's image at a frame. */
export interface Source {
  readonly node: string;
  readonly frame: number;
  readonly part: number;
  readonly channels: readonly string[];
}

/** One group of channels that a point-wise node makes. */
export interface Start {
  readonly node: string;
  readonly frame: number;
  readonly part: number;
  readonly group: PointwiseGroup;
}

/** A program of one or more nodes, the channels that it begins with and the alpha that it divides by. */
export interface Fused {
  readonly program: PointwiseProgram;
  readonly source: Source;
  readonly alpha?: Source;
}

/** What the search asks of the evaluator. */
export interface Surroundings {
  readonly descriptions: Descriptions;
  /** What a point-wise node does to the channels of a part; undefined for other nodes. */
  groups(node: string, frame: number, part: number): Promise<readonly PointwiseGroup[] | undefined>;
  /** Whether all channels are kept already, so that nothing above them needs to be asked. */
  kept(source: Source): Promise<boolean>;
}

/**
 * The program of a group, after those of the point-wise nodes above it. It gives the same bits as one node after the
 * other: between nodes whose channels are half it rounds as they would. It ends below a node that feeds several others,
 * whose samples are made once for all, and where samples are kept already. Undefined where the input is missing.
 */
export async function fuse(start: Start, around: Surroundings): Promise<Fused | undefined> {
  const input = inputOf(start, around.descriptions);
  if (!input) return undefined;
  let { source, alpha } = input;
  let { program } = start.group;
  for (let at = start; ; ) {
    const window = await windowOf(at, around.descriptions);
    const above = window && (await groupAbove(source, window, around));
    const further = above && inputOf(above.start, around.descriptions);
    if (!further) break;
    if (alpha && further.alpha && !(await sameSamples(alpha, further.alpha, around.descriptions))) break;
    program = [...above.start.group.program, ...above.rounding, ...program];
    alpha ??= further.alpha;
    source = further.source;
    at = above.start;
  }
  return { program, source, ...(alpha ? { alpha } : {}) };
}

function inputOf({ node, frame, part, group }: Start, descriptions: Descriptions): Omit<Fused, 'program'> | undefined {
  const feed = descriptions.feeds(node, frame).find(({ port }) => port === 'image');
  if (!feed) return undefined;
  const from = { node: feed.node, frame: feed.frame };
  const { channels, alpha } = group;
  return {
    source: { ...from, part, channels },
    ...(alpha ? { alpha: { ...from, part: alpha.part, channels: [alpha.channel] } } : {}),
  };
}

const windowOf = async ({ node, frame, part }: Start, descriptions: Descriptions): Promise<Box | undefined> =>
  (await descriptions.describe(node, frame)).spec?.parts[part]?.dataWindow;

const traces = ({ node, frame, part, channels }: Source, descriptions: Descriptions): Promise<(Trace | undefined)[]> =>
  Promise.all(channels.map((name) => trace(descriptions, node, frame, part, name)));

/** Whether a channel reaches its asker as its maker makes it, over the same window. */
const isPlain = (t: Trace | undefined, window: Box): t is Trace =>
  t !== undefined && t.types.length === 1 && t.surrounds.length === 1 && boxEquals(t.surrounds[0]!.inner, window);

/** The group that makes exactly these channels, and the step that stands for their type between two nodes. */
async function groupAbove(
  source: Source,
  window: Box,
  around: Surroundings,
): Promise<{ start: Start; rounding: PointwiseProgram } | undefined> {
  const found = await traces(source, around.descriptions);
  const first = found[0];
  if (first?.channel.origin.from !== 'computed') return undefined;
  const { node, frame, part } = first;
  const together = found.every((t) => isPlain(t, window) && t.node === node && t.frame === frame && t.part === part);
  if (!together || feedsSeveral(node, around.descriptions)) return undefined;
  const names = found.map((t) => t!.channel.name);
  const group = (await around.groups(node, frame, part))?.find(
    ({ channels }) => channels.length === names.length && channels.every((name, i) => name === names[i]),
  );
  if (!group || (await around.kept({ node, frame, part, channels: names }))) return undefined;
  const types = new Set(found.map((t) => t!.channel.type));
  const [type] = types;
  if (types.size > 1 || type === 'uint') return undefined;
  return { start: { node, frame, part, group }, rounding: type === 'half' ? [{ do: 'halve' }] : [] };
}

const linksFrom = new WeakMap<Plan, ReadonlyMap<string, number>>();

function feedsSeveral(node: string, { plan }: Descriptions): boolean {
  let links = linksFrom.get(plan);
  if (!links) {
    const counts = new Map<string, number>();
    for (const { inputs } of plan.nodes.values()) {
      for (const connection of inputs.values()) {
        const sources = isMany(connection) ? [...connection.values()] : [connection];
        for (const source of sources) counts.set(source.node, (counts.get(source.node) ?? 0) + 1);
      }
    }
    links = counts;
    linksFrom.set(plan, links);
  }
  return (links.get(node) ?? 0) > 1;
}

/** Whether two channels are the same samples, whatever nodes hand them on. */
async function sameSamples(a: Source, b: Source, descriptions: Descriptions): Promise<boolean> {
  const [[one], [other]] = await Promise.all([traces(a, descriptions), traces(b, descriptions)]);
  if (!one || !other) return false;
  const plain = [one, other].every((t) => isPlain(t, one.spec.dataWindow));
  return (
    plain &&
    one.node === other.node &&
    one.frame === other.frame &&
    one.part === other.part &&
    one.channel.name === other.channel.name
  );
}
