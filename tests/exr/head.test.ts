// The fingerprint of a file's head: header and tables of chunk offsets tell, the chunks themselves do not.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { ExrFile } from '../../engine/exr/file.ts';
import { headFingerprint } from '../../engine/exr/head.ts';
import { temporary, text, writeExr } from '../run/files.ts';

const folder = temporary();
const path = join(folder, 'a.exr');
let whole: Buffer;
beforeAll(async () => {
  const parts = ['a', 'b'].map((name) => ({ name, channels: ['R'], attributes: [text('owner', 'me')] }));
  await writeExr(path, parts);
  whole = readFileSync(path);
});

function printOf(bytes: Uint8Array): string {
  writeFileSync(path, bytes);
  const file = ExrFile.open(path);
  try {
    return headFingerprint(file);
  } finally {
    file.close();
  }
}

function flipped(place: number): Uint8Array {
  const bytes = new Uint8Array(whole);
  bytes[place]! ^= 1;
  return bytes;
}

test('is of the whole header and of all offset tables, and of nothing behind them', () => {
  const print = printOf(whole);
  expect(print).toMatch(/^[0-9a-f]{32}$/);
  expect(printOf(whole)).toBe(print);
  const file = ExrFile.open(path);
  const { byteLength } = file.header;
  const first = file.table.statedOffset(0, 0);
  file.close();
  expect(printOf(flipped(whole.indexOf('owner') + 'owner\0string\0....'.length))).not.toBe(print);
  expect(printOf(flipped(byteLength))).not.toBe(print);
  expect(printOf(flipped(first - 2))).not.toBe(print);
  expect(printOf(flipped(first))).toBe(print);
  expect(printOf(flipped(whole.length - 1))).toBe(print);
});

test('of a file that ends within its tables is of what is there', () => {
  const file = ExrFile.open(path);
  const { byteLength } = file.header;
  file.close();
  expect(printOf(whole.subarray(0, byteLength + 4))).not.toBe(printOf(whole.subarray(0, byteLength + 5)));
});
