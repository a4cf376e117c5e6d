// Frames of a run: ranges, mismatch policies, alignment, gaps and ends; what is left out is told with the node that lacks it.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders as people type them are what is tested
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../engine/base/canonical.ts';
import type { Document } from '../../engine/document/schema.ts';
import { formatFrames, parseFrames } from '../../engine/image/frames.ts';
import { type RunFrames, runFrames } from '../../engine/plan/frames.ts';
import { makePlan } from '../../engine/plan/plan.ts';
import { FileServices } from '../../engine/run/services.ts';
import { temporary } from '../run/files.ts';
import { graph, never, registry } from '../run/graph.ts';

const folder = temporary();
let made = 0;

/** Empty files: nothing is opened to find out the frames. `a` and `b` are frames such as `1-5, 7`; `still` a single file. */
interface Scene {
  readonly a?: string;
  readonly b?: string;
  readonly mismatch?: Document['frames']['mismatch'];
  readonly align?: Document['frames']['align'];
  readonly range?: string;
  /** As `--frames` gives it. */
  readonly typed?: string;
  readonly paramsA?: Readonly<Record<string, Json>>;
  readonly paramsB?: Readonly<Record<string, Json>>;
}

async function framesOf(scene: Scene): Promise<RunFrames> {
  made += 1;
  const root = join(folder, `scene${made}`);
  const sources = (['a', 'b'] as const).filter((id) => scene[id] !== undefined);
  for (const id of sources) {
    mkdirSync(join(root, id), { recursive: true });
    for (const frame of scene[id] === '' ? [] : parseFrames(scene[id]!)) {
      const digits = (frame < 0 ? '-' : '') + String(Math.abs(frame)).padStart(4, '0');
      writeFileSync(join(root, id, `x.${digits}.exr`), '');
    }
  }
  const nodes = Object.fromEntries(
    sources.map((id) => [
      id,
      { type: 'io.read', params: { path: `${id}/x.%04d.exr`, ...(id === 'a' ? scene.paramsA : scene.paramsB) } },
    ]),
  );
  const document = graph(
    { ...nodes, s: { type: 'part.assemble' }, w: { type: 'io.write', params: { path: 'o.%04d.exr' } } },
    [...sources.map((id) => `${id}.image > s.parts.${id}`), 's.image > w.image'],
    {
      frames: {
        mismatch: scene.mismatch ?? 'stop-at-shortest',
        align: scene.align ?? 'number',
        ...(scene.range === undefined ? {} : { range: scene.range }),
      },
      variables: { first: { type: 'number', default: 2 } },
    },
  );
  const services = new FileServices({ folder: root });
  return runFrames(makePlan(document, registry), ['w'], {
    services,
    signal: never,
    ...(scene.typed === undefined ? {} : { range: scene.typed }),
  });
}

const told = async (scene: Scene): Promise<[frames: string, skipped: string]> => {
  const { frames, skipped } = await framesOf(scene);
  return [formatFrames(frames), skipped.map((s) => `${s.frame} ${s.node}`).join(', ')];
};

describe('without a range', () => {
  const cases: readonly [scene: Scene, frames: string, skipped: string][] = [
    [{ a: '1-5' }, '1-5', ''],
    [{ a: '1-5', b: '3-8' }, '3-5', '1 b, 2 b, 6 a, 7 a, 8 a'],
    [{ a: '1-5', b: '3-8', mismatch: 'hold-last' }, '3-8', '1 b, 2 b'],
    [{ a: '1-5', b: '3-8', mismatch: 'process-available' }, '3-5', '1 b, 2 b, 6 a, 7 a, 8 a'],
    // A gap is tried and is the source's own error, unless only what is there is to be processed.
    [{ a: '1-3, 5', b: '1-5' }, '1-5', ''],
    [{ a: '1-3, 5', b: '1-5', mismatch: 'process-available' }, '1-3, 5', '4 a'],
    [{ a: '1-3, 5', b: '1-5', mismatch: 'process-available', paramsA: { missing: 'hold' } }, '1-5', ''],
    [{ a: '1-5', b: '3-8', paramsA: { after: 'hold' } }, '3-8', '1 b, 2 b'],
    [{ a: '1-5', b: '3-8', paramsB: { before: 'hold' } }, '1-5', '6 a, 7 a, 8 a'],
    [{ a: '1-5', b: '3-8', paramsA: { after: 'loop' }, paramsB: { before: 'black' } }, '1-8', ''],
    [{ a: '1-5', b: '3-8', paramsA: { offset: 2 } }, '3-7', '8 a'],
    [{ a: '1-9x2' }, '1-9x2', ''],
    [{ a: '1-9x2', b: '1-9x4' }, '1-9x2', ''],
    [{ a: '-3-2' }, '-3-2', ''],
    [{ a: '-3--1', b: '-2-4' }, '-2--1', '-3 b, 0 a, 1 a, 2 a, 3 a, 4 a'],
    [{ a: '1-4', b: '101-106', align: 'index' }, '1-4', '5 a, 6 a'],
    [{ a: '1-4', b: '101-106', align: 'index', mismatch: 'hold-last' }, '1-6', ''],
    [{ a: '1-4', b: '101-102, 105-106', align: 'index' }, '1-4', ''],
    [{ a: '1-4', b: '101-106', align: 'index', paramsB: { offset: 1 } }, '2-4', '1 b, 5 a, 6 a, 7 a'],
    [{}, '1', ''],
  ];

  it.each(cases)('%j', async (scene, frames, skipped) => expect(await told(scene)).toEqual([frames, skipped]));
  it('counts them', () => expect(cases).toHaveLength(20));
});

describe('with a range', () => {
  const cases: readonly [scene: Scene, frames: string, skipped: string][] = [
    [{ a: '1-9', range: '2-4' }, '2-4', ''],
    [{ a: '1-9', range: '2-4', typed: '5-6' }, '5-6', ''],
    [{ a: '1-9', typed: '1-9x4' }, '1-9x4', ''],
    [{ a: '1-9', typed: '1-9:4' }, '1-9x4', ''],
    [{ a: '1-9', typed: '3,1,7-8' }, '3, 1, 7-8', ''],
    [{ a: '1-9', typed: '4-1' }, '4-1', ''],
    [{ a: '-5-5', typed: '-2-1' }, '-2-1', ''],
    [{ a: '1-9', range: '${first}-4' }, '2-4', ''],
    [{ a: '1-5', typed: '3-8' }, '3-5', '6 a, 7 a, 8 a'],
    [{ a: '1-5', typed: '3-8', mismatch: 'hold-last' }, '3-8', ''],
    [{ a: '3-5', typed: '1-8', mismatch: 'process-available' }, '3-5', '1 a, 2 a, 6 a, 7 a, 8 a'],
    // What lies before the first file is tried: it is a mistake in the range, not the end of a sequence.
    [{ a: '3-5', typed: '2-5' }, '2-5', ''],
    [{ typed: '1-3' }, '1-3', ''],
  ];

  it.each(cases)('%j', async (scene, frames, skipped) => expect(await told(scene)).toEqual([frames, skipped]));
  it('counts them', () => expect(cases).toHaveLength(13));

  it('by index, chunks of a run see what the whole run sees', async () => {
    const scene: Scene = { a: '1-4', b: '101-106', align: 'index', mismatch: 'hold-last' };
    const whole = await framesOf(scene);
    const chunk = await framesOf({ ...scene, typed: '3-4' });
    expect(chunk.timeline.start).toBe(whole.timeline.start);
    const ranged: Scene = { ...scene, range: '1001-1006' };
    expect((await framesOf(ranged)).timeline.start).toBe(1001);
    expect((await framesOf({ ...ranged, typed: '1004-1005' })).timeline.start).toBe(1001);
    expect((await framesOf({ ...ranged, range: '1006-1001' })).timeline.start).toBe(1001);
  });
});

describe('errors', () => {
  const cases: readonly [scene: Scene, code: string, node: string | undefined, text: RegExp][] = [
    [{ a: '1-3', b: '7-9' }, 'frames-mismatch', undefined, /a has 1 to 3, b has 7 to 9/],
    [{ a: '1-3', typed: '8-9' }, 'frames-mismatch', undefined, /a has 1 to 3/],
    [{ a: '1-3', typed: '1-' }, 'frames-syntax', undefined, /"1-"/],
    [{ a: '1-3', typed: '1-9999999' }, 'frames-too-many', undefined, /1000000/],
    [{ a: '0, 2000000000, 2000000001' }, 'frames-too-many', undefined, /range/],
    [{ a: '1-3', range: '${nope}' }, 'param-variable', undefined, /nope/],
    [{ a: '' }, 'sequence-empty', 'a', /x\.%04d\.exr/],
    [{ a: '', paramsA: { missing: 'wait' } }, 'frames-unknown', 'a', /--frames/],
  ];

  it.each(cases)('%j', async (scene, code, node, message) => {
    const thrown = await framesOf(scene).catch((e: unknown) => e);
    expect(thrown).toMatchObject({ code });
    expect((thrown as Error).message).toMatch(message);
    if (node !== undefined) expect(thrown).toMatchObject({ where: { node } });
  });
  it('counts them', () => expect(cases).toHaveLength(8));
});
