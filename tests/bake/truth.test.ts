// Bakes from files to files: surfaces turned to normal maps come back on the islands of a mesh, whatever their shape.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Surface, surfaceAt } from '../nodes/relief.ts';
import { objOf, type Sheet } from '../nodes/sheets.ts';
import { digest, temporary } from '../run/files.ts';
import { type BakeSketch, baked, heightsIn, idsIn } from './bake.ts';
import { type Field, type Held, held, type MapSketch, writeExrMap } from './map.ts';

const WORKER = new URL('../../engine/bin/worker.ts', import.meta.url);
const SIZE = 512;
const folder = temporary();

/** A sheet that lies in space as on the texture, a little bent, so that nothing is mirrored. */
const flat = (
  tile: number,
  uv: (s: number, t: number) => readonly [number, number],
  more: Partial<Sheet> = {},
): Sheet => ({
  columns: 24,
  rows: 24,
  uv: (s, t) => [uv(s, t)[0] + tile - 1001, uv(s, t)[1]],
  at: (s, t) => [uv(s, t)[0] * 3 + (tile - 1001) * 4, uv(s, t)[1] * 3, 0.1 * s],
  ...more,
});

const disc = (s: number, t: number): readonly [number, number] => {
  const [x, y] = [2 * s - 1, 2 * t - 1];
  return [0.5 + 0.45 * x * Math.sqrt(1 - (y * y) / 2), 0.5 + 0.45 * y * Math.sqrt(1 - (x * x) / 2)];
};
/** Its ends meet at the same bits. */
const doughnut = (s: number, t: number): readonly [number, number] => {
  const turn = -2 * Math.PI * (s % 1);
  const radius = 0.2 + 0.25 * t;
  return [0.5 + radius * Math.cos(turn), 0.5 + radius * Math.sin(turn)];
};
/** Where the left of the islands that touch ends. */
const wavy = (t: number): number => 0.37 + 0.02 * Math.sin(9 * t);

/** Tile → the islands on it. Tiles lie beside each other, each five units of space from the next. */
const SHAPES: Readonly<Record<string, readonly Sheet[]>> = {
  rectangle: [flat(1001, (s, t) => [s, t])],
  disc: [flat(1002, disc)],
  doughnut: [flat(1003, doughnut, { columns: 96, at: (s, t) => [...doughnut(s, t), 8] })],
  mirrored: [
    flat(1004, (s, t) => [0.02 + 0.45 * s, t]),
    { ...flat(1004, (s, t) => [0.98 - 0.45 * s, t]), at: (s, t) => [14 + s, t * 2, 0] },
  ],
  touching: [
    flat(1005, (s, t) => [s * wavy(t), t]),
    flat(1005, (s, t) => [1 - (1 - s) * (1 - wavy(0.39 + 0.61 * t)), 0.39 + 0.61 * t]),
    flat(1005, (s, t) => [1 - (1 - s) * (1 - wavy(0.39 * t)), 0.39 * t]),
  ],
};
const TILES = Object.keys(SHAPES).map((shape, i) => [shape, 1001 + i] as const);
const ISLANDS = [1, 1, 1, 2, 3];

const fieldOf =
  (surface: Surface): Field =>
  (x, y) =>
    surfaceAt(surface, SIZE, x, y);

const sketchOf = (shape: string, surface: Surface = 'hills'): MapSketch => ({
  size: SIZE,
  field: fieldOf(surface),
  ...(shape === 'mirrored' ? { turned: (x) => [x < SIZE / 2 ? 1 : -1, 1] } : {}),
});

beforeAll(async () => {
  writeFileSync(join(folder, 'shapes.obj'), objOf(Object.values(SHAPES).flat()));
  for (const [shape, tile] of TILES) {
    await writeExrMap(join(folder, `hills.${tile}.exr`), sketchOf(shape));
    await writeExrMap(join(folder, `two.${tile}.exr`), sketchOf(shape), 'RG');
  }
});

const make = (normal: string, more: Partial<BakeSketch> = {}): Promise<unknown> =>
  baked(folder, { mesh: 'shapes.obj', normal, out: normal.split('.')[0]!, ...more });
const heightsOf = (out: string, tile: number): Float32Array => heightsIn(folder, out, tile);
const idsOf = (out: string, tile: number): Uint32Array => idsIn(folder, out, tile);

describe('a surface turned to a normal map comes back on islands of a mesh', () => {
  const found: Record<string, Held> = {};

  it('of every shape, to less than 1e-3 of its range', async () => {
    await make('hills.<UDIM>.exr');
    for (const [shape, tile] of TILES) {
      found[shape] = held(heightsOf('hills', tile), idsOf('hills', tile), sketchOf(shape));
      expect(found[shape].rms, shape).toBeLessThan(1e-3);
    }
    expect(Object.values(found).map(({ islands }) => islands)).toEqual(ISLANDS);
    const covered = Object.values(found).map(({ pixels }) => pixels / SIZE ** 2);
    for (const [i, part] of [1, Math.PI * 0.45 ** 2, Math.PI * (0.45 ** 2 - 0.2 ** 2), 0.9, 1].entries())
      expect(Math.abs(covered[i]! - part)).toBeLessThan(0.01);
  });

  it('the same from two channels', async () => {
    await make('two.<UDIM>.exr', { channels: ['R', 'G'] });
    let compared = 0;
    for (const [, tile] of TILES) {
      const [three, two] = [heightsOf('hills', tile), heightsOf('two', tile)];
      let worst = 0;
      for (let i = 0; i < three.length; i++) worst = Math.max(worst, Math.abs(three[i]! - two[i]!));
      expect(worst).toBeLessThan(1e-3);
      compared += three.length;
    }
    expect(compared).toBe(5 * SIZE ** 2);
  });

  it('shows no seam between islands cut from one surface', () => {
    const [heights, ids] = [heightsOf('hills', 1005), idsOf('hills', 1005)];
    const offsets = found['touching']!.offsets;
    const aligned = (i: number): number => heights[i]! + offsets.get(ids[i]!)!;
    const truth = (i: number): number => surfaceAt('hills', SIZE, i % SIZE, Math.floor(i / SIZE))[0];
    let across = 0;
    for (let i = 0; i < ids.length; i++) {
      for (const next of [...(i % SIZE < SIZE - 1 ? [i + 1] : []), ...(i < ids.length - SIZE ? [i + SIZE] : [])]) {
        if (ids[next] === ids[i]) continue;
        expect(Math.abs(aligned(next) - aligned(i) - (truth(next) - truth(i)))).toBeLessThan(0.02);
        across += 1;
      }
    }
    expect(across).toBeGreaterThan(SIZE * 1.6);
  });

  it('the same bytes with any number of workers', async () => {
    for (const processes of [1, 3]) {
      await make('hills.<UDIM>.exr', { out: `hills${processes}`, processes, worker: WORKER });
      for (const [, tile] of TILES)
        for (const kind of ['height', 'height_charts'])
          expect(digest(join(folder, `hills${processes}/${kind}.${tile}.exr`))).toBe(
            digest(join(folder, `hills/${kind}.${tile}.exr`)),
          );
    }
  });
});

it('keeps the borders of a doughnut level where the surface is, and both as deep', async () => {
  await writeExrMap(join(folder, 'ring.1003.exr'), sketchOf('doughnut', 'ring'));
  await make('ring.<UDIM>.exr', { tiles: '1003' });
  const heights = heightsOf('ring', 1003);
  const ids = idsOf('ring', 1003);
  const borders: [number[], number[]] = [[], []];
  for (let y = 1; y < SIZE - 1; y++) {
    for (let x = 1; x < SIZE - 1; x++) {
      const i = y * SIZE + x;
      if (ids[i] === 0 || [i - 1, i + 1, i - SIZE, i + SIZE].every((k) => ids[k] !== 0)) continue;
      borders[Math.hypot(x - SIZE / 2, y - SIZE / 2) < SIZE * 0.3 ? 0 : 1].push(heights[i]!);
    }
  }
  const all = borders.flat();
  for (const border of borders) expect(border.length).toBeGreaterThan(400);
  // On its borders the ring is as level as the polygon is close to the circle.
  expect(Math.max(...all) - Math.min(...all)).toBeLessThan(8 * 5e-3);
});

describe('maps that hold nothing, or nonsense', () => {
  const writeOdd = (name: string, field: Field): Promise<void> =>
    writeExrMap(join(folder, `${name}.1004.exr`), { size: SIZE, field });

  it('a flat one is exactly 0', async () => {
    await writeOdd('flat', () => [0, 0, 0]);
    await make('flat.<UDIM>.exr', { tiles: '1004' });
    expect(heightsOf('flat', 1004).every((height) => height === 0)).toBe(true);
  });

  it('normals at the horizon and beyond, and none at all, give numbers', async () => {
    await writeOdd('steep', (x, y) => [0, (x % 5) * 1e4 - 2e4, y % 3 === 0 ? Infinity : 1e8]);
    const normalizations = ['auto', 'xyz', 'xy', 'none'] as const;
    for (const normalization of normalizations) {
      await make('steep.<UDIM>.exr', { normalization, tiles: '1004' });
      expect(heightsOf('steep', 1004).every(Number.isFinite)).toBe(true);
    }
    expect(normalizations).toHaveLength(4);
  });
});
