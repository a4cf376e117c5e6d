// Worker threads that pack: their start, what they answer, and what becomes of tasks when they are lost.
import type { Piscina } from 'piscina';
import { EngineError, type PlainError } from '../base/error.ts';
import type { Job, Packed, PackTask } from './packer.ts';

/** What a worker answers: errors cross as plain data. Nothing where it was only asked whether it is there. */
export type WorkerAnswer = { readonly packed: Packed } | { readonly error: PlainError } | undefined;

/** What becomes of a task that is not wanted any more. */
export const cancelled = ({ sink, frame }: PackTask): EngineError =>
  new EngineError('cancelled', 'cancelled', 'Cancelled.', { node: sink, frame });

export interface Staff {
  readonly threads: number;
  /** The tasks that one of them may be given at once; it carries them out one after the other. */
  readonly each: number;
}

export class Workers {
  readonly #job: Job;
  readonly #worker: URL;
  readonly #staff: Staff;
  readonly #onRoom: () => void;
  readonly #piscina: Promise<Piscina>;
  #closing: Promise<void> | undefined;
  /** Why workers cannot be had. */
  #lost: unknown;
  #room = 0;
  /** How many did not get ready. */
  #unready = 0;

  /** Starts them. `onRoom` is called when one has loaded, and when all are lost. */
  constructor(job: Job, worker: URL, staff: Staff, onRoom: () => void) {
    this.#job = job;
    this.#worker = worker;
    this.#staff = staff;
    this.#onRoom = onRoom;
    this.#piscina = this.#start();
    this.#piscina.catch((thrown: unknown) => this.#lose(thrown));
  }

  /** Whether a task would be begun at once, or fail at once. */
  get hasRoom(): boolean {
    return this.#room > 0 || this.#lost !== undefined;
  }

  /** Kept when the threads are on their way. */
  get begun(): Promise<unknown> {
    return this.#piscina.catch(() => undefined);
  }

  async #start(): Promise<Piscina> {
    // Loaded here because a run that only copies chunks needs no workers.
    const { Piscina } = await import('piscina');
    const started = new Piscina({
      filename: this.#worker.href,
      minThreads: this.#staff.threads,
      maxThreads: this.#staff.threads,
      concurrentTasksPerWorker: this.#staff.each,
      workerData: this.#job,
      // Packed bands are garbage at once: a small nursery gives their memory back sooner.
      resourceLimits: { maxYoungGenerationSizeMb: 4 },
      // A worker that waits for its next piece by blocking cannot be asked to end in between.
      atomics: 'disabled',
    });
    // Heard so that it does not end the process.
    started.on('error', (error: Error) => this.#giveUp(started, error));
    for (let i = 0; i < this.#staff.threads; i++) {
      started.run(undefined).then(
        () => this.#ready(this.#staff.each),
        (thrown: unknown) => {
          this.#unready++;
          this.#giveUp(started, thrown);
        },
      );
    }
    return started;
  }

  #ready(room: number): void {
    this.#room += room;
    this.#onRoom();
  }

  /**
   * Piscina does not replace workers that ended while they started, and keeps those whose module is no worker's: once none is
   * left, or none can work, nothing would ever be answered.
   */
  #giveUp(started: Piscina, thrown: unknown): void {
    if (this.#lost !== undefined) return;
    if (started.threads.length > 0 && this.#unready < this.#staff.threads) return;
    this.#closing = started.destroy();
    this.#lose(thrown);
  }

  #lose(thrown: unknown): void {
    this.#lost ??= thrown ?? 'for no reason that it told';
    this.#onRoom();
  }

  async pack(task: PackTask, signal: AbortSignal): Promise<Packed> {
    if (this.#lost !== undefined) throw this.#failed(task, this.#lost);
    this.#room--;
    try {
      const started = await this.#piscina;
      // A task that can be stopped has its worker for itself; one piece is soon over, and a run that ends ends its workers.
      const options = this.#staff.each > 1 && task.pieces.length === 1 ? {} : { signal };
      const answer = (await started.run(task, options).catch((thrown: unknown) => {
        if (signal.aborted) throw cancelled(task);
        this.#giveUp(started, thrown);
        throw this.#failed(task, this.#lost ?? thrown);
      })) as Exclude<WorkerAnswer, undefined>;
      if ('error' in answer) throw EngineError.fromJSON(answer.error);
      return answer.packed;
    } finally {
      this.#room++;
    }
  }

  #failed(task: PackTask, thrown: unknown): EngineError {
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    return new EngineError(
      'io',
      'worker-lost',
      `A worker ended while it made frame ${task.frame}: ${text}. Try fewer --jobs or more --memory.`,
      { node: task.sink, frame: task.frame },
    );
  }

  async close(): Promise<void> {
    const started = await this.#piscina.catch(() => undefined);
    await (this.#closing ?? started?.destroy());
  }
}
