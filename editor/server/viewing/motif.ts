// What is looked at where a node is viewed: its image, that of the node which feeds it, or one made of it for looking.
import {
  type AnyNode,
  Descriptions,
  type Document,
  makePlan,
  type Registry,
  type Work,
} from '../../../engine/index.ts';
import { FLATTENED, type Step } from '../../../nodes/index.ts';
import type { View } from '../../protocol.ts';
import type { WorkOrder } from './task.ts';

/** A graph that pictures are made of. */
export type Seen = Pick<Work, 'document' | 'plan' | 'descriptions'>;

export interface Motif {
  /** The document as it is, or with nodes behind the one that is viewed. */
  readonly work: Seen;
  readonly order: WorkOrder;
  /** The node whose image is looked at; undefined where there is none. */
  readonly node: string | undefined;
}

/** The state of the document, for this thread and for the others. */
export interface State {
  readonly work: Work;
  readonly order: WorkOrder;
}

/**
 * The node whose image stands for a node that is looked at: itself, or what feeds it where it only takes an image in.
 * Undefined where there is none.
 */
export function imageNode({ plan, descriptions }: Seen, id: string, frame: number): string | undefined {
  const node = plan.nodes.get(id);
  if (!node || node.definition.spec) return node?.id;
  const { inputs } = node.definition;
  return descriptions.feeds(id, frame).find(({ port }) => inputs[port.split('.')[0]!]?.kind === 'image')?.node;
}

/** Ids of nodes behind others: no node of a document has such a one, and what stands before the stroke is the other's. */
const idBehind = (node: string, step: number): string => `${node}/(shown ${step})`;

export class Motifs {
  readonly #registry: () => Registry;
  /** Graphs with nodes behind others, as long as the state of the document that they were made of. */
  readonly #made = new WeakMap<Work, Map<string, Motif>>();

  constructor(registry: () => Registry) {
    this.#registry = registry;
  }

  async of(state: State, { node: id, frame, part }: Pick<View, 'node' | 'frame' | 'part'>): Promise<Motif> {
    const node = imageNode(state.work, id, frame);
    if (node === undefined) return { ...state, node };
    const { spec } = await state.work.descriptions.describe(node, frame);
    return spec?.parts[part]?.kind === 'deep' ? this.#behind(state, node, FLATTENED) : { ...state, node };
  }

  #behind(state: State, node: string, steps: readonly Step[]): Motif {
    const motifs = this.#made.get(state.work) ?? new Map<string, Motif>();
    this.#made.set(state.work, motifs);
    const key = JSON.stringify([node, steps]);
    const known = motifs.get(key);
    if (known) return known;
    const registry = this.#registry();
    const { work, order } = state;
    const { document, node: last } = lengthened(work, registry, node, steps);
    const plan = makePlan(document, registry, work.plan.overrides);
    const { services } = work.descriptions;
    const signal = new AbortController().signal;
    const descriptions = new Descriptions(plan, { services, timeline: order.timeline, signal });
    const motif = { work: { document, plan, descriptions }, order: { ...order, document }, node: last };
    motifs.set(key, motif);
    return motif;
  }
}

/** The document with steps behind a node, each linked to the one before, and the last one's id. */
function lengthened(
  { document, plan }: Seen,
  registry: Registry,
  node: string,
  steps: readonly Step[],
): { readonly document: Document; readonly node: string } {
  const nodes = { ...document.nodes };
  const links = [...document.links];
  let from = { id: node, definition: plan.nodes.get(node)!.definition };
  for (const [i, { type, params }] of steps.entries()) {
    const definition = registry.get(type)!;
    const id = idBehind(node, i);
    nodes[id] = { type, version: definition.version, params, at: [0, 0] };
    links.push({ from: `${from.id}.${outputOf(from.definition)}`, to: `${id}.${inputOf(definition)}` });
    from = { id, definition };
  }
  return { document: { ...document, nodes, links }, node: from.id };
}

const outputOf = ({ outputs }: AnyNode): string => Object.keys(outputs ?? {})[0] ?? 'image';
const inputOf = ({ inputs }: AnyNode): string => Object.keys(inputs)[0]!;
