// Rendering: sinks over frames. Describes each frame, packs its pieces in the pool, writes them in order, keeps the ledger.
import { dirname } from 'node:path';
import { asEngineError, EngineError, type PlainError } from '../base/error.ts';
import type { FrameList } from '../image/frames.ts';
import type { Timeline } from '../node/define.ts';
import { Descriptions } from '../plan/describe.ts';
import type { SkippedFrame } from '../plan/frames.ts';
import type { Plan } from '../plan/plan.ts';
import { upstreamOf } from '../plan/plan.ts';
import { hasErrors, type Problem } from '../plan/problem.ts';
import { type DeliveredFrame, FrameDelivery } from './deliver.ts';
import { Gate } from './gate.ts';
import { Ledger, type LedgerEntry } from './ledger.ts';
import { Manifest } from './manifest.ts';
import type { Pool } from './pool.ts';
import { type FileServices, realPath } from './services.ts';

export interface RenderOptions {
  readonly plan: Plan;
  readonly services: FileServices;
  readonly pool: Pool;
  readonly frames: FrameList;
  readonly timeline: Timeline;
  /** Frames that the mismatch policy left out, for the ledger. */
  readonly skipped?: readonly SkippedFrame[];
  /** Sinks to render, in order; all enabled ones of the plan by default. */
  readonly sinks?: readonly string[];
  /** Pieces that may be in the works at once; bounds memory. */
  readonly inFlight: number;
  readonly resume?: boolean;
  readonly failOnLoss?: boolean;
  /** Describes every frame, fills the ledger, writes nothing. */
  readonly dryRun?: boolean;
  readonly signal: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
}

/** What happens while a run goes on, in order. */
export type RunEvent =
  | { readonly kind: 'begin'; readonly sinks: readonly string[]; readonly frames: FrameList }
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | ({ readonly kind: 'frame' } & FrameOutcome)
  | { readonly kind: 'problem'; readonly problem: Problem };

export interface FrameOutcome {
  readonly sink: string;
  readonly frame: number;
  readonly state: 'done' | 'kept' | 'planned' | 'substituted' | 'failed';
  /** Absolute path, where it got that far. */
  readonly path?: string;
  readonly error?: PlainError;
}

export interface RunResult {
  readonly outcomes: readonly FrameOutcome[];
  readonly ledger: readonly LedgerEntry[];
  readonly problems: readonly Problem[];
  readonly cancelled: boolean;
  /** True where `failOnLoss` stopped a frame. */
  readonly loss: boolean;
}

/** Problems of the whole graph at one frame, sinks included: what `validate` prints and what keeps a run from starting. */
export async function validate(
  options: Pick<RenderOptions, 'plan' | 'services' | 'timeline' | 'sinks' | 'signal' | 'resume'>,
  frame: number,
): Promise<Problem[]> {
  const { plan, services, timeline, signal } = options;
  const sinks = options.sinks ?? plan.sinks;
  const related = new Set(upstreamOf(plan, sinks));
  const problems = plan.problems.filter(
    (p) =>
      p.severity !== 'error' ||
      p.where.node === undefined ||
      sinks.length === 0 ||
      related.has(p.where.node) ||
      !plan.nodes.has(p.where.node),
  );
  if (sinks.length === 0)
    problems.push({
      severity: 'error',
      code: 'no-sink',
      message: 'The graph has nothing to write: add a node such as Write EXR, or enable one.',
      where: {},
    });
  const descriptions = new Descriptions(plan, { services, timeline, signal });
  for (const sink of sinks) {
    const known = new Set(problems.map((p) => `${p.code} ${p.message}`));
    for (const problem of await descriptions.problems(sink, frame)) {
      if (!known.has(`${problem.code} ${problem.message}`)) problems.push(problem);
    }
    if (hasErrors(problems)) continue;
    const delivery = new FrameDelivery(descriptions, sink, frame);
    problems.push(...(await delivery.problems(options.resume === true)));
  }
  return problems;
}

/** Renders. Rejects only for what is wrong before the first frame; a frame's failure is in the result. */
export async function render(options: RenderOptions): Promise<RunResult> {
  const { plan, services, timeline, frames, pool, signal } = options;
  const sinks = options.sinks ?? plan.sinks;
  const emit = options.onEvent ?? (() => {});
  const descriptions = new Descriptions(plan, { services, timeline, signal, keepFrames: 16 });
  const inputs = await inputFiles(plan, sinks, options);
  const ledger = new Ledger();
  const outcomes: FrameOutcome[] = [];
  const problems: Problem[] = [];
  const manifests = new Map<string, Manifest>();
  const claimed = new Map<string, string>();
  const pieces = new Gate(options.inFlight);
  // A few frames at once, so that the pool has work while one frame is being finished.
  const active = new Gate(Math.max(2, Math.min(options.inFlight, 8)));
  let done = 0;
  let loss = false;
  const total = frames.length * sinks.length;
  for (const { frame, node } of options.skipped ?? []) {
    for (const sink of sinks) {
      ledger.add(frame, {
        kind: 'skipped',
        item: 'frame',
        name: 'not rendered',
        from: node,
        sink,
        reason: `${node} has no such frame (mismatch: ${timeline.mismatch})`,
      });
    }
  }
  emit({ kind: 'begin', sinks, frames });

  const conclude = (outcome: FrameOutcome): void => {
    outcomes.push(outcome);
    done += 1;
    emit({ kind: 'frame', ...outcome });
    emit({ kind: 'progress', done, total });
  };

  const manifestOf = (folder: string, sink: string): Manifest => {
    const at = `${folder}\u0000${sink}`;
    const known =
      manifests.get(at) ??
      new Manifest(folder, `${plan.document.name || 'graph'}.${sink}`, { resume: options.resume === true });
    manifests.set(at, known);
    return known;
  };

  const one = async (sink: string, frame: number): Promise<void> => {
    let path: string | undefined;
    try {
      signal.throwIfAborted();
      await prepare(descriptions, sink, frame, signal);
      const delivery = new FrameDelivery(descriptions, sink, frame);
      const planned = await delivery.plan();
      path = planned.delivery.path;
      const key = await delivery.key();
      const book = manifestOf(dirname(path), sink);
      if (options.resume && book.has(frame, key, path)) return conclude({ sink, frame, state: 'kept', path });
      for (const problem of planned.problems) {
        if (problem.severity === 'error')
          throw new EngineError('invalid', problem.code, problem.message, problem.where);
        problems.push(problem);
        emit({ kind: 'problem', problem });
      }
      claim(claimed, inputs, path, { sink, frame });
      const account = await delivery.account();
      for (const item of account) ledger.add(frame, item);
      const substitutions = await delivery.substitutions();
      for (const s of substitutions) {
        const name = s.used === undefined ? `${s.asked}: black` : `${s.asked}: ${s.used} instead`;
        ledger.add(frame, { kind: 'substituted', item: 'frame', name, from: s.node, sink, reason: s.reason });
      }
      if (options.failOnLoss) {
        const lost = account.filter((item) => item.kind === 'lost');
        if (lost.length > 0) {
          loss = true;
          const list = lost
            .slice(0, 5)
            .map((i) => `${i.item} ${i.name} of ${i.from}`)
            .join(', ');
          throw new EngineError(
            'invalid',
            'loss',
            `${lost.length} ${lost.length === 1 ? 'thing does' : 'things do'} not reach the output: ${list}${lost.length > 5 ? ', …' : ''}. Nothing was written for this frame.`,
            { node: sink, frame },
          );
        }
      }
      if (options.dryRun) return conclude({ sink, frame, state: 'planned', path });
      const delivered: DeliveredFrame = await delivery.deliver(pool, pieces, signal);
      for (const c of delivered.tally.conversions) {
        ledger.add(
          frame,
          {
            kind: 'converted',
            item: 'channel',
            name: c.channel,
            from: c.node,
            sink,
            reason: `${c.from} became ${c.to}`,
          },
          { samples: c.samples, altered: c.changed },
        );
      }
      for (const n of delivered.tally.notes) {
        ledger.add(frame, {
          kind: n.kind === 'filled' ? 'filled' : 'changed',
          item: 'chunk',
          name: n.name,
          from: n.node,
          sink,
          reason: n.reason,
        });
      }
      book.add(frame, key, path);
      conclude({ sink, frame, state: substitutions.some((s) => !s.extended) ? 'substituted' : 'done', path });
    } catch (thrown) {
      const error = asEngineError(thrown, { node: sink, frame });
      if (error.kind === 'cancelled') return;
      conclude({ sink, frame, state: 'failed', ...(path === undefined ? {} : { path }), error: error.toJSON() });
    }
  };

  const running: Promise<void>[] = [];
  for (const frame of frames) {
    for (const sink of sinks) {
      await active.enter();
      running.push(one(sink, frame).finally(() => active.leave()));
    }
    if (signal.aborted) break;
  }
  await Promise.all(running);
  outcomes.sort(
    (a, b) => frames.indexOf(a.frame) - frames.indexOf(b.frame) || sinks.indexOf(a.sink) - sinks.indexOf(b.sink),
  );
  return { outcomes, ledger: ledger.entries(), problems, cancelled: signal.aborted, loss };
}

/** All files that the nodes above the sinks may read, by their real paths. */
async function inputFiles(plan: Plan, sinks: readonly string[], options: RenderOptions): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const descriptions = new Descriptions(plan, options);
  for (const id of upstreamOf(plan, sinks)) {
    const node = plan.nodes.get(id)!;
    if (!node.definition.files || plan.document.nodes[id]?.disabled) continue;
    const params = descriptions.paramsAt(node, options.frames[0] ?? 1).values;
    if (!params) continue;
    const { services, timeline, signal } = options;
    for (const file of await node.definition.files({ node: id, params, timeline, services, signal }))
      found.add(realPath(file));
  }
  return found;
}

/** Keeps a run from writing over one of its inputs, or one output over another. */
function claim(
  claimed: Map<string, string>,
  inputs: ReadonlySet<string>,
  path: string,
  by: { sink: string; frame: number },
): void {
  const real = realPath(path);
  const where = { node: by.sink, frame: by.frame, file: path };
  if (inputs.has(real)) {
    throw new EngineError(
      'invalid',
      'overwrites-input',
      `${path} is one of this run's inputs and is never written over. Choose another folder or name.`,
      where,
    );
  }
  const other = claimed.get(real);
  if (other !== undefined) {
    throw new EngineError(
      'invalid',
      'pattern-no-frame',
      `${path} is written by ${other} of this run too. Put a frame token such as %04d into the path, or give each sink a path of its own.`,
      where,
    );
  }
  claimed.set(real, `${by.sink} at frame ${by.frame}`);
}

/** Lets every node above a sink wait for what the frame needs. */
async function prepare(descriptions: Descriptions, sink: string, frame: number, signal: AbortSignal): Promise<void> {
  const visit = async (id: string, at: number): Promise<void> => {
    const node = descriptions.plan.nodes.get(id)!;
    for (const feed of descriptions.feeds(id, at)) await visit(feed.node, feed.frame);
    const params = node.definition.prepare && descriptions.paramsAt(node, at).values;
    if (params) await node.definition.prepare!({ ...descriptions.context(node, params, at), signal });
  };
  await visit(sink, frame);
}
