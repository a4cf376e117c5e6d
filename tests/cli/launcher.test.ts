// The launcher, the version, help and wrong usage.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { LAUNCHER } from '../launcher.ts';
import { sluice, temporaryFolder } from './sluice.ts';

const { version, scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
  scripts: Readonly<Record<string, string>>;
};

const versionOf = (node: string): string => execFileSync(node, ['--version'], { encoding: 'utf8' }).trim().slice(1);

/** A Node on this machine that is too old; undefined where there is none. */
const oldNode = ['/usr/bin/node', '/usr/local/bin/node'].find(
  (path) => existsSync(path) && Number(versionOf(path).split('.')[0]) < 24,
);

function isSetUp(): boolean {
  const stamp = new URL('../../node_modules/.setup-stamp', import.meta.url);
  const lock = readFileSync(new URL('../../package-lock.json', import.meta.url));
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === createHash('sha256').update(lock).digest('hex');
}

describe('the launcher', () => {
  describe('tells its version, that of Node, and what is there', () => {
    const folder = temporaryFolder();
    const lines = (blender: string, ffmpeg: string): string =>
      [
        `sluice ${version} (node ${process.versions.node})`,
        'kernels  WebAssembly SIMD',
        "GPU      not used by nodes; the editor's viewer draws with it where the browser can",
        `Blender  ${blender}`,
        `ffmpeg   ${ffmpeg}`,
        '',
      ].join('\n');
    /** Stands on the PATH as a program that says what is given, and leaves a trace when it is started. */
    const place = (name: string, says: string): string => {
      const path = join(folder, name);
      writeFileSync(path, `#!/bin/sh\necho started >> '${folder}/started'\n${says}\n`, { mode: 0o755 });
      return path;
    };

    test('nothing of it', async () => {
      const { code, stdout, stderr } = await sluice(['--version'], { env: { PATH: folder } });
      const away = 'not on the PATH; ';
      const nothing = lines(`${away}meshes are read by assimp`, `${away}nothing needs it so far`);
      expect([code, stdout, stderr]).toEqual([0, nothing, '']);
    });

    test('programs on the PATH, which only sluice version starts', async () => {
      const blender = place('blender', "echo 'Blender 4.2.1 LTS'");
      const ffmpeg = place('ffmpeg', "echo 'ffmpeg version 5.1.6-0+deb12u1 Copyright (c) 2000-2024'");
      const quick = await sluice(['-V'], { env: { PATH: folder } });
      expect([quick.code, quick.stdout]).toEqual([0, lines(blender, ffmpeg)]);
      expect(existsSync(join(folder, 'started'))).toBe(false);
      const asked = await sluice(['version'], { env: { PATH: folder } });
      expect([asked.code, asked.stdout]).toEqual([0, lines(`4.2.1, ${blender}`, `5.1.6-0+deb12u1, ${ffmpeg}`)]);
      place('blender', 'exit 1');
      const broken = await sluice(['version'], { env: { PATH: folder } });
      expect(broken.stdout).toContain(`Blender  of a version that it does not say, ${blender}\n`);
    });
  });

  test('says in one line which Node it needs when it is started under an older one', async () => {
    // Where no old Node is installed, a preloaded module gives this one an old version.
    const pretend = `data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'20.20.2'}})`;
    const command = oldNode
      ? ([oldNode, LAUNCHER] as const)
      : ([process.execPath, '--import', pretend, LAUNCHER] as const);
    const found = oldNode ? versionOf(oldNode) : '20.20.2';
    const { code, stdout, stderr } = await sluice(['run', 'x'], { command });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      `Sluice needs Node 24 or newer; this is ${found}. Run it through npx in the clone, or install Node 24.\n`,
    );
  });

  test('is written in words that Node 12 can read', () => {
    const text = readFileSync(LAUNCHER, 'utf8');
    expect(text).not.toMatch(/\?\.|\?\?|^\s*(await|import \w|import \{)/m);
  });
});

describe('npm scripts', () => {
  // A shell looks a program up once: after the set-up of a fresh clone `node` would still be the machine's own.
  test('start Node by the set-up alone, so that the first run is under the pinned one', () => {
    const commands = Object.entries(scripts).flatMap(([name, text]) =>
      text.split('&&').map((one) => [name, one.trim()]),
    );
    const own = commands.filter(([, command]) => command?.startsWith('node ') && !command.startsWith('node .ci/'));
    expect(own).toEqual([]);
    expect(commands.filter(([, command]) => command?.startsWith('node .ci/setup.js ')).length).toBeGreaterThan(6);
  });

  // Where the packages are not those of the lockfile, the set-up would install them below the other tests' feet.
  test.skipIf(!isSetUp())(
    'the set-up runs a script under the pinned Node and hands on its arguments and exit code',
    async () => {
      const setup = fileURLToPath(new URL('../../.ci/setup.js', import.meta.url));
      const script = join(temporaryFolder(), 'script.mjs');
      writeFileSync(script, 'console.log(process.versions.node, ...process.argv.slice(2)); process.exitCode = 7;');
      const { code, stdout } = await sluice([setup, script, 'a b'], { command: [oldNode ?? process.execPath] });
      expect([code, stdout]).toEqual([7, `${process.versions.node} a b\n`]);
    },
  );
});

describe('usage', () => {
  test.each(['run', 'validate', 'inspect', 'diff', 'bake', 'nodes'])('%s --help has examples', async (command) => {
    const { code, stdout } = await sluice([command, '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: sluice ${command}`);
    expect(stdout).toContain('Examples:');
  });

  test.each<[string, string[], string]>([
    ['an unknown command', ['rnu'], "unknown command 'rnu'\n(Did you mean run?)"],
    ['no argument', ['run'], "missing required argument 'graph'"],
    ['too many arguments', ['inspect', 'a', 'b'], 'too many arguments'],
    ['an unknown option', ['run', 'g', '--frame', '1'], "unknown option '--frame'\n(Did you mean --frames?)"],
    ['a wrong number', ['run', 'g', '--jobs', 'many'], 'Expected a whole number from 0 to 256'],
    ['a wrong size', ['run', 'g', '--memory', '0'], 'Expected a size such as 512M or 2G'],
    ['a wrong policy', ['run', 'g', '--missing-chunks', 'white'], 'Allowed choices are black'],
  ])('%s is refused with exit code 2', async (_, args, words) => {
    const { code, stdout, stderr } = await sluice(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`error usage: `);
    expect(stderr).toContain(words);
    expect(stderr).not.toContain('    at ');
  });

  test('without a command the help goes to stderr', async () => {
    const { code, stdout, stderr } = await sluice([]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Exit codes:');
  });

  // `script` runs a command on a terminal of its own.
  const onTerminal = (env: Readonly<Record<string, string>>) =>
    sluice(['-qec', `"${process.execPath}" "${LAUNCHER}" nodes io.write`, '/dev/null'], { command: ['script'], env });

  test.skipIf(!existsSync('/usr/bin/script'))('colour on a terminal, unless NO_COLOR is set', async () => {
    expect((await onTerminal({ TERM: 'xterm' })).stdout).toContain('\u001b[1mio.write');
    expect((await onTerminal({ TERM: 'xterm', NO_COLOR: '1' })).stdout).not.toContain('\u001b');
    expect((await onTerminal({ TERM: 'dumb' })).stdout).not.toContain('\u001b');
  });

  test('no colour where nobody looks', async () => {
    const { stdout, stderr } = await sluice(['nodes', 'io.write'], { env: { FORCE_COLOR: '1' } });
    expect(stdout + stderr).not.toContain('\u001b');
  });
});

describe('nodes', () => {
  test('lists all, shows one, and gives the catalogue', async () => {
    const list = await sluice(['nodes']);
    expect(list.code).toBe(0);
    expect(list.stdout).toMatch(/^channel\.shuffle +Shuffle channels +/m);
    const one = await sluice(['nodes', 'io.write']);
    for (const words of ['Inputs', 'Parameters', 'zipLevel', 'whole number 1 to 9; default 4', 'text; needed']) {
      expect(one.stdout).toContain(words);
    }
    const json = JSON.parse((await sluice(['nodes', '--json'])).stdout) as { type: string; params: object }[];
    expect(json.map(({ type }) => type)).toContain('metadata.set');
  });

  test('an unknown type is wrong usage and names what is near', async () => {
    const { code, stderr } = await sluice(['nodes', 'shuffle']);
    expect(code).toBe(2);
    expect(stderr).toContain('channel.shuffle');
  });
});
