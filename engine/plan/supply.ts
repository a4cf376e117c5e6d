// Supplies: the frames that sources can give, as they are seen from below through nodes that move, hold or choose frames.
import { asEngineError, EngineError } from '../base/error.ts';
import type { FrameSupply } from '../image/frames.ts';
import type { Mesh } from '../image/mesh.ts';
import type { BaseContext, Inputs } from '../node/define.ts';
import { Descriptions } from './describe.ts';
import { neededPorts, type Plan, type PlanNode, upstreamOf } from './plan.ts';
import { paramsAt } from './resolve.ts';

/** The frames that a source can give, in the frames of whoever asks. */
export interface Supplied {
  readonly node: string;
  readonly supply: FrameSupply;
}

export interface Supplies {
  readonly found: readonly Supplied[];
  /** Sources that have a list of frames, of which none is there yet. */
  readonly awaited: readonly string[];
}

export interface SupplyOptions extends Pick<BaseContext<unknown, Inputs>, 'timeline' | 'services' | 'signal'> {
  /** What is wrong with a source ends the search (`throw`), or the source has no list of frames then (`skip`). */
  readonly trouble?: 'throw' | 'skip';
}

/** More lists than this come from no picture but from a graph that doubles itself at every node. */
const MOST_LISTS = 4096;

/** What reaches any of these nodes, in the order of the plan. Throws what is wrong with a source, and `frames-mismatch`. */
export async function suppliesAt(plan: Plan, ids: readonly string[], options: SupplyOptions): Promise<Supplies> {
  const awaited: string[] = [];
  const known = new Map<string, readonly Supplied[]>();
  for (const id of upstreamOf(plan, ids)) {
    const node = plan.nodes.get(id)!;
    const own = await ownSupply(plan, node, options);
    if (own?.supply.frames.length === 0) awaited.push(id);
    const given = neededPorts(plan, node).flatMap(({ port, source }) =>
      (known.get(source) ?? []).flatMap((supplied) => passed(plan, node, port, supplied, options)),
    );
    known.set(id, distinct([...(own && own.supply.frames.length > 0 ? [own] : []), ...given], id));
  }
  const order = [...plan.nodes.keys()];
  const found = distinct(
    ids.flatMap((id) => known.get(id) ?? []),
    ids[0] ?? '',
  );
  return { found: found.toSorted((a, b) => order.indexOf(a.node) - order.indexOf(b.node)), awaited };
}

/** Parameters at a frame for a function that is to answer for every frame, and whether it looked at one that is animated. */
interface Steady {
  readonly params: Readonly<Record<string, unknown>>;
  moved(): boolean;
}

/** Undefined where a text in them names the frame, so that the node is another one at every frame. */
function steadyParams(plan: Plan, node: PlanNode, frame: number): Steady | undefined {
  if (!node.sound) return undefined;
  const { values, framed, moving } = paramsAt(node, plan, frame);
  if (framed || !values) return undefined;
  if (moving.length === 0) return { params: values, moved: () => false };
  const seen = new Set<string | symbol>();
  const params = new Proxy(values, {
    get(target, name) {
      seen.add(name);
      return target[name as string];
    },
  });
  return { params, moved: () => moving.some((name) => seen.has(name)) };
}

async function ownSupply(plan: Plan, node: PlanNode, options: SupplyOptions): Promise<Supplied | undefined> {
  const { frames } = node.definition;
  if (!frames || plan.document.nodes[node.id]?.disabled) return undefined;
  const { timeline, services, signal } = options;
  const steady = steadyParams(plan, node, timeline.start);
  if (!steady) return undefined;
  try {
    const meshes = await meshesOf(plan, node, options);
    const supply = await frames({ node: node.id, params: steady.params, timeline, services, signal, meshes });
    if (steady.moved()) return undefined;
    return supply && { node: node.id, supply };
  } catch (thrown) {
    if (options.trouble === 'skip') return undefined;
    throw asEngineError(thrown, { node: node.id });
  }
}

/** What is wrong with a mesh is told where it is described. */
async function meshesOf(plan: Plan, node: PlanNode, options: SupplyOptions): Promise<Record<string, Mesh>> {
  const meshes: Record<string, Mesh> = {};
  const fed = neededPorts(plan, node).filter(({ port }) => node.definition.inputs[port]?.kind === 'mesh');
  if (fed.length === 0) return meshes;
  const descriptions = new Descriptions(plan, options);
  for (const { port, source } of fed) {
    const { value } = await descriptions.describe(source, options.timeline.start);
    if (value) meshes[port] = value;
  }
  return meshes;
}

function passed(
  plan: Plan,
  node: PlanNode,
  port: string,
  { node: source, supply }: Supplied,
  { trouble }: SupplyOptions,
): Supplied[] {
  const { framesOf } = node.definition;
  if (!framesOf || plan.document.nodes[node.id]?.disabled) return [{ node: source, supply }];
  const steady = steadyParams(plan, node, 0);
  // Where nobody can say which frames come of it, none is a limit.
  if (!steady) return [];
  try {
    const seen = framesOf({ params: steady.params }, supply, port);
    if (!seen || steady.moved()) return [];
    if (seen.frames.length > 0) return [{ node: source, supply: seen }];
  } catch (thrown) {
    if (trouble === 'skip') return [];
    throw asEngineError(thrown, { node: node.id });
  }
  if (trouble === 'skip') return [];
  throw new EngineError(
    'invalid',
    'frames-mismatch',
    `${node.id} leaves none of the frames ${supply.frames[0]} to ${supply.frames.at(-1)} that ${source} has.`,
    { node: node.id },
  );
}

/** The same list that comes by several ways, once. */
function distinct(list: readonly Supplied[], node: string): readonly Supplied[] {
  const unique = new Map<string, Supplied>();
  for (const one of list) {
    const { frames, before, after, missing } = one.supply;
    const text = [one.node, frames[0], frames.at(-1), frames.length, before, after, missing].join();
    if (!unique.has(text)) unique.set(text, one);
  }
  if (unique.size <= MOST_LISTS) return [...unique.values()];
  throw new EngineError(
    'invalid',
    'frames-too-many',
    `${node} sees the same sources at more than ${MOST_LISTS} different frames. Move frames less often.`,
    { node },
  );
}
