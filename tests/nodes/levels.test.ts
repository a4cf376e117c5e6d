// Write EXR making mip and rip levels: each sample against the plain twin, orders in the file, and what is said of them.
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { box } from '../../engine/base/box.ts';
import type { Json } from '../../engine/base/canonical.ts';
import { packChunk } from '../../engine/exr/chunk.ts';
import { ExrFile } from '../../engine/exr/file.ts';
import type { WritePart } from '../../engine/exr/header.ts';
import { layoutOf } from '../../engine/exr/layout.ts';
import { LINE_ORDERS } from '../../engine/exr/shape.ts';
import { ExrWriter } from '../../engine/exr/writer.ts';
import { convertPlane } from '../../engine/pixels/convert.ts';
import { LEVEL_FILTERS, type LevelFilter, WRAPS, type Wrap } from '../../engine/pixels/level.ts';
import { FULL_SAMPLING, type Plane, planeBytes } from '../../engine/pixels/plane.ts';
import type { GraphRun } from '../../engine/run/run.ts';
import { pyramidOf } from '../../nodes/io/write/pyramid.ts';
import { digest, run, temporary, writeExr } from '../run/files.ts';
import { fill, graph } from '../run/graph.ts';
import { type PlainMaking, plainLevels } from './plain-levels.ts';

const WORKER = new URL('../../engine/bin/worker.ts', import.meta.url);
const folder = temporary();
const CHANNELS = [
  { name: 'R', type: 'half' },
  { name: 'Z', type: 'float' },
  { name: 'id', type: 'uint' },
];

type Params = Readonly<Record<string, Json>>;

/** A picture of so many pixels with a corner away from zero, written in tiles with levels. */
async function made(size: readonly [number, number], write: Params, more: Params = {}): Promise<GraphRun> {
  const window = [-3, 5, -4 + size[0], 4 + size[1]];
  const document = graph(
    {
      p: { type: 'test.pattern', params: { window, channels: CHANNELS, ...more } },
      w: { type: 'io.write', params: { path: 'out.exr', overwrite: 'replace', layout: 'tiles', ...write } },
    },
    ['p.image > w.image'],
  );
  const done = await run(document, folder, { range: '1' });
  expect(done.exitCode, JSON.stringify([done.problems, done.result?.outcomes])).toBe(0);
  return done;
}

const out = join(folder, 'out.exr');

/** Compares every level of every channel of a file with the twin's. Returns how many there were. */
function compare(path: string, making: Omit<PlainMaking, 'averages'>): number {
  const file = ExrFile.open(path);
  const part = file.part(0);
  let compared = 0;
  for (const { name, type } of part.channels) {
    const plane = (x: number, y: number): Plane => file.readPart(0, { channels: [name], level: { x, y } }).get(name)!;
    const full = plane(0, 0);
    const averages = type !== 'uint';
    const samples = averages ? convertPlane(full, 'float').plane.samples : full.samples;
    const twin = plainLevels({ width: full.columns, height: full.rows, samples }, part.tiles!, { ...making, averages });
    const { levels } = layoutOf(part);
    expect([...twin.keys()].sort()).toEqual(levels.map(({ x, y }) => `${x},${y}`).sort());
    for (const { x, y } of levels) {
      const level = twin.get(`${x},${y}`)!;
      const is = plane(x, y);
      expect([is.columns, is.rows]).toEqual([level.width, level.height]);
      const as = convertPlane({ ...is, type: averages ? 'float' : type, samples: level.samples }, type).plane;
      expect(Buffer.compare(planeBytes(is), planeBytes(as)), `${name} of ${x}, ${y}`).toBe(0);
      compared++;
    }
  }
  file.close();
  return compared;
}

const pairs: (readonly [LevelFilter, Wrap, Wrap])[] = [
  ['box', 'clamp', 'clamp'],
  ...WRAPS.map((wrap, i): [LevelFilter, Wrap, Wrap] => ['four-taps', wrap, WRAPS[(i + 1) % 4]!]),
];

describe('every sample of every level is the plain twin’s', () => {
  const SIZES = [
    [1, 1],
    [1, 7],
    [9, 1],
    [2, 2],
    [3, 3],
    [5, 4],
    [16, 16],
    [33, 31],
    [45, 70],
  ] as const;

  test('of small pictures, in both modes and roundings, with all filters and wraps', async () => {
    let compared = 0;
    for (const size of SIZES) {
      for (const levels of ['mipmap', 'ripmap']) {
        for (const levelRounding of ['down', 'up']) {
          for (const [levelFilter, wrapX, wrapY] of pairs) {
            await made(size, { levels, levelRounding, levelFilter, wrapX, wrapY, tileSize: [7, 5] });
            compared += compare(out, { filter: levelFilter, wrap: [wrapX, wrapY] });
          }
        }
      }
    }
    expect(compared).toBe(5280);
  });

  test('of tall pictures in many bands, in all line orders', async () => {
    let compared = 0;
    const sizes = [
      [37, 15_001],
      [32, 16_384],
    ] as const;
    for (const [i, size] of sizes.entries()) {
      for (const [at, [levelFilter, wrapX, wrapY]] of pairs.entries()) {
        const lineOrder = LINE_ORDERS[(at + i) % 3]!;
        const levels = at === 1 ? 'ripmap' : 'mipmap';
        const levelRounding = (['down', 'up'] as const)[(at + i) % 2]!;
        const tileSize = [16, [16, 100, 33][at % 3]!];
        await made(size, { levels, lineOrder, levelRounding, levelFilter, wrapX, wrapY, tileSize });
        expect(bandsIn(out)).toBeGreaterThan(7);
        compared += compare(out, { filter: levelFilter, wrap: [wrapX, wrapY] });
      }
    }
    expect(compared).toBe(936);
  });

  test('of noise with NaN, infinities and numbers near 0', async () => {
    const read = join(folder, 'noise.exr');
    await writeExr(read, [{ channels: ['A', 'B:float', 'G', 'id:uint'], window: box(-7, 2, 103, 90) }]);
    const document = graph(
      {
        r: { type: 'io.read', params: { path: read } },
        w: { type: 'io.write', params: { path: 'out.exr', overwrite: 'replace', layout: 'tiles', levels: 'ripmap' } },
      },
      ['r.image > w.image'],
    );
    expect((await run(document, folder)).exitCode).toBe(0);
    expect(compare(out, { filter: 'box', wrap: ['clamp', 'clamp'] })).toBe(4 * 49);
  });
});

/** How many bands the first part of a file was packed in. */
function bandsIn(path: string): number {
  const file = ExrFile.open(path);
  const { bands } = pyramidOf(file.part(0));
  file.close();
  return bands;
}

/** A level of a channel of the file that was written, as numbers. */
function numbers(name: string, level: readonly [number, number]): number[] {
  const file = ExrFile.open(out);
  const plane = file.readPart(0, { channels: [name], level: { x: level[0], y: level[1] } }).get(name)!;
  file.close();
  return [...convertPlane(plane, 'float').plane.samples];
}

describe('laws', () => {
  /** What `test.pattern` made, by a formula of numbers. */
  const written = async (
    size: readonly [number, number],
    sample: (x: number, y: number) => number,
    write: Params,
  ): Promise<void> => {
    const window = box(0, 0, size[0] - 1, size[1] - 1);
    const source = join(folder, 'law.exr');
    const part: WritePart = {
      type: 'scanlineimage',
      channels: [{ name: 'Z', type: 'float', sampling: FULL_SAMPLING, pLinear: 0 }],
      dataWindow: window,
      displayWindow: window,
      compression: 'none',
      lineOrder: 'increasing',
      attributes: [],
    };
    const plane = fill('float', window, sample);
    const writer = await ExrWriter.create(source, [part]);
    for (let i = 0; i < layoutOf(part).chunkCount; i++) {
      await writer.put(0, i, packChunk(part, i, new Map([['Z', plane]])));
    }
    await writer.finish();
    const params = { path: 'out.exr', overwrite: 'replace', layout: 'tiles', levels: 'mipmap', ...write };
    const document = graph({ r: { type: 'io.read', params: { path: source } }, w: { type: 'io.write', params } }, [
      'r.image > w.image',
    ]);
    expect((await run(document, folder)).exitCode).toBe(0);
  };

  test('a constant stays what it is', async () => {
    for (const levelRounding of ['down', 'up']) {
      for (const levelFilter of LEVEL_FILTERS) {
        await written([107, 61], () => 0.3, { levelRounding, levelFilter });
        const file = ExrFile.open(out);
        const last = layoutOf(file.part(0)).levels.at(-1)!.x;
        file.close();
        for (let n = 1; n <= last; n++) {
          // Weights of odd sizes are thirds and the like, which floats hold nearly.
          for (const value of numbers('Z', [n, n])) expect(Math.abs(value / Math.fround(0.3) - 1)).toBeLessThan(1e-6);
        }
      }
    }
  });

  test('of powers of two the mean is kept, level by level, and the last level is it', async () => {
    // Whole numbers whose sums floats hold exactly.
    const sample = (x: number, y: number): number => ((x * 37 + y * 101) % 64) * 256;
    await written([64, 32], sample, {});
    const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
    const whole = mean(numbers('Z', [0, 0]));
    for (let n = 1; n < 7; n++) expect(mean(numbers('Z', [n, n]))).toBe(whole);
    expect(numbers('Z', [6, 6])).toEqual([whole]);
  });

  test('of odd sizes each sample counts by its area', async () => {
    await written([3, 1], (x) => [3, 6, 12][x]!, {});
    expect(numbers('Z', [1, 1])).toEqual([7]);
    await written([5, 1], (x) => [10, 20, 30, 40, 50][x]!, {});
    // (10 + 20 + 30 / 2) / 2.5 and (30 / 2 + 40 + 50) / 2.5
    expect(numbers('Z', [1, 1]).map((v) => v.toFixed(4))).toEqual(['18.0000', '42.0000']);
    await written([3, 1], (x) => [3, 6, 12][x]!, { levelRounding: 'up' });
    // (3 + 6 / 2) / 1.5 and (6 / 2 + 12) / 1.5
    expect(numbers('Z', [1, 1]).map((v) => v.toFixed(4))).toEqual(['4.0000', '10.0000']);
  });

  test('a NaN or an infinity goes on to whatever is made of it, and no further', async () => {
    await written([16, 16], (x, y) => (x === 5 && y === 9 ? NaN : x === 15 && y === 0 ? Infinity : 1), {});
    const found = [1, 2, 3, 4].map((n) => {
      const values = numbers('Z', [n, n]);
      return [values.filter(Number.isNaN).length, values.filter((v) => v === Infinity).length];
    });
    expect(found).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
      [1, 0],
    ]);
  });

  test('whole numbers are those at multiples of the step, whatever the rounding', async () => {
    for (const levelRounding of ['down', 'up']) {
      await made([45, 30], { levels: 'ripmap', levelRounding });
      const file = ExrFile.open(out);
      const at = (x: number, y: number) => file.readPart(0, { channels: ['id'], level: { x, y } }).get('id')!;
      const full = at(0, 0);
      for (const { x, y } of layoutOf(file.part(0)).levels) {
        const { samples, columns } = at(x, y);
        samples.forEach((value, i) => {
          const [column, row] = [(i % columns) * 2 ** x, Math.floor(i / columns) * 2 ** y];
          expect(value).toBe(full.samples[row * full.columns + column]);
        });
      }
      file.close();
    }
  });
});

test('the same bytes whatever the number of workers, and conversions counted once', async () => {
  await writeExr(join(folder, 'tall.exr'), [{ channels: ['A', 'R', 'Z:float'], window: box(0, 0, 36, 15_000) }]);
  const found = new Set<string>();
  for (const jobs of [0, 1, 2, 4]) {
    const types = [{ channels: 'Z', type: 'half' }];
    const levels = { levels: 'mipmap', levelFilter: 'four-taps', wrapY: 'periodic' };
    const write = { path: 'jobs.exr', overwrite: 'replace', layout: 'tiles', types, ...levels };
    const document = graph(
      { r: { type: 'io.read', params: { path: 'tall.exr' } }, w: { type: 'io.write', params: write } },
      ['r.image > w.image'],
    );
    const done = await run(document, folder, { range: '1', jobs, worker: WORKER });
    expect(done.exitCode, JSON.stringify(done.problems)).toBe(0);
    const ledger = done.result!.ledger;
    expect(ledger.find(({ kind }) => kind === 'converted')).toMatchObject({ name: 'Z', samples: 37 * 15_001 });
    found.add(`${digest(join(folder, 'jobs.exr'))} ${JSON.stringify(ledger)}`);
  }
  expect(found.size).toBe(1);
});
