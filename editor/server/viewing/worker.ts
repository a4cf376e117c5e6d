// The thread that a painter lives in: takes tasks in order, and hears of what is cancelled in between.
import { parentPort, workerData } from 'node:worker_threads';
import { asEngineError, EngineError, loadPacks } from '../../../engine/index.ts';
import { nodes } from '../../../nodes/index.ts';
import { Painter } from './painter.ts';
import type { Answer, Order, Outcome, PainterSettings } from './task.ts';

const port = parentPort;
if (!port) throw new EngineError('invalid', 'internal', 'This module is for worker threads.');
const settings = workerData as PainterSettings;
const painter = new Painter([...nodes, ...(await loadPacks(settings.packs))], settings.cacheBytes);

const waiting: Extract<Order, { kind: 'work' | 'task' }>[] = [];
const controllers = new Map<number, AbortController>();
let busy = false;

port.on('message', (order: Order) => {
  if (order.kind === 'cancel') return controllers.get(order.id)?.abort();
  if (order.kind === 'task') controllers.set(order.id, new AbortController());
  waiting.push(order);
  if (!busy) void work();
});

async function work(): Promise<void> {
  busy = true;
  for (let order = waiting.shift(); order; order = waiting.shift()) {
    if (order.kind === 'work') painter.begin(order.work);
    else await answer(order.id, order.task);
  }
  busy = false;
}

async function answer(id: number, task: Parameters<Painter['answer']>[0]): Promise<void> {
  let outcome: Outcome;
  try {
    outcome = { id, answer: await painter.answer(task, controllers.get(id)!.signal) };
  } catch (thrown) {
    outcome = { id, error: asEngineError(thrown, task.kind === 'held' ? {} : { node: task.node }).toJSON() };
  }
  controllers.delete(id);
  port!.postMessage(outcome, 'answer' in outcome ? handedOver(outcome.answer) : []);
}

/** What need not be copied. Small arrays may share their memory with others. */
function handedOver(answer: Answer): ArrayBuffer[] {
  if (answer.kind !== 'band') return [];
  return [answer.rows.samples, ...answer.rows.edges.map((edge) => edge.sums)]
    .filter((array) => array.byteLength > 0 && array.byteLength === array.buffer.byteLength)
    .map((array) => array.buffer as ArrayBuffer);
}
