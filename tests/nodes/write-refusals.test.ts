// Write EXR: all that it refuses to write over or into, told before anything is written.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders as people type them are what is tested
import { existsSync, linkSync, mkdirSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { box } from '../../engine/base/box.ts';
import { encodeAttribute } from '../../engine/exr/attribute.ts';
import { checkGraph } from '../../engine/run/run.ts';
import { nodes as builtIn } from '../../nodes/index.ts';
import { digest, filesBelow, run, writeExr } from '../run/files.ts';
import { graph } from '../run/graph.ts';
import { writing } from './writing.ts';

const { folder, pass } = writing();

describe('parameters that mean nothing for this image', () => {
  it('are warnings: names without parts, a random order of scan lines', async () => {
    const { run: done } = await pass('scan.exr', { partNames: ['one', 'two'], lineOrder: 'random' });
    expect(done.exitCode).toBe(0);
    expect(done.problems.map((p) => [p.severity, p.code, p.where.param])).toEqual([
      ['warning', 'part-unknown', 'partNames'],
      ['warning', 'param-invalid', 'lineOrder'],
    ]);
    expect(done.problems[0]!.message).toContain('partNames has 2 names for 1 part: two is given to none.');
    expect((await pass('tiles.exr', { lineOrder: 'random' })).run.problems).toEqual([]);
  });
});

// Node makes folders there without end when it is asked for all of a path at once.
describe.skipIf(!existsSync('/proc/self'))('a folder in which nothing can be made', () => {
  it('is an error and not a hang', async () => {
    const { run: done } = await pass('scan.exr', { path: '/proc/sluice/deep/o.exr' });
    expect([done.exitCode, done.result?.outcomes.map((o) => o.error?.code)]).toEqual([1, ['file-not-found']]);
  }, 10_000);
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

describe('channels with fewer samples than pixels', () => {
  const chroma = ['Y', 'RY:half/2', 'BY:half/2'];
  const window = box(0, 0, 43, 49);
  const lines = { op: 'setParam', node: 'w', name: 'layout', value: 'scanlines' };
  const plain = { op: 'setParam', node: 'w', name: 'levels', value: 'keep' };
  const tiled = 'Write scan lines, or make R, G, B of them with Luminance-chroma to RGB.';
  const leveled = 'Write no levels, or make R, G, B of them with Luminance-chroma to RGB.';

  it.each([
    [{ layout: 'tiles' }, 'layout', tiled, 'Write scan lines', [lines]],
    [{ layout: 'tiles', levels: 'ripmap' }, 'layout', tiled, 'Write scan lines without levels', [lines, plain]],
    [{ levels: 'mipmap' }, 'levels', leveled, 'Write no levels', [plain]],
  ])('are refused with %j, and written with the fix', async (params, param, advice, title, edits) => {
    await writeExr(join(folder, 'chroma.exr'), [{ channels: chroma, window }]);
    const { run: done, out } = await pass('chroma.exr', params);
    expect([done.exitCode, existsSync(out)]).toEqual([3, false]);
    expect(done.problems.map(({ severity, code, where }) => [severity, code, where.param])).toEqual([
      ['error', 'exr-cannot-write', param],
    ]);
    const [problem] = done.problems;
    const why = 'OpenEXR has channels with fewer samples than pixels in scan lines alone';
    expect(problem!.message).toContain(`#0: ${why}, and BY, RY are such.`);
    expect(problem!.message).toContain(advice);
    expect(problem!.fixes).toEqual([{ title, edits }]);
    const mended = Object.fromEntries(edits.map(({ name, value }) => [name, value]));
    expect((await pass('chroma.exr', { ...params, ...mended })).run).toMatchObject({ exitCode: 0, problems: [] });
  });

  it('are refused where the layout is kept from a source in tiles', async () => {
    await writeExr(join(folder, 'chroma.exr'), [{ channels: chroma, window }]);
    await writeExr(join(folder, 'even.exr'), [{ channels: ['A'], window, tiles: [16, 16] }]);
    const document = graph(
      {
        t: { type: 'io.read', params: { path: 'even.exr' } },
        c: { type: 'io.read', params: { path: 'chroma.exr' } },
        n: { type: 'channel.shuffle', params: { rows: ['t', 'c'].map((from) => ({ to: '*', from: `${from}:*` })) } },
        w: { type: 'io.write', params: { path: 'kept/o.exr' } },
      },
      ['t.image > n.sources.t', 'c.image > n.sources.c', 'n.image > w.image'],
    );
    const done = await run(document, folder);
    expect([done.exitCode, existsSync(join(folder, 'kept'))]).toEqual([3, false]);
    expect(done.problems.map(({ code, where, fixes }) => [code, where.param, fixes![0]!.edits])).toEqual([
      ['exr-cannot-write', 'layout', [lines]],
    ]);
  });

  it('are not told to get levels again that their source had', async () => {
    await writeExr(join(folder, 'full.exr'), [{ channels: ['R', 'G', 'B', 'A'], window }]);
    const first = await pass('full.exr', { path: 'full-mip.exr', layout: 'tiles', levels: 'mipmap' }, { range: '1' });
    expect(first.run.exitCode).toBe(0);
    const document = graph(
      {
        r: { type: 'io.read', params: { path: 'full-mip.exr' } },
        n: { type: 'color.toChroma' },
        w: { type: 'io.write', params: { path: 'few/o.exr' } },
      },
      ['r.image > n.image', 'n.image > w.image'],
    );
    const done = await run(document, folder, { range: '1' });
    expect(done.exitCode).toBe(0);
    expect(done.problems.map(({ code, fixes }) => [code, fixes])).toEqual([['levels-lost', undefined]]);
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
