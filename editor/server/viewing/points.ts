// Sampling by points: a band of an image becomes rows of a picture whose samples are never mixed, as numbers of things are.
import { type Box, boxHeight, boxWidth, convertSamples, type Plane } from '../../../engine/index.ts';
import { addresses, type BandRows, blank, type PictureSamples, type Raster, type Sampler } from './resample.ts';

/** The image pixel in the middle of what a pixel of the picture stands for, both counted from the region's corner. */
const middle = (at: number, size: number, length: number): number => Math.floor(((at + 0.5) * length) / size);

/** Takes the sample in the middle. `minY` to `maxY` are the band's image rows, all inside the raster's box. */
export class PointSampler implements Sampler {
  readonly #raster: Raster;
  readonly #first: number;
  readonly #rows: readonly number[];
  readonly #samples: PictureSamples;

  constructor(raster: Raster, minY: number, maxY: number) {
    const { box, width, height, channels, type } = raster;
    this.#raster = raster;
    const all = Array.from({ length: height }, (_, row) => box.minY + middle(row, height, boxHeight(box)));
    this.#rows = all.filter((y) => y >= minY && y <= maxY);
    this.#first = Math.max(
      0,
      all.findIndex((y) => y >= minY),
    );
    this.#samples = blank(type, this.#rows.length * width * channels);
  }

  add(planes: readonly (Plane | undefined)[], cell: Box): void {
    const { box, width, channels, type } = this.#raster;
    const columns = Array.from({ length: width }, (_, column) => box.minX + middle(column, width, boxWidth(box)));
    for (const [channel, plane] of planes.entries()) {
      if (!plane) continue;
      const from = plane.type === type ? plane.samples : convertSamples(plane.samples, plane.type, type).samples;
      const { columnOf, rowOf } = addresses(plane, cell);
      for (const [row, y] of this.#rows.entries()) {
        const start = rowOf(y) * plane.columns;
        for (const [column, x] of columns.entries()) {
          if (x < cell.minX || x > cell.maxX) continue;
          const at = columnOf ? columnOf[x - cell.minX]! : x - plane.box.minX;
          this.#samples[(row * width + column) * channels + channel] = from[start + at]!;
        }
      }
    }
  }

  finish(): BandRows {
    return { first: this.#first, count: this.#rows.length, samples: this.#samples, edges: [] };
  }
}
