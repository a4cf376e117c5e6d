// GLB: reads the binary glTF that assimp makes of any file. Source of the layout: Khronos, glTF 2.0 specification, 3 and 4.
import { EngineError } from '../../../engine/authoring.ts';
import type { Piece, Pieces } from './piece.ts';

export interface Accessor {
  readonly bufferView?: number;
  readonly byteOffset?: number;
  readonly componentType: number;
  readonly normalized?: boolean;
  readonly count: number;
  readonly type: string;
  readonly sparse?: { readonly count: number };
}

interface Primitive {
  readonly mode?: number;
  readonly material?: number;
  readonly indices?: number;
  readonly attributes: Readonly<Record<string, number>>;
}

interface GltfNode {
  readonly name?: string;
  readonly mesh?: number;
  readonly children?: readonly number[];
  readonly matrix?: readonly number[];
  readonly translation?: readonly number[];
  readonly rotation?: readonly number[];
  readonly scale?: readonly number[];
}

/** What is read of a glTF document; the rest is nobody's concern here. */
export interface Gltf {
  readonly extensionsRequired?: readonly string[];
  readonly scene?: number;
  readonly scenes?: readonly { readonly nodes?: readonly number[] }[];
  readonly nodes?: readonly GltfNode[];
  readonly meshes?: readonly { readonly name?: string; readonly primitives: readonly Primitive[] }[];
  readonly materials?: readonly { readonly name?: string }[];
  readonly accessors?: readonly Accessor[];
  readonly bufferViews?: readonly {
    readonly buffer?: number;
    readonly byteOffset?: number;
    readonly byteLength: number;
    readonly byteStride?: number;
  }[];
  readonly buffers?: readonly { readonly byteLength: number; readonly uri?: string }[];
}

const MAGIC = 0x46546c67;
const JSON_CHUNK = 0x4e4f534a;
const BINARY_CHUNK = 0x004e4942;
const TRIANGLES = 4;
const FLOAT = 5126;

/** The chunks of a GLB file. Throws `mesh-format` and `mesh-truncated`. */
export function glbChunks(bytes: Uint8Array): { readonly json: string; readonly binary: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 20 || view.getUint32(0, true) !== MAGIC)
    throw new EngineError('invalid', 'mesh-format', 'Expected a GLB file, found something else.');
  const length = view.getUint32(8, true);
  let json: string | undefined;
  let binary = new Uint8Array(0);
  if (length > bytes.length) throw cut(`${length} bytes`, bytes.length);
  for (let at = 12; at + 8 <= length; ) {
    const [size, kind] = [view.getUint32(at, true), view.getUint32(at + 4, true)];
    const end = at + 8 + size;
    if (end > length) throw cut(`a chunk that ends at byte ${end}`, length);
    const chunk = bytes.subarray(at + 8, end) as Uint8Array<ArrayBuffer>;
    if (kind === JSON_CHUNK) json ??= new TextDecoder().decode(chunk);
    else if (kind === BINARY_CHUNK) binary = chunk;
    at = end;
  }
  if (json === undefined) throw new EngineError('invalid', 'mesh-format', 'Expected a GLB file with a JSON chunk.');
  return { json, binary };
}

const cut = (expected: string, length: number): EngineError =>
  new EngineError(
    'invalid',
    'mesh-truncated',
    `Expected ${expected}, found the end of the GLB file after ${length} bytes. It was cut off: copy or export it anew.`,
  );

/** A GLB file of both chunks. */
export function joinGlb(json: string, binary: Uint8Array): Uint8Array {
  const text = Buffer.from(json);
  const [words, numbers] = [text.length + (-text.length & 3), binary.length + (-binary.length & 3)];
  const bytes = Buffer.alloc(28 + words + numbers, ' ');
  const put = (at: number, ...values: number[]): void => {
    for (const [i, value] of values.entries()) bytes.writeUInt32LE(value, at + i * 4);
  };
  put(0, MAGIC, 2, bytes.length, words, JSON_CHUNK);
  text.copy(bytes, 20);
  put(20 + words, numbers, BINARY_CHUNK);
  bytes.fill(0, 28 + words);
  bytes.set(binary, 28 + words);
  return bytes;
}

/** Names for so many UV sets of a mesh of this name. */
export type NamesOf = (mesh: string, sets: number) => readonly string[];

/** The triangles of all nodes of the scene, moved to their places. */
export function piecesOfGlb(bytes: Uint8Array, namesOf: NamesOf): Pieces {
  const { json, binary } = glbChunks(bytes);
  const gltf = documentOf(json);
  const pieces: Piece[] = [];
  let object = -1;
  const visit = (index: number, above: Matrix, depth: number): void => {
    const node = gltf.nodes?.[index];
    if (!node) return;
    if (depth > MOST_DEPTH) throw unsound(`nodes deeper in each other than ${MOST_DEPTH}`);
    const place = times(above, matrixOf(node));
    const mesh = node.mesh === undefined ? undefined : gltf.meshes?.[node.mesh];
    if (mesh) {
      object += 1;
      const name = mesh.name || node.name || `mesh ${node.mesh}`;
      for (const primitive of mesh.primitives) {
        if ((primitive.mode ?? TRIANGLES) !== TRIANGLES) continue;
        pieces.push(pieceOf(gltf, binary, primitive, { object, name, place, namesOf }));
      }
    }
    for (const child of node.children ?? []) visit(child, place, depth + 1);
  };
  for (const root of gltf.scenes?.[gltf.scene ?? 0]?.nodes ?? []) visit(root, IDENTITY, 0);
  return { pieces, materials: (gltf.materials ?? []).map(({ name }, i) => name || `material ${i}`) };
}

/** assimp writes numbers that are none as words, which no JSON has. */
function documentOf(json: string): Gltf {
  try {
    return JSON.parse(json) as Gltf;
  } catch {
    throw unsound('numbers that are none');
  }
}

const MOST_DEPTH = 256;

interface Where {
  readonly object: number;
  readonly name: string;
  readonly place: Matrix;
  readonly namesOf: NamesOf;
}

function pieceOf(gltf: Gltf, binary: Uint8Array, primitive: Primitive, where: Where): Piece {
  const { attributes } = primitive;
  const indices = primitive.indices === undefined ? undefined : numbersOf(gltf, binary, primitive.indices, 1);
  const corners = (accessor: number, width: number): Float32Array => {
    const from = numbersOf(gltf, binary, accessor, width) as Float32Array;
    const count = indices ? indices.length - (indices.length % 3) : Math.floor(from.length / width / 3) * 3;
    const to = new Float32Array(count * width);
    for (let i = 0; i < count; i++) {
      const at = (indices ? indices[i]! : i) * width;
      if (at + width > from.length) throw unsound(`index ${at / width} of ${from.length / width}`);
      for (let k = 0; k < width; k++) to[i * width + k] = from[at + k]!;
    }
    return to;
  };
  if (attributes['POSITION'] === undefined) throw unsound('a primitive without positions');
  const positions = corners(attributes['POSITION'], 3);
  const normals = attributes['NORMAL'] === undefined ? undefined : corners(attributes['NORMAL'], 3);
  const sets = Object.keys(attributes).filter((name) => name.startsWith('TEXCOORD_'));
  const names = where.namesOf(where.name, sets.length);
  const uvs = sets
    .map((name) => ({ set: Number(name.slice(9)), coordinates: corners(attributes[name]!, 2) }))
    .sort((a, b) => a.set - b.set)
    .map(({ coordinates }, i) => {
      // glTF counts v downwards.
      for (let k = 1; k < coordinates.length; k += 2) coordinates[k] = 1 - coordinates[k]!;
      return { name: names[i]!, coordinates };
    });
  const polygons = fans(positions, uvs);
  move(positions, where.place);
  if (normals) turn(normals, where.place);
  const { object, name } = where;
  return { object, name, material: primitive.material ?? 0, positions, ...(normals ? { normals } : {}), uvs, polygons };
}

function numbersOf(gltf: Gltf, binary: Uint8Array, index: number, width: number): Float32Array | Uint32Array {
  const accessor = gltf.accessors?.[index];
  const view = accessor?.bufferView === undefined ? undefined : gltf.bufferViews?.[accessor.bufferView];
  if (!accessor || !view) throw unsound(`accessor ${index}`);
  const tight = width * 4;
  if ((view.byteStride ?? tight) !== tight) throw unsound(`a stride of ${view.byteStride} bytes`);
  const at = (view.byteOffset ?? 0) + (accessor.byteOffset ?? 0);
  const size = accessor.count * tight;
  if (!(size >= 0 && at + size <= binary.length)) throw unsound(`accessor ${index} ends at byte ${at + size}`);
  const copy = binary.slice(at, at + size).buffer;
  return accessor.componentType === FLOAT ? new Float32Array(copy) : new Uint32Array(copy);
}

const unsound = (what: string): EngineError =>
  new EngineError('invalid', 'mesh-inconsistent', `What assimp made of the file is unsound: ${what}.`);

/**
 * Polygons of triangles: assimp cuts convex ones into fans, of which each triangle begins at the same corner and where
 * the one before it ended.
 */
function fans(positions: Float32Array, uvs: Piece['uvs']): Uint32Array {
  const count = positions.length / 9;
  const polygons = new Uint32Array(count);
  const same = (a: number, b: number): boolean => {
    for (let k = 0; k < 3; k++) if (positions[a * 3 + k] !== positions[b * 3 + k]) return false;
    return uvs.every(({ coordinates: c }) => c[a * 2] === c[b * 2] && c[a * 2 + 1] === c[b * 2 + 1]);
  };
  for (let i = 1; i < count; i++) {
    const goesOn = same(i * 3, i * 3 - 3) && same(i * 3 + 1, i * 3 - 1);
    polygons[i] = polygons[i - 1]! + (goesOn ? 0 : 1);
  }
  return polygons;
}

/** Column after column, as glTF has it. */
type Matrix = readonly number[];

const IDENTITY: Matrix = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

function matrixOf({ matrix, translation, rotation, scale }: GltfNode): Matrix {
  if (matrix?.length === 16) return matrix;
  const [x = 0, y = 0, z = 0, w = 1] = rotation ?? [];
  const [sx = 1, sy = 1, sz = 1] = scale ?? [];
  const [tx = 0, ty = 0, tz = 0] = translation ?? [];
  return [
    ...[1 - 2 * (y * y + z * z), 2 * (x * y + z * w), 2 * (x * z - y * w)].map((v) => v * sx),
    0,
    ...[2 * (x * y - z * w), 1 - 2 * (x * x + z * z), 2 * (y * z + x * w)].map((v) => v * sy),
    0,
    ...[2 * (x * z + y * w), 2 * (y * z - x * w), 1 - 2 * (x * x + y * y)].map((v) => v * sz),
    0,
    tx,
    ty,
    tz,
    1,
  ];
}

const times = (a: Matrix, b: Matrix): Matrix =>
  IDENTITY.map((_, i) => {
    const [row, column] = [i % 4, i - (i % 4)];
    return (
      a[row]! * b[column]! + a[row + 4]! * b[column + 1]! + a[row + 8]! * b[column + 2]! + a[row + 12]! * b[column + 3]!
    );
  });

function move(places: Float32Array, m: Matrix): void {
  if (m.every((value, i) => value === IDENTITY[i])) return;
  for (let i = 0; i < places.length; i += 3) {
    const [x, y, z] = [places[i]!, places[i + 1]!, places[i + 2]!];
    for (let k = 0; k < 3; k++) places[i + k] = m[k]! * x + m[k + 4]! * y + m[k + 8]! * z + m[k + 12]!;
  }
}

/** By the cofactors, so that normals go on fitting the order of the corners where a node mirrors. */
function turn(normals: Float32Array, m: Matrix): void {
  const minor = (r: number, c: number): number => {
    const at = (row: number, column: number): number => m[((column + 3) % 3) * 4 + ((row + 3) % 3)]!;
    return at(r + 1, c + 1) * at(r + 2, c + 2) - at(r + 1, c + 2) * at(r + 2, c + 1);
  };
  const cofactors = [0, 1, 2].map((r) => [0, 1, 2].map((c) => minor(r, c)));
  for (let i = 0; i < normals.length; i += 3) {
    const n = [normals[i]!, normals[i + 1]!, normals[i + 2]!];
    const turned = cofactors.map((row) => row[0]! * n[0]! + row[1]! * n[1]! + row[2]! * n[2]!);
    const length = Math.hypot(...turned);
    for (let k = 0; k < 3; k++) normals[i + k] = length > 0 ? turned[k]! / length : 0;
  }
}
