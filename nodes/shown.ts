// For viewers: the nodes to put behind one whose output is no flat image, so that there is a picture of it.
import type { Json } from '../engine/authoring.ts';

/** A node by its type, with parameters of the present version where they are not the defaults. */
export interface Step {
  readonly type: string;
  readonly params: Readonly<Record<string, Json>>;
}

/** Behind an image with deep parts: those as they look from the front. */
export const FLATTENED: readonly Step[] = [{ type: 'deep.flatten', params: {} }];
