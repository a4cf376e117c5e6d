// Looking at samples before a run: what makes them too large for half, told where it does, with what keeps them.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../engine/base/canonical.ts';
import { applyEdit } from '../../engine/document/apply.ts';
import type { Document } from '../../engine/document/schema.ts';
import { ExrFile } from '../../engine/exr/file.ts';
import { convertPlane } from '../../engine/pixels/convert.ts';
import type { Problem } from '../../engine/plan/problem.ts';
import { checkGraph } from '../../engine/run/run.ts';
import { nodes } from '../../nodes/index.ts';
import { run, temporary } from './files.ts';
import { graph, type NodeSketch, pattern } from './graph.ts';

const folder = temporary();

/** R and Z of 10 x 10 pixels, of which one column is too large for half, through nodes in a row into a file. */
function document(write: Readonly<Record<string, Json>>, between: Readonly<Record<string, NodeSketch>> = {}): Document {
  const names = ['e', ...Object.keys(between), 'w'];
  const channels = ['R', 'Z'].map((name) => ({ name, type: 'float' }));
  const rows = ['R', 'Z'].map((to) => ({ to, expression: 'x == 9 ? 1e5 : x', type: 'float' }));
  return graph(
    {
      p: { type: 'test.pattern', params: { window: [0, 0, 9, 9], channels } },
      e: { type: 'channel.expression', params: { rows } },
      ...between,
      w: { type: 'io.write', params: { path: 'out/p.exr', overwrite: 'replace', ...write } },
    },
    [
      'p.image > e.image',
      ...names.slice(1).map((to, i) => `${names[i]}.image > ${to}.${to === 's' ? 'sources.a' : 'image'}`),
    ],
  );
}
const found = async (given: Document): Promise<readonly Problem[]> =>
  (await checkGraph({ document: given, folder, nodes: [...nodes, pattern], range: '1', checkPixels: true })).problems;
const told = (problems: readonly Problem[]): string[] =>
  problems.filter(({ code }) => code === 'half-overflow').map(({ message }) => message);

const HALF = [{ channels: 'R', type: 'half' }];

describe('too large for half', () => {
  it.each<[string, Readonly<Record<string, Json>>, string, string]>([
    ['in the file', { types: HALF }, '. Write the channel as float.', 'Write R as float'],
    [
      'in DWA, whatever the file states',
      { compression: 'dwaa' },
      ', as which dwaa stores it. Write a method without losses.',
      'Write zip',
    ],
    [
      'in both',
      { compression: 'dwab', types: HALF },
      ', as which dwab stores it. Write the channel as float and a method without losses.',
      'Write R as float, with zip',
    ],
  ])('%s', async (_, write, words, title) => {
    const given = document(write);
    const problems = await found(given);
    expect(told(problems)).toEqual([`R of #0: 10 samples are too large for half at 1${words}`]);
    const { fixes } = problems.find(({ code }) => code === 'half-overflow')!;
    expect(fixes!.map((fix) => fix.title)).toEqual([title]);
    const after = fixes![0]!.edits.reduce((d, edit) => applyEdit(d, edit).document, given);
    expect(told(await found(after))).toEqual([]);
    // It is what comes of it.
    for (const [way, large] of [
      [given, 0],
      [after, 10],
    ] as const) {
      const done = await run(way, folder, { range: '1' });
      expect(done.exitCode).toBe(0);
      const file = ExrFile.open(join(folder, 'out/p.exr'));
      const { samples } = convertPlane(file.readPart(0).get('R')!, 'float').plane;
      file.close();
      expect([...samples].filter((value) => Math.abs(value - 1e5) < 5e3)).toHaveLength(large);
    }
  });

  it('above the sink, where that is', async () => {
    const rows = [
      { to: 'R', from: 'a:R' },
      { to: 'Z', from: 'a:Z', type: 'half' },
    ];
    const problems = await found(document({}, { s: { type: 'channel.shuffle', params: { rows } } }));
    expect(problems.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'half-data #0: Z would be half. Half ends at 65504, and depths beyond become infinite; sluice validate --check-pixels looks for them.',
      'half-overflow Z of #0: 10 samples are too large for half at 1, which s makes of it. Keep its type there.',
    ]);
    expect(problems.flatMap(({ fixes = [] }) => fixes)).toEqual([]);
  });
});
