// Cancelling from the keyboard or by a farm: the first signal asks for a clean end, the second one takes it.

import { err, lastWords } from './terminal.ts';
import { EXIT } from './trouble.ts';

/**
 * Runs work that SIGINT and SIGTERM cancel. The first signal aborts the given `AbortSignal`; a second one ends the
 * process where it stands.
 */
export async function cancellable<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) {
      lastWords(
        'Stopped at once. Hidden files of unfinished frames may be left; the next run of these frames removes them.',
      );
      process.exit(EXIT.cancelled);
    }
    err.line('Cancelling; once more to stop at once.');
    controller.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}
