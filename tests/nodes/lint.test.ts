// Lint before writing: each warning where it belongs, its fixes carried out, and silence for files that are sound or copied.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Attribute, encodeAttribute } from '../../engine/authoring.ts';
import { box } from '../../engine/base/box.ts';
import type { Json } from '../../engine/base/canonical.ts';
import { applyEdit } from '../../engine/document/apply.ts';
import type { Document } from '../../engine/document/schema.ts';
import type { Problem } from '../../engine/plan/problem.ts';
import { checkGraph } from '../../engine/run/run.ts';
import { nodes } from '../../nodes/index.ts';
import { foldedNames, nukeChannels } from '../../nodes/io/write/fold.ts';
import { type PartSketch, temporary, text, writeExr } from '../run/files.ts';
import { graph, pattern } from '../run/graph.ts';
import { header, level, levelOf, views } from './cryptomatte-header.ts';
import { attribute, type PartParts, part } from './spec-builder.ts';

const folder = temporary();
const lights = (white: readonly number[]): Attribute =>
  encodeAttribute('chromaticities', 'chromaticities', {
    red: [0.64, 0.33],
    green: [0.3, 0.6],
    blue: [0.15, 0.06],
    white: [...white],
  } as Json);
const REC709 = lights([0.3127, 0.329]);

const FILES: Readonly<Record<string, readonly PartSketch[]>> = {
  utility: [{ channels: ['R', 'G', 'B', 'Z:float', 'N.X', 'N.Y', 'N.Z', 'P.Y:float', 'id:uint'] }],
  lossy: [{ channels: ['R', 'G', 'B'], compression: 'dwaa' }],
  crypto: [{ channels: [...level('crypto', 0), 'R'], attributes: header('crypto', { manifest: '{}' }) }],
  stereoCrypto: [
    { channels: levelOf('right', 'crypto', 0), attributes: [...header('crypto'), views('left', 'right')] },
  ],
  halfCrypto: [{ channels: ['crypto00.R', 'crypto00.G'], attributes: header('crypto') }],
  sidecar: [{ channels: level('crypto', 0), attributes: header('crypto', { manif_file: 'names.json' }) }],
  two: [
    { name: 'a', channels: ['R'], window: box(0, 0, 9, 9) },
    { name: 'b', channels: ['R'], window: box(0, 0, 9, 5), display: box(0, 0, 9, 9) },
  ],
  small: [{ channels: ['G'], window: box(0, 0, 3, 3), display: box(0, 0, 9, 9) }],
  colour: [{ channels: ['R', 'G', 'B'], attributes: [text('colorInteropID', 'lin_ap1_scene'), REC709] }],
  aces: [
    {
      channels: ['R', 'G', 'B'],
      attributes: [encodeAttribute('acesImageContainerFlag', 'int', 1), text('colorInteropID', 'lin_ap1_scene')],
    },
  ],
  fold: [{ channels: ['R', 'red', 'spec.R'] }],
  upwards: [{ channels: ['V'], lineOrder: 'decreasing' }],
};

beforeAll(async () => {
  for (const [name, parts] of Object.entries(FILES)) await writeExr(join(folder, `${name}.exr`), parts);
});

const reading = (file: string, write: Readonly<Record<string, Json>>): Document =>
  graph(
    {
      r: { type: 'io.read', params: { path: `${file}.exr` } },
      w: { type: 'io.write', params: { path: 'out/o.exr', ...write } },
    },
    ['r.image > w.image'],
  );
const check = async (document: Document, checkPixels = false): Promise<readonly Problem[]> => {
  const found = await checkGraph({ document, folder, nodes: [...nodes, pattern], range: '1', checkPixels });
  expect(found.exitCode).toBe(0);
  return found.problems;
};
const told = async (document: Document): Promise<string[]> =>
  (await check(document)).map(({ severity, code, where }) => `${severity} ${code} ${where.param ?? '-'}`);

/** Carries out every fix; the warning has to be gone each time. Returns the titles. */
async function mended(document: Document, code: string, checkPixels = false): Promise<string[]> {
  const titles: string[] = [];
  const found = await check(document, checkPixels);
  for (const problem of found.filter((p) => p.code === code && p.where.node === 'w')) {
    for (const fix of problem.fixes ?? []) {
      const after = fix.edits.reduce((at, edit) => applyEdit(at, edit).document, document);
      expect(
        (await check(after, checkPixels)).map((p) => p.message),
        fix.title,
      ).not.toContain(problem.message);
      titles.push(fix.title);
    }
  }
  return titles;
}

describe('methods with losses', () => {
  it.each<[string, string[]]>([
    ['dwaa', ['N.Y', 'P.Y']],
    ['dwab', ['N.Y', 'P.Y']],
    ['b44', ['N.X', 'N.Y', 'N.Z']],
    ['b44a', ['N.X', 'N.Y', 'N.Z']],
    ['pxr24', ['P.Y', 'Z']],
  ])('%s: depth, normals, positions and ids that it would change', async (compression, names) => {
    const document = reading('utility', { compression });
    const [problem, ...others] = await check(document);
    expect(others).toEqual([]);
    expect([problem!.severity, problem!.code, problem!.where.param]).toEqual(['warning', 'lossy-data', 'compression']);
    expect(problem!.message).toContain(`the numbers of ${names.join(', ')}, which`);
    expect(problem!.message.includes('luminance')).toBe(compression.startsWith('dwa'));
    expect(await mended(document, 'lossy-data')).toEqual(['Write zip', 'Write piz']);
  });

  it.each(['keep', 'none', 'rle', 'zips', 'zip', 'piz'])('%s is silent', async (compression) => {
    expect(await told(reading('utility', { compression }))).toEqual([]);
  });

  it('a Cryptomatte too', async () => {
    const [problem] = await check(reading('crypto', { compression: 'dwaa' }));
    expect(problem!.message).toContain('crypto00.B, crypto00.G, crypto00.R');
    const [stereo] = await check(reading('stereoCrypto', { compression: 'pxr24' }));
    expect(stereo!.message).toContain('crypto00.right.B, crypto00.right.G, crypto00.right.R');
  });

  it('what was stored with losses, once more; not where its chunks are copied', async () => {
    expect(await told(reading('lossy', {}))).toEqual([]);
    const again = reading('lossy', { compression: 'dwab' });
    expect(await told(again)).toEqual(['warning lossy-again compression']);
    expect(await mended(again, 'lossy-again')).toEqual(['Write zip', 'Write piz']);
    expect(await told(reading('lossy', { compression: 'zip' }))).toEqual([]);
    const renamed = graph(
      {
        r: { type: 'io.read', params: { path: 'lossy.exr' } },
        s: { type: 'channel.shuffle', params: { rows: [{ to: 'beauty.*', from: 'a:*' }] } },
        w: { type: 'io.write', params: { path: 'out/o.exr' } },
      },
      ['r.image > s.sources.a', 's.image > w.image'],
    );
    expect(await told(renamed)).toEqual(['warning lossy-again compression']);
  });

  it('goes by roles that a node has set', async () => {
    const document = graph(
      {
        r: { type: 'io.read', params: { path: 'utility.exr' } },
        s: {
          type: 'channel.role',
          params: {
            rows: [{ channels: '*.Y', role: 'colour' }],
          },
        },
        w: { type: 'io.write', params: { path: 'out/o.exr', compression: 'dwaa' } },
      },
      ['r.image > s.image', 's.image > w.image'],
    );
    expect((await told(document)).filter((line) => line.includes('lossy-data'))).toEqual([]);
  });
});

describe('pictures with losses', () => {
  const written = (path: string, more: Readonly<Record<string, Json>> = {}): Document =>
    graph(
      {
        r: { type: 'io.read', params: { path: 'utility.exr' } },
        w: { type: 'io.export', params: { path: `out/${path}`, channels: ['N.X', 'N.Y', 'N.Z'], ...more } },
      },
      ['r.image > w.image'],
    );

  it.each([
    ['o.jpg', 'Write PNG'],
    ['o.JPEG', 'Write PNG'],
    ['o.webp', 'Write without losses'],
  ])('%s of normals, with what mends it', async (path, title) => {
    expect(await told(written(path))).toEqual([`warning lossy-data ${path === 'o.webp' ? 'lossless' : 'format'}`]);
    expect(await mended(written(path), 'lossy-data')).toEqual([title]);
  });

  it('are told of for data alone, and of formats with losses alone', async () => {
    for (const path of ['o.png', 'o.tif']) expect(await told(written(path))).toEqual([]);
    expect(await told(written('o.jpg', { channels: ['R', 'G', 'B'] }))).toEqual([]);
  });
});

describe('half', () => {
  it('for depth and for a Cryptomatte, with the type that mends it', async () => {
    const types = [{ channels: '*', type: 'half' }];
    const depth = reading('utility', { types: [{ channels: 'Z', type: 'half' }] });
    expect(await told(depth)).toEqual(['warning half-data types']);
    expect(await mended(depth, 'half-data')).toEqual(['Write them as float']);
    const crypto = reading('crypto', { types });
    expect(await told(crypto)).toEqual(['warning half-data types']);
    expect(await mended(crypto, 'half-data')).toEqual(['Write them as float']);
    expect(await told(reading('stereoCrypto', { types }))).toEqual(['warning half-data types']);
  });

  it('that a file has already is told of for a Cryptomatte', async () => {
    expect(await told(reading('halfCrypto', { compression: 'piz' }))).toEqual(['warning half-data types']);
    expect(await told(reading('halfCrypto', {}))).toEqual([]);
  });
});

describe('what Nuke reads', () => {
  const inNuke = (...parts: PartParts[]) =>
    nukeChannels(parts.map(part)).map(
      ({ view, folded, isCut }) => `${view && `${view}/`}${folded}${isCut ? ' (cut)' : ''}`,
    );

  it.each([
    ['R', 'rgba.red'],
    ['red', 'rgba.red'],
    ['r', 'rgba.red'],
    ['RED', 'rgba.red'],
    ['rED', 'other.rED'],
    ['A', 'rgba.alpha'],
    ['Z', 'depth.Z'],
    ['depth.Z', 'depth.Z'],
    ['Y', 'rgba.red'],
    ['mask', 'other.mask'],
    ['Ci.g', 'rgba.green'],
    ['RGBA.R', 'RGBA.red'],
    ['a.b.R', 'a_b.red'],
    ['a.b.c.R', 'a_b.c_R (cut)'],
    ['a-b.x', 'a_b.x'],
    ['grün.B', 'gr__n.blue'],
    ['2nd.R', 'nd.red (cut)'],
    ['0.Y', 'rgba.red (cut)'],
    ['.R', 'rgba.red'],
    ['1', 'other.unnamed (cut)'],
    ['crypto00.R', 'crypto00.red'],
  ])('%s is %s', (name, folded) => {
    expect(inNuke({ channels: [name] })).toEqual([folded]);
  });

  it('knows views, in one part and in several', () => {
    const views = attribute('multiView', 'stringvector', ['right', 'left']);
    expect(inNuke({ channels: ['R', 'left.R', 'spec.left.R'], attributes: [views] })).toEqual([
      'right/rgba.red',
      'left/rgba.red',
      'left/spec.red',
    ]);
    const eyes = (name: string) =>
      ['left', 'right'].map((view) => ({ name: `${name}.${view}`, view, channels: ['R'] }));
    expect(inNuke(...eyes('rgba'), ...eyes('spec'))).toEqual([
      'left/rgba.red',
      'right/rgba.red',
      'left/spec.red',
      'right/spec.red',
    ]);
  });

  it('takes names of parts for layers only where no channel has one, or the header says so', () => {
    const [beauty, depth] = [
      { name: 'beauty', channels: ['R'] },
      { name: 'depth', channels: ['Z'] },
    ];
    expect(inNuke(beauty, depth)).toEqual(['beauty.red', 'depth.Z']);
    expect(inNuke(beauty, { name: 'n', channels: ['N.X'] })).toEqual(['rgba.red', 'N.X']);
    const full = attribute('nuke/full_layer_names', 'int', 1);
    expect(inNuke({ ...beauty, attributes: [full] }, depth)).toEqual(['rgba.red', 'depth.Z']);
  });

  it('names that become one are told of, but not where the source has them already', async () => {
    const named = (...channels: string[]) =>
      foldedNames(nukeChannels([part({ channels })])).map((group) => group.map(({ channel }) => channel));
    expect(named('R', 'G', 'r', 'a.b.R', 'a_b.R', '1.x', '2.x')).toEqual([
      ['1.x', '2.x'],
      ['R', 'r'],
      ['a.b.R', 'a_b.R'],
    ]);
    expect(await told(reading('fold', { compression: 'piz' }))).toEqual([]);
    const document = (...to: readonly string[]): Document =>
      graph(
        {
          r: { type: 'io.read', params: { path: 'utility.exr' } },
          s: { type: 'channel.shuffle', params: { rows: to.map((name) => ({ to: name, from: 'a:G' })) } },
          w: { type: 'io.write', params: { path: 'out/o.exr' } },
        },
        ['r.image > s.sources.a', 's.image > w.image'],
      );
    const shuffled = async (to: string) => (await check(document(to))).map(({ code, message }) => `${code} ${message}`);
    expect(await shuffled('red')).toEqual([
      'names-fold #0: Nuke would read R and red as one channel. Rename one of each with Shuffle channels, in a row such as { "to": "layer.R", "from": "…:R" }.',
    ]);
    expect(await shuffled('a.b.c.G')).toEqual([
      expect.stringContaining('Nuke would read a.b.c.G as a_b.c_G: it cuts off digits'),
    ]);
    expect(await shuffled('spare')).toEqual([]);
    expect(await mended(document('red'), 'names-fold')).toEqual(['Rename red to layer.red']);
    expect(await mended(document('red', 'Red', 'layer.Red', 'spec.R', 'spec.red'), 'names-fold')).toEqual([
      'Rename Red to layer2.Red, red to layer.red, spec.red to spec2.red',
    ]);
    expect(await mended(document('a.b.c.G'), 'names-fold')).toEqual([]);
  });

  it('channels of several parts that become one', async () => {
    const joined = (to: string) =>
      graph(
        {
          r: { type: 'io.read', params: { path: 'lossy.exr' } },
          s: { type: 'channel.shuffle', params: { rows: [{ to, from: 'a:G' }], others: 'drop' } },
          j: { type: 'part.assemble' },
          w: { type: 'io.write', params: { path: 'out/o.exr', compression: 'piz' } },
        },
        ['r.image > s.sources.a', 'r.image > j.parts.beauty', 's.image > j.parts.other', 'j.image > w.image'],
      );
    expect(await told(joined('G'))).toEqual([]);
    expect(await told(joined('other.G'))).toEqual([]);
    const both = graph(
      {
        r: { type: 'io.read', params: { path: 'lossy.exr' } },
        u: { type: 'io.read', params: { path: 'utility.exr' } },
        j: { type: 'part.assemble' },
        w: { type: 'io.write', params: { path: 'out/o.exr', compression: 'piz' } },
      },
      ['r.image > j.parts.beauty', 'u.image > j.parts.utility', 'j.image > w.image'],
    );
    const [problem, ...more] = await check(both);
    expect(more).toEqual([]);
    expect(problem!.message).toBe(
      'The parts: Nuke would read B of beauty and B of utility, G of beauty and G of utility, R of beauty and R of utility as one channel, since it does not look at the names of parts where a channel of the file has a dot. Give them layers with Shuffle channels, in a row such as { "to": "layer.B", "from": "…:B" }.',
    );
  });

  it('windows of parts that differ, but not where they do so in the file that they come from', async () => {
    expect(await told(reading('two', {}))).toEqual([]);
    expect(await told(reading('two', { compression: 'piz' }))).toEqual([]);
    const document = (crop: Readonly<Record<string, Json>>) =>
      graph(
        {
          r: { type: 'io.read', params: { path: 'two.exr' } },
          s: { type: 'io.read', params: { path: 'small.exr' } },
          j: { type: 'part.assemble' },
          c: { type: 'transform.crop', params: crop },
          w: { type: 'io.write', params: { path: 'out/o.exr', compression: 'piz' } },
        },
        ['r.image > j.parts.r', 's.image > j.parts.s', 'j.image > c.image', 'c.image > w.image'],
      );
    const [problem, ...more] = (await check(document({}))).filter((p) => p.where.node === 'w');
    expect([problem!.code, more]).toEqual(['windows-differ', []]);
    expect(problem!.message).toContain('with Area box, Box 0, 0, 9, 9 and Outside black');
    expect(await told(document({ area: 'box', box: [0, 0, 9, 9], outside: 'black' }))).toEqual([]);
    // Chunks that are copied lie beside those of another file all the same.
    const copies = (compression: string): Document => {
      const { nodes: all, ...rest } = document({ area: 'display' });
      const { c: _, ...others } = all;
      const w = { ...others['w']!, params: { path: 'out/o.exr', compression } };
      const links = [...rest.links.slice(0, 2), { from: 'j.image', to: 'w.image' }];
      return { ...rest, nodes: { ...others, w }, links };
    };
    const [kept, anew] = await Promise.all(['keep', 'piz'].map(async (method) => await check(copies(method))));
    expect(kept!.map(({ message }) => message)).toEqual(anew!.map(({ message }) => message));
    expect(kept!.map(({ message }) => message)).toEqual([
      expect.stringContaining('a (0, 0) - (9, 9), b (0, 0) - (9, 5), s (0, 0) - (3, 3). Nuke refuses'),
    ]);
    expect(await mended(document({}), 'windows-differ')).toEqual([
      'Give all parts the window of all, black where there was nothing',
    ]);
  });

  it('orders of lines that differ, with the order that mends it', async () => {
    const document = graph(
      {
        r: { type: 'io.read', params: { path: 'upwards.exr' } },
        s: { type: 'io.read', params: { path: 'lossy.exr' } },
        j: { type: 'part.assemble' },
        w: { type: 'io.write', params: { path: 'out/o.exr', compression: 'piz' } },
      },
      ['r.image > j.parts.r', 's.image > j.parts.s', 'j.image > w.image'],
    );
    expect(await told(document)).toEqual(['warning line-orders-differ lineOrder']);
    expect(await mended(document, 'line-orders-differ')).toEqual(['Write increasing lines']);
    const { w, ...others } = document.nodes;
    const copied = { ...document, nodes: { ...others, w: { ...w!, params: { path: 'out/o.exr' } } } };
    expect(await told(copied)).toEqual(['warning line-orders-differ lineOrder']);
  });
});

describe('what other programs read', () => {
  it('attributes of colour that contradict each other', async () => {
    const written = async (file: string, write = {}) =>
      (await check(reading(file, write))).filter((p) => p.where.node === 'w' && p.code === 'color-tags-disagree');
    const [colour, ...more] = await written('colour');
    expect(more).toEqual([]);
    expect(colour!.message).toContain('colorInteropID "lin_ap1_scene" says ACEScg, chromaticities say Linear Rec.709');
    expect((await written('aces')).map(({ where }) => where.param ?? '-')).toEqual(['-', 'compression']);
    expect((await written('aces', { compression: 'none' })).map(({ where }) => where.param ?? '-')).toEqual(['-']);
    expect(await written('utility')).toEqual([]);
    expect(await mended(reading('colour', {}), 'color-tags-disagree')).toEqual([
      'Believe colorInteropID: set chromaticities to ACEScg',
      'Believe chromaticities: leave out colorInteropID',
    ]);
    expect(await mended(reading('aces', { compression: 'none' }), 'color-tags-disagree')).toEqual([
      'Believe acesImageContainerFlag: set colorInteropID to ACES2065-1',
      'Believe colorInteropID: leave out acesImageContainerFlag',
    ]);
  });

  it('a manifest that would be left behind', async () => {
    expect(await told(reading('sidecar', {}))).toEqual(['warning cryptomatte-manifest -']);
    mkdirSync(join(folder, 'out'), { recursive: true });
    writeFileSync(join(folder, 'out/names.json'), '{}');
    expect(await told(reading('sidecar', {}))).toEqual([]);
  });
});

describe('--check-pixels', () => {
  const made = (expression: string, type: 'half' | 'float', types: Json = []): Document =>
    graph(
      {
        p: { type: 'test.pattern', params: { window: [0, 0, 9, 9], channels: [{ name: 'V', type: 'float' }] } },
        e: { type: 'channel.expression', params: { rows: [{ to: 'V', expression, type }] } },
        w: { type: 'io.write', params: { path: 'out/p.exr', types } },
      },
      ['p.image > e.image', 'e.image > w.image'],
    );

  it('gives the types that write all of them, in one fix', async () => {
    const document = graph(
      {
        p: { type: 'test.pattern', params: { window: [0, 0, 9, 9], channels: [{ name: 'V', type: 'float' }] } },
        e: {
          type: 'channel.expression',
          params: { rows: ['V', 'W'].map((to) => ({ to, expression: '1e6', type: 'float' })) },
        },
        w: { type: 'io.write', params: { path: 'out/p.exr', types: [{ channels: '*', type: 'half' }] } },
      },
      ['p.image > e.image', 'e.image > w.image'],
    );
    const found = await check(document, true);
    expect(found.map(({ fixes }) => fixes?.map(({ title }) => title))).toEqual([
      ['Write V, W as float'],
      ['Write V, W as float'],
    ]);
    const after = applyEdit(document, found[0]!.fixes![0]!.edits[0]!).document;
    expect(await check(after, true)).toEqual([]);
  });

  it.each<[string, Document, string[]]>([
    ['numbers', made('x + y', 'float'), []],
    ['NaN', made('x == 3 ? 0 / 0 : 1', 'float'), ['not-finite V of #0: 10 samples are no numbers at 1.']],
    ['infinities', made('y == 3 && x == 2 ? -1 / 0 : 1', 'half'), ['not-finite V of #0: 1 sample is infinite at 1.']],
    [
      'too much for half',
      made('x == 9 ? 65520 : 65519', 'float', [{ channels: 'V', type: 'half' }]),
      ['half-overflow V of #0: 10 samples are too large for half at 1.'],
    ],
    ['as much as float', made('65520 * 1000', 'float'), []],
  ])('%s', async (_, document, lines) => {
    const found = await check(document, true);
    const titles = await mended(document, 'not-finite', true);
    expect(titles).toEqual(lines.some((line) => line.startsWith('not-finite')) ? ['Sanitize V before it'] : []);
    expect(found.map(({ code, message }) => `${code} ${message}`.replace(/(at 1\.).*/, '$1'))).toEqual(lines);
    expect(await check(document)).toEqual([]);
  });
});
