// Write EXR: copies of chunks, every way to store a part, types, names, and all that it refuses to write over.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders as people type them are what is tested
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { box } from '../../engine/base/box.ts';
import type { Json } from '../../engine/base/canonical.ts';
import { encodeAttribute } from '../../engine/exr/attribute.ts';
import { ExrFile } from '../../engine/exr/file.ts';
import { layoutOf } from '../../engine/exr/layout.ts';
import type { GraphRun, RunGraphOptions } from '../../engine/run/run.ts';
import { checkGraph } from '../../engine/run/run.ts';
import { nodes as builtIn } from '../../nodes/index.ts';
import { digest, filesBelow, headerBytes, run, sums, temporary, text, writeExr, writeSequence } from '../run/files.ts';
import { graph } from '../run/graph.ts';

const folder = temporary();
const CHANNELS = ['A', 'B:float', 'G', 'R', 'id:uint'] as const;
beforeAll(async () => {
  await writeExr(join(folder, 'scan.exr'), [{ channels: CHANNELS, attributes: [text('owner', 'me')] }]);
  await writeExr(join(folder, 'tiles.exr'), [{ channels: CHANNELS, tiles: [17, 13], compression: 'piz' }]);
  await writeSequence(join(folder, 'seq'), 'x.%04d.exr', [1, 2, 3], { channels: ['R'] });
});

let outputs = 0;
interface Passed {
  readonly run: GraphRun;
  readonly out: string;
  readonly file: string;
}
async function pass(
  read: string,
  write: Readonly<Record<string, Json>>,
  more: Partial<RunGraphOptions> = {},
): Promise<Passed> {
  const out = `out${outputs++}`;
  const params = { path: `${out}/o.%04d.exr`, ...write };
  const document = graph({ r: { type: 'io.read', params: { path: read } }, w: { type: 'io.write', params } }, [
    'r.image > w.image',
  ]);
  const done = await run(document, folder, more);
  return { run: done, out: join(folder, out), file: join(folder, out, 'o.0001.exr') };
}

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
    const document = graph(
      {
        r: { type: 'io.read', params: { path: 'scan.exr' } },
        n: node as never,
        w: { type: 'io.write', params: { path: `out${outputs}/o.exr` } },
      },
      [`r.image > n.${port}`, 'n.image > w.image'],
    );
    const done = await run(document, folder, { jobs: 1, worker: new URL('file:///no/such/worker.ts') });
    // Renaming goes through Shuffle, which keeps chunks only for whole parts: then the worker is asked for.
    if (port === 'image') {
      expect(done.exitCode).toBe(0);
      expect(chunksOf(join(folder, `out${outputs}`, 'o.exr'))).toEqual(chunksOf(join(folder, 'scan.exr')));
    } else expect([0, 1]).toContain(done.exitCode);
    outputs += 1;
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

describe('files that are there already', () => {
  it('stay as they are, unless they may be replaced', async () => {
    const { out, file } = await pass('scan.exr', {});
    utimesSync(file, 1000, 1000);
    const path = { path: `${out}/o.%04d.exr` };
    const refused = await pass('scan.exr', path);
    expect([refused.run.exitCode, refused.run.problems.map((p) => p.code)]).toEqual([3, ['file-exists']]);
    expect(statSync(file).mtimeMs).toBe(1_000_000);
    expect(refused.run.problems[0]!.fixes?.map((f) => f.edits)).toEqual([
      [{ op: 'setParam', node: 'w', name: 'overwrite', value: 'replace' }],
    ]);
    const replaced = await pass('tiles.exr', { ...path, overwrite: 'replace' });
    expect(replaced.run.exitCode).toBe(0);
    expect(digest(file)).toBe(digest(join(folder, 'tiles.exr')));
  });

  it('an input is never replaced: by its name, other spellings, links, other frames', async () => {
    const before = [1, 2, 3].map((f) => digest(join(folder, 'seq', `x.000${f}.exr`)));
    symlinkSync(join(folder, 'seq'), join(folder, 'linked'));
    mkdirSync(join(folder, 'sly'));
    for (const f of [1, 2, 3]) symlinkSync(join(folder, 'seq', `x.000${f}.exr`), join(folder, 'sly', `y.000${f}.exr`));
    const spellings = [
      'seq/x.%04d.exr',
      './seq/../seq/x.####.exr',
      join(folder, 'seq', 'x.%04d.exr'),
      'linked/x.%04d.exr',
      'sly/y.%04d.exr',
    ];
    for (const path of spellings) {
      const { run: done } = await pass('seq/x.%04d.exr', { path, overwrite: 'replace', compression: 'none' });
      expect([done.exitCode, done.problems.map((p) => p.code)]).toEqual([3, ['overwrites-input']]);
    }
    // One frame is read, another one of its sequence would be written over.
    const shifted = graph(
      {
        r: { type: 'io.read', params: { path: 'seq/x.%04d.exr', offset: 1 } },
        w: { type: 'io.write', params: { path: 'seq/x.%04d.exr', overwrite: 'replace' } },
      },
      ['r.image > w.image'],
    );
    const done = await run(shifted, folder, { range: '2' });
    expect([done.exitCode, done.problems.map((p) => p.code)]).toEqual([3, ['overwrites-input']]);
    expect([1, 2, 3].map((f) => digest(join(folder, 'seq', `x.000${f}.exr`)))).toEqual(before);
    expect(spellings).toHaveLength(5);
  });

  it('an input whose path holds the frame is known at every frame', async () => {
    const before = [1, 2, 3].map((f) => digest(join(folder, 'seq', `x.000${f}.exr`)));
    const document = graph(
      {
        r: { type: 'io.read', params: { path: 'seq/x.${frame:4}.exr' } },
        w: { type: 'io.write', params: { path: 'seq/x.%04d.exr', overwrite: 'replace', compression: 'none' } },
      },
      ['r.image > w.image'],
    );
    expect((await run(document, folder, { range: '1-3' })).exitCode).toBe(3);
    const later = {
      ...document,
      nodes: {
        ...document.nodes,
        w: { ...document.nodes['w']!, params: { ...document.nodes['w']!.params, path: 'fresh/x.0001.exr' } },
      },
    };
    expect(await run(later, folder, { range: '1' })).toMatchObject({ exitCode: 0, problems: [] });
    expect([1, 2, 3].map((f) => digest(join(folder, 'seq', `x.000${f}.exr`)))).toEqual(before);
  });

  it('a second name for an input on disk gets a file of its own, and the input stays', async () => {
    const source = join(folder, 'seq', 'x.0001.exr');
    const before = digest(source);
    linkSync(source, join(folder, 'hard.0001.exr'));
    const { run: done } = await pass('seq/x.0001.exr', {
      path: 'hard.%04d.exr',
      overwrite: 'replace',
      compression: 'none',
    });
    expect(done.exitCode).toBe(0);
    expect(digest(source)).toBe(before);
    expect(statSync(source).ino).not.toBe(statSync(join(folder, 'hard.0001.exr')).ino);
  });
});

describe('paths that cannot be', () => {
  it('two sinks on one path are refused, whatever the spelling, before anything is written', async () => {
    mkdirSync(join(folder, 'twins'));
    const w = (path: string) => ({ type: 'io.write', params: { path } });
    for (const second of ['twins/o.%04d.exr', './twins/../twins/o.####.exr', 'twins/o.%d.exr']) {
      const document = graph(
        {
          r: { type: 'io.read', params: { path: 'seq/x.%04d.exr', offset: 1000 } },
          w1: w('twins/o.%04d.exr'),
          w2: w(second),
        },
        ['r.image > w1.image', 'r.image > w2.image'],
      );
      const done = await run(document, folder);
      expect([done.exitCode, done.problems.map((p) => [p.code, p.where.node])]).toEqual([
        3,
        [['pattern-no-frame', 'w2']],
      ]);
    }
    expect(filesBelow(join(folder, 'twins'))).toEqual([]);
  });

  it('a path without a frame token holds one frame only, and the fix puts one in', async () => {
    const { run: done, out } = await pass('seq/x.%04d.exr', { path: 'one/o.exr' });
    expect([done.exitCode, done.problems.map((p) => p.code)]).toEqual([3, ['pattern-no-frame']]);
    expect(done.problems[0]!.fixes![0]!.edits).toEqual([
      { op: 'setParam', node: 'w', name: 'path', value: 'one/o.%04d.exr' },
    ]);
    expect(existsSync(out)).toBe(false);
    expect((await pass('seq/x.%04d.exr', { path: 'one/o.exr' }, { range: '2' })).run.exitCode).toBe(0);
  });

  it('a folder that cannot be made, or is not to be made, is told before the run', async () => {
    writeFileSync(join(folder, 'in-the-way'), '');
    const blocked = await pass('scan.exr', { path: 'in-the-way/deeper/o.%04d.exr' });
    expect([blocked.run.exitCode, blocked.run.problems.map((p) => [p.code, p.where.file])]).toEqual([
      3,
      [['file-not-found', join(folder, 'in-the-way')]],
    ]);
    const unmade = await pass('scan.exr', { path: 'unmade/o.%04d.exr', createFolders: false });
    expect([unmade.run.exitCode, unmade.run.problems.map((p) => p.code)]).toEqual([3, ['file-not-found']]);
    expect(existsSync(join(folder, 'unmade'))).toBe(false);
  });

  it('a folder that stands where the file goes is an error of the frame, and nothing is left', async () => {
    mkdirSync(join(folder, 'dir', 'o.0001.exr'), { recursive: true });
    const { run: done } = await pass('scan.exr', { path: 'dir/o.%04d.exr', overwrite: 'replace' });
    expect(done.exitCode).toBe(1);
    expect(done.result!.outcomes[0]!.error!.code).toBe('file-not-regular');
    expect(filesBelow(join(folder, 'dir'))).toEqual([]);
  });

  it('are found by checking alone, which writes nothing', async () => {
    const document = graph(
      {
        r: { type: 'io.read', params: { path: 'seq/x.%04d.exr' } },
        w: { type: 'io.write', params: { path: 'seq/x.%04d.exr', overwrite: 'replace' } },
      },
      ['r.image > w.image'],
    );
    const checked = await checkGraph({ document, folder, nodes: builtIn });
    expect([checked.exitCode, checked.problems.map((p) => p.code)]).toEqual([3, ['overwrites-input']]);
  });
});

describe('refusals', () => {
  it('no channel, no part, a wrong shape in a file of several parts: nothing is written', async () => {
    await writeExr(join(folder, 'wide.exr'), [
      { channels: ['R'], display: box(0, 0, 99, 99), attributes: [encodeAttribute('pixelAspectRatio', 'float', 2)] },
    ]);
    const documents = [
      graph(
        {
          r: { type: 'io.read', params: { path: 'scan.exr' } },
          n: { type: 'channel.shuffle', params: { rows: [], others: 'drop' } },
          w: { type: 'io.write', params: { path: 'none/o.exr' } },
        },
        ['r.image > n.sources.a', 'n.image > w.image'],
      ),
      graph(
        {
          a: { type: 'io.read', params: { path: 'scan.exr' } },
          b: { type: 'io.read', params: { path: 'wide.exr' } },
          n: { type: 'part.assemble' },
          w: { type: 'io.write', params: { path: 'none/o.exr' } },
        },
        ['a.image > n.parts.a', 'b.image > n.parts.b', 'n.image > w.image'],
      ),
    ];
    for (const document of documents) {
      const done = await run(document, folder);
      expect(done.exitCode).toBe(3);
      expect(done.problems.every((p) => p.where.node === 'n' || p.where.node === 'w')).toBe(true);
    }
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });
});
