// Merge: expected samples by hand, windows, channels that one image lacks, masks, parts, and what is refused.
import { describe, expect, test } from 'vitest';
import { encodeAttribute } from '../../../engine/authoring.ts';
import { box, boxText } from '../../../engine/base/box.ts';
import type { Json } from '../../../engine/base/canonical.ts';
import { merge } from '../../../nodes/merge/merge.ts';
import type { Bench } from '../../run/graph.ts';
import { header, level } from '../cryptomatte-header.ts';
import { rowOf, solidBench } from '../solid.ts';
import { channel, describeNode, lossLines, part, picture, problemLines, provenFixes, text } from '../spec-builder.ts';

type Solid = Readonly<Record<string, Json>>;

const PAIR = ['B.image > node.B', 'A.image > node.A'];
const merged = (params: Solid, A: Solid, B: Solid): Bench =>
  solidBench({ type: 'merge.merge', params }, { A, B }, PAIR);
const masked = (params: Solid, A: Solid, B: Solid, M: Solid): Bench =>
  solidBench({ type: 'merge.merge', params }, { A, B, M }, [...PAIR, 'M.image > node.mask']);

const GREEN: Solid = { channels: { R: 0, G: 0.5, B: 0.25, A: 0.5 } };
const BACK: Solid = { channels: { R: 1, G: 0.25, B: 2, A: 1 } };

describe('samples', () => {
  test.each<[operation: string, r: number, g: number, b: number, a: number]>([
    ['over', 0.5, 0.625, 1.25, 1],
    ['under', 1, 0.25, 2, 1],
    ['plus', 1, 0.75, 2.25, 1.5],
    ['minus', -1, 0.25, -1.75, -0.5],
    ['difference', 1, 0.25, 1.75, 0.5],
    ['multiply', 0, 0.125, 0.5, 0.5],
    ['divide', 0, 2, 0.125, 0.5],
    ['screen', 1, 0.625, 2, 1],
    ['max', 1, 0.5, 2, 1],
    ['min', 0, 0.25, 0.25, 0.5],
    ['in', 0, 0.5, 0.25, 0.5],
    ['out', 0, 0, 0, 0],
    ['atop', 0.5, 0.625, 1.25, 1],
    ['xor', 0.5, 0.125, 1, 0.5],
    ['matte', 0.5, 0.375, 1.125, 1],
    ['mask', 0.5, 0.125, 1, 0.5],
    ['stencil', 0.5, 0.125, 1, 0.5],
    ['average', 0.5, 0.375, 1.125, 0.75],
    ['copy', 0, 0.5, 0.25, 0.5],
    ['overlay', 1, 0.25, 2.5, 1],
    ['hard-light', 0, 0.25, 1, 1],
  ])('%s', async (operation, r, g, b, a) => {
    const row = await rowOf(merged({ operation }, GREEN, BACK), [1, 2]);
    expect(row).toEqual({ A: [a, a], B: [b, b], G: [g, g], R: [r, r] });
  });

  test('hypot and soft-light, in float', async () => {
    const one = async (operation: string, a: number, b: number): Promise<number> =>
      (await rowOf(merged({ operation }, { channels: { 'R:float': a } }, { channels: { 'R:float': b } }), [0, 0]))[
        'R:float'
      ]![0]!;
    expect(await one('hypot', 0.3, 0.4)).toBeCloseTo(0.5, 7);
    // W3C: s > 0.5 and d > 0.25, so d + (2s-1)(sqrt(d) - d); s <= 0.5, so d - (1-2s) d (1-d).
    expect(await one('soft-light', 0.8, 0.5)).toBeCloseTo(0.5 + 0.6 * (Math.SQRT1_2 - 0.5), 7);
    expect(await one('soft-light', 0.3, 0.5)).toBeCloseTo(0.5 - 0.4 * 0.25, 7);
  });

  test('go by the alpha of their layer, else by that of the part', async () => {
    const A = { channels: { A: 0.5, 'x.R': 1, 'y.R': 1, 'y.A': 1 } };
    const B = { channels: { 'x.R': 4, 'y.R': 4 } };
    const row = await rowOf(merged({ channels: ['x.*', 'y.*'] }, A, B), [0, 0]);
    expect(row).toEqual({ 'x.R': [3], 'y.A': [1], 'y.R': [1] });
  });

  test('are float where one of both is, and rounded once to half where both are', async () => {
    const row = await rowOf(
      merged({ operation: 'plus' }, { channels: { 'R:float': 1 / 3, G: 2049 } }, { channels: { R: 1, G: 1 } }),
      [0, 0],
    );
    expect(row).toEqual({ 'R:float': [Math.fround(Math.fround(1 / 3) + 1)], G: [2048] });
  });
});

describe('windows', () => {
  const A = { channels: { R: 1, A: 1 }, window: [2, 0, 5, 1] };
  const B = { channels: { R: 3, A: 1, Z: 7 }, window: [0, 0, 3, 0] };
  const windowOf = async (params: Solid): Promise<string> =>
    boxText((await merged(params, A, B).descriptions.describe('node', 1)).spec!.parts[0]!.dataWindow);

  test('are the union, the intersection or one of both; outside samples are 0', async () => {
    expect(await windowOf({})).toBe('(0, 0) - (5, 1)');
    expect(await windowOf({ window: 'intersection' })).toBe('(2, 0) - (3, 0)');
    expect(await windowOf({ window: 'A' })).toBe('(2, 0) - (5, 1)');
    expect(await windowOf({ window: 'B' })).toBe('(0, 0) - (3, 0)');
    const over = merged({}, A, B);
    expect((await rowOf(over, [-1, 6]))['R']).toEqual([0, 3, 3, 1, 1, 1, 1, 0]);
    expect((await rowOf(over, [-1, 6]))['Z']).toEqual([0, 7, 7, 7, 7, 0, 0, 0]);
    expect((await rowOf(over, [-1, 6, 1]))['R']).toEqual([0, 0, 0, 1, 1, 1, 1, 0]);
    expect((await rowOf(merged({ window: 'B' }, A, B), [-1, 6]))['R']).toEqual([0, 3, 3, 1, 1, 0, 0, 0]);
    expect((await rowOf(merged({ operation: 'minus', window: 'A' }, A, B), [0, 6]))['R']).toEqual([
      0, 0, -2, -2, 1, 1, 0,
    ]);
  });

  test('that have nothing in common leave one black pixel, with a warning', async () => {
    const far = { ...A, window: [10, 10, 12, 12] };
    const { spec, problems } = await merged({ window: 'intersection' }, far, B).descriptions.describe('node', 1);
    expect(problems).toMatchObject([{ severity: 'warning', code: 'window-mismatch' }]);
    expect(spec!.parts[0]!.dataWindow).toEqual(box(0, 0, 0, 0));
  });

  test('display window and attributes are those of B; others of A come along where asked', async () => {
    const A = picture({ display: box(0, 0, 9, 9), attributes: [text('owner', 'a'), text('take', '3')] });
    const B = picture({ attributes: [text('owner', 'b')] });
    const { spec } = await describeNode(merge, {}, { A, B });
    expect(spec.parts[0]!.displayWindow).toEqual(B.parts[0]!.displayWindow);
    expect(spec.parts[0]!.attributes).toEqual(B.parts[0]!.attributes);
    const joined = (await describeNode(merge, { attributes: 'join' }, { A, B })).spec.parts[0]!;
    expect(joined.attributes).toEqual([...B.parts[0]!.attributes, text('take', '3')]);
    expect(joined.stored!.headerOrder).toContain('take');
    expect(joined.stored!.chunks).toBeUndefined();
  });
});

describe('channels', () => {
  test('that one image lacks count as 0; others of B pass and those of A are dropped or come along', async () => {
    const A = { channels: { R: 1, A: 0.5, 'Z:float': 4, mine: 5 } };
    const B = { channels: { R: 2, G: 2, 'Z:float': 9, yours: 6 } };
    const row = await rowOf(merged({}, A, B), [0, 0]);
    expect(row).toEqual({ A: [0.5], G: [1], R: [2], 'Z:float': [9], yours: [6] });
    const joined = await rowOf(merged({ extra: 'join' }, A, B), [0, 0]);
    expect(joined).toEqual({ ...row, mine: [5] });
    const { losses } = await merged({}, A, B).descriptions.describe('node', 1);
    expect(losses.map((l) => `${l.name}: ${l.reason}`)).toEqual([
      'Z: that of B is kept',
      'mine: it is not among the channels to merge',
    ]);
  });

  test('an image that is only an alpha cuts B out', async () => {
    const row = await rowOf(merged({ operation: 'stencil' }, { channels: { A: 0.25 } }, BACK), [0, 0]);
    expect(row).toEqual({ A: [0.75], B: [1.5], G: [0.1875], R: [0.75] });
  });

  test('a missing alpha is transparent, or opaque within the data window where asked', async () => {
    const A = { channels: { R: 1 }, window: [1, 0, 2, 0] };
    const B = { channels: { R: 2, A: 1 } };
    const { problems } = await merged({}, A, B).descriptions.describe('node', 1);
    expect(problems).toMatchObject([{ severity: 'warning', where: { param: 'missingAlpha' } }]);
    expect(await rowOf(merged({}, A, B), [0, 3])).toEqual({ A: [1, 1, 1, 1], R: [2, 3, 3, 2] });
    const opaque = merged({ missingAlpha: 'opaque' }, A, B);
    expect(await rowOf(opaque, [0, 3])).toEqual({ A: [1, 1, 1, 1], R: [2, 1, 1, 2] });
    const under = merged({ operation: 'under', missingAlpha: 'opaque' }, { channels: { R: 1, A: 1 } }, A);
    expect(await rowOf(under, [0, 3])).toEqual({ A: [1, 1, 1, 1], R: [1, 1, 1, 1] });
  });
});

describe('mask and mix', () => {
  const A = { channels: { R: 4, A: 1 } };
  const B = { channels: { R: 0, A: 0 } };

  test('lead from B to the result; outside the mask is 0', async () => {
    const M = { channels: { R: 1, A: [0, 0.5] }, window: [1, 0, 3, 0] };
    expect((await rowOf(masked({}, A, B, M), [0, 3]))['R']).toEqual([0, 0, 2, 4]);
    expect((await rowOf(masked({ invertMask: true }, A, B, M), [0, 3]))['R']).toEqual([4, 4, 2, 0]);
    expect((await rowOf(masked({ maskChannel: 'R' }, A, B, M), [0, 3]))['R']).toEqual([0, 4, 4, 4]);
    expect((await rowOf(masked({ mix: 0.5 }, A, B, M), [0, 3]))['R']).toEqual([0, 0, 1, 2]);
    expect((await rowOf(merged({ mix: 0.25 }, A, B), [0, 3]))['R']).toEqual([1, 1, 1, 1]);
  });

  test('mix 0 hands B on untouched', async () => {
    const { spec, problems } = await merged(
      { mix: 0 },
      { channels: { G: 1 }, window: [5, 5, 9, 9] },
      B,
    ).descriptions.describe('node', 1);
    expect(problems).toEqual([]);
    expect(spec!.parts[0]!.dataWindow).toEqual(box(0, 0, 3, 0));
    expect(spec!.parts[0]!.channels.map((c) => c.origin.from)).toEqual(['input', 'input']);
  });

  test('a mask without its channel is refused, with the channels it has as ways out', async () => {
    const images = { A: picture({}), B: picture({}), mask: picture({ channels: ['matte.R', 'Z'] }) };
    const given = await describeNode(merge, { maskChannel: 'R' }, images);
    expect(problemLines(given)).toEqual(['error channel-unknown maskChannel']);
    expect(await provenFixes(merge, { maskChannel: 'R' }, images, 'channel-unknown')).toEqual(['Use matte.R']);
  });
});

describe('parts', () => {
  test('are paired by name, the first with the first; others of B pass, others of A are lost', async () => {
    const A = picture({ name: 'depth', channels: ['A', 'Z'] }, { name: 'rgba' }, { name: 'more' });
    const B = picture({ name: 'rgba' }, { name: 'depth', channels: ['Z'] }, { name: 'rest', channels: ['R'] });
    const given = await describeNode(merge, { channels: ['*'] }, { A, B });
    const origins = given.spec.parts.map((p) => p.channels.map((c) => c.origin.from[0]).join(''));
    expect(origins).toEqual(['cccc', 'cc', 'i']);
    expect(lossLines(given).filter((line) => line.startsWith('part'))).toEqual([
      'part A #2 more: no part of B has the name more',
    ]);
    const first = await describeNode(merge, {}, { A: picture({ name: 'fg' }), B: picture({ name: 'bg' }) });
    expect(first.spec.parts[0]!.channels.every((c) => c.origin.from === 'computed')).toBe(true);
  });
});

describe('refused or told', () => {
  const plain = picture({});
  const lines = async (params: Solid, A = plain, B = plain): Promise<string[]> =>
    problemLines(await describeNode(merge, params, { A, B }));

  test('deep parts, parts that can only be copied, subsampled channels', async () => {
    const deep = picture({ kind: 'deep' });
    expect(await lines({}, deep)).toEqual(['error deep-unsupported channels']);
    expect(await lines({}, plain, deep)).toEqual(['error deep-unsupported channels']);
    expect(await lines({ mix: 0 }, deep, deep)).toEqual([]);
    expect(await lines({ channels: ['x'] }, deep, deep)).toEqual(['warning channel-unknown channels']);
    const copyOnly = picture({ stored: { compression: 'dwaa', copyOnly: true } });
    expect(await lines({}, copyOnly)).toEqual(['error exr-compression-unsupported channels']);
    const half = picture({ channels: [channel('R', { sampling: { x: 2, y: 2 } }), 'A'] });
    expect(await lines({}, half)).toEqual(['error sampling-mismatch channels']);
    const beside = picture({ channels: ['R', 'A', channel('C', { sampling: { x: 2, y: 2 } })] });
    expect(await lines({}, picture({ data: box(0, 0, 64, 36) }), beside)).toEqual(['error sampling-mismatch window']);
    expect(await lines({ window: 'B' }, picture({ data: box(0, 0, 64, 36) }), beside)).toEqual([]);
  });

  test('whole numbers: named in full they are refused, by a star they stay those of B', async () => {
    const ids = picture({ channels: ['R', 'A', 'id:uint'] });
    expect(await lines({ channels: ['id', 'R'] }, ids, ids)).toEqual(['error channel-type channels']);
    expect(await provenFixes(merge, { channels: ['id', 'R'] }, { A: ids, B: ids }, 'channel-type')).toEqual([
      'Leave out id',
    ]);
    expect(await lines({ channels: ['*'] }, ids, ids)).toEqual(['info channel-type channels']);
  });

  test('Cryptomattes: by a star they stay those of B, named in full they are a warning', async () => {
    const crypto = picture({ channels: ['R', 'A', ...level('things', 0)], attributes: header('things') });
    expect(await lines({ channels: ['*'] }, crypto, crypto)).toEqual(['info cryptomatte-spoilt channels']);
    const named = { channels: ['R', 'things00.R'] };
    expect(await lines(named, crypto, crypto)).toEqual(['warning cryptomatte-spoilt channels']);
    expect(await provenFixes(merge, named, { A: crypto, B: crypto }, 'cryptomatte-spoilt')).toEqual(['Leave them out']);
    const byPart = picture({ name: 'rgba', attributes: header('things') }, { name: 'things00' });
    expect(await lines({}, byPart, byPart)).toEqual(['info cryptomatte-spoilt channels']);
    const { spec } = await describeNode(merge, { channels: ['*'] }, { A: crypto, B: crypto });
    const origins = spec.parts[0]!.channels.map(({ name, origin }) => `${name} ${origin.from}`);
    expect(origins).toEqual([
      'A computed',
      'R computed',
      ...['A', 'B', 'G', 'R'].map((letter) => `things00.${letter} input`),
    ]);
  });

  test('colours that are tagged differently', async () => {
    const tagged = (name: string) => picture(part({ attributes: [encodeAttribute('colorInteropID', 'string', name)] }));
    expect(await lines({}, tagged('lin_ap1_scene'), tagged('lin_ap1_scene'))).toEqual([]);
    expect(await lines({}, tagged('lin_ap1_scene'), tagged('lin_rec709_scene'))).toEqual(['warning color-mixed']);
  });
});
