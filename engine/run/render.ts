// Rendering: sinks over frames. Describes each frame, packs its pieces in the pool, writes them in order, keeps the ledger.
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { asEngineError, EngineError, type PlainError } from '../base/error.ts';
import type { FrameList } from '../image/frames.ts';
import type { Timeline } from '../node/define.ts';
import type { Descriptions } from '../plan/describe.ts';
import type { SkippedFrame } from '../plan/frames.ts';
import type { Plan } from '../plan/plan.ts';
import type { Problem } from '../plan/problem.ts';
import { Claims } from './claims.ts';
import { FrameDelivery } from './deliver.ts';
import { Gate } from './gate.ts';
import { Ledger, type LedgerEntry, type LedgerItem } from './ledger.ts';
import { Manifest } from './manifest.ts';
import type { Pool } from './pool.ts';
import type { FileServices } from './services.ts';
import { Sweeper } from './sweep.ts';
import type { PlainTally } from './tally.ts';
import { prepare } from './validate.ts';

export interface RenderOptions {
  readonly plan: Plan;
  /** Of the plan with this timeline; what is known already is not described again. */
  readonly descriptions: Descriptions;
  readonly services: FileServices;
  readonly pool: Pool;
  readonly frames: FrameList;
  readonly timeline: Timeline;
  /** Frames that the mismatch policy left out, for the ledger. */
  readonly skipped?: readonly SkippedFrame[];
  /** Sinks to render, in order; all enabled ones of the plan by default. */
  readonly sinks?: readonly string[];
  /** Pieces, and frames, that may be in the works at once; bounds memory. */
  readonly inFlight: { readonly pieces: number; readonly frames: number };
  readonly resume?: boolean;
  readonly failOnLoss?: boolean;
  /** Describes every frame, fills the ledger with what would happen, writes nothing. Files that exist are told of. */
  readonly dryRun?: boolean;
  readonly signal: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
}

/** What happens while a run goes on, in order. */
export type RunEvent =
  | { readonly kind: 'begin'; readonly sinks: readonly string[]; readonly frames: FrameList }
  | {
      readonly kind: 'progress';
      readonly done: number;
      readonly total: number;
      /** The ledger so far, made when it is called for. */
      readonly ledger: () => readonly LedgerEntry[];
    }
  | ({ readonly kind: 'frame' } & FrameOutcome)
  | { readonly kind: 'problem'; readonly problem: Problem };

export interface FrameOutcome {
  readonly sink: string;
  readonly frame: number;
  readonly state: 'done' | 'kept' | 'planned' | 'substituted' | 'failed';
  /** Absolute path, where it got that far. */
  readonly path?: string;
  readonly error?: PlainError;
  /** Of a planned frame whose file exists: what a run would do about it. */
  readonly existing?: 'refused' | 'replaced';
}

export interface RunResult {
  readonly outcomes: readonly FrameOutcome[];
  readonly ledger: readonly LedgerEntry[];
  readonly problems: readonly Problem[];
  readonly cancelled: boolean;
  /** True where `failOnLoss` stopped a frame. */
  readonly loss: boolean;
  /** True where a frame, kept ones included, shows another one, or black, in place of one that is missing. */
  readonly substituted: boolean;
}

/** Renders. Rejects only for what is wrong before the first frame; a frame's failure is in the result. */
export async function render(options: RenderOptions): Promise<RunResult> {
  const { plan, descriptions, services, timeline, frames, pool, signal } = options;
  const sinks = options.sinks ?? plan.sinks;
  const emit = options.onEvent ?? (() => {});
  const claims = await Claims.of({ plan, sinks, frames, services, timeline, signal });
  const sweeper = new Sweeper();
  const ledger = new Ledger();
  /** By place in the run; null for a frame that was cancelled. */
  const outcomes: (FrameOutcome | null)[] = [];
  let shown = 0;
  const problems: Problem[] = [];
  /** What was found in the samples of frames that are not yet told of, by place in the run. */
  const found = new Map<number, readonly Problem[]>();
  const notices: Problem[] = [];
  const manifests = new Map<string, Manifest>();
  const pieces = new Gate(options.inFlight.pieces);
  // A few frames at once, so that the pool has work while one frame is being finished.
  const active = new Gate(options.inFlight.frames);
  let done = 0;
  let loss = false;
  let substituted = false;
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

  /** Frames are finished in any order and told in that of the run. */
  const conclude = (place: number, outcome: FrameOutcome | null): void => {
    outcomes[place] = outcome;
    if (outcome) done += 1;
    for (let next = outcomes[shown]; next !== undefined; next = outcomes[++shown]) {
      // In the order of the run, so that the first frame of which it is true is named, whichever was finished first.
      tell(notices, found.get(shown) ?? []);
      found.delete(shown);
      if (next) emit({ kind: 'frame', ...next });
    }
    if (outcome) emit({ kind: 'progress', done, total, ledger: () => ledger.entries() });
  };

  const manifestOf = (folder: string, sink: string): Manifest => {
    const at = `${folder}\u0000${sink}`;
    const known =
      manifests.get(at) ??
      new Manifest(folder, `${plan.document.name || 'graph'}.${sink}`, { resume: options.resume === true });
    manifests.set(at, known);
    return known;
  };

  /** A hint that holds for every frame is given once. */
  const tell = (told: Problem[], more: readonly Problem[]): void => {
    for (const problem of more) {
      const { code, message, where } = problem;
      if (told.some((p) => p.code === code && p.message === message && p.where.node === where.node)) continue;
      told.push(problem);
      emit({ kind: 'problem', problem });
    }
  };

  const report = (planned: readonly Problem[]): void => {
    const error = planned.find((problem) => problem.severity === 'error');
    tell(
      problems,
      planned.filter((problem) => problem.severity !== 'error'),
    );
    if (error) throw new EngineError('invalid', error.code, error.message, error.where);
  };

  /** Fills the ledger with what descriptions tell of a frame. True where a frame stands in for one that is missing. */
  const keepAccount = async (
    delivery: FrameDelivery,
    sink: string,
    frame: number,
    keep: (item: LedgerItem) => void,
  ): Promise<boolean> => {
    const account = await delivery.account();
    for (const item of account) keep(item);
    const substitutions = await delivery.substitutions();
    for (const s of substitutions) {
      const name = s.used === undefined ? `${s.asked}: black` : `${s.asked}: ${s.used} instead`;
      keep({ kind: 'substituted', item: 'frame', name, from: s.node, sink, reason: s.reason });
    }
    const lost = options.failOnLoss ? account.filter((item) => item.kind === 'lost') : [];
    if (lost.length > 0) {
      loss = true;
      throw lossError(lost, sink, frame);
    }
    return substitutions.some((s) => !s.extended);
  };

  const one = async (sink: string, frame: number, place: number): Promise<FrameOutcome | null> => {
    let path: string | undefined;
    const items: LedgerItem[] = [];
    const enter = (): void => {
      for (const item of items) ledger.add(frame, item);
    };
    try {
      signal.throwIfAborted();
      await prepare(descriptions, sink, frame, signal);
      const delivery = new FrameDelivery(descriptions, sink, frame);
      const planned = await delivery.plan();
      path = planned.delivery.path;
      claims.reads(await delivery.inputs());
      claims.write(path, { sink, frame });
      if (!options.dryRun) report(sweeper.sweep(path).map((left) => abandoned(left, sink, frame)));
      const key = await delivery.key();
      const book = manifestOf(dirname(path), sink);
      const finished = options.resume ? book.finished(frame, key, path) : undefined;
      const refused = options.dryRun === true && planned.problems.some((p) => p.code === 'file-exists');
      const told = options.resume ? planned.problems.map(notResumed) : planned.problems;
      if (!finished) report(told.filter((p) => !(refused && p.code === 'file-exists')));
      const gaps = await keepAccount(delivery, sink, frame, (item) => items.push(item));
      substituted ||= gaps;
      if (finished) {
        enter();
        addTally(ledger, sink, frame, finished);
        found.set(place, finished.problems ?? []);
        return { sink, frame, state: 'kept', path };
      }
      if (options.dryRun) {
        for (const { node, channel, from, to } of await delivery.conversions()) {
          const reason = `${from} would become ${to}`;
          items.push({ kind: 'converted', item: 'channel', name: channel, from: node, sink, reason });
        }
        for (const { channel, reason } of planned.delivery.losing ?? []) {
          items.push({ kind: 'converted', item: 'channel', name: channel, from: sink, sink, reason });
        }
        enter();
        const existing = refused ? 'refused' : existsSync(path) ? 'replaced' : undefined;
        return { sink, frame, state: 'planned', path, ...(existing ? { existing } : {}) };
      }
      const target = path;
      const { tally } = await delivery.deliver(pool, pieces, signal, (made) => book.begin(frame, key, target, made));
      enter();
      addTally(ledger, sink, frame, tally);
      found.set(place, tally.problems ?? []);
      book.finish(frame, key, path, tally);
      return { sink, frame, state: gaps ? 'substituted' : 'done', path };
    } catch (thrown) {
      const error = asEngineError(thrown, { node: sink, frame });
      // Of a frame that was given up there is nothing to tell.
      if (error.kind === 'cancelled') return null;
      enter();
      return { sink, frame, state: 'failed', ...(path === undefined ? {} : { path }), error: error.toJSON() };
    }
  };

  const running: Promise<void>[] = [];
  for (const frame of frames) {
    for (const sink of sinks) {
      await active.enter();
      const place = running.length;
      const outcome = one(sink, frame, place).then((made) => conclude(place, made));
      running.push(outcome.finally(() => active.leave()));
    }
    if (signal.aborted) break;
  }
  await Promise.all(running);
  return {
    outcomes: outcomes.filter((outcome) => outcome !== null),
    ledger: ledger.entries(),
    problems: [...problems, ...notices],
    cancelled: signal.aborted,
    loss,
    substituted,
  };
}

const abandoned = (file: string, node: string, frame: number): Problem => ({
  severity: 'info',
  code: 'output-abandoned',
  message: `Removed ${file}, which a run that was killed left unfinished.`,
  where: { node, frame, file },
});

/** A file that a run which goes on found in its way says so, instead of advising to go on. */
const notResumed = (problem: Problem): Problem =>
  problem.code === 'file-exists'
    ? {
        ...problem,
        message: `${problem.where.file} exists, and this graph did not make it as it is now. Choose another path, or allow it to be replaced.`,
      }
    : problem;

function lossError(lost: readonly LedgerItem[], sink: string, frame: number): EngineError {
  const list = lost.slice(0, 5).map((i) => `${i.item} ${i.name} of ${i.from}`);
  const things = lost.length === 1 ? 'thing does' : 'things do';
  return new EngineError(
    'invalid',
    'loss',
    `${lost.length} ${things} not reach the output: ${list.join(', ')}${lost.length > 5 ? ', …' : ''}. Nothing was written for this frame.`,
    { node: sink, frame },
  );
}

/** Adds what happened to the samples of a frame while they were made. */
function addTally(ledger: Ledger, sink: string, frame: number, { conversions, notes, counts }: PlainTally): void {
  for (const c of conversions) {
    const reason = `${c.from} became ${c.to}`;
    ledger.add(
      frame,
      { kind: 'converted', item: 'channel', name: c.channel, from: c.node, sink, reason },
      { samples: c.samples, altered: c.changed },
    );
  }
  for (const { node, channel, reason, samples, altered } of counts ?? []) {
    if (altered === 0) continue;
    const item = { kind: 'converted', item: 'channel', name: channel, from: node, sink, reason } as const;
    ledger.add(frame, item, { samples, altered });
  }
  for (const n of notes) {
    if (n.rows) {
      const samples = n.rows.counts.reduce((sum, [, count]) => sum + count, 0);
      const item = { kind: 'changed', item: 'channel', name: n.name, from: n.node, sink, reason: n.reason } as const;
      ledger.add(frame, item, { samples, altered: samples });
      continue;
    }
    const kind = n.kind === 'filled' ? 'filled' : 'changed';
    ledger.add(frame, { kind, item: 'chunk', name: n.name, from: n.node, sink, reason: n.reason });
  }
}
