// The meshes of others: each is baked with normal maps made for it, and gives back the surface that the maps are of.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { surfaceAt } from '../nodes/relief.ts';
import { run, temporary } from '../run/files.ts';
import { graph } from '../run/graph.ts';
import { attempt, baked, channelOf, heightsIn, idsIn } from './bake.ts';
import { type Field, held, writeExrMap } from './map.ts';

const SIZE = 192;
const folder = temporary();
const CORPUS = fileURLToPath(new URL('../../../shared/corpus/mesh/', import.meta.url));
const meshes = (() => {
  try {
    return readdirSync(CORPUS).filter((name) => /\.(fbx|obj|glb)$/.test(name));
  } catch {
    return undefined;
  }
})();

/** File → its tiles, and how many pieces the pixels of islands form there. Those of cubes and spiders lie on one another. */
const EXPECTED: Readonly<Record<string, Readonly<Record<number, number>>>> = {
  'BoxTextured.glb': { 1001: 1, 1002: 1, 1003: 1, 1004: 1, 1005: 1, 1006: 1 },
  'cubes_with_mirroring_and_pivot.fbx': { 1001: 1 },
  'phong_cube.fbx': { 1001: 1 },
  'spider.fbx': { 1001: 3, 1002: 1, 1011: 1, 1012: 1 },
  'spider.obj': { 1001: 4, 1002: 2, 1011: 2, 1012: 1 },
};

const field: Field = (x, y) => surfaceAt('hills', SIZE, x, y);

/** Pixels of the same number that touch at a side have a number of their own. */
function piecesOf(ids: ArrayLike<number>): Uint32Array {
  const pieces = new Uint32Array(ids.length);
  let count = 0;
  for (let start = 0; start < ids.length; start++) {
    if (ids[start] === 0 || pieces[start] !== 0) continue;
    pieces[start] = ++count;
    const open = [start];
    for (let i = open.pop(); i !== undefined; i = open.pop()) {
      const x = i % SIZE;
      for (const next of [x > 0 ? i - 1 : -1, x < SIZE - 1 ? i + 1 : -1, i - SIZE, i + SIZE]) {
        if (ids[next] !== ids[i] || pieces[next] !== 0) continue;
        pieces[next] = count;
        open.push(next);
      }
    }
  }
  return pieces;
}

/** Draws the islands of a tile before there are maps: which of them are mirrored. */
async function drawn(mesh: string, range: string, out: string): Promise<void> {
  const document = graph(
    {
      mesh: { type: 'mesh.read', params: { path: join(CORPUS, mesh) } },
      charts: { type: 'mesh.charts' },
      tile: {
        type: 'mesh.rasterize',
        params: { size: [SIZE, SIZE] },
        animation: { tile: { expression: 'frame' } },
      },
      write: { type: 'udim.write', params: { path: `${out}.<UDIM>.exr` } },
    },
    ['mesh.mesh > charts.mesh', 'charts.mesh > tile.mesh', 'tile.image > write.image'],
  );
  expect((await run(document, folder, { range })).exitCode).toBe(0);
}

describe.skipIf(meshes === undefined && process.env['CI'] !== 'true')('the meshes of the corpus', () => {
  const found: Record<string, Record<number, number>> = {};

  it.each(Object.entries(EXPECTED))('%s gives back the surface of its maps', async (name, tiles) => {
    const range = Object.keys(tiles).join(', ');
    await drawn(name, range, `${name}-before`);
    found[name] = {};
    for (const tile of Object.keys(tiles).map(Number)) {
      const mirror = channelOf(join(folder, `${name}-before.${tile}.exr`), 'mirror');
      const turned = (x: number, y: number) => {
        const bits = mirror[y * SIZE + x]!;
        return [bits & 1 ? -1 : 1, bits & 2 ? -1 : 1] as const;
      };
      await writeExrMap(join(folder, `${name}.${tile}.exr`), { size: SIZE, field, turned });
    }
    const done = await baked(folder, { mesh: join(CORPUS, name), normal: `${name}.<UDIM>.exr`, out: name });
    expect(done.frames).toEqual(Object.keys(tiles).map(Number));
    for (const tile of Object.keys(tiles).map(Number)) {
      const pieces = piecesOf(idsIn(folder, name, tile));
      const { rms, islands } = held(heightsIn(folder, name, tile), pieces, { size: SIZE, field });
      expect(rms, `${name} ${tile}`).toBeLessThan(1e-3);
      found[name][tile] = islands;
    }
    expect(found[name]).toEqual(tiles);
  });

  it('without UVs is refused in words', async () => {
    await writeExrMap(join(folder, 'any.1001.exr'), { size: 8, field });
    const done = await attempt(folder, { mesh: join(CORPUS, 'box.fbx'), normal: 'any.<UDIM>.exr', out: 'box' });
    expect([done.exitCode, done.problems.map(({ code }) => code)]).toEqual([3, ['mesh-no-uvs']]);
  });

  it('are all there', () => {
    expect([...Object.keys(found), 'box.fbx'].sort()).toEqual(meshes?.sort());
  });
});
