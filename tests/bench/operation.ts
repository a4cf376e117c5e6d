// Times operations on pixels in memory, in two threads that share the rows of a frame: no file is read or written.
// Arguments: one of the operations below. Prints the median of five passes after a first one, in seconds.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { type AnyNode, createPlane, defineNode, type Plane } from '../../engine/authoring.ts';
import { box } from '../../engine/base/box.ts';
import type { Document } from '../../engine/document/schema.ts';
import { bench, graph, type NodeSketch, never } from '../run/graph.ts';
import { median } from './measure.ts';

const [WIDTH, HEIGHT] = [4096, 1716];
/** Rows of a band: as many as a run gives a worker at once of such a frame. */
const ROWS = 32;
const THREADS = 2;
const PASSES = 5;
const CHANNELS = ['A', 'B', 'G', 'R'];

/** Floats by formula, made once for all bands: later ones are views of them. */
const memory = defineNode({
  type: 'bench.memory',
  version: 1,
  title: 'Memory',
  doc: 'An image that lies in memory.',
  params: z.strictObject({ alpha: z.number().default(1) }),
  inputs: {},
  spec: () => ({
    parts: [
      {
        kind: 'flat',
        dataWindow: box(0, 0, WIDTH - 1, HEIGHT - 1),
        displayWindow: box(0, 0, WIDTH - 1, HEIGHT - 1),
        channels: CHANNELS.map((name) => ({
          name,
          type: 'float',
          sampling: { x: 1, y: 1 },
          pLinear: 0,
          origin: { from: 'computed' },
        })),
        attributes: [],
      },
    ],
  }),
  pull: async ({ params }, want) =>
    new Map(want.channels.map((name): [string, Plane] => [name, rowsOf(name, params.alpha, want.box)])),
});

const made = new Map<string, Float32Array>();

function rowsOf(name: string, alpha: number, region: Plane['box']): Plane {
  const key = `${name} ${alpha}`;
  let samples = made.get(key);
  if (!samples) {
    samples = new Float32Array(WIDTH * ROWS);
    for (let i = 0; i < samples.length; i++) samples[i] = name === 'A' ? alpha : ((i * 31) % 1009) / 400;
    made.set(key, samples);
  }
  const count = WIDTH * (region.maxY - region.minY + 1);
  return { ...createPlane('float', box(0, 0, -1, -1)), box: region, samples: samples.subarray(0, count) };
}

/** Nodes in a row behind one image. */
function row(...sketches: readonly NodeSketch[]): Document {
  const ids = sketches.map((_, i) => (i === sketches.length - 1 ? 'last' : `step${i}`));
  return graph(
    { image: { type: 'bench.memory' }, ...Object.fromEntries(ids.map((id, i) => [id, sketches[i]!])) },
    ids.map((id, i) => `${i === 0 ? 'image' : ids[i - 1]}.image > ${id}.image`),
  );
}

const balance: NodeSketch = { type: 'color.grade', params: { multiply: [1.1, 0.9, 1.05], offset: [0.01, 0, 0.02] } };
const gamma: NodeSketch = { type: 'color.grade', params: { gamma: [1.2, 0.9, 1.1], gain: [0.3, 0.4, 0.5] } };
const matrix: NodeSketch = { type: 'color.matrix', params: { red: [0.9, 0.1, 0], blue: [0, 0.3, 0.7] } };
const exposure: NodeSketch = { type: 'color.exposure', params: { stops: 0.5 } };
const saturation: NodeSketch = { type: 'color.saturation', params: { saturation: 0.8 } };
const ten = (sketch: NodeSketch): NodeSketch[] => Array.from({ length: 10 }, () => sketch);
const mixed = [exposure, balance, matrix, saturation, balance, exposure, matrix, saturation, balance, exposure];

const OPERATIONS: Readonly<Record<string, Document>> = {
  over: graph(
    {
      a: { type: 'bench.memory', params: { alpha: 0.5 } },
      b: { type: 'bench.memory' },
      last: { type: 'merge.merge', params: { operation: 'over' } },
    },
    ['a.image > last.A', 'b.image > last.B'],
  ),
  convert: row({ type: 'color.convert', params: { from: 'lin_ap1_scene', to: 'srgb_rec709_scene' } }),
  balance: row(balance),
  balances: row(...ten(balance)),
  gamma: row(gamma),
  gammas: row(...ten(gamma)),
  matrix: row(matrix),
  mixed: row(...mixed),
};

async function pass(document: Document, first: number): Promise<void> {
  const { evaluator } = bench(document, { more: [memory as AnyNode] });
  for (let y = first * ROWS; y < HEIGHT; y += THREADS * ROWS) {
    const region = box(0, y, WIDTH - 1, Math.min(HEIGHT, y + ROWS) - 1);
    await evaluator.planes('last', 1, { part: 0, channels: CHANNELS, box: region }, never);
  }
}

if (isMainThread) {
  const name = process.argv[2] ?? '';
  if (!Object.hasOwn(OPERATIONS, name)) throw new Error(`Expected one of ${Object.keys(OPERATIONS).join(', ')}.`);
  const workers = Array.from(
    { length: THREADS },
    (_, first) =>
      new Worker(new URL(import.meta.url), {
        workerData: { name, first },
        // As a run's workers.
        resourceLimits: { maxYoungGenerationSizeMb: 4 },
      }),
  );
  const times: number[] = [];
  for (let i = 0; i <= PASSES; i++) {
    const started = performance.now();
    await Promise.all(
      workers.map((worker) => {
        const done = new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
        worker.postMessage('go');
        return done;
      }),
    );
    if (i > 0) times.push((performance.now() - started) / 1000);
  }
  await Promise.all(workers.map((worker) => worker.terminate()));
  console.log(`seconds ${median(times).toFixed(4)}`);
} else {
  const { name, first } = workerData as { readonly name: string; readonly first: number };
  parentPort?.on('message', async () => {
    await pass(OPERATIONS[name]!, first);
    parentPort?.postMessage('done');
  });
}
