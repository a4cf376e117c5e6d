// The host looks for names below its roots: all places of each, through links that stay inside, and nothing outside.
import { mkdirSync, realpathSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { browse } from '../../../editor/server/folders.ts';
import { lookUp } from '../../../editor/server/lookup.ts';
import { Roots } from '../../../editor/server/roots.ts';
import { codeOf, hosted, temporary } from './hosted.ts';

let top: string;
let roots: Roots;

beforeAll(() => {
  top = realpathSync(temporary());
  for (const folder of ['in/plates/v1', 'in/plates/v2', 'in/.hidden', 'out'])
    mkdirSync(join(top, folder), { recursive: true });
  for (const path of ['in/plates/v1/x.exr', 'in/plates/v2/x.exr', 'in/.hidden/x.exr', 'out/x.exr', 'in/Größe.cube'])
    writeFileSync(join(top, path), path);
  utimesSync(join(top, 'in/plates/v1/x.exr'), 100, 100.5);
  symlinkSync(join(top, 'out'), join(top, 'in', 'outside'));
  symlinkSync(join(top, 'in'), join(top, 'in', 'plates', 'loop'));
  symlinkSync(join(top, 'in', 'plates', 'v2'), join(top, 'in', 'current'));
  roots = new Roots([join(top, 'in')]);
});

const pathsOf = async (...names: readonly string[]): Promise<string[][]> => {
  const { places } = await lookUp(roots, names);
  return places.map((list) => list.map(({ path }) => path.slice(top.length + 1)));
};

describe('names below the roots', () => {
  test('every place is told, the nearest first, each folder once', async () => {
    expect(await pathsOf('x.exr', 'plates', 'gone.exr')).toEqual([
      ['in/current/x.exr', 'in/plates/v1/x.exr'],
      ['in/plates'],
      [],
    ]);
  });

  test('marks of letters may be written in two ways', async () => {
    expect(await pathsOf('Größe.cube'.normalize('NFD'))).toEqual([['in/Größe.cube']]);
  });

  test('a place has its size and time, and says whether it is a folder', async () => {
    const { places, complete } = await lookUp(roots, ['x.exr', 'v1']);
    expect(complete).toBe(true);
    expect(places[0]![1]).toEqual({
      path: join(top, 'in/plates/v1/x.exr'),
      folder: false,
      size: 'in/plates/v1/x.exr'.length,
      modified: 100_500,
    });
    expect(places[1]!.map(({ folder }) => folder)).toEqual([true]);
  });

  test('where there are too many folders it says so', async () => {
    expect(await lookUp(roots, ['x.exr'], 1)).toEqual({ places: [[]], complete: false });
  });
});

test('files by their endings, in any case of letters; none where none are asked for', () => {
  writeFileSync(join(top, 'in', 'A.CUBE'), '');
  mkdirSync(join(top, 'in', 'folder.cube'));
  const files = (extensions?: readonly string[]) => browse(roots, join(top, 'in'), top, extensions).files;
  expect(files(['cube', 'spi1d'])).toEqual(['A.CUBE', 'Größe.cube']);
  expect(files(['*'])).toEqual(['A.CUBE', 'Größe.cube']);
  expect([files(['exr']), files()]).toEqual([[], undefined]);
});

test('a client asks for at most a hundred names', async () => {
  const { connect } = await hosted({ graph: join(temporary(), 'new.sluice.json') });
  const client = await connect();
  expect((await client.ask('lookUp', { names: ['a', 'b'] })).places).toEqual([[], []]);
  const names = Array.from({ length: 101 }, (_, i) => `n${i}`);
  expect(await codeOf(client.ask('lookUp', { names }))).toBe('usage');
});
