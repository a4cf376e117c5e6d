// A painter: makes the bands of pictures and answers probes, for one state of the document at a time.
import { setImmediate as breathe } from 'node:timers/promises';
import {
  type AnyNode,
  type Box,
  box,
  createRegistry,
  Descriptions,
  EngineError,
  Evaluator,
  FileServices,
  Findings,
  makePlan,
  type Observer,
  PlaneCache,
  type Planes,
  type Registry,
} from '../../../engine/index.ts';
import { Clock } from './clock.ts';
import { PointSampler } from './points.ts';
import { probeRow, sampleTexts } from './probe.ts';
import { BandSampler } from './resample.ts';
import {
  type Answer,
  BAND_ROWS,
  type BandTask,
  CELL_COLUMNS,
  MOST_CELLS,
  type ProbeTask,
  type SamplesTask,
  type Task,
  type WorkOrder,
} from './task.ts';

interface Present {
  readonly order: WorkOrder;
  readonly services: FileServices;
  readonly descriptions: Descriptions;
  readonly evaluator: Evaluator;
}

export class Painter {
  readonly #registry: Registry;
  readonly #clock = new Clock();
  readonly #cache: PlaneCache;
  readonly #findings = new Findings();
  #present: Present | undefined;
  #frame: number | undefined;

  constructor(nodes: readonly AnyNode[], cacheBytes: number) {
    this.#registry = createRegistry(nodes.map((node) => this.#clock.on(node)));
    this.#cache = new PlaneCache(cacheBytes);
  }

  /** Tasks from now on are about this state. Samples that do not depend on what changed stay in the cache. */
  begin(order: WorkOrder): void {
    const before = this.#present;
    const same =
      before !== undefined &&
      before.order.folder === order.folder &&
      before.order.look === order.look &&
      JSON.stringify(before.order.roots) === JSON.stringify(order.roots);
    if (before && !same) before.services.close();
    const services = same ? before.services : new FileServices({ folder: order.folder, roots: order.roots });
    const descriptions = new Descriptions(makePlan(order.document, this.#registry), {
      services,
      timeline: order.timeline,
      signal: new AbortController().signal,
    });
    const observer: Observer = {
      converted: () => {},
      noted: () => {},
      found: (node, frame, finding) => this.#findings.add(node, frame, finding),
    };
    const evaluator = new Evaluator(descriptions, { cache: this.#cache, observer });
    this.#present = { order, services, descriptions, evaluator };
    this.#findings.take();
    this.#frame = undefined;
  }

  /** Rejects with `cancelled` once the signal says so, within a cell. */
  async answer(task: Task, signal: AbortSignal): Promise<Answer> {
    signal.throwIfAborted();
    if (task.kind === 'held')
      return { kind: 'held', keys: [...new Set([...this.#cache.keys()].map((key) => key.split('/', 1)[0]!))] };
    if (!this.#present) throw new EngineError('invalid', 'internal', 'A picture was asked for before any document.');
    if (this.#frame !== task.frame) this.#present.evaluator.forgetFrames();
    this.#frame = task.frame;
    if (task.kind === 'band') return this.#band(this.#present, task, signal);
    return task.kind === 'probe'
      ? this.#probe(this.#present, task, signal)
      : this.#samples(this.#present, task, signal);
  }

  close(): void {
    this.#present?.services.close();
  }

  async #band({ evaluator }: Present, task: BandTask, signal: AbortSignal): Promise<Answer> {
    const { node, frame, part, dataWindow, region } = task;
    const Sampling = task.raster.type === 'uint' ? PointSampler : BandSampler;
    const sampler = new Sampling(task.raster, region.minY, region.maxY);
    const channels = [...new Set(task.channels.filter((name) => name !== null))];
    for (const cell of cellsOf(region, dataWindow)) {
      // The whole cell is asked for, so that a picture of a region beside this one finds it.
      const planes: Planes = await evaluator.planes(node, frame, { part, channels, box: cell }, signal);
      sampler.add(
        task.channels.map((name) => (name === null ? undefined : planes.get(name))),
        { ...region, minX: Math.max(region.minX, cell.minX), maxX: Math.min(region.maxX, cell.maxX) },
      );
      // Only what comes in between can cancel.
      await breathe();
      signal.throwIfAborted();
    }
    return { kind: 'band', rows: sampler.finish(), spent: this.#clock.take(), findings: this.#findings.take() };
  }

  async #probe({ descriptions, evaluator }: Present, task: ProbeTask, signal: AbortSignal): Promise<Answer> {
    const { node, frame, part } = task;
    const { spec } = await descriptions.describe(node, frame);
    const channels = spec?.parts[part]?.channels.map((channel) => channel.name) ?? [];
    const planes = await evaluator.planes(node, frame, { part, channels, box: task.box }, signal);
    return { kind: 'probe', rows: channels.map((name) => probeRow(name, planes.get(name)!)) };
  }

  async #samples({ evaluator }: Present, task: SamplesTask, signal: AbortSignal): Promise<Answer> {
    const { node, frame, part, channels, box } = task;
    const planes = await evaluator.planes(node, frame, { part, channels: [...new Set(channels)], box }, signal);
    return { kind: 'samples', texts: channels.map((name) => sampleTexts(planes.get(name)!, box)) };
  }
}

/**
 * The cells of the grid that a region of one band meets, cut to the data window. Neighbours are asked for as one, so that
 * chunks that lie in several of them are unpacked once.
 */
function cellsOf(region: Box, window: Box): Box[] {
  const cells: Box[] = [];
  const minY = region.minY - ((region.minY - window.minY) % BAND_ROWS);
  const maxY = Math.min(window.maxY, minY + BAND_ROWS - 1);
  const first = Math.floor((region.minX - window.minX) / CELL_COLUMNS);
  const last = Math.floor((region.maxX - window.minX) / CELL_COLUMNS);
  for (let i = first; i <= last; i += MOST_CELLS) {
    const minX = window.minX + i * CELL_COLUMNS;
    const end = Math.min(last, i + MOST_CELLS - 1);
    cells.push(box(minX, minY, Math.min(window.maxX, window.minX + (end + 1) * CELL_COLUMNS - 1), maxY));
  }
  return cells;
}
