// What the fuzzer feeds to the reader of meshes: models in every format, damaged, read and, where they are read, unfolded.
import { readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { FileServices } from '../../engine/run/services.ts';
import { findCharts } from '../../nodes/mesh/charts/find.ts';
import { loadMesh } from '../../nodes/mesh/read/load.ts';
import { HERO } from '../bake/hero.ts';
import { modelTree } from '../bake/model.ts';
import type { Random } from '../base/random.ts';
import { fbxBinary, fbxText, glbOf, gltfOf, objOf, rectangle } from '../nodes/sheets.ts';
import { never } from '../run/graph.ts';
import { mutateBytes, mutateText } from './mutate.ts';
import { answer, type Case } from './subjects.ts';

/** Writes sound models into a folder and gives their paths. */
export function makeMeshes(folder: string): string[] {
  const tree = modelTree(HERO);
  const sheets = [
    rectangle([0.1, 0.1, 0.4, 0.6]),
    rectangle([1.1, 0.1, 1.4, 0.6], { material: 'blue', mirrored: 'u' }),
  ];
  const made = {
    'binary.fbx': fbxBinary(tree),
    'wide.fbx': fbxBinary(tree, 7500),
    'text.fbx': fbxText(tree),
    'sheets.obj': objOf(sheets),
    'sheets.gltf': gltfOf(sheets).json,
    'sheets.glb': glbOf(sheets),
  };
  return Object.entries(made).map(([name, content]) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  });
}

/** Bytes before which heads and names stand. */
const HEAD = 2048;

/** A damaged model. Numbers and indices of what is read are looked at once more. */
export function meshCase(source: string, folder: string, random: Random): Case {
  const original = readFileSync(source);
  const ending = extname(source);
  const bytes =
    ending === '.gltf'
      ? new TextEncoder().encode(mutateText(original.toString('utf8'), random))
      : mutateBytes(original, HEAD, random);
  const name = `mutant${ending}`;
  return {
    bytes,
    name,
    run: () =>
      answer(async () => {
        writeFileSync(join(folder, name), bytes);
        const services = new FileServices({ folder, roots: [folder] });
        const mesh = await loadMesh(name, 'assimp', { services, signal: never, report: () => {} });
        const vertices = mesh.positions.length / 3;
        if (!mesh.positions.every(Number.isFinite)) throw new Error('A place is no number.');
        if (!mesh.faces.every((vertex) => vertex < vertices)) throw new Error('A face names no vertex.');
        if (!mesh.faceMaterials.every((index) => index < mesh.materials.length)) throw new Error('No such material.');
        for (const { name: uvSet, has, coordinates } of mesh.uvSets) {
          if (!coordinates.every((value, i) => Number.isFinite(value) === (has[Math.floor(i / 6)] === 1)))
            throw new Error('A coordinate is no number.');
          findCharts(mesh, { uvSet, material: '', tolerance: 1e-5 });
        }
      }),
  };
}
