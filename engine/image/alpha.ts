// Alpha: which channels are coverage, and which of them belongs to a channel.
import type { ChannelSpec, ImageSpec } from './spec.ts';

/** `A`, or `layer.A`. */
export const isAlpha = (name: string): boolean => name === 'A' || name.endsWith('.A');

/** A channel of a part of an image. */
export interface ChannelPlace {
  readonly part: number;
  readonly channel: ChannelSpec;
}

/**
 * The alpha that belongs to a channel of a part: that of the channel's layer, else that of the part, else that of the
 * first part, since files with a part for each layer have it there. Whole numbers are no alpha.
 */
export function alphaOf(image: ImageSpec, part: number, name: string): ChannelPlace | undefined {
  const layer = name.slice(0, name.lastIndexOf('.') + 1);
  const candidates = [
    [part, `${layer}A`],
    [part, 'A'],
    [0, 'A'],
  ] as const;
  for (const [index, wanted] of candidates) {
    const channel = image.parts[index]?.channels.find((c) => c.name === wanted && c.type !== 'uint');
    if (channel) return { part: index, channel };
  }
  return undefined;
}
