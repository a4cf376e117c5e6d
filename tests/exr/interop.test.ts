// Interoperation: OpenImageIO and OpenEXR's own programs read what is written here and find the same samples.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { box } from '../../engine/base/box.ts';
import { encodeAttribute } from '../../engine/exr/attribute.ts';
import { packChunk } from '../../engine/exr/chunk.ts';
import { ExrFile } from '../../engine/exr/file.ts';
import type { WritePart } from '../../engine/exr/header.ts';
import { layoutOf } from '../../engine/exr/layout.ts';
import { LINE_ORDERS } from '../../engine/exr/shape.ts';
import { ExrWriter } from '../../engine/exr/writer.ts';
import { createPlane, planeBytes } from '../../engine/pixels/plane.ts';
import { corpusFile, describeCorpus, exactReferences, temporaryFolder } from './corpus.ts';
import { rewrite } from './rewrite.ts';

const METHODS = ['none', 'rle', 'zips', 'zip', 'piz'] as const;
const folder = temporaryFolder();

const has = (program: string): boolean => spawnSync(program, ['--help']).error === undefined;
/** A suite that needs the programs: skipped where they are absent, but never on the build server. */
const suite =
  (has('oiiotool') && has('exrheader')) || process.env['CI'] === 'true'
    ? describeCorpus
    : (title: string, body: () => void) => describe.skip(`${title} (skipped: no oiiotool, no exrheader)`, body);

/** SHA-1 sums of the samples of every part of every file, by file, as OpenImageIO reads them. */
function hashes(files: readonly string[], ...options: string[]): string[][] {
  const output = execFileSync('oiiotool', ['--hash', '-a', ...options, ...files], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  const found: string[][] = [];
  for (const line of output.split('\n')) {
    if (line.startsWith('/')) found.push([]);
    const sum = /SHA-1: ([0-9A-F]{40})/.exec(line);
    if (sum) found.at(-1)!.push(sum[1]!);
  }
  expect(found.length).toBe(files.length);
  return found;
}

suite('what OpenImageIO reads', () => {
  // OpenImageIO refuses subsampled channels.
  const files = (): string[] =>
    exactReferences()
      .filter(({ parts }) => parts.every((part) => !part.channels?.some(({ sampling }) => sampling[0] > 1)))
      .map(({ file }) => file);

  /** Sums of the corpus files, found once. */
  const known = new Map<string, string[]>();

  async function compare(name: string, change: (part: WritePart, i: number) => WritePart): Promise<number> {
    mkdirSync(join(folder, name));
    const originals: string[] = [];
    const targets: string[] = [];
    for (const [i, file] of files().entries()) {
      const source = ExrFile.open(corpusFile(file));
      const levels = source.header.parts.some(({ tiles }) => tiles && tiles.levels !== 'one');
      if (name !== 'tiles' || !levels) {
        const target = join(folder, name, `${i}.exr`);
        await rewrite(source, target, (part) => change(part, i));
        originals.push(corpusFile(file));
        targets.push(target);
      }
      source.close();
    }
    const unknown = originals.filter((file) => !known.has(file));
    if (unknown.length > 0) for (const [i, sums] of hashes(unknown).entries()) known.set(unknown[i]!, sums);
    const is = hashes(targets);
    expect(is).toEqual(originals.map((file) => known.get(file)));
    return is.flat().length;
  }

  test.each(METHODS)('files written again with %s have the same samples', async (compression) => {
    const parts = await compare(compression, (part, i) => ({ ...part, compression, lineOrder: LINE_ORDERS[i % 2]! }));
    expect(parts).toBe(73);
  });

  test('files written again in tiles, in all methods and orders, have the same samples', async () => {
    const tiles = { width: 50, height: 33, levels: 'one', rounding: 'down' } as const;
    const parts = await compare('tiles', (part, i) => ({
      ...part,
      type: 'tiledimage',
      tiles,
      compression: METHODS[i % 5]!,
      lineOrder: LINE_ORDERS[i % 3]!,
    }));
    expect(parts).toBe(71);
  });

  test('all levels of a multi-resolution file have the same samples', async () => {
    let compared = 0;
    for (const file of ['MirrorPattern', 'OrientationLatLong']) {
      const original = corpusFile(`openexr-images/MultiResolution/${file}.exr`);
      const target = join(folder, `${file}.exr`);
      const source = ExrFile.open(original);
      await rewrite(source, target, (part) => ({ ...part, compression: 'piz' }));
      const { levels } = layoutOf(source.header.parts[0]!);
      for (const { x } of levels) {
        const sums = hashes([target], '--selectmip', String(x));
        expect(sums).toEqual(hashes([original], '--selectmip', String(x)));
        compared++;
      }
      source.close();
    }
    expect(compared).toBe(21);
  });
});

suite('files made from nothing', () => {
  const part: WritePart = {
    name: 'deep thoughts',
    type: 'tiledimage',
    channels: [
      { name: 'R', type: 'half', sampling: { x: 1, y: 1 }, pLinear: 0 },
      { name: `${'long'.repeat(20)}.id`, type: 'uint', sampling: { x: 1, y: 1 }, pLinear: 0 },
    ],
    dataWindow: box(-10, -20, 60, 40),
    displayWindow: box(0, 0, 31, 31),
    compression: 'zip',
    lineOrder: 'random',
    tiles: { width: 16, height: 16, levels: 'rip', rounding: 'up' },
    attributes: [
      encodeAttribute('framesPerSecond', 'rational', '24000/1001'),
      encodeAttribute('timeCode', 'timecode', '01:02:03;04'),
      encodeAttribute('multiView', 'stringvector', ['left', 'right']),
    ],
  };

  test('are read by exrheader, with what they say', async () => {
    const target = join(folder, 'nothing.exr');
    const parts: WritePart[] = [part, { ...part, name: 'second', type: 'scanlineimage', lineOrder: 'decreasing' }];
    const writer = await ExrWriter.create(target, parts);
    for (const [number, one] of parts.entries()) {
      const layout = layoutOf(one);
      for (const level of layout.levels) {
        const planes = new Map(one.channels.map(({ name, type }) => [name, createPlane(type, level.box)]));
        for (const plane of planes.values()) planeBytes(plane).fill(7);
        for (let i = 0; i < level.columns * level.rows; i++) {
          await writer.put(number, level.firstChunk + i, packChunk(one, level.firstChunk + i, planes));
        }
      }
    }
    await writer.finish();
    const said = execFileSync('exrheader', [target], { encoding: 'utf8' });
    for (const line of [
      'name (type string): "deep thoughts"',
      'name (type string): "second"',
      'framesPerSecond (type rational): 24000/1001 (23.976)',
      'time 01:02:03:04',
      'drop frame 1',
      'rip-map',
      'tile size 16 by 16 pixels',
      'level sizes rounded up',
      'random y',
      'decreasing y',
      'dataWindow (type box2i): (-10 -20) - (60 40)',
    ]) {
      expect(said).toContain(line);
    }
    expect(hashes([target])[0]!.length).toBe(2);
  });
});
