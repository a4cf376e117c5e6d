// Select parts: which parts are kept, their order and names, and what is reported.
import { describe, expect, test } from 'vitest';
import type { ImageSpec } from '../../engine/authoring.ts';
import { select } from '../../nodes/part/select.ts';
import {
  channelLines,
  Dice,
  describeNode,
  lossLines,
  part,
  picture,
  problemLines,
  provenFixes,
  randomPicture,
} from './spec-builder.ts';

const views = picture(
  part({ name: 'left', view: 'left' }),
  part({ name: 'right', view: 'right' }),
  part({ name: 'depth', channels: ['Z'], kind: 'deep' }),
);
const run = (params: Record<string, unknown>, image: ImageSpec = views) => describeNode(select, params, { image });
const names = (spec: ImageSpec) => spec.parts.map((p) => p.name);

describe('Select parts', () => {
  test.each<[string[], string[]]>([
    [['*'], ['left', 'right', 'depth']],
    [['right'], ['right']],
    [
      ['depth', 'left'],
      ['depth', 'left'],
    ],
    [
      ['#1', '#0'],
      ['right', 'left'],
    ],
    [['*t'], ['left', 'right']],
    [
      ['depth', '*'],
      ['depth', 'left', 'right'],
    ],
    [['left', 'left'], ['left']],
  ])('%j gives %j', async (parts, expected) => {
    const done = await run({ parts });
    expect(names(done.spec)).toEqual(expected);
    expect(problemLines(done)).toEqual([]);
    expect(done.losses.map((l) => l.name)).toEqual(['left', 'right', 'depth'].filter((n) => !expected.includes(n)));
  });

  test('parts are handed on with windows, view, attributes, kind and chunks', async () => {
    const { spec } = await run({ parts: ['depth'] });
    const [kept] = spec.parts;
    expect({ ...kept, channels: [] }).toEqual({ ...views.parts[2], channels: [] });
    expect(channelLines(spec)).toEqual(['Z:half ← image #2 Z']);
  });

  test('a part is renamed, and the ledger hears of it', async () => {
    const done = await run({ parts: ['left', 'right'], rename: { left: 'beauty', '#1': 'other' } });
    expect(names(done.spec)).toEqual(['beauty', 'other']);
    expect(lossLines(done)).toEqual([
      'part image #2 depth: left out',
      '~attribute image #0 name: changed to beauty',
      '~attribute image #1 name: changed to other',
    ]);
  });

  test('a part that is not there', async () => {
    const done = await run({ parts: ['lefd', 'right'] });
    expect(problemLines(done)).toEqual(['error part-unknown parts[0]']);
    expect(done.problems[0]!.message).toBe('There is no part lefd. Parts: left, right, depth.');
    expect(names(done.spec)).toEqual(['right']);
    expect(await provenFixes(select, { parts: ['lefd', 'right'] }, { image: views }, 'part-unknown')).toEqual([
      'Use left',
      'Remove lefd',
    ]);
    expect(problemLines(await run({ parts: ['left', 'x*'] }))).toEqual(['warning part-unknown parts[1]']);
    expect(problemLines(await run({ parts: ['#7'] }))).toEqual([
      'error part-unknown parts[0]',
      'error part-unknown parts',
    ]);
    expect(await provenFixes(select, { parts: [] }, { image: views }, 'part-unknown')).toEqual(['Keep all parts']);
  });

  test('new names that do not fit', async () => {
    expect(problemLines(await run({ rename: { left: 'right' } }))).toEqual(['error part-duplicate rename']);
    expect(problemLines(await run({ rename: { left: '' } }))).toEqual(['error part-name rename.left']);
    expect(problemLines(await run({ parts: ['left'], rename: { right: 'x' } }))).toEqual([
      'warning part-unknown rename.right',
    ]);
    const nameless = picture(part(), part({ name: 'b' }));
    expect(problemLines(await run({}, nameless))).toEqual(['error part-name rename']);
    expect(problemLines(await run({ parts: ['#0'] }, nameless))).toEqual([]);
  });

  test('defaults hand everything on, and the summary says so', async () => {
    const done = await run({});
    expect(done.problems).toEqual([]);
    expect(done.losses).toEqual([]);
    expect(select.summary!(select.params.parse({}))).toBe('all parts');
    expect(select.params.safeParse({ part: [] }).success).toBe(false);
  });

  test('law: each part is in the output, whole, or lost', async () => {
    let checked = 0;
    for (let seed = 0; seed < 300; seed++) {
      const dice = new Dice(seed);
      const image = randomPicture(dice);
      const done = await run({ parts: dice.some(['main0', 'left0', '*1', '#2', '#0', 'm*', '*']) }, image);
      const kept = done.spec.parts.map((p) => {
        const [c] = p.channels;
        return c?.origin.from === 'input' ? c.origin.part : -1;
      });
      expect(new Set(kept).size).toBe(kept.length);
      const lost = done.losses.filter((l) => l.kind === 'part').map((l) => l.part);
      expect([...kept, ...lost].sort()).toEqual([...image.parts.keys()]);
      for (const [i, p] of done.spec.parts.entries()) {
        const before = image.parts[kept[i]!]!;
        expect(p.attributes).toEqual(before.attributes);
        expect(p.channels.map((c) => c.name)).toEqual(before.channels.map((c) => c.name));
        checked += 1;
      }
    }
    expect(checked).toBe(406);
  });
});
