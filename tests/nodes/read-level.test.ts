// Levels of mip and rip maps read as the image: every one of the corpus, and what is said where there is none.
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Box } from '../../engine/base/box.ts';
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
        const box = ({ minX, minY, maxX, maxY }: Box): string => `(${minX}, ${minY}) - (${maxX}, ${maxY})`;
        expect(lost.map(({ name, reason }) => `${name}: ${reason}`)).toEqual([
          `${mode} levels: r: level ${level.join(', ')} is read`,
          `dataWindow: ${box(dataWindow)} became ${box(part!.dataWindow)}`,
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

describe('a part of one level', () => {
  test('has no other', async () => {
    await writeExr(join(folder, 'flat.exr'), [{ channels: ['R'] }]);
    const done = await run(reading('flat.exr', [1, 1]), folder, { range: '1' });
    expect(done.exitCode).toBe(3);
    expect(done.problems[0]!.message).toBe('#0 has no level 1, 1, but no other than the full one.');
  });
});
