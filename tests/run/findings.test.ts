// What nodes find in samples: told once a run, in the order of the run, the same with any number of workers and after a stop.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Findings } from '../../engine/run/findings.ts';
import type { RunEvent } from '../../engine/run/render.ts';
import { digest, run, temporary } from './files.ts';
import { graph, type NodeSketch } from './graph.ts';

const WORKER = new URL('../../engine/bin/worker.ts', import.meta.url);
const PACK = fileURLToPath(new URL('./notice-pack.ts', import.meta.url));
const FRAMES = 6;
const [WIDTH, HEIGHT] = [640, 400];
const WAYS = [{ jobs: 0 }, { jobs: 0, memory: 0 }, { jobs: 3 }];

/** R is 1 in as many pixels of each row as the frame, from frame 3 on; `blur` makes bands overlap. */
const document = (notice: NodeSketch, out: string) =>
  graph(
    {
      c: {
        type: 'generate.constant',
        params: { format: [WIDTH, HEIGHT], type: 'float', frames: `1-${FRAMES}` },
      },
      e: { type: 'channel.expression', params: { rows: [{ to: 'R', expression: 'frame >= 3 && x < frame' }] } },
      n: notice,
      blur: { type: 'filter.blur', params: { size: [0, 3] } },
      w: { type: 'io.write', params: { path: `${out}.%04d.exr`, overwrite: 'replace' } },
    },
    ['c.image > e.image', 'e.image > n.image', 'n.image > blur.image', 'blur.image > w.image'],
  );

const told = (events: readonly RunEvent[]): string[] =>
  events.flatMap((event) =>
    event.kind === 'problem'
      ? [`${event.problem.message} @${event.problem.where.frame}`]
      : event.kind === 'frame'
        ? [`frame ${event.frame}`]
        : [],
  );

async function rendered(notice: NodeSketch, more: Parameters<typeof run>[2] = {}, folder = temporary()) {
  const events: RunEvent[] = [];
  const options = { worker: WORKER, packs: [PACK], onEvent: (event: RunEvent) => events.push(event), ...more };
  const done = await run(document(notice, 'out'), folder, options);
  expect(done.exitCode, JSON.stringify(done.problems)).toBe(0);
  return { problems: done.problems, events: told(events), bytes: digest(`${folder}/out.0004.exr`), folder };
}

describe.each(['pixel', 'frame'])('a node of access %s', (access) => {
  const type = `test.notice.${access}`;

  it.each(WAYS)('tells once, at the first frame of which it is true: %j', async (way) => {
    const { problems, events } = await rendered({ type, params: { most: 3 * HEIGHT } }, way);
    expect(problems.map((p) => [p.severity, p.message, p.where])).toEqual([
      ['warning', 'Samples are above 0.5.', { node: 'n', frame: 3 }],
      ['info', `above: ${4 * HEIGHT} of ${WIDTH * HEIGHT}.`, { node: 'n', frame: 4, param: 'limit' }],
      ['info', `above: ${5 * HEIGHT} of ${WIDTH * HEIGHT}.`, { node: 'n', frame: 5, param: 'limit' }],
      ['info', `above: ${6 * HEIGHT} of ${WIDTH * HEIGHT}.`, { node: 'n', frame: 6, param: 'limit' }],
    ]);
    expect(problems[0]!.fixes).toEqual([
      { title: 'Off', edits: [{ op: 'setParam', node: 'n', name: 'on', value: false }] },
    ]);
    expect(problems[1]!.fixes![0]!.edits).toEqual([{ op: 'setParam', node: 'n', name: 'limit', value: 10 }]);
    expect(events.map((text) => text.replace(/ of .*\./, ''))).toEqual([
      'frame 1',
      'frame 2',
      'Samples are above 0.5. @3',
      'frame 3',
      `above: ${4 * HEIGHT} @4`,
      'frame 4',
      `above: ${5 * HEIGHT} @5`,
      'frame 5',
      `above: ${6 * HEIGHT} @6`,
      'frame 6',
    ]);
  });

  it('tells it again of frames that a resumed run keeps', async () => {
    const first = await rendered({ type, params: {} }, { jobs: 0 });
    const again = await rendered({ type, params: {} }, { jobs: 2, resume: true }, first.folder);
    expect(again.problems).toEqual(first.problems);
    expect(again.problems).toHaveLength(1 + 4);
  });

  it('says nothing where nothing is found', async () => {
    expect((await rendered({ type, params: { limit: 1 } }, { jobs: 2 })).problems).toEqual([]);
  });
});

it('changes no sample', async () => {
  const found = new Set<string>();
  for (const on of [true, false]) found.add((await rendered({ type: 'test.notice.pixel', params: { on } })).bytes);
  expect(found.size).toBe(1);
});

describe('rows', () => {
  const measure = (from: number, to: number, ...rows: [number, ...number[]][]) => ({
    measure: { part: 0, name: 'm', from, to, rows },
  });
  const sums = (findings: Findings) =>
    findings.plain().flatMap(({ measures }) => measures.map((m) => [m.from, m.to, m.rows]));

  it('count once where they are measured twice, and the wider look counts', () => {
    const findings = new Findings();
    for (const finding of [
      measure(0, 9, [0, 1, 10], [1, 2, 20]),
      measure(0, 9, [1, 2, 20], [2, 3, 30]),
      measure(2, 4, [2, 1, 1]),
      measure(10, 12, [0, 5, 5]),
      measure(0, 20, [1, 9, 9]),
    ])
      findings.add('n', 1, finding);
    expect(sums(findings)).toEqual([
      [0, 12, [[0, 6, 15]]],
      [0, 20, [[1, 9, 9]]],
      [0, 9, [[2, 3, 30]]],
    ]);
  });

  it('are the same in whatever order regions came, and after crossing as plain data', () => {
    const regions = Array.from({ length: 6 }, (_, i) =>
      measure(0, 7, [2 * i, i], [2 * i + 1, 1 / (i + 1)], [2 * i + 2, i + 1]),
    );
    const of = (list: typeof regions) => {
      const findings = new Findings();
      for (const region of list) findings.add('n', 1, region);
      const crossed = new Findings();
      crossed.addAll(structuredClone(findings.take()));
      expect(findings.plain()).toEqual([]);
      return crossed.plain();
    };
    expect(
      of(regions.filter((_, i) => i % 2 === 0).concat(regions.filter((_, i) => i % 2 === 1)))[0]!.measures[0]!.rows
        .length,
    ).toBe(13);
    expect(of(regions.toReversed())[0]!.measures[0]!.rows.map(([row]) => row)).toEqual(
      Array.from({ length: 13 }, (_, i) => i),
    );
  });
});
