// sluice run: what it prints, what it writes and how it ends.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ExrFile } from '../../engine/files.ts';
import { LAUNCHER } from '../launcher.ts';
import { copyGraph, type Report, scenes, visible, writeFootage, writeGraph, writeSequence } from './footage.ts';
import { sluice, temporaryFolder } from './sluice.ts';

const root = temporaryFolder();
const scene = scenes(root);

/** Breaks the first chunk of a file: its packed bytes become zeros. */
function breakChunk(path: string): void {
  const bytes = readFileSync(path);
  const file = ExrFile.open(path);
  const { offset, headBytes } = file.table.locate(0, 0);
  file.close();
  bytes.fill(0, offset + headBytes, offset + headBytes + 40);
  writeFileSync(path, bytes);
}

describe('a run', () => {
  test('prints one line a frame, the ledger and a summary; exit code 0', async () => {
    const cwd = await scene();
    const graph = writeGraph(
      cwd,
      {
        read: { type: 'io.read', params: { path: 'in/a.%04d.exr' } },
        shuffle: {
          type: 'channel.shuffle',
          params: {
            rows: [
              { to: 'depth.Z', from: 'a:Z' },
              { to: 'R', from: 'a:R', type: 'float' },
            ],
            others: 'drop',
          },
        },
        write: { type: 'io.write', params: { path: 'out/b.%04d.exr' } },
      },
      ['read.image > shuffle.sources.a', 'shuffle.image > write.image'],
    );
    const { code, stdout, stderr } = await sluice(['run', graph], { cwd });
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.split('\n');
    expect(lines.slice(0, 3).sort()).toEqual([1, 2, 3].map((n) => `frame ${n}  write  out/b.000${n}.exr`));
    expect(lines[3]).toBe('Ledger');
    expect(stdout).toMatch(/^ {2}lost\n {4}channel {2}A {2}read +1-3 {2}shuffle: /m);
    expect(stdout).toContain('half became float (1920 samples, 0 of them altered)');
    expect(lines.at(-2)).toMatch(/^3 frames: 3 written\. Ledger: 3 lost, 1 converted/);
    expect(visible(join(cwd, 'out'))).toEqual(['b.0001.exr', 'b.0002.exr', 'b.0003.exr']);
    const file = ExrFile.open(join(cwd, 'out', 'b.0002.exr'));
    expect(file.header.parts[0]!.channels.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'R float',
      'depth.Z float',
    ]);
    file.close();
  });

  test('--json prints one object and nothing else, --report writes the same; --quiet prints nothing', async () => {
    const cwd = await scene();
    const graph = copyGraph(cwd);
    const { code, stdout, stderr } = await sluice(['run', graph, '--json', '--report', 'report.json', '--jobs', '0'], {
      cwd,
    });
    expect([code, stderr]).toEqual([0, '']);
    const report = JSON.parse(stdout) as Report;
    expect(readFileSync(join(cwd, 'report.json'), 'utf8')).toBe(stdout);
    expect(Object.keys(report)).toEqual(['frames', 'outcomes', 'ledger', 'problems', 'exitCode']);
    expect([report.frames, report.exitCode]).toEqual([[1, 2, 3], 0]);
    expect(report.outcomes[1]).toEqual({ sink: 'write', frame: 2, state: 'done', path: join(cwd, 'out/b.0002.exr') });
    expect(report.ledger).toContainEqual(expect.objectContaining({ kind: 'changed', item: 'storage', frames: '1-3' }));
    const quiet = await sluice(['run', graph, '--quiet', '--set', 'write.overwrite=replace'], { cwd });
    expect([quiet.code, quiet.stdout, quiet.stderr]).toEqual([0, '', '']);
  });

  test('gives the same bytes with any number of workers and budget', async () => {
    const cwd = await scene([1, 2]);
    const graph = copyGraph(cwd, { compression: 'piz', overwrite: 'replace' });
    const results: string[] = [];
    for (const more of [
      ['--jobs', '0'],
      ['--jobs', '1', '--memory', '1M'],
      ['--jobs', '3', '--memory', '1G'],
    ]) {
      expect((await sluice(['run', graph, ...more], { cwd })).code).toBe(0);
      results.push(
        visible(join(cwd, 'out'))
          .map((name) => readFileSync(join(cwd, 'out', name), 'hex'))
          .join('\n'),
      );
    }
    expect(results[0]!.length).toBeGreaterThan(4000);
    expect(new Set(results).size).toBe(1);
  });

  test('--dry-run fills the ledger and writes nothing', async () => {
    const cwd = await scene();
    const { code, stdout } = await sluice(['run', copyGraph(cwd), '--dry-run'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain('frame 2  write  out/b.0002.exr  planned');
    expect(stdout).toContain('3 frames: 3 planned.');
    expect(existsSync(join(cwd, 'out'))).toBe(false);
  });

  test('--dry-run tells what it would convert and which files are in the way, and refuses nothing', async () => {
    const cwd = await scene();
    const graph = copyGraph(cwd, { types: [{ channels: 'Z', type: 'half' }] });
    const line = (frame: number, rest: string): string =>
      `frame ${frame}  write  out/b.000${frame}.exr  planned${rest}\n`;
    expect((await sluice(['run', graph, '--frames', '2', '--quiet'], { cwd })).code).toBe(0);
    const dry = await sluice(['run', graph, '--dry-run'], { cwd });
    expect(dry.code).toBe(0);
    expect(dry.stderr).toMatch(/^warning {2}half-data {2}write\.types {2}#0: Z would be half\./);
    expect(dry.stdout).toContain(line(1, '') + line(2, '  exists: would be refused') + line(3, ''));
    expect(dry.stdout).toMatch(/converted\n +channel +Z +write +1-3 +float would become half\n/);
    expect(dry.stdout).toContain('3 frames: 3 planned, 1 exists and would be refused.');
    const over = await sluice(['run', graph, '--dry-run', '--set', 'write.overwrite=replace'], { cwd });
    expect(over.stdout).toContain(line(2, '  exists: would be replaced'));
    const resumed = await sluice(['run', graph, '--dry-run', '--resume'], { cwd });
    expect(resumed.stdout).toContain('3 frames: 1 kept, 2 planned.');
    expect(visible(join(cwd, 'out'))).toEqual(['b.0002.exr']);
  });

  test('--resume leaves out what is done, and does again what changed', async () => {
    const cwd = await scene();
    const graph = copyGraph(cwd);
    expect((await sluice(['run', graph, '--frames', '1-2'], { cwd })).code).toBe(0);
    const refused = await sluice(['run', graph], { cwd });
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('file-exists');
    const { code, stdout } = await sluice(['run', graph, '--resume'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain('3 frames: 1 written, 2 kept.');
    await writeSequence(join(cwd, 'in'), 'a', [2], { sample: () => 7 });
    const again = await sluice(['run', graph, '--resume', '--set', 'write.overwrite=replace'], { cwd });
    expect(again.stdout).toContain('3 frames: 1 written, 2 kept.');
    expect(again.stdout).toContain('frame 2  write  out/b.0002.exr\n');
  });

  test.skipIf(!existsSync('/usr/bin/script'))('shows a bar on a terminal instead of lines', async () => {
    const cwd = await scene();
    const line = `"${process.execPath}" "${LAUNCHER}" run "${copyGraph(cwd)}"`;
    const { code, stdout } = await sluice(['-qec', line, '/dev/null'], { cwd, command: ['script'] });
    expect(code).toBe(0);
    expect(stdout).toContain(`\r\u001b[2K[${'#'.repeat(30)}]  3 of 3\r\u001b[2K`);
    expect(stdout).not.toContain('frame 2');
    expect(stdout).toContain('3 frames: 3 written.');
  });

  test('goes on where nobody reads what it prints any more', async () => {
    const cwd = await scene([1, 2, 3, 4, 5]);
    const line = `"${process.execPath}" "${LAUNCHER}" run "${copyGraph(cwd)}" --jobs 1 | true; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = await sluice(['-c', line], { cwd, command: ['bash'] });
    expect([stdout, stderr]).toEqual(['0\n', '']);
    expect(visible(join(cwd, 'out'))).toHaveLength(5);
  });

  test('backwards and single frames run in the order typed', async () => {
    const cwd = await scene([1, 2, 3, 4, 5]);
    const { code, stdout } = await sluice(['run', copyGraph(cwd), '--frames', '5-1x2, 2', '--json'], { cwd });
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as Report;
    expect(report.frames).toEqual([5, 3, 1, 2]);
    expect(report.outcomes.map(({ frame }) => frame)).toEqual([5, 3, 1, 2]);
  });

  test('works on names with spaces and umlauts, in negative frames', async () => {
    const cwd = join(root, 'Größe der Äpfel – 1 €');
    mkdirSync(join(cwd, 'in put'), { recursive: true });
    await writeFootage(join(cwd, 'in put', 'schöne Ränder -0001.exr'));
    await writeFootage(join(cwd, 'in put', 'schöne Ränder 0000.exr'));
    const graph = copyGraph(cwd);
    const { code, stdout } = await sluice(
      [
        'run',
        graph,
        '--set',
        'read.path=in put/schöne Ränder ####.exr',
        '--set',
        'write.path=aus/größer %04d.exr',
        '--frames=-1-0',
      ],
      { cwd },
    );
    expect(code).toBe(0);
    expect(stdout).toContain('frame -1  write  aus/größer -001.exr\n');
    expect(visible(join(cwd, 'aus')).sort()).toEqual(['größer -001.exr', 'größer 0000.exr']);
  });
});

describe('exit codes', () => {
  test('1 where every frame fails, 4 where some do, with the place of each', async () => {
    const cwd = await scene([1, 2]);
    breakChunk(join(cwd, 'in', 'a.0002.exr'));
    const graph = copyGraph(cwd);
    const all = await sluice(['run', graph, '--frames', '2'], { cwd });
    expect(all.code).toBe(1);
    expect(all.stderr).toContain('error exr-compressed-data: ');
    expect(all.stderr).toMatch(/ {2}at .*chunk 0.*/);
    expect(all.stderr).toContain('frame 2');
    expect(visible(join(cwd, 'out'))).toEqual([]);
    const some = await sluice(['run', graph], { cwd });
    expect(some.code).toBe(4);
    expect(some.stdout).toContain('2 frames: 1 written, 1 failed.');
    expect(visible(join(cwd, 'out'))).toEqual(['b.0001.exr']);
  });

  test('4 where a frame is substituted', async () => {
    const cwd = await scene([1, 3]);
    const { code, stdout } = await sluice(['run', copyGraph(cwd), '--frames', '1-3', '--set', 'read.missing=hold'], {
      cwd,
    });
    expect(code).toBe(4);
    expect(stdout).toContain('frame 2  write  out/b.0002.exr  substituted');
    expect(stdout).toMatch(/substituted\n +frame +2: 1 instead/);
  });

  test('5 for a loss under --fail-on-loss, and nothing is written', async () => {
    const cwd = await scene([1]);
    const graph = writeGraph(
      cwd,
      {
        read: { type: 'io.read', params: { path: 'in/a.%04d.exr' } },
        shuffle: { type: 'channel.shuffle', params: { rows: [{ to: 'R', from: 'a:R' }], others: 'drop' } },
        write: { type: 'io.write', params: { path: 'out/b.exr' } },
      },
      ['read.image > shuffle.sources.a', 'shuffle.image > write.image'],
    );
    const { code, stderr } = await sluice(['run', graph, '--fail-on-loss'], { cwd });
    expect([code, visible(join(cwd, 'out'))]).toEqual([5, []]);
    expect(stderr).toContain('error loss: 4 things do not reach the output');
    expect((await sluice(['run', copyGraph(cwd), '--fail-on-loss'], { cwd })).code).toBe(0);
  });

  test('3 for an empty folder, 3 for a wrong path, 1 for a graph that is not there', async () => {
    const cwd = await scene([1]);
    mkdirSync(join(cwd, 'empty'));
    const graph = copyGraph(cwd);
    const empty = await sluice(['run', graph, '--set', 'read.path=empty'], { cwd });
    expect([empty.code, empty.stderr]).toEqual([3, expect.stringContaining('sequence-empty')]);
    const wrong = await sluice(['run', graph, '--set', 'read.path=in/b.%04d.exr'], { cwd });
    expect([wrong.code, wrong.stderr]).toEqual([3, expect.stringContaining('a.%04d.exr')]);
    const absent = await sluice(['run', 'absent.sluice.json', '--json'], { cwd });
    expect(absent.code).toBe(1);
    expect(absent.stderr).toContain('error file-not-found: ');
    const report = JSON.parse(absent.stdout) as Report;
    expect([report.exitCode, report.problems[0]?.code]).toEqual([1, 'file-not-found']);
  });
});
