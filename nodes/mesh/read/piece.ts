// Pieces: what a loader found, corner by corner, before it is checked and joined to one mesh.

/** Triangles of one object and one material. */
export interface Piece {
  /** Pieces of the same object follow each other. */
  readonly object: number;
  readonly name: string;
  /** Index into the loader's list of materials. */
  readonly material: number;
  /** Three numbers for each corner, three corners for each triangle. */
  readonly positions: Float32Array;
  readonly normals?: Float32Array;
  /** Two numbers for each corner, v upwards. */
  readonly uvs: readonly { readonly name: string; readonly coordinates: Float32Array }[];
  /** For each triangle the polygon that it is of; numbers count up from 0 in each piece. Left out where that is not known. */
  readonly polygons?: Uint32Array;
}

export interface Pieces {
  readonly pieces: readonly Piece[];
  readonly materials: readonly string[];
}
