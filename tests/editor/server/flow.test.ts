// Pictures keep the pace of the client that looks: one that tells what it has taken never has old ones waiting for it.
import { expect, test } from 'vitest';
import { HEIGHT, hosted, shotFolder, type TestClient, WIDTH, wait } from './hosted.ts';

const view = (client: TestClient, serial: number, frame: number): void =>
  client.send({
    kind: 'view',
    slot: 0,
    serial,
    view: {
      node: 'readBeauty',
      frame,
      part: 0,
      channels: ['R', 'G', 'B'],
      box: { minX: 0, minY: 0, maxX: WIDTH - 1, maxY: HEIGHT - 1 },
      width: WIDTH,
      height: HEIGHT,
    },
  });

/** Asks for one frame after another, each once the host has made the one before, and waits until all have been made. */
async function lookAtFrames(client: TestClient, serials: readonly number[]): Promise<void> {
  for (const serial of serials) {
    view(client, serial, 1000 + serial);
    // Nothing tells of a picture that waits to be sent; the frames are known to the host's caches by now.
    await wait(150);
  }
}

const serialsOf = (client: TestClient): number[] => client.pictures.map(({ header }) => header.serial);

test('a client that tells what it has taken gets two pictures ahead, then the newest; one that does not gets all', async () => {
  const { graph } = await shotFolder();
  const host = await hosted({ graph });
  const silent = await host.connect();
  for (let serial = 1; serial <= 6; serial++) {
    view(silent, serial, 1000 + serial);
    await silent.picture((header) => header.serial === serial);
  }
  expect(serialsOf(silent)).toEqual([1, 2, 3, 4, 5, 6]);

  const telling = await host.connect();
  view(telling, 1, 1001);
  await telling.picture((header) => header.serial === 1);
  telling.send({ kind: 'taken' });
  await lookAtFrames(telling, [2, 3, 4, 5, 6]);
  expect(serialsOf(telling)).toEqual([1, 2, 3]);
  telling.send({ kind: 'taken' });
  await telling.picture((header) => header.serial === 6);
  expect(serialsOf(telling)).toEqual([1, 2, 3, 6]);
  // More than there were are no harm.
  for (let i = 0; i < 5; i++) telling.send({ kind: 'taken' });
  await lookAtFrames(telling, [1, 2, 3, 4]);
  expect(serialsOf(telling)).toEqual([1, 2, 3, 6, 1, 2]);
});
