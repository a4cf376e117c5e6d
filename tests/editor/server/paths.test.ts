// Paths of a document that goes to another folder: they go on naming the same files, however they are written.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders that people type
import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Journey, movedPath, rewritePaths } from '../../../editor/server/paths.ts';
import { emptyDocument } from '../../../engine/browser.ts';
import { type AnyNode, catalogue, createRegistry, type Document, type Json } from '../../../engine/index.ts';
import { nodes } from '../../../nodes/index.ts';

const VALUES: Readonly<Record<string, string | number>> = {
  shot: 'sh010',
  root: '/mnt/plates',
  below: 'plates',
  take: 3,
};
const lookup = (name: string): string | number | undefined => VALUES[name];
const journey = (from: string, to: string, shorten = false): Journey => ({ from, to, shorten });

describe('a path', () => {
  test.each<[path: string, from: string, to: string, moved: string]>([
    ['in/x.%04d.exr', '/p/a', '/p/b', '../a/in/x.%04d.exr'],
    ['in/x.exr', '/p', '/p/graphs/v1', '../../in/x.exr'],
    ['./in/x.exr', '/p', '/p/graphs', '../in/x.exr'],
    ['../in/x.exr', '/p/graphs', '/p', 'in/x.exr'],
    ['../../in/x.exr', '/p/graphs', '/p/b', '/in/x.exr'],
    ['x.exr', '/p/a', '/p/a', 'x.exr'],
    ['x.exr', '/p/a', '/q', '/p/a/x.exr'],
    ['x.exr', '/p/a', '/', '/p/a/x.exr'],
    ['x.exr', '/', '/p', '/x.exr'],
    ['/mnt/x.exr', '/p/a', '/p/b', '/mnt/x.exr'],
    ['${shot}/${shot}.%04d.exr', '/p/a', '/p/b', '../a/${shot}/${shot}.%04d.exr'],
    ['${root}/x.exr', '/p/a', '/p/b', '${root}/x.exr'],
    ['${below}/x.exr', '/p/a', '/p/b', '../a/${below}/x.exr'],
    ['${nobody}/x.exr', '/p/a', '/p/b', '../a/${nobody}/x.exr'],
    ['v${take:3}/x.####.exr', '/p/Szene Grün', '/p/b', '../Szene Grün/v${take:3}/x.####.exr'],
    ['x.exr', '/p/$a', '/p/b', '../$$a/x.exr'],
    ['a$$b/x.exr', '/p', '/p/a$b', 'x.exr'],
    ['in/x.exr', 'D:\\shots\\a', 'D:\\shots\\b', '../a/in/x.exr'],
    ['in/x.exr', 'C:\\a', 'D:\\b', 'C:/a/in/x.exr'],
    ['', '/p/a', '/p/b', ''],
  ])('%s from %s to %s is %s', (path, from, to, moved) => {
    expect(movedPath(path, journey(from, to), lookup)).toBe(moved);
  });

  test.each<[path: string, to: string, moved: string]>([
    ['/p/a/in/x.exr', '/p/a', 'in/x.exr'],
    ['/p/ab/x.exr', '/p/a', '/p/ab/x.exr'],
    ['/p/$$a/x.exr', '/p/$a', 'x.exr'],
    ['/p/a/', '/p/a', '/p/a/'],
    ['D:\\p\\in\\x.exr', 'D:\\p', 'in/x.exr'],
    ['${root}/x.exr', '/mnt/plates', '${root}/x.exr'],
  ])('%s becomes short below %s: %s', (path, to, moved) => {
    expect(movedPath(path, journey('/elsewhere', to, true), lookup)).toBe(moved);
  });

  test('that leads nowhere stays where that is asked for', () => {
    const asked: string[] = [];
    const leadsTo = (folder: string): boolean => {
      asked.push(folder);
      return folder === '/p/a/in';
    };
    expect(movedPath('in/x.exr', { ...journey('/p/a', '/p/b'), leadsTo }, lookup)).toBe('../a/in/x.exr');
    expect(movedPath('gone/x.exr', { ...journey('/p/a', '/p/b'), leadsTo }, lookup)).toBe('gone/x.exr');
    expect(asked).toEqual(['/p/a/in', '/p/a/gone']);
  });

  test('names the same file after any journey', () => {
    const places = ['/', '/p', '/p/a', '/p/a/b', '/p/c', '/q/r/s/t', '/p/$x'];
    const paths = ['x.exr', './x.exr', 'in/x.exr', '../x.exr', '../../a/x.exr', 'a/b/x.exr', '../a/b/../x.exr'];
    let counted = 0;
    for (const from of places) {
      for (const to of places) {
        for (const path of paths) {
          const moved = movedPath(path, journey(from, to), lookup).replaceAll('$$', '$');
          expect(posix.resolve(to, moved), `${path} from ${from} to ${to}`).toBe(posix.resolve(from, path));
          counted += 1;
        }
      }
    }
    expect(counted).toBe(343);
  });
});

describe('a document', () => {
  const entries = catalogue(createRegistry(nodes as readonly AnyNode[]));
  const node = (type: string, params: Record<string, Json>) => ({ type, version: 1, params, at: [0, 0] as const });
  const document = (held: Document['nodes'], rest: Partial<Document> = {}): Document => ({
    ...emptyDocument('moved'),
    ...rest,
    nodes: held,
  });

  test('has its paths rewritten, whoever holds them, and nothing else', () => {
    const inside = document(
      { read: node('io.read', { path: 'plates/x.exr' }), write: node('io.write', { path: 'x.exr' }) },
      { promoted: [{ name: 'target', title: 'Target', to: ['write.path'] }] },
    );
    const outer = document(
      {
        read: node('io.read', { path: 'in/x.exr', offset: 3 }),
        away: node('io.read', { path: '${root}/x.exr' }),
        tag: node('metadata.set', { edits: [{ op: 'set', name: 'comments', type: 'string', value: 'in/x.exr' }] }),
        other: node('studio.unknown', { path: 'in/x.exr' }),
        group: node('template.instance', {
          template: inside as unknown as Json,
          values: { target: 'out/y.exr', grain: 'in/x.exr' },
        }),
      },
      { variables: { root: { type: 'string', default: '/mnt' } } },
    );
    const { edit, paths } = rewritePaths(outer, entries, journey('/p/a', '/p/b'))!;
    expect(paths).toBe(4);
    expect(edit).toEqual({
      op: 'batch',
      edits: [
        { op: 'setParam', node: 'read', name: 'path', value: '../a/in/x.exr' },
        {
          op: 'setParam',
          node: 'group',
          name: 'template',
          value: {
            ...inside,
            nodes: {
              read: node('io.read', { path: '../a/plates/x.exr' }),
              write: node('io.write', { path: '../a/x.exr' }),
            },
          },
        },
        { op: 'setParam', node: 'group', name: 'values', value: { target: '../a/out/y.exr', grain: 'in/x.exr' } },
      ],
    });
  });

  test('that has nothing to rewrite stays as it is', () => {
    const held = document({ read: node('io.read', { path: '/mnt/x.exr' }) });
    expect(rewritePaths(held, entries, journey('/p/a', '/p/b'))).toBeUndefined();
    expect(rewritePaths(emptyDocument(), entries, journey('/p/a', '/p/b', true))).toBeUndefined();
  });
});
