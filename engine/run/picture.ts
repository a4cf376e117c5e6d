// Pictures in this thread: the planes of what a viewer wants to see, made in turns of rows.
import { setImmediate as breathe } from 'node:timers/promises';
import { type Box, boxHeight } from '../base/box.ts';
import type { PlainError } from '../base/error.ts';
import { paste } from '../evaluate/compose.ts';
import type { Evaluator } from '../evaluate/evaluator.ts';
import type { Planes } from '../image/want.ts';
import { createPlane, type Plane } from '../pixels/plane.ts';

/** What a viewer wants to see. */
export interface PictureRequest {
  readonly node: string;
  readonly frame: number;
  readonly part: number;
  readonly channels: readonly string[];
  readonly box: Box;
}

export type Picture =
  | { readonly request: PictureRequest; readonly planes: Planes }
  | { readonly request: PictureRequest; readonly error: PlainError };

/** Rows that are evaluated before newer events get their turn. */
const TURN = 64;

/** Evaluates in turns of rows, so that cancelling and newer events are met in between. */
export async function pictureOf(evaluator: Evaluator, request: PictureRequest, signal: AbortSignal): Promise<Planes> {
  try {
    return await inTurns(evaluator, request, signal);
  } finally {
    evaluator.forgetFrames();
  }
}

async function inTurns(evaluator: Evaluator, request: PictureRequest, signal: AbortSignal): Promise<Planes> {
  const { node, frame, part, channels, box } = request;
  if (boxHeight(box) <= TURN) return evaluator.planes(node, frame, { part, channels, box }, signal);
  const whole = new Map<string, Plane>();
  for (let minY = box.minY; minY <= box.maxY; minY += TURN) {
    const turn = { ...box, minY, maxY: Math.min(box.maxY, minY + TURN - 1) };
    for (const [name, plane] of await evaluator.planes(node, frame, { part, channels, box: turn }, signal)) {
      const target = whole.get(name) ?? createPlane(plane.type, box, plane.sampling);
      whole.set(name, target);
      paste(target, plane);
    }
    await breathe();
    signal.throwIfAborted();
  }
  return whole;
}
