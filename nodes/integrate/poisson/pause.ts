// Letting others have their turn in the middle of long work.
import { setImmediate as breathe } from 'node:timers/promises';

/** Lets what waits happen. Throws where one has cancelled. */
export async function pause(signal: AbortSignal): Promise<void> {
  await breathe();
  signal.throwIfAborted();
}

/** Does work, with a pause wherever it stops. */
export async function inTurns(work: Generator<undefined, void>, signal: AbortSignal): Promise<void> {
  for (const _ of work) await pause(signal);
}
