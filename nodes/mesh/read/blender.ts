// Blender: where it is on the machine it reads a file without a window and writes down what assimp may lose.
import { execFile } from 'node:child_process';
import { accessSync, constants, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { EngineError } from '../../../engine/authoring.ts';
import type { Piece, Pieces } from './piece.ts';

/** Minutes that reading may take. */
const LONGEST = 10;

/** The path of Blender; undefined where it is not on the PATH. */
export function findBlender(): string | undefined {
  const names = process.platform === 'win32' ? ['blender.exe'] : ['blender'];
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Triangles of all meshes of a file, as Blender imports it: z is up, a unit is one metre. Throws `mesh-loader`. */
export async function runBlender(path: string, signal: AbortSignal): Promise<Pieces> {
  const blender = findBlender();
  if (blender === undefined) {
    const message = 'Expected Blender on the PATH, and it is not there. Install it, or take the loader assimp.';
    throw new EngineError('io', 'mesh-loader', message, { file: path });
  }
  const folder = mkdtempSync(join(tmpdir(), 'sluice-mesh-'));
  try {
    const made = join(folder, 'mesh.bin');
    const fixed = ['--background', '--factory-startup', '--disable-autoexec', '--python-exit-code', '1'];
    await new Promise<void>((resolve, reject) => {
      const options = { signal, timeout: LONGEST * 60_000, maxBuffer: 2 ** 26 };
      execFile(blender, [...fixed, '--python-expr', SCRIPT, '--', path, made], options, (error, _, told) => {
        if (!error) return resolve();
        if (signal.aborted) return reject(signal.reason);
        const last = told.trim().split('\n').at(-1) ?? '';
        const message = `Blender could not read ${path}: ${last || error.message}.`;
        reject(new EngineError('invalid', 'mesh-loader', message, { file: path }));
      });
    });
    return piecesOfDump(readFileSync(made));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Header {
  readonly materials: readonly string[];
  readonly pieces: readonly {
    readonly object: number;
    readonly name: string;
    readonly material: number;
    readonly triangles: number;
    readonly uvs: readonly string[];
  }[];
}

/** Reads what the script writes: a length, JSON, then positions, normals, polygons and UV sets of each piece. */
function piecesOfDump(bytes: Uint8Array): Pieces {
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const size = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, size))) as Header;
  let at = 4 + size;
  const take = (count: number): ArrayBuffer => {
    at += count * 4;
    return buffer.slice(at - count * 4, at);
  };
  const pieces = header.pieces.map(({ triangles, uvs, ...piece }): Piece => {
    const [positions, normals] = [new Float32Array(take(triangles * 9)), new Float32Array(take(triangles * 9))];
    const polygons = new Uint32Array(take(triangles));
    return {
      ...piece,
      positions,
      normals,
      polygons,
      uvs: uvs.map((name) => ({ name, coordinates: new Float32Array(take(triangles * 6)) })),
    };
  });
  return { pieces, materials: header.materials };
}

/** Runs inside Blender, 2.93 or later. */
const SCRIPT = `
import bpy, json, struct, sys
import numpy as np
source, made = sys.argv[sys.argv.index('--') + 1:][:2]
bpy.ops.wm.read_factory_settings(use_empty=True)
ending = source.lower().rsplit('.', 1)[-1]
if ending == 'fbx':
    bpy.ops.import_scene.fbx(filepath=source)
elif ending in ('gltf', 'glb'):
    bpy.ops.import_scene.gltf(filepath=source)
elif hasattr(bpy.ops.wm, 'obj_import'):
    bpy.ops.wm.obj_import(filepath=source)
else:
    bpy.ops.import_scene.obj(filepath=source)
bpy.context.view_layer.update()
materials, pieces, blocks = [], [], []
def read(items, name, width, kind):
    values = np.empty(len(items) * width, kind)
    items.foreach_get(name, values)
    return values.reshape(-1, width)
for number, item in enumerate(sorted((o for o in bpy.context.scene.objects if o.type == 'MESH'), key=lambda o: o.name)):
    mesh = item.data
    if hasattr(mesh, 'calc_normals_split'):
        mesh.calc_normals_split()
    mesh.calc_loop_triangles()
    triangles = mesh.loop_triangles
    if len(triangles) == 0:
        continue
    loops = read(triangles, 'loops', 3, np.int32)
    polygon = read(triangles, 'polygon_index', 1, np.int32)[:, 0]
    slot = read(triangles, 'material_index', 1, np.int32)[:, 0]
    normals = read(triangles, 'split_normals', 9, np.float32).reshape(-1, 3)
    vertices = read(mesh.vertices, 'co', 3, np.float32)
    corners = read(mesh.loops, 'vertex_index', 1, np.int32)[:, 0]
    matrix = np.array(item.matrix_world, np.float64)
    turn = np.linalg.det(matrix[:3, :3]) * np.linalg.inv(matrix[:3, :3]).T
    places = (vertices @ matrix[:3, :3].T + matrix[:3, 3]).astype(np.float32)
    normals = normals @ turn.T
    normals = (normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-30)).astype(np.float32)
    sets = [(layer.name, read(layer.data, 'uv', 2, np.float32)) for layer in mesh.uv_layers]
    for used in np.unique(slot):
        names = [m.name if m else 'no material' for m in mesh.materials]
        name = names[used] if used < len(names) else 'no material'
        if name not in materials:
            materials.append(name)
        chosen = slot == used
        _, counted = np.unique(polygon[chosen], return_inverse=True)
        pieces.append({'object': number, 'name': item.name, 'material': materials.index(name), 'triangles': int(chosen.sum()), 'uvs': [s[0] for s in sets]})
        blocks.append(places[corners[loops[chosen]]].tobytes())
        blocks.append(normals.reshape(-1, 9)[chosen].tobytes())
        blocks.append(counted.astype(np.uint32).tobytes())
        blocks.extend(uv[loops[chosen]].tobytes() for _, uv in sets)
header = json.dumps({'materials': materials, 'pieces': pieces}).encode()
with open(made, 'wb') as file:
    file.write(struct.pack('<I', len(header)) + header + b''.join(blocks))
`;
