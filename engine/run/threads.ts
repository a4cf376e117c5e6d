// How many worker threads a run takes where nothing is said.
import { availableParallelism } from 'node:os';
import { boxHeight, boxWidth } from '../base/box.ts';
import type { FrameList } from '../image/frames.ts';
import type { Descriptions } from '../plan/describe.ts';
import { upstreamOf } from '../plan/plan.ts';

/** What a worker holds for each pixel of a frame that is made whole; integrating normals takes the most of all nodes. */
const PIXEL_BYTES = 72;

/** Frames that are looked at for their size. */
const MOST_LOOKED = 16;

/**
 * As many as there are processors. Where a node needs whole frames, each worker makes one by itself: then no more than
 * there are files to make, and than half of the memory that is free has room for, but one at least.
 */
export async function threadsFor(
  descriptions: Descriptions,
  sinks: readonly string[],
  frames: FrameList,
): Promise<number> {
  const { plan } = descriptions;
  const whole = upstreamOf(plan, sinks).filter((id) => plan.nodes.get(id)!.definition.access === 'frame');
  if (whole.length === 0) return availableParallelism();
  let pixels = 1;
  for (const frame of frames.slice(0, MOST_LOOKED)) {
    for (const id of whole) {
      const { spec } = await descriptions.describe(id, frame);
      for (const { dataWindow: window } of spec?.parts ?? [])
        pixels = Math.max(pixels, boxWidth(window) * boxHeight(window));
    }
  }
  const room = Math.floor(process.availableMemory() / 2 / (pixels * PIXEL_BYTES));
  return Math.max(1, Math.min(availableParallelism(), frames.length * sinks.length, room));
}
