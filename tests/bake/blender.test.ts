// Blender itself, where it is on the machine: it reads what assimp reads, and bakes come out the same.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { EngineError, Mesh } from '../../engine/authoring.ts';
import { FileServices } from '../../engine/run/services.ts';
import { findCharts } from '../../nodes/mesh/charts/find.ts';
import { findBlender } from '../../nodes/mesh/read/blender.ts';
import { type Loader, loadMesh } from '../../nodes/mesh/read/load.ts';
import { fbxBinary, fbxText, fbxTree, glbOf, objOf, rectangle } from '../nodes/sheets.ts';
import { temporary } from '../run/files.ts';
import { never } from '../run/graph.ts';
import { baked, heightsIn } from './bake.ts';
import { HERO } from './hero.ts';
import { writeExrMap } from './map.ts';
import { type ModelPart, modelTree } from './model.ts';

const folder = temporary();
const corpus = (name: string): string => fileURLToPath(new URL(`../../../shared/corpus/mesh/${name}`, import.meta.url));

const load = (name: string, loader: Loader): Promise<Mesh> =>
  loadMesh(name, loader, { services: new FileServices({ folder }), signal: never, report: () => {} });

beforeAll(() => {
  for (const up of ['y', 'z'] as const)
    for (const unit of [1, 2.54, 100])
      writeFileSync(join(folder, `hero-${up}-${unit}.fbx`), fbxBinary(modelTree(HERO, { up, unit })));
  const [body, cape] = HERO as [ModelPart, ModelPart];
  const mirrored: ModelPart = { ...cape, scale: [-0.5, 0.5, 0.5], rotation: [30, 40, 50] };
  writeFileSync(join(folder, 'turned.fbx'), fbxBinary(modelTree([{ ...body, rotation: [0, 0, 90] }, mirrored])));
  writeFileSync(join(folder, 'text.fbx'), fbxText(modelTree(HERO)));
  const sheets = [
    rectangle([0.1, 0.1, 0.4, 0.6], { material: 'red' }),
    rectangle([1.1, 0.1, 1.4, 0.6], { material: 'blue', mirrored: 'u' }),
  ];
  writeFileSync(join(folder, 'two.glb'), glbOf(sheets));
  writeFileSync(join(folder, 'two.obj'), objOf(sheets));
  const fromAfar = (index: number): number => index + 1;
  writeFileSync(join(folder, 'indices.fbx'), fbxBinary(fbxTree(sheets, { materialOf: fromAfar })));
});

/** Places in millimetres with z up, rounded to a hundredth. OBJ has no units, and Blender takes its y as up. */
function span({ positions, space }: Mesh): readonly number[] {
  const scale = space.millimetres ?? 1;
  const turn = space.up === 'z' ? (p: number[]) => p : ([x, y, z]: number[]) => [x!, -z!, y!];
  const [least, most] = [
    [Infinity, Infinity, Infinity],
    [-Infinity, -Infinity, -Infinity],
  ];
  for (let i = 0; i < positions.length; i += 3) {
    const place = turn([...positions.subarray(i, i + 3)]);
    for (let k = 0; k < 3; k++) {
      least[k] = Math.min(least[k]!, place[k]! * scale);
      most[k] = Math.max(most[k]!, place[k]! * scale);
    }
  }
  return [...least, ...most];
}

/** What both loaders must agree on; islands have other numbers where objects come in another order. */
function summary(mesh: Mesh): object {
  const faces = (index: number): number => mesh.faceMaterials.reduce((sum, at) => sum + Number(at === index), 0);
  return {
    faces: mesh.faces.length / 3,
    polygons: mesh.polygons.at(-1)! + 1,
    materials: Object.fromEntries(mesh.materials.map((name, index) => [name, faces(index)])),
    sets: mesh.uvSets.map(({ name, has }) => {
      const found = findCharts(mesh, { uvSet: name, material: '', tolerance: 1e-5 });
      const islands = found.charts.map(
        ({ faces: count, tiles, flipU, flipV, area, bounds }) =>
          `${count} on ${tiles} ${flipU ? 'u' : ''}${flipV ? 'v' : ''} ${[area, ...bounds].map((n) => n.toFixed(4))}`,
      );
      const { crossing, flat, outside, missing, overlaps, selfOverlaps } = found;
      return {
        name,
        has: has.reduce((sum, one) => sum + one, 0),
        islands: islands.sort(),
        odd: [crossing.length, flat.length, outside, missing, overlaps.length, selfOverlaps.length],
      };
    }),
  };
}

const OWN = [
  ...['y', 'z'].flatMap((up) => [1, 2.54, 100].map((unit) => `hero-${up}-${unit}.fbx`)),
  'turned.fbx',
  'two.glb',
  'two.obj',
];
const OTHERS = ['BoxTextured.glb', 'box.fbx', 'phong_cube.fbx', 'spider.fbx', 'spider.obj'].map(corpus);

describe.skipIf(findBlender() === undefined)('Blender', () => {
  it.each([...OWN, ...OTHERS.filter(existsSync)])('reads %s as assimp does', async (name) => {
    const [one, other] = await Promise.all([load(name, 'assimp'), load(name, 'blender')]);
    expect(other.source.loader).toBe('blender');
    expect(other.space.up).toBe('z');
    expect(summary(other)).toEqual(summary(one));
    expect(other.normals).toHaveLength(other.faces.length * 3);
    // Blender cuts an OBJ into objects by its words for them, not by groups.
    if (!name.endsWith('spider.obj')) {
      expect(other.objects).toHaveLength(one.objects.length);
      expect(other.positions.length).toBe(one.positions.length);
    }
    const [a, b] = [span(one), span(other)];
    const size = Math.max(...a.slice(3).map((most, k) => most - a[k]!));
    for (const [k, value] of b.entries()) expect(Math.abs(value - a[k]!), `${name} ${k}`).toBeLessThan(size * 1e-5);
  });

  it('is taken where assimp does not get what the file announces', async () => {
    expect((await load('indices.fbx', 'auto')).source.loader).toBe('blender');
  });

  it('refuses what it does not read, with one line', async () => {
    const refused = async (name: string): Promise<readonly [string, string]> =>
      load(name, 'blender').then(
        () => ['', 'it was read'],
        (thrown: EngineError) => [thrown.code, thrown.message],
      );
    const whole = readFileSync(join(folder, 'hero-z-1.fbx'));
    writeFileSync(join(folder, 'cut.fbx'), whole.subarray(0, whole.length / 2));
    writeFileSync(join(folder, 'words.glb'), 'these are words');
    writeFileSync(join(folder, 'words.obj'), 'these are words');
    writeFileSync(join(folder, 'empty.fbx'), '');
    expect(await refused('text.fbx')).toEqual(['mesh-loader', expect.stringMatching(/binary FBX file/)]);
    for (const name of ['cut.fbx', 'words.glb', 'empty.fbx'])
      expect(await refused(name)).toEqual(['mesh-loader', expect.stringMatching(`could not read ${name}: [^\n]+\\.$`)]);
    expect(await refused('words.obj')).toEqual(['mesh-invalid', expect.stringMatching(/found none/)]);
  });

  it('is stopped when that is asked for', async () => {
    const [services, controller] = [new FileServices({ folder }), new AbortController()];
    const { signal } = controller;
    const work = loadMesh('hero-z-1.fbx', 'blender', { services, signal, report: () => {} });
    setTimeout(() => controller.abort(), 50);
    await expect(work).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('gives the same heights', async () => {
    for (const tile of [1001, 1002, 1011]) {
      const field = (x: number, y: number) => [0, Math.sin(x / 9 + tile), Math.cos(y / 7)] as const;
      await writeExrMap(join(folder, `map.${tile}.exr`), { size: 96, field });
    }
    for (const loader of ['assimp', 'blender'] as const)
      await baked(folder, { mesh: 'hero-y-2.54.fbx', normal: 'map.<UDIM>.exr', out: loader, loader });
    for (const tile of [1001, 1002, 1011])
      expect(heightsIn(folder, 'blender', tile)).toEqual(heightsIn(folder, 'assimp', tile));
  });
});
