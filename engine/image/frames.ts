// Frame lists: the frames of a run or a sequence, as people type them.
import { clip } from '../base/clip.ts';
import { EngineError } from '../base/error.ts';

/** Whole numbers in rising order without repeats, or in the order typed where a run asks for one. */
export type FrameList = readonly number[];

/** The frames that a source can give. */
export interface FrameSupply {
  /** Frames of the run (after offset and alignment) for which a file exists, rising. */
  readonly frames: FrameList;
  /** True where a policy answers for frames before the first, after the last, or missing between. */
  readonly before: boolean;
  readonly after: boolean;
  readonly missing: boolean;
  /** True where nothing is missing between the frames, however far they are apart, as with the tiles of a texture. */
  readonly sparse?: boolean;
}

/** Frames from `first` to `last`, both included, without a hole. */
export interface FrameSpan {
  readonly first: number;
  readonly last: number;
}

/** The most frames that one text may name. */
export const MAX_FRAMES = 1_000_000;

/** Frame numbers lie between `-MAX_FRAME` and `MAX_FRAME`. */
export const MAX_FRAME = 2 ** 31 - 1;

const ITEM = /(-?\d+)(?:\s*-\s*(-?\d+)(?:\s*([x:])\s*(\d+))?)?/y;
const SPACE = /\s*/y;

/**
 * Reads frames such as `1001-1008`, `1-100x2`, `1, 3, 7-9`, `-5--1` or `10-1`.
 *
 * Items are separated by commas and kept in the order typed; a range whose first frame is the greater one runs
 * backwards. `x2` takes every second frame of its range, as oiiotool, RV and Nuke write it; `:2` means the same here
 * (in some other tools it means something else). A frame that is named twice is kept once, where it came first.
 *
 * Throws `frames-syntax` with the offset in the text, and `frames-too-many` beyond `MAX_FRAMES` frames, before any of
 * them is made.
 */
export function parseFrames(text: string): FrameList {
  const runs = readRuns(text);
  const frames = new Array<number>(runs.reduce((sum, run) => sum + run.count, 0));
  let at = 0;
  for (const { first, step, count } of runs) for (let i = 0; i < count; i++) frames[at++] = first + i * step;
  return runs.length === 1 ? frames : [...new Set(frames)];
}

interface Run {
  readonly first: number;
  readonly step: number;
  readonly count: number;
}

function readRuns(text: string): Run[] {
  const runs: Run[] = [];
  let total = 0;
  let at = 0;
  const skip = () => {
    SPACE.lastIndex = at;
    SPACE.test(text);
    at = SPACE.lastIndex;
  };
  skip();
  for (;;) {
    ITEM.lastIndex = at;
    const match = ITEM.exec(text);
    if (!match) throw syntax(text, at, runs.length === 0 ? 'a frame number' : 'a frame number after the comma');
    const run = runOf(text, match);
    total += run.count;
    if (total > MAX_FRAMES) {
      const message = `Expected at most ${MAX_FRAMES} frames, found more in "${clip(text, 40)}". Split the run.`;
      throw new EngineError('invalid', 'frames-too-many', message, { offset: at });
    }
    runs.push(run);
    at = ITEM.lastIndex;
    skip();
    if (at === text.length) return runs;
    if (text[at] !== ',') throw syntax(text, at, 'a comma or the end');
    at += 1;
    skip();
  }
}

function runOf(text: string, match: RegExpExecArray): Run {
  const first = Number(match[1]);
  const last = match[2] === undefined ? first : Number(match[2]);
  const stride = match[4] === undefined ? 1 : Number(match[4]);
  if (Math.abs(first) > MAX_FRAME || Math.abs(last) > MAX_FRAME || stride > MAX_FRAME) {
    throw syntax(text, match.index, `numbers of at most ${MAX_FRAME}`);
  }
  if (stride === 0) throw syntax(text, match.index, 'a step of 1 or more');
  return {
    // Adding 0 turns the -0 of the text "-0" into 0.
    first: first + 0,
    step: last < first ? -stride : stride,
    count: Math.floor(Math.abs(last - first) / stride) + 1,
  };
}

function syntax(text: string, offset: number, expected: string): EngineError {
  const found = offset >= text.length ? 'the end' : `"${clip(text.slice(offset), 40)}"`;
  return new EngineError(
    'invalid',
    'frames-syntax',
    `Expected ${expected} at character ${offset + 1} of the frames "${clip(text, 40)}", found ${found}. Write frames such as 1001-1100, 1-9x2 or 1, 5, 7.`,
    { offset },
  );
}

/**
 * The shortest text that `parseFrames` reads back as this list, such as `1001-1008`, `1-9x2` or `1-3, 7`; empty for no
 * frames. The list has no repeats.
 */
export function formatFrames(frames: FrameList): string {
  const pieces: string[] = [];
  const ends = shortestPieces(frames);
  for (let at = 0; at < frames.length; at = ends[at]!) pieces.push(pieceText(frames, at, ends[at]!));
  return pieces.join(', ');
}

/** For each index, the index after the piece that begins there in the shortest text of the frames from it on. */
function shortestPieces(frames: FrameList): Int32Array {
  const n = frames.length;
  const ends = new Int32Array(n);
  const costs = new Float64Array(n + 1);
  // Frames from `at` up to `runEnd` (not included) are evenly spaced. Runs share at most one frame with the next one,
  // so a shortest text ends a piece at the end of a run, one before it, or after a single frame.
  let runEnd = n;
  for (let at = n - 1; at >= 0; at--) {
    const even = at + 2 < n && frames[at + 1]! - frames[at]! === frames[at + 2]! - frames[at + 1]!;
    if (!even) runEnd = Math.min(n, at + 2);
    let best = Number.POSITIVE_INFINITY;
    for (const end of [runEnd, runEnd - 1, at + 1]) {
      if (end <= at) continue;
      const cost = pieceText(frames, at, end).length + (end < n ? 2 : 0) + costs[end]!;
      if (cost < best) {
        best = cost;
        ends[at] = end;
      }
    }
    costs[at] = best;
  }
  return ends;
}

function pieceText(frames: FrameList, start: number, end: number): string {
  const first = frames[start]!;
  if (end - start === 1) return `${first}`;
  const step = Math.abs(frames[start + 1]! - first);
  return step === 1 ? `${first}-${frames[end - 1]}` : `${first}-${frames[end - 1]}x${step}`;
}

/** The stretches without a hole in a rising list. */
export function spansOf(frames: FrameList): FrameSpan[] {
  const spans: FrameSpan[] = [];
  let start = 0;
  for (let i = 1; i <= frames.length; i++) {
    if (i < frames.length && frames[i] === frames[i - 1]! + 1) continue;
    spans.push({ first: frames[start]!, last: frames[i - 1]! });
    start = i;
  }
  return spans;
}

/** The holes between the first and the last frame of a rising list. */
export function gapsOf(frames: FrameList): FrameSpan[] {
  const gaps: FrameSpan[] = [];
  for (let i = 1; i < frames.length; i++) {
    const before = frames[i - 1]!;
    const after = frames[i]!;
    if (after > before + 1) gaps.push({ first: before + 1, last: after - 1 });
  }
  return gaps;
}

/** As `formatFrames` writes them, such as `3, 7-9`; their number does not matter, however long the spans are. */
export const formatSpans = (spans: readonly FrameSpan[]): string =>
  spans.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(', ');
