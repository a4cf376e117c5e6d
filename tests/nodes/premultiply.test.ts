// Premultiply and Unpremultiply: expected samples by hand, which alpha goes with which channel, and what is refused.
import { describe, expect, test } from 'vitest';
import type { Json } from '../../engine/base/canonical.ts';
import { premultiply } from '../../nodes/channel/premultiply.ts';
import { unpremultiply } from '../../nodes/channel/unpremultiply.ts';
import { rowOf, solidBench } from './solid.ts';
import { channel, channelLines, describeNode, picture, problemLines, provenFixes } from './spec-builder.ts';

type Params = Readonly<Record<string, Json>>;

const row = (type: string, params: Params, channels: Params) =>
  rowOf(solidBench({ type, params }, { in: { channels } }, ['in.image > node.image']), [0, 3]);

describe('samples', () => {
  test('are multiplied, 0 where alpha is 0', async () => {
    expect(await row('channel.premultiply', {}, { R: 4, 'G:float': 3, A: [0, 0.5], Z: 7 })).toEqual({
      A: [0, 0.5, 1, 1.5],
      'G:float': [0, 1.5, 3, 4.5],
      R: [0, 2, 4, 6],
      Z: [7, 7, 7, 7],
    });
  });

  test('are divided, and stay where alpha is 0', async () => {
    expect(await row('channel.unpremultiply', {}, { R: 3, 'G:float': -6, A: [0, 0.5], Z: 7 })).toEqual({
      A: [0, 0.5, 1, 1.5],
      'G:float': [-6, -12, -6, -4],
      R: [3, 6, 3, 2],
      Z: [7, 7, 7, 7],
    });
    expect((await row('channel.unpremultiply', {}, { R: 65504, A: 0.5 }))['R']![0]).toBe(Infinity);
  });

  test('go by the alpha of their layer, else by A, or by the channel that is named', async () => {
    const channels = { R: 8, 'x.R': 8, 'x.A': 0.25, A: 0.5, m: 2 };
    const layers = await row('channel.premultiply', { channels: ['*'] }, channels);
    expect(layers).toMatchObject({ R: [4, 4, 4, 4], 'x.R': [2, 2, 2, 2], m: [1, 1, 1, 1], A: [0.5, 0.5, 0.5, 0.5] });
    const named = await row('channel.premultiply', { channels: ['*R'], alpha: 'm' }, channels);
    expect(named).toMatchObject({ R: [16, 16, 16, 16], 'x.R': [16, 16, 16, 16], m: [2, 2, 2, 2] });
    const alpha = await row('channel.premultiply', { channels: ['A'] }, channels);
    expect(alpha).toMatchObject({ R: [8, 8, 8, 8], A: [0.25, 0.25, 0.25, 0.25] });
  });
});

describe.each([premultiply, unpremultiply])('$title', (node) => {
  const lines = async (params: Params, image = picture({})): Promise<string[]> =>
    problemLines(await describeNode(node, params, { image }));

  test('makes anew what it changes and hands on the rest', async () => {
    const { spec } = await describeNode(node, {}, { image: picture({ channels: ['R', 'A', 'Z:float'] }) });
    expect(channelLines(spec)).toEqual(['A:half ← image #0 A', 'R:half ← ?', 'Z:float ← image #0 Z']);
    expect(spec.parts[0]!.stored!.chunks).toBeUndefined();
  });

  test('takes the alpha of the first part where a part has none', async () => {
    const image = picture({ name: 'rgba' }, { name: 'diffuse', channels: ['diffuse.R'] });
    expect(await lines({ channels: ['*.R'] }, image)).toEqual([]);
  });

  test('tells what has no alpha, what holds whole numbers, and what fits nothing', async () => {
    expect(await lines({}, picture({ channels: ['R', 'a'] }))).toEqual(['error channel-unknown alpha']);
    expect(await lines({ channels: ['Q'] })).toEqual(['warning channel-unknown channels']);
    const ids = { image: picture({ channels: ['A', 'R', 'id:uint'] }) };
    expect(await lines({ channels: ['id', 'R'] }, ids.image)).toEqual(['error channel-type channels']);
    expect(await lines({ channels: ['*'] }, ids.image)).toEqual([]);
    expect(await provenFixes(node, { channels: ['id', 'R'] }, ids, 'channel-type')).toEqual(['Leave out id']);
    const matte = { image: picture({ channels: ['R', 'matte.a'] }) };
    expect(await provenFixes(node, { alpha: 'mate.a' }, matte, 'channel-unknown')).toEqual(['Use matte.a']);
  });

  test('refuses what it cannot read', async () => {
    expect(await lines({}, picture({ kind: 'deep' }))).toEqual(['error deep-unsupported channels']);
    expect(await lines({ channels: ['Q'] }, picture({ kind: 'deep' }))).toEqual(['warning channel-unknown channels']);
    const copyOnly = picture({ stored: { compression: 'dwaa', copyOnly: true } });
    expect(await lines({}, copyOnly)).toEqual(['error exr-compression-unsupported channels']);
    const sparse = picture({ channels: ['R', channel('A', { sampling: { x: 2, y: 2 } })] });
    expect(await lines({}, sparse)).toEqual(['error sampling-mismatch channels']);
  });
});
