// PIZ's Huffman coding: kernel against plain in both directions, and every damaged stream the same fault from both.
import { expect, test } from 'vitest';
import * as kernels from '../../engine/pixels/kernels.ts';
import * as reference from '../../engine/pixels/reference.ts';
import { random } from '../base/random.ts';
import { expectSameBits, someWords } from './bits.ts';

function encodeFast(words: Uint16Array): Uint8Array {
  const [bytes, work] = kernels.scratch(words.byteLength, kernels.huffmanWork(words.length));
  const input = new Uint16Array(bytes.buffer, bytes.byteOffset, words.length);
  input.set(words);
  return kernels.huffmanEncode(input, work);
}

interface Answer {
  readonly fault: number;
  readonly words: Uint16Array;
}

function decodeFast(stream: Uint8Array, count: number): Answer {
  const [bytes, target, guard] = kernels.scratch(stream.length, count * 2, 64);
  bytes.set(stream);
  guard.fill(0x55);
  const words = new Uint16Array(target.buffer, target.byteOffset, count);
  const fault = kernels.huffmanDecode(bytes, words);
  expect(guard.every((byte) => byte === 0x55)).toBe(true);
  return { fault, words };
}

function decodePlain(stream: Uint8Array, count: number): Answer {
  const words = new Uint16Array(count);
  return { fault: reference.huffmanDecode(stream, words), words };
}

/** Words whose counts are the numbers of Fibonacci, which make the longest codes. */
function fibonacciWords(symbols: number): Uint16Array<ArrayBuffer> {
  const words: number[] = [];
  for (let symbol = 0, a = 1, b = 1; symbol < symbols; symbol++, [a, b] = [b, a + b]) {
    for (let i = 0; i < a; i++) words.push(symbol * 37);
  }
  const from = random(10);
  for (let i = words.length - 1; i > 0; i--) {
    const j = from.int(0, i);
    [words[i], words[j]] = [words[j]!, words[i]!];
  }
  return Uint16Array.from(words);
}

function samples(): Uint16Array[] {
  const from = random(11);
  const list = [Uint16Array.of(0), Uint16Array.of(65535), Uint16Array.of(65535, 0), new Uint16Array(1000).fill(7)];
  for (const length of [2, 3, 10, 255, 256, 257, 258, 511, 513, 5000, 40_000]) {
    for (const limit of [2, 300, 16384, 65536]) list.push(someWords(from, length, limit));
  }
  list.push(fibonacciWords(24));
  list.push(Uint16Array.from({ length: 65536 }, (_, i) => i));
  return list;
}

test('kernel and twin write the same stream and read it back', () => {
  const list = samples();
  for (const words of list) {
    const plain = reference.huffmanEncode(words);
    const before = kernels.kernelCalls();
    const fast = encodeFast(words);
    expect(kernels.kernelCalls() - before).toBe(2);
    expectSameBits(fast, plain, `stream of ${words.length}`);
    for (const decode of [decodePlain, decodeFast]) {
      const answer = decode(plain, words.length);
      expect(answer.fault).toBe(0);
      expectSameBits(answer.words, words, `words of ${words.length}`);
    }
  }
  expect(list.length).toBe(50);
});

test('long codes: lengths for the worst counts, and decoding to the last bit that a table can state', () => {
  const counts = new Uint32Array(45).fill(1);
  for (let i = 2; i < 45; i++) counts[i] = counts[i - 1]! + counts[i - 2]!;
  expect(Math.max(...reference.huffmanLengths(counts))).toBe(44);

  const lengths = [...Array.from({ length: 58 }, (_, i) => i + 1), 58];
  const codes = lengths.map((length, i) => (i === 58 ? '1' : i === 57 ? '0' : '1').padStart(length, '0'));
  const symbols = [57, 0, 56, 12, 13, 14, 57, 40];
  const stream = streamOf(0, 58, lengths, symbols.map((symbol) => codes[symbol]).join(''));
  for (const decode of [decodePlain, decodeFast]) {
    const answer = decode(stream, symbols.length);
    expect(answer.fault).toBe(0);
    expect([...answer.words]).toEqual(symbols);
  }
});

test('counts and tables of words: kernel and twin agree', () => {
  const from = random(15);
  for (const length of [0, 1, 7, 1000, 70_000]) {
    const words = someWords(from, length, 65536);
    const table = new Uint16Array(65536).map(() => from.int(0, 65535));
    const [a, b, c] = kernels.scratch(length * 2, 65536 * 2, 65536 * 4);
    const fast = new Uint16Array(a.buffer, a.byteOffset, length);
    const fastTable = new Uint16Array(b.buffer, b.byteOffset, 65536);
    const fastCounts = new Uint32Array(c.buffer, c.byteOffset, 65536).fill(9);
    fast.set(words);
    fastTable.set(table);
    const counts = new Uint32Array(65536).fill(5);
    kernels.countWords(fast, fastCounts);
    reference.countWords(words, counts);
    expectSameBits(fastCounts, counts, `counts of ${length}`);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(length);
    kernels.mapWords(fast, fast, fastTable);
    reference.mapWords(words, words, table);
    expectSameBits(fast, words, `words of ${length}`);
  }
});

test('no words give an empty stream, and an empty stream no words', () => {
  expect(reference.huffmanEncode(new Uint16Array(0)).length).toBe(0);
  expect(encodeFast(new Uint16Array(0)).length).toBe(0);
  for (const decode of [decodePlain, decodeFast]) {
    expect(decode(new Uint8Array(0), 0).fault).toBe(0);
    expect(decode(new Uint8Array(0), 1).fault).toBe(1);
  }
});

test('a stream cut anywhere is a fault, the same from both', () => {
  const words = someWords(random(12), 400, 300);
  const stream = reference.huffmanEncode(words);
  for (let length = 0; length < stream.length; length++) {
    const cut = stream.subarray(0, length);
    const plain = decodePlain(cut, words.length);
    expect(plain.fault).toBeGreaterThan(0);
    expect(decodeFast(cut, words.length).fault).toBe(plain.fault);
  }
});

test('a wrong count of words is a fault', () => {
  const words = someWords(random(13), 1000, 100);
  const stream = reference.huffmanEncode(words);
  for (const decode of [decodePlain, decodeFast]) {
    expect(decode(stream, 1001).fault).toBe(7);
    expect([8, 9]).toContain(decode(stream, 999).fault);
    expect(decode(stream, 10_000_000).fault).toBe(7);
  }
});

/** A stream with a stated table: fields of 6 bits, then data bits. */
function streamOf(least: number, run: number, lengths: readonly number[], data: string): Uint8Array {
  const bits = lengths.map((length) => length.toString(2).padStart(6, '0')).join('');
  const table = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0');
  const all = table + data.padEnd(Math.ceil(data.length / 8) * 8, '0');
  const stream = new Uint8Array(20 + all.length / 8);
  const view = new DataView(stream.buffer);
  for (const [i, value] of [least, run, table.length / 8, data.length, 0].entries()) view.setUint32(i * 4, value, true);
  for (let i = 0; i < all.length; i += 8) stream[20 + i / 8] = Number.parseInt(all.slice(i, i + 8), 2);
  return stream;
}

test('hand-made streams: canonical order, runs, and each fault', () => {
  // Lengths 1, 2, 2: the long codes are 00 and 01, the short one is 1.
  const table = [1, 2, 2];
  const cases: [Uint8Array, number, number, number[]?][] = [
    [streamOf(5, 7, table, '100'), 2, 0, [5, 6]],
    [streamOf(5, 7, table, '00' + '01' + '00000011'), 4, 0, [6, 6, 6, 6]],
    [streamOf(70000, 70001, table, '1'), 1, 2],
    [streamOf(7, 5, table, '1'), 1, 2],
    [streamOf(0, 65536, [63], '1'), 1, 3],
    [streamOf(5, 7, [1, 61], '1'), 1, 3],
    [streamOf(5, 7, [1, 1, 1], '1'), 1, 4],
    [streamOf(5, 7, [2, 2, 2], '11'), 1, 6],
    // An incomplete table: where codes overlap, the shorter one counts.
    [streamOf(5, 7, [1, 2, 3], '0'), 1, 0, [5]],
    [streamOf(5, 7, table, '01' + '00000011'), 3, 8],
    [streamOf(5, 7, table, '00' + '01' + '00000011'), 3, 8],
    [streamOf(5, 7, table, '00' + '01' + '0000'), 4, 7],
    [streamOf(5, 7, table, '11'), 1, 9],
  ];
  for (const [i, [stream, count, fault, expected]] of cases.entries()) {
    for (const decode of [decodePlain, decodeFast]) {
      const answer = decode(stream, count);
      expect(answer.fault, `case ${i}`).toBe(fault);
      if (expected) expect([...answer.words]).toEqual(expected);
    }
  }
  const lie = streamOf(5, 7, table, '1');
  lie[12] = 200;
  for (const decode of [decodePlain, decodeFast]) expect(decode(lie, 1).fault).toBe(5);
  expect(reference.HUFFMAN_FAULTS.length).toBe(10);
});

test('mutated streams: the same answer from both, whatever it is', () => {
  const from = random(14);
  const faults = new Map<number, number>();
  const bases = [someWords(from, 300, 40), someWords(from, 200, 65536), fibonacciWords(18)].map((words) => ({
    words,
    stream: reference.huffmanEncode(words),
  }));
  for (let turn = 0; turn < 4000; turn++) {
    const { words, stream } = from.pick(bases);
    const mutated = stream.slice();
    const where = from.pick([20, 60, stream.length]);
    for (let i = from.int(1, 3); i > 0; i--)
      mutated[from.int(0, Math.min(where, stream.length) - 1)] = from.int(0, 255);
    const plain = decodePlain(mutated, words.length);
    const fast = decodeFast(mutated, words.length);
    expect(fast.fault, `turn ${turn}`).toBe(plain.fault);
    if (plain.fault === 0) expectSameBits(fast.words, plain.words, `turn ${turn}`);
    faults.set(plain.fault, (faults.get(plain.fault) ?? 0) + 1);
  }
  expect([...faults.keys()].sort()).toEqual([0, 2, 3, 4, 5, 6, 7, 8, 9]);
});
