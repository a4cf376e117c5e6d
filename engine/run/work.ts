// Work on one state of a document: its plan, the frames it has, its descriptions and what evaluates them.
import { asEngineError } from '../base/error.ts';
import type { Document } from '../document/schema.ts';
import type { PlaneCache } from '../evaluate/cache.ts';
import { Evaluator } from '../evaluate/evaluator.ts';
import type { FrameList } from '../image/frames.ts';
import type { Timeline } from '../node/define.ts';
import { Descriptions } from '../plan/describe.ts';
import { runFrames } from '../plan/frames.ts';
import type { Plan } from '../plan/plan.ts';
import { type Problem, problemOf } from '../plan/problem.ts';
import type { FileServices } from './services.ts';

export interface Work {
  /** As it is edited: the plan's own document has every template unfolded. */
  readonly document: Document;
  readonly plan: Plan;
  /** The frames that a run of all sinks would render; of all nodes where there is no sink. Empty where none can be told. */
  readonly frames: FrameList;
  readonly timeline: Timeline;
  readonly descriptions: Descriptions;
  readonly evaluator: Evaluator;
  /** Why the frames cannot be told, where that is no node's own problem. */
  readonly problems: readonly Problem[];
}

export interface WorkOptions {
  readonly services: FileServices;
  readonly cache: PlaneCache;
  readonly signal: AbortSignal;
}

/** Looks for the frames and makes the rest from them. Rejects only where it was cancelled. */
export async function makeWork(
  document: Document,
  plan: Plan,
  { services, cache, signal }: WorkOptions,
): Promise<Work> {
  const { frames, timeline, problems } = await framesOf(plan, services, signal);
  signal.throwIfAborted();
  const descriptions = new Descriptions(plan, { services, timeline, signal });
  return {
    document,
    plan,
    frames,
    timeline,
    descriptions,
    evaluator: new Evaluator(descriptions, { cache }),
    problems,
  };
}

async function framesOf(
  plan: Plan,
  services: FileServices,
  signal: AbortSignal,
): Promise<Pick<Work, 'frames' | 'timeline' | 'problems'>> {
  const wanted = plan.sinks.length > 0 ? plan.sinks : [...plan.nodes.keys()];
  try {
    const { frames, timeline } = await runFrames(plan, wanted, { services, signal });
    return { frames, timeline, problems: [] };
  } catch (thrown) {
    const error = asEngineError(thrown);
    const { align, mismatch } = plan.document.frames;
    // What a source lacks is told at its node when that is described.
    const problems = error.code.startsWith('frames-') ? [problemOf(error)] : [];
    return { frames: [], timeline: { align, mismatch, start: 1, count: 1 }, problems };
  }
}
