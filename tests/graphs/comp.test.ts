// Nodes of a comp in whole runs: the same bytes with any number of workers, and OpenImageIO as a judge of the samples.
import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Json } from '../../engine/base/canonical.ts';
import type { Document } from '../../engine/document/schema.ts';
import { planeBytes } from '../../engine/pixels/plane.ts';
import { digest, run } from '../run/files.ts';
import { graph, type NodeSketch } from '../run/graph.ts';
import { HEIGHT, openShot, type Shot, WIDTH, withFile } from './shot.ts';

const WORKER = new URL('../../engine/bin/worker.ts', import.meta.url);
let shot: Shot;
beforeAll(async () => {
  shot = await openShot();
});
afterAll(() => shot.remove());

const BEAUTY = 'in/sh010_beauty.%04d.exr';
const read = (offset = 0): NodeSketch => ({ type: 'io.read', params: { path: BEAUTY, offset } });
const write = (path: string): NodeSketch => ({ type: 'io.write', params: { path, compression: 'zips' } });
const folder = (): string => shot.path('.');

/** A still life before a checkerboard, half of it in its mirror image, cut, four frames of it shown later. */
const comp = (out: string): Document =>
  graph(
    {
      beauty: read(),
      ground: { type: 'generate.checkerboard', params: { format: [WIDTH, HEIGHT], size: [6, 6], type: 'float' } },
      ramp: { type: 'generate.ramp', params: { format: [WIDTH, HEIGHT], channels: 'alpha', ease: 'smooth' } },
      straight: { type: 'channel.unpremultiply' },
      light: { type: 'color.exposure', params: { stops: 0.5 } },
      again: { type: 'channel.premultiply' },
      over: { type: 'merge.merge' },
      mirror: { type: 'transform.mirror', params: { vertical: true } },
      keymix: { type: 'merge.keymix' },
      crop: { type: 'transform.crop', params: { area: 'box', box: [11, 7, 80, 40], display: 'origin' } },
      range: { type: 'time.range', params: { first: 1002, last: 1005 } },
      later: { type: 'time.offset', params: { frames: 100 } },
      choose: { type: 'graph.switch', params: { which: 'comp' } },
      write: write(`${out}/comp.%04d.exr`),
    },
    [
      'beauty.image > straight.image',
      'straight.image > light.image',
      'light.image > again.image',
      'ground.image > over.B',
      'again.image > over.A',
      'over.image > mirror.image',
      'over.image > keymix.B',
      'mirror.image > keymix.A',
      'ramp.image > keymix.mask',
      'keymix.image > crop.image',
      'crop.image > range.image',
      'range.image > later.image',
      'later.image > choose.images.comp',
      'ground.image > choose.images.ground',
      'choose.image > write.image',
    ],
  );

test('a comp gives the same bytes with any number of workers, in the frames that its nodes leave', async () => {
  const digests: string[][] = [];
  for (const [i, setting] of [{ jobs: 0 }, { jobs: 1 }, { jobs: 2 }, { jobs: 2, memory: 0 }].entries()) {
    const done = await run(comp(`out/comp${i}`), folder(), { ...setting, worker: WORKER });
    expect(done.problems.filter((p) => p.severity === 'error')).toEqual([]);
    expect(done.exitCode).toBe(0);
    digests.push([1102, 1103, 1104, 1105].map((frame) => digest(shot.path(`out/comp${i}/comp.${frame}.exr`))));
  }
  expect(new Set(digests.map((list) => list.join())).size).toBe(1);
  expect(new Set(digests[0])).toHaveLength(4);
  withFile(shot.path('out/comp0/comp.1102.exr'), (file) => {
    expect(file.part(0).dataWindow).toEqual({ minX: 0, minY: 0, maxX: 69, maxY: 33 });
    expect(file.part(0).channels.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'A float',
      'B float',
      'G float',
      'R float',
    ]);
  });
});

const hasJudge = spawnSync('oiiotool', ['--help']).error === undefined;

describe.runIf(hasJudge || process.env['CI'] === 'true')('OpenImageIO (skipped where there is no oiiotool)', () => {
  /** Bytes of all samples of a file. */
  const samples = (path: string): Buffer =>
    withFile(shot.path(path), (file) => {
      const planes = file.readPart(0);
      return Buffer.concat(['A', 'B', 'G', 'R'].map((name) => planeBytes(planes.get(name)!)));
    });

  async function compare(name: string, document: Document, judge: readonly string[]): Promise<number> {
    const done = await run(document, folder(), { jobs: 0, range: '1001' });
    expect(done.exitCode, JSON.stringify(done.problems)).toBe(0);
    const theirs = `out/oiio-${name}.exr`;
    execFileSync('oiiotool', [...judge, '-d', 'half', '-o', shot.path(theirs)], { cwd: folder() });
    const [a, b] = [samples(`out/${name}.1001.exr`), samples(theirs)];
    expect(Buffer.compare(a, b), name).toBe(0);
    rmSync(shot.path(theirs));
    return a.length / 2;
  }

  const FIRST = 'in/sh010_beauty.1001.exr';
  const SECOND = 'in/sh010_beauty.1004.exr';

  test.each<[operation: string, judge: readonly string[]]>([
    ['over', ['--over']],
    ['plus', ['--add']],
    ['minus', ['--sub']],
    ['multiply', ['--mul']],
    ['divide', ['--div']],
    ['difference', ['--absdiff']],
  ])('merges the same samples: %s', async (operation, judge) => {
    const merge = { type: 'merge.merge', params: { operation } };
    const document = graph({ a: read(), b: read(-3), merge, write: write(`out/${operation}.%04d.exr`) }, [
      'a.image > merge.A',
      'b.image > merge.B',
      'merge.image > write.image',
    ]);
    expect(await compare(operation, document, [FIRST, SECOND, ...judge])).toBe(WIDTH * HEIGHT * 4);
  });

  test.each<[name: string, type: string, params: Readonly<Record<string, Json>>, judge: readonly string[]]>([
    ['unpremultiply', 'channel.unpremultiply', {}, ['--unpremult']],
    ['flop', 'transform.mirror', {}, ['--flop']],
    ['flip', 'transform.mirror', { horizontal: false, vertical: true }, ['--flip']],
    ['cut', 'transform.crop', { area: 'box', box: [20, 10, 69, 49], display: 'origin' }, ['--cut', '20,10,69,49']],
  ])('agrees on %s', async (name, type, params, judge) => {
    const document = graph({ a: read(), node: { type, params }, write: write(`out/${name}.%04d.exr`) }, [
      'a.image > node.image',
      'node.image > write.image',
    ]);
    expect(await compare(name, document, [FIRST, ...judge])).toBe((name === 'cut' ? 50 * 40 : WIDTH * HEIGHT) * 4);
  });
});
