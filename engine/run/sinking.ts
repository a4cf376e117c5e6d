// What a sink is told of its inputs at a frame: descriptions, which parts can be copied, which files they come from.
import { EngineError } from '../base/error.ts';
import type { ImageSpec, PartSpec } from '../image/spec.ts';
import type { Delivery, EncodedPart, Inputs, SinkContext } from '../node/define.ts';
import type { Descriptions } from '../plan/describe.ts';
import { encodedPart, type Trace, tracePart } from '../plan/trace.ts';
import { recipeFor } from './recipe.ts';

/** Port → part → the traces of its channels. */
export type PartTraces = ReadonlyMap<string, readonly (readonly Trace[])[]>;

/** The traces of every channel that reaches a sink at a frame. Throws the first problem where something above is in error. */
export async function sinkTraces(descriptions: Descriptions, sink: string, frame: number): Promise<PartTraces> {
  const result = new Map<string, (readonly Trace[])[]>();
  for (const feed of descriptions.feeds(sink, frame)) {
    const { spec } = await descriptions.describe(feed.node, feed.frame);
    const parts: (readonly Trace[])[] = [];
    for (const part of spec?.parts.keys() ?? []) {
      const traces = await tracePart(descriptions, feed.node, feed.frame, part);
      if (!traces) throw await firstProblem(descriptions, sink, frame);
      parts.push(traces);
    }
    result.set(feed.port, parts);
  }
  return result;
}

/** The traces of what a file is made of, part by part as it is written. */
export function takenTraces(
  traces: PartTraces,
  delivery: Delivery,
  inputs: Readonly<Record<string, unknown>>,
): PartTraces {
  if (!delivery.taken) return traces;
  const taken = new Map<string, (readonly Trace[])[]>([...traces.keys()].map((port) => [port, []]));
  for (const [index, { port, part, channels }] of delivery.taken.entries()) {
    const given = (inputs[port] as ImageSpec).parts[part]!.channels;
    const all = traces.get(port)?.[part] ?? [];
    taken.get(port)![index] = channels.map((name) => all[given.findIndex((c) => c.name === name)]!);
  }
  return taken;
}

/** The context of a sink's functions at a frame. Throws the first problem where the graph above is in error. */
export async function sinkContext(
  descriptions: Descriptions,
  sink: string,
  frame: number,
): Promise<SinkContext<unknown, Inputs>> {
  const node = descriptions.plan.nodes.get(sink)!;
  const params = descriptions.paramsAt(node, frame).values;
  const inputs = await descriptions.inputsOf(node, frame);
  if (!params || !inputs) throw await firstProblem(descriptions, sink, frame);
  const traces = await sinkTraces(descriptions, sink, frame);
  const files = await inputFiles(descriptions, sink, frame);
  let recipe: string | undefined;
  return {
    ...descriptions.context(node, params, frame),
    inputs: inputs as never,
    encoded: (port, part): EncodedPart | undefined => {
      const spec = (inputs[port] as { parts: readonly PartSpec[] } | undefined)?.parts[part];
      return spec && encodedPart(spec, traces.get(port)?.[part] ?? []);
    },
    origins: (port, part): readonly PartSpec[] => [...new Set((traces.get(port)?.[part] ?? []).map((t) => t.spec))],
    maker: (port, part, channel) => {
      const { channels } = (inputs[port] as ImageSpec | undefined)?.parts[part] ?? { channels: [] };
      const found = traces.get(port)?.[part]?.[channels.findIndex(({ name }) => name === channel)];
      return found && { part: found.spec, channel: found.channel };
    },
    // Once, since it opens every input.
    recipe: () => (recipe ??= recipeFor(descriptions.plan, frame, files)),
    margin: marginAbove(descriptions, sink, frame),
  };
}

/** The margins of a chain of nodes add up; where ways part, the longest counts. */
function marginAbove(descriptions: Descriptions, sink: string, frame: number): number {
  const reached = new Map<string, number>();
  for (const at of descriptions.above(sink, frame)) {
    const { access } = descriptions.plan.nodes.get(at.node)!.definition;
    const params =
      typeof access === 'function' ? descriptions.paramsAt(descriptions.plan.nodes.get(at.node)!, at.frame) : undefined;
    const stated = typeof access === 'function' ? params?.values && access(params.values) : access;
    const own = typeof stated === 'object' ? stated.margin : 0;
    const fed = descriptions.feeds(at.node, at.frame).map((feed) => reached.get(`${feed.node}@${feed.frame}`) ?? 0);
    reached.set(`${at.node}@${at.frame}`, own + Math.max(0, ...fed));
  }
  return reached.get(`${sink}@${frame}`) ?? 0;
}

/** The files that the parts above a sink at a frame were read from, absolute. */
export async function inputFiles(descriptions: Descriptions, sink: string, frame: number): Promise<string[]> {
  const found = new Set<string>();
  for (const { node, frame: at } of descriptions.above(sink, frame)) {
    const { spec } = await descriptions.describe(node, at);
    for (const { stored, picture } of spec?.parts ?? []) {
      const file = stored?.chunks?.file ?? picture?.file;
      if (file !== undefined) found.add(file);
    }
  }
  return [...found];
}

/** The first error above a node, to throw where a run cannot go on. */
export async function firstProblem(descriptions: Descriptions, id: string, frame: number): Promise<EngineError> {
  const problem = (await descriptions.problems(id, frame)).find((p) => p.severity === 'error');
  if (problem) return new EngineError('invalid', problem.code, problem.message, problem.where);
  return new EngineError(
    'invalid',
    'input-missing',
    `${id} has nothing to work on at frame ${frame}: something above it is not connected.`,
    { node: id, frame },
  );
}
