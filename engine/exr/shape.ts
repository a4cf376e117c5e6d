// The shape of a part: type, channels, data window, compression, line order and tiles, from which its layout follows.
import type { Box } from '../base/box.ts';
import type { SampleType, Sampling } from '../pixels/plane.ts';
import type { Compression } from './compression.ts';

export const PART_TYPES = ['scanlineimage', 'tiledimage', 'deepscanline', 'deeptile'] as const;
export type PartType = (typeof PART_TYPES)[number];

/** In the order of their numbers in the file. */
export const LINE_ORDERS = ['increasing', 'decreasing', 'random'] as const;
export type LineOrder = (typeof LINE_ORDERS)[number];

/** In the order of their numbers in the file. */
export const LEVEL_MODES = ['one', 'mip', 'rip'] as const;
/** In the order of their numbers in the file. */
export const LEVEL_ROUNDINGS = ['down', 'up'] as const;

/** Tile size in pixels, which levels there are and how level sizes are rounded. */
export interface TileDescription {
  readonly width: number;
  readonly height: number;
  readonly levels: (typeof LEVEL_MODES)[number];
  readonly rounding: (typeof LEVEL_ROUNDINGS)[number];
}

export interface ExrChannel {
  readonly name: string;
  readonly type: SampleType;
  readonly sampling: Sampling;
  /** The byte `pLinear` as found; 0 or 1 in sound files. */
  readonly pLinear: number;
  /** The three bytes that the format reserves, as one number; left out where they are 0, as in sound files. */
  readonly reserved?: number;
}

/** What decides where the chunks of a part lie and what they hold. */
export interface PartShape {
  readonly type: PartType;
  /** In the order of the file: by the bytes of their names. */
  readonly channels: readonly ExrChannel[];
  readonly dataWindow: Box;
  readonly compression: Compression;
  readonly lineOrder: LineOrder;
  /** Present where the type is `tiledimage` or `deeptile`. */
  readonly tiles?: TileDescription;
}

export const isDeep = (part: Pick<PartShape, 'type'>): boolean =>
  part.type === 'deepscanline' || part.type === 'deeptile';
export const isTiled = (part: Pick<PartShape, 'type'>): boolean =>
  part.type === 'tiledimage' || part.type === 'deeptile';
