// Elementary functions: near the machine's own, exact where it counts, and the same bits on every machine.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import * as elementary from '../../engine/expression/elementary.ts';
import { type Random, random } from '../base/random.ts';

/** From 0 to 1. */
const share = (rng: Random): number => rng.int(0, 2 ** 30) / 2 ** 30;

const view = new DataView(new ArrayBuffer(8));
function bits(x: number): bigint {
  view.setFloat64(0, x);
  return view.getBigInt64(0);
}

const RANGES: readonly (readonly [
  name: string,
  own: (x: number) => number,
  machine: (x: number) => number,
  from: number,
  to: number,
])[] = [
  ['exp', elementary.exp, Math.exp, -700, 700],
  ['exp near 0', elementary.exp, Math.exp, -1, 1],
  ['log', elementary.log, Math.log, 1e-3, 5],
  ['log of large numbers', elementary.log, Math.log, 1, 1e300],
  ['log2', elementary.log2, Math.log2, 1e-3, 5],
  ['log10', elementary.log10, Math.log10, 1e-3, 5000],
  ['sin', elementary.sin, Math.sin, -100, 100],
  ['cos', elementary.cos, Math.cos, -100, 100],
  ['tan', elementary.tan, Math.tan, -10, 10],
  ['asin', elementary.asin, Math.asin, -1, 1],
  ['acos', elementary.acos, Math.acos, -1, 1],
  ['atan', elementary.atan, Math.atan, -50, 50],
  ['atan2', (x) => elementary.atan2(x, -2), (x) => Math.atan2(x, -2), -50, 50],
  ['x^2.2', (x) => elementary.pow(x, 2.2), (x) => x ** 2.2, 0, 20],
  ['x^(1/2.4)', (x) => elementary.pow(x, 1 / 2.4), (x) => x ** (1 / 2.4), 0, 20],
  ['x^-50.3', (x) => elementary.pow(x, -50.3), (x) => x ** -50.3, 0.5, 100],
];

describe('elementary functions', () => {
  it.each(RANGES)('%s is within a few units of the last place of the machine', (_, own, machine, from, to) => {
    const rng = random(7);
    for (let i = 0; i < 5000; i++) {
      const x = from + (to - from) * share(rng);
      const expected = machine(x);
      const units = Number(bits(own(x)) - bits(expected));
      // Near a zero of the function the last place of the argument counts for more than that of the result.
      if (Math.abs(expected) > 1e-3) expect(Math.abs(units), String(x)).toBeLessThanOrEqual(4);
      else expect(Math.abs(own(x) - expected)).toBeLessThan(1e-16 * Math.max(1, Math.abs(x)));
    }
  });

  it('counts the ranges', () => expect(RANGES).toHaveLength(16));

  it('is exact at powers', () => {
    for (let n = -300; n <= 308; n++) expect(elementary.log10(Number(`1e${n}`))).toBe(n);
    for (let n = -1074; n <= 1023; n++) expect(elementary.log2(2 ** n)).toBe(n);
    for (let n = -16; n <= 16; n++) expect(elementary.pow(2, n)).toBe(2 ** n);
    expect([elementary.pow(3, 4), elementary.pow(10, 5), elementary.pow(-2, 3), elementary.pow(9, 0.5)]).toEqual([
      81, 1e5, -8, 3,
    ]);
    expect(elementary.pow(2, -1074)).toBe(Number.MIN_VALUE);
    expect(elementary.pow(-2, 1001.0)).toBe(-elementary.pow(2, 1001));
  });

  it('knows its edges', () => {
    const { POSITIVE_INFINITY: inf, NEGATIVE_INFINITY: less, NaN: none } = Number;
    const edges: readonly (readonly [number, number])[] = [
      [elementary.exp(1000), inf],
      [elementary.exp(-1000), 0],
      [elementary.exp(less), 0],
      [elementary.exp(inf), inf],
      [elementary.exp(none), none],
      [elementary.log(0), less],
      [elementary.log(-1), none],
      [elementary.log(inf), inf],
      [elementary.log2(-1), none],
      [elementary.log10(0), less],
      [elementary.pow(-8, 1 / 3), none],
      [elementary.pow(0, 0), 1],
      [elementary.pow(none, 0), 1],
      [elementary.pow(0, -1), inf],
      [elementary.pow(0, 2.5), 0],
      [elementary.pow(0, -2.5), inf],
      [elementary.pow(inf, -2.5), 0],
      [elementary.pow(inf, 2.5), inf],
      [elementary.pow(2, inf), inf],
      [elementary.pow(2, less), 0],
      [elementary.pow(0.5, inf), 0],
      [elementary.pow(1, inf), 1],
      [elementary.pow(-1, inf), 1],
      [elementary.pow(1.5, 1e300), inf],
      [elementary.pow(1.5, -1e300), 0],
      [elementary.pow(0.5, 1e300), 0],
      [elementary.sin(inf), none],
      [elementary.cos(none), none],
      [elementary.asin(1.1), none],
      [elementary.acos(-1.1), none],
      [elementary.atan(inf), Math.PI / 2],
      [elementary.atan(less), -Math.PI / 2],
      [elementary.atan2(0, -1), Math.PI],
      [elementary.atan2(-0, -1), -Math.PI],
      [elementary.atan2(-0, 1), -0],
      [elementary.atan2(inf, less), (Math.PI * 3) / 4],
      [elementary.hypot(), 0],
      [elementary.hypot(1e300, 1e300), 1e300 * Math.SQRT2],
      [elementary.hypot(inf, none), none],
    ];
    for (const [i, [found, expected]] of edges.entries()) expect(found, `edge ${i}`).toBe(expected);
    expect(edges).toHaveLength(39);
    for (const x of [1e7, -1e9, 1e15, 1e300]) expect(Math.abs(elementary.sin(x))).toBeLessThanOrEqual(1);
  });

  it('gives the same bits on every machine', () => {
    const rng = random(11);
    const values = new DataView(new ArrayBuffer(8 * 2000 * 11));
    let at = 0;
    const add = (value: number): void => {
      expect(value).not.toBeNaN();
      values.setFloat64(at, value);
      at += 8;
    };
    for (let i = 0; i < 2000; i++) {
      const x = (share(rng) - 0.5) * 2 ** rng.int(-10, 8);
      const { exp, log, log2, log10, sin, cos, tan, asin, acos, atan, pow } = elementary;
      for (const apply of [exp, sin, cos, tan, atan]) add(apply(x));
      for (const apply of [log, log2, log10]) add(apply(Math.abs(x)));
      for (const apply of [asin, acos]) add(apply(x / 256));
      add(pow(Math.abs(x), x));
    }
    expect(at).toBe(values.byteLength);
    expect(createHash('sha256').update(values).digest('hex').slice(0, 32)).toBe('4a3cadee98d352f2d0c2eba15cd806ea');
  });
});
