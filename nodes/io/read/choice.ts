// Which frame of a sequence answers for a frame that is asked for, by the policies for its ends and its gaps.
import { EngineError, type FrameList, type Timeline } from '../../../engine/authoring.ts';

/** How to go on before the first or after the last frame. */
export type Edge = 'error' | 'hold' | 'loop' | 'bounce' | 'black';
/** What stands in for a frame that is missing between others. `hold` is the frame before it. */
export type Gap = 'error' | 'hold' | 'next' | 'nearest' | 'black' | 'wait';

export interface Policy {
  readonly before: Edge;
  readonly after: Edge;
  readonly missing: Gap;
}

export interface Choice {
  /** The frame of the sequence that was asked for. */
  readonly asked: number;
  /** The frame to read; absent where black stands in. */
  readonly used?: number;
  /** Present where `used` is not `asked`. */
  readonly reason?: string;
  /** True where the frame lies before or after the sequence, false where it fills a gap in it. */
  readonly extended: boolean;
}

/** The frame of the sequence that a frame of the run stands for. By index, the run's first frame is the sequence's first. */
export function sequenceFrame(frames: FrameList, frame: number, offset: number, timeline: Timeline): number {
  if (timeline.align === 'number') return frame - offset;
  const index = frame - timeline.start - offset;
  const last = frames.length - 1;
  if (index < 0) return frames[0]! + index;
  return index <= last ? frames[index]! : frames[last]! + index - last;
}

/** The frame of the run at which a frame of the sequence is seen: the inverse of `sequenceFrame`. */
export function runFrame(frames: FrameList, index: number, offset: number, timeline: Timeline): number {
  return timeline.align === 'number' ? frames[index]! + offset : timeline.start + index + offset;
}

/** Chooses by policy. `frames` rises and is not empty. Throws `frame-outside`, `frame-missing` and `frame-awaited`. */
export function chooseFrame(frames: FrameList, asked: number, policy: Policy): Choice {
  const first = frames[0]!;
  const last = frames.at(-1)!;
  if (asked >= first && asked <= last) return { ...fillGap(frames, asked, policy.missing), extended: false };

  const side = asked < first ? 'before' : 'after';
  const edge = policy[side];
  const place = `${side} the sequence (${first}-${last})`;
  if (edge === 'error' && policy.missing === 'wait') throw awaited(`Frame ${asked} ${place} has not arrived yet.`);
  if (edge === 'error') {
    throw new EngineError(
      'invalid',
      'frame-outside',
      `Frame ${asked} lies ${place}. Render other frames, shift the sequence with offset, or set ${side} to hold, loop, bounce or black.`,
      { param: side },
    );
  }
  if (edge === 'black') return { asked, reason: `${place}: black`, extended: true };
  const span = last - first + 1;
  const within =
    edge === 'hold'
      ? side === 'before'
        ? first
        : last
      : edge === 'loop'
        ? first + modulo(asked - first, span)
        : first + mirrored(asked - first, span);
  const inner = fillGap(frames, within, policy.missing);
  // Where the frame that the policy leads to is missing itself, what stands in for that one is a substitute.
  const missing = inner.reason === undefined ? '' : `, where ${within} is ${inner.reason}`;
  return {
    asked,
    ...(inner.used === undefined ? {} : { used: inner.used }),
    reason: `${place}: ${edge}${missing}`,
    extended: missing === '',
  };
}

function fillGap(frames: FrameList, asked: number, gap: Gap): { asked: number; used?: number; reason?: string } {
  const at = lowerBound(frames, asked);
  if (frames[at] === asked) return { asked, used: asked };
  const previous = frames[at - 1]!;
  const next = frames[at]!;
  const used = {
    hold: previous,
    next,
    nearest: asked - previous <= next - asked ? previous : next,
    black: undefined,
    error: undefined,
    wait: undefined,
  }[gap];
  if (gap === 'wait') throw awaited(`Frame ${asked} between ${previous} and ${next} has not arrived yet.`);
  if (gap === 'error') {
    throw new EngineError(
      'invalid',
      'frame-missing',
      `Frame ${asked} is missing between ${previous} and ${next}. Set missing to hold, next, nearest, black or wait to go on without it.`,
      { param: 'missing' },
    );
  }
  return { asked, ...(used === undefined ? {} : { used }), reason: `missing: ${gap}` };
}

/** Says of a frame that is waited for how far it has got. Nothing is wrong with it before the time limit is over. */
export const awaited = (state: string, file?: string): EngineError =>
  new EngineError('io', 'frame-awaited', `${state} A run waits for it; what depends on it cannot be checked before.`, {
    param: 'missing',
    ...(file === undefined ? {} : { file }),
  });

/** The index of the first frame that is not before the one asked for. */
function lowerBound(frames: FrameList, asked: number): number {
  let low = 0;
  let high = frames.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (frames[middle]! < asked) low = middle + 1;
    else high = middle;
  }
  return low;
}

const modulo = (value: number, span: number): number => ((value % span) + span) % span;

/** There and back without showing either end twice: 0 1 2 1 0 1 … for a span of 3. */
function mirrored(value: number, span: number): number {
  if (span === 1) return 0;
  const at = modulo(value, 2 * (span - 1));
  return at < span ? at : 2 * (span - 1) - at;
}
