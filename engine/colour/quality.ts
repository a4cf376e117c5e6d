// What numbers in a file are good for: the tier of a part by its storage and by what it says of its colours.
import type { Compression } from '../exr/compression.ts';
import { methodLoses } from '../exr/method.ts';
import { lowerQuality, type Quality } from '../image/quality.ts';
import type { SampleType } from '../pixels/plane.ts';
import type { Space } from './space.ts';
import type { Tagged } from './tags.ts';

type Found = Omit<Quality, 'by'>;

/** Whether colours of this space are made to be shown. */
export const isDisplayed = ({ name }: Space): boolean => name.endsWith('_display');

/** What colours are good for that a node makes for a display; undefined for those of a scene. */
export const displayedQuality = (space: Space, by: string): Quality | undefined =>
  isDisplayed(space) ? { tier: 'deliverable', reason: `made for a display (${space.title})`, by } : undefined;

/** The same of numbers in a file, where a scene's are encoded too. */
function encodedQuality(tagged: Tagged): Found | undefined {
  if (tagged.says !== 'space') return undefined;
  const { space } = tagged;
  if (isDisplayed(space)) return { tier: 'deliverable', reason: `made for a display (${space.title})` };
  return space.encoding && { tier: 'capture', reason: `encoded as ${space.title}` };
}

/**
 * Of a part as an EXR file has it: `capture` where it is encoded or compressed with losses, `deliverable` where it is made
 * for a display, undefined for the best.
 */
export function exrQuality(
  tagged: Tagged,
  channels: readonly { readonly name: string; readonly type: SampleType }[],
  compression: Compression,
): Found | undefined {
  const lossy = channels.some((channel) => methodLoses(compression, channel));
  return lowest([
    encodedQuality(tagged),
    lossy ? { tier: 'capture', reason: `compressed with losses (${compression})` } : undefined,
  ]);
}

/** Of a picture, by what it says of its colours. Floats are as good as those of an EXR file where they are linear light. */
export function pictureQuality(depth: 'uint8' | 'uint16' | 'float', tagged: Tagged): Found | undefined {
  const sure = tagged.says === 'data' || (tagged.says === 'space' && !tagged.space.encoding);
  return lowest([
    encodedQuality(tagged),
    depth === 'uint8' ? { tier: 'deliverable', reason: '8 bits' } : undefined,
    depth === 'uint16' ? { tier: 'capture', reason: '16 bits' } : undefined,
    depth === 'float' && !sure ? { tier: 'capture', reason: 'not said to be linear light' } : undefined,
  ]);
}

/** The lowest, and of equals the first. */
const lowest = (found: readonly (Found | undefined)[]): Found | undefined =>
  found.reduce((made: { readonly quality?: Quality }, one) => lowerQuality(made, one && { ...one, by: '' }), {})
    .quality;
