// What pictures have told of their windows, by node, part and frame: known at once when a frame comes again.
import type { Box, PartSpec } from '../../../engine/browser.ts';
import type { PictureHeader } from '../../picture.ts';

export interface Windowed {
  readonly dataWindow: Box;
  readonly displayWindow: Box;
  /** Width of a pixel by its height; always a positive number. */
  readonly aspect: number;
}

/** Frames of one node and part that are remembered. */
const MOST_FRAMES = 10_000;

const keyOf = (node: string, part: number): string => `${part}/${node}`;

interface Known {
  readonly node: string;
  aspect: number;
  readonly frames: Map<number, Windowed>;
}

export class Windows {
  readonly #known = new Map<string, Known>();

  learn({ node, part, frame, dataWindow, displayWindow, pixelAspect }: PictureHeader): void {
    const aspect = pixelAspect > 0 && Number.isFinite(pixelAspect) ? pixelAspect : 1;
    const key = keyOf(node, part);
    const known = this.#known.get(key) ?? { node, aspect, frames: new Map<number, Windowed>() };
    if (known.frames.size >= MOST_FRAMES) known.frames.clear();
    known.aspect = aspect;
    known.frames.set(frame, { dataWindow, displayWindow, aspect });
    this.#known.set(key, known);
  }

  find(node: string, part: number, frame: number): Windowed | undefined {
    return this.#known.get(keyOf(node, part))?.frames.get(frame);
  }

  /** From a description, which has no aspect: that one is as it was last. */
  guess(node: string, index: number, { dataWindow, displayWindow }: PartSpec): Windowed {
    return { dataWindow, displayWindow, aspect: this.#known.get(keyOf(node, index))?.aspect ?? 1 };
  }

  /** Forgets the windows of a node, but not its aspect: without a guess at that the picture would jump. */
  forget(node: string): void {
    for (const known of this.#known.values()) if (known.node === node) known.frames.clear();
  }

  nodes(): Iterable<string> {
    return new Set([...this.#known.values()].map(({ node }) => node));
  }

  clear(): void {
    this.#known.clear();
  }
}
