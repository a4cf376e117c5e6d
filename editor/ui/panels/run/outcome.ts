// How a run stands or ended, in words.
import type { RunState } from '../../../protocol.ts';
import type { BadgeKind } from '../../look/badge.tsx';

/** The exit codes of the command line, and what each means to somebody who looks at the files. */
const EXITS: Readonly<Record<number, { readonly kind: BadgeKind; readonly text: string }>> = {
  0: { kind: 'done', text: 'Done. Every frame is written.' },
  1: { kind: 'error', text: 'Failed. The log says why.' },
  2: { kind: 'error', text: 'The run was asked for in a wrong way. The log says what is wrong.' },
  3: { kind: 'error', text: 'The graph has errors, so nothing was written.' },
  4: { kind: 'warning', text: 'Done, but some frames failed or others stand in for them. See the ledger and the log.' },
  5: { kind: 'error', text: 'Something of the inputs would have been lost, so those frames were not written.' },
  130: { kind: 'quiet', text: 'Cancelled. Frames that were finished are whole; Resume goes on from there.' },
};

export interface Outcome {
  readonly kind: BadgeKind;
  readonly text: string;
}

/** What became of a run that has ended; undefined while it goes on. */
export function outcomeOf({ state, exitCode }: Pick<RunState, 'state' | 'exitCode'>): Outcome | undefined {
  if (state === 'running') return undefined;
  const code = exitCode ?? { done: 0, failed: 1, cancelled: 130 }[state];
  return EXITS[code] ?? { kind: 'error', text: `Ended with exit code ${code}.` };
}

/** Seconds as people say them: `8 s`, `2 min`, `1 h 5 min`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 90) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `3 of 8 frames, about 12 s left`. */
export function progressText({ done, total, left }: Pick<RunState, 'done' | 'total' | 'left'>): string {
  if (total === 0) return 'Looking at the graph';
  const count = `${done} of ${total} ${total === 1 ? 'frame' : 'frames'}`;
  return left === undefined ? count : `${count}, about ${duration(left)} left`;
}
