// glTF: looks at counts, indices and coordinates before assimp sees them. Source: Khronos, glTF 2.0 specification.
import { basename } from 'node:path';
import { EngineError } from '../../../engine/authoring.ts';
import type { NamedBytes } from './assimp.ts';
import { type Claims, EXPORT_ANEW, wrong } from './claims.ts';
import { type Accessor, type Gltf, glbChunks, joinGlb } from './glb.ts';

const COMPONENTS: Readonly<Record<string, number>> = {
  SCALAR: 1,
  VEC2: 2,
  VEC3: 3,
  VEC4: 4,
  MAT2: 4,
  MAT3: 9,
  MAT4: 16,
};
const BYTES: Readonly<Record<number, number>> = { 5120: 1, 5121: 1, 5122: 2, 5123: 2, 5125: 4, 5126: 4 };
const FLOAT = 5126;
const TRIANGLES = 4;

/** The document of a glTF or GLB file. Throws `mesh-format`. */
export function readGltf(
  file: string,
  bytes: Uint8Array,
): { readonly gltf: Gltf; readonly binary: Uint8Array | undefined } {
  const glb = bytes[0] === 0x67 && bytes[1] === 0x6c && bytes[2] === 0x54 && bytes[3] === 0x46;
  try {
    const chunks = glb ? glbChunks(bytes) : { json: new TextDecoder().decode(bytes), binary: undefined };
    const gltf: unknown = JSON.parse(chunks.json);
    if (typeof gltf !== 'object' || gltf === null || !('asset' in gltf)) throw new SyntaxError('no asset in it');
    return { gltf: gltf as Gltf, binary: chunks.binary };
  } catch (thrown) {
    if (thrown instanceof EngineError) throw new EngineError(thrown.kind, thrown.code, `${file}: ${thrown.message}`);
    throw wrong('mesh-format', file, 'a glTF document', `none (${(thrown as Error).message})`, EXPORT_ANEW);
  }
}

/** The files beside it that hold its numbers, as it names them. */
export function gltfCompanions(gltf: Gltf): string[] {
  const uris = (Array.isArray(gltf.buffers) ? gltf.buffers : []).map((buffer) => buffer?.uri);
  return uris.filter((uri): uri is string => typeof uri === 'string' && !uri.startsWith('data:'));
}

const list = <T>(value: readonly T[] | undefined): readonly T[] => (Array.isArray(value) ? value : []);

/** Extensions that pack geometry, which assimp reads as though they were not there. */
const PACKED = ['KHR_draco_mesh_compression', 'EXT_meshopt_compression', 'KHR_meshopt_compression'];

/** Checks what the document says of its buffers. Throws `mesh-invalid`, `mesh-truncated`, `mesh-uvs`, `mesh-inconsistent`. */
export function readGltfClaims(
  file: string,
  bytes: Uint8Array,
  companions: readonly NamedBytes[],
  hint: string,
): Claims {
  const { gltf, binary } = readGltf(file, bytes);
  const unsound = (expected: string, found: string): EngineError =>
    wrong('mesh-invalid', file, expected, found, EXPORT_ANEW);
  const packed = list(gltf.extensionsRequired).find((name) => PACKED.includes(name));
  if (packed) throw wrong('mesh-inconsistent', file, 'geometry that assimp reads', `it packed by ${packed}`, hint);
  const buffers = list(gltf.buffers).map(({ uri, byteLength }) => {
    const held =
      uri === undefined
        ? binary
        : uri.startsWith('data:')
          ? dataOf(uri)
          : companions.find(({ name }) => name === basename(uri))?.bytes;
    if (!held || held.length < byteLength)
      throw wrong(
        'mesh-truncated',
        file,
        `${byteLength} bytes in a buffer`,
        `${held?.length ?? 0}`,
        'The file was cut off: copy or export it anew.',
      );
    return held;
  });
  requireAccessors(gltf, buffers, unsound);
  requireTrees(gltf, unsound);
  const sets = new Map<string, string[][]>();
  const integers = new Map<number, Float32Array>();
  for (const [i, mesh] of list(gltf.meshes).entries()) {
    for (const { attributes, indices, mode, material } of list(mesh.primitives)) {
      const materials = list(gltf.materials).length;
      if (material !== undefined && !(isCount(material) && material < materials))
        throw wrong(
          'mesh-inconsistent',
          `${file}, mesh ${i}`,
          `material indices below ${materials}`,
          `${material}`,
          hint,
        );
      const names = Object.keys(attributes ?? {});
      for (const name of names.filter((n) => n === 'POSITION' || n === 'NORMAL' || n.startsWith('TEXCOORD_'))) {
        const index = attributes[name]!;
        const accessor = list(gltf.accessors)[index];
        if (!accessor) throw unsound(`an accessor for ${name} of mesh ${i}`, 'none');
        const numbers = numbersOf(gltf, buffers, accessor);
        if (accessor.componentType !== FLOAT && numbers) integers.set(index, numbers);
        if (accessor.componentType !== FLOAT && accessor.sparse)
          throw wrong(
            'mesh-inconsistent',
            file,
            `floats in ${name} of mesh ${i}`,
            'whole numbers, some replaced',
            hint,
          );
        const bad = name === 'NORMAL' ? undefined : numbers?.find((value) => !Number.isFinite(value));
        if (bad === undefined) continue;
        const code = name === 'POSITION' ? 'mesh-invalid' : 'mesh-uvs';
        throw wrong(code, `${file}, ${name} of mesh ${i}`, 'numbers', `${bad}`, EXPORT_ANEW);
      }
      const corners = list(gltf.accessors)[indices ?? attributes['POSITION'] ?? -1]?.count ?? 0;
      if ((mode ?? TRIANGLES) === TRIANGLES && corners % 3 !== 0)
        throw unsound(`three corners for each triangle of mesh ${i}`, `${corners} corners`);
      const key = mesh.name ?? '';
      const own = names.filter((n) => n.startsWith('TEXCOORD_')).sort();
      sets.set(key, [...(sets.get(key) ?? []), own]);
    }
  }
  return {
    format: binary ? 'GLB' : 'glTF',
    space: { millimetres: 1000, up: 'y', stated: 'glTF: up is y, a unit is 1 m' },
    uvSets: (name) => sets.get(name) ?? [...sets.values()].flat(),
    ...(integers.size > 0 ? { instead: { name: `${file}.glb`, bytes: withFloats(gltf, buffers, integers) } } : {}),
  };
}

type Unsound = (expected: string, found: string) => EngineError;

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** Every accessor lies inside of its buffer; those without one are no longer than all buffers together. */
function requireAccessors(gltf: Gltf, buffers: readonly Uint8Array[], unsound: Unsound): void {
  const most = buffers.reduce((sum, { length }) => sum + length, 0);
  for (const [i, accessor] of list(gltf.accessors).entries()) {
    const { bufferView, byteOffset = 0, count, type, componentType, sparse } = accessor;
    const few = unsound(`the ${count} elements of accessor ${i} in its buffer`, 'fewer bytes than that');
    if (!isCount(count) || count < 1 || !isCount(byteOffset)) throw few;
    if (sparse && !(sparse.count <= count)) throw few;
    if (bufferView === undefined) {
      if (count > most) throw few;
      continue;
    }
    const view = list(gltf.bufferViews)[bufferView];
    const buffer = view && buffers[view.buffer ?? 0];
    const element = (COMPONENTS[type] ?? NaN) * (BYTES[componentType] ?? NaN);
    const stride = view?.byteStride ?? element;
    if (!view || !buffer || !isCount(view.byteOffset ?? 0) || !(isCount(stride) && stride >= element)) throw few;
    const needed = byteOffset + (count - 1) * stride + element;
    if (!(needed <= view.byteLength) || (view.byteOffset ?? 0) + view.byteLength > buffer.length) throw few;
  }
}

/** A node that stands below two would stand there again and again. */
function requireTrees(gltf: Gltf, unsound: Unsound): void {
  const below = new Set<number>();
  for (const child of list(gltf.nodes).flatMap(({ children }) => list(children))) {
    if (below.has(child)) throw unsound('nodes that each stand below one other at most', `node ${child} below two`);
    below.add(child);
  }
  for (const root of list(gltf.scenes).flatMap(({ nodes }) => list(nodes)))
    if (below.has(root)) throw unsound('scenes of nodes that stand below no other', `node ${root}`);
}

/** What whole numbers stand for where they are normalised: the greatest becomes 1. Source: glTF 2.0, 3.6.2.2. */
const GREATEST: Readonly<Record<number, number>> = { 5120: 127, 5121: 255, 5122: 32_767, 5123: 65_535 };

/** The numbers of an accessor, as floats; undefined where it has no buffer. */
function numbersOf(gltf: Gltf, buffers: readonly Uint8Array[], accessor: Accessor): Float32Array | undefined {
  const view = accessor.bufferView === undefined ? undefined : list(gltf.bufferViews)[accessor.bufferView];
  if (!view) return undefined;
  const { componentType: kind, count, normalized } = accessor;
  const [width, size] = [COMPONENTS[accessor.type]!, BYTES[kind]!];
  const from = buffers[view.buffer ?? 0]!;
  const data = new DataView(from.buffer, from.byteOffset, from.byteLength);
  const start = (view.byteOffset ?? 0) + (accessor.byteOffset ?? 0);
  const stride = view.byteStride ?? width * size;
  const read = (at: number): number => {
    if (kind === FLOAT) return data.getFloat32(at, true);
    if (kind === 5125) return data.getUint32(at, true);
    if (size === 2) return kind === 5122 ? data.getInt16(at, true) : data.getUint16(at, true);
    return kind === 5120 ? data.getInt8(at) : data.getUint8(at);
  };
  const most = normalized ? (GREATEST[kind] ?? 1) : 1;
  const numbers = new Float32Array(count * width);
  for (let i = 0, k = 0; i < count; i++)
    for (let c = 0; c < width; c++)
      numbers[k++] = Math.max(read(start + i * stride + c * size) / most, normalized ? -1 : -Infinity);
  return numbers;
}

/** The same document with one buffer, in which these accessors hold floats: assimp takes whole numbers for floats. */
function withFloats(gltf: Gltf, buffers: readonly Uint8Array[], floats: ReadonlyMap<number, Float32Array>): Uint8Array {
  const blocks: Uint8Array[] = [];
  let length = 0;
  const add = (bytes: Uint8Array): number => {
    const at = length;
    blocks.push(bytes, new Uint8Array(-bytes.length & 3));
    length += bytes.length + (-bytes.length & 3);
    return at;
  };
  const starts = buffers.map(add);
  const views = list(gltf.bufferViews).map(({ buffer = 0, byteOffset = 0, ...view }) => {
    return { ...view, buffer: 0, byteOffset: (starts[buffer] ?? 0) + byteOffset };
  });
  const accessors = list(gltf.accessors).map((accessor, index) => {
    const numbers = floats.get(index);
    if (!numbers) return accessor;
    const byteOffset = add(new Uint8Array(numbers.buffer));
    const bufferView = views.push({ buffer: 0, byteOffset, byteLength: numbers.byteLength }) - 1;
    const { type, count } = accessor;
    return { type, count, bufferView, componentType: FLOAT };
  });
  const made = { ...gltf, accessors, bufferViews: views, buffers: [{ byteLength: length }] };
  return joinGlb(JSON.stringify(made), Buffer.concat(blocks));
}

const dataOf = (uri: string): Uint8Array => {
  const comma = uri.indexOf(',');
  return /;base64$/.test(uri.slice(0, comma))
    ? Buffer.from(uri.slice(comma + 1), 'base64')
    : Buffer.from(decodeURIComponent(uri.slice(comma + 1)), 'latin1');
};
