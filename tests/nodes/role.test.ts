// Role: what it says of channels reaches the nodes that go by roles, and nothing else changes.
import { describe, expect, it } from 'vitest';
import { layersOf } from '../../engine/authoring.ts';
import { role } from '../../nodes/channel/role.ts';
import { bench, graph, never } from '../run/graph.ts';
import { channelLines, describeNode, picture, problemLines, provenFixes } from './spec-builder.ts';

const image = picture({ channels: ['R', 'G', 'B', 'Z:float', 'data.R', 'data.G', 'data.B'] });
const rows = (...list: [string, string][]) => ({ rows: list.map(([channels, role]) => ({ channels, role })) });

describe('role', () => {
  it('is set by the last row that fits; everything else passes', async () => {
    const { spec, problems, losses } = await describeNode(role, rows(['*', 'other'], ['data.*', 'vector']), { image });
    expect([problems, losses]).toEqual([[], []]);
    expect(spec.parts[0]!.channels.map(({ name, role }) => `${name} ${role}`)).toEqual([
      'B other',
      'G other',
      'R other',
      'Z other',
      'data.B vector',
      'data.G vector',
      'data.R vector',
    ]);
    expect(channelLines(spec)[0]).toBe('B:half ← image #0 B');
    expect(spec.parts[0]!.stored).toEqual(image.parts[0]!.stored);
  });

  it('warns of a pattern that fits nothing, with fixes that hold', async () => {
    const params = rows(['Y*', 'id']);
    expect(problemLines(await describeNode(role, params, { image }))).toEqual([
      'warning channel-unknown rows[0].channels',
    ]);
    expect(await provenFixes(role, rows(['z', 'id']), { image }, 'channel-unknown')).toEqual(['Use Z', 'Remove row 1']);
  });

  it('says what is colour: a layer that is named as data may be one, and one that is not may be none', async () => {
    const doubts = async (list: [string, string][], channels: string[]) => {
      const { spec } = await describeNode(role, rows(...list), { image: picture({ channels }) });
      return layersOf(spec, 0).map(({ doubt }) => doubt);
    };
    expect(await doubts([], ['N.R', 'N.G', 'N.B'])).toEqual(['is named as data']);
    const inPart = picture({ name: 'normals', channels: ['R', 'G', 'B'] });
    expect(layersOf(inPart, 0).map(({ doubt }) => doubt)).toEqual(['is named as data']);
    expect(await doubts([['N.*', 'colour']], ['N.R', 'N.G', 'N.B'])).toEqual([undefined]);
    expect(await doubts([['data.*', 'normal']], ['data.R', 'data.G', 'data.B'])).toEqual(['is said to be normal']);
  });

  it('makes ids take the nearest sample where an image is resized', async () => {
    const sampled = async (said: string): Promise<Set<number>> => {
      const document = graph(
        {
          a: { type: 'test.pattern', params: { channels: [{ name: 'Z', type: 'float' }] } },
          r: { type: 'channel.role', params: rows(['Z', said]) },
          s: { type: 'transform.resize', params: { factor: [0.4, 0.4], filter: 'mitchell' } },
        },
        ['a.image > r.image', 'r.image > s.image'],
      );
      const { evaluator, descriptions } = bench(document);
      const { problems } = await descriptions.describe('s', 1);
      expect(problems).toEqual([]);
      const box = { minX: 0, minY: 0, maxX: 9, maxY: 9 };
      const planes = await evaluator.planes('s', 1, { part: 0, channels: ['Z'], box }, never);
      return new Set(planes.get('Z')!.samples);
    };
    const whole = (values: Set<number>): boolean => [...values].every(Number.isInteger);
    expect([whole(await sampled('id')), whole(await sampled('depth'))]).toEqual([true, false]);
  });

  it('is not in the file', async () => {
    const { spec } = await describeNode(role, rows(['Z', 'mask']), { image });
    expect(spec.parts[0]!.attributes).toEqual(image.parts[0]!.attributes);
  });
});
