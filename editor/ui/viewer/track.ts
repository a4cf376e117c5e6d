// The timeline's track: where frames lie on it, and how it is drawn.
import { type FrameSpan, parseFrames, spansOf } from '../../../engine/browser.ts';
import type { Stretch } from './play.ts';

export interface TrackState {
  readonly range: Stretch;
  readonly frame: number;
  readonly stretch: Stretch;
  readonly missing: readonly FrameSpan[];
  readonly substituted: readonly FrameSpan[];
  readonly cached: readonly FrameSpan[];
}

/** Frames in a text of `formatFrames` as stretches; none where it cannot be read. */
export function spansIn(text: string): readonly FrameSpan[] {
  if (text === '') return [];
  try {
    return spansOf(parseFrames(text).toSorted((a, b) => a - b));
  } catch {
    return [];
  }
}

export const frameCount = ({ first, last }: Stretch): number => last - first + 1;

/** The frame under a place, as a share of the track from 0 to 1. */
export const frameAt = (range: Stretch, share: number): number =>
  Math.max(range.first, Math.min(range.last, range.first + Math.floor(share * frameCount(range))));

/** Where a frame begins and ends on a track of some width. */
export function extentOf(range: Stretch, span: FrameSpan, width: number): readonly [from: number, to: number] {
  const scale = width / frameCount(range);
  return [(span.first - range.first) * scale, (span.last + 1 - range.first) * scale];
}

/** The distance between frame numbers on the track: 1, 2 or 5 times a power of ten, so that they do not touch. */
export function tickStep(range: Stretch, width: number, room: number): number {
  const least = (room * frameCount(range)) / Math.max(1, width);
  for (let power = 1; ; power *= 10) {
    const step = [1, 2, 5].map((n) => n * power).find((n) => n >= least);
    if (step !== undefined) return step;
  }
}

export interface Brush {
  readonly width: number;
  readonly height: number;
  /** Screen pixels for one pixel of the page. */
  readonly ratio: number;
}

const COLOURS = {
  ground: '#181818',
  outside: '#202020',
  tick: '#4a4a4a',
  text: '#9a9a9a',
  cached: '#57a773',
  missing: '#e5534b',
  substituted: '#d9a23b',
  mark: '#d6d6d6',
  head: '#e0a03c',
};

/**
 * Numbers above, marks below: a line for cached frames, crosses in a band for missing ones, slanted strokes for frames
 * that another one stands in for.
 */
export function drawTrack(context: CanvasRenderingContext2D, state: TrackState, brush: Brush): void {
  const { width, height, ratio } = brush;
  const { range, stretch, frame } = state;
  context.font = `${10.5 * ratio}px "Inter Variable", sans-serif`;
  context.textBaseline = 'top';
  context.textAlign = 'center';
  context.fillStyle = COLOURS.outside;
  context.fillRect(0, 0, width, height);
  const [from, to] = extentOf(range, stretch, width);
  context.fillStyle = COLOURS.ground;
  context.fillRect(from, 0, to - from, height);
  drawTicks(context, state, brush);
  const line = 3 * ratio;
  for (const span of state.cached) {
    const [left, right] = extentOf(range, span, width);
    context.fillStyle = COLOURS.cached;
    context.fillRect(left, height - line, Math.max(ratio, right - left), line);
  }
  const band = { top: height - line - 7 * ratio, size: 6 * ratio };
  for (const span of state.missing) drawMarks(context, extentOf(range, span, width), band, 'missing', ratio);
  for (const span of state.substituted) drawMarks(context, extentOf(range, span, width), band, 'substituted', ratio);
  drawEnds(context, state, brush);
  if (frame >= range.first && frame <= range.last) drawHead(context, state, brush);
}

/** The present frame: its stretch, a line, and its number on a ground of its own, which the line does not cross. */
function drawHead(context: CanvasRenderingContext2D, { range, frame }: TrackState, brush: Brush): void {
  const { width, height, ratio } = brush;
  const [left, right] = extentOf(range, { first: frame, last: frame }, width);
  context.fillStyle = COLOURS.head;
  context.globalAlpha = 0.25;
  context.fillRect(left, 0, Math.max(ratio, right - left), height);
  context.globalAlpha = 1;
  const middle = Math.round((left + right) / 2);
  context.fillRect(Math.max(0, Math.min(width - 2 * ratio, middle - ratio)), 0, 2 * ratio, height);
  const { at, half } = numberAt(context, range, frame, brush);
  context.fillRect(at - half, 0, 2 * half, 14 * ratio);
  context.fillStyle = COLOURS.ground;
  context.fillText(String(frame), at, 2 * ratio);
}

function drawTicks(context: CanvasRenderingContext2D, { range, frame }: TrackState, brush: Brush): void {
  const { width, height, ratio } = brush;
  const digits = Math.max(String(range.first).length, String(range.last).length);
  const step = tickStep(range, width, (digits * 7 + 14) * ratio);
  // Numbers keep clear of the present frame's, and the last one, pushed in from the edge, of the one before it.
  const head = frame < range.first || frame > range.last ? undefined : numberAt(context, range, frame, brush);
  let free = 0;
  for (let tick = Math.ceil(range.first / step) * step; tick <= range.last; tick += step) {
    const [left, right] = extentOf(range, { first: tick, last: tick }, width);
    context.fillStyle = COLOURS.tick;
    context.fillRect(Math.round((left + right) / 2), height - 9 * ratio, ratio, 5 * ratio);
    const { at, half } = numberAt(context, range, tick, brush);
    if (at - half < free || (head && Math.abs(at - head.at) < half + head.half)) continue;
    free = at + half;
    context.fillStyle = COLOURS.text;
    context.fillText(String(tick), at, 2 * ratio);
  }
}

/** The middle of a frame's number, which stays on the track, and half its width with some air. */
function numberAt(context: CanvasRenderingContext2D, range: Stretch, frame: number, { width, ratio }: Brush) {
  const [left, right] = extentOf(range, { first: frame, last: frame }, width);
  const half = Math.ceil(context.measureText(String(frame)).width / 2) + 4 * ratio;
  return { at: Math.max(half, Math.min(width - half, Math.round((left + right) / 2))), half };
}

function drawMarks(
  context: CanvasRenderingContext2D,
  [left, right]: readonly [number, number],
  { top, size }: { readonly top: number; readonly size: number },
  kind: 'missing' | 'substituted',
  ratio: number,
): void {
  const end = Math.max(left + ratio, right);
  context.save();
  context.beginPath();
  context.rect(left, top, end - left, size);
  context.clip();
  context.globalAlpha = 0.25;
  context.fillStyle = COLOURS[kind];
  context.fillRect(left, top, end - left, size);
  context.globalAlpha = 1;
  context.strokeStyle = COLOURS[kind];
  context.lineWidth = ratio;
  context.beginPath();
  for (let x = left - size; x < end; x += size + ratio) {
    context.moveTo(x, top + size);
    context.lineTo(x + size, top);
    if (kind === 'substituted') continue;
    context.moveTo(x, top);
    context.lineTo(x + size, top + size);
  }
  context.stroke();
  context.restore();
}

/** Brackets where playing begins and ends, unless that is where the range does. */
function drawEnds(
  context: CanvasRenderingContext2D,
  { range, stretch }: TrackState,
  { width, height, ratio }: Brush,
): void {
  const [from, to] = extentOf(range, stretch, width);
  context.fillStyle = COLOURS.mark;
  const foot = 5 * ratio;
  if (stretch.first > range.first) {
    context.fillRect(from, 0, ratio, height);
    context.fillRect(from, 0, foot, ratio);
    context.fillRect(from, height - ratio, foot, ratio);
  }
  if (stretch.last < range.last) {
    context.fillRect(to - ratio, 0, ratio, height);
    context.fillRect(to - foot, 0, foot, ratio);
    context.fillRect(to - foot, height - ratio, foot, ratio);
  }
}
