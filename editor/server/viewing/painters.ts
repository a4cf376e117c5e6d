// The threads that make pictures: which one gets which task, what goes first, and how tasks are taken back.
import { Worker } from 'node:worker_threads';
import { EngineError } from '../../../engine/index.ts';
import type { Answer, Order, Outcome, PainterSettings, Task, WorkOrder } from './task.ts';

export interface PaintersOptions {
  readonly threads: number;
  /** Bytes of planes that all threads together keep. */
  readonly cacheBytes: number;
  readonly packs: readonly string[];
}

/** Pictures that somebody looks at go before small ones on nodes. */
export type Priority = 'view' | 'thumbnail';

export interface Assignment {
  /** Which thread, by a number of any size: equal numbers go to the same one, so that its cache serves again. */
  readonly place: number;
  readonly priority: Priority;
  readonly work: WorkOrder;
  readonly signal: AbortSignal;
}

type AnswerTo<T extends Task> = Extract<Answer, { kind: T['kind'] }>;

export class Painters {
  readonly #lanes: readonly Lane[];

  constructor({ threads, cacheBytes, packs }: PaintersOptions) {
    const settings = { cacheBytes: Math.floor(cacheBytes / threads), packs };
    this.#lanes = Array.from({ length: threads }, () => new Lane(settings));
  }

  /** Rejects with `cancelled` as soon as the signal says so, with `worker-lost`, and with what the task itself throws. */
  ask<T extends Task>(task: T, assignment: Assignment): Promise<AnswerTo<T>> {
    const lane = this.#lanes[assignment.place % this.#lanes.length]!;
    return lane.ask(task, assignment) as Promise<AnswerTo<T>>;
  }

  /** The keys of descriptions of which samples are in a cache. */
  async held(): Promise<ReadonlySet<string>> {
    const all = await Promise.all(this.#lanes.map((lane) => lane.held()));
    return new Set(all.flat());
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.close()));
  }
}

interface Waiting {
  readonly task: Task;
  readonly work: WorkOrder | undefined;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** In a thread at once: one that is worked on and one that waits beside it, so that no turn is lost in between. */
const AHEAD = 2;

class Lane {
  readonly #settings: PainterSettings;
  readonly #queues: Record<Priority, Set<Waiting>> = { view: new Set(), thumbnail: new Set() };
  readonly #sent = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #work: WorkOrder | undefined;
  #next = 0;
  #closed = false;

  constructor(settings: PainterSettings) {
    this.#settings = settings;
    // At once, so that the first picture need not wait for it.
    this.#worker = this.#start();
  }

  ask(task: Task, { priority, work, signal }: Omit<Assignment, 'place'>): Promise<Answer> {
    return new Promise<Answer>((resolve, reject) => {
      if (signal.aborted || this.#closed) return reject(cancelled());
      const waiting: Waiting = {
        task,
        work,
        resolve: (answer) => {
          signal.removeEventListener('abort', giveUp);
          resolve(answer);
        },
        reject: (error) => {
          signal.removeEventListener('abort', giveUp);
          reject(error);
        },
      };
      const giveUp = (): void => {
        this.#queues[priority].delete(waiting);
        for (const [id, sent] of this.#sent) if (sent === waiting) this.#post({ kind: 'cancel', id });
        waiting.reject(cancelled());
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#queues[priority].add(waiting);
      this.#feed();
    });
  }

  async held(): Promise<readonly string[]> {
    const answer = await new Promise<Answer>((resolve, reject) => {
      this.#queues.view.add({ task: { kind: 'held' }, work: undefined, resolve, reject });
      this.#feed();
    });
    return answer.kind === 'held' ? answer.keys : [];
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const waiting of [...this.#sent.values(), ...this.#queues.view, ...this.#queues.thumbnail])
      waiting.reject(cancelled());
    await this.#worker?.terminate();
  }

  #feed(): void {
    for (;;) {
      const priority = this.#queues.view.size > 0 ? 'view' : 'thumbnail';
      // What nobody waits for never stands before what somebody does.
      if (this.#sent.size >= (priority === 'view' ? AHEAD : 1)) return;
      const [waiting] = this.#queues[priority];
      if (!waiting) return;
      this.#queues[priority].delete(waiting);
      if (waiting.work && waiting.work !== this.#work) {
        this.#post({ kind: 'work', work: waiting.work });
        this.#work = waiting.work;
      }
      const id = this.#next++;
      this.#sent.set(id, waiting);
      this.#post({ kind: 'task', id, task: waiting.task });
    }
  }

  #post(order: Order): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(order);
  }

  #start(): Worker {
    // In the package the worker is JavaScript, in the clone TypeScript, as this file is.
    const file = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js';
    const worker = new Worker(new URL(file, import.meta.url), { workerData: this.#settings });
    worker.on('message', (outcome: Outcome) => {
      const waiting = this.#sent.get(outcome.id);
      this.#sent.delete(outcome.id);
      if ('answer' in outcome) waiting?.resolve(outcome.answer);
      else waiting?.reject(EngineError.fromJSON(outcome.error));
      this.#feed();
    });
    worker.on('error', (thrown) => this.#lost(worker, thrown));
    worker.on('exit', () => this.#lost(worker, new Error('it ended')));
    return worker;
  }

  /** The next task starts another thread. */
  #lost(worker: Worker, thrown: unknown): void {
    if (worker !== this.#worker || this.#closed) return;
    this.#worker = undefined;
    this.#work = undefined;
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    const error = new EngineError('io', 'worker-lost', `The thread that makes pictures was lost: ${text}.`);
    const lost = [...this.#sent.values()];
    this.#sent.clear();
    for (const waiting of lost) waiting.reject(error);
    this.#feed();
  }
}

const cancelled = (): EngineError => new EngineError('cancelled', 'cancelled', 'Cancelled.');
