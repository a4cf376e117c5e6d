// Reading: every sample of the corpus against the reference library, any region, and what is not read.
import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { box } from '../../engine/base/box.ts';
import { EngineError } from '../../engine/base/error.ts';
import { checksumChannels } from '../../engine/exr/checksum.ts';
import { ExrFile } from '../../engine/exr/file.ts';
import { layoutOf } from '../../engine/exr/layout.ts';
import { type Plane, planeBytes, sampleBytes, sampleCount } from '../../engine/pixels/plane.ts';
import { random } from '../base/random.ts';
import { corpusFile, describeCorpus, isFlat, readableReferences, references, temporaryFolder } from './corpus.ts';

/** What a call gives, or the error that it ends in. */
const attempt = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (thrown) {
    if (thrown instanceof EngineError) return thrown;
    throw thrown;
  }
};
const failure = (act: () => unknown): EngineError => {
  const outcome = attempt(act);
  if (outcome instanceof EngineError) return outcome;
  throw new Error('expected a failure');
};

describeCorpus('corpus truth', () => {
  test('every channel of every level of every readable file has the samples that the reference library finds', () => {
    const counts = { files: 0, parts: 0, levels: 0, channels: 0 };
    for (const { file, parts } of readableReferences()) {
      const opened = ExrFile.open(corpusFile(file));
      for (const [i, part] of parts.entries()) {
        const levels = part.levels ?? [{ level: [0, 0] as const, channels: part.channels! }];
        expect(layoutOf(opened.header.parts[i]!).levels.map(({ x, y }) => [x, y])).toEqual(levels.map((l) => l.level));
        for (const { level, channels } of levels) {
          const sums = checksumChannels(opened, i, { level: { x: level[0], y: level[1] } });
          expect([...sums], `${file} part ${i} level ${level}`).toEqual(channels.map((c) => [c.name, c.sha256]));
          counts.channels += channels.length;
          counts.levels++;
        }
        counts.parts++;
      }
      counts.files++;
      opened.close();
    }
    expect(counts).toEqual({ files: 70, parts: 97, levels: 125, channels: 588 });
  });

  test('deep parts are told apart from damage', () => {
    const codes = new Map<string, number>();
    for (const { file, parts } of references()) {
      const opened = ExrFile.open(corpusFile(file));
      for (const [i, part] of parts.entries()) {
        if (isFlat(part)) continue;
        const outcome = failure(() => opened.readPart(i));
        expect(outcome.where).toMatchObject({ file: corpusFile(file), part: i });
        codes.set(outcome.code, (codes.get(outcome.code) ?? 0) + 1);
      }
      opened.close();
    }
    expect(Object.fromEntries(codes)).toEqual({ 'exr-deep-unsupported': 4 });
  });

  test('a region read alone is that region of the whole, in any order of regions', () => {
    const { int, pick, chance } = random(11);
    const files = [
      'openexr-images/Chromaticities/Rec709_YC.exr',
      'openexr-images/Tiles/GoldenGate.exr',
      'openexr-images/MultiResolution/OrientationLatLong.exr',
      'openexr-images/Beachball/multipart.0001.exr',
      'openexr-tests/lineOrder_decreasing.exr',
      'openexr-tests/v1.7.test.1.exr',
      'methods/half_rle.exr',
      'methods/float_zip.exr',
    ];
    let samples = 0;
    for (const file of files) {
      const opened = ExrFile.open(corpusFile(file));
      const part = int(0, opened.header.parts.length - 1);
      const { channels, dataWindow: w } = opened.header.parts[part]!;
      const whole = opened.readPart(part);
      for (let round = 0; round < 25; round++) {
        const [x, y] = [int(w.minX - 9, w.maxX), int(w.minY - 9, w.maxY)];
        const region = box(x, y, int(x, w.maxX + 9), y + int(0, 40));
        const names = channels.map(({ name }) => name).filter(() => chance(0.6));
        const wanted = names.length > 0 ? names : [pick(channels).name];
        const planes = opened.readPart(part, { box: region, channels: wanted });
        expect([...planes.keys()]).toEqual(wanted);
        for (const [name, plane] of planes) {
          expectCut(plane, whole.get(name)!);
          samples += plane.samples.length;
        }
      }
      opened.close();
    }
    expect(samples).toBe(1_212_150);
  });

  test('the box is cut to the data window; outside of it there is nothing', () => {
    const opened = ExrFile.open(corpusFile('openexr-tests/v1.7.test.1.exr'));
    const { dataWindow } = opened.header.parts[0]!;
    const all = opened.readPart(0, { box: box(-1000, -1000, 1000, 1000) });
    for (const plane of all.values()) expect(plane.box).toEqual(dataWindow);
    for (const plane of opened.readPart(0, { box: box(0, 0, 5, 5) }).values()) {
      expect(plane.samples.length).toBe(0);
    }
    expect(opened.readPart(0, { channels: [] }).size).toBe(0);
    opened.close();
  });

  test('NaNs keep their bits', () => {
    const opened = ExrFile.open(corpusFile('openexr-images/TestImages/AllHalfValues.exr'));
    const { samples } = opened.readPart(0).get('R')!;
    expect(new Set(samples).size).toBe(65536);
    opened.close();
  });
});

describeCorpus('what is read', () => {
  const folder = temporaryFolder();
  const band = (top: number, bottom: number) => ({ channels: ['G'], box: box(0, top, 586, bottom) });

  test('a chunk that two reads share is unpacked once', () => {
    const target = join(folder, 'shared.exr');
    copyFileSync(corpusFile('openexr-tests/comp_zip.exr'), target);
    const opened = ExrFile.open(target);
    const { samples } = opened.readPart(0, band(0, 15)).get('G')!;
    opened.readPart(0, band(0, 7));
    truncateSync(target, 2000);
    expect(opened.readPart(0, band(8, 15)).get('G')!.samples).toEqual(samples.slice(8 * 587));
    expect(failure(() => opened.readPart(0, { ...band(8, 15), channels: ['R'] })).code).toBe('file-changed');
    expect(failure(() => opened.readPart(0, band(16, 31))).code).toBe('file-changed');
    opened.close();
  });

  test('a damaged chunk hurts only those who want it, and is named', () => {
    const target = join(folder, 'hurt.exr');
    copyFileSync(corpusFile('openexr-tests/comp_zip.exr'), target);
    const whole = ExrFile.open(target);
    const { offset, headBytes, dataBytes } = whole.table.locate(0, 3);
    const expected = whole.readPart(0, band(0, 47)).get('G')!.samples;
    whole.close();
    const bytes = readFileSync(target);
    writeFileSync(target, bytes.fill(0x55, offset + headBytes, offset + headBytes + dataBytes));
    const opened = ExrFile.open(target);
    expect(opened.readPart(0, band(0, 47)).get('G')!.samples).toEqual(expected);
    opened.readPart(0, band(64, 674));
    const { code, where } = failure(() => opened.readPart(0, band(0, 48)));
    expect(code).toBe('exr-compressed-data');
    expect(where).toMatchObject({ file: target, part: 0, chunk: 3 });
    opened.close();
  });
});

/** Asserts that a plane is the part of `whole` that its box says. */
function expectCut(plane: Plane, whole: Plane): void {
  const { x, y } = plane.sampling;
  expect(plane.columns).toBe(sampleCount(x, plane.box.minX, plane.box.maxX));
  expect(plane.rows).toBe(sampleCount(y, plane.box.minY, plane.box.maxY));
  const size = sampleBytes(plane.type);
  const left = Math.ceil(plane.box.minX / x) - Math.ceil(whole.box.minX / x);
  const top = Math.ceil(plane.box.minY / y) - Math.ceil(whole.box.minY / y);
  const [own, all] = [Buffer.from(planeBytes(plane)), Buffer.from(planeBytes(whole))];
  let equal = true;
  for (let row = 0; row < plane.rows; row++) {
    const start = ((top + row) * whole.columns + left) * size;
    const end = start + plane.columns * size;
    equal &&= own.compare(all, start, end, row * plane.columns * size, (row + 1) * plane.columns * size) === 0;
  }
  expect(equal).toBe(true);
}

describe('what cannot be opened', () => {
  test('a missing file, a folder and a device', () => {
    expect(failure(() => ExrFile.open('/nowhere/at/all.exr')).code).toBe('file-not-found');
    expect(failure(() => ExrFile.open('/')).code).toBe('file-not-regular');
    expect(failure(() => ExrFile.open('/dev/null')).code).toBe('file-not-regular');
  });
});

describeCorpus('what cannot be asked for', () => {
  test('parts, channels, levels and chunks that are not there, and a closed file', () => {
    const opened = ExrFile.open(corpusFile('openexr-images/Tiles/GoldenGate.exr'));
    expect(failure(() => opened.readPart(1)).code).toBe('exr-part-missing');
    expect(failure(() => opened.readPart(0, { channels: ['Z'] })).message).toBe(
      'Expected one of the channels B, G, R, found "Z".',
    );
    expect(failure(() => opened.readPart(0, { level: { x: 1, y: 1 } })).code).toBe('exr-level-missing');
    expect(failure(() => opened.chunk(0, 100_000)).code).toBe('exr-chunk-missing');
    opened.close();
    opened.close();
    expect(failure(() => opened.readPart(0)).message).toContain('closed');
  });
});
