// Nodes that would change the ids or coverages of a Cryptomatte: what they say, and what they leave alone.
import { describe, expect, it } from 'vitest';
import { cryptomatteKey } from '../../engine/authoring.ts';
import type { Json } from '../../engine/base/canonical.ts';
import { nodes } from '../../nodes/index.ts';
import { bench, graph, never } from '../run/graph.ts';
import { header, level, levelOf, views } from './cryptomatte-header.ts';
import { describeNode, picture } from './spec-builder.ts';

describe('nodes that would spoil one', () => {
  const image = picture({
    channels: ['R', 'G', 'B', 'A', 'things.R', ...level('things', 0)],
    attributes: header('things'),
  });
  const CHANGES: readonly (readonly [type: string, params: Readonly<Record<string, Json>>])[] = [
    ['filter.blur', { size: [3, 3] }],
    ['filter.median', {}],
    ['filter.erode', { size: [1, 1] }],
    ['color.exposure', { stops: 1 }],
    ['channel.premultiply', { alpha: 'A' }],
  ];
  const spoilt = async (type: string, params: Readonly<Record<string, Json>>, from = image) => {
    const node = nodes.find((one) => one.type === type)!;
    return (await describeNode(node, params, { image: from })).problems.filter((p) => p.code === 'cryptomatte-spoilt');
  };

  it.each(CHANGES)('%s warns, and offers the channels without it', async (type, params) => {
    expect(await spoilt(type, params)).toEqual([]);
    const [problem, ...more] = await spoilt(type, { ...params, channels: ['*'] });
    expect([problem!.severity, more]).toEqual(['warning', []]);
    expect(problem!.message).toMatch(
      /would change (things00\.A, )?things00\.B, things00\.G, things00\.R: ids and coverages/,
    );
    expect(await spoilt(type, { ...params, ...problem!.fixes![0]!.set })).toEqual([]);
  });

  it('in views that are channels of one part', async () => {
    const channels = ['R', 'right.R', ...levelOf('left', 'things', 0), ...levelOf('right', 'things', 0)];
    const stereo = picture({ channels, attributes: [...header('things'), views('left', 'right')] });
    const [problem] = await spoilt('filter.blur', { size: [3, 3], channels: ['*'] }, stereo);
    expect(problem!.message).toContain('things00.left.A, things00.left.B');
    expect(problem!.fixes).toEqual([{ title: 'Leave them out', set: { channels: ['R', 'right.R'] } }]);
  });

  it('where a part is called by it, that has the names of colours', async () => {
    const parts = picture({ name: 'rgba', attributes: header('things') }, { name: 'things00' });
    const [problem] = await spoilt('color.exposure', { stops: 1 }, parts);
    expect(problem!.message).toContain('Exposure would change B, G, R');
    expect(problem!.fixes).toBeUndefined();
  });

  it.each([
    ['transform.resize', { factor: [0.5, 0.5] }],
    ['transform.reformat', { format: [7, 7] }],
    ['transform.transform', { rotate: 30 }],
    ['transform.transform', { scale: [0.5, 0.5] }],
  ])('%s %o takes its nearest samples, whatever it is called', async (type, params) => {
    const values = [1.5, 2.25, 1000, 3];
    const document = graph(
      {
        a: {
          type: 'test.pattern',
          params: {
            window: [0, 0, 19, 19],
            channels: level('crypto', 0).map((text) => ({ name: text.split(':')[0]!, type: 'float' })),
          },
        },
        e: {
          type: 'channel.expression',
          params: {
            rows: level('crypto', 0).map((text) => ({
              to: text.split(':')[0]!,
              expression: `x % 2 == 0 ? ${values[0]} : ${values[2]}`,
              type: 'float',
            })),
          },
        },
        s: {
          type: 'metadata.set',
          params: {
            edits: [
              { op: 'set', name: `cryptomatte/${cryptomatteKey('crypto')}/name`, type: 'string', value: 'crypto' },
            ],
          },
        },
        c: { type: 'cryptomatte.select', params: { edits: [{ op: 'rename', layer: 'crypto', to: 'things' }] } },
        t: { type, params },
      },
      ['a.image > e.image', 'e.image > s.image', 's.image > c.image', 'c.image > t.image'],
    );
    const { evaluator, descriptions } = bench(document);
    const { spec } = await descriptions.describe('t', 1);
    const names = level('things', 0).map((text) => text.split(':')[0]!);
    const { dataWindow } = spec!.parts[0]!;
    const planes = await evaluator.planes('t', 1, { part: 0, channels: names, box: dataWindow }, never);
    for (const name of names) {
      const found = new Set(planes.get(name)!.samples);
      expect([...found].filter((value) => ![0, values[0], values[2]].includes(value))).toEqual([]);
      expect(found.size).toBeGreaterThan(0);
    }
  });
});
