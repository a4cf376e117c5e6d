// The pixels of islands: how many each has, and the least window that holds them.
import { type Box, box, type Plane } from '../../../engine/authoring.ts';

export interface Extent {
  readonly pixels: number;
  readonly box: Box;
}

/** By the ids of islands that have pixels, rising. A plane of unsigned integers, 0 for none. */
export function extentsOf({ samples, columns, rows, box: window }: Plane): Map<number, Extent> {
  const found = new Map<number, [pixels: number, minX: number, minY: number, maxX: number, maxY: number]>();
  for (let y = 0, i = 0; y < rows; y++) {
    for (let x = 0; x < columns; ) {
      const id = samples[i]!;
      const start = x;
      // Islands come in runs of pixels.
      do {
        x += 1;
        i += 1;
      } while (x < columns && samples[i] === id);
      if (id === 0) continue;
      const extent = found.get(id);
      if (!extent) {
        found.set(id, [x - start, start, y, x - 1, y]);
        continue;
      }
      extent[0] += x - start;
      if (start < extent[1]) extent[1] = start;
      if (x - 1 > extent[3]) extent[3] = x - 1;
      extent[4] = y;
    }
  }
  const { minX, minY } = window;
  const sorted = [...found].sort(([a], [b]) => a - b);
  return new Map(
    sorted.map(([id, [pixels, x0, y0, x1, y1]]) => [
      id,
      { pixels, box: box(minX + x0, minY + y0, minX + x1, minY + y1) },
    ]),
  );
}
