// The worker's side of the pool: makes the job's plan once and answers tasks.
import { workerData } from 'node:worker_threads';
import { move, transferableSymbol, valueSymbol } from 'piscina';
import { asEngineError } from '../base/error.ts';
import type { AnyNode } from '../node/define.ts';
import { createRegistry } from '../node/registry.ts';
import { type Job, type Packed, Packer, type PackTask } from './packer.ts';
import { loadPacks } from './packs.ts';
import type { WorkerAnswer } from './pool.ts';

/** The function that a worker module exports as its default: called once a task. `nodes` are the built-in nodes. */
export function workerTask(nodes: readonly AnyNode[]): (task: PackTask) => Promise<WorkerAnswer> {
  let packer: Promise<Packer> | undefined;
  return async (task) => {
    try {
      packer ??= (async () => {
        const job = workerData as Job;
        return new Packer(job, createRegistry([...nodes, ...(await loadPacks(job.packs))]));
      })();
      const packed = await (await packer).pack(task, new AbortController().signal);
      return moved(packed);
    } catch (thrown) {
      return { error: asEngineError(thrown, { node: task.sink, frame: task.frame }).toJSON() };
    }
  };
}

/** The answer with its bytes handed over instead of copied. Small ones may lie in a pool of Node's, which cannot move. */
function moved({ bytes, tally }: Packed): WorkerAnswer {
  const own = bytes.map((piece) => piece.map((b) => (b.byteLength === b.buffer.byteLength ? b : new Uint8Array(b))));
  const answer: WorkerAnswer = { packed: { bytes: own, tally } };
  const buffers = own.flat().map((b) => b.buffer as ArrayBuffer);
  return move({ [transferableSymbol]: buffers, [valueSymbol]: answer } as never) as unknown as WorkerAnswer;
}
