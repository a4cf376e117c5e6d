// The compression methods of OpenEXR: their names, their numbers in the file and the rows in a scanline chunk.

/** Names in the order of the numbers that stand in the file's `compression` attribute. */
export const COMPRESSIONS = [
  'none',
  'rle',
  'zips',
  'zip',
  'piz',
  'pxr24',
  'b44',
  'b44a',
  'dwaa',
  'dwab',
  'htj2k256',
  'htj2k32',
] as const;

export type Compression = (typeof COMPRESSIONS)[number];

/** Rows of pixels in one scanline chunk of each method (OpenEXR file layout, "Scan line blocks"). */
export const CHUNK_ROWS: Readonly<Record<Compression, number>> = {
  none: 1,
  rle: 1,
  zips: 1,
  zip: 16,
  piz: 32,
  pxr24: 16,
  b44: 32,
  b44a: 32,
  dwaa: 32,
  dwab: 256,
  htj2k256: 256,
  htj2k32: 32,
};
