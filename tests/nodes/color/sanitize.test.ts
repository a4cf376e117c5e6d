// Sanitize: expected samples by hand in halves and floats, against a plain definition, and counts in the ledger.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { box, createPlane, type Plane } from '../../../engine/authoring.ts';
import type { Json } from '../../../engine/base/canonical.ts';
import { runGraph } from '../../../engine/run/run.ts';
import { Tally } from '../../../engine/run/tally.ts';
import { type Cures, repair } from '../../../nodes/color/sanitize/repair.ts';
import { nodes } from '../../../nodes/index.ts';
import { random } from '../../base/random.ts';
import { graph } from '../../run/graph.ts';
import { type GridSource, grid, made, problems } from '../grid.ts';

const WORKER = new URL('../../../engine/bin/worker.ts', import.meta.url);

const sane = (
  params: Readonly<Record<string, Json>>,
  rows: GridSource['rows'],
  type: 'half' | 'float' = 'float',
): Promise<number[][]> => made('color.sanitize', params, { rows, channels: { R: type } });

describe.each(['half', 'float'] as const)('Sanitize, %s', (type) => {
  it('puts the median of sound neighbours in place of what is no number or infinite', async () => {
    const rows = [
      [1, 2, 3, 4],
      [5, 'NaN', 'Infinity', -8],
      [9, 'NaN', '-Infinity', 12],
    ];
    expect(await sane({}, rows, type)).toEqual([
      [1, 2, 3, 4],
      // 1 2 3 5 9, then -8 2 3 4 12.
      [5, 3, 3, -8],
      // 5 9, of which the lower one is taken, then -8 12.
      [9, 5, -8, 12],
    ]);
  });

  it('takes the value where no neighbour is sound, and negative ones for unsound where they are cured', async () => {
    const lonely = [
      ['NaN', 'NaN'],
      ['Infinity', '-Infinity'],
    ];
    const values = { nanValue: 0.5, infinityValue: 100, negativeInfinityValue: -2 };
    expect(await sane(values, lonely, type)).toEqual([
      [0.5, 0.5],
      [100, -2],
    ]);
    const mixed = [[-1, 'NaN', -3, 4, 'NaN', '-0']];
    expect(await sane({}, mixed, type)).toEqual([[-1, -3, -3, 4, -0, -0]]);
    expect(await sane({ negative: 'median', negativeValue: 7 }, mixed, type)).toEqual([[7, 0, 4, 4, -0, -0]]);
  });

  it('keeps, or sets to values, each kind by itself', async () => {
    const rows = [['NaN', 'Infinity', '-Infinity', -0.5, 0.25, '-0']];
    const values = {
      nan: 'value',
      nanValue: 2,
      infinity: 'value',
      infinityValue: 1000,
      negativeInfinity: 'value',
      negativeInfinityValue: -1000,
      negative: 'value',
      negativeValue: 0,
    };
    expect(await sane(values, rows, type)).toEqual([[2, 1000, -1000, 0, 0.25, -0]]);
    for (const [i, kind] of ['nan', 'infinity', 'negativeInfinity', 'negative'].entries()) {
      const [row] = await sane({ ...values, [kind]: 'keep' }, rows, type);
      expect(row![i]).toEqual([NaN, Infinity, -Infinity, -0.5][i]);
      expect(row!.filter((_, at) => at !== i)).toEqual([2, 1000, -1000, 0, 0.25, -0].filter((_, at) => at !== i));
    }
  });
});

/** The same by the plainest way: over all neighbours of every sample. */
function plainly(plane: Plane, cures: Cures): number[] {
  const at = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= plane.columns || y >= plane.rows ? NaN : plane.samples[y * plane.columns + x]!;
  const cureOf = (v: number) =>
    Number.isNaN(v)
      ? cures.nan
      : v === Infinity
        ? cures.infinity
        : v === -Infinity
          ? cures.negativeInfinity
          : v < 0
            ? cures.negative
            : undefined;
  return [...plane.samples].map((v, i) => {
    const [x, y] = [i % plane.columns, Math.floor(i / plane.columns)];
    const cure = cureOf(v);
    if (!cure || cure.way === 'keep') return v;
    const near: number[] = [];
    for (let j = -1; j <= 1; j++) for (let k = -1; k <= 1; k++) if (j !== 0 || k !== 0) near.push(at(x + k, y + j));
    const sound = near
      .filter((n) => Number.isFinite(n) && !(n < 0 && cures.negative.way !== 'keep'))
      .sort((a, b) => a - b);
    return cure.way === 'median' && sound.length > 0 ? sound[(sound.length - 1) >> 1]! : Math.fround(cure.value);
  });
}

it('is the plain definition on planes full of holes, and any part of a plane is that part', () => {
  const dice = random(8);
  const ways = [{ way: 'keep' }, { way: 'value', value: 0.3 }, { way: 'median', value: 9 }] as const;
  let compared = 0;
  for (let round = 0; round < 60; round++) {
    const plane = createPlane('float', box(-3, 5, dice.int(-3, 20), dice.int(5, 20)));
    plane.samples.set(
      Array.from(plane.samples, () =>
        dice.chance(0.3) ? [NaN, Infinity, -Infinity, -dice.int(1, 9)][dice.int(0, 3)]! : dice.int(0, 100),
      ),
    );
    const one = () => ways[dice.int(0, 2)]!;
    const cures: Cures = { nan: one(), infinity: one(), negativeInfinity: one(), negative: one() };
    const whole = repair(plane, plane.box, cures);
    expect([...whole.plane.samples]).toEqual(plainly(plane, cures));
    const { minX, minY, maxX, maxY } = plane.box;
    const inner = box(
      Math.min(minX + 1, maxX),
      Math.min(minY + 2, maxY),
      maxX,
      Math.min(maxY, Math.max(minY + 1, maxY - 1)),
    );
    if (inner.minY <= inner.maxY) {
      const cut = repair(plane, inner, cures);
      for (let y = inner.minY; y <= inner.maxY; y++)
        for (let x = inner.minX; x <= inner.maxX; x++) {
          const there = (y - inner.minY) * cut.plane.columns + x - inner.minX;
          expect(cut.plane.samples[there]).toBe(whole.plane.samples[(y - minY) * plane.columns + x - minX]);
        }
    }
    compared += plane.samples.length;
  }
  expect(compared).toBeGreaterThan(5000);
});

describe('what is asked of it', () => {
  const rows = [['NaN', 1]];
  it('refuses what it cannot work on and values that halves cannot hold; passes whole numbers', async () => {
    const channels = { R: 'half', G: 'half', id: 'uint' } as const;
    expect(await problems('color.sanitize', {}, { rows: [[0]], channels })).toEqual([]);
    expect(await problems('color.sanitize', { channels: ['id'] }, { rows: [[0]], channels })).toEqual([
      'warning channel-unknown channels',
    ]);
    expect(await problems('color.sanitize', { nan: 'value', nanValue: 1e6 }, { rows, channels })).toEqual([
      'error param-invalid nanValue',
    ]);
    expect(await problems('color.sanitize', { nan: 'keep', nanValue: 1e6 }, { rows, channels })).toEqual([]);
    expect(await problems('color.sanitize', {}, { rows, part: { kind: 'deep' } })).toEqual([
      'error deep-unsupported channels',
    ]);
    expect(await problems('color.sanitize', {}, { rows, sampling: 2 })).toEqual(['error sampling-mismatch channels']);
  });
});

describe('the ledger', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-sanitize-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const dice = random(21);
  // 3000 rows are several bands, and a blur below looks at rows around each of them.
  const rows = Array.from({ length: 3000 }, () =>
    Array.from({ length: 300 }, () => (dice.chance(0.01) ? (dice.chance(0.5) ? 'NaN' : '-Infinity') : dice.int(0, 50))),
  );
  const count = (text: string): number => rows.flat().filter((v) => v === text).length;

  let written = false;
  async function holes(): Promise<void> {
    if (written) return;
    written = true;
    const document = graph(
      {
        grid: { type: 'test.grid', params: { rows } as unknown as Record<string, Json> },
        write: { type: 'io.write', params: { path: 'holes.exr' } },
      },
      ['grid.image > write.image'],
    );
    const run = await runGraph({ document, folder, nodes: [...nodes, grid], range: '1', jobs: 0 });
    expect(run.exitCode).toBe(0);
  }

  it.each([
    ['alone', 0, false],
    ['above a blur', 0, true],
    ['in one worker', 1, false],
    ['in two workers, above a blur', 2, true],
  ])('counts each sample once, %s', async (name, jobs, blurred) => {
    await holes();
    const document = graph(
      {
        read: { type: 'io.read', params: { path: 'holes.exr' } },
        clean: { type: 'color.sanitize', params: { negativeInfinity: 'value' } },
        blur: { type: 'filter.blur', params: { size: [0, 9] } },
        write: { type: 'io.write', params: { path: `${name}.exr`, compression: 'none' } },
      },
      [
        'read.image > clean.image',
        ...(blurred ? ['clean.image > blur.image', 'blur.image > write.image'] : ['clean.image > write.image']),
      ],
    );
    const run = await runGraph({ document, folder, nodes, range: '1', jobs, worker: WORKER });
    expect(run.exitCode).toBe(0);
    const told = run.result!.ledger.filter((entry) => entry.from === 'clean');
    expect(told.map(({ kind, item, name: of, reason, samples }) => [kind, item, of, reason, samples])).toEqual([
      ['changed', 'channel', 'R', 'NaN became the median of its neighbours', count('NaN')],
      ['changed', 'channel', 'R', 'minus infinity became 0', count('-Infinity')],
    ]);
  });

  it('takes a row that was looked at twice once, and the wider look', () => {
    const tally = new Tally();
    const note = { kind: 'counted', part: 0, name: 'R', reason: 'x' } as const;
    const told = (from: number, to: number, ...counts: (readonly [number, number])[]): void =>
      tally.noted('n', { ...note, rows: { from, to, counts } });
    told(0, 9, [1, 3], [2, 4]);
    told(0, 9, [2, 4], [3, 5]);
    told(2, 4, [1, 1]);
    told(-5, 20, [3, 8]);
    told(10, 19, [1, 2]);
    const merged = tally.take();
    expect(merged.notes.map((n) => n.rows)).toEqual([
      { from: 0, to: 19, counts: [[1, 5]] },
      { from: 0, to: 9, counts: [[2, 4]] },
      { from: -5, to: 20, counts: [[3, 8]] },
    ]);
    const other = new Tally();
    other.add(merged);
    other.add(merged);
    expect(other.take()).toEqual(merged);
    expect(other.take().notes).toEqual([]);
  });
});
