// The package: built, packed, installed in an empty folder and used there as from a registry.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { random } from '../base/random.ts';
import { BUILT } from '../launcher.ts';
import { writeHero } from '../run/normals.ts';
import { copyGraph, visible, writeGraph, writeSequence } from './footage.ts';
import { sluice, temporaryFolder } from './sluice.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const folder = temporaryFolder();
const exec = promisify(execFile);

/** What npm tells its own scripts of this project would mislead an npm that works elsewhere. */
const inherited = Object.entries(process.env).filter(
  ([name]) => !/^(npm_(package|lifecycle|command)|npm_config_local_prefix|NODE_ENV|VITEST)/i.test(name),
);
const env = {
  ...Object.fromEntries(inherited),
  PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
};

const run = (command: string, args: readonly string[], cwd: string): Promise<{ stdout: string }> =>
  exec(command, [...args], { cwd, env, timeout: 100_000, maxBuffer: 2 ** 24 });

describe('the package', () => {
  let contents: string[] = [];

  beforeAll(async () => {
    // Not while other tests use it.
    if (!BUILT) await run(process.execPath, [join(ROOT, '.ci', 'build.js')], ROOT);
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], join(ROOT, 'dist'));
    const packed: unknown = JSON.parse(stdout);
    const [summary] = (Array.isArray(packed) ? packed : Object.values(packed as object)) as {
      filename: string;
      files: { path: string }[];
    }[];
    contents = summary!.files.map(({ path }) => path);
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
    await run(
      'npm',
      ['install', '--prefer-offline', '--no-audit', '--no-fund', join(folder, summary!.filename)],
      folder,
    );
    await writeSequence(join(folder, 'in'), 'a', [1, 2, 3]);
  });

  const installed = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    sluice(args, {
      cwd: folder,
      env,
      command: [process.execPath, join(folder, 'node_modules/sluice/engine/bin/sluice.js')],
    });

  test('holds JavaScript, declarations, kernels and the launcher, and nothing of the workshop', () => {
    for (const path of [
      'engine/bin/sluice.js',
      'engine/bin/load.cjs',
      'engine/bin/cli.cjs',
      'engine/bin/worker.js',
      'engine/index.d.ts',
      'engine/bin/kernels.wasm',
      'nodes/index.js',
      'LICENSE',
      'package.json',
    ]) {
      expect(contents).toContain(path);
    }
    const strange = contents.filter(
      (path) => /^(tests|fixtures|dist|\.ci)\//.test(path) || (path.endsWith('.ts') && !path.endsWith('.d.ts')),
    );
    expect(strange).toEqual([]);
  });

  test('answers npx sluice --version', async () => {
    const { stdout } = await run('npx', ['--no-install', 'sluice', '--version'], folder);
    expect(stdout).toMatch(/^sluice \d+\.\d+\.\d+ \(node 2[4-9]\.\d+\.\d+\)\nkernels {2}WebAssembly SIMD\n/);
  });

  test('inspects, validates, runs in workers and compares', async () => {
    const graph = copyGraph(folder, { compression: 'piz' });
    expect((await installed(['inspect', 'in'])).stdout).toContain('in/a.%04d.exr  3 frames: 1-3');
    expect((await installed(['validate', graph])).code).toBe(0);
    const { code, stdout, stderr } = await installed(['run', graph, '--jobs', '2']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('3 frames: 3 written.');
    expect(visible(join(folder, 'out'))).toHaveLength(3);
    expect((await installed(['diff', 'in', 'out', '--pixels'])).stdout).toBe('The same in pixels.\n');
    expect((await installed(['nodes'])).stdout).toContain('channel.shuffle');
  });

  test('keeps what V8 compiled, and does without where it is damaged or cannot be kept', async () => {
    const cache = join(folder, 'cache');
    const inspect = async (kept: string) => {
      const { code, stdout, stderr } = await installed(['inspect', 'in'], { NODE_COMPILE_CACHE: kept });
      expect([code, stderr]).toEqual([0, '']);
      return stdout;
    };
    const told = await inspect(cache);
    const files = readdirSync(cache, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.includes('.cjs-'))
      .map((file) => join(cache, file));
    expect(files.length).toBeGreaterThan(4);
    const whole = files.map((file) => readFileSync(file));
    expect(await inspect(cache)).toBe(told);
    expect(files.map((file) => readFileSync(file))).toEqual(whole);

    const dice = random(7);
    const damages: readonly ((bytes: Buffer) => Buffer)[] = [
      () => Buffer.alloc(0),
      () => Buffer.alloc(3),
      (bytes) => Buffer.alloc(bytes.length),
      (bytes) => Buffer.from(bytes).reverse(),
      // The same twice, but not V8's.
      (bytes) => {
        const end = bytes.length - 4;
        const half = (end - bytes.readUInt32LE(end)) / 2;
        return Buffer.from(bytes)
          .fill(0, 0, 16)
          .fill(0, half, half + 16);
      },
      ...Array.from({ length: 3 }, () => (bytes: Buffer) => bytes.subarray(0, dice.int(0, bytes.length - 1))),
      ...Array.from({ length: 6 }, () => (bytes: Buffer) => {
        const other = Buffer.from(bytes);
        other[dice.int(0, bytes.length - 1)]! ^= 1 << dice.int(0, 7);
        return other;
      }),
    ];
    for (const damage of damages) {
      files.forEach((file, i) => {
        writeFileSync(file, damage(whole[i]!));
      });
      expect(await inspect(cache)).toBe(told);
    }
    // What is of no use is made again, and no parts are left.
    const again = readdirSync(dirname(files[0]!)).filter((name) => name.includes('.cjs-'));
    expect(again.map((name) => join(dirname(files[0]!), name)).sort()).toEqual(files.sort());
    for (const file of files) expect(readFileSync(file).length).toBeGreaterThan(1000);

    writeFileSync(join(folder, 'no-folder'), '');
    expect(await inspect(join(folder, 'no-folder'))).toBe(told);
  });

  test('keeps it under the name of what the scripts hold, since packages give all files one time', () => {
    const bin = join(folder, 'node_modules/sluice/engine/bin');
    const scripts = readdirSync(bin).filter((name) => name.endsWith('.cjs') && name !== 'load.cjs');
    expect(scripts.length).toBeGreaterThan(80);
    const hash = createHash('sha256');
    for (const text of scripts.map((name) => readFileSync(join(bin, name), 'utf8')).toSorted()) hash.update(text);
    const name = hash.digest('hex').slice(0, 16);
    expect(readFileSync(join(bin, 'load.cjs'), 'utf8')).toContain(`const BUILD = '${name}';`);
  });

  test.skipIf(process.platform === 'win32')("keeps it in a folder that is the user's own, or nowhere", async () => {
    const temporary = join(folder, 'tmp');
    mkdirSync(temporary);
    const own = join(temporary, `sluice-${process.getuid!()}`);
    const asked = async () => {
      const { code, stderr } = await installed(['inspect', 'in'], { TMPDIR: temporary, NODE_COMPILE_CACHE: '' });
      expect([code, stderr]).toEqual([0, '']);
    };
    await asked();
    expect(statSync(own).mode & 0o777).toBe(0o700);
    expect(readdirSync(own)).not.toEqual([]);
    // Somebody else was first: the folder can be written to by others, or is a link to somewhere.
    for (const others of [() => mkdirSync(own), () => symlinkSync(folder, own), () => writeFileSync(own, '')]) {
      rmSync(own, { recursive: true });
      others();
      if (statSync(own).isDirectory() && !lstatSync(own).isSymbolicLink()) chmodSync(own, 0o777);
      const before = readdirSync(folder);
      await asked();
      expect(readdirSync(temporary)).toEqual([basename(own)]);
      expect(readdirSync(folder)).toEqual(before);
      if (lstatSync(own).isDirectory()) expect(readdirSync(own)).toEqual([]);
    }
  });

  test('runs the graphs it brings', async () => {
    const graphs = join(folder, 'node_modules/sluice/graphs');
    const names = existsSync(graphs) ? readdirSync(graphs).filter((name) => name.endsWith('.sluice.json')) : [];
    expect(names).toContain('recombine.sluice.json');
    expect(readdirSync(graphs).filter((name) => ['in', 'out'].includes(name))).toEqual([]);
  });

  test('has doors whose types a program is checked against', async () => {
    const source = `
      import { type GraphRun, runGraph } from 'sluice';
      import { defineNode, image } from 'sluice/authoring';
      import { loadDocument } from 'sluice/browser';
      import { ExrFile } from 'sluice/files';
      import { nodes } from 'sluice/nodes';
      const file: ExrFile = ExrFile.open('x');
      const compression: 'zip' | string = file.header.parts[0]!.compression;
      // @ts-expect-error the type of a compression is known, and it is no number
      const wrong: number = file.header.parts[0]!.compression;
      export type { GraphRun };
      export { compression, defineNode, image, loadDocument, nodes, runGraph, wrong };`;
    const project = join(folder, 'typed');
    mkdirSync(project);
    writeFileSync(join(project, 'program.ts'), source);
    const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024', '--types', 'node'];
    const types = ['--typeRoots', join(ROOT, 'node_modules', '@types')];
    await run(process.execPath, [compiler, ...flags, ...types, join(project, 'program.ts')], project);
  });

  test('has a door for browsers behind which nothing asks for Node', async () => {
    const { exports } = JSON.parse(readFileSync(join(ROOT, 'dist', 'package.json'), 'utf8')) as {
      exports: Record<string, { node?: string; default: string }>;
    };
    const door = exports['./browser']!;
    expect(door.node).not.toBe(door.default);
    const text = readFileSync(join(ROOT, 'dist', door.default), 'utf8');
    expect(text).not.toMatch(/getBuiltinModule|require\(|["'`]node:|\bimport ?["'`({*]/);
    const [here, there] = (await Promise.all(
      [door.node!, door.default].map((path) => import(pathToFileURL(join(ROOT, 'dist', path)).href)),
    )) as object[];
    expect(Object.keys(there!).sort()).toEqual(Object.keys(here!).sort());
    expect(Object.keys(here!).length).toBeGreaterThan(50);
  });

  test('gives its doors to programs', async () => {
    const graph = writeGraph(
      folder,
      {
        read: { type: 'io.read', params: { path: 'in' } },
        write: { type: 'io.write', params: { path: 'api/c.####.exr' } },
      },
      ['read.image > write.image'],
      { name: 'api' },
    );
    const program = `
      import { readFileSync } from 'node:fs';
      import { loadDocument, runGraph } from 'sluice';
      import { nodes } from 'sluice/nodes';
      const { document } = loadDocument(readFileSync(${JSON.stringify(graph)}));
      const run = await runGraph({ document, folder: ${JSON.stringify(folder)}, nodes, jobs: 0 });
      console.log(run.exitCode, run.result.outcomes.length);`;
    writeFileSync(join(folder, 'program.js'), program);
    expect((await run(process.execPath, ['program.js'], folder)).stdout).toBe('0 3\n');
  });

  test('bakes, from a program in threads and from the command line', async () => {
    await writeHero(folder);
    const program = `
      import { bake } from 'sluice';
      import { nodes } from 'sluice/nodes';
      const worker = new URL(import.meta.resolve('sluice/worker'));
      const maps = { mesh: 'hero.obj', normal: 'in/hero.<UDIM>.exr', out: 'api/h.<UDIM>.exr' };
      const { exitCode, tiles } = await bake({ ...maps, nodes, worker, processes: 2 });
      console.log(exitCode, tiles.map(({ displacement }) => displacement !== undefined).join());`;
    writeFileSync(join(folder, 'bake.js'), program);
    expect((await run(process.execPath, ['bake.js'], folder)).stdout).toBe('0 true,true,true\n');
    const maps = ['--normal', 'in/hero.<UDIM>.exr', '--out', 'h.<UDIM>.exr', '--quiet'];
    const { code, stderr } = await installed(['bake', 'hero.obj', ...maps]);
    expect([code, stderr]).toEqual([0, '']);
  });
});
