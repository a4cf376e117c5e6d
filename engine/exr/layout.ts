// The layout of a part: its levels, how many chunks they have, which pixels a chunk holds and how many bytes.
import { type Box, box, boxHeight, boxIntersection, boxIsEmpty, boxWidth } from '../base/box.ts';
import { EngineError } from '../base/error.ts';
import { CHUNK_ROWS } from './compression.ts';
import { type Block, blockOf } from './method.ts';
import { isTiled, type PartShape, type TileDescription } from './shape.ts';

/** One level: its pixels and the grid of chunks that covers them. Scan line parts have one level, 0, 0. */
export interface Level {
  readonly x: number;
  readonly y: number;
  /** Its pixels; the upper left corner is that of the data window on every level. */
  readonly box: Box;
  /** Chunks across and down. */
  readonly columns: number;
  readonly rows: number;
  /** The index in the part's offset table of the chunk at its upper left corner. */
  readonly firstChunk: number;
}

export interface PartLayout {
  /** In the order of the offset table: a ripmap's by y, then x. */
  readonly levels: readonly Level[];
  readonly chunkCount: number;
  /** Pixels across and down in a whole chunk. */
  readonly chunkWidth: number;
  readonly chunkHeight: number;
}

/** A chunk in the grid of its level. */
export interface ChunkPlace {
  readonly level: Level;
  readonly column: number;
  readonly row: number;
  /** Its pixels, cut to the level. */
  readonly box: Box;
}

const MOST_CHUNKS = 0x7fffffff;
/** No chunk may unpack to more than this; the reference library has the same limit. */
const LARGEST_CHUNK = 0x7fffffff;

const layouts = new WeakMap<PartShape, PartLayout>();

/** The layout of a part. Throws `exr-too-large` where it has more chunks than can be. */
export function layoutOf(part: PartShape): PartLayout {
  const known = layouts.get(part);
  if (known) return known;
  const layout = isTiled(part) && part.tiles ? tiledLayout(part.dataWindow, part.tiles) : scanLineLayout(part);
  layouts.set(part, layout);
  return layout;
}

function scanLineLayout(part: PartShape): PartLayout {
  const chunkHeight = CHUNK_ROWS[part.compression];
  const rows = Math.ceil(boxHeight(part.dataWindow) / chunkHeight);
  const level: Level = { x: 0, y: 0, box: part.dataWindow, columns: 1, rows, firstChunk: 0 };
  return { levels: [level], chunkCount: rows, chunkWidth: boxWidth(part.dataWindow), chunkHeight };
}

function tiledLayout(window: Box, tiles: TileDescription): PartLayout {
  const levels: Level[] = [];
  let chunkCount = 0;
  for (const [x, y] of levelNumbers(window, tiles)) {
    const width = levelSize(boxWidth(window), x, tiles.rounding);
    const height = levelSize(boxHeight(window), y, tiles.rounding);
    const columns = Math.ceil(width / tiles.width);
    const rows = Math.ceil(height / tiles.height);
    const { minX, minY } = window;
    levels.push({
      x,
      y,
      box: box(minX, minY, minX + width - 1, minY + height - 1),
      columns,
      rows,
      firstChunk: chunkCount,
    });
    chunkCount += columns * rows;
    if (chunkCount > MOST_CHUNKS) {
      throw new EngineError('invalid', 'exr-too-large', `Expected at most ${MOST_CHUNKS} tiles, found more.`);
    }
  }
  return { levels, chunkCount, chunkWidth: tiles.width, chunkHeight: tiles.height };
}

/** Level numbers x, y in the order of the offset table (ImfTiledMisc.cpp and ImfTileOffsets.cpp). */
function levelNumbers(window: Box, { levels, rounding }: TileDescription): [number, number][] {
  const count = (size: number): number => logarithm(size, rounding) + 1;
  const numbers: [number, number][] = [];
  if (levels === 'one') numbers.push([0, 0]);
  else if (levels === 'mip') {
    const most = count(Math.max(boxWidth(window), boxHeight(window)));
    for (let level = 0; level < most; level++) numbers.push([level, level]);
  } else {
    const across = count(boxWidth(window));
    const down = count(boxHeight(window));
    for (let y = 0; y < down; y++) for (let x = 0; x < across; x++) numbers.push([x, y]);
  }
  return numbers;
}

/** The binary logarithm of a size below 2^31, rounded. */
function logarithm(size: number, rounding: TileDescription['rounding']): number {
  const floor = 31 - Math.clz32(size);
  return rounding === 'up' && size > 2 ** floor ? floor + 1 : floor;
}

/** The width or height of a level: the size halved `level` times, rounded once at the end, at least 1. */
export function levelSize(size: number, level: number, rounding: TileDescription['rounding']): number {
  const exact = size / 2 ** level;
  return Math.max(1, rounding === 'up' ? Math.ceil(exact) : Math.floor(exact));
}

/** The level of these numbers. Throws `exr-level-missing`. */
export function levelAt(layout: PartLayout, numbers: { readonly x: number; readonly y: number }): Level {
  const level = layout.levels.find(({ x, y }) => x === numbers.x && y === numbers.y);
  if (!level) {
    const last = layout.levels.at(-1)!;
    throw new EngineError(
      'invalid',
      'exr-level-missing',
      `Expected a level up to ${last.x}, ${last.y}, found ${numbers.x}, ${numbers.y}.`,
    );
  }
  return level;
}

/** Where a chunk lies. Throws `exr-chunk-missing` for an index that the part does not have. */
export function chunkPlace(layout: PartLayout, index: number): ChunkPlace {
  if (!Number.isInteger(index) || index < 0 || index >= layout.chunkCount) {
    throw new EngineError(
      'invalid',
      'exr-chunk-missing',
      `Expected a chunk from 0 to ${layout.chunkCount - 1}, found ${index}.`,
      { chunk: index },
    );
  }
  let at = layout.levels.length - 1;
  while (layout.levels[at]!.firstChunk > index) at--;
  const level = layout.levels[at]!;
  const within = index - level.firstChunk;
  const row = Math.floor(within / level.columns);
  const column = within - row * level.columns;
  return { level, column, row, box: gridBox(layout, level, column, row) };
}

function gridBox(layout: PartLayout, level: Level, column: number, row: number): Box {
  const minX = level.box.minX + column * layout.chunkWidth;
  const minY = level.box.minY + row * layout.chunkHeight;
  return box(
    minX,
    minY,
    Math.min(level.box.maxX, minX + layout.chunkWidth - 1),
    Math.min(level.box.maxY, minY + layout.chunkHeight - 1),
  );
}

/** The index of the chunk at a place of a level's grid. */
export const chunkIndex = (level: Level, column: number, row: number): number =>
  level.firstChunk + row * level.columns + column;

/** Indices of the chunks of a level that hold pixels of `region`, in the order of the offset table. */
export function chunksIn(layout: PartLayout, level: Level, region: Box): number[] {
  const wanted = boxIntersection(level.box, region);
  if (boxIsEmpty(wanted)) return [];
  const { minX, minY } = level.box;
  const firstColumn = Math.floor((wanted.minX - minX) / layout.chunkWidth);
  const lastColumn = Math.floor((wanted.maxX - minX) / layout.chunkWidth);
  const firstRow = Math.floor((wanted.minY - minY) / layout.chunkHeight);
  const lastRow = Math.floor((wanted.maxY - minY) / layout.chunkHeight);
  const indices: number[] = [];
  for (let row = firstRow; row <= lastRow; row++) {
    for (let column = firstColumn; column <= lastColumn; column++) indices.push(chunkIndex(level, column, row));
  }
  return indices;
}

/** The pixels of a chunk. */
export const chunkBox = (part: PartShape, index: number): Box => chunkPlace(layoutOf(part), index).box;

/**
 * The block of samples in the chunk of a flat part that covers `region`. Throws `exr-too-large` where it would unpack
 * to 2 GiB or more.
 */
export function chunkBlock(part: PartShape, region: Box): Block {
  const block = blockOf(region, part.channels);
  if (block.rawBytes > LARGEST_CHUNK) {
    throw new EngineError(
      'invalid',
      'exr-too-large',
      `Expected chunks of at most ${LARGEST_CHUNK} bytes, found one of ${block.rawBytes}. Write the image in smaller tiles.`,
    );
  }
  return block;
}

/** Bytes of all samples in a chunk of a flat part, before compression. */
export const chunkRawBytes = (part: PartShape, index: number): number =>
  chunkBlock(part, chunkBox(part, index)).rawBytes;
