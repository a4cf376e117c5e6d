// Integrate normals: surfaces to normals and back, islands that do not know of each other, and what is wrong told.
import { describe, expect, it } from 'vitest';
import { decodeAttribute, product } from '../../engine/authoring.ts';
import { plainLattice } from '../../engine/pixels/reference.ts';
import { solve } from '../../nodes/integrate/poisson/solve.ts';
import { random } from '../base/random.ts';
import { never } from '../run/graph.ts';
import { type Chain, chain, errorOf, integrated, islandAt, type Shape, surfaceAt } from './relief.ts';

const SIZE = 512;

describe('a surface turned to normals comes back', () => {
  const errors: Record<string, number> = {};
  it.each<[Shape, NonNullable<Chain['decode']>]>([
    ['rectangle', {}],
    ['disc', {}],
    ['doughnut', {}],
    ['mirrored', { mirrorU: [2] }],
    ['touching', {}],
  ])('on %s', async (shape, decode) => {
    const { height } = await integrated({ relief: { shape, size: SIZE }, decode }, 'height');
    const error = errorOf(height!, 'hills', shape, SIZE);
    expect(error).toBeLessThan(1e-3);
    errors[shape] = error;
    const two = await integrated(
      { relief: { shape, size: SIZE }, decode: { ...decode, channels: ['R', 'G'] } },
      'height',
    );
    let worst = 0;
    for (const [i, value] of height!.entries()) worst = Math.max(worst, Math.abs(value - two['height']![i]!));
    expect(worst).toBeLessThan(1e-3 * (SIZE / 10));
  });

  it('on five shapes', () => expect(Object.keys(errors)).toHaveLength(5));

  it('on one that tiles, with no seam where it wraps', async () => {
    const wrapped = { relief: { surface: 'tiling', size: 100 }, poisson: { wrap: 'both' }, charts: 'none' } as const;
    const made = await integrated(wrapped, 'height', 'check.residual');
    expect(errorOf(made['height']!, 'tiling', 'rectangle', 100)).toBeLessThan(4e-3);
    let compared = 0;
    for (let i = 0; i < 100; i++) {
      const jump = made['height']![i * 100]! - made['height']![i * 100 + 99]!;
      const [, rise] = surfaceAt('tiling', 100, 99.5, i);
      expect(Math.abs(jump - rise)).toBeLessThan(0.02);
      compared += 1;
    }
    expect(compared).toBe(100);
  });

  it('with green down, only where that is said', async () => {
    const down = { shape: 'disc', size: 128, y: 'down' } as const;
    const right = await integrated({ relief: down, decode: { y: 'down' } }, 'height');
    const wrong = await integrated({ relief: down }, 'height');
    expect(errorOf(right['height']!, 'hills', 'disc', 128)).toBeLessThan(1e-2);
    expect(errorOf(wrong['height']!, 'hills', 'disc', 128)).toBeGreaterThan(0.1);
  });
});

it('keeps the borders of a doughnut level where the surface is', async () => {
  const { height } = await integrated({ relief: { surface: 'ring', shape: 'doughnut', size: SIZE } }, 'height');
  const inside = (x: number, y: number): boolean => islandAt('doughnut', SIZE, x, y) === 1;
  const borders: [number[], number[]] = [[], []];
  for (let y = 1; y < SIZE - 1; y++) {
    for (let x = 1; x < SIZE - 1; x++) {
      if (!inside(x, y) || (inside(x - 1, y) && inside(x + 1, y) && inside(x, y - 1) && inside(x, y + 1))) continue;
      const inner = Math.hypot(x - SIZE / 2, y - SIZE / 2) < SIZE * 0.3;
      borders[inner ? 0 : 1].push(height![y * SIZE + x]!);
    }
  }
  for (const border of borders) {
    expect(border.length).toBeGreaterThan(400);
    expect(Math.max(...border) - Math.min(...border)).toBeLessThan(8 * 5e-3);
  }
  // Both lie as deep as each other, which only the way across the ring tells.
  expect(Math.abs(borders[0][0]! - borders[1][0]!)).toBeLessThan(8 * 5e-3);
});

it('shows no seam between islands cut from one surface', async () => {
  const { height } = await integrated({ relief: { shape: 'touching', size: SIZE } }, 'height');
  const off = new Map<number, { sum: number; count: number }>();
  const truth = (x: number, y: number): number => surfaceAt('hills', SIZE, x, y)[0];
  for (let i = 0; i < height!.length; i++) {
    const [x, y] = [i % SIZE, Math.floor(i / SIZE)];
    const island = islandAt('touching', SIZE, x, y);
    const known = off.get(island) ?? { sum: 0, count: 0 };
    off.set(island, { sum: known.sum + height![i]! - truth(x, y), count: known.count + 1 });
  }
  const aligned = (x: number, y: number): number => {
    const { sum, count } = off.get(islandAt('touching', SIZE, x, y))!;
    return height![y * SIZE + x]! - sum / count;
  };
  let across = 0;
  for (let y = 0; y < SIZE; y++) {
    for (let x = 1; x < SIZE; x++) {
      if (islandAt('touching', SIZE, x, y) === islandAt('touching', SIZE, x - 1, y)) continue;
      const step = aligned(x, y) - aligned(x - 1, y);
      expect(Math.abs(step - (truth(x, y) - truth(x - 1, y)))).toBeLessThan(0.02);
      across += 1;
    }
  }
  expect(across).toBe(SIZE);
});

describe('what is odd', () => {
  const exactly = async (what: Chain): Promise<number> => {
    const {
      height,
      'check.residual': residual,
      'check.curl': curl,
    } = await integrated(what, 'height', 'check.residual', 'check.curl');
    for (const plane of [height!, residual!, curl!]) expect(plane.every((value) => value === 0)).toBe(true);
    return height!.length;
  };

  it('a flat map, an all-black one and islands of one pixel are exactly 0', async () => {
    let pixels = 0;
    for (const size of [1, 2, 7, 64]) {
      pixels += await exactly({ relief: { surface: 'flat', size } });
      pixels += await exactly({ relief: { surface: 'black', size } });
    }
    pixels += await exactly({ relief: { surface: 'flat', size: 33 }, poisson: { wrap: 'both' } });
    const { height } = await integrated({ relief: { shape: 'specks', size: 64 } }, 'height');
    expect(height!.every((value) => value === 0)).toBe(true);
    expect(pixels).toBe(2 * (1 + 4 + 49 + 4096) + 33 * 33);
  });

  it('normals near the horizon, below it and of no length give numbers', async () => {
    let checked = 0;
    for (const surface of ['horizon', 'broken'] as const) {
      for (const normalization of ['auto', 'xy', 'none'] as const) {
        const made = await integrated(
          { relief: { surface, size: 65 }, decode: { normalization } },
          'height',
          'check.residual',
          'check.curl',
        );
        for (const plane of Object.values(made)) expect(plane.every(Number.isFinite)).toBe(true);
        checked += 1;
      }
    }
    expect(checked).toBe(6);
  });

  it('the anchor is the flattest pixel, and the mean is that of each island', async () => {
    const relief = { shape: 'touching', size: 90, ids: 'float' } as const;
    const [anchored, centred] = [
      await integrated({ relief }, 'height'),
      await integrated({ relief, poisson: { zero: 'mean', amplitude: 2 } }, 'height'),
    ];
    const islands = new Map<number, { sum: number; flattest: number; at: number }>();
    for (let i = 0; i < 90 * 90; i++) {
      const [x, y] = [i % 90, Math.floor(i / 90)];
      const [, right, down] = surfaceAt('hills', 90, x, y);
      const known = islands.get(islandAt('touching', 90, x, y)) ?? { sum: 0, flattest: Infinity, at: 0 };
      const slope = Math.hypot(right, down);
      islands.set(islandAt('touching', 90, x, y), {
        sum: known.sum + centred['height']![i]!,
        ...(slope < known.flattest ? { flattest: slope, at: i } : { flattest: known.flattest, at: known.at }),
      });
    }
    expect(islands.size).toBe(3);
    for (const { sum, at } of islands.values()) {
      expect(Math.abs(sum / (90 * 90))).toBeLessThan(1e-5);
      expect(anchored['height']![at]).toBe(0);
    }
  });

  it('a curl that no height has is left over, and a constant slope has none', async () => {
    const { 'check.curl': curl } = await integrated({ relief: { size: 64 } }, 'check.curl');
    expect(Math.max(...curl!.map(Math.abs))).toBeLessThan(0.01);
    const wrong = await integrated({ relief: { size: 64, y: 'down' } }, 'check.curl');
    expect(Math.max(...wrong['check.curl']!.map(Math.abs))).toBeGreaterThan(0.02);
  });
});

describe('the solver', () => {
  const slopes = (size: number) => {
    const [p, q] = [new Float32Array(size * size), new Float32Array(size * size)];
    const islands = new Uint32Array(size * size);
    for (let i = 0; i < p.length; i++) {
      const [x, y] = [i % size, Math.floor(i / size)];
      const [, right, down] = surfaceAt('hills', size, x, y);
      [p[i], q[i], islands[i]] = [right, down, islandAt('touching', size, x, y)];
    }
    return { columns: size, rows: size, p, q, islands, wrap: { columns: false, rows: true } };
  };
  const options = { tolerance: 1e-6, maxIterations: 100, signal: never };

  it('gives the same bits with the plain twins', async () => {
    const [fast, plain] = [
      await solve(slopes(75), options),
      await solve(slopes(75), { ...options, sweeps: plainLattice }),
    ];
    expect(fast.iterations).toBe(plain.iterations);
    expect(fast.hierarchy.x).toEqual(plain.hierarchy.x);
    expect(fast.hierarchy.levels[0]!.f).toEqual(plain.hierarchy.levels[0]!.f);
    expect(fast.hierarchy.x.length).toBe(77 * 80);
  });

  it('takes no more iterations for a larger picture, and can go far below single precision', async () => {
    const taken: number[] = [];
    for (const size of [64, 128, 256, 512]) taken.push((await solve(slopes(size), options)).iterations);
    expect(Math.max(...taken)).toBeLessThanOrEqual(12);
    expect(taken[3]! - taken[0]!).toBeLessThanOrEqual(3);
    const fine = await solve(slopes(128), { ...options, tolerance: 1e-10 });
    expect(fine.residual).toBeLessThanOrEqual(1e-10);
  });

  it('takes few iterations where a thin island winds a long way, and on noise', async () => {
    const taken: number[] = [];
    for (const size of [200, 400]) {
      const masked = slopes(size);
      const wound = masked.islands.map((_, i) => {
        const [x, y] = [(i % size) - size / 2, Math.floor(i / size) - size / 2];
        const turns = Math.hypot(x, y) / 24 - Math.atan2(y, x) / (2 * Math.PI);
        return turns - Math.floor(turns) < 0.9 && Math.hypot(x, y) < size / 2 ? 1 : 0;
      });
      taken.push((await solve({ ...masked, islands: wound }, options)).iterations);
    }
    expect(Math.max(...taken)).toBeLessThanOrEqual(12);
    const from = random(5);
    const noise = slopes(200).islands.map(() => Number(from.chance(0.6)));
    expect((await solve({ ...slopes(200), islands: noise }, options)).iterations).toBeLessThanOrEqual(30);
  });

  it('refuses slopes that are too great to reckon with', async () => {
    const steep = slopes(16);
    steep.p.fill(3e38);
    steep.q.fill(-3e38);
    await expect(solve(steep, options)).rejects.toMatchObject({ code: 'solver-stopped' });
  });

  it('stops where it is told to, and when it is cancelled', async () => {
    const few = solve(slopes(64), { ...options, maxIterations: 2 });
    await expect(few).rejects.toMatchObject({ code: 'solver-stopped' });
    await expect(solve(slopes(64), { ...options, signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
  });

  it('lets others have their turn within a cycle of a wide picture, and is cancelled there', async () => {
    const wide = slopes(1024);
    let turns = 0;
    let waiting: NodeJS.Immediate;
    const stop = new AbortController();
    const turn = (last: number): void => {
      turns += 1;
      if (turns === last) stop.abort();
      waiting = setImmediate(turn, last);
    };
    turn(Infinity);
    const { iterations } = await solve(wide, options);
    clearImmediate(waiting!);
    expect(turns).toBeGreaterThan(4 * iterations);
    const last = turns - 3;
    turns = 0;
    turn(last);
    await expect(solve(wide, { ...options, signal: stop.signal })).rejects.toThrow(/abort/i);
    clearImmediate(waiting!);
    expect(turns).toBe(last);
  });
});

describe('what is told before', () => {
  const told = async (what: Chain): Promise<string[]> =>
    (await chain(what).descriptions.describe('node', 1)).problems.map(
      (p) => `${p.severity} ${p.code}${p.where?.param === undefined ? '' : ` ${p.where.param}`}`,
    );

  it('problems', async () => {
    const relief = { size: 8 };
    expect(await told({ relief })).toEqual([]);
    expect(await told({ relief, charts: 'none' })).toEqual([]);
    expect(await told({ relief, charts: { size: 9 } })).toEqual(['error window-mismatch']);
    expect(await told({ relief, poisson: { slopeU: 'x' } })).toEqual(['error channel-unknown slopeU']);
    expect(await told({ relief, poisson: { idChannel: 'x' } })).toEqual(['error channel-unknown idChannel']);
    expect(await told({ relief, poisson: { idChannel: 'x', maskChannel: 'R' } })).toEqual([]);
    expect(await told({ relief, poisson: { maskChannel: 'y' } })).toEqual(['error channel-unknown maskChannel']);
  });

  it('channels and attributes', async () => {
    const { descriptions } = chain({ relief: { size: 8 } });
    const { spec } = await descriptions.describe('node', 1);
    const [part] = spec!.parts;
    expect(part!.channels.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'check.curl float',
      'check.residual float',
      'height float',
      'id uint',
    ]);
    const attributes = part!.attributes.map((a) => [a.name, decodeAttribute(a)]);
    expect(Object.fromEntries(attributes)).toEqual({
      'n2d:space': 'tangent',
      'n2d:units': 'texel',
      Software: product(),
      'n2d:amplitude': 1,
    });
  });
});
