// Levels: packs those of a mip or rip map band by band, and puts them into the file in the order that it wants.
import {
  allocateSamples,
  type ExrWriter,
  layoutOf,
  type Piece,
  type Plane,
  packChunk,
  release,
  type Samples,
  type Span,
  WaitingChunks,
  type WritePart,
} from '../../../engine/authoring.ts';
import { filtered, planeOf, type Strip, skipped } from './halve.ts';
import {
  chunkRowsIn,
  chunksOf,
  inLineOrder,
  type LevelMaking,
  type Pyramid,
  pyramidOf,
  rowsIn,
  rowsNeeded,
} from './pyramid.ts';

type PackChoice = NonNullable<Parameters<typeof packChunk>[3]>;

/** A band of a part that has levels. */
export interface LevelBand {
  readonly band: number;
}

/** A part, how its levels are made and how its chunks are packed. */
export interface Leveled {
  readonly write: WritePart;
  readonly making: LevelMaking;
  readonly packing: PackChoice;
}

/** The pieces of a part in the order in which they are put: from the bottom up where its line order is decreasing. */
export function levelPieces(shape: WritePart, part: number): Piece[] {
  const pyramid = pyramidOf(shape);
  const pieces = Array.from({ length: pyramid.bands }, (_, band): Piece => {
    const { from, to } = rowsIn(pyramid, 0, band);
    const { minY } = shape.dataWindow;
    return { part, box: { ...shape.dataWindow, minY: minY + from, maxY: minY + to }, direct: false, data: { band } };
  });
  return shape.lineOrder === 'decreasing' ? pieces.reverse() : pieces;
}

/** Gives planes of all channels in some rows of the part, in the types of the file. `own` are those that the band packs. */
export type RowsOf = (rows: Span, own: boolean) => Promise<ReadonlyMap<string, Plane>>;

/** Every channel of a rung. */
type Strips = ReadonlyMap<string, readonly Strip[]>;

/**
 * The chunks of a band, rung by rung, and behind them, where rungs are left, the band's rows of the next one: floats, or
 * whole samples of what is not filtered, a channel after the other.
 */
export async function packLevels(it: Leveled, band: number, rowsOf: RowsOf): Promise<Uint8Array[]> {
  const { write, packing } = it;
  const pyramid = pyramidOf(write);
  const needed = rowsNeeded(pyramid, band, it.making);
  const own = rowsIn(pyramid, 0, band);
  const stripsIn = async (rows: Span, isOwn: boolean): Promise<[string, Strip][]> =>
    [...(await rowsOf(rows, isOwn))].map(([name, { type, samples }]) => [name, { ...rows, type, samples }]);
  const found = await stripsIn(own, true);
  for (const rows of needed[0]!.flatMap((span) => without(span, own))) found.push(...(await stripsIn(rows, false)));
  let strips: Strips = grouped(found);
  const packed: Uint8Array[] = [];
  for (let rung = 0; rung < needed.length; rung++) {
    if (rung > 0) {
      const above = strips;
      strips = climbed(it, pyramid, rung, above, needed[rung]!);
      if (rung > 1) releaseAll(above);
    }
    if (rung < pyramid.packed) {
      const chunkRows = chunkRowsIn(pyramid, rung, band);
      // Where chunks were changed by packing is told of the full resolution, which is the picture.
      packed.push(...packRung(it, pyramid, rung, strips, chunkRows, rung === 0 ? packing : silent(packing)));
    } else for (const { name } of write.channels) packed.push(rowBytes(strips.get(name) ?? []));
  }
  return packed;
}

/** Strips that were made here: those of the full resolution may be kept by the caches of nodes. */
function releaseAll(strips: Strips): void {
  for (const list of strips.values()) for (const { samples } of list) release(samples);
}

const silent = ({ onLoss: _, ...packing }: PackChoice): PackChoice => packing;

/** The rows of a span outside another one that lies in it or apart from it. */
function without(span: Span, other: Span): Span[] {
  if (other.to < span.from || other.from > span.to) return [span];
  const parts = [
    { from: span.from, to: other.from - 1 },
    { from: other.to + 1, to: span.to },
  ];
  return parts.filter(({ from, to }) => from <= to);
}

function grouped(found: readonly (readonly [string, Strip])[]): Strips {
  const strips = new Map<string, Strip[]>();
  for (const [name, strip] of found) strips.set(name, [...(strips.get(name) ?? []), strip]);
  return strips;
}

/** Rows of a rung made of those of the one before it. */
function climbed(
  { write, making }: Leveled,
  { rungs }: Pyramid,
  rung: number,
  strips: Strips,
  needed: readonly Span[],
): Strips {
  const [from, into] = [rungs[rung - 1]!, rungs[rung]!];
  const made = write.channels.flatMap(({ name }) => {
    const halve = making.unfiltered.has(name) ? skipped : filtered;
    return needed.map((wanted) => [name, halve({ source: strips.get(name)!, from, into, wanted, making })] as const);
  });
  return grouped(made);
}

/** Packs rows of chunks of all levels of a rung. */
function packRung(
  { write, making }: Leveled,
  { rungs, chunkHeight }: Pyramid,
  rung: number,
  strips: Strips,
  chunkRows: Span,
  packing: PackChoice,
): Uint8Array[] {
  if (chunkRows.to < chunkRows.from) return [];
  const { levels, height } = rungs[rung]!;
  const rows = {
    from: chunkRows.from * chunkHeight,
    to: Math.min(height, (chunkRows.to + 1) * chunkHeight) - 1,
  };
  let row: Strips = strips;
  let width = rungs[rung]!.width;
  const packed: Uint8Array[] = [];
  for (const [i, level] of levels.entries()) {
    const into = level.box.maxX - level.box.minX + 1;
    if (i > 0) {
      const sizes = { from: { width, height }, into: { width: into, height }, wanted: rows, making };
      const above = row;
      row = new Map(
        [...above].map(([name, source]) => {
          const halve = making.unfiltered.has(name) ? skipped : filtered;
          return [name, [halve({ source, ...sizes })]];
        }),
      );
      if (i > 1) releaseAll(above);
      width = into;
    }
    const planes = new Map(
      write.channels.map(({ name, type }) => {
        const strip = row.get(name)!.find(({ from, to }) => from <= rows.from && to >= rows.to)!;
        return [name, planeOf(strip, width, rows, level.box, type)];
      }),
    );
    const choice = i === 0 ? packing : silent(packing);
    for (const index of chunksOf(write, level, chunkRows)) packed.push(packChunk(write, index, planes, choice));
    for (const [name, { samples }] of planes) {
      if (!row.get(name)!.some((strip) => strip.samples.buffer === samples.buffer)) release(samples);
    }
  }
  return packed;
}

/** The rows of a channel that a band leaves over, in bytes of their own. */
function rowBytes(strips: readonly Strip[]): Uint8Array {
  const [strip] = strips;
  if (!strip) return new Uint8Array(0);
  const { buffer, byteOffset, byteLength } = strip.samples;
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/**
 * Puts the bands of one part into a file. Chunks of lower levels wait until the full resolution is there, since a file that
 * is ordered by lines has level after level; with a random order none waits.
 */
export class LevelWriter {
  readonly #it: Leveled;
  readonly #pyramid: Pyramid;
  readonly #put: (index: number, bytes: Uint8Array) => Promise<void>;
  /** Of channels in their order: the rows of the first rung that bands do not pack. */
  readonly #rest: readonly Samples[];
  readonly #waiting: WaitingChunks;
  #bands = 0;

  constructor(it: Leveled, writer: ExrWriter, part: number) {
    this.#it = it;
    this.#pyramid = pyramidOf(it.write);
    this.#put = (index, bytes) => writer.put(part, index, bytes);
    this.#waiting = new WaitingChunks(writer.path);
    const rest = this.#pyramid.rungs[this.#pyramid.packed];
    this.#rest = rest
      ? it.write.channels.map(({ name, type }) =>
          allocateSamples(it.making.unfiltered.has(name) ? type : 'float', rest.width * rest.height),
        )
      : [];
  }

  /** Takes what `packLevels` made of a band. After the last one the part is whole. */
  async put(band: number, packed: readonly Uint8Array[]): Promise<void> {
    const { packed: count, rungs, bands } = this.#pyramid;
    const { write } = this.#it;
    let at = 0;
    for (let rung = 0; rung < count; rung++) {
      const chunkRows = chunkRowsIn(this.#pyramid, rung, band);
      for (const level of rungs[rung]!.levels) {
        for (const index of chunksOf(write, level, chunkRows)) await this.#take(index, packed[at++]!);
      }
    }
    this.#keepRest(band, packed.slice(at));
    this.#bands += 1;
    if (this.#bands < bands) return;
    await this.#climb();
    await this.#waiting.drain((chunks) => inLineOrder(write, chunks), this.#put);
  }

  /** Gives up what waits. */
  abort(): Promise<void> {
    return this.#waiting.close();
  }

  async #take(index: number, bytes: Uint8Array): Promise<void> {
    const { write } = this.#it;
    const first = layoutOf(write).levels[0]!;
    const isFirst = index < first.columns * first.rows;
    if (isFirst || write.lineOrder === 'random') await this.#put(index, bytes);
    else await this.#waiting.add(index, bytes);
  }

  #keepRest(band: number, rows: readonly Uint8Array[]): void {
    const { rungs, packed } = this.#pyramid;
    const rest = rungs[packed];
    if (!rest) return;
    const { from } = rowsIn(this.#pyramid, packed, band);
    for (const [channel, samples] of this.#rest.entries()) {
      const target = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
      target.set(rows[channel]!, from * rest.width * samples.BYTES_PER_ELEMENT);
    }
  }

  /** Packs the rungs that are left, of the whole of the first of them. */
  async #climb(): Promise<void> {
    const { rungs, packed } = this.#pyramid;
    const { write, making, packing } = this.#it;
    let strips: Strips = grouped(
      this.#rest.map((samples, channel) => {
        const { name, type } = write.channels[channel]!;
        const kept = making.unfiltered.has(name) ? type : 'float';
        return [name, { from: 0, to: rungs[packed]!.height - 1, type: kept, samples }];
      }),
    );
    for (let rung = packed; rung < rungs.length; rung++) {
      const { height, levels } = rungs[rung]!;
      if (rung > packed) strips = climbed(this.#it, this.#pyramid, rung, strips, [{ from: 0, to: height - 1 }]);
      const chunkRows = { from: 0, to: levels[0]!.rows - 1 };
      const chunks = packRung(this.#it, this.#pyramid, rung, strips, chunkRows, silent(packing));
      const indices = levels.flatMap((level) => chunksOf(write, level, chunkRows));
      for (const [i, index] of indices.entries()) await this.#take(index, chunks[i]!);
    }
  }
}
