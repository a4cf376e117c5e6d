// Shuffle channels: attributes of several sources, choices where they disagree, and the law that nothing gets lost silently.
import { describe, expect, test } from 'vitest';
import {
  boxContains,
  decodeAttribute,
  findAttribute,
  type ImageSpec,
  REQUIRED_ATTRIBUTES,
  sameAttribute,
} from '../../engine/authoring.ts';
import { shuffle } from '../../nodes/channel/shuffle.ts';
import {
  attribute,
  blob,
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

type Sources = Readonly<Record<string, ImageSpec>>;

const beauty = picture(
  part({ attributes: [text('owner', 'Vera'), text('shot', 'sh010'), attribute('gain', 'float', 1)] }),
);
const utility = picture(
  part({ channels: ['Z'], attributes: [blob('odd', 1), text('owner', 'Uma'), text('shot', 'sh010')] }),
);
const sources = { beauty, utility };

const run = (attributes: Readonly<Record<string, unknown>>, from: Sources = sources) =>
  describeNode(shuffle, { attributes }, { sources: from });
const values = (spec: ImageSpec): Record<string, unknown> =>
  Object.fromEntries(
    spec.parts[0]!.attributes.filter((a) => !Object.hasOwn(REQUIRED_ATTRIBUTES, a.name)).map((a) => [
      a.name,
      `${decodeAttribute(a) ?? a.type} by ${a.source}`,
    ]),
  );
const agreed = { shot: 'sh010 by beauty', gain: '1 by beauty', odd: 'blob by utility' };

describe('attributes', () => {
  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['a choice of the first', { resolve: { owner: 'beauty' } }, { ...agreed, owner: 'Vera by beauty' }],
    ['a choice of the second', { resolve: { owner: 'utility' } }, { ...agreed, owner: 'Uma by utility' }],
    ['a value of its own', { resolve: { owner: { value: 'Ada' } } }, { ...agreed, owner: 'Ada by node1' }],
    ['a value of another type', { resolve: { owner: { value: 3, type: 'int' } } }, { ...agreed, owner: '3 by node1' }],
    ['leaving one out', { resolve: { owner: { leaveOut: true } } }, agreed],
    [
      'leaving one out that all agree on',
      { resolve: { owner: 'beauty', shot: { leaveOut: true } } },
      { gain: agreed.gain, odd: agreed.odd, owner: 'Vera by beauty' },
    ],
    ['one rule for all', { resolveAll: 'utility' }, { ...agreed, owner: 'Uma by utility' }],
    ['leaving all conflicts out', { resolveAll: { leaveOut: true } }, agreed],
    [
      'a choice before the rule',
      { resolve: { owner: 'beauty' }, resolveAll: 'utility' },
      { ...agreed, owner: 'Vera by beauty' },
    ],
    [
      'one source only',
      { from: ['utility'] },
      { odd: 'blob by utility', owner: 'Uma by utility', shot: 'sh010 by utility' },
    ],
    [
      'another order',
      { from: ['utility', 'beauty'], resolveAll: 'beauty' },
      { gain: agreed.gain, odd: agreed.odd, owner: 'Vera by beauty', shot: 'sh010 by utility' },
    ],
    ['no source', { from: [] }, {}],
  ])('%s', async (_title, attributes, expected) => {
    const done = await run(attributes);
    expect(problemLines(done)).toEqual([]);
    expect(values(done.spec)).toEqual(expected);
  });

  test('a conflict names both values and offers the choices', async () => {
    const done = await run({});
    expect(problemLines(done)).toEqual(['error attribute-conflict attributes.resolve.owner']);
    expect(done.problems[0]!.message).toContain(
      'Sources disagree on owner: beauty has string "Vera"; utility has string "Uma".',
    );
    expect(values(done.spec)).toEqual({ ...agreed, owner: 'Vera by beauty' });
    expect(await provenFixes(shuffle, {}, { sources }, 'attribute-conflict')).toEqual([
      'owner: take that of beauty',
      'owner: take that of utility',
      'owner: leave it out',
      'All such attributes: take those of beauty',
      'All such attributes: take those of utility',
      'All such attributes: leave them out',
    ]);
  });

  test('equal values of different types are a conflict', async () => {
    const other = picture(part({ channels: ['Z'], attributes: [attribute('gain', 'double', 1)] }));
    expect(problemLines(await run({}, { beauty, other }))).toEqual([
      'error attribute-conflict attributes.resolve.gain',
    ]);
  });

  test('a conflict on what files need cannot be left out', async () => {
    const wide = picture(part({ channels: ['Z'], attributes: [attribute('pixelAspectRatio', 'float', 2)] }));
    const from = { beauty, wide };
    const fixes = await provenFixes(
      shuffle,
      { attributes: { resolve: {} } },
      { sources: from },
      'attribute-conflict',
    ).catch(() => []);
    expect(fixes).not.toContain('pixelAspectRatio: leave it out');
    expect(problemLines(await run({ resolveAll: { leaveOut: true } }, from))).toEqual([
      'error attribute-conflict attributes.resolve.pixelAspectRatio',
    ]);
    expect(problemLines(await run({ resolve: { pixelAspectRatio: { leaveOut: true } } }, from))).toContain(
      'error attribute-structural attributes.resolve.pixelAspectRatio',
    );
    expect(problemLines(await run({ resolve: { pixelAspectRatio: 'wide' } }, from))).toEqual([]);
  });

  test('the parts of one source may disagree too', async () => {
    const stereo = picture(
      part({ name: 'left', channels: ['l'], attributes: [text('owner', 'L')] }),
      part({ name: 'right', channels: ['r'], attributes: [text('owner', 'R')] }),
    );
    const rows = [
      { to: 'l', from: 'l' },
      { to: 'r', from: 'r' },
    ];
    const params = { rows, attributes: { resolve: { owner: 'stereo:right' } } };
    const done = await describeNode(shuffle, params, { sources: { stereo } });
    expect(problemLines(done)).toEqual([]);
    expect(values(done.spec)).toEqual({ owner: 'R by stereo:right' });
    expect(problemLines(await describeNode(shuffle, { rows }, { sources: { stereo } }))).toEqual([
      'error attribute-conflict attributes.resolve.owner',
    ]);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['a source that is not there', { from: ['beuaty', 'utility'] }, 'error source-unknown attributes.from[0]'],
    ['a choice that is not there', { resolve: { owner: 'none' } }, 'error source-unknown attributes.resolve.owner'],
    [
      'a rule that is not there',
      { resolve: { owner: 'beauty' }, resolveAll: 'none' },
      'error source-unknown attributes.resolveAll',
    ],
    [
      'an attribute that is not there',
      { resolve: { owner: 'beauty', ovner: 'beauty' } },
      'warning attribute-unknown attributes.resolve.ovner',
    ],
    [
      'a structural one',
      { resolve: { owner: 'beauty', compression: 'beauty' } },
      'error attribute-structural attributes.resolve.compression',
    ],
    ['a wrong value', { resolve: { owner: { value: 3 } } }, 'error attribute-value attributes.resolve.owner'],
    [
      'a wrong type',
      { resolve: { owner: { value: 3, type: 'blob' } } },
      'error attribute-opaque attributes.resolve.owner',
    ],
    [
      'a value for an unknown type',
      { resolve: { owner: 'beauty', odd: { value: 3 } } },
      'error attribute-opaque attributes.resolve.odd',
    ],
    [
      'another type for what files need',
      { resolve: { owner: 'beauty', pixelAspectRatio: { value: 1, type: 'int' } } },
      'error attribute-value attributes.resolve.pixelAspectRatio',
    ],
  ])('%s is refused', async (_title, attributes, expected) => {
    expect(problemLines(await run(attributes))).toContain(expected);
  });

  test('what is not taken is told with the reason', async () => {
    expect(lossLines(await run({ resolve: { owner: 'utility' } }))).toEqual([
      '~attribute sources.beauty #0 owner: the value of utility was chosen',
    ]);
    expect(lossLines(await run({ resolve: { owner: { leaveOut: true } } }))).toEqual([
      'attribute sources.beauty #0 owner: left out, as chosen',
      'attribute sources.utility #0 owner: left out, as chosen',
    ]);
    expect(lossLines(await run({ from: ['utility'] }))).toEqual([
      '~attribute sources.beauty #0 owner: attributes are taken from utility only',
      'attribute sources.beauty #0 gain: attributes are taken from utility only',
    ]);
  });

  test('a source without channels still gives its attributes', async () => {
    const done = await describeNode(
      shuffle,
      { rows: [{ to: '*', from: 'beauty:*' }], others: 'drop', attributes: { resolveAll: 'beauty' } },
      { sources },
    );
    expect(values(done.spec)).toEqual({ ...agreed, owner: 'Vera by beauty' });
    expect(lossLines(done)).toEqual([
      '~attribute sources.utility #0 owner: the value of beauty was chosen',
      'channel sources.utility #0 Z: no row takes it',
    ]);
  });
});

test('law: every channel, attribute and pixel is in the output or lost, and none is invented', async () => {
  let channels = 0;
  let attributes = 0;
  for (let seed = 0; seed < 1000; seed++) {
    const dice = new Dice(seed);
    const from: Record<string, ImageSpec> = { a: randomPicture(dice), b: randomPicture(dice) };
    const rows = Array.from({ length: dice.roll(4) }, () => ({
      to: dice.pick(['R', 'Q', 'x.y']),
      from: `${dice.pick(['a:', 'b:', 'none:', ''])}${dice.pick(['', '#0/', '#1/'])}${dice.pick(['R', 'Z', 'id', 'a/b'])}`,
    }));
    if (dice.roll(2) === 0) rows.push({ to: dice.pick(['*', 'new.*']), from: dice.pick(['a:#0/*', 'b:*', 'spec.*']) });
    const done = await describeNode(
      shuffle,
      {
        rows,
        others: dice.pick(['keep', 'drop']),
        attributes: {
          ...dice.pick([{}, { from: ['b'] }, { from: ['b', 'a'] }]),
          ...dice.pick([{}, { resolveAll: 'a' }, { resolveAll: { leaveOut: true } }]),
          resolve: dice.pick([{}, { owner: 'a' }, { comment: { leaveOut: true } }, { shot: { value: 'z' } }]),
        },
        windows: dice.pick(['same', 'union', 'intersection', { source: 'b' }]),
      },
      { sources: from },
    );
    const out = done.spec.parts[0]!;
    const lost = new Set(done.losses.map((l) => `${l.kind} ${l.port} ${l.part} ${l.name}`));
    expect(lost.size, `seed ${seed}: each loss once`).toBe(done.losses.length);
    const names = out.channels.map((c) => c.name);
    expect(names).toEqual([...new Set(names)].sort());
    const kept = new Set<string>();
    for (const c of out.channels) {
      if (c.origin.from !== 'input') return expect.unreachable('no constants here');
      const before = from[c.origin.port.slice(8)]!.parts[c.origin.part]!.channels.find(
        (b) => c.origin.from === 'input' && b.name === c.origin.channel,
      )!;
      expect([c.type, c.sampling, c.pLinear]).toEqual([before.type, before.sampling, before.pLinear]);
      kept.add(`${c.origin.port} ${c.origin.part} ${c.origin.channel}`);
    }
    for (const [source, image] of Object.entries(from)) {
      for (const [index, before] of image.parts.entries()) {
        const at = `sources.${source} ${index}`;
        if (lost.has(`part ${at} ${before.name ?? `#${index}`}`)) continue;
        for (const c of before.channels) {
          expect(kept.has(`${at} ${c.name}`), `seed ${seed}: ${at} ${c.name}`).toBe(
            !lost.has(`channel ${at} ${c.name}`),
          );
          channels += 1;
        }
        for (const a of before.attributes) {
          const now = findAttribute(out.attributes, a.name);
          expect(now !== undefined && sameAttribute(now, a), `seed ${seed}: ${at} ${a.name}`).toBe(
            !lost.has(`attribute ${at} ${a.name}`),
          );
          attributes += 1;
        }
        const gives = before.channels.some((c) => kept.has(`${at} ${c.name}`));
        if (gives) expect(boxContains(out.dataWindow, before.dataWindow)).toBe(!lost.has(`window ${at} dataWindow`));
      }
    }
    for (const a of out.attributes) {
      const inputs = Object.values(from).flatMap((image) =>
        image.parts.flatMap((p) => findAttribute(p.attributes, a.name) ?? []),
      );
      expect(a.source === 'node1' || inputs.some((b) => sameAttribute(a, b))).toBe(true);
    }
  }
  expect([channels, attributes]).toEqual([14688, 15809]);
});
