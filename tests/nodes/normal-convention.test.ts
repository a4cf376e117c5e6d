// Which way green grows in a normal map: offered where slopes close only the other way, and never where nothing speaks for it.
import { describe, expect, it } from 'vitest';
import type { AnyNode } from '../../engine/authoring.ts';
import { problemsOfFindings } from '../../engine/run/findings.ts';
import { Tally } from '../../engine/run/tally.ts';
import { random } from '../base/random.ts';
import { run, temporary } from '../run/files.ts';
import { bench, graph, never } from '../run/graph.ts';
import { mapped, normalMap } from './normal-map.ts';

const WORKER = new URL('../../engine/bin/worker.ts', import.meta.url);
const SIZE = 160;

type Height = (x: number, y: number) => number;
/** Numbers from 0 to 1. */
const numbers = (seed: number): (() => number) => {
  const { int } = random(seed);
  return () => int(0, 2 ** 20) / 2 ** 20;
};
const next = numbers(7);
const noise = Float64Array.from({ length: (SIZE + 3) ** 2 }, next);
const at: Height = (x, y) => noise[(y + 1) * (SIZE + 3) + x + 1]!;

const SURFACES: Readonly<Record<string, Height>> = {
  waves: (x, y) => 6 * Math.sin(0.11 * x + 0.3) * Math.cos(0.08 * y) + Math.sin(0.2 * (x + y)),
  bumps: (x, y) => 3 * Math.cos(Math.hypot(x - 70, y - 90) * 0.25),
  gravel: (x, y) => 2 * at(x, y),
};

/** What is offered for a map of so many bits that grows up or down, read in bands of so many rows. */
async function offered(
  what: { readonly normal: (x: number, y: number) => readonly [number, number, number]; readonly bits?: number },
  params: Readonly<Record<string, string>> = {},
  rows = 32,
) {
  const tally = new Tally();
  const { evaluator, descriptions } = bench(
    graph({ map: { type: 'test.map' }, node: { type: 'normal.decode', params } }, ['map.image > node.image']),
    { more: [mapped(SIZE, what.normal, what.bits ?? 8) as AnyNode], observer: tally },
  );
  for (let minY = 0; minY < SIZE; minY += rows) {
    const box = { minX: 0, maxX: SIZE - 1, minY, maxY: Math.min(SIZE, minY + rows) - 1 };
    await evaluator.planes('node', 1, { part: 0, channels: ['slope.u', 'slope.v'], box }, never);
  }
  return problemsOfFindings(descriptions, tally.take().findings ?? []);
}

/** Normals of a height by differences over two pixels, as bakers take them; green grows up. */
const normals =
  (height: Height, turn: 1 | -1 = 1) =>
  (x: number, y: number): readonly [number, number, number] => {
    const u = (height(x + 1, y) - height(x - 1, y)) / 2;
    const v = (height(x, y - 1) - height(x, y + 1)) / 2;
    const length = Math.hypot(u, v, 1);
    return [-u / length, (-v * turn) / length, 1 / length];
  };

describe.each(Object.entries(SURFACES))('a map of %s', (_, height) => {
  it.each([8, 16, 32])('of %i bits is offered the other reading where it is read the wrong way', async (bits) => {
    const [up, down] = [
      { normal: normals(height), bits },
      { normal: normals(height, -1), bits },
    ];
    expect(await offered(up)).toEqual([]);
    expect(await offered(down, { y: 'down' })).toEqual([]);
    const [turned, turnedUp] = [await offered(down), await offered(up, { y: 'down' })];
    expect(turned.map((p) => [p.severity, p.code, p.where, p.fixes])).toEqual([
      [
        'warning',
        'normal-convention',
        { node: 'node', frame: 1, param: 'y' },
        [{ title: 'Read green as -Y', edits: [{ op: 'setParam', node: 'node', name: 'y', value: 'down' }] }],
      ],
    ]);
    expect(turnedUp[0]!.fixes![0]!.edits).toEqual([{ op: 'setParam', node: 'node', name: 'y', value: 'up' }]);
  });

  it.each([8, 16, 64, SIZE])('is told in bands of %i rows', async (rows) => {
    expect((await offered({ normal: normals(height, -1) }, {}, rows)).length).toBe(1);
  });
});

describe('nothing is said', () => {
  it('of a flat map, whatever its last bit does', async () => {
    expect(await offered({ normal: () => [0, 0, 1] }, { range: 'byte' })).toEqual([]);
    for (const bits of [16, 32]) expect(await offered({ normal: () => [0, 0, 1], bits })).toEqual([]);
    const { int } = random(3);
    expect(await offered({ normal: () => [int(-1, 1) / 127, int(-1, 1) / 127, 1] })).toEqual([]);
  });

  it.each([1, 2, 3, 4, 5])('of noise, seed %i', async (seed) => {
    const number = numbers(seed);
    const some = (): number => number() - 0.5;
    expect(await offered({ normal: () => [some(), some(), 1] })).toEqual([]);
    expect(await offered({ normal: () => [some(), some(), 1] }, { y: 'down' })).toEqual([]);
  });

  it('of half a map that is one way and half that is the other', async () => {
    const both = (x: number, y: number) => normals(SURFACES.waves!, x < SIZE / 2 ? 1 : -1)(x, y);
    expect(await offered({ normal: both })).toEqual([]);
  });

  it('of a map that is black but for a spot', async () => {
    const turned = normals(SURFACES.waves!, -1);
    expect(
      await offered({ normal: (x, y) => (Math.hypot(x - 80, y - 80) < 14 ? turned(x, y) : [-1, -1, -1]) }),
    ).toEqual([]);
  });
});

describe('the range of a map', () => {
  const waves = normals(SURFACES.waves!);
  /** Numbers from -1 to 1, as they are stored. */
  const signed = (x: number, y: number) => waves(x, y).map((n) => 2 * n - 1) as [number, number, number];
  const facts = async (...how: Parameters<typeof offered>) =>
    (await offered(...how)).map(({ code, message, where, fixes }) => [code, message, where.param, fixes![0]!.edits]);
  const set = (value: string) => [{ op: 'setParam', node: 'node', name: 'range', value }];

  it('is offered where numbers are of the other one, and of nothing else is told then', async () => {
    for (const rows of [7, 32, SIZE]) {
      for (const range of ['unsigned', 'byte']) {
        const [only, ...more] = await facts({ normal: signed, bits: 32 }, { range }, rows);
        expect(more).toEqual([]);
        expect([only![0], ...only!.slice(2)]).toEqual(['normal-convention', 'range', set('signed')]);
        expect(only![1]).toMatch(/^Read as 0 to 1, this map has x or y below 0 at 7\d % of its pixels\./);
      }
      expect(await facts({ normal: waves, bits: 32 }, { range: 'signed' }, rows)).toEqual([
        [
          'normal-convention',
          'Read as -1 to 1, this map has no x or y below 0, and both are 0.5 in the mean. It seems to hold 0 to 1.',
          'range',
          set('unsigned'),
        ],
      ]);
    }
  });

  it('is that of 8 bits where much of a map is 128 of 255', async () => {
    const message =
      'x and y are 128 of 255 at 100 % of the pixels of this map. Where that stands for flat on islands, and not only around them, it is a slope of 0.004 when it is read as 0 to 1: 4 texels over 1000.';
    expect(await facts({ normal: () => [0, 0, 1] })).toEqual([['normal-convention', message, 'range', set('byte')]]);
    const half = (x: number, y: number) => (x < SIZE / 2 ? waves(x, y) : ([0, 0, 1] as const));
    expect((await facts({ normal: half })).map(([, , ...rest]) => rest)).toEqual([['range', set('byte')]]);
    expect(await facts({ normal: half }, { range: 'byte' })).toEqual([]);
    const turned = (x: number, y: number) => (x < SIZE / 2 ? normals(SURFACES.waves!, -1)(x, y) : ([0, 0, 1] as const));
    expect((await offered({ normal: turned })).map(({ severity, where }) => [severity, where.param])).toEqual([
      ['info', 'range'],
      ['warning', 'y'],
    ]);
    expect(await facts({ normal: half, bits: 16 })).toEqual([]);
    for (const height of Object.values(SURFACES)) expect(await facts({ normal: normals(height) })).toEqual([]);
  });

  it('is not asked about where it is right, nor of flat maps, black ones and small undershoots', async () => {
    expect(await offered({ normal: signed, bits: 32 }, { range: 'signed' })).toEqual([]);
    expect(await offered({ normal: () => [-1, -1, 1], bits: 32 }, { range: 'signed' })).toEqual([]);
    expect(await offered({ normal: () => [-1, -1, -1], bits: 32 })).toEqual([]);
    const under = (x: number, y: number) => waves(x, y).map((n) => n - 0.02) as [number, number, number];
    expect(await offered({ normal: under, bits: 32 })).toEqual([]);
    const rare = (x: number, y: number) => (x % 37 === 0 ? signed(x, y) : waves(x, y));
    expect(await offered({ normal: rare, bits: 32 })).toEqual([]);
  });
});

it('is told despite borders of islands', async () => {
  const turned = normals(SURFACES.waves!, -1);
  const islands = (x: number, y: number): readonly [number, number, number] =>
    Math.hypot((x % 53) - 26, (y % 53) - 26) < 24 ? turned(x, y) : [-1, -1, -1];
  expect((await offered({ normal: islands })).length).toBe(1);
});

it('is told once in a run, with any number of workers, and nothing is turned', async () => {
  const found = new Set<string>();
  for (const setting of [{ jobs: 0 }, { jobs: 2, memory: 0 }]) {
    const done = await run(normalMap({ format: [300, 300], frames: '1-3', green: -1 }), temporary(), {
      ...setting,
      worker: WORKER,
    });
    expect(done.exitCode).toBe(0);
    expect(done.problems.map((p) => [p.code, p.where.frame])).toEqual([['normal-convention', 1]]);
    found.add(JSON.stringify(done.result!.ledger));
  }
  expect(found.size).toBe(1);
});
