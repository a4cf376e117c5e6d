// Resampling: a band of an image becomes rows of a picture, by area, so that bands made apart fit without a seam.
import { type Box, boxHeight, boxWidth, convertSamples, type Plane, type SampleType } from '../../../engine/index.ts';

/** How a region of image pixels becomes a picture; the picture has at most as many pixels as the region, each way. */
export interface Raster {
  /** The region of image pixels. */
  readonly box: Box;
  readonly width: number;
  readonly height: number;
  /** Samples of a pixel. */
  readonly channels: number;
  readonly type: SampleType;
}

/** Half bits, floats or whole numbers, as the raster's type says, interleaved by pixel. */
export type PictureSamples = Uint16Array<ArrayBuffer> | Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

/** So many samples of a type, all 0. */
export const blank = (type: SampleType, count: number): PictureSamples =>
  type === 'half' ? new Uint16Array(count) : type === 'float' ? new Float32Array(count) : new Uint32Array(count);

/** Collects the cells of one band. */
export interface Sampler {
  /** Adds a cell: a plane for each channel, in any type, all of the cell's box; undefined where a channel stays 0. */
  add(planes: readonly (Plane | undefined)[], cell: Box): void;
  finish(): BandRows;
}

/** What a band gives to the picture. */
export interface BandRows {
  /** The first of the rows that lie in this band alone. */
  readonly first: number;
  readonly count: number;
  readonly samples: PictureSamples;
  /** Rows that the band shares with a neighbour, or that reach out of the image: sums to be added to the others'. */
  readonly edges: readonly { readonly row: number; readonly sums: Float32Array }[];
}

/** The row (or column) of the picture in which an image row lies first; it may reach into the next one. */
const place = (at: number, size: number, length: number): number => Math.floor((at * size) / length);

/** Takes means, of halfs or floats. `minY` to `maxY` are the band's image rows, all inside the raster's box. */
export class BandSampler implements Sampler {
  readonly #raster: Raster;
  readonly #minY: number;
  readonly #first: number;
  readonly #rows: number;
  readonly #copies: boolean;
  readonly #halves: Uint16Array<ArrayBuffer>;
  readonly #sums: Float32Array;
  readonly #maxY: number;

  constructor(raster: Raster, minY: number, maxY: number) {
    const { box, width, height, channels, type } = raster;
    this.#raster = raster;
    this.#minY = minY;
    this.#maxY = maxY;
    // Means of single samples are those samples: floats, which are rare, need no way of their own.
    this.#copies = type === 'half' && width === boxWidth(box) && height === boxHeight(box);
    this.#first = place(minY - box.minY, height, boxHeight(box));
    const end = Math.ceil(((maxY + 1 - box.minY) * height) / boxHeight(box));
    this.#rows = end - this.#first;
    const size = this.#rows * width * channels;
    this.#halves = new Uint16Array(this.#copies ? size : 0);
    this.#sums = new Float32Array(this.#copies ? 0 : size);
  }

  add(planes: readonly (Plane | undefined)[], cell: Box): void {
    for (const [channel, plane] of planes.entries()) {
      if (!plane) continue;
      if (this.#copies) this.#copy(plane, channel, cell);
      else this.#average(plane, channel, cell);
    }
  }

  finish(): BandRows {
    const { box, width, height, channels, type } = this.#raster;
    if (this.#copies) return { first: this.#first, count: this.#rows, samples: this.#halves, edges: [] };
    const length = boxHeight(box);
    // A row is the band's own where all of its image rows are: compared as whole numbers, without rounding.
    const own = (row: number): boolean =>
      row * length >= (this.#minY - box.minY) * height && (row + 1) * length <= (this.#maxY + 1 - box.minY) * height;
    const size = width * channels;
    let first = this.#first;
    let end = first + this.#rows;
    const edges: { row: number; sums: Float32Array }[] = [];
    const edge = (row: number): void => {
      const start = (row - this.#first) * size;
      edges.push({ row, sums: this.#sums.slice(start, start + size) });
    };
    while (first < end && !own(first)) edge(first++);
    while (end > first && !own(end - 1)) edge(--end);
    const inner = this.#sums.subarray((first - this.#first) * size, (end - this.#first) * size);
    const samples = type === 'half' ? halvesOf(inner) : inner.slice();
    return { first, count: end - first, samples, edges };
  }

  #copy(plane: Plane, channel: number, cell: Box): void {
    const { box, width, channels } = this.#raster;
    const { type } = plane;
    const floats = (): Float32Array => convertSamples(plane.samples, type, 'float').samples as Float32Array;
    const samples = type === 'half' ? plane.samples : halvesOf(floats());
    const { columnOf, rowOf } = addresses(plane, cell);
    for (let y = cell.minY; y <= cell.maxY; y++) {
      const from = rowOf(y) * plane.columns;
      let to = ((y - this.#minY) * width + cell.minX - box.minX) * channels + channel;
      if (!columnOf) {
        const start = from + cell.minX - plane.box.minX;
        for (let i = 0; i < boxWidth(cell); i++, to += channels) this.#halves[to] = samples[start + i]!;
      } else for (let i = 0; i < columnOf.length; i++, to += channels) this.#halves[to] = samples[from + columnOf[i]!]!;
    }
  }

  /** Down first, where samples lie one after another, then across what is left. */
  #average(plane: Plane, channel: number, cell: Box): void {
    const { box, width, height, channels } = this.#raster;
    const add = adderOf(plane);
    const { columnOf, rowOf } = addresses(plane, cell);
    const length = boxHeight(box);
    const columns = shares(cell.minX - box.minX, boxWidth(cell), width, boxWidth(box));
    const sum = new Float32Array(plane.columns);
    const top = cell.minY - box.minY;
    const bottom = cell.maxY - box.minY;
    const end = Math.ceil(((bottom + 1) * height) / length);
    for (let row = place(top, height, length); row < end; row++) {
      sum.fill(0);
      // In units of 1/height of an image row all borders are whole numbers.
      const from = Math.max(top, Math.floor((row * length) / height));
      const to = Math.min(bottom, Math.ceil(((row + 1) * length) / height) - 1);
      for (let y = from; y <= to; y++) {
        const within = Math.min((y + 1) * height, (row + 1) * length) - Math.max(y * height, row * length);
        add(sum, rowOf(y + box.minY) * plane.columns, within / length);
      }
      const start = columnOf ? 0 : cell.minX - plane.box.minX;
      const target = (row - this.#first) * width * channels + channel;
      addAcross(this.#sums, { target, step: channels }, sum, { start, columnOf }, columns);
    }
  }
}

/** Adds samples from a place on, times a weight, to sums. */
type Adder = (sum: Float32Array, from: number, weight: number) => void;

/** For the samples of a plane; halves are looked up, so that no plane of floats need be made of them. */
function adderOf({ type, samples }: Plane): Adder {
  if (type === 'half') {
    const halves = samples as Uint16Array;
    const floats = floatsOfHalves();
    return (sum, from, weight) => addHalves(sum, halves, floats, from, weight);
  }
  const floats = convertSamples(samples, type, 'float').samples as Float32Array;
  return (sum, from, weight) => addFloats(sum, floats, from, weight);
}

/** Bits of the greatest finite half; one more is infinity. */
const GREATEST = 0x7bff;

/** Floats as halfs. What is too large for them becomes the greatest one, so that only what is infinite is shown to be. */
function halvesOf(floats: Float32Array): Uint16Array<ArrayBuffer> {
  const halves = convertSamples(floats, 'float', 'half').samples as Uint16Array<ArrayBuffer>;
  for (let i = 0; i < halves.length; i++) {
    const bits = halves[i]!;
    if ((bits & 0x7fff) === GREATEST + 1 && Number.isFinite(floats[i])) halves[i] = bits - 1;
  }
  return halves;
}

let halvesAsFloats: Float32Array | undefined;

/** The float of each half, by its bits. */
function floatsOfHalves(): Float32Array {
  halvesAsFloats ??= convertSamples(
    Uint16Array.from({ length: 0x10000 }, (_, bits) => bits),
    'half',
    'float',
  ).samples as Float32Array;
  return halvesAsFloats;
}

function addHalves(sum: Float32Array, halves: Uint16Array, floats: Float32Array, from: number, weight: number): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += floats[halves[from + i]!]! * weight;
}

function addFloats(sum: Float32Array, floats: Float32Array, from: number, weight: number): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += floats[from + i]! * weight;
}

function addAcross(
  sums: Float32Array,
  { target, step }: { readonly target: number; readonly step: number },
  row: Float32Array,
  { start, columnOf }: { readonly start: number; readonly columnOf: Int32Array | undefined },
  { places, here, next }: Shares,
): void {
  for (let i = 0; i < places.length; i++) {
    const value = row[columnOf ? columnOf[i]! : start + i]!;
    const at = target + places[i]! * step;
    sums[at]! += value * here[i]!;
    // Not multiplied by 0, which would make NaN of infinity.
    if (next[i] !== 0) sums[at + step]! += value * next[i]!;
  }
}

interface Shares {
  readonly places: Int32Array;
  /** What of an image column lies in its place, and in the next one, of a place's whole width. */
  readonly here: Float32Array;
  readonly next: Float32Array;
}

/** Where image columns go in the picture: into one place and, in part, into the next; the shares of a place add up to 1. */
function shares(start: number, count: number, size: number, length: number): Shares {
  const places = new Int32Array(count);
  const here = new Float32Array(count);
  const next = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const at = start + i;
    const first = place(at, size, length);
    // In units of 1/size of an image pixel all borders are whole numbers.
    const within = Math.min((at + 1) * size, (first + 1) * length) - at * size;
    places[i] = first;
    here[i] = within / length;
    next[i] = (size - within) / length;
  }
  return { places, here, next };
}

/** Where the samples of a cell's rows and columns are in a plane; columns one after another have no table. */
export function addresses(plane: Plane, cell: Box): { columnOf: Int32Array | undefined; rowOf: (y: number) => number } {
  const { x: stepX, y: stepY } = plane.sampling;
  const within = (at: number, count: number): number => Math.max(0, Math.min(count - 1, at));
  const firstColumn = Math.ceil(plane.box.minX / stepX);
  const firstRow = Math.ceil(plane.box.minY / stepY);
  const columnOf =
    stepX === 1
      ? undefined
      : Int32Array.from({ length: boxWidth(cell) }, (_, i) =>
          within(Math.floor((cell.minX + i) / stepX) - firstColumn, plane.columns),
        );
  return { columnOf, rowOf: (y) => within(Math.floor(y / stepY) - firstRow, plane.rows) };
}

/** Puts the rows of bands together; what no band brings stays 0. */
export class Assembly {
  readonly #raster: Raster;
  readonly #samples: PictureSamples;
  readonly #edges = new Map<number, Float32Array>();

  constructor(raster: Raster) {
    this.#raster = raster;
    this.#samples = blank(raster.type, raster.width * raster.height * raster.channels);
  }

  put({ first, samples, edges }: BandRows): void {
    const size = this.#raster.width * this.#raster.channels;
    this.#samples.set(samples, first * size);
    for (const { row, sums } of edges) {
      const known = this.#edges.get(row);
      if (known) for (let i = 0; i < size; i++) known[i]! += sums[i]!;
      else this.#edges.set(row, sums);
    }
  }

  /** Half bits, or the words of larger samples. */
  finish(): Uint16Array {
    const { width, channels, type } = this.#raster;
    const samples = this.#samples;
    for (const [row, sums] of this.#edges) samples.set(type === 'half' ? halvesOf(sums) : sums, row * width * channels);
    return new Uint16Array(samples.buffer);
  }
}
