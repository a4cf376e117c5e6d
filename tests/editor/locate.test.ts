// Dropped files that a browser tells no paths of: which place is meant, and when that is not known.
import { describe, expect, test } from 'vitest';
import type { NamedThing, Request } from '../../editor/protocol.ts';
import { type Dropped, locate, settle } from '../../editor/ui/shell/locate.ts';
import { listed } from '../../editor/ui/shell/lost.ts';

const dropped = (name: string, size = 10, lastModified = 1000.7): Dropped => ({
  name,
  folder: false,
  file: { size, lastModified },
});
const place = (path: string, size = 10, modified = 1000): NamedThing => ({ path, folder: false, size, modified });
const folder = (path: string): NamedThing => ({ path, folder: true, size: 4096, modified: 5 });

describe('where a dropped file lies', () => {
  test.each<[what: string, place: readonly NamedThing[], found: readonly string[], unsure: number, lost: number]>([
    ['nowhere', [], [], 0, 1],
    ['in one place', [place('/a/x.exr')], ['/a/x.exr'], 0, 0],
    ['in one place, by size though copied later', [place('/a/x.exr', 10, 7)], ['/a/x.exr'], 0, 0],
    ['another file of the name', [place('/a/x.exr', 11)], [], 0, 1],
    ['a folder of the name', [folder('/a/x.exr')], [], 0, 1],
    ['the one of two with its size', [place('/a/x.exr', 11), place('/b/x.exr')], ['/b/x.exr'], 0, 0],
    ['the one of two with its time', [place('/a/x.exr', 10, 7), place('/b/x.exr')], ['/b/x.exr'], 0, 0],
    ['two that nothing tells apart', [place('/a/x.exr'), place('/b/x.exr')], [], 1, 0],
  ])('%s', (_, places, found, unsure, lost) => {
    const settled = settle([dropped('x.exr')], [places]);
    expect(settled.found.map(({ path }) => path)).toEqual(found);
    expect([settled.unsure.length, settled.lost.length]).toEqual([unsure, lost]);
  });

  test('what is dropped together comes from one folder', () => {
    const both = [dropped('x.exr'), dropped('y.exr', 20)];
    const { found, unsure } = settle(both, [[place('/a/x.exr'), place('/b/x.exr')], [place('/b/y.exr', 20)]]);
    expect([found.map(({ path }) => path), unsure]).toEqual([['/b/x.exr', '/b/y.exr'], []]);
  });

  test('the likely place of what is lost: where another file has its name, or beside what was found', () => {
    expect(settle([dropped('x.exr')], [[place('/a/x.exr', 11)]]).near).toBe('/a');
    expect(settle([dropped('x.exr'), dropped('y.exr')], [[], [place('/b/y.exr')]]).near).toBe('/b');
    expect(settle([dropped('x.exr')], [[]]).near).toBeUndefined();
  });

  test('folders are found as folders', () => {
    const { found } = settle([{ ...dropped('plates'), folder: true }], [[place('/a/plates'), folder('/b/plates')]]);
    expect(found).toEqual([{ path: '/b/plates', folder: true }]);
  });

  test('the host is asked once, for one frame of a sequence, and not for what has a path', async () => {
    const asked: Request[] = [];
    const request = async <T>(question: object): Promise<T> => {
      asked.push(question as Request);
      return { places: [[place('/a/b.1001.exr')], []], complete: true } as T;
    };
    const frames = Array.from({ length: 300 }, (_, i) => dropped(`b.${1001 + i}.exr`));
    const located = await locate({ request }, [...frames, { ...dropped('c.exr'), path: '/k/c.exr' }, dropped('gone')]);
    expect(asked).toEqual([{ kind: 'lookUp', names: ['b.1001.exr', 'gone'] }]);
    expect(located).toEqual({
      found: [
        { path: '/k/c.exr', folder: false },
        { path: '/a/b.1001.exr', folder: false },
      ],
      unsure: [],
      lost: ['gone'],
      near: '/a',
    });
  });

  test('many names are told by the first', () => {
    expect(listed(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c, +2 more');
  });
});
