// Loading: a file's claims, the program that reads it, and the comparison of both.
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import {
  asEngineError,
  EngineError,
  type Mesh,
  type MeshSpace,
  type NodeProblem,
  type Services,
} from '../../../engine/authoring.ts';
import { type NamedBytes, runAssimp } from './assimp.ts';
import { findBlender, runBlender } from './blender.ts';
import { buildMesh } from './build.ts';
import { type Claims, EXPORT_ANEW, wrong } from './claims.ts';
import { isBinaryFbx } from './fbx.ts';
import { readFbxClaims } from './fbx-claims.ts';
import { piecesOfGlb } from './glb.ts';
import { gltfCompanions, readGltf, readGltfClaims } from './gltf.ts';
import { readObjClaims } from './obj.ts';
import type { Pieces } from './piece.ts';

export type Loader = 'auto' | 'assimp' | 'blender';

/** assimp needs several times as much, and has 4 GiB. */
export const MOST_BYTES = 384 * 2 ** 20;

const ENDINGS = ['.fbx', '.obj', '.gltf', '.glb'];

interface Reading {
  readonly services: Services;
  readonly signal: AbortSignal;
  report(problem: NodeProblem): void;
}

/** Files that a mesh is made of: itself first, then those that hold its numbers. Absolute, and inside the roots. */
export function meshFiles(services: Services, path: string): string[] {
  const file = services.resolve(path, 'read');
  return [file, ...urisOf(services, file).map((uri) => beside(services, file, uri))];
}

/** Names of other files, as they stand in it; looked for once, since every frame asks. */
function urisOf(services: Services, file: string): readonly string[] {
  if (extname(file).toLowerCase() !== '.gltf') return [];
  const { size, mtimeNs } = stateOf(file);
  const find = () => ({ uris: gltfCompanions(readGltf(basename(file), bytesOf(file)).gltf), close: () => {} });
  return services.share(`gltf ${file} ${size} ${mtimeNs}`, find).uris;
}

const beside = (services: Services, file: string, uri: string): string =>
  services.resolve(join(dirname(file), decoded(uri)), 'read');

function decoded(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
}

/** Size and time of a file, as a fingerprint names it. */
export function stateOf(file: string): { readonly file: string; readonly size: number; readonly mtimeNs: string } {
  const opened = openRegular(file);
  closeSync(opened.handle);
  return { file: basename(file), size: opened.size, mtimeNs: opened.mtimeNs };
}

/** Reads a mesh. Throws codes that begin with `mesh-`, those of files, and `cancelled`. */
export async function loadMesh(path: string, loader: Loader, reading: Reading): Promise<Mesh> {
  const { services, signal, report } = reading;
  const file = services.resolve(path, 'read');
  const name = basename(file);
  try {
    if (!ENDINGS.includes(extname(file).toLowerCase()))
      throw wrong(
        'mesh-format',
        name,
        `a name that ends with ${ENDINGS.join(', ')}`,
        name,
        'Export the mesh as one of these.',
      );
    const blender = blenderFor(file);
    const hint = adviceFor(loader, blender);
    if (loader === 'blender') {
      if (blender === 'text')
        throw wrong(
          'mesh-loader',
          name,
          'a binary FBX file, as Blender reads no others',
          'one that is not binary',
          hint,
        );
      return await blenderMesh(name, file, signal);
    }
    try {
      const files = filesFor(services, file);
      return await assimpMesh(name, files, { claims: claimsOf(name, files, hint), hint, signal, report });
    } catch (thrown) {
      const error = asEngineError(thrown);
      if (loader !== 'auto' || error.code !== 'mesh-inconsistent' || blender !== 'here') throw error;
      const mesh = await blenderMesh(name, file, signal).catch((other: unknown) => {
        const { kind, message } = asEngineError(other);
        if (kind === 'cancelled') throw other;
        throw new EngineError(error.kind, error.code, `${error.message} Blender does not read it either: ${message}`);
      });
      report({ severity: 'warning', code: error.code, message: `Blender was taken to read it. ${error.message}` });
      return mesh;
    }
  } catch (thrown) {
    throw asEngineError(thrown, { file });
  }
}

/** The file and those that it names, each under the name by which it is looked for. */
function filesFor(services: Services, file: string): NamedBytes[] {
  const found = new Map<string, { readonly path: string; readonly bytes: Uint8Array }>();
  found.set(basename(file), { path: file, bytes: bytesOf(file) });
  for (const uri of urisOf(services, file)) {
    const path = beside(services, file, uri);
    const name = basename(uri);
    const known = found.get(name);
    if (known && known.path !== path)
      throw wrong('mesh-format', basename(file), 'buffers with names of their own', `${name} twice`, EXPORT_ANEW);
    found.set(name, { path, bytes: known?.bytes ?? bytesOf(path) });
  }
  return [...found].map(([name, { bytes }]) => ({ name, bytes }));
}

/** Whether Blender can read a file: it is here, or is not, or does not read FBX in ASCII. Throws where there is no file. */
function blenderFor(file: string): 'here' | 'missing' | 'text' {
  const { handle } = openRegular(file);
  const head = Buffer.alloc(64);
  try {
    const size = readSync(handle, head, 0, head.length, 0);
    if (extname(file).toLowerCase() === '.fbx' && size > 0 && !isBinaryFbx(head)) return 'text';
  } finally {
    closeSync(handle);
  }
  return findBlender() === undefined ? 'missing' : 'here';
}

/** What to do where assimp's import is not what the file announces. */
function adviceFor(loader: Loader, blender: ReturnType<typeof blenderFor>): string {
  if (blender === 'text') return loader === 'blender' ? 'Export it as binary, or take the loader assimp.' : EXPORT_ANEW;
  if (blender === 'missing')
    return 'Export the mesh anew; or install Blender, which is not on this machine, and take the loader blender (--loader blender).';
  return loader === 'auto' ? EXPORT_ANEW : 'Take the loader blender (--loader blender), or export the mesh anew.';
}

function claimsOf(name: string, files: readonly NamedBytes[], hint: string): Claims {
  const { bytes } = files[0]!;
  const ending = extname(name).toLowerCase();
  if (bytes.length === 0) throw wrong('mesh-truncated', name, 'a mesh', 'an empty file', 'Copy or export it anew.');
  try {
    if (ending === '.obj') return readObjClaims(name, bytes);
    if (ending === '.fbx') return readFbxClaims(name, bytes, hint);
    return readGltfClaims(name, bytes, files.slice(1), hint);
  } catch (thrown) {
    if (!(thrown instanceof TypeError || thrown instanceof RangeError || thrown instanceof URIError)) throw thrown;
    // A document may have anything in the place of anything.
    throw wrong('mesh-invalid', name, 'a sound document', thrown.message, EXPORT_ANEW);
  }
}

interface Assimp extends Omit<Reading, 'services'> {
  readonly claims: Claims;
  readonly hint: string;
}

async function assimpMesh(name: string, files: readonly NamedBytes[], assimp: Assimp): Promise<Mesh> {
  const { claims, hint, signal, report } = assimp;
  const bad = (message: string): EngineError =>
    wrong('mesh-inconsistent', name, 'of assimp what the file announces', message, hint);
  const namesOf = (mesh: string, sets: number): readonly string[] => {
    const claimed = claims.uvSets(mesh);
    const fit = claimed.find((names) => names.length === sets);
    if (fit) return fit;
    const counts = [...new Set(claimed.map((names) => names.length))].join(' or ');
    throw bad(`${sets} UV sets of ${mesh || 'a mesh'} in place of ${counts || 'none'}`);
  };
  let all: Pieces;
  try {
    all = piecesOfGlb(await runAssimp(claims.instead ? [claims.instead] : files, signal), namesOf);
  } catch (thrown) {
    const error = asEngineError(thrown);
    const { kind, code, message } = error;
    if (kind === 'cancelled' || message.startsWith(name)) throw error;
    throw new EngineError(kind, code, `${name}: ${message}${code === 'mesh-inconsistent' ? ` ${hint}` : ''}`);
  }
  const objects = new Set(all.pieces.map(({ object }) => object)).size;
  if (objects < (claims.objects ?? 0)) throw bad(`meshes of ${objects} nodes in place of ${claims.objects}`);
  const source = { file: name, format: claims.format, loader: 'assimp' } as const;
  const mesh = buildMesh(withKnownPolygons(all, claims), { space: claims.space, source }, bad);
  const lost = (claims.triangles ?? 0) - mesh.faces.length / 3;
  if (lost > 0) {
    const message = `${name}: assimp gives ${mesh.faces.length / 3} of ${claims.triangles} triangles, since it leaves out what of polygons crosses itself or has no area. Mend these, or take the loader blender, which cuts all.`;
    report({ severity: 'warning', code: 'mesh-inconsistent', message });
  }
  return mesh;
}

/** Polygons that were put together from triangles are believed only where there are as many as the file has. */
function withKnownPolygons(all: Pieces, { polygons }: Claims): Pieces {
  const found = all.pieces.reduce((sum, piece) => sum + (piece.polygons?.length ? piece.polygons.at(-1)! + 1 : 0), 0);
  if (polygons === found) return all;
  const bare = all.pieces.map(({ polygons: _, ...piece }) => piece);
  return { ...all, pieces: bare };
}

async function blenderMesh(name: string, file: string, signal: AbortSignal): Promise<Mesh> {
  const format = extname(name).slice(1).toUpperCase();
  const space: MeshSpace =
    format === 'OBJ'
      ? { up: 'z', stated: 'Blender: up is z, where it was y; OBJ says nothing of units or axes' }
      : { millimetres: 1000, up: 'z', stated: 'Blender: up is z, a unit is 1 m' };
  const source = { file: name, format, loader: 'blender' } as const;
  const bad = (message: string): EngineError =>
    wrong('mesh-invalid', name, 'a mesh that Blender reads soundly', message, 'Export it anew.');
  return buildMesh(await runBlender(file, signal), { space, source }, bad);
}

function openRegular(file: string): { handle: number; size: number; mtimeNs: string } {
  let handle: number;
  try {
    handle = openSync(file, 'r');
  } catch (thrown) {
    throw asEngineError(thrown, { file });
  }
  const state = fstatSync(handle, { bigint: true });
  if (state.isFile()) return { handle, size: Number(state.size), mtimeNs: String(state.mtimeNs) };
  closeSync(handle);
  const message = `${file}: expected a file, found a folder or device.`;
  throw new EngineError('io', 'file-not-regular', message, { file });
}

function bytesOf(file: string): Uint8Array {
  const { handle, size } = openRegular(file);
  try {
    if (size > MOST_BYTES) {
      const message = `${file}: expected at most ${MOST_BYTES} bytes, found ${size}. Cut the mesh into several.`;
      throw new EngineError('invalid', 'mesh-too-large', message, { file });
    }
    return readFileSync(handle);
  } finally {
    closeSync(handle);
  }
}
