// The nearest pixel of an island for each pixel of none, within reach.
import type { Box } from '../../../engine/authoring.ts';

/** Whether pixels are of an island, 1 or 0, row by row in a region. */
export interface Covered {
  readonly box: Box;
  readonly pixels: Uint8Array;
}

/** A pixel that keeps what it holds. */
export const OWN = -1;

/**
 * For each pixel of `into` the index in `covered` of the pixel of an island that is nearest to it by the straight way, of
 * several the uppermost and then the leftmost, where it is at most `reach` pixels away; `OWN` for pixels of islands and for
 * those that are further away. `covered` holds what there is within reach, so that regions do not matter.
 */
export function nearest({ box, pixels }: Covered, into: Box, reach: number): Int32Array {
  const width = box.maxX - box.minX + 1;
  const height = box.maxY - box.minY + 1;
  const columns = into.maxX - into.minX + 1;
  const rows = into.maxY - into.minY + 1;
  const found = new Int32Array(columns * rows).fill(OWN);
  /** For each column the nearest covered row above or at this one, and below it; the latter is looked for once it is passed. */
  const [above, below] = [new Int32Array(width).fill(-1), new Int32Array(width).fill(-1)];
  const first = into.minY - box.minY;
  for (let x = 0; x < width; x++) for (let y = 0; y < first; y++) if (pixels[y * width + x] === 1) above[x] = y;
  /** The rise of the nearer of both in each column, upwards first where they are equally far; 0 where none is in reach. */
  const rises = new Int32Array(width);
  for (let row = 0; row < rows; row++) {
    const y = row + first;
    let any = false;
    for (let x = 0; x < width; x++) {
      if (pixels[y * width + x] === 1) above[x] = y;
      if (below[x]! <= y) {
        let next = y + 1;
        while (next < height && pixels[next * width + x] !== 1) next++;
        below[x] = next;
      }
      const up = above[x] === -1 ? Infinity : y - above[x]!;
      const down = below[x] === height ? Infinity : below[x]! - y;
      const rise = up <= down ? -up : down;
      rises[x] = Math.abs(rise) <= reach ? rise : NONE;
      any ||= rises[x] !== NONE;
    }
    if (!any) continue;
    for (let column = 0; column < columns; column++) {
      const x = column + into.minX - box.minX;
      if (rises[x] === 0) continue;
      let best = Infinity;
      let at = OWN;
      let bestRise = 0;
      for (let other = Math.max(0, x - reach); other <= Math.min(width - 1, x + reach); other++) {
        const rise = rises[other]!;
        if (rise === NONE) continue;
        const distance = (other - x) ** 2 + rise * rise;
        if (distance > reach * reach) continue;
        if (distance < best || (distance === best && rise < bestRise)) {
          best = distance;
          bestRise = rise;
          at = (y + rise) * width + other;
        }
      }
      found[row * columns + column] = at;
    }
  }
  return found;
}

/** Of a column in which nothing is within reach. */
const NONE = 2 ** 30;
