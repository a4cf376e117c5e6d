// Set attribute: each edit, texts made of other attributes, parts, and what the ledger hears.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders as people type them are what is tested
import { describe, expect, test } from 'vitest';
import { ATTRIBUTE_TYPES, findAttribute, sameAttribute } from '../../engine/authoring.ts';
import { set } from '../../nodes/metadata/set.ts';
import { type Edits, image, kept, run, utility, values } from './setting.ts';
import {
  channelLines,
  Dice,
  lossLines,
  part,
  picture,
  problemLines,
  provenFixes,
  randomPicture,
  text,
} from './spec-builder.ts';

const stereo = picture(
  part({ name: 'left', attributes: [text('owner', 'L')] }),
  part({ name: 'right', attributes: [text('owner', 'R')] }),
);

describe('edits', () => {
  const { owner: _owner, ...ownerless } = kept;
  test.each<[string, Edits, Record<string, unknown>]>([
    ['no edits', [], kept],
    ['set a new one', [{ op: 'set', name: 'comment', type: 'string', value: 'hello' }], { ...kept, comment: 'hello' }],
    ['set one in its place', [{ op: 'set', name: 'owner', type: 'string', value: 'Ada' }], { ...kept, owner: 'Ada' }],
    ['keep its type', [{ op: 'set', name: 'gain', value: 0.25 }], { ...kept, gain: 0.25 }],
    ['change its type', [{ op: 'set', name: 'gain', type: 'int', value: 2 }], { ...kept, gain: 2 }],
    ['rename', [{ op: 'rename', name: 'owner', to: 'artist' }], { ...ownerless, artist: 'Vera' }],
    [
      'rename an unknown type',
      [{ op: 'rename', name: 'odd', to: 'even' }],
      { ...without(kept, 'odd'), even: [1, 2, 3] },
    ],
    ['rename to itself', [{ op: 'rename', name: 'owner', to: 'owner' }], kept],
    ['delete', [{ op: 'delete', name: 'owner' }], ownerless],
    ['delete an unknown type', [{ op: 'delete', name: 'odd' }], without(kept, 'odd')],
    ['delete by pattern', [{ op: 'delete', name: 'o*' }], without(kept, 'owner', 'odd')],
    ['delete all', [{ op: 'delete', name: '*' }], {}],
    ['copy', [{ op: 'copy', name: 'shot', from: 'utility' }], { ...kept, shot: 'sh010' }],
    ['copy over', [{ op: 'copy', name: 'owner', from: 'utility' }], { ...kept, owner: 'Uma' }],
    ['copy as', [{ op: 'copy', name: 'weird', from: 'utility', as: 'odd2' }], { ...kept, odd2: [9] }],
    ['copy its own', [{ op: 'copy', name: 'odd', as: 'odd2' }], { ...kept, odd2: [1, 2, 3] }],
    ['import', [{ op: 'import', from: 'utility' }], { ...kept, owner: 'Uma', shot: 'sh010', weird: [9] }],
    ['import only', [{ op: 'import', from: 'utility', only: ['s*'] }], { ...kept, shot: 'sh010' }],
    ['import except', [{ op: 'import', from: 'utility', except: ['o*', 'shot'] }], { ...kept, weird: [9] }],
    [
      'edits go in order',
      [
        { op: 'rename', name: 'owner', to: 'artist' },
        { op: 'set', name: 'owner', type: 'string', value: 'new' },
        { op: 'delete', name: 'artist' },
      ],
      { ...ownerless, owner: 'new' },
    ],
    [
      'dollar signs',
      [
        { op: 'set', name: 'owner', value: '$$5 ${attribute.owner}' },
        { op: 'set', name: 'c', type: 'string', value: '$${attribute.owner} ${attribute.gain}' },
        { op: 'set', name: 'd', type: 'string', value: '$$5 ${plain}' },
      ],
      { ...kept, owner: '$5 Vera', c: '${attribute.owner} 0.5', d: '$$5 ${plain}' },
    ],
    [
      'a name that is no word',
      [
        { op: 'copy', name: 'owner', as: 'nuke/a:b.c' },
        { op: 'rename', name: 'odd', to: 'x' },
        { op: 'set', name: 'gain', type: 'string', value: '${others.strange.nuke/a:b.c}' },
      ],
      { ...without(kept, 'odd'), 'nuke/a:b.c': 'Vera', x: [1, 2, 3], gain: 'deep' },
    ],
    [
      'texts of other attributes',
      [
        { op: 'set', name: 'owner', value: '${attribute.owner} and ${others.utility.owner}' },
        {
          op: 'set',
          name: 'comment',
          type: 'string',
          value: '${attribute.owner} ${attribute.gain} ${attribute.timeCode} $',
        },
        { op: 'set', name: 'notes', value: ['${attribute.notes}', 'c'] },
      ],
      { ...kept, owner: 'Vera and Uma', comment: 'Vera 0.5 01:02:03:04 $', notes: ['["a","b"]', 'c'] },
    ],
  ])('%s', async (_title, edits, expected) => {
    const done = await run(edits);
    expect(problemLines(done)).toEqual([]);
    expect(values(done.spec)).toEqual(expected);
  });

  test('every known type is set from its example', async () => {
    const types = Object.entries(ATTRIBUTE_TYPES);
    for (const [type, { example }] of types) {
      const done = await run([{ op: 'set', name: 'mine', type, value: example }]);
      expect(problemLines(done), type).toEqual([]);
      expect(findAttribute(done.spec.parts[0]!.attributes, 'mine')).toMatchObject({ type, source: 'node1' });
    }
    expect(types.length).toBeGreaterThanOrEqual(28);
  });

  test('attributes keep their places, and the header its order', async () => {
    const done = await run([
      { op: 'rename', name: 'owner', to: 'artist' },
      { op: 'set', name: 'gain', value: 2 },
      { op: 'set', name: 'last', type: 'int', value: 1 },
    ]);
    const before = image.parts[0]!.stored!.headerOrder;
    const after = done.spec.parts[0]!.stored!.headerOrder;
    expect(after).toEqual([...before.map((n) => (n === 'owner' ? 'artist' : n)), 'last']);
    expect(done.spec.parts[0]!.attributes.slice(0, 2).map((a) => a.name)).toEqual(['artist', 'gain']);
  });

  test('channels and chunks are handed on', async () => {
    const done = await run([{ op: 'set', name: 'comment', type: 'string', value: 'x' }]);
    expect(channelLines(done.spec)).toEqual(['A', 'B', 'G', 'R'].map((n) => `${n}:half ← image #0 ${n}`));
    expect(done.spec.parts[0]!.stored!.chunks).toEqual({ file: '/file.exr', part: 0 });
  });

  test('an attribute names the node that set it last', async () => {
    const done = await run([
      { op: 'set', name: 'gain', value: 2 },
      { op: 'rename', name: 'owner', to: 'artist' },
    ]);
    const sources = done.spec.parts[0]!.attributes.map((a) => a.source);
    expect(sources.slice(0, 3)).toEqual(['node1', 'node1', undefined]);
  });
});

describe('parts', () => {
  test.each<[Edits, string[]]>([
    [[{ op: 'set', name: 'owner', value: 'x' }], ['x', 'x']],
    [[{ op: 'set', name: 'owner', value: 'x', part: 'right' }], ['L', 'x']],
    [[{ op: 'set', name: 'owner', value: 'x', part: 0 }], ['x', 'R']],
    [[{ op: 'set', name: 'owner', value: 'x', part: '#1' }], ['L', 'x']],
    [[{ op: 'set', name: 'owner', value: '${attribute.owner}2' }], ['L2', 'R2']],
    [[{ op: 'copy', name: 'owner', from: 'swapped' }], ['r', 'l']],
    [[{ op: 'copy', name: 'owner', from: 'swapped', fromPart: 'left' }], ['r', 'r']],
    [[{ op: 'copy', name: 'owner', from: 'single' }], ['Uma', 'Uma']],
    [[{ op: 'import', from: 'swapped', only: ['owner'], part: 'left' }], ['r', 'R']],
    [[{ op: 'copy', name: 'owner', fromPart: 'right' }], ['R', 'R']],
  ])('%j', async (edits, expected) => {
    const swapped = picture(
      part({ name: 'right', attributes: [text('owner', 'l')] }),
      part({ name: 'left', attributes: [text('owner', 'r')] }),
    );
    const done = await run(edits, stereo, { swapped, single: utility });
    expect(problemLines(done)).toEqual([]);
    expect([values(done.spec, 0).owner, values(done.spec, 1).owner]).toEqual(expected);
  });

  test('parts that are not there', async () => {
    const edits = [{ op: 'delete', name: 'owner', part: 'lefd' }];
    expect(problemLines(await run(edits, stereo))).toEqual(['error part-unknown edits[0].part']);
    expect(await provenFixes(set, { edits }, { image: stereo, others: {} }, 'part-unknown')).toEqual(['Use left']);
    const unclear = await run([{ op: 'import', from: 'stereo' }], image, { stereo });
    expect(unclear.problems[0]!.message).toBe(
      'Edit 1 (import): Say with fromPart which part is meant. Parts: left, right.',
    );
    expect(
      problemLines(await run([{ op: 'copy', name: 'owner', from: 'stereo', fromPart: 5 }], image, { stereo })),
    ).toEqual(['error part-unknown edits[0].from']);
  });

  test('parts that no longer agree on what they share', async () => {
    const edit = { op: 'set', name: 'pixelAspectRatio', value: 2 };
    expect(problemLines(await run([{ ...edit, part: 'left' }], stereo))).toEqual(['warning attribute-conflict edits']);
    expect(problemLines(await run([edit], stereo))).toEqual([]);
  });
});

describe('losses and summary', () => {
  test('each attribute that is gone or changed is told once, with the reason', async () => {
    const done = await run([
      { op: 'delete', name: 'odd' },
      { op: 'set', name: 'gain', value: 2 },
      { op: 'rename', name: 'owner', to: 'artist' },
      { op: 'set', name: 'timeCode', value: '01:02:03:04' },
      { op: 'delete', name: 'notes' },
      { op: 'set', name: 'notes', type: 'string', value: 'again' },
    ]);
    expect(lossLines(done)).toEqual([
      '~attribute image #0 owner: renamed to artist',
      '~attribute image #0 gain: replaced',
      'attribute image #0 odd: deleted',
      '~attribute image #0 notes: replaced',
    ]);
  });

  test('the summary names the first edit', () => {
    const summary = (edits: Edits) => set.summary!(set.params.parse({ edits }));
    expect(summary([])).toBe('no edits');
    expect(summary([{ op: 'rename', name: 'a', to: 'b' }])).toBe('rename a to b');
    expect(
      summary([
        { op: 'import', from: 'u' },
        { op: 'delete', name: 'x' },
      ]),
    ).toBe('import from u, +1 more');
  });

  test('law: every attribute is in the output or lost, and none is invented', async () => {
    let attributes = 0;
    for (let seed = 0; seed < 500; seed++) {
      const dice = new Dice(seed);
      const main = randomPicture(dice);
      const other = randomPicture(dice);
      const name = () => dice.pick(['owner', 'comment', 'shot', 'constructor', 'odd', 'new']);
      const edits = Array.from({ length: dice.roll(6) }, () =>
        dice.pick([
          () => ({ op: 'set', name: name(), type: 'string', value: dice.pick(['x', 'y', '${attribute.owner}']) }),
          () => ({ op: 'rename', name: name(), to: name() }),
          () => ({ op: 'delete', name: dice.pick([name(), 'o*', '*']), part: dice.pick([undefined, '#0', 1]) }),
          () => ({
            op: 'copy',
            name: name(),
            from: dice.pick(['other', undefined]),
            as: dice.pick([undefined, name()]),
          }),
          () => ({ op: 'import', from: 'other', only: dice.pick([undefined, ['o*'], ['shot']]), fromPart: 0 }),
        ])(),
      );
      const done = await run(edits, main, { other });
      expect(done.spec.parts).toHaveLength(main.parts.length);
      for (const [index, before] of main.parts.entries()) {
        const after = done.spec.parts[index]!;
        expect(after.channels.map((c) => c.name)).toEqual(before.channels.map((c) => c.name));
        expect(new Set(after.attributes.map((a) => a.name)).size).toBe(after.attributes.length);
        for (const a of before.attributes) {
          const now = findAttribute(after.attributes, a.name);
          const stays = now !== undefined && sameAttribute(now, a);
          const lost = done.losses.filter((l) => l.part === index && l.name === a.name);
          expect(lost, `seed ${seed}: ${a.name}`).toHaveLength(stays ? 0 : 1);
          attributes += 1;
        }
        for (const a of after.attributes) {
          const own = findAttribute(before.attributes, a.name);
          expect(a.source === 'node1' || (own !== undefined && sameAttribute(own, a))).toBe(true);
        }
      }
    }
    expect(attributes).toBe(4460);
  });
});

function without(record: Record<string, unknown>, ...names: string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
}
