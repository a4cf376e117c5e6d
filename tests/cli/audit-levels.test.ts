// sluice audit --pixels on mip and rip levels: what is wrong with one is found, named by its level, and the sum has all of them.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  box,
  createPlane,
  ExrFile,
  ExrWriter,
  layoutOf,
  packChunk,
  planeBytes,
  type WritePart,
} from '../../engine/authoring.ts';
import { audit, type Finding } from '../../engine/bin/looking/audit/audit.ts';
import { look } from '../../engine/bin/looking/open.ts';
import { sluice, temporaryFolder } from './sluice.ts';

const root = temporaryFolder();
const at = (folder: string, frame: number): string => join(folder, `a.${frame}.exr`);
const part = (levels: 'one' | 'mip' | 'rip'): WritePart => ({
  type: 'tiledimage',
  channels: ['G', 'R'].map((name) => ({ name, type: 'float', sampling: { x: 1, y: 1 }, pLinear: 0 })),
  dataWindow: box(0, 0, 39, 29),
  displayWindow: box(0, 0, 39, 29),
  compression: 'zip',
  lineOrder: 'increasing',
  tiles: { width: 16, height: 16, levels, rounding: 'down' },
  attributes: [],
});

interface Texture {
  readonly levels?: 'one' | 'mip' | 'rip';
  /** Samples of channel R, by the number of the level and the place in its rows. */
  readonly odd?: (level: string, i: number) => number | undefined;
}

async function writeTexture(path: string, frame: number, { levels = 'mip', odd }: Texture = {}): Promise<void> {
  const shape = part(levels);
  const writer = await ExrWriter.create(path, [shape]);
  for (const level of layoutOf(shape).levels) {
    const planes = new Map(shape.channels.map(({ name, type }) => [name, createPlane(type, level.box)]));
    for (const [name, plane] of planes) {
      plane.samples.forEach((_, i) => {
        const value = name === 'R' ? odd?.(`${level.x}, ${level.y}`, i) : undefined;
        plane.samples[i] = value ?? frame + i * 7 + name.charCodeAt(0);
      });
    }
    for (let i = 0; i < level.columns * level.rows; i++)
      await writer.put(0, level.firstChunk + i, packChunk(shape, level.firstChunk + i, planes));
  }
  await writer.finish();
}

let made = 0;
/** Three textures, of which some are written otherwise. */
async function textures(odd: Readonly<Record<number, Texture>>, usual: Texture = {}): Promise<string> {
  const folder = join(root, `t${made++}`);
  mkdirSync(folder);
  for (const frame of [1, 2, 3]) await writeTexture(at(folder, frame), frame, { ...usual, ...odd[frame] });
  return folder;
}

const found = async (folder: string): Promise<readonly Finding[]> =>
  (await audit(look(folder), { pixels: true })).findings;
const told = async (folder: string): Promise<string[]> =>
  (await found(folder)).map(({ kind, name, frames, message }) => [kind, name, frames, message].join(' '));

test('samples that are no finite number: one finding a channel, with its levels', async () => {
  const { NaN: nan, POSITIVE_INFINITY: infinite } = Number;
  const folder = await textures({
    1: { odd: (level, i) => (level === '1, 1' && i < 2 ? nan : undefined) },
    2: { odd: (level, i) => (i === 0 ? nan : level === '2, 2' && i === 1 ? infinite : undefined) },
  });
  const findings = await found(folder);
  expect(findings.map(({ kind, name, frames, levels, message }) => ({ kind, name, frames, levels, message }))).toEqual([
    {
      kind: 'nan',
      name: 'R',
      frames: [1, 2],
      levels: [0, 1, 2, 3, 4, 5].map((level) => [level, level]),
      message: '8 samples are no number: 1 at level 0, 0; 3 at level 1, 1; 1 at level 2, 2; and 3 more levels',
    },
    {
      kind: 'infinite',
      name: 'R',
      frames: [2],
      levels: [[2, 2]],
      message: '1 sample is infinite at level 2, 2',
    },
  ]);
});

test('levels of a ripmap', async () => {
  const folder = await textures(
    { 3: { odd: (level, i) => (level === '3, 1' && i === 4 ? Number.NaN : undefined) } },
    { levels: 'rip' },
  );
  expect(await told(folder)).toEqual(['nan R 3 1 sample is no number at level 3, 1']);
});

test('black levels of a picture that is not black; of one that is black there is nothing more to say', async () => {
  const folder = join(root, 'black');
  mkdirSync(folder);
  const shape = part('mip');
  for (const [frame, isBlack] of [
    [1, (level: number) => level === 1 || level === 3],
    [2, () => true],
    [3, () => false],
  ] as const) {
    const writer = await ExrWriter.create(at(folder, frame), [shape]);
    for (const level of layoutOf(shape).levels) {
      const planes = new Map(shape.channels.map(({ name, type }) => [name, createPlane(type, level.box)]));
      if (!isBlack(level.x)) for (const plane of planes.values()) planeBytes(plane).fill(60);
      for (let i = 0; i < level.columns * level.rows; i++)
        await writer.put(0, level.firstChunk + i, packChunk(shape, level.firstChunk + i, planes));
    }
    await writer.finish();
  }
  expect(await told(folder)).toEqual([
    'black  1 black everywhere at level 1, 1; level 3, 3',
    'black  2 black everywhere',
  ]);
});

test('a chunk that cannot be unpacked', async () => {
  const folder = await textures({});
  const file = ExrFile.open(at(folder, 2));
  const { firstChunk } = layoutOf(file.part(0)).levels[1]!;
  const { offset, headBytes, dataBytes } = file.table.locate(0, firstChunk);
  file.close();
  const bytes = readFileSync(at(folder, 2));
  bytes.fill(0xff, offset + headBytes, offset + headBytes + dataBytes);
  writeFileSync(at(folder, 2), bytes);
  const [finding, ...others] = await found(folder);
  expect(others).toEqual([]);
  expect([finding!.severity, finding!.kind, finding!.frames]).toEqual(['error', 'unreadable', [2]]);
  expect(finding!.message).toMatch(/^At level 1, 1: /);
});

test('pictures are the same where all their levels are', async () => {
  const folder = await textures({});
  await writeTexture(at(folder, 2), 1, { odd: (level) => (level === '5, 5' ? 0.5 : undefined) });
  expect(await told(folder)).toEqual([]);
  await writeTexture(at(folder, 2), 1, { levels: 'one' });
  expect((await told(folder)).filter((line) => line.startsWith('duplicate'))).toEqual([]);
  copyFileSync(at(folder, 1), at(folder, 2));
  expect(await told(folder)).toEqual(['duplicate  1,2 the same picture, sample for sample']);
});

test('the text has the levels too', async () => {
  const folder = await textures({ 2: { odd: (level, i) => (level === '1, 1' && i === 0 ? Number.NaN : undefined) } });
  const { code, stdout } = await sluice(['audit', folder, '--pixels']);
  expect([code, stdout.split('\n').slice(1)]).toEqual([
    1,
    ['warning  nan  R  2  1 sample is no number at level 1, 1', '0 errors, 1 warning.', ''],
  ]);
});
