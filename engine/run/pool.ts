// The pool: where pieces are packed, in worker threads or in this one.
import type { Piscina } from 'piscina';
import { EngineError, type PlainError } from '../base/error.ts';
import type { Registry } from '../node/registry.ts';
import { type Job, type Packed, Packer, type PackTask } from './packer.ts';

export interface Pool {
  pack(task: PackTask, signal: AbortSignal): Promise<Packed>;
  close(): Promise<void>;
}

/** What a worker answers: errors cross as plain data. */
export type WorkerAnswer = { readonly packed: Packed } | { readonly error: PlainError };

/** Packs in the calling thread. */
export function inlinePool(job: Job, registry: Registry): Pool {
  const packer = new Packer(job, registry);
  // One piece at a time, as a worker does, so that its tally is its own.
  let last: Promise<unknown> = Promise.resolve();
  return {
    pack: (task, signal) => {
      const next = last.then(() => packer.pack(task, signal));
      last = next.catch(() => {});
      return next;
    },
    close: async () => packer.close(),
  };
}

/**
 * Packs in `threads` worker threads, started when the first piece comes. `worker` is the module that answers tasks
 * (`engine/bin/worker.ts`); the job is handed to it as worker data.
 */
export function workerPool(job: Job, worker: URL, threads: number): Pool {
  let piscina: Promise<Piscina> | undefined;
  let closing: Promise<void> | undefined;
  /** Why workers cannot be had. */
  let lost: unknown;
  const start = async (): Promise<Piscina> => {
    // Loaded here because a run that only copies chunks needs no workers.
    const { Piscina } = await import('piscina');
    const started = new Piscina({
      filename: worker.href,
      minThreads: threads,
      maxThreads: threads,
      workerData: job,
      // Packed bands are garbage at once: a small nursery gives their memory back sooner.
      resourceLimits: { maxYoungGenerationSizeMb: 4 },
      // A worker that waits for its next piece by blocking cannot be asked to end in between.
      atomics: 'disabled',
    });
    // Heard so that it does not end the process.
    started.on('error', (error: Error) => giveUp(started, error));
    return started;
  };
  /** Piscina does not replace workers that ended while they started: once none is left, nothing would ever be answered. */
  const giveUp = (started: Piscina, error: unknown): void => {
    if (lost || started.threads.length > 0) return;
    lost = error;
    closing = started.destroy();
  };
  const failed = (task: PackTask, thrown: unknown): EngineError => {
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    return new EngineError(
      'io',
      'worker-lost',
      `A worker ended while it made frame ${task.frame}: ${text}. Try fewer --jobs or more --memory.`,
      { node: task.sink, frame: task.frame },
    );
  };
  return {
    pack: async (task, signal) => {
      if (lost) throw failed(task, lost);
      piscina ??= start();
      const started = await piscina;
      const answer = (await started.run(task, { signal }).catch((thrown: unknown) => {
        if (signal.aborted)
          throw new EngineError('cancelled', 'cancelled', 'Cancelled.', { node: task.sink, frame: task.frame });
        giveUp(started, thrown);
        throw failed(task, lost ?? thrown);
      })) as WorkerAnswer;
      if ('error' in answer) throw EngineError.fromJSON(answer.error);
      return answer.packed;
    },
    close: async () => {
      await (closing ?? (await piscina)?.destroy());
    },
  };
}
