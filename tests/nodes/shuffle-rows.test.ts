// Shuffle channels: what each row takes, and rows that are refused.
import { describe, expect, test } from 'vitest';
import { shuffle } from '../../nodes/channel/shuffle.ts';
import { beauty, both, drop, layers, run, type Sources } from './shuffling.ts';
import { channel, channelLines, lossLines, part, picture, problemLines, provenFixes } from './spec-builder.ts';

describe('rows', () => {
  test.each<[string, readonly unknown[], Sources, string[]]>([
    ['one', [{ to: 'R', from: 'beauty:R' }], both, ['R:half ← sources.beauty #0 R']],
    ['renamed', [{ to: 'depth.Z', from: 'utility:Z' }], both, ['depth.Z:float ← sources.utility #0 Z']],
    [
      'in the order of OpenEXR',
      [
        { to: 'b', from: 'Z' },
        { to: 'B', from: 'G' },
        { to: 'a.b', from: 'R' },
      ],
      both,
      ['B:half ← sources.beauty #0 G', 'a.b:half ← sources.beauty #0 R', 'b:float ← sources.utility #0 Z'],
    ],
    ['without the source where there is no doubt', [{ to: 'Z', from: 'Z' }], both, ['Z:float ← sources.utility #0 Z']],
    [
      'one channel twice',
      [
        { to: 'R', from: 'R' },
        { to: 'G', from: 'R' },
      ],
      { beauty },
      ['G:half ← sources.beauty #0 R', 'R:half ← sources.beauty #0 R'],
    ],
    [
      'a layer',
      [{ to: 'spec.*', from: 'utility:specular.*' }],
      both,
      ['spec.G:half ← sources.utility #0 specular.G', 'spec.R:half ← sources.utility #0 specular.R'],
    ],
    ['a star in the middle', [{ to: '*.s', from: 'spec*.R' }], both, ['ular.s:half ← sources.utility #0 specular.R']],
    [
      'a star takes dots',
      [{ to: 'u.*', from: 'utility:*.R' }],
      both,
      ['u.specular:half ← sources.utility #0 specular.R'],
    ],
    ['a part by name', [{ to: 'R', from: 'layers:light/R' }], { layers }, ['R:half ← sources.layers #1 R']],
    ['a part by number', [{ to: 'R', from: '#0/R' }], { layers }, ['R:half ← sources.layers #0 R']],
    ['a channel that one part has', [{ to: 'R', from: 'key.R' }], { layers }, ['R:half ← sources.layers #1 key.R']],
    [
      'a channel that looks like an address',
      [{ to: 'x', from: '#1/main/R' }],
      { layers },
      ['x:half ← sources.layers #1 main/R'],
    ],
    [
      'all of a part',
      [{ to: '*', from: 'layers:main/*' }],
      { layers },
      ['G:half ← sources.layers #0 G', 'R:half ← sources.layers #0 R'],
    ],
    ['a stated type', [{ to: 'Z', from: 'Z', type: 'half' }], both, ['Z:half ← sources.utility #0 Z']],
    [
      'a constant',
      [
        { to: 'A', value: 1 },
        { to: 'id', value: 7, type: 'uint' },
        { to: 'far', value: 'inf', type: 'float' },
      ],
      both,
      ['A:half ← 1', 'far:float ← Infinity', 'id:uint ← 7'],
    ],
    [
      'a name with $ in it',
      [{ to: '*', from: '*' }],
      { a: picture(part({ channels: ['$&', '$1'] })) },
      ['$&:half ← sources.a #0 $&', '$1:half ← sources.a #0 $1'],
    ],
    [
      'a name with a colon',
      [{ to: 'x', from: 'odd:name' }],
      { a: picture(part({ channels: [{ ...channel('x'), name: 'odd:name' }] })) },
      ['x:half ← sources.a #0 odd:name'],
    ],
  ])('%s', async (_title, rows, sources, expected) => {
    const done = await run(drop(rows), sources);
    expect(problemLines(done)).toEqual([]);
    expect(channelLines(done.spec)).toEqual(expected);
  });

  test('sampling, pLinear and reserved bytes travel with the channel', async () => {
    const chroma = picture(
      part({ channels: [channel('Y'), channel('BY', { sampling: { x: 2, y: 2 }, pLinear: 1, reserved: 7 })] }),
    );
    const { spec } = await run(drop([{ to: 'c', from: 'BY' }]), { chroma });
    expect(spec.parts[0]!.channels[0]).toMatchObject({ name: 'c', sampling: { x: 2, y: 2 }, pLinear: 1, reserved: 7 });
  });

  test.each<[string, unknown, Sources, string, readonly string[]]>([
    ['unknown channel', { to: 'R', from: 'beauty:r' }, both, 'error channel-unknown rows[0].from', ['Take beauty:R']],
    ['unknown layer', { to: 'a.*', from: 'beauty:a.*' }, both, 'warning channel-unknown rows[0].from', []],
    ['unknown source', { to: 'R', from: 'beuaty:R' }, both, 'error source-unknown rows[0].from', ['Take beauty:R']],
    ['unknown source of a layer', { to: '*', from: 'none:*' }, both, 'error source-unknown rows[0].from', []],
    [
      'no such source, though any object has it',
      { to: 'R', from: 'constructor:R' },
      both,
      'error source-unknown rows[0].from',
      [],
    ],
    ['unknown part', { to: 'R', from: 'layers:lihgt/R' }, { layers }, 'error part-unknown rows[0].from', []],
    ['unknown part number', { to: 'R', from: '#3/R' }, both, 'error part-unknown rows[0].from', []],
    [
      'two sources',
      { to: 'x', from: 'R' },
      { a: beauty, b: beauty },
      'error channel-ambiguous rows[0].from',
      ['Take a:R', 'Take b:R'],
    ],
    [
      'two parts',
      { to: 'x', from: 'layers:R' },
      { layers },
      'error channel-ambiguous rows[0].from',
      ['Take layers:main/R', 'Take layers:light/R'],
    ],
    [
      'two sources of a layer',
      { to: '*', from: '*' },
      { a: beauty, b: beauty },
      'error channel-ambiguous rows[0].from',
      ['Take a:*', 'Take b:*'],
    ],
    ['one star', { to: '*', from: 'beauty:R' }, both, 'error param-invalid rows[0].to', []],
    ['another star', { to: 'x', from: 'beauty:*' }, both, 'error param-invalid rows[0].to', []],
    ['many stars', { to: '*.*', from: 'beauty:*.*' }, both, 'error param-invalid rows[0].to', []],
    ['a star for a constant', { to: 'a*', value: 1 }, both, 'error param-invalid rows[0].to', []],
    ['too much for half', { to: 'x', value: 65520 }, both, 'error param-invalid rows[0].value', []],
    ['too much for float', { to: 'x', value: 1e39, type: 'float' }, both, 'error param-invalid rows[0].value', []],
    ['a broken uint', { to: 'x', value: 1.5, type: 'uint' }, both, 'error param-invalid rows[0].value', []],
    ['a negative uint', { to: 'x', value: -1, type: 'uint' }, both, 'error param-invalid rows[0].value', []],
    ['an endless uint', { to: 'x', value: 'inf', type: 'uint' }, both, 'error param-invalid rows[0].value', []],
    ['no name', { to: '', from: 'beauty:R' }, both, 'error channel-name rows[0].to', []],
    ['a long name', { to: 'ü'.repeat(128), value: 0 }, both, 'error channel-name rows[0].to', []],
    ['a zero in a name', { to: 'a\0b', value: 0 }, both, 'error channel-name rows[0].to', []],
  ])('%s is refused', async (_title, row, sources, expected, fixes) => {
    const params = drop([row, { to: 'keep', value: 0 }]);
    const done = await run(params, sources);
    expect(problemLines(done)).toEqual([expected]);
    const { code } = done.problems[0]!;
    expect(await provenFixes(shuffle, params, { sources }, code)).toEqual(fixes);
  });

  test('two rows for one channel', async () => {
    const params = drop([
      { to: '*', from: 'beauty:*' },
      { to: 'R', from: 'utility:Z' },
    ]);
    const done = await run(params, both);
    expect(problemLines(done)).toEqual(['error channel-duplicate rows[1].to']);
    expect(done.problems[0]!.message).toBe(
      'Row 2: row 1 makes R already. Give this row another name or remove one of the two.',
    );
    expect(channelLines(done.spec)).toContain('R:half ← sources.beauty #0 R');
    expect(lossLines(done)).toContain('channel sources.utility #0 Z: row 1 makes R already');
    expect(await provenFixes(shuffle, params, { sources: both }, 'channel-duplicate')).toEqual([
      'Name it utility.R',
      'Remove row 2',
    ]);
    const again = drop([
      { to: '*', from: 'a:*' },
      { to: '*', from: 'b:*' },
    ]);
    expect((await run(again, { a: beauty, b: beauty })).problems.map((p) => p.message)).toEqual([
      'Row 2: row 1 makes A, B, G, R already. Give this row another name or remove one of the two.',
    ]);
    const constants = drop([
      { to: 'x', value: 0 },
      { to: 'x', value: 1 },
    ]);
    expect(await provenFixes(shuffle, constants, { sources: both }, 'channel-duplicate')).toEqual(['Remove row 2']);
  });

  test('no channel left, and nothing connected', async () => {
    expect(problemLines(await run(drop([]), both))).toEqual(['error channel-none rows']);
    expect(await provenFixes(shuffle, drop([]), { sources: both }, 'channel-none')).toEqual(['Keep what no row takes']);
    const done = await run({}, {});
    expect(problemLines(done)).toEqual(['error input-missing']);
    expect(done.spec).toEqual({ parts: [] });
  });

  test.each([
    [{ to: 'a' }],
    [{ to: 'a', from: 'b', value: 1 }],
    [{ to: 'a', value: 1, type: 'double' }],
    [{ to: 'a', from: 'b', extra: 1 }],
  ])('the schema refuses the row %j', (row) => {
    expect(shuffle.params.safeParse({ rows: [row] }).success).toBe(false);
  });
});
