// How many threads a run takes by itself: by processors, and by memory where frames are made whole.
import { availableParallelism } from 'node:os';
import { afterEach, expect, it, vi } from 'vitest';
import { threadsFor } from '../../engine/run/threads.ts';
import { bench, graph } from './graph.ts';

const GIB = 2 ** 30;
const processors = availableParallelism();
const FRAMES = Array.from({ length: 500 }, (_, i) => i + 1);

afterEach(() => vi.restoreAllMocks());

/** The threads for heights of maps of this size, or for the maps themselves, with so much memory free. */
async function threads(free: number, frames = FRAMES, from: 'height' | 'slopes' = 'height'): Promise<number> {
  vi.spyOn(process, 'availableMemory').mockReturnValue(free);
  const { descriptions } = bench(
    graph(
      {
        map: { type: 'generate.constant', params: { format: [4096, 4096], type: 'float', channels: 'rgb' } },
        slopes: { type: 'normal.decode' },
        height: { type: 'integrate.poisson' },
        write: { type: 'io.write', params: { path: 'out.%04d.exr' } },
      },
      ['map.image > slopes.image', 'slopes.image > height.image', `${from}.image > write.image`],
    ),
  );
  return threadsFor(descriptions, ['write'], frames);
}

it('is the number of processors where nothing needs whole frames, however little memory there is', async () => {
  expect(await threads(1, FRAMES, 'slopes')).toBe(processors);
});

it('is so many tiles as half of the free memory has room for, one at least', async () => {
  expect(await threads(1)).toBe(1);
  expect(await threads(5 * GIB)).toBe(Math.min(processors, 2));
  expect(await threads(1000 * GIB)).toBe(processors);
});

it('is no more than there are files to make', async () => {
  expect(await threads(1000 * GIB, [1001])).toBe(1);
});
