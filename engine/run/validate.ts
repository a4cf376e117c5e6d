// Validation: problems of the whole graph at one frame, sinks included, before anything is rendered.
import { asEngineError, type EngineError } from '../base/error.ts';
import { type Document, nodeOf } from '../document/schema.ts';
import type { FrameList } from '../image/frames.ts';
import type { Descriptions } from '../plan/describe.ts';
import { type Plan, upstreamOf } from '../plan/plan.ts';
import { hasErrors, type Problem, problemOf } from '../plan/problem.ts';
import { paramsAt } from '../plan/resolve.ts';
import { type ClaimOptions, Claims } from './claims.ts';
import { FrameDelivery } from './deliver.ts';

export interface ValidateOptions extends ClaimOptions {
  readonly descriptions: Descriptions;
  /** Files that exist already stop nothing yet: a run that resumes finds out at each frame, a dry one only tells. */
  readonly existing?: boolean;
}

/** How many frames are looked at for one whose inputs are sound. */
const TRIED = 16;

/** What `validate` prints and what keeps a run from starting: problems of the plan, and of a frame of the run. */
export async function validate(options: ValidateOptions): Promise<Problem[]> {
  const { plan, sinks, frames, descriptions } = options;
  const above = feeding(plan.document, sinks);
  // What no chosen sink needs is told but stops nothing.
  const problems = plan.problems.map((p): Problem => {
    const idle = sinks.length > 0 && p.where.node !== undefined && !above.has(p.where.node);
    return idle && p.severity === 'error' ? { ...p, severity: 'warning' } : p;
  });
  // A node of unknown type may be the one that writes.
  const known = !problems.some(({ code }) => code === 'node-unknown' || code === 'node-version');
  if (sinks.length === 0 && known)
    problems.push({
      severity: 'error',
      code: 'no-sink',
      message: 'The graph has nothing to write: add a node such as Write EXR, or enable one.',
      where: {},
    });
  if (hasErrors(problems)) return problems;
  const frame = (await soundFrame(descriptions, sinks, frames)) ?? frames[0]!;
  const awaiting = new Set<string>();
  for (const sink of sinks) {
    const known = new Set(problems.map((p) => `${p.code} ${p.message}`));
    for (const problem of await descriptions.problems(sink, frame)) {
      if (problem.code === 'frame-awaited') awaiting.add(sink);
      if (!known.has(`${problem.code} ${problem.message}`)) problems.push(waitedFor(problem));
    }
  }
  if (!hasErrors(problems)) problems.push(...movingProblems(plan, sinks, frames));
  if (hasErrors(problems)) return problems;
  const claims = await Claims.of(options);
  for (const sink of sinks) {
    // What its input will be is not known yet.
    if (awaiting.has(sink)) continue;
    const delivery = new FrameDelivery(descriptions, sink, frame);
    problems.push(...(await delivery.problems({ existing: options.existing === true })));
    if (hasErrors(problems)) continue;
    try {
      claims.write((await delivery.plan()).delivery.path, { sink, frame });
    } catch (thrown) {
      problems.push(problemOf(asEngineError(thrown, { node: sink, frame })));
    }
  }
  return problems;
}

/** How many times parameters are worked out ahead of a run. */
const MOST_AHEAD = 20_000;

/** Animated parameters that have no place at some frame of the run: of each node the first such frame. */
function movingProblems(plan: Plan, sinks: readonly string[], frames: FrameList): Problem[] {
  const moving = upstreamOf(plan, sinks).filter((id) => plan.drivers.moving(id).length > 0);
  const looked = frames.slice(0, Math.max(1, Math.floor(MOST_AHEAD / Math.max(1, moving.length))));
  const found = new Map<string, Problem[]>();
  // Frame by frame, since the values of all nodes at a frame are worked out together.
  for (const frame of looked) {
    for (const id of moving) {
      if (found.has(id) || plan.document.nodes[id]?.disabled) continue;
      const { problems } = paramsAt(plan.nodes.get(id)!, plan, frame);
      if (problems.length > 0)
        found.set(
          id,
          problems.map((p) => ({ ...p, message: `${p.message} At frame ${frame}.` })),
        );
    }
  }
  return [...found.values()].flat();
}

/** What a run waits for is no error as long as nobody renders. */
const waitedFor = (problem: Problem): Problem =>
  problem.code === 'frame-awaited' ? { ...problem, severity: 'warning' } : problem;

/**
 * The first of the run's frames at which everything above the sinks can be described; undefined where none of the first
 * few can. A damaged or missing file spoils its own frame and not the run.
 */
export async function soundFrame(
  descriptions: Descriptions,
  sinks: readonly string[],
  frames: FrameList,
): Promise<number | undefined> {
  for (const frame of frames.slice(0, TRIED)) {
    const found = await Promise.all(sinks.map((sink) => descriptions.problems(sink, frame)));
    if (!hasErrors(found.flat())) return frame;
  }
  return undefined;
}

/**
 * Waits, where nodes above the sinks do so, until the first frame can be described; what was described before is out of
 * date then. Returns what ended the wait too early: `frame-wait-timeout`, `cancelled`.
 */
export async function awaitFirstFrame(options: ValidateOptions): Promise<EngineError | undefined> {
  const { descriptions, sinks, signal, frames } = options;
  try {
    for (const sink of sinks) await prepare(descriptions, sink, frames[0]!, signal);
    return undefined;
  } catch (thrown) {
    return asEngineError(thrown, { frame: frames[0]! });
  }
}

/** Lets every node above a sink wait for what the frame needs. */
export async function prepare(
  descriptions: Descriptions,
  sink: string,
  frame: number,
  signal: AbortSignal,
): Promise<void> {
  for (const { node: id, frame: at } of descriptions.above(sink, frame)) {
    const node = descriptions.plan.nodes.get(id);
    const params = node?.definition.prepare && descriptions.paramsAt(node, at).values;
    if (!node || !params) continue;
    try {
      await node.definition.prepare!({ ...descriptions.context(node, params, at), signal });
    } catch (thrown) {
      throw asEngineError(thrown, { node: id, frame: at });
    }
  }
}

/** The ids of some nodes and of all from which links lead to them, unknown, bypassed and embedding ones included. */
function feeding(document: Document, ids: readonly string[]): ReadonlySet<string> {
  const sources = new Map<string, string[]>();
  for (const link of document.links) {
    const to = nodeOf(link.to);
    const list = sources.get(to);
    if (list) list.push(nodeOf(link.from));
    else sources.set(to, [nodeOf(link.from)]);
  }
  const found = new Set(ids);
  for (const id of found) {
    for (const source of sources.get(id) ?? []) found.add(source);
    // What is wrong with a node that stands for a graph concerns every node out of that graph.
    const outer = id.lastIndexOf('/');
    if (outer > 0) found.add(id.slice(0, outer));
  }
  return found;
}
