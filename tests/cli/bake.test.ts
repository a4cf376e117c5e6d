// sluice bake as an artist or a farm uses it: files, options, what is wrong, stopping and going on.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { ExrFile } from '../../engine/index.ts';
import { LAUNCHER } from '../launcher.ts';
import { objOf, rectangle } from '../nodes/sheets.ts';
import { TILES, waves, writeHero, writeNormals } from '../run/normals.ts';
import { visible } from './footage.ts';
import { type Ended, sluice, start, temporaryFolder } from './sluice.ts';

const cwd = temporaryFolder();
const SIZE = [64, 48] as const;

beforeAll(() => writeHero(cwd, { size: SIZE }));

const bake = (out: string, ...more: string[]): Promise<Ended> =>
  sluice(['bake', 'hero.obj', '--normal', 'in/hero.<UDIM>.exr', '--out', `${out}/d.<UDIM>.exr`, ...more], { cwd });

/** The samples of a channel of a file, as they lie there. */
function samplesOf(path: string, channel: string): ArrayLike<number> {
  const file = ExrFile.open(join(cwd, path));
  try {
    return file.readPart(0).get(channel)!.samples;
  } finally {
    file.close();
  }
}

const bytesOf = (folder: string): Record<string, string> =>
  Object.fromEntries(visible(join(cwd, folder)).map((name) => [name, readFileSync(join(cwd, folder, name), 'base64')]));

interface Table {
  readonly tile: number;
  readonly charts: readonly { id: number; flip_u: boolean; pixel_count: number; bbox_px: readonly number[] }[];
}

const tableOf = (path: string): Table => JSON.parse(readFileSync(join(cwd, path), 'utf8')) as Table;

/** The greatest error of heights on islands, each by its own mean, for every tile. */
function worst(folder: string, amplitude = 1): number {
  let most = 0;
  for (const tile of TILES) {
    const heights = samplesOf(`${folder}/d.${tile}.exr`, 'height');
    const ids = samplesOf(`${folder}/d_charts.${tile}.exr`, 'id');
    for (const { id, pixel_count } of tableOf(`${folder}/d_charts.${tile}.json`).charts) {
      const errors: number[] = [];
      for (let i = 0; i < ids.length; i++)
        if (ids[i] === id) errors.push(heights[i]! / amplitude - waves(i % SIZE[0], Math.floor(i / SIZE[0]), tile).h);
      expect(errors.length).toBe(pixel_count);
      const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
      most = Math.max(most, ...errors.map((error) => Math.abs(error - mean)));
    }
  }
  return most;
}

describe('sluice bake', () => {
  test('says which file each tile has, and what became of the maps', async () => {
    const { code, stdout, stderr } = await bake('plain');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^tile 1001 {2}plain\/d\.1001\.exr\ntile 1002 {2}.*\ntile 1011 {2}.*\nLedger\n/);
    expect(stdout).toContain('slopes: made into slopes');
    expect(stdout).toMatch(/\n3 tiles: 3 written\. Ledger: [^\n]*\n$/);
    expect(stdout).not.toContain('lost');
  });

  test('finds the surface that the maps are of, whatever is said of mirroring, green and amplitude', async () => {
    const range = 10;
    await bake('mikk', '--export-sidecars', '--mikktspace', '--amplitude', '2.5', '--quiet');
    expect(worst('mikk', 2.5)).toBeLessThan(1e-2 * range);
    // These maps follow the texture, so that turning the mirrored island is wrong, and that is what the option is for.
    await bake('turned', '--export-sidecars', '--quiet');
    expect(worst('turned')).toBeGreaterThan(0.1 * range);
    for (const tile of TILES)
      await writeNormals(join(cwd, `down/n.${tile}.exr`), { size: SIZE, tile, green: -1, channels: ['X', 'Y'] });
    const down = ['--normal', 'down/n.<UDIM>.exr', '--out', 'down/d.<UDIM>.exr', '--y-is-down', '--channels', 'X,Y'];
    await sluice(['bake', 'hero.obj', ...down, '--export-sidecars', '--mikktspace', '--quiet'], { cwd });
    expect(worst('down')).toBeLessThan(1e-2 * range);
    expect(readFileSync(join(cwd, 'down/d_charts.1001.json'), 'utf8')).toContain('"y_channel": "-Y"');
  });

  test('the sidecars say the same of the islands', async () => {
    let islands = 0;
    for (const tile of TILES) {
      const ids = samplesOf(`mikk/d_charts.${tile}.exr`, 'id');
      const boundary = samplesOf(`mikk/d_boundary.${tile}.exr`, 'boundary');
      const table = tableOf(`mikk/d_charts.${tile}.json`);
      expect(table.tile).toBe(tile);
      expect([...new Set(Array.from(ids))].filter((id) => id > 0).sort()).toEqual(table.charts.map(({ id }) => id));
      for (let i = 0; i < ids.length; i++) if (ids[i] === 0) expect(boundary[i]).toBe(0);
      for (const { id, flip_u, pixel_count, bbox_px } of table.charts) {
        islands += 1;
        expect(flip_u).toBe(id === 2);
        expect(pixel_count).toBeGreaterThan(100);
        const [left, top, right, bottom] = bbox_px as [number, number, number, number];
        expect((right - left + 1) * (bottom - top + 1)).toBe(pixel_count);
      }
    }
    expect(islands).toBe(4);
  });

  test('gives the same bytes with any number of threads, and what --deterministic says is true without it', async () => {
    const options = ['--export-sidecars', '--padding', '3', '--quiet'];
    const ways = [['0'], ['1'], ['2'], ['2', '--deterministic']];
    for (const [i, way] of ways.entries()) {
      const { code, stderr } = await bake(`same${i}`, ...options, '--processes', ...way);
      expect([code, stderr]).toEqual([0, '']);
    }
    const first = bytesOf('same0');
    expect(Object.keys(first)).toHaveLength(12);
    for (const i of ways.keys()) expect(bytesOf(`same${i}`)).toEqual(first);
  });

  test('--padding grows islands outwards, and changes nothing on them', () => {
    const ids = samplesOf('same0/d_charts.1011.exr', 'id');
    const [padded, plain] = ['same0', 'turned'].map((folder) => samplesOf(`${folder}/d.1011.exr`, 'height'));
    let grown = 0;
    for (let i = 0; i < ids.length; i++) {
      if (ids[i]! > 0) expect(padded![i]).toBe(plain![i]);
      else if (padded![i] !== 0) grown += 1;
      expect(ids[i] === 0 && plain![i] !== 0).toBe(false);
    }
    expect(grown).toBeGreaterThan(200);
  });

  test('--save-graph writes a graph that makes the same files, from wherever it is run', async () => {
    const { code } = await bake(
      'graph',
      '--amplitude',
      '3',
      '--rgba',
      '--overwrite',
      '--save-graph',
      'saved.sluice.json',
    );
    expect(code).toBe(0);
    const baked = bytesOf('graph');
    const again = await sluice(['run', join(cwd, 'saved.sluice.json'), '--quiet'], { cwd: temporaryFolder() });
    expect([again.code, again.stderr]).toEqual([0, '']);
    expect(bytesOf('graph')).toEqual(baked);
    // The same command may be given again; another one does not take the file away.
    const graph = ['--amplitude', '3', '--rgba', '--overwrite', '--dry-run', '--save-graph', 'saved.sluice.json'];
    expect((await bake('graph', ...graph)).code).toBe(0);
    const other = await bake('graph', ...graph, '--amplitude', '4');
    expect([other.code, other.stderr]).toEqual([1, expect.stringMatching(/file-exists: saved.sluice.json/)]);
  });

  test('--json, --report, --dry-run and --quiet are as with sluice run', async () => {
    const { code, stdout } = await bake('json', '--json', '--report', 'report.json', '--tiles', '1002');
    expect(code).toBe(0);
    expect(readFileSync(join(cwd, 'report.json'), 'utf8')).toBe(stdout);
    const path = join(cwd, 'json/d.1002.exr');
    expect(JSON.parse(stdout)).toMatchObject({
      frames: [1002],
      outcomes: [{ sink: 'write', frame: 1002, state: 'done', path }],
    });
    const dry = await bake('dry', '--dry-run');
    expect([dry.code, existsSync(join(cwd, 'dry'))]).toEqual([0, false]);
    expect(dry.stdout).toContain('3 tiles: 3 planned.');
    expect((await bake('quiet', '--quiet')).stdout).toBe('');
  });

  test('--metric gives millimetres, and asks where the mesh does not say how long its unit is', async () => {
    const asked = await bake('metric', '--metric');
    expect(asked.code).toBe(3);
    expect(asked.stderr).toMatch(/^error {2}mesh-unit-unknown {2}--millimetres {2}/);
    expect(asked.stderr).toContain('fix: A unit is a centimetre:  --millimetres 10\n');
    expect((await bake('metric', '--metric', '--millimetres', '10')).code).toBe(0);
    const file = ExrFile.open(join(cwd, 'metric/d.1002.exr'));
    const names = file.part(0).attributes.map(({ name }) => name);
    file.close();
    expect(names).toEqual(expect.arrayContaining(['n2d:units', 'SourceMesh', 'Software']));
  });
});

describe('what is wrong', () => {
  beforeAll(async () => {
    const write = (name: string, text: string): void => writeFileSync(join(cwd, name), text);
    write('bare.obj', 'v 0 0 0\nv 1 0 0\nv 1 1 0\nf 1 2 3\n');
    write('beside.obj', objOf([rectangle([-0.9, 0.1, -0.1, 0.9])]));
    await writeNormals(join(cwd, 'one/n.1001.exr'), { size: SIZE });
  });

  const HERO = ['hero.obj', '--normal', 'in/hero.<UDIM>.exr'];
  const OUT = ['--out', 'wrong/d.<UDIM>.exr'];

  test.each<[string, readonly string[], number, readonly string[]]>([
    [
      'tiles without a map',
      ['hero.obj', '--normal', 'one/n.<UDIM>.exr', ...OUT],
      3,
      [
        'error  tile-missing  --normal  Tiles 1002, 1011, on which hero.obj lies, have no file of one/n.<UDIM>.exr; there are 1001.\n',
        "  fix: Show tile 1001 there:  --replicate-udims '1002, 1011'\n",
        '  fix: Leave them out:  --tiles 1001\n',
      ],
    ],
    [
      'several tiles in one file',
      [...HERO, '--out', 'wrong/d.exr'],
      3,
      [
        'error  pattern-no-frame  --out  Several tiles',
        "  fix: Write to wrong/d.<UDIM>.exr:  --out 'wrong/d.<UDIM>.exr'\n",
      ],
    ],
    ['no such mesh', ['hro.obj', ...HERO.slice(1), ...OUT], 3, ['file-not-found  mesh  ', 'hro.obj does not exist']],
    ['no such map', ['hero.obj', '--normal', 'in/hro.<UDIM>.exr', ...OUT], 3, ['error  ', '--normal  ', 'hro']],
    ['no UVs', ['bare.obj', ...HERO.slice(1), ...OUT], 3, ['mesh-no-uvs', 'bare.obj has no UV set']],
    ['no tile', ['beside.obj', ...HERO.slice(1), ...OUT], 3, ['mesh-tile-empty  --normal', 'lies on a tile']],
    ['an unknown UV set', [...HERO, ...OUT, '--uv-set', 'vu'], 3, ['mesh-uv-set-unknown  --uv-set', 'it has uv']],
    ['an unknown material', [...HERO, ...OUT, '--material', 'skn'], 3, ['mesh-material-unknown  --material', 'skin']],
    [
      'other channels',
      [...HERO, ...OUT, '--channels', 'X,Y'],
      3,
      ['channel-unknown  --channels', ', such as R,G,B.\nNoth'],
    ],
    ['a wrong list', [...HERO, ...OUT, '--replicate-udims', 'x'], 3, ['frames-syntax  --replicate-udims']],
    ['a value out of range', [...HERO, ...OUT, '--max-slope', '0'], 3, ['param-invalid  --max-slope']],
    ['no packing', [...HERO, ...OUT, '--compression', 'zap'], 3, ['param-invalid  --compression', '"zips"|"zip"']],
    ['an input as output', [...HERO, '--out', 'in/hero.<UDIM>.exr', '--overwrite'], 3, ['overwrites-input  --out']],
    ['a file as folder', [...HERO, '--out', 'hero.obj/d.<UDIM>.exr'], 3, ['file-not-found  --out', 'is a file']],
    ['a folder outside', [...HERO, ...OUT, '--root', 'in'], 3, ['outside-roots']],
    ['no number', [...HERO, ...OUT, '--amplitude', 'much'], 2, ["'--amplitude <n>' argument 'much' is invalid"]],
    ['no choice', [...HERO, ...OUT, '--range', 'half'], 2, ['Allowed choices are unsigned, byte, signed']],
    ['no maps at all', ['hero.obj', ...OUT], 2, ["required option '--normal <pattern>' not specified"]],
    ['no root', [...HERO, ...OUT, '--root', 'nowhere'], 2, ['--root: expected a folder']],
  ])('%s', async (_, args, code, words) => {
    const done = await sluice(['bake', ...args], { cwd });
    expect([done.code, done.stdout]).toEqual([code, '']);
    for (const text of words) expect(done.stderr).toContain(text);
    expect(existsSync(join(cwd, 'wrong'))).toBe(false);
  });

  test('files that are there stay, unless --overwrite or --resume says what to do about them', async () => {
    expect((await bake('there', '--quiet')).code).toBe(0);
    const { code, stderr } = await bake('there');
    expect([code, stderr]).toEqual([3, expect.stringContaining('  fix: Replace existing files:  --overwrite\n')]);
    const resumed = await bake('there', '--resume');
    expect([resumed.code, resumed.stdout]).toEqual([0, expect.stringContaining('3 tiles: 3 kept.')]);
    expect((await bake('there', '--overwrite', '--quiet')).code).toBe(0);
  });

  test('a map of another size on one tile is baked at its own size; --replicate-udims takes the first one', async () => {
    await writeNormals(join(cwd, 'mixed/n.1001.exr'), { size: SIZE });
    await writeNormals(join(cwd, 'mixed/n.1002.exr'), { size: [96, 80], tile: 1002 });
    const args = ['bake', 'hero.obj', '--normal', 'mixed/n.<UDIM>.exr', '--out', 'mixed/d.<UDIM>.exr'];
    const { code, stdout } = await sluice([...args, '--replicate-udims', '1011'], { cwd });
    expect([code, stdout]).toEqual([0, expect.stringContaining('1011: 1001 instead')]);
    const sizes = TILES.map((tile) => samplesOf(`mixed/d.${tile}.exr`, 'height').length);
    expect(sizes).toEqual([64 * 48, 96 * 80, 64 * 48]);
  });
});

describe('a bake that is stopped', () => {
  test('ends cleanly with what was finished, and goes on later to the same bytes', async () => {
    const large = temporaryFolder();
    await writeHero(large, { size: [1024, 1024] });
    const args = (out: string) => [
      'bake',
      'hero.obj',
      '--normal',
      'in/hero.<UDIM>.exr',
      '--out',
      `${out}/d.<UDIM>.exr`,
    ];
    // On a busy machine the bake waits for the test, so that the signal does not come when all is done.
    const command = ['nice', '-n', '19', process.execPath, LAUNCHER] as const;
    const running = start([...args('out'), '--processes', '1'], { cwd: large, command });
    await running.saw('tile 1001');
    running.process.kill('SIGINT');
    const { code, stdout, stderr } = await running.ended;
    expect([code, stderr]).toEqual([130, expect.stringMatching(/^Cancelling; once more to stop at once.\n/)]);
    const written = visible(join(large, 'out'));
    expect(stdout).toContain(`Cancelled. 3 tiles: ${written.length} written.`);
    expect(written.length).toBeLessThan(3);
    expect(readdirSync(join(large, 'out')).filter((name) => name.endsWith('.sluice-part'))).toEqual([]);
    const resumed = await sluice([...args('out'), '--resume'], { cwd: large });
    expect([resumed.code, resumed.stdout]).toEqual([0, expect.stringContaining(`${written.length} kept`)]);
    const whole = await sluice([...args('whole'), '--quiet'], { cwd: large });
    // These maps follow the texture on the mirrored island.
    const hint = '  fix: Leave mirrored islands as they are:  --mikktspace\n';
    expect([whole.code, whole.stderr]).toEqual([0, expect.stringContaining(hint)]);
    for (const tile of TILES) {
      const [a, b] = ['out', 'whole'].map((name) => readFileSync(join(large, name, `d.${tile}.exr`)));
      expect(a!.equals(b!)).toBe(true);
    }
  });
});

const CORPUS = fileURLToPath(new URL('../../../shared/corpus/mesh/', import.meta.url));
const hasJudge = spawnSync('oiiotool', ['--help']).error === undefined;
const needed = process.env['CI'] === 'true';

describe.runIf((existsSync(CORPUS) && hasJudge) || needed)('a box of the corpus, as OpenImageIO sees it', () => {
  const info = (file: string): string =>
    execFileSync('oiiotool', ['--info', '-v', '--stats', file], { cwd, encoding: 'utf8' });

  test('six tiles of five islands, with heights, attributes and sidecars', async () => {
    await writeNormals(join(cwd, 'box.exr'), { size: [96, 96] });
    const box = join(CORPUS, 'BoxTextured.glb');
    const args = ['bake', box, '--normal', 'box.exr', '--replicate-udims', 'all', '--mikktspace', '--quiet'];
    for (const more of [[], ['--rgba']]) {
      const out = `box${more.length}/d.<UDIM>.exr`;
      const { code, stderr } = await sluice([...args, '--out', out, '--export-sidecars', ...more], { cwd });
      expect([code, stderr]).toEqual([0, '']);
    }
    let looked = 0;
    for (let tile = 1001; tile <= 1006; tile++) {
      const plain = info(`box0/d.${tile}.exr`);
      expect(plain).toMatch(/96 x {3}96, 1 channel, float openexr/);
      expect(plain).toContain('channel list: height');
      expect(plain).toContain('n2d:amplitude: 1\n');
      expect(plain).toContain('n2d:space: "tangent"');
      expect(plain).toContain('n2d:units: "texel"');
      expect(plain).toContain('SourceMesh: "BoxTextured.glb"');
      expect(plain).toMatch(/Software: "Sluice \d+\.\d+\.\d+"/);
      expect(plain).toMatch(/NanCount: 0 \n.*InfCount: 0 /);
      const rgba = info(`box1/d.${tile}.exr`);
      expect(rgba).toContain('channel list: R, G, B, A');
      const greatest = /Stats Max: (\S+) \(float\)/.exec(plain)![1]!;
      expect(rgba).toContain(`Stats Max: ${greatest} ${greatest} ${greatest} 1.000000 (float)`);
      expect(info(`box0/d_charts.${tile}.exr`)).toMatch(/1 channel, uint openexr\n {4}channel list: id\n/);
      expect(info(`box0/d_boundary.${tile}.exr`)).toMatch(/1 channel, half openexr\n {4}channel list: boundary\n/);
      looked += 4;
    }
    expect(looked).toBe(24);
  });
});
