// Chunks that wait: the same bytes in any order whatever waits in memory, nothing left behind, and what happens on failure.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { isUnfinishedName, targetOf } from '../../engine/exr/unfinished.ts';
import { WaitingChunks } from '../../engine/exr/waiting.ts';
import { random } from '../base/random.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-waiting-'));
afterAll(() => rmSync(folder, { recursive: true }));
const target = join(folder, 'out.exr');

test('chunks come back in any order, whatever part of them waits in a file', async () => {
  const { int } = random(11);
  const chunks = Array.from({ length: 200 }, (_, index) =>
    Uint8Array.from({ length: index === 7 ? 5_000_000 : int(1, 9000) }, () => int(0, 255)),
  );
  let spilled = 0;
  for (const memoryBytes of [0, 1, 10_000, 100_000, 2 ** 30]) {
    for (const turn of [1, -1, 0]) {
      const waiting = new WaitingChunks(target, { memoryBytes });
      for (const [index, bytes] of chunks.entries()) {
        const lent = bytes.slice();
        await waiting.add(index, lent);
        lent.fill(0);
      }
      const names = readdirSync(folder);
      expect(names.every((name) => isUnfinishedName(name) && targetOf(name) === 'out.exr')).toBe(true);
      spilled += names.length;
      const order: number[] = [];
      await waiting.drain(
        (all) => all.toSorted((a, b) => (turn || (a.index % 7) - (b.index % 7)) * (a.index - b.index)),
        async (index, bytes) => {
          expect(Buffer.compare(bytes, chunks[index]!)).toBe(0);
          order.push(index);
        },
      );
      expect(new Set(order).size).toBe(200);
      expect(readdirSync(folder)).toEqual([]);
    }
  }
  expect(spilled).toBe(4 * 3);
});

test('what is given up leaves nothing', async () => {
  const waiting = new WaitingChunks(target, { memoryBytes: 10 });
  for (let i = 0; i < 5; i++) await waiting.add(i, new Uint8Array(9));
  expect(readdirSync(folder)).toHaveLength(1);
  await waiting.close();
  await waiting.close();
  expect(readdirSync(folder)).toEqual([]);
});

test('a folder that takes no file is an error', async () => {
  const waiting = new WaitingChunks(join(folder, 'none', 'out.exr'), { memoryBytes: 10 });
  await waiting.add(0, new Uint8Array(9));
  await expect(waiting.add(1, new Uint8Array(9))).rejects.toMatchObject({ code: 'file-not-found' });
});
