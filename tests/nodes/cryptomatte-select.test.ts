// Cryptomattes on their way through a graph: select, manifests beside the image, and what a shuffle takes apart.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cryptomatteKey, cryptomattesOf, ExrFile } from '../../engine/authoring.ts';
import type { Json } from '../../engine/base/canonical.ts';
import { shuffle } from '../../nodes/channel/shuffle.ts';
import { select } from '../../nodes/cryptomatte/select.ts';
import { run, temporary } from '../run/files.ts';
import { bench, graph } from '../run/graph.ts';
import { header, level, levelOf, views } from './cryptomatte-header.ts';
import { describeNode, lossLines, picture, problemLines, provenFixes, text } from './spec-builder.ts';

const folder = temporary();

describe('select', () => {
  const image = picture({
    channels: [...level('crypto', 0), 'crypto.R', ...level('asset', 0), 'R'],
    attributes: [text('owner', 'me'), ...header('crypto', { manifest: '{"a":"3c2569b2"}' }), ...header('asset')],
  });
  const edits = (...list: Json[]): { edits: Json[] } => ({ edits: list });

  it('without edits hands everything on', async () => {
    const { spec, problems, losses } = await describeNode(select, {}, { image });
    expect([problems, losses]).toEqual([[], []]);
    expect(spec.parts[0]!.attributes).toEqual(image.parts[0]!.attributes);
    expect(spec.parts[0]!.stored).toEqual(image.parts[0]!.stored);
  });

  it('drops channels and attributes together, and says so', async () => {
    const found = await describeNode(select, edits({ op: 'drop', layer: 'cry*' }), { image });
    expect(found.spec.parts[0]!.channels.map(({ name }) => name)).toEqual([
      'R',
      ...['A', 'B', 'G', 'R'].map((c) => `asset00.${c}`),
    ]);
    expect(cryptomattesOf(found.spec.parts).map(({ name }) => name)).toEqual(['asset']);
    expect(lossLines(found)).toEqual([
      ...['crypto.R', ...['A', 'B', 'G', 'R'].map((c) => `crypto00.${c}`)].map(
        (name) => `channel image #0 ${name}: dropped with its Cryptomatte`,
      ),
      ...['name', 'hash', 'conversion', 'manifest'].map(
        (field) => `attribute image #0 cryptomatte/${cryptomatteKey('crypto')}/${field}: dropped with its Cryptomatte`,
      ),
    ]);
  });

  it('copies: both are whole, and their attributes stand side by side', async () => {
    const found = await describeNode(select, edits({ op: 'copy', layer: 'crypto', to: 'twin' }), { image });
    expect([found.problems, found.losses]).toEqual([[], []]);
    const [crypto, twin] = cryptomattesOf(found.spec.parts);
    expect([crypto!.name, twin!.name]).toEqual(['crypto', 'twin']);
    expect(twin!.channels).toHaveLength(5);
    expect(twin!.headers[0]!.fields.get('manifest')!.bytes).toBe(crypto!.headers[0]!.fields.get('manifest')!.bytes);
    const order = found.spec.parts[0]!.stored!.headerOrder;
    const at = order.indexOf(`cryptomatte/${cryptomatteKey('crypto')}/name`);
    expect(order[at + 1]).toBe(`cryptomatte/${cryptomatteKey('twin')}/name`);
  });

  it('exchanges names in three edits', async () => {
    const swap = edits(
      { op: 'rename', layer: 'crypto', to: 'spare' },
      { op: 'rename', layer: 'asset', to: 'crypto' },
      { op: 'rename', layer: 'spare', to: 'asset' },
    );
    const found = await describeNode(select, swap, { image });
    expect(found.problems).toEqual([]);
    const origins = found.spec.parts[0]!.channels.map(({ name, origin }) =>
      origin.from === 'input' ? `${name} < ${origin.channel}` : name,
    );
    expect(origins.filter((line) => line.startsWith('crypto00.R'))).toEqual(['crypto00.R < asset00.R']);
    expect(origins.filter((line) => line.startsWith('asset'))).toHaveLength(5);
  });

  it('renames the parts that a Cryptomatte is called by, copies it into channels with a layer, drops it', async () => {
    const parts = picture(
      { name: 'rgba', attributes: header('crypto') },
      { name: 'crypto00.left', view: 'left' },
      { name: 'depth', channels: ['Z'] },
    );
    const edited = async (edit: Json) => {
      const { spec, problems } = await describeNode(select, edits(edit), { image: parts });
      expect(problems).toEqual([]);
      return {
        parts: spec.parts.map(({ name, channels }) => `${name} ${channels.map((c) => c.name).join()}`),
        found: cryptomattesOf(spec.parts).map(({ name, ranks }) => `${name} ${ranks.length}`),
      };
    };
    expect(await edited({ op: 'rename', layer: 'crypto', to: 'thing' })).toEqual({
      parts: ['rgba A,B,G,R', 'thing00.left A,B,G,R', 'depth Z'],
      found: ['thing 2'],
    });
    expect(await edited({ op: 'copy', layer: 'crypto', to: 'twin' })).toEqual({
      parts: ['rgba A,B,G,R', 'crypto00.left A,B,G,R,twin00.A,twin00.B,twin00.G,twin00.R', 'depth Z'],
      found: ['crypto 2', 'twin 2'],
    });
    expect(await edited({ op: 'drop', layer: 'crypto' })).toEqual({ parts: ['rgba A,B,G,R', 'depth Z'], found: [] });
  });

  it('edits all views of a part, whose channels keep the views in their names', async () => {
    const attributes = [...header('crypto'), views('left', 'right')];
    const stereo = picture(
      { name: 'rgba', channels: ['R', ...levelOf('left', 'crypto', 0), ...levelOf('right', 'crypto', 0)], attributes },
      { name: 'crypto01', channels: ['R', 'right.R'], attributes: [views('left', 'right')] },
    );
    const edited = async (edit: Json) => {
      const { spec, problems } = await describeNode(select, edits(edit), { image: stereo });
      expect(problems).toEqual([]);
      return spec.parts.map(({ name, channels }) => `${name} ${channels.map((c) => c.name).join()}`);
    };
    const among = (name: string) =>
      ['A', 'B', 'G', 'R'].map((c) => ['left', 'right'].map((view) => `${name}.${view}.${c}`));
    const sorted = (name: string) => [0, 1].flatMap((view) => among(name).map((pair) => pair[view]));
    expect(await edited({ op: 'rename', layer: 'crypto', to: 'thing' })).toEqual([
      `rgba R,${sorted('thing00')}`,
      'thing01 R,right.R',
    ]);
    expect(await edited({ op: 'copy', layer: 'crypto', to: 'twin' })).toEqual([
      `rgba R,${sorted('crypto00')},${sorted('twin00')}`,
      'crypto01 R,right.R,twin01.left.R,twin01.right.R',
    ]);
    expect(await edited({ op: 'drop', layer: 'crypto' })).toEqual(['rgba R']);
  });

  it('drops a part of which nothing is left, and never the last one', async () => {
    const two = picture(
      { name: 'beauty' },
      { name: 'ids', channels: level('crypto', 0), attributes: header('crypto') },
    );
    const found = await describeNode(select, edits({ op: 'drop', layer: '*' }), { image: two });
    expect(found.spec.parts.map(({ name }) => name)).toEqual(['beauty']);
    expect(lossLines(found).at(-1)).toBe('part image #1 ids: all of its channels are dropped');
    const only = picture({ channels: level('crypto', 0), attributes: header('crypto') });
    expect(problemLines(await describeNode(select, edits({ op: 'drop', layer: '*' }), { image: only }))).toEqual([
      'error channel-none edits',
    ]);
  });

  it.each<[string, Json[], string[]]>([
    [
      'a name that is not there',
      [{ op: 'rename', layer: 'crypt', to: 'x' }],
      ['error cryptomatte-unknown edits[0].layer'],
    ],
    ['a pattern that fits none', [{ op: 'drop', layer: 'x*' }], ['warning cryptomatte-unknown edits[0].layer']],
    ['a name that is taken', [{ op: 'rename', layer: 'crypto', to: 'asset' }], ['error channel-duplicate edits[0].to']],
    [
      'a name that is too long',
      [{ op: 'copy', layer: 'crypto', to: 'x'.repeat(260) }],
      ['error channel-name edits[0].to'],
    ],
  ])('%s is a problem', async (_, list, lines) => {
    expect(problemLines(await describeNode(select, { edits: list }, { image }))).toEqual(lines);
  });

  it('offers fixes that hold', async () => {
    expect(
      await provenFixes(select, edits({ op: 'rename', layer: 'crypt', to: 'x' }), { image }, 'cryptomatte-unknown'),
    ).toEqual(['Use crypto', 'Remove edit 1']);
  });

  it('a channel of the new name that belongs to no Cryptomatte is in the way', async () => {
    const taken = picture({ channels: [...level('crypto', 0), 'x00.R:float'], attributes: header('crypto') });
    expect(
      problemLines(await describeNode(select, edits({ op: 'rename', layer: 'crypto', to: 'x' }), { image: taken })),
    ).toEqual(['error channel-duplicate edits']);
  });
});

describe('manifests beside the image', () => {
  it('are followed by matte, and taken into the header by select', async () => {
    const scene = join(folder, 'sidecar');
    mkdirSync(join(scene, 'names'), { recursive: true });
    const json = '{"bunny":"13851a76"}';
    writeFileSync(join(scene, 'names/a.json'), json);
    const make = graph(
      {
        p: {
          type: 'test.pattern',
          params: { channels: level('crypto', 0).map((c) => ({ name: c.replace(':float', ''), type: 'float' })) },
        },
        t: {
          type: 'metadata.set',
          params: {
            edits: Object.entries({ name: 'crypto', manif_file: 'names/a.json' }).map(([field, value]) => ({
              op: 'set',
              name: `cryptomatte/${cryptomatteKey('crypto')}/${field}`,
              type: 'string',
              value,
            })),
          },
        },
        w: { type: 'io.write', params: { path: 'a.exr' } },
      },
      ['p.image > t.image', 't.image > w.image'],
    );
    expect((await run(make, scene, { range: '1' })).exitCode).toBe(0);
    const use = (names: string[], more: Readonly<Record<string, Json>> = {}) =>
      graph(
        {
          r: { type: 'io.read', params: { path: 'a.exr' } },
          s: { type: 'cryptomatte.select', params: { sidecars: 'embed' } },
          m: { type: 'cryptomatte.matte', params: { names, ...more } },
          w: { type: 'io.write', params: { path: 'b.exr', overwrite: 'replace' } },
        },
        ['r.image > m.image', 'r.image > s.image', 's.image > w.image'],
      );
    const problems = async (names: string[], more: Readonly<Record<string, Json>> = {}) =>
      (await bench(use(names, more), { folder: scene }).descriptions.describe('m', 1)).problems.map((p) => p.code);
    expect(await problems(['bunny', 'bun*'])).toEqual([]);
    expect(await problems(['hare', 'h*'])).toEqual(['cryptomatte-name', 'cryptomatte-name']);
    writeFileSync(join(scene, 'other.json'), '{"hare":"00000005"}');
    expect(await problems(['hare', 'h*'], { manifest: 'other.json' })).toEqual([]);
    const done = await run(use([]), scene, { sinks: ['w'], range: '1' });
    expect([done.exitCode, done.problems]).toEqual([0, []]);
    const file = ExrFile.open(join(scene, 'b.exr'));
    const fields = file.header.parts[0]!.attributes.filter((a) => a.name.startsWith('cryptomatte/'));
    expect(fields.map((a) => [a.name.slice(20), new TextDecoder().decode(a.bytes)])).toEqual([
      ['manifest', json],
      ['name', 'crypto'],
    ]);
    file.close();
    expect(readFileSync(join(scene, 'names/a.json'), 'utf8')).toBe(json);
    writeFileSync(join(scene, 'names/a.json'), 'broken');
    expect(await problems(['bunny'])).toEqual(['cryptomatte-manifest']);
  });

  it.each(['/etc/passwd', '..\\a.json'])('%s is not followed', async (beside) => {
    const image = picture({ channels: level('crypto', 0), attributes: header('crypto', { manif_file: beside }) });
    const { problems } = await describeNode(select, { sidecars: 'embed' }, { image });
    expect(problems.map((p) => `${p.severity} ${p.code}`)).toEqual(['error cryptomatte-manifest']);
    expect(problems[0]!.message).toContain('relative path');
  });
});

describe('a shuffle', () => {
  const source = picture({
    channels: [...level('crypto', 0), ...level('crypto', 1), 'crypto.R', 'R'],
    attributes: [text('owner', 'me'), ...header('crypto', { manifest: '{}' })],
  });
  const other = picture({ channels: ['G'], attributes: [text('shot', 'a')] });
  const told = async (rows: Json[], more: Readonly<Record<string, Json>> = {}) =>
    (await describeNode(shuffle, { others: 'drop', rows, ...more }, { sources: { a: source, b: other } })).problems
      .filter((p) => p.code === 'cryptomatte-split')
      .map((p) => `${p.severity} ${p.message}`);

  it.each<[string, Json[], Readonly<Record<string, Json>>]>([
    ['takes it whole', [{ to: '*', from: 'a:*' }], {}],
    ['takes none of it', [{ to: 'R', from: 'a:R' }], { attributes: { from: ['b'] } }],
    ['takes the preview alone', [{ to: 'preview', from: 'a:crypto.R' }], { attributes: { from: ['b'] } }],
    ['puts other channels in its place', [{ to: 'crypto00.*', from: 'b:*' }], {}],
    ['leaves the preview out', [{ to: 'crypto0*', from: 'a:crypto0*' }], {}],
  ])('that %s is silent', async (_, rows, more) => {
    expect(await told(rows, more)).toEqual([]);
  });

  it.each<[string, Json[], Readonly<Record<string, Json>>]>([
    ['the channels that are missing', [{ to: 'crypto00.*', from: 'a:crypto00.*' }], {}],
    ['the attributes', [{ to: '*', from: 'a:*' }], { attributes: { from: ['b'] } }],
  ])('offers %s, which mends it', async (_, rows, more) => {
    const params = { others: 'drop', rows, ...more };
    const { problems } = await describeNode(shuffle, params, { sources: { a: source, b: other } });
    const [{ fixes } = {}] = problems.filter(({ code }) => code === 'cryptomatte-split');
    const mended = { ...params, ...fixes![0]!.set } as { others: string; rows: Json[] };
    expect(await told(mended.rows, mended)).toEqual([]);
  });

  it('knows the Cryptomatte in a part that is called by it', async () => {
    const byPart = picture({ name: 'rgba', attributes: header('crypto') }, { name: 'crypto00' });
    const lines = async (to: string) =>
      (
        await describeNode(
          shuffle,
          { rows: [{ to, from: 'a:crypto00/*' }], others: 'drop' },
          { sources: { a: byPart } },
        )
      ).problems.filter((p) => p.code === 'cryptomatte-split');
    expect((await lines('*'))[0]?.message).toMatch(/would lose its attributes/);
    expect((await lines('thing00.*'))[0]?.message).toMatch(/would be called thing/);
  });

  it('that takes its attributes and none of its channels warns once, and offers to leave them out', async () => {
    const twin = picture({ channels: level('crypto', 0), attributes: header('crypto', { manifest: '{}' }) });
    const sources = { a: source, b: twin };
    const told = async (params: Readonly<Record<string, Json>>) =>
      (await describeNode(shuffle, { others: 'drop', ...params }, { sources })).problems
        .filter(({ code }) => code === 'cryptomatte-split')
        .map(({ severity, message, where }) => `${severity} ${where!.attribute}: ${message}`);
    for (const rows of [[{ to: 'R', from: 'a:R' }], [{ to: 'crypto.R', from: 'a:crypto.R' }]]) {
      expect(await told({ rows })).toEqual([
        expect.stringContaining(
          `warning cryptomatte/${cryptomatteKey('crypto')}/name: The Cryptomatte crypto of a would leave its attributes`,
        ),
      ]);
      const params = { others: 'drop', rows, attributes: { resolve: { owner: 'a' } } };
      expect(await provenFixes(shuffle, params, { sources }, 'cryptomatte-split')).toEqual([
        'Leave out the attributes of crypto',
      ]);
    }
    expect(await told({ rows: [{ to: 'crypto00.*', from: 'b:crypto00.*' }] })).toEqual([]);
  });

  it('that hands on attributes whose channels no source had is silent', async () => {
    const bare = picture({ channels: ['R', 'crypto.R'], attributes: header('crypto') });
    const lines = async (sources: object, attributes: Json) =>
      problemLines(
        await describeNode(shuffle, { rows: [{ to: 'R', from: 'a:R' }], others: 'drop', attributes }, { sources }),
      );
    expect(await lines({ a: bare }, {})).toEqual([]);
    expect(await lines({ a: bare, b: source }, { from: ['a'] })).toEqual([]);
    expect(await lines({ a: source, b: bare }, { from: ['a'] })).toEqual(['warning cryptomatte-split attributes']);
  });

  it('knows Cryptomattes in views that are channels of one part', async () => {
    const of = (view: string) => [...levelOf(view, 'crypto', 0), ...levelOf(view, 'crypto', 1)];
    const stereo = picture({
      channels: ['R', ...of('left'), ...of('right')],
      attributes: [...header('crypto'), views('left', 'right')],
    });
    const sources = { a: stereo, b: other };
    const lines = async (params: Readonly<Record<string, Json>>) =>
      (await describeNode(shuffle, { others: 'drop', ...params }, { sources })).problems
        .filter((p) => p.code === 'cryptomatte-split')
        .map(({ message }) => message);
    const whole = { rows: [{ to: '*', from: 'a:*' }] };
    expect(await lines(whole)).toEqual([]);
    expect(await lines({ rows: [{ to: 'crypto0*', from: 'a:crypto0*' }] })).toEqual([]);
    for (const to of ['crypto00.left.*', 'crypto00.*']) {
      const one = { rows: [{ to, from: 'a:crypto00.left.*' }] };
      expect(await lines(one)).toEqual([
        expect.stringMatching(/^The Cryptomatte crypto of view left of a would lose crypto01.left.A, crypto01.left.B,/),
      ]);
      expect(await provenFixes(shuffle, { others: 'drop', ...one }, { sources }, 'cryptomatte-split')).toEqual([
        'Take its other channels too',
      ]);
    }
    const bare = { ...whole, attributes: { from: ['b'] } };
    expect(await lines(bare)).toEqual([
      expect.stringContaining('crypto of view left of a would lose its attributes'),
      expect.stringContaining('crypto of view right of a would lose its attributes'),
    ]);
    expect(await provenFixes(shuffle, { others: 'drop', ...bare }, { sources }, 'cryptomatte-split')).toEqual([
      'Take the attributes of a too',
      'Take the attributes of a too',
    ]);
  });

  it.each<[string, Json[], Readonly<Record<string, Json>>, string]>([
    ['leaves a level out', [{ to: '*', from: 'a:crypto00.*' }], {}, 'would lose crypto01.A, crypto01.B'],
    [
      'renames it',
      [{ to: 'ids0*', from: 'a:crypto0*' }],
      {},
      'would be called ids while its attributes call it crypto',
    ],
    [
      'takes its attributes from elsewhere',
      [
        { to: '*', from: 'a:*' },
        { to: '*', from: 'b:*' },
      ],
      { attributes: { from: ['b'] } },
      'would lose its attributes',
    ],
  ])('that %s warns', async (_, rows, more, words) => {
    const [warning, ...others] = await told(rows, more);
    expect(others).toEqual([]);
    expect(warning).toMatch(/^warning The Cryptomatte crypto of a /);
    expect(warning).toContain(words);
  });
});
