// Meshes as they travel on links: triangles with their corners, UV sets and materials, and the charts found in them.

/** Coordinates on a texture, one pair for each corner. */
export interface UvSet {
  readonly name: string;
  /** u and v of each corner, three corners a face. NaN where `has` is 0. */
  readonly coordinates: Float32Array;
  /** For each face 1 where the set has coordinates for it. */
  readonly has: Uint8Array;
}

/** What a file says of its space; nothing is converted. */
export interface MeshSpace {
  /** How many millimetres one unit is; left out where the file does not say. */
  readonly millimetres?: number;
  /** The axis that points up; left out where the file does not say. */
  readonly up?: 'x' | '-x' | 'y' | '-y' | 'z' | '-z';
  /** Where both come from, in words. */
  readonly stated: string;
}

/** Faces that belong together, such as a node of the file: `count` of them from `first` on. */
export interface MeshObject {
  readonly name: string;
  readonly first: number;
  readonly count: number;
}

/** Triangles. All arrays are checked: indices are in range and numbers are finite, but for those that `has` denies. */
export interface Mesh {
  /** x, y and z of each vertex. Vertices of one object at the same place are one vertex. */
  readonly positions: Float32Array;
  /** The vertices of each face, three each. */
  readonly faces: Uint32Array;
  /** For each face the polygon that it was cut from; numbers count up from 0. */
  readonly polygons: Uint32Array;
  /** x, y and z at each corner, three corners a face; left out where the file has none for some faces. */
  readonly normals?: Float32Array;
  readonly uvSets: readonly UvSet[];
  /** Names, in the order of the file. */
  readonly materials: readonly string[];
  /** For each face the index of its material. */
  readonly faceMaterials: Uint32Array;
  readonly objects: readonly MeshObject[];
  readonly space: MeshSpace;
  /** The file's name without folders, and what read it. */
  readonly source: { readonly file: string; readonly format: string; readonly loader: 'assimp' | 'blender' };
  /** The islands of one UV set, where they were looked for. */
  readonly charts?: Charts;
}

/** Faces that lie together on a texture. */
export interface Chart {
  /** From 1 on, in the order of the first face. */
  readonly id: number;
  readonly faces: number;
  /** UDIM tiles that it lies on, ascending. */
  readonly tiles: readonly number[];
  /** Which axis of the texture runs against the surface; at most one is true. */
  readonly flipU: boolean;
  readonly flipV: boolean;
  /** Faces that are turned otherwise than most of the chart. */
  readonly folded: number;
  /** Area on the texture, in tiles. */
  readonly area: number;
  /** least u, least v, greatest u, greatest v. */
  readonly bounds: readonly [number, number, number, number];
}

/** The islands of a UV set, and what is odd about them. */
export interface Charts {
  readonly uvSet: string;
  /** The material whose faces were taken; left out where all were. */
  readonly material?: string;
  /** Ends of edges no further apart than this are one, in UV. */
  readonly tolerance: number;
  readonly charts: readonly Chart[];
  /** For each face the id of its chart; 0 for none. */
  readonly faceCharts: Uint32Array;
  /** UDIM tiles that faces lie on, ascending. */
  readonly tiles: readonly number[];
  /** Faces that lie on more than one tile. */
  readonly crossing: readonly number[];
  /** Faces without area on the texture: they belong to no chart of their own and cover no pixel. */
  readonly flat: readonly number[];
  /** Faces of the material without coordinates in this set. */
  readonly missing: number;
  /** Faces that lie beside all UDIM tiles, at least in part: u below 0 or above 10, v below 0 or above 900. */
  readonly outside: number;
  /** Pairs of charts that lie on one another, lesser id first, ascending. */
  readonly overlaps: readonly (readonly [number, number])[];
  /** Faces that lie on other faces of the same chart. */
  readonly selfOverlaps: readonly number[];
  /** False where so many faces lie on one another that not all pairs were looked at. */
  readonly overlapsComplete: boolean;
}
