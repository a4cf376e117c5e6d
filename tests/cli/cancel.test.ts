// Ending a run early: a clean end by signal, a hard end by a second one, and going on after a kill.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { box } from '../../engine/authoring.ts';
import { parseFrames } from '../../engine/image/frames.ts';
import { copyGraph, type Report, visible, wholeFiles, writeFootage } from './footage.ts';
import { type Running, sluice, start, temporaryFolder } from './sluice.ts';

const root = temporaryFolder();
const FRAMES = 400;
const first = join(root, 'first.exr');

beforeAll(async () => {
  await writeFootage(first, {
    window: box(0, 0, 255, 255),
    sample: (_, x, y) => (x * 31 + y * 17 + ((x * y) % 97)) & 1023,
  });
});

/** A folder with many frames, of which each takes a while to pack. */
function scene(name: string): string {
  const folder = join(root, name);
  mkdirSync(join(folder, 'in'), { recursive: true });
  for (let frame = 1; frame <= FRAMES; frame++) {
    copyFileSync(first, join(folder, 'in', `a.${String(frame).padStart(4, '0')}.exr`));
  }
  return folder;
}

const begin = (cwd: string, more: readonly string[] = []): Running =>
  start(['run', copyGraph(cwd, { compression: 'piz' }), '--jobs', '1', ...more], { cwd });

const hidden = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith('.sluice-part'));

describe('a run that is ended early', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 130],
    ['SIGHUP', 129],
  ] as const)('%s: a clean end, exit code %i', async (signal, expected) => {
    const cwd = scene(signal);
    const running = begin(cwd);
    await running.saw('frame 3 ');
    running.process.kill(signal);
    const { code, stdout, stderr } = await running.ended;
    expect(code).toBe(expected);
    expect(stderr).toBe('Cancelling; once more to stop at once.\n');
    const written = wholeFiles(join(cwd, 'out'));
    expect(stdout).toContain(`Cancelled. 400 frames: ${written} written.`);
    expect(written).toBeGreaterThan(0);
    // The ledger speaks of what was written, not of what was given up.
    const [, told = ''] = /storage +compression +write +(.*?) {2}/.exec(stdout) ?? [];
    expect(parseFrames(told)).toHaveLength(written);
    expect(written).toBeLessThan(FRAMES);
    expect(hidden(join(cwd, 'out'))).toEqual([]);
  });

  test('a signal before the first frame, and one object with --json', async () => {
    const cwd = scene('early');
    // A pack says that it was loaded, which is when signals are heard; the frames that the run then waits for never come.
    writeFileSync(
      join(cwd, 'pack.mjs'),
      `import { writeFileSync } from 'node:fs';
      writeFileSync('loaded', '');
      export const nodes = [];`,
    );
    const waiting = ['--set', 'read.path=absent/a.%04d.exr', '--set', 'read.missing=wait', '--frames', '1'];
    const running = begin(cwd, ['--json', '--nodes', 'pack.mjs', ...waiting]);
    await vi.waitUntil(() => existsSync(join(cwd, 'loaded')), { timeout: 20_000 });
    running.process.kill('SIGINT');
    const { code, stdout } = await running.ended;
    expect(code).toBe(130);
    expect((JSON.parse(stdout) as Report).exitCode).toBe(130);
  });

  test('a second signal ends it at once', async () => {
    const cwd = scene('twice');
    const running = begin(cwd);
    await running.saw('frame 2 ');
    running.process.kill('SIGINT');
    running.process.kill('SIGTERM');
    const { code, signal } = await running.ended;
    expect([code, signal]).toEqual([130, null]);
    wholeFiles(join(cwd, 'out'));
  });

  test('killed in the middle, --resume finishes it and does not do again what is done', async () => {
    const cwd = scene('killed');
    const running = begin(cwd);
    await running.saw('frame 5 ');
    running.process.kill('SIGKILL');
    expect((await running.ended).signal).toBe('SIGKILL');
    const out = join(cwd, 'out');
    const before = new Map(visible(out).map((name) => [name, statSync(join(out, name), { bigint: true })]));
    expect(before.size).toBeGreaterThan(4);
    wholeFiles(out);
    const left = hidden(out);
    expect(left.length).toBeGreaterThan(0);
    // What is not this run's, or may still be written, is left alone.
    const others = [
      left[0]!.replace(/b\.\d+/, 'c.0001'),
      left[0]!.replace(/-\d+\./, `-${process.pid}.`),
      left[0]!.replace(/[0-9a-f]{8}-/, '00000000-'),
      `.b.0006.exr.notes.sluice-part`,
    ];
    for (const name of others) writeFileSync(join(out, name), '');
    const forgotten = left[0]!.replace(/[0-9a-f]{8}-/, '00000001-');
    writeFileSync(join(out, forgotten), '');
    utimesSync(join(out, forgotten), new Date(), new Date(Date.now() - 25 * 3600 * 1000));

    const limit = '1-20';
    // A kill between a frame's file and its line in the manifest leaves a whole file that nobody vouches for.
    const args = ['--resume', '--frames', limit, '--json', '--set', 'write.overwrite=replace'];
    const { code, stdout } = await sluice(['run', copyGraph(cwd, { compression: 'piz' }), ...args], { cwd });
    expect(code).toBe(0);
    const { outcomes, problems } = JSON.parse(stdout) as Report;
    expect(outcomes).toHaveLength(20);
    expect(hidden(out).sort()).toEqual(others.sort());
    expect(problems.map(({ severity, code, message }) => [severity, code, message]).sort()).toEqual(
      [...left, forgotten]
        .map((name) => [
          'info',
          'output-abandoned',
          `Removed ${join(realpathSync(out), name)}, which a run that was killed left unfinished.`,
        ])
        .sort(),
    );
    const kept = outcomes.filter(({ state }) => state === 'kept');
    expect(kept.length).toBeGreaterThanOrEqual(Math.min(before.size, 20) - 8);
    expect(kept.length).toBeGreaterThan(0);
    for (const { path } of kept) {
      const name = path.slice(out.length + 1);
      const now = statSync(path, { bigint: true });
      expect([now.mtimeNs, now.ino]).toEqual([before.get(name)!.mtimeNs, before.get(name)!.ino]);
    }
    expect(wholeFiles(out)).toBeGreaterThanOrEqual(20);
  });
});
