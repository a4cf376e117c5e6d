// The header of a file: its parts with channels, windows, compression, tiles and attributes.
import type { Box } from '../base/box.ts';
import type { SampleType, Sampling } from '../pixels/plane.ts';
import type { Attribute } from './attribute.ts';
import type { Compression } from './compression.ts';

export type PartType = 'scanlineimage' | 'tiledimage' | 'deepscanline' | 'deeptile';
export type LineOrder = 'increasing' | 'decreasing' | 'random';

/** Tile size in pixels, which levels there are and how level sizes are rounded. */
export interface TileDescription {
  readonly width: number;
  readonly height: number;
  readonly levels: 'one' | 'mip' | 'rip';
  readonly rounding: 'down' | 'up';
}

export interface ExrChannel {
  readonly name: string;
  readonly type: SampleType;
  readonly sampling: Sampling;
  /** The byte `pLinear` as found; 0 or 1 in sound files. */
  readonly pLinear: number;
}

export interface ExrPart {
  readonly name?: string;
  readonly view?: string;
  readonly type: PartType;
  /** In the order of the file: by the bytes of their names. */
  readonly channels: readonly ExrChannel[];
  readonly dataWindow: Box;
  readonly displayWindow: Box;
  readonly compression: Compression;
  readonly lineOrder: LineOrder;
  readonly tiles?: TileDescription;
  /** All attributes in the order of the file, those included from which the fields above were read. */
  readonly attributes: readonly Attribute[];
}
