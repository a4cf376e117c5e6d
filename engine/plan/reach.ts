// Reach: at how many frames one frame of a node looks at what is above it.
import { EngineError } from '../base/error.ts';
import type { Feed } from './describe.ts';

/** More than this is no picture but a graph that doubles its frames at every node. */
const MOST_FRAMES = 256;

/**
 * The nodes that a frame of a node needs, itself included, each with the number of frames at which it is needed. `order`
 * lists all nodes, each after those that feed it. Throws `frames-too-many`.
 */
export function reachOf(
  order: readonly string[],
  feeds: (node: string, frame: number) => readonly Feed[],
  id: string,
  frame: number,
): ReadonlyMap<string, number> {
  const needed = new Map([[id, new Set([frame])]]);
  for (let at = order.indexOf(id); at >= 0; at--) {
    const node = order[at]!;
    for (const seen of needed.get(node) ?? []) {
      for (const feed of feeds(node, seen)) {
        const frames = needed.get(feed.node) ?? new Set();
        needed.set(feed.node, frames.add(feed.frame));
        if (frames.size <= MOST_FRAMES) continue;
        throw new EngineError(
          'invalid',
          'frames-too-many',
          `One frame of ${id} needs ${feed.node} at more than ${MOST_FRAMES} frames. Move frames less often.`,
          { node: id },
        );
      }
    }
  }
  return new Map([...needed].map(([node, frames]) => [node, frames.size]));
}
