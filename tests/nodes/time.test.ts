// Time offset, Frame hold, Frame range and Switch: which frames are shown, which a run takes, what is evaluated at all.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders as people type them are what is tested
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { box } from '../../engine/base/box.ts';
import type { Json } from '../../engine/base/canonical.ts';
import { formatFrames, parseFrames } from '../../engine/image/frames.ts';
import { runFrames } from '../../engine/plan/frames.ts';
import { makePlan } from '../../engine/plan/plan.ts';
import { FileServices } from '../../engine/run/services.ts';
import { temporary } from '../run/files.ts';
import { type Bench, bench, graph, type NodeSketch, never, patternSample, pulls, registry } from '../run/graph.ts';

type Params = Readonly<Record<string, Json>>;
const folder = temporary();

const MOVING: NodeSketch = { type: 'test.pattern', params: { moving: true, channels: [{ name: 'Y', type: 'float' }] } };
const onMoving = (type: string, params: Params): Bench =>
  bench(graph({ in: MOVING, node: { type, params } }, ['in.image > node.image']));

/** The frame of the input that is shown at each frame; `-` where it is black and `!` and a code for a problem. */
async function shown(type: string, params: Params, frames: readonly number[]): Promise<string> {
  const { descriptions, evaluator } = onMoving(type, params);
  const seen: string[] = [];
  for (const frame of frames) {
    const { problems } = await descriptions.describe('node', frame);
    if (problems.length > 0) {
      seen.push(`!${problems[0]!.code}`);
      continue;
    }
    const want = { part: 0, channels: ['Y'], box: box(3, 4, 3, 4) };
    const sample = (await evaluator.planes('node', frame, want, never)).get('Y')!.samples[0]!;
    const of = Array.from({ length: 60 }, (_, i) => i - 20).find((f) => patternSample('Y', 3, 4, f) === sample);
    seen.push(of === undefined ? '-' : `${of}`);
  }
  return seen.join(' ');
}

const upTo = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i);

describe('which frame is shown', () => {
  const cases: readonly [type: string, params: Params, frames: readonly number[], shown: string][] = [
    ['time.offset', { frames: 3 }, [1, 4, 10], '-2 1 7'],
    ['time.offset', { frames: -2 }, [1, 4], '3 6'],
    ['time.offset', {}, [5], '5'],
    ['time.hold', { frame: 7 }, [1, 7, 30], '7 7 7'],
    ['time.hold', { frame: 1, increment: 2 }, upTo(-1, 6), '-1 -1 1 1 3 3 5 5'],
    ['time.hold', { frame: 2, increment: 3 }, upTo(1, 6), '-1 2 2 2 5 5'],
    ['time.range', { first: 2, last: 4 }, upTo(1, 5), '!frame-outside 2 3 4 !frame-outside'],
    ['time.range', { first: 2, last: 4, before: 'hold', after: 'black' }, upTo(0, 5), '2 2 2 3 4 -'],
    ['time.range', { first: 2, last: 4, before: 'loop', after: 'loop' }, upTo(-1, 8), '2 3 4 2 3 4 2 3 4 2'],
    ['time.range', { first: 2, last: 4, before: 'bounce', after: 'bounce' }, upTo(0, 8), '4 3 2 3 4 3 2 3 4'],
    ['time.range', { first: 3, last: 3, before: 'bounce', after: 'loop' }, upTo(1, 5), '3 3 3 3 3'],
    ['time.range', { first: 5, last: 4 }, [5], '!frames-syntax'],
    ['time.range', { first: 0, last: 1_000_000 }, [5], '!frames-syntax'],
  ];
  test.each(cases)('%s %j at %j', async (type, params, frames, wanted) => {
    expect(await shown(type, params, frames)).toBe(wanted);
  });
  test('counts them', () => expect(cases).toHaveLength(13));

  test('what is held is pulled once, whatever the frame, and black has a key of its own', async () => {
    const document = graph({ in: MOVING, node: { type: 'time.hold', params: { frame: 7 } } }, [
      'in.image > node.image',
    ]);
    const { evaluator } = bench(document, { cacheBytes: 1 << 20 });
    pulls.length = 0;
    for (const frame of [1, 2, 3]) {
      await evaluator.planes('node', frame, { part: 0, channels: ['Y'], box: box(0, 0, 3, 3) }, never);
    }
    expect(pulls).toHaveLength(1);
    const { descriptions } = onMoving('time.range', { first: 2, last: 4, after: 'black' });
    const keys = await Promise.all([4, 5, 6].map(async (frame) => (await descriptions.describe('node', frame)).key));
    expect(new Set(keys).size).toBe(2);
  });

  test('a frame that stands in for another is told', async () => {
    const { descriptions } = onMoving('time.range', { first: 2, last: 4, before: 'hold', after: 'black' });
    const told = async (frame: number) => (await descriptions.describe('node', frame)).spec!.substitutions;
    expect(await told(3)).toBeUndefined();
    expect(await told(1)).toEqual([{ node: 'node', asked: 1, used: 2, reason: 'before 2: hold', extended: true }]);
    expect(await told(9)).toEqual([{ node: 'node', asked: 9, reason: 'after 4: black', extended: true }]);
  });
});

/** A run over empty files `1-5`, which nothing opens to find out the frames. */
async function framesOf(nodes: Readonly<Record<string, NodeSketch>>, links: readonly string[]): Promise<string> {
  const root = join(folder, 'x');
  mkdirSync(root, { recursive: true });
  for (const frame of parseFrames('1-5')) writeFileSync(join(root, `x.000${frame}.exr`), '');
  const read = { type: 'io.read', params: { path: 'x.%04d.exr' } };
  const document = graph({ read, ...nodes, w: { type: 'io.write', params: { path: 'o.%04d.exr' } } }, links);
  const services = new FileServices({ folder: root });
  const { frames, skipped } = await runFrames(makePlan(document, registry), ['w'], { services, signal: never });
  return `${formatFrames(frames)}${skipped.length > 0 ? ` without ${skipped.map((s) => s.frame).join(' ')}` : ''}`;
}

describe('the frames of a run', () => {
  const along = (type: string, params: Params) =>
    framesOf({ node: { type, params } }, ['read.image > node.image', 'node.image > w.image']);

  test('move, spread and end with those of the nodes', async () => {
    expect(await along('time.offset', { frames: 100 })).toBe('101-105');
    expect(await along('time.hold', { frame: 3 })).toBe('1');
    expect(await along('time.hold', { frame: 1, increment: 2 })).toBe('1-6');
    expect(await along('time.range', { first: 2, last: 3 })).toBe('2-3');
    expect(await along('time.range', { first: 4, last: 9 })).toBe('4-5 without 6 7 8 9');
    await expect(along('time.range', { first: 40, last: 90 })).rejects.toMatchObject({ code: 'frames-mismatch' });
    await expect(along('time.range', { first: 4, last: 3 })).rejects.toMatchObject({ code: 'frames-syntax' });
  });

  test('are those of every way that a source takes', async () => {
    const merge = { type: 'merge.merge' };
    const shift = { type: 'time.offset', params: { frames: 2 } };
    const links = ['read.image > m.B', 'read.image > shift.image', 'shift.image > m.A', 'm.image > w.image'];
    expect(await framesOf({ shift, m: merge }, links)).toBe('3-5 without 1 2 6 7');
    const held = { type: 'time.hold', params: { frame: 1 } };
    expect(await framesOf({ shift: held, m: merge }, links)).toBe('1-5');
    const range = { type: 'time.range', params: { first: 1, last: 3 } };
    const generated = graph(
      { c: { type: 'generate.constant' }, range, w: { type: 'io.write', params: { path: 'o.%04d.exr' } } },
      ['c.image > range.image', 'range.image > w.image'],
    );
    const services = new FileServices({ folder });
    const { frames } = await runFrames(makePlan(generated, registry), ['w'], { services, signal: never });
    expect(formatFrames(frames)).toBe('1-3');
  });
});

describe('Switch', () => {
  const INPUTS = { a: { type: 'test.pattern', params: { seed: 1 } }, b: { type: 'test.pattern', params: { seed: 2 } } };
  const LINKS = ['a.image > node.images.first', 'b.image > node.images.second', 'bad.image > node.images.third'];
  /** Its third input reads a file that is not there. */
  const open = (which: string): Bench =>
    bench(
      graph(
        {
          ...INPUTS,
          bad: { type: 'io.read', params: { path: 'nothing.exr' } },
          node: { type: 'graph.switch', params: { which } },
        },
        LINKS,
      ),
      { folder },
    );
  const chosen = async (which: string, frame = 1) => {
    const { descriptions } = open(which);
    const origin = (await descriptions.describe('node', frame)).spec?.parts[0]?.channels[0]?.origin;
    return origin?.from === 'input' ? origin.port : undefined;
  };

  test('chooses by name or by number, which may change with the frame', async () => {
    expect(await chosen('first')).toBe('images.first');
    expect(await chosen('second')).toBe('images.second');
    expect(await chosen('1')).toBe('images.second');
    expect(await chosen('${frame}', 0)).toBe('images.first');
    expect(await chosen('${frame}', 1)).toBe('images.second');
  });

  test('chooses by a number that is animated, of which the sequences of all inputs count', async () => {
    const animation = { number: { expression: 'frame < 3 ? 0 : 1' } };
    const node = { type: 'graph.switch', params: { which: 'second' }, animation };
    const { descriptions } = bench(graph({ ...INPUTS, node } as never, LINKS.slice(0, 2)));
    const at = async (frame: number) => {
      const origin = (await descriptions.describe('node', frame)).spec?.parts[0]?.channels[0]?.origin;
      return origin?.from === 'input' ? origin.port : undefined;
    };
    expect([await at(1), await at(2), await at(3)]).toEqual(['images.first', 'images.first', 'images.second']);
    const params = { number: 2 };
    const beyond = bench(graph({ ...INPUTS, node: { type: 'graph.switch', params } }, LINKS.slice(0, 2)));
    expect((await beyond.descriptions.describe('node', 1)).problems).toMatchObject([
      {
        code: 'source-unknown',
        message: 'Switch has no input 2. Connected: first, second.',
        where: { param: 'number' },
      },
    ]);
  });

  test('what feeds only the others is neither described nor pulled, and does not enter the key', async () => {
    const { descriptions, evaluator } = open('second');
    expect(await descriptions.problems('node', 1)).toEqual([]);
    expect(descriptions.above('node', 1).map((one) => one.node)).toEqual(['b', 'node']);
    pulls.length = 0;
    await evaluator.planes('node', 1, { part: 0, channels: ['R'], box: box(0, 0, 3, 3) }, never);
    expect(pulls.map((pull) => pull.node)).toEqual(['b']);
    expect((await open('third').descriptions.problems('node', 1)).map((p) => p.code)).toContain('file-not-found');
  });

  test('the sequences of the others do not limit a run', async () => {
    const nodes = {
      long: { type: 'generate.constant', params: { frames: '1-9' } },
      s: { type: 'graph.switch', params: { which: 'long' } },
    };
    const links = ['read.image > s.images.short', 'long.image > s.images.long', 's.image > w.image'];
    expect(await framesOf(nodes, links)).toBe('1-9');
    expect(await framesOf({ ...nodes, s: { type: 'graph.switch' } }, links)).toBe('1-5');
  });

  test('tells what it can choose from', async () => {
    const document = (which: string, links: readonly string[]) =>
      bench(graph({ ...INPUTS, node: { type: 'graph.switch', params: { which } } }, links)).descriptions;
    const [problem] = (await document('none', LINKS.slice(0, 2)).describe('node', 1)).problems;
    expect(problem).toMatchObject({ code: 'source-unknown', where: { param: 'which' } });
    expect(problem!.message).toContain('first, second');
    expect(problem!.fixes!.map((fix) => fix.title)).toEqual(['Choose first', 'Choose second']);
    for (const [which, links] of [
      ['2', LINKS.slice(0, 2)],
      ['1', LINKS.slice(0, 1)],
      ['0', []],
    ] as const) {
      expect((await document(which, links).describe('node', 1)).problems.map((p) => p.code)).toEqual([
        'source-unknown',
      ]);
    }
    expect((await document('0', LINKS.slice(0, 1)).describe('node', 1)).problems).toEqual([]);
  });
});

test('a graph that doubles its frames at every node is a problem, not a hang', async () => {
  const nodes: Record<string, NodeSketch> = { n0: MOVING };
  const links: string[] = [];
  for (let i = 1; i <= 40; i++) {
    nodes[`o${i}`] = { type: 'time.offset', params: { frames: 2 ** i % 1_000_000 } };
    nodes[`n${i}`] = { type: 'merge.merge' };
    links.push(`n${i - 1}.image > o${i}.image`, `n${i - 1}.image > n${i}.B`, `o${i}.image > n${i}.A`);
  }
  const { descriptions } = bench(graph(nodes, links));
  const { problems } = await descriptions.describe('n40', 1);
  expect(problems.map((p) => p.code)).toEqual(['frames-too-many']);
  expect(descriptions.above('n40', 1)).toHaveLength(1);
  expect((await descriptions.describe('n4', 1)).problems.filter((p) => p.severity === 'error')).toEqual([]);
});
