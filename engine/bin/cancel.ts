// Cancelling from the keyboard, by a farm or with the terminal: the first signal asks for a clean end, the second one takes it.

import { err, goOnUnread, lastWords } from './terminal.ts';
import { EXIT } from './trouble.ts';

/** What a second signal leaves of files that are written, one for each frame or tile. */
export const hiddenOf = (unit: 'frame' | 'tile'): string =>
  `Hidden files of unfinished ${unit}s may be left; the next run of these ${unit}s removes them.`;

/**
 * Runs work that SIGINT, SIGTERM and SIGHUP cancel. The first signal aborts the given `AbortSignal`; a second one ends the
 * process where it stands, and says what may be `left`. Where SIGHUP cancelled, the exit code of the process is 129, not 130.
 *
 * Under nohup a Node program ends by SIGHUP all the same: Node no longer ignores it once it has started, and does not tell.
 */
export async function cancellable<T>(work: (signal: AbortSignal) => Promise<T>, left = ''): Promise<T> {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) {
      lastWords(`Stopped at once. ${left}`.trimEnd());
      process.exit(EXIT.cancelled);
    }
    err.line('Cancelling; once more to stop at once.');
    controller.abort();
  };
  const onHangUp = (): void => {
    // What is cleaned up matters more than words that no terminal shows any more.
    goOnUnread();
    process.once('exit', (code) => {
      if (code === EXIT.cancelled) process.exitCode = EXIT.hungUp;
    });
    onSignal();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal).on('SIGHUP', onHangUp);
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal).off('SIGHUP', onHangUp);
  }
}
