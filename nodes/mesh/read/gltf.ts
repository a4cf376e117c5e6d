// glTF: looks at counts, indices and coordinates before assimp sees them. Source: Khronos, glTF 2.0 specification.
import { basename } from 'node:path';
import { EngineError } from '../../../engine/authoring.ts';
import type { NamedBytes } from './assimp.ts';
import { type Claims, EXPORT_ANEW, wrong } from './claims.ts';
import { type Gltf, glbChunks } from './glb.ts';

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

/** Checks what the document says of its buffers. Throws `mesh-invalid`, `mesh-truncated`, `mesh-uvs`. */
export function readGltfClaims(file: string, bytes: Uint8Array, companions: readonly NamedBytes[]): Claims {
  const { gltf, binary } = readGltf(file, bytes);
  const unsound = (expected: string, found: string): EngineError =>
    wrong('mesh-invalid', file, expected, found, EXPORT_ANEW);
  const list = <T>(value: readonly T[] | undefined): readonly T[] => (Array.isArray(value) ? value : []);
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
  for (const [i, { bufferView, byteOffset = 0, count, type, componentType }] of list(gltf.accessors).entries()) {
    if (bufferView === undefined) continue;
    const view = list(gltf.bufferViews)[bufferView];
    const buffer = view && buffers[view.buffer ?? 0];
    const element = (COMPONENTS[type] ?? NaN) * (BYTES[componentType] ?? NaN);
    const needed = byteOffset + (count - 1) * (view?.byteStride ?? element) + element;
    if (
      !view ||
      !buffer ||
      !(count >= 1) ||
      !(needed <= view.byteLength) ||
      (view.byteOffset ?? 0) + view.byteLength > buffer.length
    )
      throw unsound(`the ${count} elements of accessor ${i} in its buffer`, 'fewer bytes than that');
  }
  /** The floats of an accessor; undefined where it holds others, or is sparse without a base. */
  const floats = (index: number): Float32Array | undefined => {
    const accessor = list(gltf.accessors)[index];
    const view = accessor?.bufferView === undefined ? undefined : list(gltf.bufferViews)[accessor.bufferView];
    if (!accessor || !view || accessor.componentType !== FLOAT) return undefined;
    const width = COMPONENTS[accessor.type]!;
    const from = buffers[view.buffer ?? 0]!;
    const data = new DataView(from.buffer, from.byteOffset, from.byteLength);
    const start = (view.byteOffset ?? 0) + (accessor.byteOffset ?? 0);
    return Float32Array.from({ length: accessor.count * width }, (_, i) =>
      data.getFloat32(start + Math.floor(i / width) * (view.byteStride ?? width * 4) + (i % width) * 4, true),
    );
  };
  const sets = new Map<string, string[][]>();
  for (const [i, mesh] of list(gltf.meshes).entries()) {
    for (const { attributes } of list(mesh.primitives)) {
      const names = Object.keys(attributes ?? {});
      for (const name of names.filter((n) => n === 'POSITION' || n.startsWith('TEXCOORD_'))) {
        if (!list(gltf.accessors)[attributes[name]!]) throw unsound(`an accessor for ${name} of mesh ${i}`, 'none');
        const bad = floats(attributes[name]!)?.find((value) => !Number.isFinite(value));
        if (bad === undefined) continue;
        const code = name === 'POSITION' ? 'mesh-invalid' : 'mesh-uvs';
        throw wrong(code, `${file}, ${name} of mesh ${i}`, 'numbers', `${bad}`, EXPORT_ANEW);
      }
      const key = mesh.name ?? '';
      const own = names.filter((n) => n.startsWith('TEXCOORD_')).sort();
      sets.set(key, [...(sets.get(key) ?? []), own]);
    }
  }
  return {
    format: binary ? 'GLB' : 'glTF',
    space: { millimetres: 1000, up: 'y', stated: 'glTF: up is y, a unit is 1 m' },
    uvSets: (name) => sets.get(name) ?? [...sets.values()].flat(),
  };
}

const dataOf = (uri: string): Uint8Array => {
  const comma = uri.indexOf(',');
  return /;base64$/.test(uri.slice(0, comma))
    ? Buffer.from(uri.slice(comma + 1), 'base64')
    : Buffer.from(decodeURIComponent(uri.slice(comma + 1)), 'latin1');
};
