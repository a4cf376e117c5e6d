// Assemble parts: order, names and views of parts, and the attributes that all parts of a file share.
import { describe, expect, test } from 'vitest';
import { box, findAttribute, type ImageSpec } from '../../engine/authoring.ts';
import { assemble } from '../../nodes/part/assemble.ts';
import {
  attribute,
  channelLines,
  Dice,
  describeNode,
  lossLines,
  part,
  picture,
  problemLines,
  provenFixes,
  randomPicture,
  text,
} from './spec-builder.ts';

type Named = Readonly<Record<string, ImageSpec>>;
const run = (params: Record<string, unknown>, parts: Named) => describeNode(assemble, params, { parts });
const names = (spec: ImageSpec) => spec.parts.map((p) => p.name);

const beauty = picture(part({ attributes: [text('owner', 'Vera')] }));
const depth = picture(part({ channels: ['Z:float'] }));
const stereo = picture(part({ name: 'left', view: 'left' }), part({ name: 'right', view: 'right' }));

describe('Assemble parts', () => {
  test.each<[Record<string, unknown>, string[]]>([
    [{}, ['beauty', 'depth', 'left', 'right']],
    [{ order: ['stereo', 'beauty', 'depth'] }, ['left', 'right', 'beauty', 'depth']],
    [{ order: ['depth'] }, ['depth', 'beauty', 'left', 'right']],
    [{ names: { beauty: 'rgba', 'stereo/right': 'r', 'stereo/left': 'l' } }, ['rgba', 'depth', 'l', 'r']],
  ])('%j gives %j', async (params, expected) => {
    const done = await run(params, { beauty, depth, stereo });
    expect(names(done.spec)).toEqual(expected);
    expect(problemLines(done)).toEqual([]);
  });

  test('parts are handed on with windows, attributes, kind and chunks', async () => {
    const done = await run({ views: { beauty: 'left' } }, { beauty, depth });
    expect(done.spec.parts[0]).toEqual({
      ...beauty.parts[0],
      name: 'beauty',
      view: 'left',
      channels: done.spec.parts[0]!.channels,
    });
    expect(channelLines(done.spec, 1)).toEqual(['Z:float ← parts.depth #0 Z']);
    expect(done.losses).toEqual([]);
  });

  test('one part alone needs no name', async () => {
    expect(names((await run({}, { beauty })).spec)).toEqual([undefined]);
  });

  test('new names and views are told to the ledger', async () => {
    const done = await run({ names: { 'stereo/left': 'l' }, views: { 'stereo/left': 'main' } }, { stereo });
    expect(lossLines(done)).toEqual([
      '~attribute parts.stereo #0 name: changed to l',
      '~attribute parts.stereo #0 view: changed to main',
    ]);
  });

  test('nothing connected', async () => {
    const done = await run({}, {});
    expect(problemLines(done)).toEqual(['error input-missing']);
    expect(done.spec).toEqual({ parts: [] });
  });

  test('an order that does not fit', async () => {
    const unknown = { order: ['depht', 'beauty'] };
    const done = await run(unknown, { beauty, depth });
    expect(problemLines(done)).toEqual(['error source-unknown order[0]']);
    expect(names(done.spec)).toEqual(['beauty', 'depth']);
    expect(await provenFixes(assemble, unknown, { parts: { beauty, depth } }, 'source-unknown')).toEqual([
      'Use depth',
      'Remove depht from the order',
    ]);
    const twice = { order: ['beauty', 'beauty'] };
    expect(problemLines(await run(twice, { beauty, depth }))).toEqual(['error part-duplicate order[1]']);
    expect(await provenFixes(assemble, twice, { parts: { beauty, depth } }, 'part-duplicate')).toEqual([
      'Remove the second',
    ]);
  });

  test('names that do not fit', async () => {
    const again = picture(part({ name: 'left' }));
    const done = await run({}, { stereo, again });
    expect(problemLines(done)).toEqual(['error part-duplicate names']);
    expect(done.problems[0]!.message).toBe(
      'stereo and again both have a part named left. Give one of them another name.',
    );
    expect(await provenFixes(assemble, {}, { parts: { stereo, again } }, 'part-duplicate')).toEqual([
      'Name the part of again again',
    ]);
    expect(
      await provenFixes(assemble, { names: { beauty: 'depth' } }, { parts: { depth, beauty } }, 'part-duplicate'),
    ).toEqual(['Name the part of beauty beauty']);
    const unnamed = picture(part({ name: '' }));
    expect(names((await run({}, { beauty, unnamed })).spec)).toEqual(['beauty', 'unnamed']);
    const empty = { names: { beauty: '' } };
    expect(problemLines(await run(empty, { beauty, depth }))).toEqual(['error part-name names']);
    expect(await provenFixes(assemble, empty, { parts: { beauty, depth } }, 'part-name')).toEqual(['Name it beauty']);
    expect(problemLines(await run({ names: { stereo: 'x' } }, { stereo }))).toEqual([
      'error part-unknown names.stereo',
    ]);
    expect(problemLines(await run({ views: { other: 'x' } }, { stereo }))).toEqual([
      'error source-unknown views.other',
    ]);
  });

  test('display windows that differ', async () => {
    const small = picture(part({ display: box(0, 0, 9, 9) }));
    const done = await run({}, { beauty, small });
    expect(problemLines(done)).toEqual(['error window-mismatch shared.displayWindow']);
    expect(done.problems[0]!.message).toContain('beauty (0, 0) - (63, 35), small (0, 0) - (9, 9)');
    expect(await provenFixes(assemble, {}, { parts: { beauty, small } }, 'window-mismatch')).toHaveLength(2);
    const told = await run({ shared: { displayWindow: 'small' } }, { beauty, small });
    expect(told.problems).toEqual([]);
    expect(told.spec.parts.map((p) => p.displayWindow)).toEqual([box(0, 0, 9, 9), box(0, 0, 9, 9)]);
    expect(lossLines(told)).toEqual(['~window parts.beauty #0 displayWindow: replaced, since all parts share it']);
  });

  const timed = (time: string) => picture(part({ attributes: [attribute('timeCode', 'timecode', { time })] }));

  test.each([
    ['both differ', { a: timed('01:00:00:00'), b: timed('01:00:00:01') }, 1],
    ['the first lacks it', { a: picture(part()), b: timed('01:00:00:01') }, 1],
    ['a later one lacks it', { a: timed('01:00:00:00'), b: picture(part()) }, 0],
    ['both agree', { a: timed('01:00:00:00'), b: timed('01:00:00:00') }, 0],
  ])('time codes: %s', async (_title, parts, problems) => {
    const done = await run({}, parts);
    expect(problemLines(done)).toEqual(Array(problems).fill('error attribute-conflict shared.timeCode'));
    if (problems > 0)
      expect((await provenFixes(assemble, {}, { parts }, 'attribute-conflict')).length).toBeGreaterThan(0);
  });

  test('one input gives its value to all parts', async () => {
    const parts = { a: picture(part()), b: timed('01:00:00:01') };
    const done = await run({ shared: { timeCode: 'b' } }, parts);
    expect(done.problems).toEqual([]);
    const [a, b] = done.spec.parts.map((p) => findAttribute(p.attributes, 'timeCode'));
    expect(a).toEqual({ ...b, source: 'node1' });
    expect(done.spec.parts[0]!.stored!.headerOrder.at(-1)).toBe('timeCode');
    expect(done.losses).toEqual([]);
  });

  test('shared values that cannot be taken', async () => {
    expect(problemLines(await run({ shared: { timeCode: 'beauty' } }, { beauty, depth }))).toEqual([
      'warning attribute-unknown shared.timeCode',
    ]);
    const parts = { a: picture(part()), b: timed('01:00:00:01') };
    expect(problemLines(await run({ shared: { timeCode: 'a' } }, parts))).toEqual([
      'error attribute-unknown shared.timeCode',
    ]);
    expect(problemLines(await run({ shared: { timeCode: 'c' } }, parts))).toEqual([
      'error source-unknown shared.timeCode',
    ]);
    expect(await provenFixes(assemble, { shared: { timeCode: 'a' } }, { parts }, 'attribute-unknown')).toHaveLength(1);
  });

  test('defaults, summary and unknown keys', () => {
    expect(assemble.summary!(assemble.params.parse({}))).toBe('parts in the order of the links');
    expect(assemble.summary!(assemble.params.parse({ order: ['b', 'a'] }))).toBe('b, a');
    expect(assemble.params.safeParse({ shared: { owner: 'a' } }).success).toBe(false);
  });

  test('law: every part of every input is in the output, once, with all its channels and attributes', async () => {
    let parts = 0;
    for (let seed = 0; seed < 300; seed++) {
      const dice = new Dice(seed);
      const inputs = { a: randomPicture(dice), b: randomPicture(dice), c: randomPicture(dice) };
      const shared = dice.roll(2) === 0 ? { pixelAspectRatio: dice.pick(['a', 'b', 'c']) } : {};
      const done = await run({ order: dice.some(['c', 'b', 'a']), shared }, inputs);
      const seen = new Set<string>();
      for (const out of done.spec.parts) {
        const origin = out.channels[0]!.origin;
        if (origin.from !== 'input') return expect.unreachable('channels are handed on');
        seen.add(`${origin.port} ${origin.part}`);
        const before = inputs[origin.port.slice(6) as 'a']!.parts[origin.part]!;
        expect(out.channels.map((c) => c.name)).toEqual(before.channels.map((c) => c.name));
        for (const a of before.attributes) {
          const after = findAttribute(out.attributes, a.name);
          const lost = done.losses.some((l) => l.port === origin.port && l.part === origin.part && l.name === a.name);
          expect(lost).toBe(after?.bytes !== a.bytes && !after?.bytes.every((byte, i) => byte === a.bytes[i]));
        }
        expect(out.attributes.length).toBe(before.attributes.length);
        parts += 1;
      }
      const all = Object.entries(inputs).flatMap(([name, image]) => image.parts.map((_, i) => `parts.${name} ${i}`));
      expect([...seen].sort()).toEqual(all.sort());
    }
    expect(parts).toBe(1449);
  });
});
