// The pool: where pieces are packed, in worker threads or in this one.
import { setImmediate } from 'node:timers/promises';
import type { Registry } from '../node/registry.ts';
import { type Job, type Packed, Packer, type PackTask } from './packer.ts';
import { cancelled, Workers } from './workers.ts';

export interface Pool {
  pack(task: PackTask, signal: AbortSignal): Promise<Packed>;
  close(): Promise<void>;
}

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

/** A task that waits for a thread. */
interface Waiting {
  readonly task: PackTask;
  readonly signal: AbortSignal;
  readonly begun: (packed: Promise<Packed>) => void;
}

/**
 * Packs in `threads` threads, started when the first piece comes. `worker` is the module that answers tasks
 * (`engine/bin/worker.ts`); the job is handed to it as worker data.
 *
 * With a `helper` the calling thread is one of them: it packs pieces from the start on, while workers are still loading. It
 * answers nobody meanwhile, so that workers have a piece more each. Where the first task is one of many pieces, which may
 * be a whole frame, all threads are workers.
 */
export function workerPool(job: Job, worker: URL, threads: number, helper?: Registry): Pool {
  let own: Pool | undefined;
  let workers: Workers | undefined;
  const queue: Waiting[] = [];
  let helping = false;
  const begin = (first: PackTask): Workers => {
    if (helper && threads > 1 && isPiece(first)) own = inlinePool(job, helper);
    return new Workers(job, worker, own ? { threads: threads - 1, each: 2 } : { threads, each: 1 }, hand);
  };
  const help = async ({ task, signal }: Waiting): Promise<Packed> => {
    helping = true;
    try {
      await workers!.begun;
      // What workers have answered is heard first.
      await setImmediate();
      return await own!.pack(task, signal);
    } finally {
      helping = false;
      hand();
    }
  };
  const hand = (): void => {
    for (let next = queue[0]; next; next = queue[0]) {
      const { task, signal, begun } = next;
      if (signal.aborted) begun(Promise.reject(cancelled(task)));
      else if (workers!.hasRoom) begun(workers!.pack(task, signal).finally(hand));
      else if (own && !helping && isPiece(task)) begun(help(next));
      else break;
      queue.shift();
    }
  };
  return {
    pack: (task, signal) =>
      new Promise((begun) => {
        workers ??= begin(task);
        queue.push({ task, signal, begun });
        hand();
      }),
    close: async () => {
      await workers?.close();
      await own?.close();
    },
  };
}

const isPiece = ({ pieces }: PackTask): boolean => pieces.length === 1;
