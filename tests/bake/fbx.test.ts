// An FBX of two materials, two UV sets and three tiles with PNG maps: what is read of it, and what is baked for each.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Mesh } from '../../engine/authoring.ts';
import { FileServices } from '../../engine/run/services.ts';
import { findCharts } from '../../nodes/mesh/charts/find.ts';
import { loadMesh } from '../../nodes/mesh/read/load.ts';
import { surfaceAt } from '../nodes/relief.ts';
import { fbxBinary, fbxText } from '../nodes/sheets.ts';
import { temporary } from '../run/files.ts';
import { never } from '../run/graph.ts';
import { baked, heightsIn, idsIn } from './bake.ts';
import { HERO, type SETS, turnedAt } from './hero.ts';
import { held, type MapSketch, writeExrMap, writePngMap } from './map.ts';
import { modelTree } from './model.ts';

const SIZE = 256;
const folder = temporary();

const load = (name: string): Promise<Mesh> =>
  loadMesh(name, 'assimp', { services: new FileServices({ folder }), signal: never, report: () => {} });

beforeAll(() => {
  const tree = modelTree(HERO, { up: 'z', unit: 2.54 });
  writeFileSync(join(folder, 'hero.fbx'), fbxBinary(tree));
  writeFileSync(join(folder, 'text.fbx'), fbxText(tree));
  writeFileSync(join(folder, 'upright.fbx'), fbxBinary(modelTree(HERO, { up: 'y', unit: 1 })));
});

const charts = (mesh: Mesh, uvSet: string, material = '') => {
  const { tiles, charts: all } = findCharts(mesh, { uvSet, material, tolerance: 1e-5 });
  return [tiles, all.map(({ tiles: [tile], flipU, flipV }) => `${tile}${flipU ? ' u' : ''}${flipV ? ' v' : ''}`)];
};

describe('what is read', () => {
  it('materials, UV sets, polygons, places, units, tiles and mirrored islands, of binary and of ASCII', async () => {
    for (const [name, kind, up, unit] of [
      ['hero.fbx', 'binary', 'z', 25.4],
      ['text.fbx', 'ASCII', 'z', 25.4],
      ['upright.fbx', 'binary', 'y', 10],
    ] as const) {
      const mesh = await load(name);
      expect(mesh.source.format).toBe(`FBX 7.4, ${kind}`);
      expect(mesh.materials).toEqual(['skin', 'cloth']);
      expect([...mesh.faceMaterials].filter((at) => at === 1)).toHaveLength(2 * 40);
      expect(mesh.uvSets.map(({ name: set, has }) => [set, has.every((one) => one === 1)])).toEqual([
        ['map1', true],
        ['light', true],
      ]);
      expect([mesh.faces.length / 3, mesh.polygons.at(-1)! + 1]).toEqual([6 * 40, 6 * 20]);
      expect(mesh.objects.map((object) => [object.name, object.count])).toEqual([
        ['body', 200],
        ['cape', 40],
      ]);
      expect([mesh.space.up, mesh.space.millimetres]).toEqual([up, unit]);
      // The cape begins at its translation and is half as tall.
      const tallest = up === 'z' ? 2 : 1;
      const cape = mesh.faces.slice(200 * 3);
      const heights = [...cape].map((vertex) => mesh.positions[vertex * 3 + tallest]!);
      expect([Math.min(...heights), Math.max(...heights)]).toEqual([1, 2.5]);
      expect(charts(mesh, 'map1')).toEqual([
        [1001, 1002, 1011],
        ['1001', '1001 v', '1001', '1002 u', '1001', '1011'],
      ]);
      expect(charts(mesh, 'map1', 'cloth')).toEqual([
        [1001, 1011],
        ['1001', '1011'],
      ]);
      expect(charts(mesh, 'light')).toEqual([
        [1001, 1002],
        ['1001 u', '1001', '1001', '1001', '1001', '1002 v'],
      ]);
    }
  });
});

describe('what is baked', () => {
  const sketch = (set: (typeof SETS)[number], material: string, tile: number): MapSketch => {
    const [column, row] = [(tile - 1001) % 10, Math.floor((tile - 1001) / 10)];
    return {
      size: SIZE,
      // Another piece of the surface on each tile.
      field: (x, y) => surfaceAt('hills', SIZE, x + 31 * column, y + 57 * row),
      turned: (x, y) => turnedAt(set, material, column + (x + 0.5) / SIZE, row + 1 - (y + 0.5) / SIZE),
    };
  };
  /** Root mean squared errors by tile. */
  const bakeOf = async (
    set: (typeof SETS)[number],
    material: string,
    tiles: readonly number[],
    kind: 'exr' | 8 | 16,
    mesh: string,
  ) => {
    const name = `${set}-${material || 'all'}-${kind}`;
    for (const tile of tiles) {
      const map = join(folder, `${name}.${tile}`);
      if (kind === 'exr') await writeExrMap(`${map}.exr`, sketch(set, material, tile));
      else await writePngMap(`${map}.png`, sketch(set, material, tile), kind);
    }
    const done = await baked(folder, {
      mesh,
      normal: `${name}.<UDIM>.${kind === 'exr' ? 'exr' : 'png'}`,
      out: name,
      uvSet: set,
      material,
      ...(kind === 8 ? { range: 'byte' } : {}),
    });
    expect(done.frames).toEqual(tiles);
    return tiles.map((tile) => {
      const [heights, ids] = [heightsIn(folder, name, tile), idsIn(folder, name, tile)];
      expect(heights.some((height, i) => ids[i] === 0 && height !== 0)).toBe(false);
      return held(heights, ids, sketch(set, material, tile));
    });
  };

  it.each([
    ['map1', 'skin', [1001, 1002], 16, 'hero.fbx', [3, 1], 2e-4],
    ['map1', 'cloth', [1001, 1011], 16, 'hero.fbx', [1, 1], 2e-4],
    ['light', '', [1001, 1002], 16, 'text.fbx', [5, 1], 2e-4],
    ['light', 'cloth', [1001, 1002], 'exr', 'upright.fbx', [1, 1], 2e-4],
    ['map1', 'skin', [1001, 1002], 8, 'hero.fbx', [3, 1], 1e-3],
  ] as const)(
    'of UV set %s and material "%s" on %j, by %s, of %s',
    async (set, material, tiles, kind, mesh, islands, most) => {
      const found = await bakeOf(set, material, tiles, kind, mesh);
      expect(found.map((one) => one.islands)).toEqual(islands);
      for (const { rms } of found) expect(rms).toBeLessThan(most);
    },
  );
});
