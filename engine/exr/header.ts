// The header of a file: its parts with channels, windows, compression, tiles and attributes.
import type { Box } from '../base/box.ts';
import type { Attribute } from './attribute.ts';
import type { PartShape } from './shape.ts';

export type { ExrChannel, LineOrder, PartShape, PartType, TileDescription } from './shape.ts';
export { isDeep, isTiled } from './shape.ts';

interface PartFields extends PartShape {
  readonly name?: string;
  readonly view?: string;
  readonly displayWindow: Box;
  /** Of deep parts, where the file says it. */
  readonly maxSamplesPerPixel?: number;
}

export interface ExrPart extends PartFields {
  /** All attributes in the order of the file, those included from which the fields above were read. */
  readonly attributes: readonly Attribute[];
}

/** A part to be written. Its channels may stand in any order: the file gets them sorted. */
export interface WritePart extends PartFields {
  /** Attributes besides those that the fields state; one of a field's name is ignored where the field writes it. */
  readonly attributes: readonly Attribute[];
  /**
   * Names of attributes in the order in which they go to the file; others follow. A name here also says that an
   * attribute the format does not demand (`name`, `type`, `chunkCount`, …) is to be written. Absent for a part made
   * from nothing: names are sorted as the reference library does it, and required attributes that are missing get the
   * standard values.
   */
  readonly headerOrder?: readonly string[];
}

/** The bits of the version field besides the version ("OpenEXR File Layout", "Version Field"). */
export interface HeaderFlags {
  readonly multipart: boolean;
  readonly longNames: boolean;
}

export interface ExrHeader extends HeaderFlags {
  readonly parts: readonly ExrPart[];
  /** Bytes from the start of the file to the first offset table. */
  readonly byteLength: number;
}
