// Quality tiers: what the numbers of a part are good for, and how that goes down on the way through a graph.
import type { ImageSpec, PartSpec } from './spec.ts';

/**
 * The best first.
 * - `reference`: scene-linear light, or data, as floating point without losses.
 * - `capture`: encoded for recording, of 16 bits, or compressed with losses.
 * - `deliverable`: made for a display, or of 8 bits.
 */
export const TIERS = ['reference', 'capture', 'deliverable'] as const;

export type Tier = (typeof TIERS)[number];

/** A tier below the best, and why. */
export interface Quality {
  readonly tier: Exclude<Tier, 'reference'>;
  /** As the end of a sentence: `8 bits`. */
  readonly reason: string;
  /** The node that read it so, or made it so. */
  readonly by: string;
}

/** Of what no node has said anything about: the best. */
export const tierOf = ({ quality }: { readonly quality?: Quality }): Tier => quality?.tier ?? 'reference';

export const isLower = (tier: Tier, than: Tier): boolean => TIERS.indexOf(tier) > TIERS.indexOf(than);

/** The part with this quality, where it is lower than its own. */
export const lowerQuality = <P extends { readonly quality?: Quality }>(part: P, quality: Quality | undefined): P =>
  quality && isLower(quality.tier, tierOf(part)) ? { ...part, quality } : part;

/**
 * The parts of a node's inputs that a part of its image is made of, as far as descriptions tell: those that channels are
 * passed from, and for computed channels the part of the same number, or the first, of every input.
 */
export function contributors(part: PartSpec, index: number, inputs: ReadonlyMap<string, ImageSpec>): PartSpec[] {
  const found = new Set<PartSpec | undefined>();
  for (const { origin } of part.channels) {
    if (origin.from === 'input') found.add(inputs.get(origin.port)?.parts[origin.part]);
    if (origin.from === 'computed') for (const { parts } of inputs.values()) found.add(parts[index] ?? parts[0]);
  }
  return [...found].filter((one) => one !== undefined);
}

/** The image with no part better than what it is made of. */
export function withQualityOf(image: ImageSpec, inputs: ReadonlyMap<string, ImageSpec>): ImageSpec {
  if ([...inputs.values()].every(({ parts }) => parts.every(({ quality }) => quality === undefined))) return image;
  const parts = image.parts.map((part, index) =>
    contributors(part, index, inputs).reduce((made, { quality }) => lowerQuality(made, quality), part),
  );
  return parts.every((part, i) => part === image.parts[i]) ? image : { ...image, parts };
}
