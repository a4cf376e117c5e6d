// Our deflate on real pictures: every file of the corpus without loss packed as ZIP is no larger than by level 4 of zlib.
import { deflateSync, inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { packChunk } from '../../engine/exr/chunk.ts';
import { ExrFile } from '../../engine/exr/file.ts';
import type { WritePart } from '../../engine/exr/header.ts';
import { layoutOf } from '../../engine/exr/layout.ts';
import { corpusFile, describeCorpus, exactReferences, unedited } from './corpus.ts';

describeCorpus('the corpus as ZIP', () => {
  test('all together 1 per cent smaller than by zlib, and no file of some size 1.5 per cent larger', () => {
    const total = { chunks: 0, ours: 0, theirs: 0 };
    for (const { file } of exactReferences()) {
      const source = ExrFile.open(corpusFile(file));
      let [ours, theirs] = [0, 0];
      for (const [number, stored] of unedited(source.header).entries()) {
        const part: WritePart = { ...stored, compression: 'zip' };
        const planes = source.readPart(number, {});
        const [level] = layoutOf(part).levels;
        for (let index = 0; index < level!.columns * level!.rows; index++) {
          const packed = packChunk(part, index, planes, { zipLevel: 4 });
          // A chunk that packing makes no smaller is stored as it is.
          if (packed[0] !== 0x78 || packed[1] !== 0x5e) continue;
          ours += packed.length;
          theirs += deflateSync(inflateSync(packed), { level: 4 }).length;
          total.chunks++;
        }
      }
      source.close();
      if (theirs > 50_000) expect(ours / theirs, file).toBeLessThan(1.015);
      total.ours += ours;
      total.theirs += theirs;
    }
    expect(total.chunks).toBe(3119);
    expect(total.ours / total.theirs).toBeLessThan(0.99);
  });
});
