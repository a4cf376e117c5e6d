// Normal decode: slopes by hand for every way of storing normals, mirrored islands, what has no normal, and problems.
import { describe, expect, it } from 'vitest';
import { encodeAttribute, type PartSpec } from '../../engine/authoring.ts';
import { box } from '../../engine/base/box.ts';
import type { Json } from '../../engine/base/canonical.ts';
import { decode } from '../../nodes/normal/decode.ts';
import { never } from '../run/graph.ts';
import { described, type GridSource, made, problems } from './grid.ts';
import { solidBench } from './solid.ts';
import { describeNode, part, picture, text } from './spec-builder.ts';

/** Slopes at one pixel with these stored components. */
async function slopesAt(
  stored: readonly number[],
  params: Readonly<Record<string, Json>> = {},
): Promise<readonly [number, number]> {
  const names = ['R', 'G', 'B', 'A'].slice(0, stored.length);
  const bench = solidBench(
    { type: 'normal.decode', params },
    {
      a: { channels: Object.fromEntries(stored.map((value, i) => [`${names[i]}:float`, value])), window: [0, 0, 4, 0] },
    },
    ['a.image > node.image'],
  );
  const channels = ['slope.u', 'slope.v'];
  const planes = await bench.evaluator.planes('node', 1, { part: 0, channels, box: box(2, 0, 2, 0) }, never);
  return channels.map((name) => planes.get(name)!.samples[0]!) as unknown as readonly [number, number];
}

const third = 1 / 3;

describe('slopes', () => {
  it.each<[string, readonly number[], Record<string, Json>, readonly [number, number]]>([
    ['flat', [0.5, 0.5, 1], {}, [0, 0]],
    ['a normal of length 1', [(1 + 2 * third) / 2, (1 - 2 * third) / 2, (1 + third) / 2], {}, [-2, 2]],
    ['green down', [(1 + 2 * third) / 2, (1 - 2 * third) / 2, (1 + third) / 2], { y: 'down' }, [-2, -2]],
    ['one of half the length', [(1 + third) / 2, (1 - third) / 2, (1 + third / 2) / 2], {}, [-2, 2]],
    ['taken as it is', [0.75, 0.5, 0.75], { normalization: 'none' }, [-1, 0]],
    ['two channels', [(1 + 0.6) / 2, 0.5], {}, [-0.75, 0]],
    ['three of which two count', [(1 + 0.6) / 2, 0.5, 0.1], { normalization: 'xy' }, [-0.75, 0]],
    ['A and G', [0, 0.5, 0, (1 - 0.6) / 2], { channels: ['A', 'G'] }, [0.75, 0]],
    ['signed', [0, -0.6, 0.8], { range: 'signed' }, [0, 0.75]],
    ['of bytes, flat', [128 / 255, 128 / 255, 1], { range: 'byte' }, [0, 0]],
    ['of bytes, across', [255 / 255, 128 / 255, 255 / 255], { range: 'byte' }, [-1, 0]],
    // On the horizon: of length 1, over the least z for a slope of 3.
    ['on the horizon', [1, 0.5, 0.5], { maxSlope: 3 }, [-Math.sqrt(10), 0]],
    ['below it', [0.5, 0, 0], { maxSlope: 3 }, [0, Math.sqrt(5)]],
    ['longer than 1', [1, 1], { maxSlope: 3 }, [-Math.sqrt(5), -Math.sqrt(5)]],
    ['of no length', [0.5, 0.5, 0.5], {}, [0, 0]],
    ['black', [0, 0, 0], {}, [0, 0]],
  ])('%s', async (_, stored, params, expected) => {
    const found = await slopesAt(stored, params);
    expect(Math.abs(found[0] - expected[0])).toBeLessThan(2e-6);
    expect(Math.abs(found[1] - expected[1])).toBeLessThan(2e-6);
  });

  it('are exactly 0 where the map is flat or has no normal', async () => {
    for (const stored of [
      [0.5, 0.5, 1],
      [0.5, 0.5, 0.5],
      [0, 0, 0],
    ])
      for (const slope of await slopesAt(stored)) expect(Object.is(slope, 0)).toBe(true);
  });
});

const GRID: GridSource = {
  rows: [
    [0.5, 1, 0],
    ['NaN', 0.75, 0.25],
  ],
  at: [5, 6],
  channels: { R: 'float', G: 'float', B: 'float', id: 'float', A: 'half' },
};

it('other channels pass, and rows without normals are counted', async () => {
  const { spec, problems: found } = await described('normal.decode', {}, GRID);
  expect(found).toEqual([]);
  expect(spec!.parts[0]!.channels.map((c) => `${c.name} ${c.type} ${c.origin.from}`)).toEqual([
    'A half input',
    'id float input',
    'slope.u float computed',
    'slope.v float computed',
  ]);
  const slopes = await made('normal.decode', { normalization: 'none' }, GRID, { channel: 'slope.u' });
  const steep = 10;
  const least = 1 / Math.sqrt(1 + steep ** 2);
  const expected = [
    [0, -1, 0],
    [0, -1, 0.5 / least],
  ];
  let compared = 0;
  for (const [y, row] of slopes.entries()) {
    for (const [x, slope] of row.entries()) {
      expect(Math.abs(slope - expected[y]![x]!), `${x}, ${y}`).toBeLessThan(1e-5);
      compared += 1;
    }
  }
  expect(compared).toBe(6);
});

it('mirrored islands are turned, by their numbers or by a channel of the charts', async () => {
  const sources = {
    a: { channels: { 'R:float': 0.75, 'G:float': 0.75, 'B:float': 0.75 }, window: [0, 0, 3, 0] },
    c: { channels: { 'id:float': [1, 1], 'mirror:uint': [0, 1] }, window: [0, 0, 3, 0] },
  } as const;
  const read = async (params: Record<string, Json>): Promise<number[][]> => {
    const bench = solidBench({ type: 'normal.decode', params: { ...params, normalization: 'none' } }, sources, [
      'a.image > node.image',
      'c.image > node.charts',
    ]);
    const channels = ['slope.u', 'slope.v'];
    const planes = await bench.evaluator.planes('node', 1, { part: 0, channels, box: box(0, 0, 3, 0) }, never);
    return channels.map((name) => [...planes.get(name)!.samples]);
  };
  expect(await read({ mirrorU: [2, 4], mirrorV: [1], mirrorChannel: 'none' })).toEqual([
    [-1, 1, -1, 1],
    [1, -1, -1, -1],
  ]);
  expect(await read({})).toEqual([
    [-1, 1, -1, 1],
    [-1, -1, 1, 1],
  ]);
});

it('a flat map of 8 bits is exactly flat where 128 of 255 is 0', async () => {
  for (const stored of [
    [128 / 255, 128 / 255, 1],
    [128 / 255, 128 / 255],
  ])
    expect((await slopesAt(stored, { range: 'byte' })).map(Math.abs)).toEqual([0, 0]);
});

describe('what is told before', () => {
  const told = (params: Record<string, Json>, change: Partial<GridSource> = {}): Promise<string[]> =>
    problems('normal.decode', params, { ...GRID, ...change });

  it.each([
    [['N.B', 'N.G', 'N.R', 'Z'], ', such as N.R,N.G,N.B.'],
    [['normal.X', 'normal.Y', 'normal.Z'], ', such as normal.X,normal.Y,normal.Z.'],
    [['nx', 'ny', 'nz'], ', such as nx,ny,nz.'],
    [['Y'], '.'],
    [['a.R', 'b.G', 'b.B'], '.'],
  ])('names channels that may be meant: of %j', async (channels, end) => {
    const given = describeNode(decode, {}, { image: picture({ channels }) });
    await expect(given).rejects.toMatchObject({
      code: 'channel-unknown',
      message: expect.stringMatching(`Choose the channels of x, y and z${end}$`),
    });
  });

  it('problems', async () => {
    expect(await told({})).toEqual([]);
    expect(await told({ channels: ['X', 'Y'] })).toEqual(['error channel-unknown channels']);
    expect(await told({ normalization: 'xyz', channels: ['R', 'G', 'N'] })).toEqual(['error channel-unknown channels']);
    expect(await told({ channels: ['R', 'G', 'N'] })).toEqual([]);
    expect(await told({ mirrorU: [1] })).toEqual(['error input-missing mirrorU']);
    expect(await told({}, { channels: { R: 'uint', G: 'float', B: 'float' } })).toEqual([
      'error channel-type channels',
    ]);
    expect(await told({}, { sampling: 2 })).toEqual(['error sampling-mismatch channels']);
    expect(await told({}, { part: { kind: 'deep' } })).toEqual(['error deep-unsupported channels']);
    expect(await told({}, { channels: { R: 'float', G: 'float', 'slope.u': 'float' } })).toEqual([
      'error channel-duplicate',
    ]);
  });

  it('a map that is tagged as sRGB', async () => {
    const tagged = (id: string): PartSpec =>
      part({ attributes: [{ ...encodeAttribute('colorInteropID', 'string', id) }, text('owner', 'x')] });
    const ids = ['srgb_rec709_scene', 'lin_rec709_scene', 'data'];
    const warned = await Promise.all(
      ids.map(async (id) =>
        (await describeNode(decode, {}, { image: picture(tagged(id)) })).problems.map((p) => p.code),
      ),
    );
    expect(warned).toEqual([['color-not-colour'], [], []]);
  });
});
