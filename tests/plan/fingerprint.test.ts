// Fingerprints: equal work has one key, and whatever changes a sample, an attribute or a name changes it.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders as people type them are what is tested
import { copyFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../../engine/base/canonical.ts';
import type { Document } from '../../engine/document/schema.ts';
import { temporary, writeExr, writeSequence } from '../run/files.ts';
import { bench, graph } from '../run/graph.ts';

const folder = temporary();
beforeAll(async () => {
  await writeSequence(folder, 'a.%04d.exr', [1, 2, 3], { channels: ['R', 'G'] });
  await writeExr(join(folder, 'still.exr'), [{ channels: ['R'] }]);
});

const keyOf = async (document: Document, id: string, frame = 1): Promise<string> =>
  (await bench(document, { folder }).descriptions.describe(id, frame)).key;
const read = (params: Readonly<Record<string, Json>>): Document => graph({ n: { type: 'io.read', params } }, []);

describe('equal work', () => {
  it('has one key whatever the ids, titles, places and order of keys are', async () => {
    const one = graph({ p: { type: 'test.pattern', params: { seed: 3, moving: true } }, s: { type: 'metadata.set' } }, [
      'p.image > s.image',
    ]);
    const two = graph(
      {
        set: { type: 'metadata.set', params: { edits: [] } },
        src: { type: 'test.pattern', params: { moving: true, seed: 3 } },
      },
      ['src.image > set.image'],
    );
    const moved = {
      ...two,
      name: 'other',
      nodes: { ...two.nodes, set: { ...two.nodes['set']!, at: [9, 9] as const, title: 'Here' } },
    };
    const keys = await Promise.all([keyOf(one, 's'), keyOf(two, 'set'), keyOf(moved, 'set')]);
    expect(new Set(keys).size).toBe(1);
  });

  it('is told by what parameters come to: defaults, variables and overrides', async () => {
    const plain = graph({ p: { type: 'test.pattern', params: { seed: 0 } } }, []);
    expect(await keyOf(graph({ p: { type: 'test.pattern' } }, []), 'p')).toBe(await keyOf(plain, 'p'));
    const texts = graph({ n: { type: 'io.read', params: { path: '${x}.exr' } } }, [], {
      variables: { x: { type: 'string', default: 'still' } },
    });
    expect(await keyOf(texts, 'n')).toBe(await keyOf(read({ path: 'still.exr' }), 'n'));
  });

  it('does not ask who else is in the document', async () => {
    const alone = graph({ p: { type: 'test.pattern' } }, []);
    const crowd = graph({ q: { type: 'test.pattern', params: { seed: 9 } }, p: { type: 'test.pattern' } }, []);
    expect(await keyOf(alone, 'p')).toBe(await keyOf(crowd, 'p'));
  });

  it('steps over bypassed nodes', async () => {
    const nodes = {
      p: { type: 'test.pattern' },
      off: { type: 'metadata.set', disabled: true as const },
      s: { type: 'metadata.set' },
    };
    const without = graph({ p: nodes.p, s: nodes.s }, ['p.image > s.image']);
    expect(await keyOf(graph(nodes, ['p.image > off.image', 'off.image > s.image']), 's')).toBe(
      await keyOf(without, 's'),
    );
  });
});

describe('other work', () => {
  it('has another key: parameters, links, their names and their order', async () => {
    const a = { type: 'test.pattern', params: { seed: 1 } };
    const b = { type: 'test.pattern', params: { seed: 2 } };
    const assemble = (links: readonly string[], params = {}): Document =>
      graph({ a, b, n: { type: 'part.assemble', params } }, links);
    const keys = await Promise.all(
      [
        assemble(['a.image > n.parts.l', 'b.image > n.parts.r']),
        assemble(['b.image > n.parts.r', 'a.image > n.parts.l']),
        assemble(['a.image > n.parts.r', 'b.image > n.parts.l']),
        assemble(['a.image > n.parts.l', 'b.image > n.parts.x']),
        assemble(['a.image > n.parts.l']),
        assemble(['a.image > n.parts.l', 'b.image > n.parts.r'], { views: { l: 'left' } }),
      ].map((d) => keyOf(d, 'n')),
    );
    expect(new Set(keys).size).toBe(6);
  });

  it('far above has another key all the way down', async () => {
    const chain = (seed: number): Document =>
      graph(
        { p: { type: 'test.pattern', params: { seed } }, a: { type: 'metadata.set' }, b: { type: 'metadata.set' } },
        ['p.image > a.image', 'a.image > b.image'],
      );
    expect(await keyOf(chain(1), 'b')).not.toBe(await keyOf(chain(2), 'b'));
  });

  it('a changed file is another input: by size, by time, by content of another file', async () => {
    const path = join(folder, 'c.exr');
    copyFileSync(join(folder, 'still.exr'), path);
    utimesSync(path, 1_000_000, 1_000_000);
    const first = await keyOf(read({ path: 'c.exr' }), 'n');
    expect(await keyOf(read({ path: 'c.exr' }), 'n')).toBe(first);
    utimesSync(path, 1_000_000, 1_000_001);
    const touched = await keyOf(read({ path: 'c.exr' }), 'n');
    await writeExr(path, [{ channels: ['R', 'G'] }]);
    utimesSync(path, 1_000_000, 1_000_000);
    expect(statSync(path).size).not.toBe(statSync(join(folder, 'still.exr')).size);
    const grown = await keyOf(read({ path: 'c.exr' }), 'n');
    expect(new Set([first, touched, grown]).size).toBe(3);
  });
});

describe('frames', () => {
  it('of a still have one key, frames of a sequence one each', async () => {
    const still = await Promise.all([1, 2, 900].map((f) => keyOf(read({ path: 'still.exr' }), 'n', f)));
    expect(new Set(still).size).toBe(1);
    const moving = await Promise.all([1, 2, 3].map((f) => keyOf(read({ path: 'a.%04d.exr' }), 'n', f)));
    expect(new Set(moving).size).toBe(3);
  });

  it('that show the same file have the same key', async () => {
    const held = await Promise.all([3, 4, 5].map((f) => keyOf(read({ path: 'a.%04d.exr', after: 'hold' }), 'n', f)));
    expect(new Set(held).size).toBe(1);
  });

  it('of a node that reads the frame, or has it in its parameters, differ; those of others do not', async () => {
    const document = (value: string): Document =>
      graph(
        {
          r: { type: 'io.read', params: { path: 'still.exr' } },
          s: { type: 'metadata.set', params: { edits: [{ op: 'set', name: 'x', type: 'string', value }] } },
        },
        ['r.image > s.image'],
      );
    const keys = (value: string) => Promise.all([1, 2].map((f) => keyOf(document(value), 's', f)));
    expect(new Set(await keys('${frame}')).size).toBe(2);
    expect(new Set(await keys('still')).size).toBe(1);
    const timed = graph({ p: { type: 'test.pattern' } }, []);
    expect(await keyOf(timed, 'p', 1)).not.toBe(await keyOf(timed, 'p', 2));
  });

  it('in black have the key of the file that lends them its header', async () => {
    const black = (): Promise<string> => keyOf(read({ path: 'b.%04d.exr', after: 'black' }), 'n', 9);
    await writeSequence(folder, 'b.%04d.exr', [1], { channels: ['R'] });
    const first = await black();
    rmSync(join(folder, 'b.0001.exr'));
    await writeSequence(folder, 'b.%04d.exr', [1], { channels: ['R', 'G', 'B'] });
    expect(await black()).not.toBe(first);
    expect(first).not.toBe(await keyOf(read({ path: 'b.%04d.exr', after: 'hold' }), 'n', 9));
  });
});
