// The fixture shot: the same bytes on every run, sound Cryptomatte, matrices that agree with the picture.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cryptomatteKey, idBits } from '../../engine/authoring.ts';
import { murmurHash } from '../../engine/base/murmur.ts';
import { decodeAttribute } from '../../engine/index.ts';
import { renderShot, SEQUENCES, SHOT_FRAMES, shotFile } from '../../fixtures/render.ts';
import { cameraAt, worldToNdc } from '../../fixtures/shot/camera.ts';
import { timeCodeOf } from '../../fixtures/shot/header.ts';
import { BALLS, THINGS } from '../../fixtures/shot/scene.ts';
import { HEIGHT, openShot, type Shot, WIDTH, withFile } from './shot.ts';

const SAMPLE = fileURLToPath(
  new URL('../../../shared/corpus/cryptomatte/cornellBox_CryptoWildcard.0001.exr', import.meta.url),
);

let shot: Shot;
beforeAll(async () => {
  shot = await openShot({ sequences: SEQUENCES });
});
afterAll(() => shot.remove());

test('MurmurHash3 gives its published values', () => {
  expect([murmurHash(''), murmurHash('test'), murmurHash('Hello, world!')]).toEqual([0, 0xba6bd213, 0xc0363e43]);
});

test.skipIf(!existsSync(SAMPLE) && process.env['CI'] !== 'true')(
  'ids and layer key are those of the manifest in a Cryptomatte sample file',
  () => {
    const attributes = withFile(SAMPLE, (file) => file.part(0).attributes);
    const text = (name: string): string =>
      decodeAttribute(attributes.find((a) => a.name.endsWith(`/${name}`))!) as string;
    const manifest = JSON.parse(text('manifest')) as Record<string, string>;
    const names = Object.keys(manifest);
    expect(names).toHaveLength(7);
    for (const name of names) expect(idBits(name)).toBe(Number.parseInt(manifest[name]!, 16));
    expect(attributes.some((a) => a.name === `cryptomatte/${cryptomatteKey(text('name'))}/name`)).toBe(true);
  },
);

test('a second rendering is the same, byte for byte, and nothing is rendered twice', async () => {
  const again = join(shot.folder, 'again');
  const settings = { folder: again, sequences: SEQUENCES, width: WIDTH, height: HEIGHT, grid: 2, threads: 1 };
  expect(await renderShot(settings)).toEqual(SHOT_FRAMES);
  expect(await renderShot(settings)).toEqual([]);
  let same = 0;
  for (const sequence of SEQUENCES) {
    for (const frame of SHOT_FRAMES) {
      const name = shotFile(sequence, frame);
      if (shot.bytes(`again/${name}`).equals(shot.bytes(`in/${name}`))) same++;
    }
  }
  expect(same).toBe(32);
});

test('ids in the channels are those of the manifest, and coverage with the sky adds up to one', () => {
  const known = new Set(THINGS.map(idBits));
  const seen = new Set<number>();
  const planes = withFile(shot.path(`in/${shotFile('utility', 1001)}`), (file) => file.readPart(0));
  const alpha = withFile(shot.path(`in/${shotFile('beauty', 1001)}`), (file) => file.readPart(0).get('A')!);
  const floats = (name: string): Float32Array => planes.get(name)!.samples as Float32Array;
  const bits = (name: string): Uint32Array => new Uint32Array(floats(name).slice().buffer);
  const ids = ['CryptoObject00.R', 'CryptoObject00.B', 'CryptoObject01.R'].map(bits);
  const shares = ['CryptoObject00.G', 'CryptoObject00.A', 'CryptoObject01.G'].map(floats);
  for (let i = 0; i < WIDTH * HEIGHT; i++) {
    for (const rank of [0, 1, 2]) {
      if (shares[rank]![i]! === 0) continue;
      expect(known.has(ids[rank]![i]!)).toBe(true);
      seen.add(ids[rank]![i]!);
    }
    const covered = shares[0]![i]! + shares[1]![i]! + shares[2]![i]!;
    // Four rays a pixel: coverage is in quarters, which halves hold exactly.
    const quarters = [0, 0x3400, 0x3800, 0x3a00, 0x3c00].indexOf(alpha.samples[i]!);
    expect(covered * 4).toBeLessThanOrEqual(quarters);
  }
  expect(seen.size).toBe(THINGS.length);
});

test('the matrices put a thing where the picture shows it', () => {
  const ndc = worldToNdc(cameraAt(0, WIDTH / HEIGHT));
  const gold = BALLS.find(({ name }) => name === 'gold')!.centre;
  const point = [gold.x, gold.y, gold.z, 1];
  const [x, y, , w] = [0, 1, 2, 3].map((c) => point.reduce((sum, value, r) => sum + value * ndc[r]![c]!, 0));
  const pixel = Math.floor((y! / w!) * HEIGHT) * WIDTH + Math.floor((x! / w!) * WIDTH);
  const id = withFile(shot.path(`in/${shotFile('utility', 1001)}`), (file) => {
    const plane = file.readPart(0, { channels: ['CryptoObject00.R'] }).get('CryptoObject00.R')!;
    return new Uint32Array(plane.samples.slice().buffer)[pixel];
  });
  expect(id).toBe(idBits('gold'));
});

test('time codes advance with the frames', () => {
  expect([1001, 1007, 1008].map(timeCodeOf)).toEqual(['01:00:41:17', '01:00:41:23', '01:00:42:00']);
});
