// Rendering from the editor: one run at a time, with its progress, its ledger as it grows, and lines for the log.
import { BehaviorSubject } from 'rxjs';
import {
  type AnyNode,
  asEngineError,
  type Document,
  EngineError,
  formatFrames,
  type LedgerEntry,
  type Problem,
  type RunEvent,
  runGraph,
} from '../../engine/index.ts';
import type { RunOptions, RunState } from '../protocol.ts';
import type { Log } from './log.ts';

export interface RenderingOptions {
  readonly nodes: readonly AnyNode[];
  readonly packs: readonly string[];
  readonly log: Log;
}

/** What is rendered: the document as it is, saved or not. */
export interface RunSubject {
  readonly document: Document;
  readonly folder: string;
  readonly roots: readonly string[];
}

/** Milliseconds between two tellings of how far a run is. */
const PAUSE = 100;

// In the package the worker is JavaScript, in the clone TypeScript, as this file is.
const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? '../../engine/bin/worker.ts' : '../../engine/bin/worker.js',
  import.meta.url,
);

export class Rendering {
  readonly run$ = new BehaviorSubject<RunState | null>(null);
  readonly #options: RenderingOptions;
  #controller: AbortController | undefined;
  #ended: Promise<void> = Promise.resolve();
  #closing = false;

  constructor(options: RenderingOptions) {
    this.#options = options;
  }

  /** Starts a run. Throws `usage` while another one goes on. `onEnd` is called once files may have changed. */
  start(options: RunOptions, subject: RunSubject, onEnd: () => void): void {
    if (this.#controller) throw new EngineError('usage', 'usage', 'A run is going on; cancel it first.');
    if (this.#closing) throw new EngineError('usage', 'usage', 'The host ends.');
    const controller = new AbortController();
    this.#controller = controller;
    this.#ended = this.#run(options, subject, controller.signal).finally(() => {
      this.#controller = undefined;
      onEnd();
    });
  }

  /** Throws `usage` where nothing runs. */
  cancel(): void {
    if (!this.#controller) throw new EngineError('usage', 'usage', 'Nothing is being rendered.');
    this.#controller.abort();
  }

  /** Cancels what runs; resolves once it has ended and that is told. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#controller?.abort();
    await this.#ended;
    this.run$.complete();
  }

  async #run(options: RunOptions, subject: RunSubject, signal: AbortSignal): Promise<void> {
    const { nodes, packs, log } = this.#options;
    const startedAt = new Date().toISOString();
    const begun = performance.now();
    let state: RunState = { options, state: 'running', done: 0, total: 0, startedAt, ledger: [] };
    let ledger: () => readonly LedgerEntry[] = () => [];
    let timer: NodeJS.Timeout | undefined;
    const tell = (): void => {
      timer = undefined;
      const left = secondsLeft((performance.now() - begun) / 1000, state);
      this.run$.next({ ...state, ledger: ledger(), ...(left === undefined ? {} : { left }) });
    };
    this.run$.next(state);
    const onEvent = (event: RunEvent): void => {
      this.#note(event);
      if (event.kind === 'begin') state = { ...state, total: event.frames.length * event.sinks.length };
      if (event.kind === 'progress') {
        state = { ...state, done: event.done, total: event.total };
        ledger = event.ledger;
      }
      timer ??= setTimeout(tell, PAUSE);
    };
    try {
      const { sinks, range, jobs, resume, failOnLoss } = options;
      const done = await runGraph({
        ...subject,
        nodes,
        packs,
        ...(sinks.length > 0 ? { sinks } : {}),
        ...(range === undefined || range === '' ? {} : { range }),
        jobs,
        worker: WORKER,
        resume,
        failOnLoss,
        signal,
        onEvent,
      });
      const { exitCode, result } = done;
      if (!result) for (const problem of done.problems) this.#problem(problem);
      const ended = exitCode === 130 ? 'cancelled' : exitCode === 0 || exitCode === 4 ? 'done' : 'failed';
      state = { ...state, state: ended, ledger: result?.ledger ?? [], exitCode };
      const words = { cancelled: 'Cancelled', done: 'Done', failed: 'Failed' }[ended];
      const seconds = ((performance.now() - begun) / 1000).toFixed(1);
      log.add(
        ended === 'failed' ? 'error' : 'info',
        `${words}: ${state.done} of ${state.total} in ${seconds} s, exit code ${exitCode}.`,
      );
    } catch (thrown) {
      const { code, message, where } = asEngineError(thrown);
      log.add('error', `${code}: ${message}`, where.node === undefined ? {} : { node: where.node });
      state = { ...state, state: 'failed', exitCode: 1 };
    }
    clearTimeout(timer);
    this.run$.next(state);
  }

  #note(event: RunEvent): void {
    const { log } = this.#options;
    if (event.kind === 'begin')
      log.add('info', `Rendering ${event.sinks.join(', ')}, frames ${formatFrames(event.frames)}.`);
    if (event.kind === 'problem') this.#problem(event.problem);
    if (event.kind !== 'frame') return;
    const { sink, frame, state, path, error } = event;
    if (error) log.add('error', `${error.code}: ${error.message}`, { node: error.where.node ?? sink, frame });
    else log.add(state === 'substituted' ? 'warning' : 'info', `${path ?? sink}: ${state}.`, { node: sink, frame });
  }

  #problem({ severity, code, message, where }: Problem): void {
    this.#options.log.add(severity, `${code}: ${message}`, {
      ...(where.node === undefined ? {} : { node: where.node }),
      ...(where.frame === undefined ? {} : { frame: where.frame }),
    });
  }
}

/**
 * Seconds to go, by how long each frame took so far. Several frames are under way at a time and end together: until each
 * thread has had one, the first of them would count for all.
 */
export function secondsLeft(seconds: number, { done, total, options: { jobs } }: RunState): number | undefined {
  if (done < Math.min(total - 1, jobs + 1) || done < 1 || done >= total) return undefined;
  return Math.round((seconds / done) * (total - done) * 10) / 10;
}
