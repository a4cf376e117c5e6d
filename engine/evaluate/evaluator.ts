// The evaluator: answers a want on a node with planes, by following origins to the nodes that make samples.
import { setImmediate as breathe } from 'node:timers/promises';
import { type Box, boxIntersection, boxIsEmpty } from '../base/box.ts';
import { asEngineError, EngineError } from '../base/error.ts';
import type { PartSpec } from '../image/spec.ts';
import type { ImageSource, Planes, Want } from '../image/want.ts';
import type { Finding, Inputs, Measure, Note, Notice } from '../node/define.ts';
import { convertPlane } from '../pixels/convert.ts';
import type { DeepPlanes } from '../pixels/deep.ts';
import { type Plane, recyclePlane, type SampleType } from '../pixels/plane.ts';
import type { Described, Descriptions, Feed } from '../plan/describe.ts';
import { type Trace, trace } from '../plan/trace.ts';
import type { PlaneCache } from './cache.ts';
import { constantPlane, crop, surround } from './compose.ts';
import { joinDeep } from './deep.ts';
import type { Source } from './fuse.ts';
import { Pointwise } from './pointwise.ts';

/** What happened to samples while they were made; a run adds it to its ledger. */
export interface Observer {
  /** Samples of a channel changed type at a node; `changed` of `samples` could not keep their value. */
  converted(event: {
    node: string;
    channel: string;
    from: SampleType;
    to: SampleType;
    samples: number;
    changed: number;
  }): void;
  noted(node: string, note: Note): void;
  found(node: string, frame: number, finding: Finding): void;
}

/** What a node tells of samples that it makes. */
type Saying = { readonly note: Note } | Finding;

/** A change of type; with a node, it is one that the node's parameters ask for and the observer hears of. */
interface Conversion {
  readonly type: SampleType;
  readonly node?: string;
}

/** Channels of a region of a source that one asker wants by several ways. */
interface Wish {
  readonly signal: AbortSignal;
  readonly channels: Set<string>;
  readonly planes: Promise<Planes>;
}

export interface EvaluatorOptions {
  /** Where planes are kept for later wants; it may outlive the evaluator, since its keys name the samples themselves. */
  readonly cache: PlaneCache;
  readonly observer?: Observer;
}

/** Whole frames that are kept for an asker who never says that a frame is done. */
const MOST_FRAMES = 16;

export class Evaluator {
  readonly #descriptions: Descriptions;
  readonly #cache: PlaneCache;
  readonly #observer: Observer | undefined;
  readonly #pointwise: Pointwise;
  /** Pulls under way, so that two wants for the same samples make them once. */
  readonly #pulls = new Map<string, Promise<Planes>>();
  /** What is wanted of sources in this turn, by region. */
  readonly #wishes = new Map<string, Wish>();
  /** What nodes that work on whole frames made, kept whatever the cache's budget until the frame is done. */
  readonly #frames = new Map<string, Planes>();
  /** Whether what sources make now is for one asker alone, who gives it back: it is not kept. */
  #unshared = false;
  /** What was said of planes when they were made, said again where a plane is used again. */
  readonly #said = new WeakMap<Plane, readonly Saying[]>();

  constructor(descriptions: Descriptions, options: EvaluatorOptions) {
    this.#descriptions = descriptions;
    this.#cache = options.cache;
    this.#observer = options.observer;
    this.#pointwise = new Pointwise(descriptions, options.cache, (from, box, signal) =>
      this.#region(from, box, signal),
    );
  }

  /**
   * Planes of a node's image at a frame, each covering the want's box exactly; outside the data window they hold 0,
   * or the fill that a node states. In the channels' own types, or converted where `as` is given.
   */
  async planes(id: string, frame: number, want: Want, signal: AbortSignal, as?: Conversion): Promise<Planes> {
    signal.throwIfAborted();
    const traces = await Promise.all(want.channels.map((name) => this.#trace(id, frame, want.part, name)));

    // One pull for each maker, whatever the number of ways that lead to it.
    const groups = new Map<string, { first: Trace; box: Box; channels: Set<string> }>();
    const boxes = traces.map((t) => t.surrounds.reduce((box, s) => boxIntersection(box, s.inner), want.box));
    traces.forEach((t, i) => {
      const box = boxes[i]!;
      if (t.channel.origin.from !== 'computed' || boxIsEmpty(box)) return;
      const key = groupKey(t, box);
      const group = groups.get(key) ?? { first: t, box, channels: new Set() };
      groups.set(key, group);
      group.channels.add(t.channel.name);
    });
    // Side by side, so that what they want of the same source is read together; of several errors the first group's.
    const pulls = await Promise.allSettled(
      [...groups.values()].map(({ first, box, channels }) =>
        this.#pull(first.node, first.frame, { part: first.part, channels: [...channels], box }, signal),
      ),
    );
    const made = new Map<string, Planes>();
    for (const [i, key] of [...groups.keys()].entries()) {
      const pull = pulls[i]!;
      if (pull.status === 'rejected') throw pull.reason;
      made.set(key, pull.value);
    }

    const answer = new Map<string, Plane>();
    traces.forEach((t, i) => {
      const box = boxes[i]!;
      const { origin, type, sampling, name } = t.channel;
      const inner =
        origin.from === 'constant' || boxIsEmpty(box)
          ? constantPlane(type, box, sampling, origin.from === 'constant' ? origin.value : 0)
          : crop(made.get(groupKey(t, box))!.get(name)!, box);
      const asked = want.channels[i]!;
      answer.set(asked, this.#outwards(asked, inner, t, want.box, as));
    });
    return answer;
  }

  /** Samples of a deep part of a node's image at a frame, in the channels' own types; the box lies in the data window. */
  async deep(id: string, frame: number, want: Want, signal: AbortSignal): Promise<DeepPlanes> {
    signal.throwIfAborted();
    const traces = await Promise.all(want.channels.map((name) => this.#trace(id, frame, want.part, name)));
    return joinDeep(want, traces, async (maker, wanted) => {
      const described = await this.#descriptions.describe(maker.node, maker.frame);
      const { pullDeep } = this.#descriptions.plan.nodes.get(maker.node)!.definition;
      try {
        const say = (saying: Saying): void => this.#tell(maker.node, maker.frame, saying);
        const ctx = await this.#pullContext(maker.node, maker.frame, described, signal, say);
        if (pullDeep && ctx) return await pullDeep(ctx as never, wanted);
        throw cannotMake(maker.node, maker.frame);
      } catch (thrown) {
        throw asEngineError(thrown, { node: maker.node, frame: maker.frame });
      }
    });
  }

  /** Says that a frame is done: what whole-frame nodes made for it is let go. */
  forgetFrames(): void {
    this.#frames.clear();
  }

  /**
   * Says whether planes are the asker's own from now on: they are not kept for later wants, and the memory of what is
   * given back is used for others. Only right where `comesFresh` is true, for samples that are asked for once.
   */
  lend(unshared: boolean): void {
    this.#unshared = unshared;
  }

  giveBack(planes: Planes): void {
    if (this.#unshared) for (const plane of planes.values()) recyclePlane(plane);
  }

  /** The planes of a node's input, as its `pull` asks for them. */
  source(node: string, port: string, frame: number, signal: AbortSignal): ImageSource {
    const sink = this.#descriptions.plan.nodes.get(node)?.definition.deliver !== undefined;
    const connected = (): Feed => {
      const feed = this.#descriptions.feeds(node, frame).find((f) => f.port === port);
      if (feed) return feed;
      throw new EngineError('invalid', 'input-missing', `${node}: input ${port} is not connected.`, { node });
    };
    return {
      deep: (want) => {
        const feed = connected();
        return this.deep(feed.node, feed.frame, want, signal);
      },
      planes: (want, as) => {
        const feed = connected();
        if (as === undefined) return this.planes(feed.node, feed.frame, want, signal);
        return this.planes(feed.node, feed.frame, want, signal, sink ? { type: as, node } : { type: as });
      },
    };
  }

  /** Sources for all inputs of a node, in the shape that its functions take. */
  sources(id: string, frame: number, signal: AbortSignal): Record<string, unknown> {
    const node = this.#descriptions.plan.nodes.get(id)!;
    const result: Record<string, unknown> = {};
    for (const [port, declared] of Object.entries(node.definition.inputs as Inputs)) {
      if (declared.many) result[port] = {};
    }
    for (const feed of this.#descriptions.feeds(id, frame)) {
      const [port = '', name] = feed.port.split('.');
      if (node.definition.inputs[port].kind !== 'image') continue;
      const source = this.source(id, feed.port, frame, signal);
      if (name === undefined) result[port] = source;
      else (result[port] as Record<string, ImageSource>)[name] = source;
    }
    return result;
  }

  async #trace(id: string, frame: number, part: number, name: string): Promise<Trace> {
    const found = await trace(this.#descriptions, id, frame, part, name);
    if (found) return found;
    const problem = (await this.#descriptions.problems(id, frame)).find((p) => p.severity === 'error');
    if (problem) throw new EngineError('invalid', problem.code, problem.message, problem.where);
    throw new EngineError(
      'invalid',
      'channel-unknown',
      `${id} has no channel ${name} in part ${part} at frame ${frame}.`,
      { node: id, channel: name, part },
    );
  }

  /** From the maker's plane to what the asker sees: windows grow, types change, in the order of the way. */
  #outwards(asked: string, inner: Plane, t: Trace, box: Box, as: Conversion | undefined): Plane {
    let plane = inner;
    const boxes: Box[] = [box];
    for (const s of t.surrounds) boxes.push(boxIntersection(boxes.at(-1)!, s.inner));
    for (let i = t.surrounds.length - 1; i >= 0; i--) plane = surround(plane, boxes[i]!, t.surrounds[i]!.fill);
    const steps: Conversion[] = [...t.types.slice(1), ...(as && as.type !== t.types.at(-1)?.type ? [as] : [])];
    for (const step of steps) {
      const { plane: converted, changed } = convertPlane(plane, step.type);
      if (step.node !== undefined) {
        this.#observer?.converted({
          node: step.node,
          channel: asked,
          from: plane.type,
          to: step.type,
          samples: plane.samples.length,
          changed,
        });
      }
      plane = converted;
    }
    return plane;
  }

  async #pull(id: string, frame: number, want: Want, signal: AbortSignal): Promise<Planes> {
    const { key, spec } = await this.#descriptions.describe(id, frame);
    const node = this.#descriptions.plan.nodes.get(id)!;
    if (this.#unshared) return this.#gathered(id, frame, want, key, signal);
    const part = node.definition.access === 'frame' ? spec?.parts[want.part] : undefined;
    const planeKey = (name: string): string => `${key}/${want.part}/${name}`;

    const found = new Map<string, Plane>();
    for (const name of want.channels) {
      const plane = this.#cache.get(planeKey(name), want.box);
      if (!plane) continue;
      found.set(name, plane);
      for (const saying of this.#said.get(plane) ?? []) this.#tell(id, frame, saying);
    }
    const missing = want.channels.filter((name) => !found.has(name));
    if (missing.length === 0) return found;

    const wanted = { ...want, channels: missing };
    const planes = part
      ? await this.#wholeFrame(id, frame, want.part, part, key, signal)
      : Object.values(node.definition.inputs as Inputs).every(({ kind }) => kind !== 'image')
        ? await this.#gathered(id, frame, wanted, key, signal)
        : await this.#shared(id, frame, wanted, key, signal);
    for (const [name, plane] of planes) this.#cache.put(planeKey(name), plane);
    for (const name of missing) {
      const plane = planes.get(name);
      if (!plane)
        throw new EngineError(
          'invalid',
          'internal',
          `${id} did not make channel ${name} that it describes as computed.`,
          { node: id, channel: name },
        );
      found.set(name, plane);
    }
    return found;
  }

  /** All that a node which works on whole frames makes of a part, made once. */
  async #wholeFrame(
    id: string,
    frame: number,
    index: number,
    part: PartSpec,
    key: string,
    signal: AbortSignal,
  ): Promise<Planes> {
    const frameKey = `${key}/${index}`;
    const known = this.#frames.get(frameKey);
    if (known) return known;
    const channels = part.channels.filter((c) => c.origin.from === 'computed').map((c) => c.name);
    const planes = await this.#shared(id, frame, { part: index, channels, box: part.dataWindow }, key, signal);
    this.#frames.set(frameKey, planes);
    if (this.#frames.size > MOST_FRAMES) this.#frames.delete(this.#frames.keys().next().value!);
    return planes;
  }

  /**
   * Asks a source for all that is wanted of a region in one turn: a file's chunks hold all channels, and would be
   * unpacked once for what a node computes from and again for what passes it by.
   */
  async #gathered(id: string, frame: number, want: Want, key: string, signal: AbortSignal): Promise<Planes> {
    const { part, channels, box } = want;
    const wishKey = `${key}/${part}/${box.minX},${box.minY},${box.maxX},${box.maxY}`;
    const known = this.#wishes.get(wishKey);
    if (known?.signal === signal) {
      for (const name of channels) known.channels.add(name);
      return known.planes;
    }
    const all = new Set(channels);
    const planes = breathe().then(() => {
      if (this.#wishes.get(wishKey)?.planes === planes) this.#wishes.delete(wishKey);
      return this.#shared(id, frame, { part, channels: [...all], box }, key, signal);
    });
    this.#wishes.set(wishKey, { signal, channels: all, planes });
    return planes;
  }

  /** Joins a pull for the same samples that is under way. Where that one's asker gives up, this one starts its own. */
  async #shared(id: string, frame: number, want: Want, key: string, signal: AbortSignal): Promise<Planes> {
    const { part, channels, box } = want;
    const pullKey = `${key}/${part}/${JSON.stringify([...channels].sort())}/${box.minX},${box.minY},${box.maxX},${box.maxY}`;
    for (;;) {
      let pull = this.#pulls.get(pullKey);
      if (!pull) {
        pull = this.#make(id, frame, want, signal).finally(() => this.#pulls.delete(pullKey));
        this.#pulls.set(pullKey, pull);
      }
      try {
        return await pull;
      } catch (thrown) {
        if (signal.aborted || asEngineError(thrown).kind !== 'cancelled') throw thrown;
      }
    }
  }

  async #make(id: string, frame: number, want: Want, signal: AbortSignal): Promise<Planes> {
    const node = this.#descriptions.plan.nodes.get(id)!;
    const described = await this.#descriptions.describe(id, frame);
    const { pull, pointwise } = node.definition;
    const said: Saying[] = [];
    const ctx = await this.#pullContext(id, frame, described, signal, (saying) => {
      said.push(saying);
      this.#tell(id, frame, saying);
    });
    if (!(pull || pointwise) || !ctx) throw cannotMake(id, frame);
    signal.throwIfAborted();
    try {
      const grouped = pointwise ? await this.#pointwise.make(id, frame, want, signal) : new Map<string, Plane>();
      const left = want.channels.filter((name) => !grouped.has(name));
      if (!pull || (pointwise && left.length === 0)) return grouped;
      const planes = await pull(ctx as never, pointwise ? { ...want, channels: left } : want);
      if (said.length > 0) for (const plane of planes.values()) this.#said.set(plane, said);
      return grouped.size > 0 ? new Map([...grouped, ...planes]) : planes;
    } catch (thrown) {
      throw asEngineError(thrown, { node: id, frame });
    }
  }

  /** What the functions of a node that make samples get; undefined where the node or its inputs are in error. */
  async #pullContext(
    id: string,
    frame: number,
    { params, spec }: Described,
    signal: AbortSignal,
    say: (saying: Saying) => void,
  ): Promise<object | undefined> {
    const node = this.#descriptions.plan.nodes.get(id)!;
    const inputs = await this.#descriptions.inputsOf(node, frame);
    if (!spec || !inputs) return undefined;
    const sources = this.sources(id, frame, signal);
    const sayings = {
      note: (note: Note) => say({ note }),
      report: (notice: Notice) => say({ notice }),
      measure: (measure: Measure) => say({ measure }),
    };
    return { ...this.#descriptions.context(node, params, frame), signal, inputs, spec, sources, ...sayings };
  }

  #tell(node: string, frame: number, saying: Saying): void {
    if ('note' in saying) this.#observer?.noted(node, saying.note);
    else this.#observer?.found(node, frame, saying);
  }

  async #region({ node, frame, part, channels }: Source, box: Box, signal: AbortSignal): Promise<Plane[]> {
    const planes = await this.planes(node, frame, { part, channels, box }, signal);
    return channels.map((name) => planes.get(name)!);
  }
}

const cannotMake = (node: string, frame: number): EngineError =>
  new EngineError('invalid', 'internal', `${node} describes computed channels but cannot make them.`, { node, frame });

const groupKey = (t: Trace, box: Box): string =>
  `${t.node}@${t.frame}/${t.part}/${box.minX},${box.minY},${box.maxX},${box.maxY}`;
