// sluice mesh inspect as a person or a script uses it.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a file may be called like a placeholder
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { objOf, rectangle } from '../nodes/sheets.ts';
import { sluice, start, temporaryFolder } from './sluice.ts';

const cwd = temporaryFolder();
const write = (name: string, content: string): string => {
  writeFileSync(join(cwd, name), content);
  return name;
};

const SHEETS = [
  rectangle([0.1, 0.1, 0.4, 0.4], { material: 'red' }),
  rectangle([1.1, 0.1, 1.4, 0.4], { material: 'blue', mirrored: 'u' }),
];

describe('sluice mesh inspect', () => {
  test('prints materials, UV sets, tiles, islands and what is mirrored', async () => {
    const { code, stdout, stderr } = await sluice(['mesh', 'inspect', write('two ${x}.obj', objOf(SHEETS))], { cwd });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(`two \${x}.obj  OBJ, read by assimp
  space     OBJ says nothing of units or axes
  vertices  18
  faces     16 triangles of 8 polygons
  normals   none
  objects   2: sheet0, sheet1
  materials
    red   8 faces
    blue  8 faces
  UV set uv  16 faces, 2 islands
    tile 1001  1 island
    tile 1002  1 island
    mirrored   1 in u (2)
`);
  });

  test('--json writes it all to a file, or to stdout alone, and replaces nothing else', async () => {
    const mesh = write('two.obj', objOf(SHEETS));
    for (const turn of [1, 2]) {
      const { code, stdout } = await sluice(['mesh', 'inspect', mesh, '--json', 'two.json'], { cwd });
      expect([turn, code, stdout]).toEqual([turn, 0, expect.stringContaining('2 islands')]);
    }
    const found = JSON.parse(readFileSync(join(cwd, 'two.json'), 'utf8'));
    expect(found).toMatchObject({
      mesh: 'two.obj',
      loader: 'assimp',
      faces: 16,
      polygons: 8,
      materials: [
        { name: 'red', faces: 8 },
        { name: 'blue', faces: 8 },
      ],
      uv_sets: [
        { name: 'uv', tiles: [1001, 1002], overlaps: [], charts: [{ flip_u: false }, { id: 2, flip_u: true }] },
      ],
    });
    const piped = await sluice(['mesh', 'inspect', mesh, '--json', '-'], { cwd });
    expect(JSON.parse(piped.stdout)).toEqual(found);
    const refused = await sluice(['mesh', 'inspect', mesh, '--json', mesh], { cwd });
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toMatch(/file-exists.*was not written by/);
    expect(readFileSync(join(cwd, mesh), 'utf8')).toBe(objOf(SHEETS));
  });

  test('the file is whole though nobody reads the lines', async () => {
    const mesh = write('unread.obj', objOf(SHEETS));
    const { process, ended } = start(['mesh', 'inspect', mesh, '--json', 'unread.json'], { cwd });
    process.stdout!.destroy();
    expect(await ended).toMatchObject({ signal: null, stdout: '', stderr: '' });
    expect(JSON.parse(readFileSync(join(cwd, 'unread.json'), 'utf8'))).toMatchObject({ mesh: 'unread.obj' });
  });

  test('a mesh without UVs has none; odd islands are told', async () => {
    const bare = await sluice(['mesh', 'inspect', write('bare.obj', 'v 0 0 0\nv 1 0 0\nv 1 1 0\nf 1 2 3\n')], { cwd });
    expect([bare.code, bare.stdout]).toEqual([0, expect.stringContaining('UV sets  none')]);
    const stacked = write('stacked.obj', objOf([rectangle([0, 0, 1, 1]), rectangle([0, 0, 1, 1])]));
    expect((await sluice(['mesh', 'inspect', stacked], { cwd })).stdout).toContain(
      'lie on one another, 1 pair: 1 and 2',
    );
  });

  test('what is wrong ends with exit code 1, what was typed wrongly with 2', async () => {
    const ends = async (...args: string[]): Promise<[number | null, string]> => {
      const { code, stderr } = await sluice(['mesh', 'inspect', ...args], { cwd });
      return [code, stderr];
    };
    expect(await ends('nothing.fbx')).toEqual([1, expect.stringMatching(/^error file-not-found: .*nothing.fbx/)]);
    expect(await ends(write('cut.fbx', 'Kaydara FBX Binary  \0'))).toEqual([
      1,
      expect.stringMatching(/mesh-truncated/),
    ]);
    expect(await ends('two.obj', '--loader', 'maya')).toEqual([2, expect.stringMatching(/Allowed choices/)]);
    expect(await ends('two.obj', '--root', 'elsewhere')).toEqual([1, expect.stringMatching(/outside-roots/)]);
  });
});

test('a graph makes one tile a frame, the same bytes with any number of workers, and loses nothing', async () => {
  write('hero.obj', objOf([...SHEETS, rectangle([0.5, 0.5, 0.9, 0.9])]));
  const at = [0, 0];
  const nodes = {
    map: { type: 'generate.ramp', version: 1, params: { format: [96, 64], type: 'float' }, at },
    read: { type: 'mesh.read', version: 1, params: { path: 'hero.obj' }, at },
    charts: { type: 'mesh.charts', version: 1, at },
    tile: { type: 'mesh.rasterize', version: 1, animation: { tile: { expression: 'frame' } }, at },
    slopes: { type: 'normal.decode', version: 1, at },
    height: { type: 'integrate.poisson', version: 1, at },
    write: { type: 'io.write', version: 1, params: { path: '${out}/height.%04d.exr' }, at },
  };
  const links = [
    ['map.image', 'tile.image'],
    ['map.image', 'slopes.image'],
    ['read.mesh', 'charts.mesh'],
    ['charts.mesh', 'tile.mesh'],
    ['tile.image', 'slopes.charts'],
    ['tile.image', 'height.charts'],
    ['slopes.image', 'height.image'],
    ['height.image', 'write.image'],
  ].map(([from, to]) => ({ from, to }));
  const variables = { out: { type: 'string', default: 'out' } };
  const frames = { range: '1001-1002', mismatch: 'stop-at-shortest', align: 'number' };
  write('hero.sluice.json', JSON.stringify({ sluice: 1, name: 'hero', frames, variables, nodes, links }));
  for (const jobs of ['0', '1', '2']) {
    const args = ['run', 'hero.sluice.json', '--jobs', jobs, '--var', `out=out${jobs}`, '--fail-on-loss', '--quiet'];
    const { code, stderr } = await sluice(args, { cwd });
    expect([jobs, code, stderr]).toEqual([jobs, 0, '']);
  }
  let compared = 0;
  for (const frame of [1001, 1002]) {
    const bytes = ['0', '1', '2'].map((jobs) => readFileSync(join(cwd, `out${jobs}`, `height.${frame}.exr`)));
    for (const other of bytes.slice(1)) expect(Buffer.compare(other, bytes[0]!)).toBe(0);
    compared += bytes.length;
  }
  expect(compared).toBe(6);
  const { code, stderr } = await sluice(['validate', 'hero.sluice.json', '--set', 'read.path=gone.obj'], { cwd });
  expect([code, stderr]).toEqual([3, expect.stringMatching(/file-not-found/)]);
});

const CORPUS = fileURLToPath(new URL('../../../shared/corpus/mesh/', import.meta.url));

/** File → islands of each UV set, those mirrored among them, and pairs that overlap. */
const ISLANDS: Readonly<Record<string, readonly (readonly [string, number, number, number])[]>> = {
  'BoxTextured.glb': [['TEXCOORD_0', 5, 2, 0]],
  'box.fbx': [],
  'cubes_with_mirroring_and_pivot.fbx': [['map1', 5, 1, 10]],
  'phong_cube.fbx': [['map1', 1, 0, 0]],
  'spider.fbx': [['UVMap', 44, 27, 556]],
  'spider.obj': [['uv', 44, 27, 556]],
};

describe.skipIf(!existsSync(CORPUS) && process.env['CI'] !== 'true')('the meshes of the corpus', () => {
  test('are all inspected; one that is there in two formats has the same islands in both', async () => {
    const found: Record<string, unknown> = {};
    for (const name of Object.keys(ISLANDS)) {
      const { code, stdout } = await sluice(['mesh', 'inspect', join(CORPUS, name), '--json', '-'], { cwd });
      expect(code, name).toBe(0);
      const { uv_sets } = JSON.parse(stdout) as {
        uv_sets: { name: string; charts: { flip_u: boolean; flip_v: boolean }[]; overlaps: unknown[] }[];
      };
      found[name] = uv_sets.map(({ name: set, charts, overlaps }) => [
        set,
        charts.length,
        charts.filter(({ flip_u, flip_v }) => flip_u || flip_v).length,
        overlaps.length,
      ]);
    }
    expect(found).toEqual(ISLANDS);
    expect(Object.keys(found).length).toBe(6);
  });
});
