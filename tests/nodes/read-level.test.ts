// Levels of mip and rip maps read as the image: every one of the corpus, and what is said where there is none.
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { box, boxText } from '../../engine/base/box.ts';
import { checksumChannels } from '../../engine/exr/checksum.ts';
import { ExrFile } from '../../engine/exr/file.ts';
import { corpusFile, describeCorpus, isFlat, references } from '../exr/corpus.ts';
import { run, temporary, writeExr } from '../run/files.ts';
import { graph } from '../run/graph.ts';

const folder = temporary();

const reading = (path: string, level: readonly [number, number]) =>
  graph(
    {
      r: { type: 'io.read', params: { path, level: [...level] } },
      w: { type: 'io.write', params: { path: 'out.exr', overwrite: 'replace' } },
    },
    ['r.image > w.image'],
  );

describeCorpus('levels of real files', () => {
  test('each comes out as a file of one level with the samples of the reference library', async () => {
    const counts = { files: 0, levels: 0, channels: 0 };
    for (const { file, parts } of references()) {
      const levels = parts.length === 1 && isFlat(parts[0]!) ? (parts[0]!.levels ?? []) : [];
      if (levels.length < 2) continue;
      const source = ExrFile.open(corpusFile(file));
      const { dataWindow, tiles } = source.header.parts[0]!;
      const mode = tiles!.levels;
      source.close();
      for (const { level, channels } of levels) {
        if (level[0] === 0 && level[1] === 0) continue;
        const done = await run(reading(corpusFile(file), level), folder, { range: '1' });
        expect(done.exitCode, JSON.stringify(done.problems)).toBe(0);
        const out = ExrFile.open(join(folder, 'out.exr'));
        const [part] = out.header.parts;
        expect(part!.tiles).toMatchObject({ levels: 'one' });
        expect([...checksumChannels(out, 0)]).toEqual(channels.map(({ name, sha256 }) => [name, sha256]));
        out.close();
        const lost = done.result!.ledger.filter(({ kind }) => kind === 'lost');
        expect(lost.map(({ name, reason }) => `${name}: ${reason}`)).toEqual([
          `${mode} levels: r: level ${level.join(', ')} is read`,
          `dataWindow: ${boxText(dataWindow)} became ${boxText(part!.dataWindow)}`,
        ]);
        counts.levels++;
        counts.channels += channels.length;
      }
      counts.files++;
    }
    expect(counts).toEqual({ files: 3, levels: 28, channels: 103 });
  });

  test('windows keep their corner and their proportion', async () => {
    const name = corpusFile('openexr-images/MultiResolution/MirrorPattern.exr');
    const source = ExrFile.open(name);
    const { dataWindow, displayWindow } = source.header.parts[0]!;
    source.close();
    expect(dataWindow).toEqual(displayWindow);
    await run(reading(name, [2, 2]), folder, { range: '1' });
    const out = ExrFile.open(join(folder, 'out.exr'));
    expect(out.header.parts[0]!.displayWindow).toEqual(out.header.parts[0]!.dataWindow);
    out.close();
  });

  test('a level that is not there is an error with the last one as a choice', async () => {
    const name = corpusFile('openexr-images/MultiResolution/MirrorPattern.exr');
    const done = await run(reading(name, [1, 30]), folder, { range: '1' });
    expect(done.exitCode).toBe(3);
    const [problem] = done.problems;
    expect(problem).toMatchObject({ severity: 'error', code: 'exr-level-missing', where: { param: 'level' } });
    expect(problem!.fixes!.map(({ title }) => title)).toEqual(['Read full resolution', 'Read level 9, 9']);
  });
});

describe('parts of one file with windows of their own', () => {
  const [BIG, SMALL, DISPLAY] = [box(-3, 5, 40, 54), box(6, 10, 25, 30), box(-4, 4, 41, 56)];
  const LEVELS = [
    { levels: 'mipmap', level: [1, 1], windows: [box(-3, 5, 18, 29), box(1, 7, 10, 16)], display: box(-4, 4, 18, 29) },
    { levels: 'mipmap', level: [2, 2], windows: [box(-3, 5, 7, 16), box(-1, 6, 3, 10)], display: box(-4, 4, 6, 16) },
    { levels: 'ripmap', level: [0, 2], windows: [box(-3, 5, 40, 16), box(6, 6, 25, 10)], display: box(-4, 4, 41, 16) },
  ] as const;

  test.each(LEVELS)('keep their places beside each other and one display window: $levels $level', async (expected) => {
    await writeExr(join(folder, 'parts.exr'), [
      { name: 'big', channels: ['R', 'Z:float'], window: BIG, display: DISPLAY },
      { name: 'small', channels: ['R', 'id:uint'], window: SMALL, display: DISPLAY },
    ]);
    const tiles = { layout: 'tiles', tileSize: [8, 8], levels: expected.levels };
    const made = graph(
      {
        r: { type: 'io.read', params: { path: 'parts.exr' } },
        w: { type: 'io.write', params: { path: 'levels.exr', overwrite: 'replace', ...tiles } },
      },
      ['r.image > w.image'],
    );
    expect((await run(made, folder, { range: '1' })).exitCode).toBe(0);
    const done = await run(reading('levels.exr', expected.level), folder, { range: '1' });
    expect(done.exitCode, JSON.stringify(done.result?.outcomes)).toBe(0);
    const [source, out] = ['levels.exr', 'out.exr'].map((name) => ExrFile.open(join(folder, name)));
    const [x, y] = expected.level;
    for (const [part, { dataWindow, displayWindow, channels }] of out!.header.parts.entries()) {
      expect([boxText(dataWindow), boxText(displayWindow)]).toEqual(
        [expected.windows[part]!, expected.display].map(boxText),
      );
      const [stored, read] = [source!.readPart(part, { level: { x, y } }), out!.readPart(part)];
      expect(channels).toHaveLength(2);
      for (const { name } of channels) expect(read.get(name)!.samples).toEqual(stored.get(name)!.samples);
    }
    source!.close();
    out!.close();
  });
});

describe('a part of one level', () => {
  test('has no other', async () => {
    await writeExr(join(folder, 'flat.exr'), [{ channels: ['R'] }]);
    const done = await run(reading('flat.exr', [1, 1]), folder, { range: '1' });
    expect(done.exitCode).toBe(3);
    expect(done.problems[0]!.message).toBe('#0 has no level 1, 1, but no other than the full one.');
  });
});
