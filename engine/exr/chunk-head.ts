// The head of a chunk in the file: part number, coordinates and sizes before its data.
import { ByteReader } from '../base/bytes.ts';
import { chunkIndex, chunkPlace, type PartLayout } from './layout.ts';
import { isDeep, isTiled, type PartShape } from './shape.ts';

/** Coordinates as the file has them: the first row of scan lines, or column, row and level of a tile. */
export type ChunkCoordinates =
  | { readonly y: number }
  | { readonly column: number; readonly row: number; readonly levelX: number; readonly levelY: number };

/** What stands before the data of a chunk. */
export interface ChunkHead {
  readonly coordinates: ChunkCoordinates;
  /** Sizes of the data as stated: one for a flat chunk; packed counts, packed samples and unpacked samples of a deep one. */
  readonly sizes: readonly number[];
}

/** Bytes of the coordinates and sizes, without the part number ("OpenEXR File Layout", "Pixel Data" and "Deep Data"). */
export const headBytes = (part: PartShape): number => (isTiled(part) ? 16 : 4) + (isDeep(part) ? 24 : 4);

/** Bytes of data after the head. */
export const dataBytes = (part: PartShape, { sizes }: ChunkHead): number =>
  isDeep(part) ? sizes[0]! + sizes[1]! : sizes[0]!;

/** Reads a head without its part number. Sizes are as stated and may be anything. */
export function parseHead(part: PartShape, bytes: Uint8Array): ChunkHead {
  const reader = new ByteReader(bytes);
  const coordinates = isTiled(part)
    ? { column: reader.i32(), row: reader.i32(), levelX: reader.i32(), levelY: reader.i32() }
    : { y: reader.i32() };
  const sizes = isDeep(part) ? [reader.u64(), reader.u64(), reader.u64()].map(Number) : [reader.i32()];
  return { coordinates, sizes };
}

/** The chunk that has these coordinates, or undefined where the part has none. */
export function chunkOfCoordinates(layout: PartLayout, coordinates: ChunkCoordinates): number | undefined {
  if ('y' in coordinates) {
    const level = layout.levels[0]!;
    const row = (coordinates.y - level.box.minY) / layout.chunkHeight;
    return Number.isInteger(row) && row >= 0 && row < level.rows ? row : undefined;
  }
  const { column, row, levelX, levelY } = coordinates;
  const level = layout.levels.find(({ x, y }) => x === levelX && y === levelY);
  if (!level || column < 0 || row < 0 || column >= level.columns || row >= level.rows) return undefined;
  return chunkIndex(level, column, row);
}

/** Coordinates of a chunk. */
export function coordinatesOf(part: PartShape, layout: PartLayout, index: number): ChunkCoordinates {
  const { level, column, row, box } = chunkPlace(layout, index);
  return isTiled(part) ? { column, row, levelX: level.x, levelY: level.y } : { y: box.minY };
}

/**
 * The head of a chunk up to its coordinates, and the length of its data where it is given, as for flat parts;
 * `partNumber` is given for files of several parts.
 */
export function encodeHead(
  coordinates: ChunkCoordinates,
  length: number | undefined,
  partNumber: number | undefined,
): Uint8Array {
  const place =
    'y' in coordinates
      ? [coordinates.y]
      : [coordinates.column, coordinates.row, coordinates.levelX, coordinates.levelY];
  const words = [partNumber, ...place, length].filter((word) => word !== undefined);
  const bytes = new Uint8Array(words.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [i, word] of words.entries()) view.setInt32(i * 4, word, true);
  return bytes;
}
