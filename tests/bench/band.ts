// Renders bands of 16 rows of the benchmark's frame and packs them, in a worker thread.
import { parentPort, workerData } from 'node:worker_threads';
import { box, type Plane, packChunk, type WritePart } from '../../engine/authoring.ts';
import { convertPlane } from '../../engine/pixels/convert.ts';
import { FARTHEST, LAYERS, renderPicture } from '../../fixtures/shot/picture.ts';
import { hash } from '../../fixtures/shot/random.ts';

export interface BandOrder {
  readonly width: number;
  readonly height: number;
  /** The picture repeats after so many rows. */
  readonly period: number;
  readonly parts: readonly WritePart[];
  /** Bands `first`, `first + step`, … below `count` are made. */
  readonly first: number;
  readonly step: number;
  readonly count: number;
}

export interface PackedBand {
  readonly index: number;
  /** One chunk for each part. */
  readonly packed: readonly Uint8Array[];
}

const ROWS = 16;

const SURFACES = ['N.X', 'N.Y', 'N.Z', 'Z'];
const LIGHTS = ['R', 'G', 'B', 'specular.R', 'specular.G', 'specular.B'];

/** Rough surfaces and grain, so that the file is as large as one from production: bare spheres compress too well. */
function addDetail({ width, period }: BandOrder, index: number, samples: ReadonlyMap<string, Float32Array>): void {
  for (const [n, name] of [...SURFACES, ...LIGHTS].entries()) {
    const plane = samples.get(name)!;
    for (let i = 0; i < plane.length; i++) {
      const value = plane[i]!;
      if (value === 0 || value === FARTHEST) continue;
      const y = (index * ROWS + Math.floor(i / width)) % period;
      const detail = hash(i % width, y, n + 101) - 0.5;
      plane[i] = n < SURFACES.length ? value + detail * 0.08 : value * (1 + detail * 0.15);
    }
  }
}

/** Floats of all layers, diffuse light among them, for one band. */
function renderBand(order: BandOrder, index: number): Map<string, Float32Array> {
  const { width, height, period } = order;
  const top = index * ROWS;
  const rows = Math.min(ROWS, height - top);
  const samples = new Map<string, Float32Array>(LAYERS.map((name) => [name, new Float32Array(rows * width)]));
  for (let row = 0; row < rows; row++) {
    const y = (top + row) % period;
    // One ray a pixel: the grain that it leaves is that of a render, and compresses like one.
    const line = renderPicture(0.4, { width, height: period, grid: 1, rows: { from: y, to: y + 1 } });
    for (const name of LAYERS) samples.get(name)!.set(line.layers[name], row * width);
  }
  addDetail(order, index, samples);
  for (const c of ['R', 'G', 'B']) {
    const specular = samples.get(`specular.${c}`)!;
    samples.set(
      `diffuse.${c}`,
      samples.get(c)!.map((light, i) => light - specular[i]!),
    );
  }
  return samples;
}

function pack(order: BandOrder, index: number): PackedBand {
  const rendered = renderBand(order, index);
  const window = box(0, index * ROWS, order.width - 1, Math.min(order.height, (index + 1) * ROWS) - 1);
  const packed = order.parts.map((part) => {
    const planes = part.channels.map(({ name, type, sampling }): [string, Plane] => {
      const rows = window.maxY - window.minY + 1;
      const samples = rendered.get(name)!;
      return [
        name,
        convertPlane({ type: 'float', box: window, sampling, columns: order.width, rows, samples }, type).plane,
      ];
    });
    return packChunk(part, index, new Map(planes));
  });
  return { index, packed };
}

const order = workerData as BandOrder;
for (let index = order.first; index < order.count; index += order.step) parentPort?.postMessage(pack(order, index));
