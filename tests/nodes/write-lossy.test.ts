// Write EXR with lossy methods: what the ledger tells of each channel, levels, the level's attribute, and copies.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { box } from '../../engine/base/box.ts';
import { decodeAttribute, encodeAttribute } from '../../engine/exr/attribute.ts';
import { packChunk } from '../../engine/exr/chunk.ts';
import { ExrFile } from '../../engine/exr/file.ts';
import type { WritePart } from '../../engine/exr/header.ts';
import { layoutOf } from '../../engine/exr/layout.ts';
import { ExrWriter } from '../../engine/exr/writer.ts';
import { createPlane } from '../../engine/pixels/plane.ts';
import { digest } from '../run/files.ts';
import { writing } from './writing.ts';

const { folder, pass } = writing();

const WINDOW = box(-3, 2, 96, 90);
const CHANNELS = ['A:half', 'B:half', 'G:half', 'N.Y:float', 'R:half', 'Z:float', 'id:uint'];
const SAMPLES = 100 * 89;

/** Slopes with a little grain, in a file of ZIP or another method. */
async function slopes(name: string, compression: WritePart['compression'], level?: number): Promise<void> {
  const channels = CHANNELS.map((text) => {
    const [channel, type] = text.split(':') as [string, 'half' | 'float' | 'uint'];
    return { name: channel, type, sampling: { x: 1, y: 1 }, pLinear: 0 };
  });
  const part: WritePart = {
    type: 'scanlineimage',
    channels,
    dataWindow: WINDOW,
    displayWindow: WINDOW,
    compression,
    lineOrder: 'increasing',
    attributes: level === undefined ? [] : [encodeAttribute('dwaCompressionLevel', 'float', level)],
  };
  const planes = new Map(
    channels.map(({ name, type }) => {
      const plane = createPlane(type, WINDOW);
      plane.samples.forEach((_, i) => {
        const step = (i % 100) * 3 + Math.floor(i / 100) * 2 + ((i * 7919) % 97);
        plane.samples[i] = type === 'half' ? 0x3400 + step : type === 'float' ? 0.2 + step / 977 : step * 1000;
      });
      return [name, plane];
    }),
  );
  const writer = await ExrWriter.create(join(folder, name), [part]);
  for (let i = 0; i < layoutOf(part).chunkCount; i++) await writer.put(0, i, packChunk(part, i, planes));
  await writer.finish();
}

beforeAll(async () => {
  await slopes('slopes.exr', 'zip');
  await slopes('dwa.exr', 'dwaa', 45);
});

/** The level that a file states. */
function levelOf(path: string): unknown {
  const file = ExrFile.open(path);
  const stated = file.part(0).attributes.find(({ name }) => name === 'dwaCompressionLevel');
  file.close();
  return stated && decodeAttribute(stated);
}

/** How many samples of each channel differ between two files. */
function differing(a: string, b: string): Record<string, number> {
  const [one, other] = [ExrFile.open(a), ExrFile.open(b)];
  const [x, y] = [one.readPart(0), other.readPart(0)];
  for (const file of [one, other]) file.close();
  const counts = [...x].map(([name, { samples }]): [string, number] => {
    const theirs = y.get(name)!.samples;
    return [name, Array.from(samples).filter((value, i) => value !== theirs[i]).length];
  });
  return Object.fromEntries(counts.filter(([, count]) => count !== 0));
}

const LOSING: Readonly<Record<string, readonly string[]>> = {
  pxr24: ['N.Y', 'Z'],
  b44: ['A', 'B', 'G', 'R'],
  b44a: ['A', 'B', 'G', 'R'],
  dwaa: ['B', 'G', 'N.Y', 'R'],
  dwab: ['B', 'G', 'N.Y', 'R'],
};

describe('the ledger', () => {
  it.each(Object.entries(LOSING))('counts what %s changes, channel by channel', async (compression, losing) => {
    const { run: done, file } = await pass('slopes.exr', { compression });
    expect(done.exitCode, JSON.stringify(done.problems)).toBe(0);
    const told = done.result!.ledger.filter(({ kind }) => kind === 'converted');
    const changed = differing(join(folder, 'slopes.exr'), file);
    expect(Object.keys(changed)).toEqual([...losing]);
    expect(Object.fromEntries(told.map(({ name, altered }) => [name, altered]))).toEqual(changed);
    for (const { item, from, sink, reason, samples } of told) {
      expect([item, from, sink, reason, samples]).toEqual(['channel', 'w', 'w', `packed as ${compression}`, SAMPLES]);
    }
    const dry = await pass('slopes.exr', { compression }, { dryRun: true });
    const foretold = dry.run.result!.ledger.filter(({ kind }) => kind === 'converted');
    expect(foretold.map(({ name, reason }) => [name, reason])).toEqual(
      losing.map((name) => [name, `would be packed as ${compression}`]),
    );
  });

  it('says nothing of chunks that are copied, at whatever level they would be packed', async () => {
    for (const write of [{}, { compression: 'dwaa' }, { compression: 'dwaa', dwaLevel: 300 }]) {
      const { run: done, file } = await pass('dwa.exr', write);
      expect([done.exitCode, done.result!.ledger]).toEqual([0, []]);
      expect(digest(file)).toBe(digest(join(folder, 'dwa.exr')));
    }
  });
});

describe('levels', () => {
  it('a higher one makes a smaller file, and nothing says which it was where nothing did', async () => {
    const files = await Promise.all(
      [0, 45, 2000].map((dwaLevel) => pass('slopes.exr', { compression: 'dwab', dwaLevel })),
    );
    const sizes = files.map(({ file }) => statSync(file).size);
    expect(sizes.toSorted((a, b) => b - a)).toEqual(sizes);
    for (const { file } of files) expect(levelOf(file)).toBeUndefined();
  });

  it('the attribute that states a level follows it where samples are packed', async () => {
    const { run: done, file } = await pass('dwa.exr', { compression: 'dwab', dwaLevel: 80 });
    expect(levelOf(file)).toBe(80);
    expect(done.result!.ledger.filter(({ item }) => item === 'attribute')).toEqual([
      expect.objectContaining({ kind: 'changed', name: 'dwaCompressionLevel', reason: 'replaced by w' }),
    ]);
    const kept = await pass('dwa.exr', { compression: 'zip', dwaLevel: 80 });
    expect(levelOf(kept.file)).toBe(45);
    expect(differing(join(folder, 'dwa.exr'), kept.file)).toEqual({});
  });
});

it.each(Object.keys(LOSING))(
  '%s is the same with any number of workers, in scan lines and tiles',
  async (compression) => {
    for (const layout of [{}, { layout: 'tiles', tileSize: [33, 20] }]) {
      const digests = new Set<string>();
      for (const jobs of [0, 1, 3]) {
        const { run: done, file } = await pass('slopes.exr', { compression, ...layout }, { jobs });
        expect(done.exitCode).toBe(0);
        digests.add(digest(file));
      }
      expect(digests.size).toBe(1);
    }
  },
);
