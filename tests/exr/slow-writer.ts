// A program that writes a file and says on the way where it is, so that a test can kill it there.
import { box } from '../../engine/base/box.ts';
import { packChunk } from '../../engine/exr/chunk.ts';
import type { WritePart } from '../../engine/exr/header.ts';
import { layoutOf } from '../../engine/exr/layout.ts';
import { ExrWriter } from '../../engine/exr/writer.ts';
import { createPlane, planeBytes } from '../../engine/pixels/plane.ts';

const [, , target, mode] = process.argv as unknown as [string, string, string, 'steps' | 'endless'];

const part: WritePart = {
  type: 'scanlineimage',
  channels: [{ name: 'Y', type: 'float', sampling: { x: 1, y: 1 }, pLinear: 0 }],
  dataWindow: box(0, 0, 1023, 511),
  displayWindow: box(0, 0, 1023, 511),
  compression: 'none',
  lineOrder: 'increasing',
  attributes: [],
};
const { chunkCount } = layoutOf(part);

/** Says something and waits until it is out, so that the test knows where this program stands. */
const say = (word: string): Promise<void> => new Promise((done) => process.stdout.write(`${word}\n`, () => done()));
const pause = (): Promise<void> => new Promise((done) => setTimeout(done, mode === 'steps' ? 200 : 0));

async function write(value: number): Promise<void> {
  const plane = createPlane('float', part.dataWindow);
  planeBytes(plane).fill(value);
  const planes = new Map([['Y', plane]]);
  const writer = await ExrWriter.create(target, [part]);
  if (mode === 'steps') await say('created');
  await pause();
  for (let index = 0; index < chunkCount; index++) {
    await writer.put(0, index, packChunk(part, index, planes));
    if (mode === 'steps' && index === chunkCount >> 1) {
      await say('half');
      await pause();
    }
  }
  if (mode === 'steps') await say('all');
  await pause();
  await writer.finish();
  await say('finished');
  await pause();
}

if (mode === 'steps') await write(1);
else for (let value = 1; ; value = (value % 200) + 1) await write(value);
