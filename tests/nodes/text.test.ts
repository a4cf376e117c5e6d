// Text: coverage against areas known by hand, lines and their places, what frames and variables give, and what is told.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders as people type them are what is tested
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type Box, box, boxText } from '../../engine/base/box.ts';
import type { Json } from '../../engine/base/canonical.ts';
import { planeBytes } from '../../engine/pixels/plane.ts';
import { coverageOf, edgesOf } from '../../nodes/generate/text/coverage.ts';
import { typeface } from '../../nodes/generate/text/font.ts';
import { text } from '../../nodes/generate/text.ts';
import { bench, graph, never } from '../run/graph.ts';
import { describeNode, problemLines } from './spec-builder.ts';

describe('coverage', () => {
  /** A closed polygon as edges. */
  const polygon = (...points: readonly (readonly [number, number])[]): number[] =>
    points.flatMap(([x, y], i) => {
      const [nextX, nextY] = points[(i + 1) % points.length]!;
      return y === nextY ? [] : [x, y, nextX, nextY];
    });
  const covered = (edges: number[], columns: number, rows: number): number[] => [
    ...coverageOf(edges, { top: 0, bottom: rows - 1, left: 0, columns }),
  ];

  test('of rectangles and triangles is the area within each pixel, whichever way they turn', () => {
    const square = [
      [0.5, 0.25],
      [2.25, 0.25],
      [2.25, 1.5],
      [0.5, 1.5],
    ] as const;
    const wanted = [0.375, 0.75, 0.1875, 0.25, 0.5, 0.125];
    expect(covered(polygon(...square), 3, 2)).toEqual(wanted);
    expect(covered(polygon(...square.toReversed()), 3, 2)).toEqual(wanted);
    // Under the diagonal from (0, 0) to (4, 2): an eighth and more of each pixel.
    expect(covered(polygon([0, 0], [4, 2], [0, 2]), 4, 2)).toEqual([0.75, 0.25, 0, 0, 1, 1, 0.75, 0.25]);
  });

  test('of a shape with a hole leaves the hole, of overlapping shapes is at most 1', () => {
    const outer = polygon([0, 0], [3, 0], [3, 1], [0, 1]);
    const hole = polygon([1, 0], [1, 1], [2, 1], [2, 0]);
    expect(covered([...outer, ...hole], 3, 1)).toEqual([1, 0, 1]);
    expect(covered([...outer, ...outer], 3, 1)).toEqual([1, 1, 1]);
  });

  test('of a circle of curves has its area', () => {
    // Four cubics, the usual approximation, whose area is 3.1424 for a radius of 1.
    const k = 0.5522847498;
    const arc = (...points: number[]) => ({ to: 'cubic' as const, points });
    const outline = {
      commands: [
        { to: 'move' as const, points: [1, 0] },
        arc(1, k, k, 1, 0, 1),
        arc(-k, 1, -1, k, -1, 0),
        arc(-1, -k, -k, -1, 0, -1),
        arc(k, -1, 1, -k, 1, 0),
      ],
    };
    const sum = covered(edgesOf(outline, 50, 60, 60), 120, 120).reduce((a, b) => a + b, 0);
    expect(sum / 2500).toBeGreaterThan(3.138);
    expect(sum / 2500).toBeLessThan(3.1427);
  });
});

const open = (params: Readonly<Record<string, Json>>) => bench(graph({ node: { type: 'generate.text', params } }, []));

/** The plane of alpha over the whole format, and the data window. */
async function drawn(params: Readonly<Record<string, Json>>, frame = 1) {
  const { descriptions, evaluator } = open({ format: [200, 100], size: 40, type: 'float', ...params });
  const { spec, problems } = await descriptions.describe('node', frame);
  const want = { part: 0, channels: ['A', 'R'], box: box(0, 0, 199, 99) };
  const planes = await evaluator.planes('node', frame, want, never);
  const alpha = planes.get('A')!.samples as Float32Array;
  const sum = (alpha as Float32Array).reduce((a, b) => a + b, 0);
  return { window: spec!.parts[0]!.dataWindow, problems, alpha, red: planes.get('R')!.samples, sum, planes };
}

describe('Text', () => {
  test('an I is a bar of the width and height that the font gives it', async () => {
    // Inter: I is 190 units wide and 1490 high, of 2048 an em.
    const { window, sum } = await drawn({ text: 'I', size: 80 });
    expect(sum).toBeCloseTo(((190 * 1490) / 2048 ** 2) * 80 ** 2, 1);
    expect(window.maxY - window.minY + 1).toBeLessThanOrEqual(Math.ceil((1490 / 2048) * 80) + 1);
  });

  test('lies where it is put, within a window of its own, cut by the format', async () => {
    const centre = (b: Box): number => (b.minX + b.maxX) / 2;
    const { window } = await drawn({ text: 'HOH' });
    expect(Math.abs(centre(window) - 99.5)).toBeLessThanOrEqual(0.5);
    const left = (await drawn({ text: 'H', across: 'left', position: [0, 0.5] })).window;
    expect(left.minX).toBe(Math.floor((202 / 2048) * 40));
    const right = (await drawn({ text: 'H', across: 'right', position: [1, 0.5] })).window;
    expect(199 - right.maxX).toBe(left.minX);
    const low = (await drawn({ text: 'H', down: 'bottom', position: [0.5, 1] })).window;
    const high = (await drawn({ text: 'H', down: 'top', position: [0.5, 0] })).window;
    expect(low.minY).toBeGreaterThan(high.maxY);
    expect(boxText((await drawn({ text: 'H', position: [5, 5] })).window)).toBe('(0, 0) - (0, 0)');
    expect((await drawn({ text: 'H', position: [0, 0.5] })).window.minX).toBe(0);
    expect((await drawn({ text: '' })).sum).toBe(0);
  });

  test('has kerning, tracking, several lines and two weights', async () => {
    const face = await typeface('regular');
    const width = (line: string): number => face.line(line, 0).width;
    expect(width('AV')).toBeCloseTo(width('A') + width('V') - 140 / 2048, 6);
    expect(face.line('ab', 0.5).width).toBeCloseTo(width('ab') + 0.5, 6);
    expect(face.line('Жλőﬀ', 0).missing).toEqual(['ﬀ']);
    const one = await drawn({ text: 'H' });
    const two = await drawn({ text: 'H\nH' });
    expect(two.sum).toBeCloseTo(one.sum * 2, 1);
    expect((await drawn({ text: 'H', weight: 'bold' })).sum).toBeGreaterThan(one.sum * 1.2);
  });

  test('colours are multiplied by coverage', async () => {
    const { alpha, red } = await drawn({ text: 'S', color: [0.25, 0, 0, 0.5] });
    expect([...alpha].some((a) => a > 0 && a < 0.5)).toBe(true);
    expect([...red]).toEqual([...alpha].map((a) => a / 2));
  });

  test('holds the frame and variables, and is another image at another frame only then', async () => {
    const one = await drawn({ text: 'frame ${frame:4}' }, 7);
    expect(one.sum).toBeCloseTo((await drawn({ text: 'frame 0007' })).sum, 6);
    const key = async (written: string, frame: number) =>
      (await open({ text: written }).descriptions.describe('node', frame)).key;
    expect(await key('${frame}', 1)).not.toBe(await key('${frame}', 2));
    expect(await key('still', 1)).toBe(await key('still', 2));
  });

  test('is the same on every machine', async () => {
    const { planes } = await drawn({ text: 'Sluice & 0123\nÄß Жλ', type: 'half' });
    const digest = createHash('sha256')
      .update(planeBytes(planes.get('A')!))
      .digest('hex');
    expect(digest.slice(0, 16)).toBe('e80daf99564346b4');
  });

  test('tells of letters that the font does not have', async () => {
    expect(problemLines(await describeNode(text, { text: '日本' }, {}))).toEqual(['warning param-invalid text']);
  });
});
