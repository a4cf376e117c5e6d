// Find charts and Rasterize charts: islands by formula, with every oddity, and pixels against counts done by hand.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Charts, Mesh, Plane } from '../../engine/authoring.ts';
import { box } from '../../engine/base/box.ts';
import type { Json } from '../../engine/base/canonical.ts';
import type { Described } from '../../engine/plan/describe.ts';
import { type Bench, bench, graph, never } from '../run/graph.ts';
import { fbxBinary, fbxTree, gltfOf, objOf, rectangle, type Sheet } from './sheets.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-charts-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function write(content: string | Uint8Array, ending = 'obj'): string {
  const name = `mesh${files++}.${ending}`;
  writeFileSync(join(folder, name), content);
  return name;
}

type Params = Readonly<Record<string, Json>>;

const open = (path: string, charts: Params = {}, rasterize: Params = {}): Bench =>
  bench(
    graph(
      {
        read: { type: 'mesh.read', params: { path } },
        charts: { type: 'mesh.charts', params: charts },
        tile: { type: 'mesh.rasterize', params: rasterize },
      },
      ['read.mesh > charts.mesh', 'charts.mesh > tile.mesh'],
    ),
    { folder },
  );

const describeCharts = (path: string, params: Params = {}): Promise<Described> =>
  open(path, params).descriptions.describe('charts', 1);

async function chartsOf(path: string, params: Params = {}): Promise<Charts> {
  const { value, problems } = await describeCharts(path, params);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return value!.charts!;
}

const chartsOfSheets = (sheets: readonly Sheet[], params: Params = {}): Promise<Charts> =>
  chartsOf(write(objOf(sheets)), params);

describe('islands', () => {
  test('are those of the sheets, numbered in their order, with areas and bounds', async () => {
    const found = await chartsOfSheets([
      rectangle([0.5, 0.5, 0.75, 1]),
      rectangle([0, 0, 0.25, 0.25], { columns: 5, rows: 3 }),
    ]);
    expect(found.charts.map(({ id, faces, tiles, area, bounds }) => ({ id, faces, tiles, area, bounds }))).toEqual([
      { id: 1, faces: 8, tiles: [1001], area: expect.closeTo(0.125, 9), bounds: [0.5, 0.5, 0.75, 1] },
      { id: 2, faces: 30, tiles: [1001], area: expect.closeTo(0.0625, 9), bounds: [0, 0, 0.25, 0.25] },
    ]);
    expect(found).toMatchObject({ uvSet: 'uv', tolerance: 1e-5, crossing: [], flat: [], overlaps: [], missing: 0 });
    expect([...found.faceCharts]).toEqual([...Array(8).fill(1), ...Array(30).fill(2)]);
  });

  test('a doughnut is one island; two halves with a cut between them are two', async () => {
    const hole = (column: number, row: number): boolean => column > 0 && column < 5 && row > 0 && row < 5;
    const doughnut = await chartsOfSheets([rectangle([0.1, 0.1, 0.9, 0.9], { columns: 6, rows: 6, hole })]);
    expect(doughnut.charts.map(({ faces }) => faces)).toEqual([40]);
    const cut = (column: number): boolean => column === 3;
    const halves = await chartsOfSheets([rectangle([0.1, 0.1, 0.9, 0.9], { columns: 7, rows: 2, hole: cut })]);
    expect(halves.charts.map(({ faces }) => faces)).toEqual([12, 12]);
  });

  test('that touch on the texture alone stay apart; those that share an edge are joined within the tolerance', async () => {
    const right = (gap: number): Sheet[] => [
      rectangle([0, 0, 0.5, 1], { at: (s, t) => [s, t, 0] }),
      rectangle([0.5 + gap, 0, 1, 1], { at: (s, t) => [1 + s, t, 0] }),
    ];
    const count = async (gap: number, joined: boolean, tolerance: number): Promise<number> =>
      (await chartsOf(write(objOf(right(gap), { joined })), { tolerance })).charts.length;
    expect(await count(0, false, 1e-5)).toBe(2);
    expect(await count(0, true, 1e-5)).toBe(1);
    expect(await count(8e-6, true, 1e-5)).toBe(1);
    expect(await count(3e-5, true, 1e-5)).toBe(2);
    expect(await count(3e-5, true, 1e-4)).toBe(1);
    expect((await chartsOfSheets(right(0))).overlaps).toEqual([]);
  });

  test('mirrored ones are told with their axis: u where v still runs up, v where it runs down', async () => {
    const found = await chartsOfSheets([
      rectangle([0, 0, 0.2, 0.2]),
      rectangle([0.3, 0, 0.5, 0.2], { mirrored: 'u' }),
      rectangle([0.6, 0, 0.8, 0.2], { mirrored: 'v' }),
      { ...rectangle([0, 0, 1, 1]), uv: (s, t) => [0.2 - 0.2 * s, 0.8 - 0.2 * t] },
    ]);
    expect(found.charts.map(({ flipU, flipV }) => [flipU, flipV])).toEqual([
      [false, false],
      [true, false],
      [false, true],
      [false, false],
    ]);
  });

  test('normals against the order of the corners turn the sign', async () => {
    const obj = objOf([rectangle([0, 0, 0.5, 0.5])]);
    const inwards = `vn 0 0 -1\n${obj.replace(/(\d+)\/(\d+)/g, '$1/$2/1')}`;
    expect((await chartsOf(write(obj))).charts[0]).toMatchObject({ flipU: false, flipV: false });
    expect((await chartsOf(write(inwards))).charts[0]).toMatchObject({ flipU: true, flipV: false });
  });

  test('halves that lie on one another are two islands, one of them mirrored; a small fold stays in its island', async () => {
    const folded: Sheet = { columns: 4, rows: 2, uv: (s, t) => [Math.abs(s - 0.5), t / 2] };
    const halves = await chartsOfSheets([folded]);
    expect(halves.charts.map(({ faces, flipU, folded: few }) => [faces, flipU, few])).toEqual([
      [8, true, 0],
      [8, false, 0],
    ]);
    expect(halves.overlaps).toEqual([[1, 2]]);
    const bent: Sheet = { columns: 20, rows: 2, uv: (s, t) => [s > 0.97 ? 1.9 - s : s, t / 2] };
    const small = await chartsOfSheets([{ ...bent, uv: (s, t) => [s > 0.97 ? 0.92 : s, t / 2] }]);
    expect(small.charts.map(({ faces, folded: few }) => [faces, few])).toEqual([[80, 4]]);
    expect(small.selfOverlaps.length).toBe(8);
  });
});

describe('tiles and oddities', () => {
  test('tiles are 1001 + floor(u) + 10 floor(v); what ends at a border does not lie beyond it', async () => {
    const found = await chartsOfSheets([
      rectangle([0, 0, 1, 1]),
      rectangle([1, 0, 2, 1]),
      rectangle([9.2, 0.2, 9.8, 0.8]),
      rectangle([0.2, 1.2, 0.8, 1.8]),
      rectangle([3, 12, 4, 13]),
    ]);
    expect(found.charts.map(({ tiles }) => tiles)).toEqual([[1001], [1002], [1010], [1011], [1124]]);
    expect(found.tiles).toEqual([1001, 1002, 1010, 1011, 1124]);
    expect(found).toMatchObject({ crossing: [], outside: 0 });
  });

  test('faces across a border, beside all tiles, without area, without coordinates, in several islands', async () => {
    const sheets = [
      rectangle([0.5, 0.5, 1.5, 0.75], { columns: 1, rows: 1 }),
      rectangle([-0.5, 0, 0.25, 0.25], { columns: 1, rows: 1 }),
      { ...rectangle([0, 0, 1, 1]), columns: 1, rows: 1, uv: () => [0.3, 0.3] as const },
      rectangle([0.6, 0.6, 0.7, 0.7], { columns: 1, rows: 1 }),
    ];
    const { value, problems } = await describeCharts(write(`${objOf(sheets)}usemtl bare\nf 1 2 3\n`));
    const { crossing, outside, flat, overlaps, missing, charts } = value!.charts!;
    expect({ crossing, outside, flat, overlaps, missing, count: charts.length }).toEqual({
      crossing: [0, 1],
      outside: 2,
      flat: [4, 5],
      overlaps: [[1, 3]],
      missing: 1,
      count: 3,
    });
    expect(problems.map(({ severity, code }) => [severity, code])).toEqual([
      ...Array.from({ length: 4 }, () => ['warning', 'mesh-charts-odd']),
      ['warning', 'mesh-uvs'],
    ]);
    expect(problems.map(({ message }) => message).join(' ')).toMatch(
      /1 pair: 1 and 3.*2 faces lie across.*2 faces without area.*2 faces lie outside.*1 face without coordinates/s,
    );
  });

  test('a chosen material and a chosen UV set count alone', async () => {
    const sheets = [
      rectangle([0, 0, 0.4, 0.4], { material: 'red' }),
      rectangle([0.5, 0, 0.9, 0.4], { material: 'blue' }),
    ];
    const path = write(fbxBinary(fbxTree(sheets, { sets: ['skin', 'light'] })), 'fbx');
    const found = await chartsOf(path, { material: 'blue', uvSet: 'light' });
    expect(found.charts.map(({ faces }) => faces)).toEqual([8]);
    expect(found).toMatchObject({ uvSet: 'light', material: 'blue' });
    for (const [i, value] of [0.1, 0.6, 0.5, 1].entries()) expect(found.charts[0]!.bounds[i]).toBeCloseTo(value, 6);
  });

  const errors: readonly (readonly [string, Params, string, RegExp])[] = [
    ['f 1 2 3\n', {}, 'mesh-no-uvs', /no UV set/],
    ['', { uvSet: 'skin' }, 'mesh-uv-set-unknown', /no UV set skin; it has uv/],
    ['', { material: 'gold' }, 'mesh-material-unknown', /no material gold; it has grey/],
  ];
  test.each(errors)('%j with %j is %s', async (faces, params, code, message) => {
    const bare = 'v 0 0 0\nv 1 0 0\nv 1 1 0\n';
    const path = write(faces === '' ? objOf([rectangle([0, 0, 1, 1])]) : bare + faces);
    const { value, problems } = await describeCharts(path, params);
    expect(value).toBeUndefined();
    expect(problems.map((p) => [p.severity, p.code, p.message])).toEqual([
      ['error', code, expect.stringMatching(message)],
    ]);
  });

  test('a hundred islands on one another, and a hundred thousand faces, are looked through', async () => {
    const stacked = await chartsOfSheets(Array.from({ length: 100 }, () => rectangle([0, 0, 1, 1])));
    expect(stacked.overlaps.length).toBe((100 * 99) / 2);
    const large = await chartsOfSheets([rectangle([0, 0, 1, 1], { columns: 250, rows: 200 })]);
    expect(large.charts.map(({ faces }) => faces)).toEqual([100_000]);
    expect(large.selfOverlaps).toEqual([]);
    expect(large.overlapsComplete).toBe(true);
  }, 30_000);
});

/** The planes of a tile as rows of numbers. */
async function draw(
  sheets: readonly Sheet[] | string,
  params: Params,
): Promise<Readonly<Record<'id' | 'boundary' | 'mirror', number[][]>>> {
  const path = typeof sheets === 'string' ? sheets : write(objOf(sheets));
  const { descriptions, evaluator } = open(path, {}, params);
  const spec = (await descriptions.describe('tile', 1)).spec!;
  const part = spec.parts[0]!;
  const channels = part.channels.map(({ name }) => name);
  const planes = await evaluator.planes('tile', 1, { part: 0, channels, box: part.dataWindow }, never);
  const rows = ({ samples, columns, rows: count, type }: Plane): number[][] =>
    Array.from({ length: count }, (_, y) =>
      Array.from(samples.subarray(y * columns, (y + 1) * columns), (v) =>
        type === 'half' ? (v === 0x3c00 ? 1 : v) : v,
      ),
    );
  return Object.fromEntries([...planes].map(([name, plane]) => [name, rows(plane)])) as never;
}

describe('pixels', () => {
  test('row 0 is the top of the tile; whole pixels are covered and no more; edges and sides by hand', async () => {
    const sheets = [rectangle([0, 0.5, 0.5, 1]), rectangle([0.75, 0, 1, 0.25], { mirrored: 'u' })];
    const { id, boundary, mirror } = await draw(sheets, { size: [8, 8] });
    const row = (text: string): number[] => [...text].map(Number);
    expect(id).toEqual([
      ...Array.from({ length: 4 }, () => row('11110000')),
      ...Array.from({ length: 2 }, () => row('00000000')),
      ...Array.from({ length: 2 }, () => row('00000022')),
    ]);
    expect(boundary).toEqual(
      ['11110000', '10010000', '10010000', '11110000', '00000000', '00000000', '00000011', '00000011'].map(row),
    );
    expect(mirror).toEqual(id.map((ids) => ids.map((one) => (one === 2 ? 1 : 0))));
  });

  test('an island that reaches into a pixel keeps it, unless another covers its centre', async () => {
    // To 3.3 pixels across: the centre of pixel 3 at 3.5 is free.
    const alone = await draw([rectangle([0, 0, 3.3 / 8, 1])], { size: [8, 1] });
    expect(alone.id).toEqual([[1, 1, 1, 1, 0, 0, 0, 0]]);
    const beside = await draw([rectangle([0, 0, 3.3 / 8, 1]), rectangle([3.3 / 8, 0, 1, 1])], { size: [8, 1] });
    expect(beside.id).toEqual([[1, 1, 1, 2, 2, 2, 2, 2]]);
    const both = await draw([rectangle([0, 0, 3.3 / 8, 1]), rectangle([3.7 / 8, 0, 1, 1])], { size: [8, 1] });
    // Neither covers the centre at 3.5: the lesser id takes it.
    expect(both.id).toEqual([[1, 1, 1, 1, 2, 2, 2, 2]]);
    const hardly = await draw([rectangle([0, 0, 3.001 / 8, 1])], { size: [8, 1] });
    expect(hardly.id).toEqual([[1, 1, 1, 0, 0, 0, 0, 0]]);
  });

  test('islands smaller than a pixel have one; of those on one another the least number wins', async () => {
    const small = await draw([rectangle([0.26, 0.26, 0.3, 0.3]), rectangle([0.8, 0.8, 0.85, 0.85])], { size: [4, 4] });
    expect(small.id).toEqual([
      [0, 0, 0, 2],
      [0, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 0, 0],
    ]);
    expect(small.boundary[2]![1]).toBe(1);
    const stacked = await draw([rectangle([0.5, 0, 1, 1]), rectangle([0, 0, 0.75, 1])], { size: [8, 1] });
    expect(stacked.id).toEqual([[2, 2, 2, 2, 1, 1, 1, 1]]);
  });

  test('each tile has its piece of an island across the border, under the same number', async () => {
    const sheets = [rectangle([0.1, 0.1, 0.2, 0.2]), rectangle([0.5, 0, 1.5, 1])];
    const left = await draw(sheets, { size: [4, 1], tile: 1001 });
    const right = await draw(sheets, { size: [4, 1], tile: 1002 });
    expect([left.id, right.id]).toEqual([[[1, 0, 2, 2]], [[2, 2, 0, 0]]]);
    const up = await draw([rectangle([0, 1, 1, 1.5])], { size: [1, 4], tile: 1011 });
    expect(up.id).toEqual([[0], [0], [1], [1]]);
  });

  test('a disc by formula: all centres inside, nothing further out than a pixel', async () => {
    const disc: Sheet = {
      columns: 64,
      rows: 8,
      uv: (s, t) => [0.5 + 0.4 * t * Math.cos(2 * Math.PI * s), 0.5 + 0.4 * t * Math.sin(2 * Math.PI * s)],
      at: (s, t) => [t * Math.cos(2 * Math.PI * s), t * Math.sin(2 * Math.PI * s), 0],
    };
    const size = 128;
    const { id } = await draw(write(objOf([disc])), { size: [size, size] });
    let looked = 0;
    for (const [y, row] of id.entries()) {
      for (const [x, at] of row.entries()) {
        const distance = Math.hypot((x + 0.5) / size - 0.5, (y + 0.5) / size - 0.5);
        // The rim is a polygon of 64 sides, a little inside of the circle.
        if (distance < 0.4 * Math.cos(Math.PI / 64) - 1e-6) expect(at, `${x}, ${y}`).toBe(1);
        if (distance > 0.4 + Math.SQRT1_2 / size) expect(at, `${x}, ${y}`).toBe(0);
        looked += 1;
      }
    }
    expect(looked).toBe(size * size);
  });

  test('with a reference image the tile fills its display window and the picture has its data window', async () => {
    const path = write(objOf([rectangle([0, 0.5, 0.5, 1])]));
    const { descriptions, evaluator } = bench(
      graph(
        {
          a: { type: 'test.pattern', params: { window: [-2, 4, 20, 17] } },
          read: { type: 'mesh.read', params: { path } },
          charts: { type: 'mesh.charts' },
          tile: { type: 'mesh.rasterize', params: { size: [5, 5] } },
        },
        ['read.mesh > charts.mesh', 'charts.mesh > tile.mesh', 'a.image > tile.image'],
      ),
      { folder },
    );
    const part = (await descriptions.describe('tile', 1)).spec!.parts[0]!;
    expect([part.dataWindow, part.displayWindow]).toEqual([box(-2, 4, 20, 17), box(0, 0, 31, 31)]);
    const want = { part: 0, channels: ['id'], box: part.dataWindow };
    const { samples, columns } = (await evaluator.planes('tile', 1, want, never)).get('id')!;
    for (const [i, id] of samples.entries()) {
      const [x, y] = [(i % columns) - 2, Math.floor(i / columns) + 4];
      expect(id).toBe(x >= 0 && x < 16 && y < 16 ? 1 : 0);
    }
  });

  test('an empty tile is a warning with ways out; a mesh without charts is an error', async () => {
    const path = write(objOf([rectangle([0, 0, 1, 1])]));
    const empty = await open(path, {}, { tile: 1005 }).descriptions.describe('tile', 1);
    expect(empty.problems.map(({ severity, code }) => [severity, code])).toEqual([['warning', 'mesh-tile-empty']]);
    expect(empty.problems[0]!.fixes?.map(({ title }) => title)).toEqual(['Take the tile 1001']);
    expect((await draw(path, { tile: 1005, size: [2, 2] })).id).toEqual([
      [0, 0],
      [0, 0],
    ]);
    const bare = bench(
      graph({ read: { type: 'mesh.read', params: { path } }, tile: { type: 'mesh.rasterize' } }, [
        'read.mesh > tile.mesh',
      ]),
      { folder },
    );
    const { problems } = await bare.descriptions.describe('tile', 1);
    expect(problems.map(({ severity, code }) => [severity, code])).toEqual([['error', 'mesh-no-charts']]);
  });

  test('glTF and OBJ of the same sheets have the same pixels', async () => {
    const sheets = [rectangle([0.1, 0.2, 0.43, 0.77], { columns: 3 }), rectangle([0.5, 0.5, 0.9, 0.9])];
    const [obj, gltf] = [write(objOf(sheets)), write(gltfOf(sheets).json, 'gltf')];
    const [a, b] = [await draw(obj, { size: [61, 47] }), await draw(gltf, { size: [61, 47] })];
    expect(a.id.flat().filter((id) => id > 0).length).toBeGreaterThan(500);
    expect(b.id).toEqual(a.id);
  });
});

test('heights of two islands come out of the charts of a mesh', async () => {
  const path = write(objOf([rectangle([0, 0, 0.5, 1]), rectangle([0.5, 0, 1, 1], { mirrored: 'u' })]));
  const { descriptions, evaluator } = bench(
    graph(
      {
        flat: { type: 'generate.constant', params: { format: [32, 16], type: 'float', color: [0.6, 0.5, 0.9, 1] } },
        read: { type: 'mesh.read', params: { path } },
        charts: { type: 'mesh.charts' },
        tile: { type: 'mesh.rasterize' },
        slopes: { type: 'normal.decode' },
        height: { type: 'integrate.poisson', params: { zero: 'mean', checks: false } },
      },
      [
        'read.mesh > charts.mesh',
        'charts.mesh > tile.mesh',
        'flat.image > tile.image',
        'flat.image > slopes.image',
        'tile.image > slopes.charts',
        'slopes.image > height.image',
        'tile.image > height.charts',
      ],
    ),
    { folder },
  );
  expect((await descriptions.problems('height', 1)).filter(({ severity }) => severity === 'error')).toEqual([]);
  const want = { part: 0, channels: ['height'], box: box(0, 0, 31, 15) };
  const { samples } = (await evaluator.planes('height', 1, want, never)).get('height')!;
  // x is 0.2 and z is 0.8: a quarter of a texel down for each to the right, and up on the mirrored island.
  let looked = 0;
  for (let y = 0; y < 16; y++) {
    for (let x = 0; x < 32; x++) {
      const expected = x < 16 ? -(x - 7.5) / 4 : (x - 16 - 7.5) / 4;
      expect(samples[y * 32 + x]).toBeCloseTo(expected, 3);
      looked += 1;
    }
  }
  expect(looked).toBe(512);
});

test('charts that are bypassed hand the mesh on', async () => {
  const path = write(objOf([rectangle([0, 0, 1, 1])]));
  const { descriptions } = bench(
    graph(
      {
        read: { type: 'mesh.read', params: { path } },
        off: { type: 'mesh.charts', params: { material: 'gold' }, disabled: true },
        charts: { type: 'mesh.charts' },
      },
      ['read.mesh > off.mesh', 'off.mesh > charts.mesh'],
    ),
    { folder },
  );
  expect(descriptions.plan.problems).toEqual([]);
  expect((await descriptions.describe('charts', 1)).value?.charts?.charts.length).toBe(1);
});

test('a mesh is made once for all that ask, and anew when its file changes', async () => {
  const path = write(objOf([rectangle([0, 0, 1, 1])]));
  const one = open(path);
  const made: (Mesh | undefined)[] = [];
  for (const frame of [1, 2, 3]) made.push((await one.descriptions.describe('charts', frame)).value);
  expect(new Set(made).size).toBe(1);
  const key = (await one.descriptions.describe('tile', 1)).key;
  writeFileSync(join(folder, path), objOf([rectangle([0, 0, 1, 0.5])]));
  const other = bench(one.descriptions.plan.given, { folder, services: one.services });
  expect((await other.descriptions.describe('charts', 1)).value).not.toBe(made[0]);
  expect((await other.descriptions.describe('tile', 1)).key).not.toBe(key);
});
