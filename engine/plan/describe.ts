// Describing: the image that each node gives at a frame, without pixels, with its problems, losses and cache key.
import { canonicalJson, type Json } from '../base/canonical.ts';
import { asEngineError, EngineError } from '../base/error.ts';
import { fingerprint } from '../base/fingerprint.ts';
import type { Mesh } from '../image/mesh.ts';
import { withQualityOf } from '../image/quality.ts';
import type { ImageSpec, PartSpec } from '../image/spec.ts';
import type { BaseContext, Inputs, Loss, Services, Timeline } from '../node/define.ts';
import type { NodeProblem } from '../node/problem.ts';
import { placed } from './fix.ts';
import type { FilledParams } from './params.ts';
import type { Plan, PlanNode } from './plan.ts';
import { type Problem, problemOf } from './problem.ts';
import { reachOf } from './reach.ts';
import { paramsAt } from './resolve.ts';
import { type ComputedValue, type ValueCache, valuesOf } from './values.ts';
import { type Connection, isMany, type Source } from './wiring.ts';

/** What is known of a node's output at a frame. */
export interface Described {
  /** Absent where the node or something above it is in error. */
  readonly spec?: ImageSpec;
  /** The output of a node that gives no image. */
  readonly value?: Mesh;
  readonly params?: Readonly<Record<string, unknown>>;
  /** This node's own problems at this frame. */
  readonly problems: readonly Problem[];
  readonly losses: readonly Loss[];
  /** Of a source that changes what it finds in a file: the parts as they were found. */
  readonly found?: readonly PartSpec[];
  /**
   * Names the pixels: equal keys mean equal samples. Made of type, version, parameters, the keys of the inputs and the
   * identity of the files; it does not change with the frame where nothing of that does.
   */
  readonly key: string;
}

/** A node's input seen from a frame: which node feeds it, at which of its frames. */
export interface Feed {
  readonly port: string;
  readonly node: string;
  readonly frame: number;
}

export interface DescribeOptions {
  readonly services: Services;
  readonly timeline: Timeline;
  readonly signal: AbortSignal;
  /** How many frames of descriptions are kept; the oldest go first. */
  readonly keepFrames?: number;
}

/** More than this is no image but a graph that doubles itself at every node. */
const MOST_PARTS = 4096;
const MOST_CHANNELS = 65_536;

/** Describes nodes at frames on demand and remembers the answers. */
export class Descriptions {
  readonly plan: Plan;
  readonly #options: DescribeOptions;
  readonly #known = new Map<number, Map<string, Promise<Described>>>();
  readonly #values: ValueCache;
  /** True where a node looks at other frames than its own. */
  readonly #moves: boolean;
  readonly #reaches = new Map<string, 'fine' | Problem>();
  /** At how many frames one frame looks; as many more are kept. */
  #reach = 0;

  constructor(plan: Plan, options: DescribeOptions) {
    this.plan = plan;
    this.#options = options;
    this.#values = valuesOf(options.services);
    this.#moves = [...plan.nodes.values()].some(({ definition }) => definition.frameOf !== undefined);
  }

  get services(): Services {
    return this.#options.services;
  }

  /** The description of a node's image at a frame. Never rejects for what is wrong with the graph or its files. */
  describe(id: string, frame: number): Promise<Described> {
    const overreach = this.#overreach(id, frame);
    if (overreach) return Promise.resolve({ problems: [overreach], losses: [], key: '' });
    let nodes = this.#known.get(frame);
    if (!nodes) {
      nodes = new Map();
      this.#known.set(frame, nodes);
      const limit = (this.#options.keepFrames ?? 64) + this.#reach;
      if (this.#known.size > limit) this.#known.delete(this.#known.keys().next().value!);
    }
    let known = nodes.get(id);
    if (!known) {
      known = this.#make(id, frame);
      nodes.set(id, known);
    }
    return known;
  }

  /** Problems of a node and of all above it at a frame, those above first. */
  async problems(id: string, frame: number): Promise<Problem[]> {
    const found: Problem[] = [];
    for (const at of this.above(id, frame)) found.push(...(await this.describe(at.node, at.frame)).problems);
    return found;
  }

  /** A node at a frame and all above it, each once, those above first. Long chains take no stack. */
  above(id: string, frame: number): { readonly node: string; readonly frame: number }[] {
    if (this.#overreach(id, frame)) return [{ node: id, frame }];
    const open = (node: string, at: number) => ({ node, frame: at, feeds: this.feeds(node, at), next: 0 });
    const seen = new Set([`${id}@${frame}`]);
    const path = [open(id, frame)];
    const found: { node: string; frame: number }[] = [];
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const feed = top.feeds[top.next++];
      if (!feed) {
        found.push({ node: top.node, frame: top.frame });
        path.pop();
      } else if (!seen.has(`${feed.node}@${feed.frame}`)) {
        seen.add(`${feed.node}@${feed.frame}`);
        path.push(open(feed.node, feed.frame));
      }
    }
    return found;
  }

  /**
   * The outside things that a node and all above it are made from at a frame, as they are at this moment, which need not be as
   * they were described. Rejects where one of them cannot be looked at any more.
   */
  async identities(id: string, frame: number): Promise<string> {
    const found: Json[] = [];
    for (const at of this.above(id, frame)) {
      const node = this.plan.nodes.get(at.node);
      const identity = node?.definition.identity;
      const params = node?.sound && identity ? this.paramsAt(node, at.frame).values : undefined;
      if (node && identity && params) found.push(await identity(this.context(node, params, at.frame)));
    }
    return canonicalJson(found);
  }

  /** The inputs of a node at a frame, named ones as `port.name`. */
  feeds(id: string, frame: number): Feed[] {
    const node = this.plan.nodes.get(id);
    if (!node) return [];
    const { frameOf, uses } = node.definition;
    const params = (frameOf || uses) && this.paramsAt(node, frame).values;
    const at = (port: string): number => (params && frameOf ? frameOf({ params, frame }, port) : frame);
    const feeds = [...node.inputs].flatMap(([port, connection]) =>
      ends(port, connection).map(([name, source]) => ({ port: name, node: source.node, frame: at(name) })),
    );
    if (!params || !uses) return feeds;
    const needed = uses(
      { params, frame },
      feeds.map((feed) => feed.port),
    );
    return feeds.filter((feed) => needed.includes(feed.port));
  }

  /** What is wrong with a node that needs those above it at too many frames; undefined where nothing is. */
  #overreach(id: string, frame: number): Problem | undefined {
    if (!this.#moves) return undefined;
    const known = this.#reaches.get(id);
    if (known !== undefined) return known === 'fine' ? undefined : known;
    try {
      const needed = reachOf([...this.plan.nodes.keys()], (node, at) => this.feeds(node, at), id, frame);
      this.#reach = Math.max(this.#reach, ...needed.values());
      // What is above it reaches no further.
      for (const node of needed.keys()) this.#reaches.set(node, 'fine');
      return undefined;
    } catch (thrown) {
      const problem = problemOf(asEngineError(thrown, { node: id, frame }));
      this.#reaches.set(id, problem);
      return problem;
    }
  }

  paramsAt(node: PlanNode, frame: number): FilledParams {
    return paramsAt(node, this.plan, frame);
  }

  /** What every function of a node gets but the images on its inputs. */
  context(node: PlanNode, params: unknown, frame: number): Omit<BaseContext<unknown, Inputs>, 'inputs'> {
    const { services, timeline, signal } = this.#options;
    return { node: node.id, params, frame, timeline, services, signal };
  }

  /** The descriptions on a node's inputs, in the shape that its functions take; undefined where one is missing. */
  async inputsOf(node: PlanNode, frame: number): Promise<Record<string, unknown> | undefined> {
    const inputs: Record<string, unknown> = {};
    const declared = Object.entries(node.definition.inputs as Inputs);
    for (const [port, { many }] of declared) inputs[port] = many ? {} : undefined;
    for (const feed of this.feeds(node.id, frame)) {
      const { spec, value } = await this.describe(feed.node, feed.frame);
      if (!spec && !value) return undefined;
      const [port = '', name] = feed.port.split('.');
      if (name === undefined) inputs[port] = spec ?? value;
      else (inputs[port] as Record<string, ImageSpec | Mesh | undefined>)[name] = spec ?? value;
    }
    // What feeds a port may have turned out to give nothing, such as a template without an output.
    if (declared.some(([port, { optional }]) => !optional && inputs[port] === undefined)) return undefined;
    return inputs;
  }

  async #make(id: string, frame: number): Promise<Described> {
    const node = this.plan.nodes.get(id);
    if (!node?.sound) return { problems: [], losses: [], key: '' };
    // Nodes above are described from here on: in a turn of its own, so that a long chain does not fill the stack.
    await Promise.resolve();
    const filled = this.paramsAt(node, frame);
    const problems: Problem[] = [...filled.problems];
    const losses: Loss[] = [];
    let found: readonly PartSpec[] | undefined;
    const params = filled.values;
    if (!params) return { problems, losses, key: '' };
    try {
      const base = this.context(node, params, frame);
      // A list, since nodes may go by the order in which their named inputs were linked.
      const inputKeys: [port: string, key: string][] = [];
      const fed = new Map<string, ImageSpec>();
      for (const feed of this.feeds(id, frame)) {
        const { key, spec } = await this.describe(feed.node, feed.frame);
        inputKeys.push([feed.port, key]);
        if (spec) fed.set(feed.port, spec);
      }
      const identity = await node.definition.identity?.(base);
      const key = fingerprint({
        type: node.definition.type,
        version: node.definition.version,
        params: filled.canonical,
        inputs: inputKeys,
        identity,
        frame: node.definition.timed ? frame : undefined,
      } as Json);
      const inputs = await this.inputsOf(node, frame);
      const { compute } = node.definition;
      if (inputs && compute) {
        const made = await this.#values.get(key, async (): Promise<ComputedValue> => {
          const told: NodeProblem[] = [];
          const report = (problem: NodeProblem): void => {
            told.push(problem);
          };
          return { value: await compute({ ...base, inputs: inputs as never, report }), problems: told };
        });
        problems.push(...made.problems.map((problem) => placed(this.plan, node, frame, params, problem)));
        return { value: made.value, params, problems, losses, key };
      }
      if (!inputs || !node.definition.spec) return { params, problems, losses, key };
      const given = await node.definition.spec({
        ...base,
        inputs: inputs as never,
        report: (problem: NodeProblem) => problems.push(placed(this.plan, node, frame, params, problem)),
        lose: (loss: Loss) => losses.push(loss),
        found: (parts: readonly PartSpec[]) => {
          found = parts;
        },
      });
      refuseHuge(given);
      const spec = fed.size > 0 ? withQualityOf(withoutStaleChunks(given), fed) : given;
      return { spec, params, problems, losses, key, ...(found ? { found } : {}) };
    } catch (thrown) {
      problems.push(problemOf(asEngineError(thrown, { node: id, frame })));
      return { params, problems, losses, key: '' };
    }
  }
}

/** What a node computes from its inputs is not what the chunks hold that an input was read from. */
function withoutStaleChunks(image: ImageSpec): ImageSpec {
  const isStale = ({ stored, channels }: PartSpec): boolean =>
    (stored?.chunks !== undefined || stored?.copyOnly === true) && channels.some((c) => c.origin.from === 'computed');
  if (!image.parts.some(isStale)) return image;
  const renewed = (part: PartSpec): PartSpec => {
    const { chunks: _, copyOnly: __, ...stored } = part.stored!;
    return { ...part, stored };
  };
  return { ...image, parts: image.parts.map((part) => (isStale(part) ? renewed(part) : part)) };
}

function refuseHuge({ parts }: ImageSpec): void {
  const channels = parts.reduce((sum, part) => sum + part.channels.length, 0);
  if (parts.length <= MOST_PARTS && channels <= MOST_CHANNELS) return;
  throw new EngineError(
    'invalid',
    'image-too-large',
    `Expected at most ${MOST_PARTS} parts and ${MOST_CHANNELS} channels, found ${parts.length} and ${channels}. Take fewer of them.`,
  );
}

function ends(port: string, connection: Connection): [string, Source][] {
  return isMany(connection)
    ? [...connection].map(([name, source]) => [`${port}.${name}`, source])
    : [[port, connection]];
}
