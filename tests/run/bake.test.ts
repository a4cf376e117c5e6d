// bake(): what it makes of its settings, progress, cancelling, and the graph that it is.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a folder may be called like a placeholder
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { encodeAttribute } from '../../engine/authoring.ts';
import {
  type Bake,
  type BakeOptions,
  bake,
  bakeGraph,
  type EngineError,
  runGraph,
  saveDocument,
} from '../../engine/index.ts';
import { nodes } from '../../nodes/index.ts';
import { filesBelow, sums, temporary } from './files.ts';
import { TILES, writeHero, writeNormals } from './normals.ts';

const WORKER = new URL('../../engine/bin/worker.ts', import.meta.url);
const GRAPH = new URL('../../graphs/bake-displacement.sluice.json', import.meta.url);
const folder = temporary();

beforeAll(() => writeHero(folder));

const HERO = { mesh: 'hero.obj', normal: 'in/hero.<UDIM>.exr' };
const hero = (out: string, more: Partial<BakeOptions> = {}): Promise<Bake> =>
  bake({ ...HERO, out: `${out}/d.<UDIM>.exr`, folder, nodes, ...more });
const inFolder = (...pieces: string[]): string => join(folder, ...pieces);

describe('bake', () => {
  it('bakes the tiles of a mesh, and says which files there are now', async () => {
    const done = await hero('plain');
    expect([done.exitCode, done.problems]).toEqual([0, []]);
    expect(done.frames).toEqual(TILES);
    expect(done.tiles).toEqual(TILES.map((tile) => ({ tile, displacement: inFolder('plain', `d.${tile}.exr`) })));
    expect(done.result!.ledger.filter(({ kind }) => kind === 'lost')).toEqual([]);
  });

  it('writes what is asked for besides, and no other thing', async () => {
    const done = await hero('more', { rgba: true, exportSidecars: true });
    expect(done.exitCode).toBe(0);
    expect(done.tiles[1]).toEqual({
      tile: 1002,
      displacement: inFolder('more/d.1002.exr'),
      chartIds: inFolder('more/d_charts.1002.exr'),
      boundary: inFolder('more/d_boundary.1002.exr'),
      chartTable: inFolder('more/d_charts.1002.json'),
    });
    const made = readdirSync(inFolder('more')).filter((name) => !name.startsWith('.'));
    const names = ['d.#.exr', 'd_boundary.#.exr', 'd_charts.#.exr', 'd_charts.#.json'];
    expect(made.sort()).toEqual(TILES.flatMap((tile) => names.map((name) => name.replace('#', `${tile}`))).sort());
    const [plain, more] = ['plain', 'more'].map((name) => sums(inFolder(name, 'd.1002.exr')));
    for (const name of ['R', 'G', 'B']) expect(more![`0/${name}`]).toBe(plain!['0/height']);
    expect(Object.keys(more!).sort()).toEqual(['0/A', '0/B', '0/G', '0/R']);
  });

  it('tells which node replaced what the map said of itself', async () => {
    const attributes = [encodeAttribute('Software', 'string', 'baker'), encodeAttribute('owner', 'string', 'me')];
    await writeNormals(inFolder('in/said.exr'), { size: [64, 48], attributes });
    const done = await hero('said', { normal: 'in/said.exr', tiles: '1001' });
    const told = done.result!.ledger.filter(({ item }) => item === 'attribute');
    expect(told.filter(({ kind }) => kind !== 'added').map(({ name, reason }) => [name, reason])).toEqual([
      ['Software', 'replaced by height'],
    ]);
  });

  it('tells its progress: never back, from 0 to 1', async () => {
    for (const more of [{}, { worker: WORKER, processes: 2 }]) {
      const told: [string, number][] = [];
      const onProgress = (message: string, fraction: number): void => void told.push([message, fraction]);
      await hero('progress', { overwrite: true, onProgress, ...more });
      const fractions = told.map(([, fraction]) => fraction);
      expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
      expect([fractions[0], fractions.at(-1)]).toEqual([0, 1]);
      expect(told.map(([message]) => message)).toEqual([
        'Reading hero.obj',
        'Baking 3 tiles',
        'Finished 1 of 3 files',
        'Finished 2 of 3 files',
        'Finished 3 of 3 files',
      ]);
    }
  });

  it('is cancelled before and while it bakes, and leaves nothing half written', async () => {
    const early = await hero('early', { signal: AbortSignal.abort() });
    expect([early.exitCode, early.result, existsSync(inFolder('early'))]).toEqual([130, undefined, false]);
    for (const more of [{}, { worker: WORKER, processes: 2 }]) {
      const controller = new AbortController();
      const onProgress = (_: string, fraction: number): void => {
        if (fraction > 0.05) controller.abort();
      };
      const late = await hero('late', { overwrite: true, signal: controller.signal, onProgress, ...more });
      expect(late.exitCode).toBe(130);
      const written = late.tiles.filter(({ displacement }) => displacement !== undefined);
      expect(written.length, JSON.stringify([more, late.result, late.problems])).toBeGreaterThan(0);
      expect(written.length).toBeLessThan(3);
      expect(filesBelow(inFolder('late')).filter((name) => name.includes('sluice-part'))).toEqual([]);
    }
  });

  it('goes on where an earlier bake was stopped', async () => {
    await hero('resumed');
    const again = await hero('resumed', { resume: true });
    expect(again.result!.outcomes.map(({ state }) => state)).toEqual(['kept', 'kept', 'kept']);
    expect(again.tiles.map(({ displacement }) => displacement)).toHaveLength(3);
    const other = await hero('resumed', { resume: true, amplitude: 2 });
    expect(other.result!.outcomes.map(({ state, error }) => [state, error?.code])).toEqual(
      TILES.map(() => ['failed', 'file-exists']),
    );
  });

  it('refuses options that there are not, and those that are not there', async () => {
    const refused = async (more: object): Promise<string> => {
      const thrown = await hero('refused', more).then(
        () => undefined,
        (error: EngineError) => error,
      );
      expect(thrown).toMatchObject({ kind: 'usage', code: 'usage' });
      return thrown!.message;
    };
    expect(await refused({ uvset: 'UVMap' })).toBe('bake() has no option uvset. Did you mean uvSet?');
    expect(await refused({ mesh: undefined })).toBe('Expected a path as the option mesh of bake(), found undefined.');
    expect(await refused({ out: '' })).toBe('Expected a path as the option out of bake(), found none.');
    expect(await refused({ nodes: undefined })).toMatch(/Import them from sluice\/nodes/);
    expect(existsSync(inFolder('refused'))).toBe(false);
  });

  it('takes texts as they are, whatever stands in them', async () => {
    const odd = inFolder('${shot} $$ Größe #1');
    await writeHero(odd);
    const done = await bake({ ...HERO, out: 'aus gabe/d_${x}.<UDIM>.exr', folder: odd, nodes, uvSet: 'uv' });
    expect([done.exitCode, done.problems]).toEqual([0, []]);
    expect(existsSync(join(odd, 'aus gabe', 'd_${x}.1011.exr'))).toBe(true);
  });
});

describe('the graph of a bake', () => {
  it('is the template with the settings in it, and what is left out as it stands there', async () => {
    const template = readFileSync(GRAPH, 'utf8');
    const paths = { mesh: 'in/hero.fbx', normal: 'in/hero_normal.<UDIM>.exr', out: 'out/hero_displacement.<UDIM>.exr' };
    const plain = await bakeGraph(paths);
    expect(plain.name).toBe('bake-hero_displacement');
    expect(saveDocument({ ...plain, name: 'bake-displacement' })).toBe(template);
    const given = { ...paths, yIsDown: true, mikktspace: true, metric: true, amplitude: 2, tiles: '1001', rgba: true };
    const { nodes: own } = await bakeGraph(given);
    expect(own['slopes']!.params).toEqual({ y: 'down', mirrored: 'keep' });
    expect(own['tile']!.params).toEqual({ metric: true });
    expect(own['height']!.params).toEqual({ checks: false, amplitude: 2, units: 'mm' });
    expect(own['normals']!.params).toEqual({ path: paths.normal, tiles: '1001' });
    expect(Object.keys(own).filter((id) => own[id]!.disabled)).toEqual([
      'write',
      'writeIds',
      'writeBoundary',
      'writeTable',
    ]);
  });

  it('gives the same bytes when it is run', async () => {
    await hero('baked', { amplitude: 3, padding: 2, yIsDown: true });
    const document = await bakeGraph({ ...HERO, out: 'run/d.<UDIM>.exr', amplitude: 3, padding: 2, yIsDown: true });
    const done = await runGraph({ document, folder, nodes, jobs: 0 });
    expect(done.exitCode).toBe(0);
    for (const tile of TILES)
      expect(readFileSync(inFolder(`run/d.${tile}.exr`)).equals(readFileSync(inFolder(`baked/d.${tile}.exr`)))).toBe(
        true,
      );
  });
});

test.each([
  ['d.<UDIM>.exr', 'd_charts.<UDIM>.exr', 'd_charts.<UDIM>.json'],
  ['out/d_%04d.exr', 'out/d_charts_%04d.exr', 'out/d_charts_%04d.json'],
  ['a.b/d.u<u>_v<v>.exr', 'a.b/d_charts.u<u>_v<v>.exr', 'a.b/d_charts.u<u>_v<v>.json'],
  ['<UDIM>.exr', 'charts.<UDIM>.exr', 'charts.<UDIM>.json'],
  ['x/blau<UDIM>_d.exr', 'x/blau_charts.<UDIM>_d.exr', 'x/blau_charts.<UDIM>_d.json'],
  ['d.exr', 'd_charts.exr', 'd_charts.json'],
  ['a.b/d', 'a.b/d_charts', 'a.b/d_charts.json'],
  ['a.b/d.%04d', 'a.b/d_charts.%04d', 'a.b/d_charts.%04d.json'],
  ['a.b/d.<U>_<V>', 'a.b/d_charts.<U>_<V>', 'a.b/d_charts.<U>_<V>.json'],
])('beside %s lie %s and %s', async (out, ids, table) => {
  const { nodes } = await bakeGraph({ ...HERO, out });
  expect([nodes['writeIds']!.params['path'], nodes['writeTable']!.params['path']]).toEqual([ids, table]);
});
