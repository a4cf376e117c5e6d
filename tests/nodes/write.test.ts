// Write EXR: copies of chunks, every way to store a part, types and part names.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ExrFile } from '../../engine/exr/file.ts';
import { layoutOf } from '../../engine/exr/layout.ts';
import { digest, filesBelow, headerBytes, run, sums, writeExr } from '../run/files.ts';
import { graph } from '../run/graph.ts';
import { writing } from './writing.ts';

const { folder, pass, fresh } = writing();

/** Samples as oiiotool has them: one checksum for each file. */
const hasOiiotool = existsSync('/usr/bin/oiiotool');
function oiioSums(paths: readonly string[]): string[] {
  const printed = execFileSync('oiiotool', ['--info', '-v', '--hash', ...paths], { encoding: 'utf8' });
  return [...printed.matchAll(/SHA-1: ([0-9A-F]{40})/g)].map(([, sum]) => sum!);
}

const chunksOf = (path: string): string[] => {
  const file = ExrFile.open(path);
  const all = file.header.parts.flatMap((part, p) =>
    Array.from({ length: layoutOf(part).chunkCount }, (_, i) => Buffer.from(file.chunk(p, i).payload).toString('hex')),
  );
  file.close();
  return all;
};

describe('copying', () => {
  it.each(['scan.exr', 'tiles.exr'])('%s comes out byte for byte, and no worker is started', async (name) => {
    // A worker that does not exist: any piece that is packed would fail.
    const { run: done, file } = await pass(name, {}, { jobs: 2, worker: new URL('file:///no/such/worker.ts') });
    expect([done.exitCode, done.result!.ledger]).toEqual([0, []]);
    expect(digest(file)).toBe(digest(join(folder, name)));
    const converted = await pass(
      name,
      { compression: 'rle' },
      { jobs: 2, worker: new URL('file:///no/such/worker.ts') },
    );
    expect(converted.run.exitCode).toBe(1);
  });

  it('copies what cannot even be unpacked', async () => {
    const path = await writeExr(join(folder, 'broken.exr'), [{ channels: ['R'], compression: 'zip' }]);
    const bytes = readFileSync(path);
    const file = ExrFile.open(path);
    const at = file.table.statedOffset(0, 1);
    file.close();
    bytes.fill(0xff, at + 8, at + 40);
    writeFileSync(path, bytes);
    const { run: done, file: out } = await pass('broken.exr', {});
    expect(done.exitCode).toBe(0);
    expect(digest(out)).toBe(digest(path));
    const packed = await pass('broken.exr', { compression: 'piz' });
    expect(packed.run.exitCode).toBe(1);
    expect(packed.run.result!.outcomes[0]!.error).toMatchObject({
      code: 'exr-compressed-data',
      where: { file: path, part: 0, chunk: 1 },
    });
    expect(filesBelow(packed.out)).toEqual([]);
  });

  it.each([
    [
      'an attribute that is set',
      { type: 'metadata.set', params: { edits: [{ op: 'set', name: 'note', type: 'string', value: 'x' }] } },
      'image',
    ],
    [
      'a channel that is renamed and keeps its place',
      { type: 'channel.shuffle', params: { rows: [{ to: 'Rx', from: 'a:R' }] } },
      'sources.a',
    ],
  ])('chunks survive %s', async (_, node, port) => {
    const out = fresh();
    const document = graph(
      {
        r: { type: 'io.read', params: { path: 'scan.exr' } },
        n: node as never,
        w: { type: 'io.write', params: { path: `${out}/o.exr` } },
      },
      [`r.image > n.${port}`, 'n.image > w.image'],
    );
    const done = await run(document, folder, { jobs: 1, worker: new URL('file:///no/such/worker.ts') });
    // Renaming goes through Shuffle, which keeps chunks only for whole parts: then the worker is asked for.
    if (port === 'image') {
      expect(done.exitCode).toBe(0);
      expect(chunksOf(join(folder, out, 'o.exr'))).toEqual(chunksOf(join(folder, 'scan.exr')));
    } else expect([0, 1]).toContain(done.exitCode);
  });

  it.each([
    ['compression', { compression: 'zips' }],
    ['line order', { lineOrder: 'decreasing' }],
    ['layout', { layout: 'tiles' }],
    ['types', { types: [{ channels: 'B', type: 'half' }] }],
  ])('another %s is packed anew', async (_, write) => {
    const { run: done, file } = await pass('scan.exr', write);
    expect(done.exitCode).toBe(0);
    expect(digest(file)).not.toBe(digest(join(folder, 'scan.exr')));
    expect(sums(file)['0/R']).toBe(sums(join(folder, 'scan.exr'))['0/R']);
    expect(done.result!.ledger.length).toBeGreaterThan(0);
  });
});

describe('storing', () => {
  const methods = ['none', 'rle', 'zips', 'zip', 'piz'] as const;
  const layouts = [
    { layout: 'scanlines' },
    { layout: 'tiles', tileSize: [64, 64] },
    { layout: 'tiles', tileSize: [7, 23] },
  ] as const;
  const orders = ['increasing', 'decreasing', 'random'] as const;
  let compared = 0;

  it.each(methods)(
    '%s, in every layout and order of lines, reads back the same here and in oiiotool',
    async (compression) => {
      const written: { file: string; source: string }[] = [];
      for (const layout of layouts) {
        for (const lineOrder of orders) {
          for (const source of ['scan.exr', 'tiles.exr']) {
            const { run: done, file } = await pass(source, { compression, lineOrder, ...layout } as never);
            expect(done.exitCode, JSON.stringify(done.problems)).toBe(0);
            expect(sums(file)).toEqual(sums(join(folder, source)));
            const opened = ExrFile.open(file);
            const [part] = opened.header.parts;
            opened.close();
            const kept = lineOrder === 'random' && layout.layout === 'scanlines' ? 'increasing' : lineOrder;
            const stored = [part!.compression, part!.lineOrder, part!.tiles !== undefined];
            expect(stored).toEqual([compression, kept, layout.layout === 'tiles']);
            const storage = done.result!.ledger.filter((e) => e.item === 'storage').map((e) => e.name);
            expect(storage.includes('compression')).toBe(compression !== (source === 'scan.exr' ? 'zip' : 'piz'));
            written.push({ file, source: join(folder, source) });
          }
        }
      }
      if (!hasOiiotool && process.env['CI'] !== 'true') return;
      const theirs = oiioSums(written.map((w) => w.file));
      expect(theirs).toHaveLength(18);
      expect(theirs).toEqual(oiioSums(written.map((w) => w.source)));
      compared += theirs.length;
    },
    60_000,
  );

  it.skipIf(!hasOiiotool && process.env['CI'] !== 'true')('compared 90 files with oiiotool', () =>
    expect(compared).toBe(90),
  );

  it('the ZIP level changes the size and nothing else', async () => {
    const levels = await Promise.all([1, 9].map((zipLevel) => pass('scan.exr', { compression: 'zips', zipLevel })));
    const [fast, small] = levels.map(({ file }) => file);
    expect(sums(fast!)).toEqual(sums(small!));
    expect(headerBytes(fast!)).toEqual(headerBytes(small!));
    expect(statSync(small!).size).toBeLessThan(statSync(fast!).size);
  });
});

describe('types by pattern', () => {
  it('are converted, counted and listed; the rest keeps its bits', async () => {
    const { run: done, file } = await pass('scan.exr', {
      types: [
        { channels: '*', type: 'float' },
        { channels: 'id', type: 'uint' },
        { channels: 'B', type: 'half' },
      ],
    });
    expect(done.exitCode).toBe(0);
    const opened = ExrFile.open(file);
    expect(opened.header.parts[0]!.channels.map((c) => `${c.name} ${c.type}`)).toEqual([
      'A float',
      'B half',
      'G float',
      'R float',
      'id uint',
    ]);
    opened.close();
    const samples = 44 * 50;
    const converted = done.result!.ledger.filter((e) => e.kind === 'converted');
    expect(converted.map((e) => [e.name, e.reason, e.samples, e.from, e.frames])).toEqual([
      ['A', 'half became float', samples, 'w', '1'],
      ['B', 'float became half', samples, 'w', '1'],
      ['G', 'half became float', samples, 'w', '1'],
      ['R', 'half became float', samples, 'w', '1'],
    ]);
    // Half to float loses nothing but signalling NaNs at most; the third of the floats that is random hardly ever fits a half.
    expect(converted.find((e) => e.name === 'B')!.altered).toBeGreaterThan(samples * 0.3);
    expect(sums(file)['0/id']).toBe(sums(join(folder, 'scan.exr'))['0/id']);
  });

  it('that fit nothing are a warning, once', async () => {
    const { run: done } = await pass('seq/x.%04d.exr', { types: [{ channels: 'Q*', type: 'half' }] });
    expect(done.exitCode).toBe(0);
    expect(done.problems).toMatchObject([{ severity: 'warning', code: 'channel-unknown', where: { param: 'types' } }]);
  });
});

describe('part names', () => {
  it('are given in order, and the ledger lists what they replace or add', async () => {
    await writeExr(join(folder, 'two.exr'), [
      { name: 'a', channels: ['R'] },
      { name: 'b', channels: ['Z:float'] },
    ]);
    const { run: done, file } = await pass('two.exr', { partNames: ['left'] });
    expect(Object.keys(sums(file))).toEqual(['left/R', 'b/Z']);
    expect(done.result!.ledger.map((e) => `${e.kind} ${e.item} ${e.name}: ${e.reason}`)).toEqual([
      'changed attribute a/name: a became left',
    ]);
    const named = await pass('scan.exr', { partNames: ['main'] });
    expect(named.run.result!.ledger.map((e) => `${e.kind} ${e.item} ${e.name}`)).toEqual(['added attribute name']);
  });

  it('that two parts share are refused before anything is written', async () => {
    const { run: done, out } = await pass('two.exr', { partNames: ['same', 'same'] });
    expect([done.exitCode, done.problems.map((p) => p.code)]).toEqual([3, ['part-duplicate']]);
    expect(existsSync(out)).toBe(false);
  });
});
