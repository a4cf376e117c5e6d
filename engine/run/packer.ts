// Packing: one piece of one frame of a sink, from a want to packed bytes. The same code runs in workers and without any.

import { EngineError } from '../base/error.ts';
import type { Document } from '../document/schema.ts';
import { PlaneCache } from '../evaluate/cache.ts';
import { Evaluator } from '../evaluate/evaluator.ts';
import { comesFresh } from '../evaluate/fresh.ts';
import type { Planes } from '../image/want.ts';
import type { Delivery, Inputs, SampleCount, Sink, SinkContext, Timeline } from '../node/define.ts';
import type { Registry } from '../node/registry.ts';
import { Descriptions } from '../plan/describe.ts';
import { makePlan, type Overrides, type Plan } from '../plan/plan.ts';
import { type KeptValue, valuesOf } from '../plan/values.ts';
import { FileServices } from './services.ts';
import { sinkContext } from './sinking.ts';
import { type PlainTally, Tally } from './tally.ts';

/** All that a worker needs to make the same plan as the run. Plain data. */
export interface Job {
  readonly document: Document;
  readonly overrides: Overrides;
  readonly folder: string;
  readonly roots?: readonly string[];
  readonly timeline: Timeline;
  /** Modules of node packs to load, absolute. */
  readonly packs: readonly string[];
  /** Bytes of planes that one worker may keep. */
  readonly cacheBytes: number;
  /** Meshes and the like that were made when the graph was looked at, so that nobody makes them anew. */
  readonly values: readonly KeptValue[];
}

/** Which pieces of which frame. */
export interface PackTask {
  readonly sink: string;
  readonly frame: number;
  readonly pieces: readonly number[];
  /** The key of the frame as the run described it; another one here means that an input changed in between. */
  readonly key: string;
}

export interface Packed {
  /** For each piece of the task, its packed chunks. */
  readonly bytes: readonly (readonly Uint8Array[])[];
  readonly tally: PlainTally;
}

type AnySink = Sink<unknown, Inputs>;

interface Planned {
  readonly key: string;
  readonly ctx: SinkContext<unknown, Inputs>;
  readonly delivery: Delivery;
  readonly fresh: boolean;
}

/** Evaluates and packs pieces; one for a worker thread, or one for the whole run where there are no workers. */
export class Packer {
  readonly #plan: Plan;
  readonly #services: FileServices;
  readonly #descriptions: Descriptions;
  readonly #evaluator: Evaluator;
  readonly #tally = new Tally();
  readonly #deliveries = new Map<string, Promise<Planned>>();

  constructor(job: Job, registry: Registry) {
    this.#plan = makePlan(job.document, registry, job.overrides);
    this.#services = new FileServices({ folder: job.folder, ...(job.roots ? { roots: job.roots } : {}) });
    valuesOf(this.#services).adopt(job.values);
    this.#descriptions = new Descriptions(this.#plan, {
      services: this.#services,
      timeline: job.timeline,
      signal: new AbortController().signal,
      keepFrames: 8,
    });
    this.#evaluator = new Evaluator(this.#descriptions, {
      cache: new PlaneCache(job.cacheBytes),
      observer: this.#tally,
    });
  }

  async pack(task: PackTask, signal: AbortSignal): Promise<Packed> {
    const node = this.#plan.nodes.get(task.sink);
    const sink = node?.definition.deliver as AnySink | undefined;
    if (!node || !sink)
      throw new EngineError('invalid', 'internal', `${task.sink} is not a sink of this graph.`, { node: task.sink });
    const { key, ctx, delivery, fresh } = await this.#delivery(task);
    if (key !== task.key) throw inputChanged(task);
    // What a piece that failed left behind is not this one's.
    this.#tally.take();
    const packing = {
      ...ctx,
      signal,
      sources: this.#evaluator.sources(task.sink, task.frame, signal) as never,
      count: (samples: SampleCount) => this.#tally.counted(task.sink, samples),
      giveBack: (planes: Planes) => this.#evaluator.giveBack(planes),
    };
    const bytes: Uint8Array[][] = [];
    for (const index of task.pieces) {
      signal.throwIfAborted();
      const piece = delivery.pieces[index]!;
      this.#evaluator.lend(fresh && piece.apart === true);
      bytes.push(await sink.pack(packing, piece, delivery));
    }
    this.#evaluator.forgetFrames();
    return { bytes, tally: this.#tally.take() };
  }

  close(): void {
    this.#services.close();
  }

  #delivery(task: PackTask): Promise<Planned> {
    const key = `${task.sink}@${task.frame}`;
    let known = this.#deliveries.get(key);
    if (!known) {
      known = (async () => {
        const ctx = await sinkContext(this.#descriptions, task.sink, task.frame);
        const sink = this.#plan.nodes.get(task.sink)!.definition.deliver as AnySink;
        const { key } = await this.#descriptions.describe(task.sink, task.frame);
        const fresh = await comesFresh(this.#descriptions, task.sink, task.frame);
        return { key, ctx, delivery: await sink.plan({ ...ctx, report: () => {} }), fresh };
      })();
      this.#deliveries.set(key, known);
      if (this.#deliveries.size > 8) this.#deliveries.delete(this.#deliveries.keys().next().value!);
    }
    return known;
  }
}

/** Why a frame fails whose inputs are not what they were when it was described. */
export const inputChanged = ({ sink, frame }: Pick<PackTask, 'sink' | 'frame'>): EngineError =>
  new EngineError(
    'io',
    'file-changed',
    `An input of frame ${frame} changed while the frame was made. Render it again when nothing writes to it.`,
    { node: sink, frame },
  );
