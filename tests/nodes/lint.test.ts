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
import { foldedName, foldedNames } from '../../nodes/io/write/fold.ts';
import { type PartSketch, temporary, text, writeExr } from '../run/files.ts';
import { graph, pattern } from '../run/graph.ts';
import { header, level } from './cryptomatte-header.ts';

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
async function mended(document: Document, code: string): Promise<string[]> {
  const titles: string[] = [];
  for (const problem of (await check(document)).filter((p) => p.code === code)) {
    for (const fix of problem.fixes ?? []) {
      const after = fix.edits.reduce((at, edit) => applyEdit(at, edit).document, document);
      expect(
        (await check(after)).map((p) => p.message),
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
  });

  it('what was stored with losses, once more; not where its chunks are copied', async () => {
    expect(await told(reading('lossy', {}))).toEqual([]);
    const again = reading('lossy', { compression: 'dwab' });
    expect(await told(again)).toEqual(['warning lossy-again compression']);
    expect(await mended(again, 'lossy-again')).toEqual(['Write zip', 'Write piz']);
    expect(await told(reading('lossy', { compression: 'zip' }))).toEqual([]);
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

describe('half', () => {
  it('for depth and for a Cryptomatte, with the type that mends it', async () => {
    const types = [{ channels: '*', type: 'half' }];
    const depth = reading('utility', { types: [{ channels: 'Z', type: 'half' }] });
    expect(await told(depth)).toEqual(['warning half-data types']);
    expect(await mended(depth, 'half-data')).toEqual(['Write them as float']);
    const crypto = reading('crypto', { types });
    expect(await told(crypto)).toEqual(['warning half-data types']);
    expect(await mended(crypto, 'half-data')).toEqual(['Write them as float']);
  });

  it('that a file has already is told of for a Cryptomatte', async () => {
    expect(await told(reading('halfCrypto', { compression: 'piz' }))).toEqual(['warning half-data types']);
    expect(await told(reading('halfCrypto', {}))).toEqual([]);
  });
});

describe('what other programs read', () => {
  it.each([
    ['R', 'rgba.red'],
    ['red', 'rgba.red'],
    ['r', 'rgba.red'],
    ['A', 'rgba.alpha'],
    ['Z', 'depth.Z'],
    ['depth.Z', 'depth.Z'],
    ['a.b.R', 'a_b.red'],
    ['a-b.x', 'a_b.x'],
    ['2nd.R', '_2nd.red'],
    ['mask', 'rgba.mask'],
  ])('%s is %s', (name, folded) => {
    expect(foldedName(name)).toBe(folded);
  });

  it('names that become one are told of, but not where the source has them already', async () => {
    const named = (...names: string[]) => foldedNames(names.map((name) => ({ name })));
    expect(named('R', 'G', 'r', 'a.b.R', 'a_b.R')).toEqual([
      ['R', 'r'],
      ['a.b.R', 'a_b.R'],
    ]);
    expect(await told(reading('fold', { compression: 'piz' }))).toEqual([]);
    const rows = [{ to: 'red', from: 'a:G' }];
    const document = graph(
      {
        r: { type: 'io.read', params: { path: 'utility.exr' } },
        s: { type: 'channel.shuffle', params: { rows } },
        w: { type: 'io.write', params: { path: 'out/o.exr' } },
      },
      ['r.image > s.sources.a', 's.image > w.image'],
    );
    expect(await told(document)).toEqual(['warning names-fold -']);
  });

  it('windows of parts that differ, but not where they do so in the file that they come from', async () => {
    expect(await told(reading('two', {}))).toEqual([]);
    expect(await told(reading('two', { compression: 'piz' }))).toEqual([]);
    const document = graph(
      {
        r: { type: 'io.read', params: { path: 'two.exr' } },
        s: { type: 'io.read', params: { path: 'small.exr' } },
        j: { type: 'part.assemble' },
        w: { type: 'io.write', params: { path: 'out/o.exr', compression: 'piz' } },
      },
      ['r.image > j.parts.r', 's.image > j.parts.s', 'j.image > w.image'],
    );
    expect(await told(document)).toEqual(['warning windows-differ -']);
  });

  it('attributes of colour that contradict each other', async () => {
    const written = async (file: string, write = {}) =>
      (await check(reading(file, write))).filter((p) => p.where.node === 'w' && p.code === 'color-tags-disagree');
    const [colour, ...more] = await written('colour');
    expect(more).toEqual([]);
    expect(colour!.message).toContain('colorInteropID "lin_ap1_scene" says ACEScg, chromaticities say Linear Rec.709');
    expect((await written('aces')).map(({ where }) => where.param ?? '-')).toEqual(['-', 'compression']);
    expect((await written('aces', { compression: 'none' })).map(({ where }) => where.param ?? '-')).toEqual(['-']);
    expect(await written('utility')).toEqual([]);
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
    expect(found.map(({ code, message }) => `${code} ${message}`.replace(/(at 1\.).*/, '$1'))).toEqual(lines);
    expect(await check(document)).toEqual([]);
  });
});
