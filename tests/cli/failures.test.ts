// What the system does to a run: a full disk, folders that may not be used, inputs that change, another run beside it.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { box } from '../../engine/authoring.ts';
import { sums } from '../run/files.ts';
import { copyGraph, type Report, visible, wholeFiles, writeFootage, writeGraph, writeSequence } from './footage.ts';
import { type Ended, sluice, start, temporaryFolder } from './sluice.ts';

const root = temporaryFolder();
const isRoot = process.getuid?.() === 0;

type Outcome = Report['outcomes'][number] & { readonly error?: { readonly code: string; readonly message: string } };

/** Exit code, the outcomes by state, and the codes of what failed. */
function told({ code, stdout, stderr }: Ended) {
  if (!stdout.startsWith('{')) throw new Error(`No report: ${stdout}${stderr}`);
  const { outcomes, problems } = JSON.parse(stdout) as Omit<Report, 'outcomes'> & { readonly outcomes: Outcome[] };
  const failed = outcomes.filter(({ state }) => state === 'failed');
  for (const { error } of failed) expect(error!.message.length).toBeGreaterThan(20);
  return {
    code,
    done: outcomes.filter(({ state }) => state === 'done' || state === 'kept').map(({ path }) => path),
    kept: outcomes.filter(({ state }) => state === 'kept').length,
    failed: failed.length,
    codes: [...new Set([...failed.map(({ error }) => error!.code), ...problems.map((problem) => problem.code)])].sort(),
  };
}

/** Nothing half-written is there, and every file is whole. Returns how many. */
function unspoilt(folder: string): number {
  expect(readdirSync(folder).filter((name) => name.endsWith('.sluice-part'))).toEqual([]);
  return wholeFiles(folder);
}

const LARGE = { window: box(0, 0, 299, 199), channels: { R: 'half', Z: 'float' } } as const;
const run = (folder: string, write: Record<string, string>, more: readonly string[] = []): Promise<Ended> =>
  sluice(['run', copyGraph(folder, write), '--json', '--jobs', '2', ...more], { cwd: folder });

/** A file system of so many bytes in memory; undefined where it may not be made. */
function smallDisk(path: string, bytes: number): string | undefined {
  mkdirSync(path, { recursive: true });
  const made = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', path]);
  return made.status === 0 ? path : undefined;
}

describe('a full disk', async () => {
  const probe = join(root, 'probe');
  const may = isRoot && process.platform === 'linux' && smallDisk(probe, 65_536) !== undefined;
  if (may) execFileSync('umount', [probe]);
  const mounted: string[] = [];
  afterAll(() => {
    for (const path of mounted) execFileSync('umount', [path]);
  });
  const title = may ? '' : ' (skipped: only root may mount a small file system)';

  test.skipIf(!may)(
    `ends frames with an error, leaves whole ones, and goes on when there is room${title}`,
    async () => {
      const folder = join(root, 'full');
      await writeSequence(join(folder, 'in'), 'a', [1, 2, 3, 4, 5, 6], LARGE);
      const out = smallDisk(join(folder, 'out'), 1 << 20)!;
      mounted.push(out);
      const first = told(await run(folder, { compression: 'none' }));
      expect(first).toMatchObject({ code: 4, codes: ['disk-full'] });
      expect(first.done.length).toBeGreaterThan(0);
      expect(first.done.length + first.failed).toBe(6);
      expect(unspoilt(out)).toBe(first.done.length);

      execFileSync('mount', ['-o', 'remount,size=16m', out]);
      const second = told(await run(folder, { compression: 'none' }, ['--resume']));
      expect(second).toMatchObject({ code: 0, failed: 0, codes: [], kept: first.done.length });
      expect(unspoilt(out)).toBe(6);
    },
  );

  test.skipIf(!may)(`without room for a single byte is an error for every frame${title}`, async () => {
    const folder = join(root, 'brimful');
    await writeSequence(join(folder, 'in'), 'a', [1, 2], LARGE);
    const out = smallDisk(join(folder, 'out'), 65_536)!;
    mounted.push(out);
    spawnSync('dd', ['if=/dev/zero', `of=${join(out, 'filler')}`, 'bs=4096'], { stdio: 'ignore' });
    const { code, failed, codes } = told(await run(folder, { compression: 'none' }));
    expect([code, failed, codes]).toEqual([1, 2, ['disk-full']]);
    expect(visible(out)).toEqual(['filler']);
    expect(readdirSync(out).filter((name) => name.endsWith('.sluice-part'))).toEqual([]);
  });
});

describe('what may not be read or written', () => {
  // Root may do everything, so that the run is nobody's.
  const uid = isRoot ? { uid: 65_534 } : {};
  const runAs = (folder: string): Promise<Ended> =>
    sluice(['run', copyGraph(folder), '--json', '--jobs', '1'], { cwd: folder, ...uid });

  async function scene(name: string): Promise<string> {
    const folder = join(root, name);
    await writeSequence(join(folder, 'in'), 'a', [1, 2, 3]);
    mkdirSync(join(folder, 'out'));
    for (const path of [root, folder, join(folder, 'in')]) chmodSync(path, 0o755);
    chmodSync(join(folder, 'out'), 0o777);
    return folder;
  }

  test('one file of a sequence: its frame fails, the others are written', async () => {
    const folder = await scene('secret');
    chmodSync(join(folder, 'in', 'a.0002.exr'), 0);
    const { code, done, failed, codes } = told(await runAs(folder));
    expect([code, done.length, failed, codes]).toEqual([4, 2, 1, ['file-denied']]);
    expect(unspoilt(join(folder, 'out'))).toBe(2);
  });

  test('the folder of the inputs', async () => {
    const folder = await scene('closed');
    chmodSync(join(folder, 'in'), 0);
    const { code, codes } = told(await runAs(folder));
    expect([code, codes]).toEqual([3, ['file-denied']]);
    chmodSync(join(folder, 'in'), 0o755);
    expect(readdirSync(join(folder, 'out'))).toEqual([]);
  });

  test('the folder of the outputs: known before a frame is rendered', async () => {
    const folder = await scene('fixed');
    chmodSync(join(folder, 'out'), 0o555);
    const { code, done, failed, codes } = told(await runAs(folder));
    expect([code, done, failed, codes]).toEqual([3, [], 0, ['file-denied']]);
    expect(readdirSync(join(folder, 'out'))).toEqual([]);
  });
});

describe('inputs that change while they are read', () => {
  const FRAMES = Array.from({ length: 40 }, (_, i) => i + 1);

  test('replaced: each output is the old picture, the new one, or an error that says so', async () => {
    const folder = join(root, 'replaced');
    await writeSequence(join(folder, 'in'), 'a', FRAMES, LARGE);
    const other = join(folder, 'other.exr');
    await writeFootage(other, { ...LARGE, sample: (_, x, y) => (x * 3 + y) & 2047 });
    const pictures = [sums(join(folder, 'in', 'a.0001.exr')), sums(other)];
    const running = start(['run', copyGraph(folder, { compression: 'piz' }), '--json', '--jobs', '2'], { cwd: folder });
    let ended = false;
    void running.ended.then(() => {
      ended = true;
    });
    let replaced = 0;
    while (!ended) {
      const frame = FRAMES[replaced++ % FRAMES.length]!;
      copyFileSync(other, join(folder, 'next.exr'));
      renameSync(join(folder, 'next.exr'), join(folder, 'in', `a.${String(frame).padStart(4, '0')}.exr`));
      await new Promise((later) => setTimeout(later, 15));
    }
    const { done, failed, codes } = told(await running.ended);
    expect(replaced).toBeGreaterThan(5);
    expect(done.length + failed).toBe(FRAMES.length);
    expect(codes.filter((code) => code !== 'file-changed')).toEqual([]);
    expect(unspoilt(join(folder, 'out'))).toBe(done.length);
    for (const path of done) expect(pictures, path).toContainEqual(sums(path));
  });

  test('written over in place, at the same size: never a picture of both', async () => {
    const folder = join(root, 'over');
    const plain = { ...LARGE, compression: 'none' } as const;
    await writeSequence(join(folder, 'in'), 'a', FRAMES, plain);
    const other = join(folder, 'other.exr');
    const sample = (_: string, x: number, y: number): number => (x * 3 + y) & 2047;
    await writeFootage(other, { ...plain, sample, attributes: { take: 'frame 7' } });
    const bytes = readFileSync(other);
    const pictures = [sums(join(folder, 'in', 'a.0001.exr')), sums(other)];
    const running = start(['run', copyGraph(folder, { compression: 'piz' }), '--json', '--jobs', '2'], { cwd: folder });
    let ended = false;
    void running.ended.then(() => {
      ended = true;
    });
    for (let turn = 0; !ended; turn++) {
      const path = join(folder, 'in', `a.${String(FRAMES[turn % 9]!).padStart(4, '0')}.exr`);
      const file = openSync(path, 'r+');
      writeSync(file, bytes);
      closeSync(file);
      await new Promise((later) => setTimeout(later, 5));
    }
    const { done, failed, codes } = told(await running.ended);
    expect(done.length + failed).toBe(FRAMES.length);
    expect(codes.filter((code) => code !== 'file-changed')).toEqual([]);
    for (const path of done) expect(pictures, path).toContainEqual(sums(path));
  });

  test('a table of colours that is replaced again and again: never a picture of both', async () => {
    const folder = join(root, 'table');
    await writeSequence(join(folder, 'in'), 'a', FRAMES, { ...LARGE, channels: { R: 'half', G: 'half', B: 'half' } });
    const corners = [0, 1].flatMap((b) => [0, 1].flatMap((g) => [0, 1].map((r) => [r, g, b])));
    const tables = [1, 0.5].map(
      (gain) => `LUT_3D_SIZE 2\n${corners.map((rgb) => rgb.map((v) => v * gain).join(' ')).join('\n')}\n`,
    );
    const put = (index: number): void => {
      writeFileSync(join(folder, 'next.cube'), tables[index % 2]!);
      renameSync(join(folder, 'next.cube'), join(folder, 'look.cube'));
    };
    const graph = (name: string): string =>
      writeGraph(
        folder,
        {
          read: { type: 'io.read', params: { path: 'in/a.%04d.exr' } },
          table: { type: 'color.lut', params: { path: 'look.cube' } },
          write: { type: 'io.write', params: { path: `${name}/b.%04d.exr`, compression: 'piz' } },
        },
        ['read.image > table.image', 'table.image > write.image'],
        { name },
      );
    const pictures: unknown[] = [];
    for (const index of [0, 1]) {
      put(index);
      const ended = told(await sluice(['run', graph(`whole${index}`), '--frames', '1', '--json'], { cwd: folder }));
      pictures.push(sums(ended.done[0]!));
    }
    expect(pictures[0]).not.toEqual(pictures[1]);
    const running = start(['run', graph('out'), '--json', '--jobs', '2'], { cwd: folder });
    let ended = false;
    void running.ended.then(() => {
      ended = true;
    });
    for (let turn = 0; !ended; turn++) {
      put(turn);
      await new Promise((later) => setTimeout(later, 40));
    }
    const { done, failed, codes } = told(await running.ended);
    expect(done.length + failed).toBe(FRAMES.length);
    expect(codes.filter((code) => code !== 'file-changed')).toEqual([]);
    for (const path of done) expect(pictures, path).toContainEqual(sums(path));
  });

  test('cut short or gone: an error for those frames alone', async () => {
    const folder = join(root, 'cut');
    await writeSequence(join(folder, 'in'), 'a', FRAMES, LARGE);
    const picture = sums(join(folder, 'in', 'a.0001.exr'));
    const running = start(['run', copyGraph(folder, { compression: 'piz' }), '--json', '--jobs', '1'], { cwd: folder });
    let ended = false;
    void running.ended.then(() => {
      ended = true;
    });
    while (!ended && visible(join(folder, 'out')).length < 2) await new Promise((later) => setTimeout(later, 5));
    for (const frame of [36, 37, 38, 39, 40]) {
      const path = join(folder, 'in', `a.00${frame}.exr`);
      if (frame % 2 === 0) truncateSync(path, 700);
      else rmSync(path);
    }
    const { done, failed, codes } = told(await running.ended);
    expect([done.length, failed]).toEqual([35, 5]);
    const known = ['exr-truncated', 'file-changed', 'file-not-found', 'exr-offset-table', 'exr-chunk-missing'];
    expect(codes.filter((code) => !known.includes(code))).toEqual([]);
    expect(unspoilt(join(folder, 'out'))).toBe(35);
    for (const path of done) expect(sums(path)).toEqual(picture);
  });
});

describe('two runs that write into one folder', () => {
  const FRAMES = Array.from({ length: 24 }, (_, i) => i + 1);

  test('and may replace: both end well, every file is whole, and resuming keeps all', async () => {
    const folder = join(root, 'both');
    await writeSequence(join(folder, 'in'), 'a', FRAMES, LARGE);
    const write = { compression: 'piz', overwrite: 'replace' };
    const both = (await Promise.all([run(folder, write), run(folder, write)])).map(told);
    expect(both.map(({ code, failed, codes }) => [code, failed, codes])).toEqual([
      [0, 0, []],
      [0, 0, []],
    ]);
    expect(unspoilt(join(folder, 'out'))).toBe(FRAMES.length);
    const picture = sums(join(folder, 'in', 'a.0001.exr'));
    for (const path of both[0]!.done) expect(sums(path)).toEqual(picture);
    const again = told(await run(folder, write, ['--resume']));
    expect([again.code, again.done.length]).toEqual([0, FRAMES.length]);
  });

  test('and may not replace: each file is written by one of them, the other says that it is there', async () => {
    const folder = join(root, 'race');
    await writeSequence(join(folder, 'in'), 'a', FRAMES, LARGE);
    const write = { compression: 'piz', overwrite: 'refuse' };
    const both = (await Promise.all([run(folder, write), run(folder, write)])).map(told);
    const written = both.flatMap(({ done }) => done);
    expect(new Set(written).size).toBe(written.length);
    expect(written.length).toBe(FRAMES.length);
    for (const { codes } of both) expect(codes.filter((code) => code !== 'file-exists')).toEqual([]);
    expect(unspoilt(join(folder, 'out'))).toBe(FRAMES.length);
  });

  test('leaves what the other is still writing', async () => {
    const folder = join(root, 'beside');
    await writeSequence(join(folder, 'in'), 'a', [1, 2], LARGE);
    mkdirSync(join(folder, 'out'));
    // As a process that lives names what it has not finished.
    const { unfinishedName } = await import('../../engine/exr/unfinished.ts');
    const other = unfinishedName(join(folder, 'out', 'b.0001.exr'));
    writeFileSync(other, 'half');
    expect(told(await run(folder, {})).code).toBe(0);
    expect(existsSync(other)).toBe(true);
    rmSync(other);
    expect(unspoilt(join(folder, 'out'))).toBe(2);
  });
});
