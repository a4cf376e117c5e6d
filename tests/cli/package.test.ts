// The package: built, packed, installed in an empty folder and used there as from a registry.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
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
    await run(process.execPath, [join(ROOT, '.ci', 'build.js')], ROOT);
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

  const installed = (args: readonly string[]) =>
    sluice(args, {
      cwd: folder,
      command: [process.execPath, join(folder, 'node_modules/sluice/engine/bin/sluice.js')],
    });

  test('holds JavaScript, declarations, kernels and the launcher, and nothing of the workshop', () => {
    for (const path of [
      'engine/bin/sluice.js',
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

  test('has a door for browsers behind which nothing asks for Node', () => {
    const engine = join(ROOT, 'dist', 'engine');
    const files = new Map<string, string>();
    const follow = (file: string): void => {
      if (files.has(file)) return;
      files.set(file, readFileSync(file, 'utf8'));
      for (const [, path] of files.get(file)!.matchAll(/from ?"([^"]+)"/g)) {
        expect(path).toMatch(/^\.\.?\//);
        follow(join(dirname(file), path!));
      }
    };
    follow(join(engine, 'browser.js'));
    expect(files.size).toBeGreaterThan(1);
    expect([...files.values()].filter((text) => /getBuiltinModule|require\(|["'`]node:/.test(text))).toEqual([]);
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
