// Shuffle channels: other channels, windows, storage and summary.
import { describe, expect, test } from 'vitest';
import { box, type ImageSpec } from '../../engine/authoring.ts';
import { shuffle } from '../../nodes/channel/shuffle.ts';
import { beauty, both, drop, layers, type Params, run, type Sources, utility } from './shuffling.ts';
import {
  blob,
  channel,
  channelLines,
  HD,
  lossLines,
  part,
  picture,
  problemLines,
  provenFixes,
  text,
} from './spec-builder.ts';

describe('other channels', () => {
  test('are kept under their own names', async () => {
    const done = await run({ rows: [{ to: 'depth.Z', from: 'Z' }] }, { utility });
    expect(channelLines(done.spec).map((l) => l.split(' ')[0])).toEqual([
      'N.X:float',
      'N.Y:float',
      'depth.Z:float',
      'id:uint',
      'specular.G:half',
      'specular.R:half',
    ]);
    expect(done.problems).toEqual([]);
    expect(done.losses).toEqual([]);
  });

  test('give way to a row of the same name', async () => {
    const done = await run({ rows: [{ to: 'A', value: 1 }] }, { beauty });
    expect(done.problems).toEqual([]);
    expect(channelLines(done.spec)[0]).toBe('A:half ← 1');
    expect(lossLines(done)).toEqual(['~channel sources.beauty #0 A: row 1 makes A']);
  });

  test('clash where two sources have the same name', async () => {
    const sources = { beauty, second: picture(part({ channels: ['R', 'A', 'Z'] })) };
    const done = await run({}, sources);
    expect(done.problems.map((p) => p.message)).toEqual([
      'beauty and second both have A, R. Rename those of one source with rows, or drop what no row takes.',
    ]);
    expect(await provenFixes(shuffle, {}, { sources }, 'channel-duplicate')).toEqual([
      'Put the channels of second in a layer second',
      'Drop what no row takes',
    ]);
    expect(channelLines(done.spec)).toContain('Z:half ← sources.second #0 Z');
    expect(lossLines(done)).toEqual([
      '~channel sources.second #0 A: beauty has a channel A too',
      '~channel sources.second #0 R: beauty has a channel R too',
    ]);
  });

  test('of several parts are those of the parts that rows name', async () => {
    const done = await run({ rows: [{ to: 'x', from: 'main/G' }] }, { layers });
    expect(channelLines(done.spec)).toEqual(['R:half ← sources.layers #0 R', 'x:half ← sources.layers #0 G']);
    expect(lossLines(done)).toEqual(['part sources.layers #1 light: only layers:main gives channels']);
    expect(done.spec.parts[0]!.name).toBe('main');
    expect(problemLines(await run({}, { layers }))).toContain('error channel-ambiguous others');
    expect(await provenFixes(shuffle, {}, { sources: { layers } }, 'channel-ambiguous')).toEqual([
      'Take layers:main/*',
      'Take layers:light/*',
    ]);
  });

  test('that are dropped are told', async () => {
    const done = await run(drop([{ to: 'R', from: 'R' }]), { beauty });
    expect(lossLines(done)).toEqual(['A', 'B', 'G'].map((n) => `channel sources.beauty #0 ${n}: no row takes it`));
  });
});

describe('windows', () => {
  const wide = picture(part({ channels: ['Z'], data: box(-8, -8, 71, 43) }));
  const low = picture(part({ channels: ['Z'], data: box(32, 20, 63, 35), display: box(0, 0, 127, 71) }));
  const rows = [
    { to: 'R', from: 'beauty:R' },
    { to: 'Z', from: 'other:Z' },
  ];

  test.each<[Sources, unknown, [unknown, unknown]]>([
    [{ beauty, other: wide }, 'union', [box(-8, -8, 71, 43), HD]],
    [{ beauty, other: wide }, 'intersection', [HD, HD]],
    [{ beauty, other: wide }, { source: 'other' }, [box(-8, -8, 71, 43), HD]],
    [{ beauty, other: low }, 'union', [HD, box(0, 0, 127, 71)]],
    [{ beauty, other: low }, 'intersection', [box(32, 20, 63, 35), HD]],
    [{ beauty, other: low }, { source: 'beauty' }, [HD, HD]],
  ])('%#: %j', async (sources, windows, expected) => {
    const done = await run(drop(rows, { windows }), sources);
    expect(problemLines(done)).toEqual([]);
    const [only] = done.spec.parts;
    expect([only!.dataWindow, only!.displayWindow]).toEqual(expected);
  });

  test('that differ are a problem until the node is told', async () => {
    const sources = { beauty, other: wide };
    const done = await run(drop(rows), sources);
    expect(problemLines(done)).toEqual(['error window-mismatch windows']);
    expect(done.problems[0]!.message).toBe(
      'beauty has data window (0, 0) - (63, 35) in display window (0, 0) - (63, 35); other has data window (-8, -8) - (71, 43) in display window (0, 0) - (63, 35). Say which windows the output has.',
    );
    expect(await provenFixes(shuffle, drop(rows), { sources }, 'window-mismatch')).toHaveLength(4);
    expect(done.spec.parts[0]!.dataWindow).toEqual(HD);
    expect(problemLines(await run(drop(rows), { beauty, other: low }))).toEqual(['error window-mismatch windows']);
  });

  test('matter only for sources that give channels', async () => {
    const done = await run(drop([{ to: 'R', from: 'R' }]), { beauty, other: wide });
    expect(done.problems).toEqual([]);
  });

  test('that have nothing in common', async () => {
    const far = picture(part({ channels: ['Z'], data: box(500, 500, 510, 510) }));
    const params = drop(rows, { windows: 'intersection' });
    expect(problemLines(await run(params, { beauty, other: far }))).toEqual(['error window-mismatch windows']);
    expect(await provenFixes(shuffle, params, { sources: { beauty, other: far } }, 'window-mismatch')).toEqual([
      'Use the union',
    ]);
  });

  test('of a source that is not there', async () => {
    expect(problemLines(await run(drop(rows, { windows: { source: 'x' } }), { beauty, other: wide }))).toEqual([
      'error source-unknown windows',
    ]);
  });

  test('are filled as stated, and what is cut off is told', async () => {
    const union = await run(drop(rows, { windows: 'union', fill: 0.5 }), { beauty, other: wide });
    expect(channelLines(union.spec)).toEqual(['R:half ← sources.beauty #0 R fill 0.5', 'Z:half ← sources.other #0 Z']);
    const cut = await run(drop(rows, { windows: { source: 'beauty' } }), { beauty, other: wide });
    expect(lossLines(cut)).toContain(
      'window sources.other #0 dataWindow: pixels outside (0, 0) - (63, 35) are cut off',
    );
    const display = await run(drop(rows, { windows: 'union' }), { beauty, other: low });
    expect(lossLines(display)).toContain(
      '~window sources.beauty #0 displayWindow: the display window is (0, 0) - (127, 71)',
    );
  });

  test('cannot be filled with what a type cannot hold', async () => {
    const ids = picture(part({ channels: ['Z:uint'] }));
    const done = await run(
      drop(
        [
          { to: 'Z', from: 'ids:Z' },
          { to: 'w', from: 'other:Z' },
        ],
        { windows: 'union', fill: -1 },
      ),
      { ids, other: wide },
    );
    expect(problemLines(done)).toEqual(['error param-invalid fill']);
  });

  test('must fit subsampled channels', async () => {
    const chroma = picture(part({ channels: [channel('BY', { sampling: { x: 2, y: 2 } })] }));
    const odd = picture(part({ channels: ['Z'], data: box(-1, 0, 63, 35) }));
    const params = drop(
      [
        { to: 'BY', from: 'BY' },
        { to: 'Z', from: 'Z' },
      ],
      { windows: 'union' },
    );
    expect(problemLines(await run(params, { chroma, odd }))).toEqual(['error sampling-mismatch windows']);
    expect(problemLines(await run({ ...params, windows: { source: 'chroma' } }, { chroma, odd }))).toEqual([]);
  });
});

describe('storage', () => {
  const all = [{ to: '*', from: '*' }];

  test.each<[string, Params, Sources, boolean]>([
    ['a whole part', drop(all), { beauty }, true],
    ['a whole part by keeping', {}, { beauty }, true],
    ['a whole part beside attributes of another source', drop([{ to: '*', from: 'beauty:*' }]), both, true],
    ['one part of several', drop([{ to: '*', from: 'light/*' }]), { layers }, true],
    ['a channel less', drop([{ to: 'R', from: 'R' }]), { beauty }, false],
    ['a channel more', { rows: [{ to: 'Z', value: 0 }] }, { beauty }, false],
    ['a new name', { rows: [{ to: 'Q', from: 'R' }] }, { beauty }, false],
    [
      'two names swapped',
      {
        rows: [
          { to: 'R', from: 'G' },
          { to: 'G', from: 'R' },
        ],
      },
      { beauty },
      false,
    ],
    ['a new type', { rows: [{ to: 'R', from: 'R', type: 'float' }] }, { beauty }, false],
    [
      'another window',
      drop([{ to: '*', from: 'beauty:*' }], { windows: { source: 'w' } }),
      { beauty, w: picture(part({ channels: ['Z'], data: box(0, 0, 9, 9) })) },
      false,
    ],
  ])('%s', async (_title, params, sources, copyable) => {
    const done = await run(params, sources);
    expect(problemLines(done)).toEqual([]);
    const { stored } = done.spec.parts[0]!;
    expect(stored!.chunks !== undefined).toBe(copyable);
    expect(stored!.compression).toBe('zip');
  });

  test('names of new attributes stand at the end of the header', async () => {
    const more = picture(part({ channels: ['Z'], attributes: [text('shot', 'a')] }));
    const { spec } = await run({}, { beauty, more });
    expect(spec.parts[0]!.stored!.headerOrder).toEqual([...beauty.parts[0]!.stored!.headerOrder, 'shot']);
  });

  test('levels are kept with the whole part and told where they are not', async () => {
    const tiles = { width: 64, height: 64, levels: 'mip', rounding: 'down' } as const;
    const mip = picture(part({ stored: { tiles } }));
    expect((await run({}, { mip })).spec.parts[0]!.stored!.tiles).toEqual(tiles);
    const done = await run(drop([{ to: 'R', from: 'R' }]), { mip });
    expect(done.spec.parts[0]!.stored!.tiles).toEqual({ ...tiles, levels: 'one' });
    expect(lossLines(done)).toContain(
      'level sources.mip #0 mip: only the full level is kept where channels are recombined',
    );
  });

  const deep = picture(part({ kind: 'deep', stored: { copyOnly: true } }));
  const packed = picture(part({ stored: { compression: 'dwaa', copyOnly: true } }));

  test('parts that can only be copied pass whole', async () => {
    for (const source of [deep, packed]) {
      const done = await run({}, { source });
      expect(done.problems).toEqual([]);
      expect(done.spec.parts[0]).toEqual({
        ...source.parts[0],
        channels: done.spec.parts[0]!.channels,
        attributes: source.parts[0]!.attributes.map((a) => ({ ...a, source: 'source' })),
      });
    }
  });

  test('and are refused in pieces', async () => {
    for (const [source, method] of [
      [deep, 'zip'],
      [packed, 'dwaa'],
    ] as const) {
      const done = await run(drop([{ to: 'R', from: 'R' }]), { source });
      expect(problemLines(done)).toEqual(['error exr-compression-unsupported rows']);
      expect(done.problems[0]!.message).toContain(method);
    }
    expect(problemLines(await run({ rows: [{ to: 'Z', value: 0 }] }, { deep }))).toEqual([
      'error deep-unsupported rows',
    ]);
  });

  test('channels of a deep part are chosen and renamed, and mixed with nothing', async () => {
    const zips = picture(part({ kind: 'deep', channels: ['A', 'Z:float'], stored: { compression: 'zips' } }));
    const chosen = await run(drop([{ to: 'depth', from: 'Z' }]), { zips });
    expect(problemLines(chosen)).toEqual([]);
    expect(chosen.spec.parts[0]).toMatchObject({ kind: 'deep', channels: [{ name: 'depth', type: 'float' }] });
    const refused: [Record<string, unknown>, Record<string, ImageSpec>][] = [
      [drop([{ to: 'Z', from: 'Z', type: 'half' }]), { zips }],
      [{ rows: [{ to: 'one', value: 1 }] }, { zips }],
      [
        drop([
          { to: 'Z', from: 'zips:Z' },
          { to: 'R', from: 'beauty:R' },
        ]),
        { zips, beauty },
      ],
      [
        drop([
          { to: 'Z', from: 'zips:Z' },
          { to: 'A', from: 'other:A' },
        ]),
        { zips, other: zips },
      ],
    ];
    for (const [params, sources] of refused) {
      const codes = (await run(params, sources)).problems.filter((p) => p.severity === 'error').map((p) => p.code);
      expect(new Set(codes)).toEqual(new Set(['deep-unsupported']));
    }
  });
});

describe('the rest', () => {
  test('name and view are those of the first source that gives channels', async () => {
    const left = picture(part({ name: 'l', view: 'left' }));
    const right = picture(part({ name: 'r', view: 'right', channels: ['Z'] }));
    const done = await run({}, { left, right });
    expect(done.spec.parts[0]).toMatchObject({ name: 'l', view: 'left' });
    expect(lossLines(done)).toEqual([
      '~attribute sources.right #0 name: the name of the output is l',
      '~attribute sources.right #0 view: the view of the output is left',
    ]);
  });

  test('substituted frames of all sources are handed on', async () => {
    const substitution = { node: 'read', asked: 3, used: 2, reason: 'hold', extended: false };
    const held = { ...utility, substitutions: [substitution] };
    expect((await run({}, { beauty, held, again: picture(part({ channels: ['q'] })) })).spec.substitutions).toEqual([
      substitution,
    ]);
    expect((await run({}, { beauty })).spec).not.toHaveProperty('substitutions');
  });

  test('an attribute of unknown type passes', async () => {
    const odd = picture(part({ attributes: [blob('odd', 1, 2)] }));
    expect((await run({}, { odd })).spec.parts[0]!.attributes[0]).toEqual({ ...blob('odd', 1, 2), source: 'odd' });
  });

  test('the summary shows the first row', () => {
    const summary = (params: Params) => shuffle.summary!(shuffle.params.parse(params));
    expect(
      summary({
        rows: [
          { to: 'Z', from: 'utility:Z' },
          { to: 'A', value: 1 },
        ],
      }),
    ).toBe('Z ← utility:Z, +1 more');
    expect(summary({ rows: [{ to: 'A', value: 1 }] })).toBe('A ← 1');
    expect(summary({})).toBe('all channels');
    expect(summary(drop([]))).toBe('no channels');
  });
});
