// Claims: what a mesh file says of itself, read by our own eyes, so that what a library makes of it can be compared.
import { EngineError, type ErrorCode, type MeshSpace } from '../../../engine/authoring.ts';
import type { NamedBytes } from './assimp.ts';

/** What a file announces. */
export interface Claims {
  /** In words, such as `FBX 7.4, binary`. */
  readonly format: string;
  readonly space: MeshSpace;
  /** The UV sets of the geometries of a name, in their order; an empty name stands for all others. */
  uvSets(geometry: string): readonly (readonly string[])[];
  /** How many polygons the file has where each geometry stands once; undefined where that cannot be told. */
  readonly polygons?: number;
  /** How many triangles those are when they are cut; undefined where that cannot be told. */
  readonly triangles?: number;
  /** How many nodes show geometry with polygons; undefined where that cannot be told. */
  readonly objects?: number;
  /** What assimp is given in place of the file, where it would misread it or take long. */
  readonly instead?: NamedBytes;
}

/** Whether a number is one in single precision too, as meshes have them. */
export const isSound = (value: number): boolean => Number.isFinite(Math.fround(value));

/** The error for a file that contradicts itself. */
export const wrong = (code: ErrorCode, file: string, expected: string, found: string, advice: string): EngineError =>
  new EngineError('invalid', code, `${file}: expected ${expected}, found ${found}. ${advice}`);

export const EXPORT_ANEW = 'Export the mesh anew.';
