// The worker's side of the pool: makes the job's plan once and answers tasks.
import { asEngineError } from '../base/error.ts';
import type { AnyNode } from '../node/define.ts';
import { createRegistry } from '../node/registry.ts';
import { type Job, type Packed, Packer, type PackTask } from './packer.ts';
import { loadPacks } from './packs.ts';
import type { WorkerAnswer } from './workers.ts';

/**
 * The function that a worker module exports as its default: called once a task, or without one to get ready. `nodesOf` gives
 * a job's built-in nodes.
 */
export function workerTask(
  nodesOf: (job: Job) => Promise<readonly AnyNode[]>,
): (task?: PackTask) => Promise<WorkerAnswer> {
  let packer: Promise<Packer> | undefined;
  // One piece at a time, so that its tally is its own.
  let last: Promise<unknown> = Promise.resolve();
  const pack = async (task: PackTask): Promise<WorkerAnswer> => {
    try {
      const packed = await (await packer!).pack(task, new AbortController().signal);
      return await moved(packed);
    } catch (thrown) {
      return { error: asEngineError(thrown, { node: task.sink, frame: task.frame }).toJSON() };
    }
  };
  return async (task) => {
    packer ??= (async () => {
      // Not above, since the main thread shares this bundle and need not load it.
      const { workerData } = await import('node:worker_threads');
      const job = workerData as Job;
      return new Packer(job, createRegistry([...(await nodesOf(job)), ...(await loadPacks(job.packs))]));
    })();
    if (!task) {
      // What is wrong is the answer to the first task.
      await packer.catch(() => undefined);
      return undefined;
    }
    const answer = last.then(() => pack(task));
    last = answer;
    return answer;
  };
}

/** The answer with its bytes handed over instead of copied. Small ones may lie in a pool of Node's, which cannot move. */
async function moved({ bytes, tally }: Packed): Promise<WorkerAnswer> {
  const { move, transferableSymbol, valueSymbol } = await import('piscina');
  const own = bytes.map((piece) => piece.map((b) => (b.byteLength === b.buffer.byteLength ? b : new Uint8Array(b))));
  const answer: WorkerAnswer = { packed: { bytes: own, tally } };
  const buffers = own.flat().map((b) => b.buffer as ArrayBuffer);
  return move({ [transferableSymbol]: buffers, [valueSymbol]: answer } as never) as unknown as WorkerAnswer;
}
