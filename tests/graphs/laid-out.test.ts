// The example comps and the bake look tidy when they are opened: nodes lie apart, even with their pictures, and backdrops hold them whole.
import { expect, test } from 'vitest';
import { contains, encloses, grown, overlaps, type Rect } from '../../editor/ui/canvas/geometry.ts';
import { makeScene } from '../../editor/ui/canvas/scene.ts';
import { catalogue, createRegistry } from '../../engine/index.ts';
import { nodes as installed } from '../../nodes/index.ts';
import { BAKE, COMPS, loadGraph } from './shot.ts';

const ENTRIES = new Map(catalogue(createRegistry(installed)).map((entry) => [entry.type, entry]));

interface Field {
  readonly at: readonly [number, number];
  readonly size: readonly [number, number];
}

const rectOf = ({ at: [x, y], size: [width, height] }: Field): Rect => ({ x, y, width, height });

test.each([...COMPS, BAKE])('%s', (name) => {
  const document = loadGraph(name);
  const { nodes, wires } = makeScene(document, { catalogue: ENTRIES, pictures: new Set(Object.keys(document.nodes)) });
  const rects = [...nodes.values()];
  const backdrops = Object.values(document.canvas?.backdrops ?? {}).map(rectOf);
  const notes = Object.values(document.canvas?.notes ?? {}).map(rectOf);
  expect(backdrops.length).toBeGreaterThan(1);
  const solid = [...rects, ...notes];
  const touching = solid.flatMap((a, i) =>
    solid
      .slice(i + 1)
      .filter((b) => overlaps(grown(a, 8), b))
      .map((b) => [a, b]),
  );
  expect(touching).toEqual([]);
  expect(backdrops.flatMap((a, i) => backdrops.slice(i + 1).filter((b) => overlaps(a, b)))).toEqual([]);
  for (const field of backdrops) {
    for (const rect of rects.filter((one) => overlaps(field, one))) {
      expect(encloses(field, rect), rect.id).toBe(true);
      expect(contains({ ...field, height: 24 }, rect), rect.id).toBe(false);
    }
    for (const note of notes) expect(overlaps(field, note) && !encloses(field, note)).toBe(false);
  }
  // From left to right.
  for (const { source, target } of wires)
    expect(nodes.get(target)!.x - nodes.get(source)!.x, target).toBeGreaterThanOrEqual(160);
  expect(Object.values(document.canvas!.backdrops).every(({ title }) => title.length > 3)).toBe(true);
});
