// Curves: expected samples by formula or by hand, no overshoot anywhere, what is refused and what changes nothing.
import { describe, expect, it } from 'vitest';
import type { AnyNode } from '../../../engine/authoring.ts';
import { curves } from '../../../nodes/color/curves.ts';
import { random } from '../../base/random.ts';
import { channelLines, describeNode, picture, problemLines, provenFixes } from '../spec-builder.ts';
import { changed } from './swatches.ts';

type Points = { readonly x: number; readonly y: number }[];
const through = (...flat: readonly number[]): Points =>
  Array.from({ length: flat.length / 2 }, (_, i) => ({ x: flat[i * 2]!, y: flat[i * 2 + 1]! }));
const row = (values: readonly (number | string)[]) => values.map((v) => [v, v, v]);

function expectNear(actual: readonly number[], expected: readonly number[], most = 4e-7): void {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) {
    expect(Math.abs(actual[i]! - value), `sample ${i}: ${actual[i]}`).toBeLessThanOrEqual(
      most * Math.max(1, Math.abs(value)),
    );
  }
}

describe('Curves', () => {
  it('meets its points, and is straight between them where that is asked', async () => {
    const params = { join: 'straight', red: through(0, 0.1, 0.5, 0.9, 1, 1), green: through(0, 1, 1, 0), blue: [] };
    const made = await changed('color.curves', params, row([0, 0.25, 0.5, 0.75, 1, -1, 3, 'NaN']));
    expectNear(
      made.slice(0, 7).map((c) => c[0]!),
      [0.1, 0.5, 0.9, 0.95, 1, -1.5, 1.4],
    );
    expectNear(
      made.slice(0, 7).map((c) => c[1]!),
      [1, 0.75, 0.5, 0.25, 0, 2, -2],
    );
    expect(made.map((c) => c[2])).toEqual([0, 0.25, 0.5, 0.75, 1, -1, 3, NaN]);
    expect(made[7]).toEqual([NaN, NaN, NaN]);
  });

  it('is smooth by harmonic means of slopes', async () => {
    // Chords 3 and 1/3 with equal widths: 2 / (1/3 + 3) = 0.6 in the middle, and 13/3 and 0 at the ends by Moler's
    // formula, of which the last is (3 * 1/3 - 3) / 2 < 0, so level.
    const points = through(0, 0, 0.25, 0.75, 0.5, 0.75 + 1 / 12);
    const hermite = (t: number, y0: number, y1: number, m0: number, m1: number): number =>
      (1 + 2 * t) * (1 - t) ** 2 * y0 + t * (1 - t) ** 2 * m0 + t * t * (3 - 2 * t) * y1 + t * t * (t - 1) * m1;
    const end = (3 * 3 - 1 / 3) / 2;
    const made = await changed('color.curves', { master: points }, row([0.0625, 0.125, 0.375, 0.5, 0.25, -1, 2]));
    const last = 0.75 + 1 / 12;
    expectNear(
      made.map((c) => c[0]!),
      [
        hermite(0.25, 0, 0.75, end / 4, 0.6 / 4),
        hermite(0.5, 0, 0.75, end / 4, 0.6 / 4),
        hermite(0.5, 0.75, last, 0.6 / 4, 0),
        last,
        0.75,
        -end,
        last,
      ],
    );
  });

  it('takes master first, then each channel, inside of a division by alpha where that is asked', async () => {
    const params = {
      join: 'straight',
      master: through(0, 0, 0.5, 0.25, 1, 1),
      red: through(0, 1, 1, 0),
      beyond: 'hold',
      unpremultiply: true,
    };
    expect(await changed('color.curves', params, [[0.25, 0.25, 0.5, 0.5]])).toEqual([[0.375, 0.125, 0.5]]);
  });

  it('holds its ends where that is asked, and infinities go where the ends lead', async () => {
    const held = await changed('color.curves', { beyond: 'hold' }, row([-2, 0.5, 7, 'Infinity', '-Infinity']));
    expect(held.map((c) => c[0])).toEqual([0, 0.5, 1, 1, 0]);
    const straight = { master: through(0, 0, 1, 2) };
    const gone = await changed('color.curves', straight, row([-2, 7, 'Infinity', '-Infinity']));
    expect(gone.map((c) => c[0])).toEqual([-4, 14, Infinity, -Infinity]);
    expect((await changed('color.curves', { green: through(0.5, 0.25) }, row([0, 9])))[1]).toEqual([9, 0.25, 9]);
  });

  it('never overshoots: between two points all samples lie between their values', async () => {
    const dice = random(3);
    let compared = 0;
    for (let round = 0; round < 40; round++) {
      let x = -1;
      const list = Array.from({ length: dice.int(2, 12) }, () => {
        x += dice.int(1, 500) / 1000;
        return { x, y: dice.int(-1000, 1000) / 1000 };
      });
      const [first, last] = [list[0]!.x, list.at(-1)!.x];
      const samples = Array.from({ length: 400 }, (_, i) => first + ((last - first) * i) / 399);
      const made = await changed('color.curves', { master: list }, row(samples));
      for (const [i, sample] of samples.entries()) {
        const right = list.findIndex((p) => p.x >= sample);
        const [a, b] = [list[Math.max(0, right - 1)]!.y, list[right < 0 ? list.length - 1 : right]!.y];
        const y = made[i]![0]!;
        expect(y).toBeGreaterThanOrEqual(Math.min(a, b) - 1e-6);
        expect(y).toBeLessThanOrEqual(Math.max(a, b) + 1e-6);
        compared++;
      }
    }
    expect(compared).toBe(16_000);
  });

  it('refuses points that do not rise, and offers their order', async () => {
    const inputs = { image: picture({}) };
    const unsorted = { red: through(0, 0, 1, 1, 0.5, 0.5) };
    expect(problemLines(await describeNode(curves as AnyNode, unsorted, inputs))).toEqual(['error param-invalid red']);
    expect(await provenFixes(curves as AnyNode, unsorted, inputs, 'param-invalid')).toEqual(['Put them in order']);
    const double = { blue: through(0, 0, 0.5, 0.2, 0.5, 0.8) };
    const { problems } = await describeNode(curves as AnyNode, double, inputs);
    expect(problems.map((p) => [p.message, p.fixes])).toEqual([
      ['Two points of blue lie at 0.5. Move or remove one of them.', []],
    ]);
  });

  it('passes all on where no curve bends', async () => {
    const { spec } = await describeNode(
      curves as AnyNode,
      { red: [], green: through(0, 0, 0.3, 0.3) },
      { image: picture({}) },
    );
    expect(channelLines(spec)).toEqual(['A', 'B', 'G', 'R'].map((name) => `${name}:half ← image #0 ${name}`));
  });
});
