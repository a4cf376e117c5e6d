// Constant, Checkerboard and Ramp: expected samples by hand, names, types, windows, frames, and what is refused.
import { describe, expect, test } from 'vitest';
import { decodeAttribute } from '../../engine/authoring.ts';
import { box } from '../../engine/base/box.ts';
import type { Json } from '../../engine/base/canonical.ts';
import { runFrames } from '../../engine/plan/frames.ts';
import { makePlan } from '../../engine/plan/plan.ts';
import { FileServices } from '../../engine/run/services.ts';
import { checkerboard } from '../../nodes/generate/checkerboard.ts';
import { constant } from '../../nodes/generate/constant.ts';
import { ramp } from '../../nodes/generate/ramp.ts';
import { bench, graph, never, registry } from '../run/graph.ts';
import { rowOf } from './solid.ts';
import { describeNode, problemLines, provenFixes } from './spec-builder.ts';

type Params = Readonly<Record<string, Json>>;
const open = (type: string, params: Params) => bench(graph({ node: { type, params } }, []));

describe('Constant', () => {
  test('is one colour within its format, with nothing to compute', async () => {
    const made = open('generate.constant', { color: [0.5, -1, 2048, 0.25], format: [3, 2] });
    expect(await rowOf(made, [-1, 3])).toEqual({
      A: [0, 0.25, 0.25, 0.25, 0],
      B: [0, 2048, 2048, 2048, 0],
      G: [0, -1, -1, -1, 0],
      R: [0, 0.5, 0.5, 0.5, 0],
    });
    const part = (await made.descriptions.describe('node', 1)).spec!.parts[0]!;
    expect(part.dataWindow).toEqual(box(0, 0, 2, 1));
    expect(part.displayWindow).toEqual(box(0, 0, 2, 1));
    expect(part.channels.every((c) => c.origin.from === 'constant')).toBe(true);
    const attributes = Object.fromEntries(part.attributes.map((a) => [a.name, decodeAttribute(a)]));
    expect(attributes).toEqual({ pixelAspectRatio: 1, screenWindowCenter: [0, 0], screenWindowWidth: 1 });
  });

  test('has the channels, the layer, the type and the pixel aspect that are asked for', async () => {
    const row = (params: Params) => rowOf(open('generate.constant', { color: [1, 2, 3, 4], ...params }), [0, 0]);
    expect(await row({ channels: 'rgb', type: 'float' })).toEqual({ 'B:float': [3], 'G:float': [2], 'R:float': [1] });
    expect(await row({ channels: 'alpha', layer: 'matte.sky' })).toEqual({ 'matte.sky.A': [4] });
    const { spec } = await describeNode(constant, { pixelAspect: 2 }, {});
    expect(decodeAttribute(spec.parts[0]!.attributes[0]!)).toBe(2);
  });

  test('refuses numbers that half cannot hold and names that OpenEXR does not allow', async () => {
    const big = { color: [0, 0, 70_000, 1] };
    expect(problemLines(await describeNode(constant, big, {}))).toEqual(['error param-invalid color']);
    expect(await provenFixes(constant, big, {}, 'param-invalid')).toEqual(['Make the channels float']);
    const long = { layer: 'x'.repeat(300) };
    expect(problemLines(await describeNode(constant, long, {}))).toEqual(['error channel-name layer']);
  });
});

test('Checkerboard: boxes by turns from the upper left corner', async () => {
  const params = { size: [2, 1], format: [5, 3], colorA: [1, 0, 0, 1], colorB: [0, 0.5, 0, 1], type: 'float' };
  const rows = await Promise.all([0, 1, 2].map((y) => rowOf(open('generate.checkerboard', params), [0, 4, y])));
  expect(rows.map((row) => row['R:float'])).toEqual([
    [1, 1, 0, 0, 1],
    [0, 0, 1, 1, 0],
    [1, 1, 0, 0, 1],
  ]);
  expect(rows[1]!['G:float']).toEqual([0.5, 0.5, 0, 0, 0.5]);
  expect(rows[1]!['A:float']).toEqual([1, 1, 1, 1, 1]);
  expect(problemLines(await describeNode(checkerboard, { colorB: [1e6, 0, 0, 1] }, {}))).toEqual([
    'error param-invalid colorB',
  ]);
});

describe('Ramp', () => {
  const row = async (params: Params, at: readonly [number, number, number?] = [0, 3]) =>
    (await rowOf(open('generate.ramp', { format: [4, 4], type: 'float', ...params }), at))['R:float'];

  test('goes evenly or smoothly from one colour to the other, sampled in the middle of pixels', async () => {
    expect(await row({})).toEqual([0.125, 0.375, 0.625, 0.875]);
    // t² (3 - 2t) at 1/8, 3/8, 5/8 and 7/8.
    expect(await row({ ease: 'smooth' })).toEqual([0.04296875, 0.31640625, 0.68359375, 0.95703125]);
    expect(await row({ colorFrom: [8, 0, 0, 1], colorTo: [0, 0, 0, 1] })).toEqual([7, 5, 3, 1]);
  });

  test('stays before its beginning and after its end, and goes in any direction', async () => {
    expect(await row({ from: [0.25, 0], to: [0.75, 0] })).toEqual([0, 0.25, 0.75, 1]);
    expect(await row({ from: [0, 1], to: [0, 0] }, [0, 1, 3])).toEqual([0.125, 0.125]);
    expect(await row({ from: [0, 0], to: [1, 1] }, [0, 3, 1])).toEqual([0.25, 0.375, 0.5, 0.625]);
  });

  test('is refused where it has no direction', async () => {
    expect(problemLines(await describeNode(ramp, { from: [1, 0.5] }, {}))).toEqual(['error param-invalid to']);
  });
});

describe('frames', () => {
  const range = async (params: Params): Promise<readonly number[]> => {
    const document = graph(
      { node: { type: 'generate.constant', params }, write: { type: 'io.write', params: { path: 'x.%04d.exr' } } },
      ['node.image > write.image'],
    );
    const services = new FileServices({ folder: '.' });
    return (await runFrames(makePlan(document, registry), ['write'], { services, signal: never })).frames;
  };

  test('are those stated, or one', async () => {
    expect(await range({ frames: '1001-1004' })).toEqual([1001, 1002, 1003, 1004]);
    expect(await range({})).toEqual([1]);
    await expect(range({ frames: 'soon' })).rejects.toMatchObject({
      code: 'frames-syntax',
      where: { node: 'node', param: 'frames' },
    });
  });

  test('do not change the image', async () => {
    const keyAt = async (frame: number) =>
      (await open('generate.ramp', { frames: '1-3' }).descriptions.describe('node', frame)).key;
    expect(await keyAt(1)).toBe(await keyAt(77));
  });
});
