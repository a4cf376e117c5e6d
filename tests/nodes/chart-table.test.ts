// Write chart table: text by hand, counts against every pixel, runs that are resumed and refused, and sidecars in other programs' eyes.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { box, createPlane } from '../../engine/authoring.ts';
import type { Json } from '../../engine/base/canonical.ts';
import { extentsOf } from '../../nodes/mesh/table/extent.ts';
import { tableText } from '../../nodes/mesh/table/text.ts';
import { random } from '../base/random.ts';
import { filesBelow, run, temporary, text, writeExr } from '../run/files.ts';
import { graph, type NodeSketch } from '../run/graph.ts';
import { objOf, rectangle } from './sheets.ts';

const WORKER = new URL('../../engine/bin/worker.ts', import.meta.url);
const folder = temporary();
const TILES = [1001, 1002, 1011];

beforeAll(async () => {
  const sheets = [
    rectangle([0.125, 0.25, 0.5, 0.75]),
    rectangle([0.625, 0.125, 1.25, 0.875], { mirrored: 'u' }),
    rectangle([0.25, 1.5, 0.75, 1.75]),
  ];
  writeFileSync(join(folder, 'sheets.obj'), objOf(sheets));
  writeFileSync(join(folder, 'one.obj'), objOf(sheets.slice(0, 1)));
  for (const tile of TILES) {
    const attributes = [text('artist', 'somebody')];
    await writeExr(join(folder, `map.${tile}.exr`), [
      { channels: ['B', 'G', 'R'], window: box(0, 0, 31, 15), seed: tile, attributes },
    ]);
  }
});

type Params = Readonly<Record<string, Json>>;

interface Sketch {
  readonly table?: Params;
  readonly tile?: NodeSketch;
  /** Where the table's mesh comes from. */
  readonly mesh?: string;
  readonly image?: string;
}

const document = (out: string, { table = {}, tile, mesh = 'charts.mesh', image = 'tile.image' }: Sketch = {}) =>
  graph(
    {
      mesh: { type: 'mesh.read', params: { path: 'sheets.obj' } },
      charts: { type: 'mesh.charts' },
      other: { type: 'mesh.read', params: { path: 'one.obj' } },
      others: { type: 'mesh.charts' },
      maps: { type: 'udim.read', params: { path: 'map.<UDIM>.exr' } },
      tile: tile ?? { type: 'mesh.rasterize', animation: { tile: { expression: 'frame' } } },
      table: { type: 'mesh.table', params: { path: join(out, 'islands.<UDIM>.json'), ...table } },
    },
    [
      'mesh.mesh > charts.mesh',
      'other.mesh > others.mesh',
      'charts.mesh > maps.mesh',
      'charts.mesh > tile.mesh',
      'maps.image > tile.image',
      `${mesh} > table.mesh`,
      `${image} > table.image`,
    ],
    { frames: { align: 'number', mismatch: 'stop-at-shortest' } },
  );

const errorsOf = ({ problems }: Awaited<ReturnType<typeof run>>): string[] => [
  ...new Set(problems.filter(({ severity }) => severity === 'error').map(({ code }) => code)),
];

const FIRST = `{
  "tile": 1001,
  "uv_set": "uv",
  "charts": [
    { "id": 1, "flip_u": false, "flip_v": false, "pixel_count": 96, "bbox_uv": [0.125, 0.25, 0.5, 0.75], "bbox_px": [4, 4, 15, 11] },
    { "id": 2, "flip_u": true, "flip_v": false, "pixel_count": 144, "bbox_uv": [0.625, 0.125, 1.25, 0.875], "bbox_px": [20, 2, 31, 13] }
  ],
  "y_channel": "+Y"
}
`;

describe('the table of a tile', () => {
  it('is this text', async () => {
    const out = temporary();
    const done = await run(document(out), folder);
    expect([done.exitCode, done.frames, done.problems.filter(({ severity }) => severity === 'error')]).toEqual([
      0,
      TILES,
      [],
    ]);
    const [first, second, third] = TILES.map((tile) => readFileSync(join(out, `islands.${tile}.json`), 'utf8'));
    expect(first).toBe(FIRST);
    expect(JSON.parse(second!)).toEqual({
      tile: 1002,
      uv_set: 'uv',
      charts: [
        {
          id: 2,
          flip_u: true,
          flip_v: false,
          pixel_count: 96,
          bbox_uv: [0.625, 0.125, 1.25, 0.875],
          bbox_px: [0, 2, 7, 13],
        },
      ],
      y_channel: '+Y',
    });
    expect(JSON.parse(third!).charts.map(({ id }: { id: number }) => id)).toEqual([3]);
  });

  it('loses nothing, but for what the map is no longer', async () => {
    const { result } = await run(document(temporary()), folder, { failOnLoss: true });
    expect([...new Set(result!.ledger.map(({ kind, item, name }) => `${kind} ${item} ${name}`))].sort()).toEqual([
      'added channel id',
      'changed channel B',
      'changed channel G',
      'changed channel R',
      'changed storage file',
      'cleared attribute artist',
      'cleared attribute pixelAspectRatio',
      'cleared attribute screenWindowCenter',
      'cleared attribute screenWindowWidth',
    ]);
  });

  it('names the other green, and takes other tokens', async () => {
    const out = temporary();
    const table = { y: 'down', path: join(out, 'islands.u<u>_v<v>.json') };
    expect((await run(document(out, { table }), folder, { range: '1011' })).exitCode).toBe(0);
    expect(JSON.parse(readFileSync(join(out, 'islands.u0_v1.json'), 'utf8')).y_channel).toBe('-Y');
  });

  it('is empty where nothing lies, and has islands that got no pixel', () => {
    const nothing = { tile: 1005, uvSet: 'a "b"', charts: [], extents: new Map(), y: 'up' } as const;
    expect(tableText(nothing)).toBe(
      '{\n  "tile": 1005,\n  "uv_set": "a \\"b\\"",\n  "charts": [],\n  "y_channel": "+Y"\n}\n',
    );
    const speck = { id: 7, faces: 1, tiles: [1005], flipU: false, flipV: true, folded: 0, area: 0 };
    const bounds = [0.1, 1 / 3, 0.1 + 1e-9, 0.7] as const;
    const told = JSON.parse(tableText({ ...nothing, charts: [{ ...speck, bounds }] })) as { charts: unknown[] };
    expect(told.charts).toEqual([
      { id: 7, flip_u: false, flip_v: true, pixel_count: 0, bbox_uv: [0.1, 0.333333, 0.1, 0.7], bbox_px: null },
    ]);
  });
});

it('counts are those of looking at every pixel', () => {
  const { int, chance } = random(11);
  let compared = 0;
  for (let round = 0; round < 200; round++) {
    const [x, y, width, height] = [int(-9, 9), int(-9, 9), int(1, 20), int(1, 20)];
    const plane = createPlane('uint', box(x, y, x + width - 1, y + height - 1));
    for (let i = 0; i < plane.samples.length; i++) plane.samples[i] = chance(0.3) ? 0 : int(1, round % 2 ? 3 : 40);
    const found = extentsOf(plane);
    const ids = [...new Set(plane.samples)].filter((id) => id > 0).sort((a, b) => a - b);
    expect([...found.keys()]).toEqual(ids);
    for (const id of ids) {
      const at = [...plane.samples.keys()].filter((i) => plane.samples[i] === id);
      const [columns, rows] = [at.map((i) => x + (i % width)), at.map((i) => y + Math.floor(i / width))];
      expect(found.get(id)).toEqual({
        pixels: at.length,
        box: box(Math.min(...columns), Math.min(...rows), Math.max(...columns), Math.max(...rows)),
      });
      compared += 1;
    }
  }
  expect(compared).toBeGreaterThan(2000);
});

describe('a run', () => {
  it('makes the same bytes with workers, is resumed, and replaces only where it may', async () => {
    const out = temporary();
    const texts = () => TILES.map((tile) => readFileSync(join(out, `islands.${tile}.json`), 'utf8')).join();
    const table = { overwrite: 'replace' };
    const found = new Set<string>();
    for (const way of [{ jobs: 0 }, { jobs: 2, memory: 0 }]) {
      const done = await run(document(out, { table }), folder, { ...way, worker: WORKER });
      expect(done.exitCode, JSON.stringify(done.problems)).toBe(0);
      found.add(texts());
    }
    expect(found.size).toBe(1);
    const again = await run(document(out, { table }), folder, { resume: true });
    expect(again.result!.outcomes.map((o) => [o.frame, o.state])).toEqual(TILES.map((tile) => [tile, 'kept']));
    const refused = await run(document(out), folder);
    expect([refused.exitCode, errorsOf(refused)]).toEqual([3, ['file-exists']]);
    expect(texts()).toBe([...found][0]);
  });

  it('makes folders, unless it is told not to', async () => {
    const out = temporary();
    const at = (name: string, more: Params = {}) => ({ table: { path: join(out, name, 'i.<UDIM>.json'), ...more } });
    const refused = await run(document(out, at('a', { createFolders: false })), folder);
    expect([refused.exitCode, errorsOf(refused)]).toEqual([3, ['file-not-found']]);
    expect((await run(document(out, at('b c/ü')), folder)).exitCode).toBe(0);
    expect(filesBelow(join(out, 'b c/ü')).filter((name) => name.endsWith('.json'))).toHaveLength(3);
  });

  it('leaves nothing of a file that fails', async () => {
    const out = temporary();
    const done = await run(document(out, { mesh: 'others.mesh' }), folder);
    expect([done.exitCode, filesBelow(out).filter((name) => name.includes('islands'))]).toEqual([1, []]);
  });
});

describe('what is wrong', () => {
  const told = async (sketch: Sketch, range?: string) => {
    const done = await run(document(temporary(), sketch), folder, range === undefined ? {} : { range });
    const outcomes = done.result?.outcomes.flatMap((o) => ('error' in o && o.error ? [o.error] : [])) ?? [];
    return { ...done, errors: [...done.problems.filter(({ severity }) => severity === 'error'), ...outcomes] };
  };

  it.each<[string, Sketch, string, string]>([
    [
      'no token',
      { table: { path: 'out/islands.json' } },
      'pattern-no-frame',
      'Several tiles would all be written to out/islands.json. Put <UDIM>, %04d or <u>_<v> into the path.',
    ],
    [
      'a mesh without charts',
      { mesh: 'mesh.mesh' },
      'mesh-no-charts',
      'sheets.obj comes without charts. Put Find charts between it and this node.',
    ],
    [
      'an image without islands',
      { image: 'maps.image' },
      'channel-unknown',
      'Expected the numbers of islands in the channel id, found B, G, R. Connect Rasterize charts.',
    ],
    [
      'islands that are halves',
      { table: { idChannel: 'boundary' } },
      'channel-type',
      '#0: Write chart table works on uint channels, found boundary (half). Choose other channels.',
    ],
    [
      'another mesh',
      { mesh: 'others.mesh' },
      'mesh-charts-mismatch',
      'The image shows island 2, and one.obj has 1. Draw it with Rasterize charts of the same mesh.',
    ],
    [
      'a tile that stays where it is',
      { tile: { type: 'mesh.rasterize', params: { tile: 1001 } } },
      'mesh-charts-mismatch',
      'The image shows islands of another tile than 1011: 1, 2. Let the expression frame drive the tile of Rasterize charts.',
    ],
  ])('%s', async (_, sketch, code, message) => {
    const { exitCode, errors } = await told(sketch);
    expect(exitCode).not.toBe(0);
    expect(errors.map((error) => [error.code, error.message])).toContainEqual([code, message]);
  });

  it('a frame that is no tile, where nothing reads tiles', async () => {
    const { links, ...others } = document(temporary(), { tile: { type: 'mesh.rasterize' } });
    const alone = { ...others, links: links.filter(({ from }) => from !== 'maps.image') };
    const { exitCode, problems } = await run(alone, folder, { range: '7' });
    expect([exitCode, problems.filter(({ severity }) => severity === 'error').map(({ message }) => message)]).toEqual([
      3,
      [
        'Expected a tile from 1001 to 9999, found frame 7. Read the tiles with Read tiles, or render the frame of one, such as 1001.',
      ],
    ]);
  });

  it('frames that are no tiles', async () => {
    const { exitCode, errors } = await told({ table: { path: 'out/islands.%04d.json' } }, '1-2');
    expect(exitCode).not.toBe(0);
    expect(errors.map(({ code }) => code)).toContain('tile-missing');
  });
});

const hasTools = ['oiiotool', 'exrheader'].every((name) => existsSync(`/usr/bin/${name}`));
describe.skipIf(!hasTools && process.env['CI'] !== 'true')('sidecars (skipped without oiiotool)', () => {
  it('are what other programs read: numbers of islands as uint, borders as half', async () => {
    const out = temporary();
    const alone = (name: string) => ({
      type: 'channel.shuffle',
      params: { rows: [{ to: name, from: name }], others: 'drop' },
    });
    const { nodes, links, ...others } = document(out);
    const more = graph(
      {
        ids: alone('id'),
        borders: alone('boundary'),
        writeIds: { type: 'udim.write', params: { path: join(out, 'id.<UDIM>.exr') } },
        writeBorders: { type: 'udim.write', params: { path: join(out, 'boundary.<UDIM>.exr') } },
      },
      [
        'tile.image > ids.sources.tile',
        'tile.image > borders.sources.tile',
        'ids.image > writeIds.image',
        'borders.image > writeBorders.image',
      ],
    );
    const whole = { ...others, nodes: { ...nodes, ...more.nodes }, links: [...links, ...more.links] };
    expect((await run(whole, folder)).exitCode).toBe(0);
    const header = (file: string): string => execFileSync('exrheader', [join(out, file)], { encoding: 'utf8' });
    expect(header('id.1001.exr')).toContain('id, 32-bit unsigned integer, sampling 1 1');
    expect(header('id.1001.exr')).toContain('SourceMesh (type string): "sheets.obj"');
    expect(header('boundary.1001.exr')).toContain('boundary, 16-bit floating-point, sampling 1 1');
    const dump = (file: string): number[] =>
      [...execFileSync('oiiotool', ['--dumpdata', join(out, file)], { encoding: 'utf8' }).matchAll(/\): (\S+)/g)].map(
        ([, value]) => Number(value),
      );
    let looked = 0;
    for (const tile of TILES) {
      const { charts } = JSON.parse(readFileSync(join(out, `islands.${tile}.json`), 'utf8')) as {
        charts: { id: number; pixel_count: number; bbox_px: number[] }[];
      };
      const [ids, borders] = [dump(`id.${tile}.exr`), dump(`boundary.${tile}.exr`)];
      expect([ids.length, borders.length]).toEqual([32 * 16, 32 * 16]);
      for (const { id, pixel_count, bbox_px } of charts) {
        const at = ids.flatMap((one, i) => (one === id ? [i] : []));
        expect(at.length).toBe(pixel_count);
        const [x0, y0, x1, y1] = bbox_px as [number, number, number, number];
        const inner = at.filter((i) => i % 32 > x0 && i % 32 < x1 && i >> 5 > y0 && i >> 5 < y1);
        expect(at.filter((i) => borders[i] === 0)).toEqual(inner);
        looked += 1;
      }
    }
    expect(looked).toBe(4);
  });
});
