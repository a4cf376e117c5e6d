// The soak: thousands of frames through a graph in one process with workers; memory must stay where it was.
// Usage: npm run soak -- [--frames N] [--jobs N]
import { linkSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { box } from '../../engine/base/box.ts';
import { runGraph } from '../../engine/run/run.ts';
import { nodes } from '../../nodes/index.ts';
import { writeExr } from '../run/files.ts';
import { graph } from '../run/graph.ts';
import { Memory } from './memory.ts';

const { values } = parseArgs({
  options: { frames: { type: 'string', default: '2000' }, jobs: { type: 'string', default: '2' } },
});
const count = Number(values.frames);
const jobs = Number(values.jobs);
if (!Number.isInteger(count) || count < 8 || !Number.isInteger(jobs) || jobs < 0) {
  console.error('Expected --frames to be a whole number of 8 or more, and --jobs of 0 or more.');
  process.exit(2);
}

/** Pictures that differ; frames are further names of them. */
const PICTURES = 8;
const folder = mkdtempSync(join(tmpdir(), 'sluice-soak-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

for (const name of ['a', 'b']) {
  mkdirSync(join(folder, name));
  for (let i = 0; i < PICTURES; i++) {
    const channels = name === 'a' ? ['A', 'B', 'G', 'R', 'Z:float', 'id:uint'] : ['A', 'B', 'G', 'R'];
    const compression = name === 'a' ? 'zip' : 'piz';
    const window = box(0, 0, 319, 179);
    const picture = join(folder, `${name}${i}.exr`);
    await writeExr(picture, [{ channels, window, display: window, compression, seed: i + 1 }]);
  }
  for (let frame = 1; frame <= count; frame++) {
    linkSync(
      join(folder, `${name}${frame % PICTURES}.exr`),
      join(folder, name, `x.${String(frame).padStart(4, '0')}.exr`),
    );
  }
}

// Reading, colour, a filter with a margin, a merge, channels of two sources, attributes, and two files a frame.
const document = graph(
  {
    a: { type: 'io.read', params: { path: 'a/x.%04d.exr' } },
    b: { type: 'io.read', params: { path: 'b/x.%04d.exr' } },
    light: { type: 'color.exposure', params: { stops: 0.5 } },
    soft: { type: 'filter.blur', params: { size: [3, 3] } },
    over: { type: 'merge.merge' },
    keep: {
      type: 'channel.shuffle',
      params: {
        rows: [
          { to: '*', from: 'over:*' },
          { to: 'depth.Z', from: 'a:Z' },
        ],
        others: 'drop',
        attributes: { resolveAll: 'over' },
      },
    },
    tag: {
      type: 'metadata.set',
      params: { edits: [{ op: 'set', name: 'comment', type: 'string', value: 'frame $' + '{frame}' }] },
    },
    w: { type: 'io.write', params: { path: 'out/x.%04d.exr', compression: 'zip' } },
    p: { type: 'io.export', params: { path: 'png/x.%04d.png', bits: '8', colour: 'none' } },
  },
  [
    'a.image > light.image',
    'light.image > soft.image',
    'soft.image > over.A',
    'b.image > over.B',
    'over.image > keep.sources.over',
    'a.image > keep.sources.a',
    'keep.image > tag.image',
    'tag.image > w.image',
    'over.image > p.image',
  ],
);

const memory = new Memory(count * 2);
const began = performance.now();
const { exitCode, problems, result } = await runGraph({
  document,
  folder,
  nodes,
  jobs,
  ...(jobs > 0 ? { worker: new URL('../../engine/bin/worker.ts', import.meta.url) } : {}),
  onEvent: (event) => {
    if (event.kind !== 'frame') return;
    memory.done();
    // The disk is not what is being tried.
    if (event.state === 'done' && event.path !== undefined) rmSync(event.path);
  },
});
const seconds = (performance.now() - began) / 1000;
const trouble = problems.filter(({ severity }) => severity === 'error');
const done = (result?.outcomes ?? []).filter(({ state }) => state === 'done').length;
console.log(memory.lines().join('\n'));
console.log(`${count} frames, ${done} files in ${seconds.toFixed(0)} s with ${jobs} workers, exit code ${exitCode}`);
for (const { message } of trouble) console.error(message);
if (exitCode !== 0 || done !== count * 2) process.exit(1);
if (!memory.isSteady()) {
  console.error('The memory grew: the last quarter took more than the second one.');
  process.exit(1);
}
process.exit(0);
