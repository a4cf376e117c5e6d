// Sanitize as what mends images with samples that no file should hold.
import type { Insertion } from '../../../engine/authoring.ts';

/** Sanitize for these channels, which leaves samples of the other kind as they are. */
export function asFinite(kind: 'nan' | 'infinite', channels: readonly string[]): Omit<Insertion, 'port'> {
  const [nan, infinity] = kind === 'nan' ? ['median', 'keep'] : ['keep', 'median'];
  return {
    type: 'color.sanitize',
    version: 1,
    params: { nan: nan!, infinity: infinity!, negativeInfinity: infinity!, channels: [...channels] },
  };
}
