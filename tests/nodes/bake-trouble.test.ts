// What can be wrong with a mesh and its maps, from the mesh to the heights: the words of each error, and stated results where there is none.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { box } from '../../engine/base/box.ts';
import type { Json } from '../../engine/base/canonical.ts';
import { packChunk } from '../../engine/exr/chunk.ts';
import { ExrFile } from '../../engine/exr/file.ts';
import { layoutOf } from '../../engine/exr/layout.ts';
import { ExrWriter } from '../../engine/exr/writer.ts';
import { createPlane } from '../../engine/pixels/plane.ts';
import { run, temporary } from '../run/files.ts';
import { graph } from '../run/graph.ts';
import { fbxBinary, fbxTree, objOf, rectangle } from './sheets.ts';

const folder = temporary();
type Params = Readonly<Record<string, Json>>;
type Colour = (x: number, y: number) => readonly [red: number, green: number, blue: number];

const FLAT: Colour = () => [0.5, 0.5, 1];

/** A normal map of floats. */
async function writeMap(name: string, colour: Colour, [width, height] = [32, 32] as const): Promise<void> {
  const window = box(0, 0, width - 1, height - 1);
  const part = {
    type: 'scanlineimage' as const,
    channels: ['B', 'G', 'R'].map((channel) => ({
      name: channel,
      type: 'float' as const,
      sampling: { x: 1, y: 1 },
      pLinear: 0,
    })),
    dataWindow: window,
    displayWindow: window,
    compression: 'zip' as const,
    lineOrder: 'increasing' as const,
    attributes: [],
  };
  const planes = new Map(part.channels.map((channel) => [channel.name, createPlane('float', window)]));
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      for (const [at, value] of colour(x, y).entries()) planes.get('RGB'[at]!)!.samples[i] = value;
    }
  }
  const writer = await ExrWriter.create(join(folder, name), [part]);
  for (let i = 0; i < layoutOf(part).chunkCount; i++) await writer.put(0, i, packChunk(part, i, planes));
  await writer.finish();
}

interface Sketch {
  /** The file of the mesh: its text, and how it ends. */
  readonly mesh?: readonly [content: string | Uint8Array, ending: string];
  readonly map?: Colour;
  readonly charts?: Params;
  readonly tile?: Params;
  /** Charts do not follow the size of the map. */
  readonly apart?: boolean;
}

const SQUARE = objOf([rectangle([0.1, 0.1, 0.9, 0.9])]);
let made = 0;

async function bake({ mesh = [SQUARE, 'obj'], map = FLAT, charts = {}, tile = {}, apart = false }: Sketch) {
  const name = `m${made++}`;
  const [content, ending] = mesh;
  writeFileSync(join(folder, `${name}.${ending}`), content);
  await writeMap(`${name}.exr`, map);
  const document = graph(
    {
      mesh: { type: 'mesh.read', params: { path: `${name}.${ending}`, loader: 'assimp' } },
      charts: { type: 'mesh.charts', params: charts },
      map: { type: 'io.read', params: { path: `${name}.exr` } },
      tile: { type: 'mesh.rasterize', params: tile },
      slopes: { type: 'normal.decode' },
      height: { type: 'integrate.poisson', params: { checks: false } },
      write: { type: 'io.write', params: { path: `${name}-height.exr` } },
    },
    [
      'mesh.mesh > charts.mesh',
      'charts.mesh > tile.mesh',
      ...(apart ? [] : ['map.image > tile.image']),
      'map.image > slopes.image',
      'tile.image > slopes.charts',
      'slopes.image > height.image',
      'tile.image > height.charts',
      'height.image > write.image',
    ],
  );
  const done = await run(document, folder);
  const told = done.problems.map(({ severity, code, message }) => `${severity} ${code}: ${message}`);
  return { ...done, told: told.map((text) => text.replaceAll(name, 'hero')), name };
}

/** The heights and the numbers of islands that a bake wrote. */
async function heightsOf(sketch: Sketch) {
  const done = await bake(sketch);
  expect(done.exitCode, JSON.stringify([done.problems, done.result?.outcomes])).toBe(0);
  const file = ExrFile.open(join(folder, `${done.name}-height.exr`));
  try {
    const samples = [...(file.readPart(0).get('height')!.samples as Float32Array)];
    const counted = done.result!.ledger.filter(({ reason }) => reason.includes('flat') || reason.includes('no number'));
    return { heights: samples, told: done.told, counted: counted.map(({ reason }) => reason), ledger: counted };
  } finally {
    file.close();
  }
}

const FBX = (sets: readonly string[]): readonly [Uint8Array, string] => [
  fbxBinary(fbxTree([rectangle([0.1, 0.1, 0.9, 0.9], { material: 'skin' })], { sets })),
  'fbx',
];

describe('an error in one sentence and what to do', () => {
  it.each<[string, Sketch, string]>([
    [
      'a mesh without UVs',
      { mesh: ['v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n', 'obj'] },
      'error mesh-no-uvs: hero.obj has no UV set, and charts need one. Unfold the mesh and export it with its UVs.',
    ],
    [
      'a UV that is no number',
      { mesh: [SQUARE.replace(/vt \S+/, 'vt nan'), 'obj'] },
      'error mesh-uvs: hero.obj, line 11: expected numbers of a texture coordinate, found "nan". Export',
    ],
    [
      'an unknown UV set',
      { mesh: FBX(['map1', 'lightmap']), charts: { uvSet: 'Map1' } },
      'error mesh-uv-set-unknown: hero.fbx has no UV set Map1; it has map1, lightmap. Did you mean map1?',
    ],
    [
      'an unknown material',
      { mesh: FBX(['map1']), charts: { material: 'skim' } },
      'error mesh-material-unknown: hero.fbx has no material skim; it has skin. Did you mean skin?',
    ],
    [
      'a mesh that ends too early',
      { mesh: [FBX(['map1'])[0].subarray(0, 900), 'fbx'] },
      'error mesh-truncated: hero.fbx: expected',
    ],
  ])('%s', async (_, sketch, message) => {
    const { exitCode, told } = await bake(sketch);
    expect(exitCode).toBe(3);
    expect(told).toHaveLength(1);
    expect(told[0]!.slice(0, message.length)).toBe(message);
  });

  it('a map of another size than the charts', async () => {
    const { exitCode, told } = await bake({ apart: true, tile: { size: [64, 16] } });
    const message =
      'error window-mismatch: Expected charts of the size of the map, 32 × 32 at (0, 0), found 64 × 16 at (0, 0). Connect the map to Rasterize charts too, which then draws at its size; or use Reformat or Crop.';
    expect([exitCode, told]).toEqual([3, [message, message]]);
  });
});

describe('a stated result', () => {
  it('an empty tile is 0 everywhere, and a warning', async () => {
    const { heights, told } = await heightsOf({ tile: { tile: 1012 }, map: (x) => [0.3 + x / 100, 0.4, 0.8] });
    expect([...new Set(heights)]).toEqual([0]);
    expect(told).toEqual([
      'warning mesh-tile-empty: No island of hero.obj lies on the tile 1012, which stays empty; they lie on 1001.',
    ]);
  });

  it('an all-black map is flat, and each pixel is counted', async () => {
    const { heights, told, ledger } = await heightsOf({ map: () => [0, 0, 0] });
    expect([...new Set(heights)]).toEqual([0]);
    expect(told).toEqual([]);
    expect(ledger.map(({ kind, name, reason }) => [kind, name, reason])).toEqual([
      ['changed', 'R, G, B', expect.stringContaining('black or no number, taken as flat')],
    ]);
    expect(JSON.stringify(ledger)).toContain('1024');
  });

  it('a flat map is exactly 0', async () => {
    const { heights, counted } = await heightsOf({});
    expect([[...new Set(heights)], counted]).toEqual([[0], []]);
  });

  it('islands of a pixel have the height 0 beside others that rise', async () => {
    const specks = [3, 7, 11].map((x) => rectangle([(x + 0.3) / 32, 0.02, (x + 0.7) / 32, 0.03]));
    const sheets = [rectangle([0.1, 0.2, 0.9, 0.9]), ...specks];
    const { heights } = await heightsOf({ mesh: [objOf(sheets), 'obj'], map: () => [0.2, 0.4, 0.8] });
    for (const x of [3, 7, 11]) expect(heights[31 * 32 + x]).toBe(0);
    expect(Math.max(...heights.map(Math.abs))).toBeGreaterThan(3);
    expect(heights.every(Number.isFinite)).toBe(true);
  });

  it('a map with pixels that are no numbers is flat there, and counted', async () => {
    const map: Colour = (x, y) => (x === 9 && y === 9 ? [Number.NaN, Infinity, 0.5] : [0.4, 0.5, 0.9]);
    const { heights, counted } = await heightsOf({ map });
    expect(heights.every(Number.isFinite)).toBe(true);
    expect(counted).toHaveLength(1);
  });
});
