// The table that nodes are loaded from: its types are those of the nodes, and a graph gets what it names.
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { nodes } from '../../nodes/index.ts';
import { loadNodes, loadNodesNamedIn } from '../../nodes/table.ts';

const typesIn = async (json: unknown) => (await loadNodesNamedIn(JSON.stringify(json))).map(({ type }) => type);

describe('the table of nodes', () => {
  test('finds every node by its own type, in the order of the list', async () => {
    expect(await loadNodes()).toEqual(nodes);
    let found = 0;
    for (const { type } of nodes) {
      expect(await typesIn({ type })).toContain(type);
      found++;
    }
    expect(found).toBe(nodes.length);
    expect(await typesIn(nodes.map(({ type }) => type))).toEqual(nodes.map(({ type }) => type));
  });

  test('holds every file of a category', () => {
    const root = new URL('../../nodes/', import.meta.url);
    const files = readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap(({ name }) => readdirSync(new URL(`${name}/`, root)).filter((file) => file.endsWith('.ts')));
    expect(nodes.length).toBe(files.length);
  });

  test('loads what is named, at whatever depth, and nothing else', async () => {
    const inner = { nodes: { a: { type: 'color.grade' } } };
    expect(await typesIn({ nodes: { t: { type: 'template.instance', params: { template: inner } } } })).toEqual([
      'color.grade',
      'template.instance',
    ]);
    expect(await typesIn({ nodes: { a: { type: 'color.grad' }, b: { type: 'color.grade2' } } })).toEqual([]);
    expect(await typesIn({ nodes: {} })).toEqual([]);
  });
});
