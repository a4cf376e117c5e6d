// Animated parameters in whole runs: samples by hand, the same bytes for any number of workers, resuming, recipes.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Animations } from '../../engine/document/animation.ts';
import type { Document } from '../../engine/document/schema.ts';
import { ExrFile } from '../../engine/exr/file.ts';
import { convertPlane } from '../../engine/pixels/convert.ts';
import { recipeOf } from '../../engine/run/recipe.ts';
import { digest, run, temporary } from './files.ts';
import { graph } from './graph.ts';

const folder = temporary();
const WORKER = new URL('../../engine/bin/worker.ts', import.meta.url);
let outputs = 0;

/** A grey of 0.25 that is made brighter and written; frames 1 to 5 by the generator. */
function document(animation: Animations, more: Partial<Document> = {}): Document {
  return graph(
    {
      grey: {
        type: 'generate.constant',
        params: { format: [4, 200], color: [0.25, 0.5, 1, 1], frames: '1-5' },
        animation: { 'color.2': { expression: 'frame' } },
      },
      gain: { type: 'color.exposure', animation },
      write: { type: 'io.write', params: { path: `out${outputs++}/o.%04d.exr`, embedRecipe: true } },
    },
    ['grey.image > gain.image', 'gain.image > write.image'],
    more,
  );
}
const stops = (last: number): Animations => ({
  stops: {
    keys: [
      [1, 0, 'linear'],
      [3, 2, 'constant'],
      [5, last, 'linear'],
    ],
  },
});

const pathOf = ({ nodes }: Document, frame: number): string =>
  join(folder, String(nodes['write']!.params['path']).replace('%04d', `000${frame}`));

/** The first sample of a channel of a written frame. */
function sampleOf(path: string, channel: string): number {
  const file = ExrFile.open(path);
  const planes = file.readPart(0, { channels: [channel] });
  file.close();
  return convertPlane(planes.get(channel)!, 'float').plane.samples[0]!;
}

describe('a run', () => {
  it('writes at each frame what the parameters are there', async () => {
    const made = document(stops(0));
    const done = await run(made, folder);
    expect([done.exitCode, done.problems, done.frames]).toEqual([0, [], [1, 2, 3, 4, 5]]);
    expect([1, 2, 3, 4, 5].map((frame) => sampleOf(pathOf(made, frame), 'R'))).toEqual([0.25, 0.5, 1, 1, 0.25]);
    expect([1, 2, 3, 4, 5].map((frame) => sampleOf(pathOf(made, frame), 'B'))).toEqual([1, 4, 12, 16, 5]);
  });

  it('gives the same bytes whatever the number of workers', async () => {
    const made = document({ stops: { expression: 'sin(frame) * noise(frame / 3) + grey.color.2' } });
    const sums: string[][] = [];
    for (const jobs of [0, 1, 3]) {
      const write = { ...made.nodes['write']!, params: { ...made.nodes['write']!.params, overwrite: 'replace' } };
      const again = { ...made, nodes: { ...made.nodes, write } };
      expect((await run(again, folder, { jobs, worker: WORKER })).exitCode).toBe(0);
      sums.push([1, 2, 3, 4, 5].map((frame) => digest(pathOf(made, frame))));
    }
    expect(sums[1]).toEqual(sums[0]);
    expect(sums[2]).toEqual(sums[0]);
  });

  it('that resumes redoes the frames at which a changed curve has another value', async () => {
    const made = document(stops(0), { name: 'curve' });
    // Without the recipe, which tells of the whole graph.
    const { embedRecipe: _, ...params } = made.nodes['write']!.params;
    const plain: Document = {
      ...made,
      nodes: { ...made.nodes, write: { ...made.nodes['write']!, params: { ...params, overwrite: 'replace' } } },
    };
    expect((await run(plain, folder, { resume: true })).exitCode).toBe(0);
    const changed = { ...plain, nodes: { ...plain.nodes, gain: { ...plain.nodes['gain']!, animation: stops(1) } } };
    const done = await run(changed, folder, { resume: true });
    expect(done.result!.outcomes.map(({ frame, state }) => `${frame} ${state}`)).toEqual([
      '1 kept',
      '2 kept',
      '3 kept',
      '4 kept',
      '5 done',
    ]);
    expect(sampleOf(pathOf(made, 5), 'R')).toBe(0.5);
  });

  it('keeps animations and what was given in their place in its recipe', async () => {
    const made = document(stops(0));
    const done = await run(made, folder, { overrides: { params: { 'gain.stops': 3 } }, range: '2' });
    expect(done.exitCode).toBe(0);
    expect(done.problems).toMatchObject([{ severity: 'info', code: 'animation-replaced' }]);
    expect(sampleOf(pathOf(made, 2), 'R')).toBe(2);
    const { recipe } = recipeOf(pathOf(made, 2))!;
    expect(recipe!.document).toEqual(made);
    expect(recipe!.params).toEqual({ 'gain.stops': 3 });
  });

  it('does not begin where a parameter would leave its range at one of its frames', async () => {
    const made = document({ stops: { expression: 'frame ^ 3' } });
    const done = await run(made, folder);
    expect(done.exitCode).toBe(3);
    expect(done.result).toBeUndefined();
    expect(done.problems).toMatchObject([{ code: 'param-invalid', where: { node: 'gain', param: 'stops', frame: 5 } }]);
    expect(done.problems[0]!.message).toContain('At frame 5.');
    expect((await run(made, folder, { range: '1-4' })).exitCode).toBe(0);
  });

  it('has the frames of its sources though other parameters of theirs are animated, and none where those move', async () => {
    const made = document({});
    expect((await run(made, folder)).frames).toEqual([1, 2, 3, 4, 5]);
    const offset = graph(
      {
        read: {
          type: 'io.read',
          params: { path: `${String(made.nodes['write']!.params['path'])}` },
          animation: { offset: { expression: '0 * frame' } },
        },
        write: { type: 'io.write', params: { path: `out${outputs++}/o.%04d.exr` } },
      },
      ['read.image > write.image'],
    );
    const done = await run(offset, folder, { range: '2-3' });
    expect([done.exitCode, done.frames]).toEqual([0, [2, 3]]);
    expect(sampleOf(pathOf(offset, 3), 'B')).toBe(3);
  });
});
