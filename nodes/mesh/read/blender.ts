// Blender: where it is on the machine it reads a file without a window and writes down what assimp may lose.
import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
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

/**
 * Triangles of all meshes of a file, as Blender imports it: z is up, a unit is one metre, or that of the file where the
 * format has none. Throws `mesh-loader` and `cancelled`.
 */
export async function runBlender(path: string, signal: AbortSignal): Promise<Pieces> {
  const blender = findBlender();
  if (blender === undefined) {
    const message = 'Expected Blender on the PATH, and it is not there. Install it, or take the loader assimp.';
    throw new EngineError('io', 'mesh-loader', message, { file: path });
  }
  const folder = mkdtempSync(join(tmpdir(), 'sluice-mesh-'));
  const refuse = (why: string): EngineError =>
    new EngineError('invalid', 'mesh-loader', `Blender could not read ${basename(path)}: ${why}.`, { file: path });
  try {
    const made = join(folder, 'mesh.bin');
    const fixed = ['--background', '--factory-startup', '--disable-autoexec', '--python-exit-code', '1'];
    await new Promise<void>((resolve, reject) => {
      const options = { signal, timeout: LONGEST * 60_000, maxBuffer: 2 ** 26 };
      execFile(blender, [...fixed, '--python-expr', SCRIPT, '--', path, made], options, (error, _, told) => {
        if (!error) return resolve();
        if (signal.aborted) return reject(signal.reason);
        if (error.killed) return reject(refuse(`it was not done after ${LONGEST} minutes`));
        reject(refuse(reasonIn(told) ?? `it ended with ${error.signal ?? `code ${error.code}`}`));
      });
    });
    const pieces = existsSync(made) ? piecesOfDump(readFileSync(made)) : undefined;
    if (!pieces) throw refuse('it ended before it was done');
    return pieces;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the script says of a failure, or else the last line. */
function reasonIn(told: string): string | undefined {
  const lines = told.split('\n').map((line) => line.trim());
  const said = lines.findLast((line) => line.startsWith(FAILED))?.slice(FAILED.length);
  return (said ?? lines.findLast((line) => line !== ''))?.replace(/\.$/, '');
}

/** Before what the script says of a failure. */
const FAILED = 'sluice: ';

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

/**
 * Reads what the script writes: a length, JSON, then positions, normals, polygons and UV sets of each piece. Undefined
 * where there is less than the JSON says.
 */
function piecesOfDump(bytes: Buffer): Pieces | undefined {
  if (bytes.length < 4) return undefined;
  let at = 4 + bytes.readUInt32LE(0);
  if (at > bytes.length) return undefined;
  const header = JSON.parse(bytes.toString('utf8', 4, at)) as Header;
  const take = (count: number): ArrayBuffer => {
    at += count * 4;
    return bytes.buffer.slice(bytes.byteOffset + at - count * 4, bytes.byteOffset + at) as ArrayBuffer;
  };
  const numbers = header.pieces.reduce((sum, { triangles, uvs }) => sum + triangles * (19 + 6 * uvs.length), 0);
  if (at + numbers * 4 > bytes.length) return undefined;
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

/**
 * Runs inside Blender, 2.93 or later. Sets are called as assimp's are: OBJ and glTF have no names for them. Blender makes
 * sets for those that have no coordinates; in these all are 0.
 */
const SCRIPT = `
import bpy, json, struct, sys
import numpy as np
# What importers of Blender up to 3.4 name, and numpy from 1.24 on has no more.
for name, kind in (('bool', bool), ('int', int), ('float', float), ('object', object)):
    if name not in np.__dict__:
        setattr(np, name, kind)
source, made = sys.argv[sys.argv.index('--') + 1:][:2]
ending = source.lower().rsplit('.', 1)[-1]
def load():
    # Any name seems to be an operator until it is called.
    newer = dir(bpy.ops.wm)
    if ending == 'fbx':
        bpy.ops.import_scene.fbx(filepath=source)
    elif ending in ('gltf', 'glb'):
        bpy.ops.import_scene.gltf(filepath=source)
    elif 'obj_import' in newer:
        known = bpy.ops.wm.obj_import.get_rna_type().properties.keys()
        bpy.ops.wm.obj_import(filepath=source, **{name: True for name in ('use_split_objects', 'use_split_groups') if name in known})
    else:
        bpy.ops.import_scene.obj(filepath=source, use_split_objects=True, use_split_groups=True)
def read(items, name, width, kind):
    values = np.empty(len(items) * width, kind)
    items.foreach_get(name, values)
    return values.reshape(-1, width)
def name_of(index, layer):
    return 'uv' if ending == 'obj' else layer.name if ending == 'fbx' else f'TEXCOORD_{index}'
def write():
    materials, pieces, blocks = [], [], []
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
        sets = [(name_of(i, layer), read(layer.data, 'uv', 2, np.float32)) for i, layer in enumerate(mesh.uv_layers)]
        sets = [(name, uv) for name, uv in sets if uv.any()]
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
try:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    load()
    bpy.context.view_layer.update()
    write()
except BaseException as error:
    lines = [line.strip() for line in str(error).splitlines() if line.strip(' ^')]
    at = max((i for i, line in enumerate(lines) if 'Error' in line), default=len(lines) - 1)
    # An assertion has no words but those of its own line.
    told = ' at '.join(lines[i] for i in (at, at - 1) if i >= 0 and (i == at or lines[at].endswith('Error')))
    print('${FAILED}' + (told or type(error).__name__), file=sys.stderr, flush=True)
    raise
`;
