// Write EXR with HTJ2K: every sample comes back, with any number of workers; chunks are copied under new names; black is small.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { box } from '../../engine/base/box.ts';
import type { Json } from '../../engine/base/canonical.ts';
import { packChunk } from '../../engine/exr/chunk.ts';
import { ExrFile } from '../../engine/exr/file.ts';
import type { WritePart } from '../../engine/exr/header.ts';
import { layoutOf } from '../../engine/exr/layout.ts';
import { ExrWriter } from '../../engine/exr/writer.ts';
import { createPlane, type Plane, planeBytes } from '../../engine/pixels/plane.ts';
import { digest, run } from '../run/files.ts';
import { graph, type NodeSketch } from '../run/graph.ts';
import { writing } from './writing.ts';

const { folder, pass } = writing();

const NAMES = ['A:half', 'B:half', 'G:half', 'R:half', 'Z:float', 'id:uint'];
const WINDOW = box(-3, 2, 96, 90);

function channelsOf(names: readonly string[]): WritePart['channels'] {
  return names.map((text) => {
    const [name, type] = text.split(':') as [string, 'half' | 'float' | 'uint'];
    return { name, type, sampling: { x: 1, y: 1 }, pLinear: 0 };
  });
}

async function write(name: string, part: Partial<WritePart>, sample: (i: number) => number): Promise<void> {
  const whole: WritePart = {
    type: 'scanlineimage',
    channels: channelsOf(NAMES),
    dataWindow: WINDOW,
    displayWindow: WINDOW,
    compression: 'htj2k32',
    lineOrder: 'increasing',
    attributes: [],
    ...part,
  };
  const planes = new Map(
    whole.channels.map(({ name, type }): [string, Plane] => {
      const plane = createPlane(type, whole.dataWindow);
      plane.samples.forEach((_, i) => {
        plane.samples[i] = (type === 'float' ? 1 / 64 : type === 'uint' ? 1000 : 1) * sample(i);
      });
      return [name, plane];
    }),
  );
  const writer = await ExrWriter.create(join(folder, name), [whole]);
  for (let i = 0; i < layoutOf(whole).chunkCount; i++) await writer.put(0, i, packChunk(whole, i, planes));
  await writer.finish();
}

const slope = (i: number): number => 0x3400 + (i % 100) * 3 + Math.floor(i / 100) * 2 + ((i * 7919) % 7);

beforeAll(async () => {
  await write('slopes.exr', {}, slope);
});

/** All samples of a file, by the names of its channels, and the stored chunks. */
function content(path: string): { planes: Map<string, Plane>; part: WritePart; chunks: Buffer[] } {
  const file = ExrFile.open(path);
  const part = file.part(0);
  const chunks = Array.from({ length: layoutOf(part).chunkCount }, (_, i) => Buffer.from(file.chunk(0, i).payload));
  const planes = file.readPart(0);
  file.close();
  return { planes, part, chunks };
}

async function chain(node: NodeSketch, params: Readonly<Record<string, Json>>, out: string): Promise<void> {
  const nodes = {
    r: { type: 'io.read', params: { path: 'slopes.exr' } },
    n: node,
    w: { type: 'io.write', params: { path: out, ...params } },
  };
  const done = await run(graph(nodes, ['r.image > n.sources.a', 'n.image > w.image']), folder);
  expect(done.exitCode, JSON.stringify(done)).toBe(0);
}

describe('HTJ2K', () => {
  it.each(['htj2k32', 'htj2k256'] as const)(
    '%s keeps every sample of every type, and loses nothing',
    async (method) => {
      for (const source of ['scan.exr', 'tiles.exr']) {
        const digests = new Set<string>();
        for (const jobs of [0, 2]) {
          const { run: done, file } = await pass(source, { compression: method }, { jobs });
          expect(done.exitCode).toBe(0);
          expect(done.result!.ledger.map(({ kind, item }) => `${kind} ${item}`)).toEqual(['changed storage']);
          const [was, is] = [content(join(folder, source)), content(file)];
          expect(is.part.compression).toBe(method);
          for (const [name, plane] of was.planes) expect(planeBytes(is.planes.get(name)!)).toEqual(planeBytes(plane));
          digests.add(digest(file));
        }
        expect(digests.size).toBe(1);
      }
    },
  );

  it('stays as it was stored where samples are made, and where nothing is changed the file is the same', async () => {
    const same = await pass('slopes.exr', {});
    expect(digest(same.file)).toBe(digest(join(folder, 'slopes.exr')));
    const less: NodeSketch = { type: 'channel.shuffle', params: { rows: [{ to: 'G', from: 'a:G' }], others: 'drop' } };
    await chain(less, {}, 'less.exr');
    const { part, planes } = content(join(folder, 'less.exr'));
    expect(part.compression).toBe('htj2k32');
    expect(planes).toEqual(new Map([['G', content(join(folder, 'slopes.exr')).planes.get('G')!]]));
  });

  it('chunks are copied under new names, since they say themselves which channels are colours', async () => {
    const rename: NodeSketch = {
      type: 'channel.shuffle',
      params: { rows: [{ to: 'key.*', from: 'a:*' }], others: 'drop' },
    };
    await chain(rename, {}, 'renamed.exr');
    const [was, is] = [content(join(folder, 'slopes.exr')), content(join(folder, 'renamed.exr'))];
    expect(is.chunks).toEqual(was.chunks);
    expect(is.part.channels.map(({ name }) => name)).toEqual(was.part.channels.map(({ name }) => `key.${name}`));
    for (const [name, plane] of was.planes) expect(is.planes.get(`key.${name}`)).toEqual(plane);
  });

  it('of a black frame is a few bytes a chunk, and is read', async () => {
    const window = box(0, 0, 8191, 511);
    const channels = channelsOf(['A:float', 'B:float', 'G:float', 'R:float']);
    await write('black.exr', { channels, compression: 'htj2k256', dataWindow: window, displayWindow: window }, () => 0);
    const path = join(folder, 'black.exr');
    expect(statSync(path).size).toBeLessThan(1200);
    const { planes } = content(path);
    expect([...planes.values()].map(({ samples }) => samples.some((value) => value !== 0))).toEqual(
      Array(4).fill(false),
    );
  });

  it('of a few bytes that state far more than a black frame is refused before memory is taken', async () => {
    const window = box(0, 0, 63, 31);
    await write('small.exr', { channels: channelsOf(['Y:half']), dataWindow: window, displayWindow: window }, () => 0);
    const bytes = readFileSync(join(folder, 'small.exr'));
    const name = 'dataWindow\0box2i\0';
    // The greatest x.
    bytes.writeInt32LE(2 ** 26 - 1, bytes.indexOf(name, 0, 'latin1') + name.length + 4 + 8);
    const path = join(folder, 'huge.exr');
    writeFileSync(path, bytes);
    expect(() => content(path)).toThrow(/Expected no more samples than a file of|stand for/);
  });
});
