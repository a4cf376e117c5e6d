// What is looked at where a node is viewed: its image, that of the node which feeds it, or one made of it for looking.
import {
  type AnyNode,
  Descriptions,
  type Document,
  makePlan,
  type Registry,
  type Work,
} from '../../../engine/index.ts';
import { CHARTED, chartsDrawn, FLATTENED, type Step } from '../../../nodes/index.ts';
import type { ChartsView } from '../../picture.ts';
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
  /** Where the image shows the charts of a mesh. */
  readonly charts?: ChartsView;
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

/** What is looked at of a node, and of the charts of a mesh. */
type Viewed = Pick<View, 'node' | 'frame' | 'part' | 'charts'>;

export class Motifs {
  readonly #registry: () => Registry;
  /** Graphs with nodes behind others, as long as the state of the document that they were made of. */
  readonly #made = new WeakMap<Work, Map<string, Motif>>();

  constructor(registry: () => Registry) {
    this.#registry = registry;
  }

  async of(state: State, { node: id, frame, part, charts }: Viewed): Promise<Motif> {
    const { value: mesh } = await state.work.descriptions.describe(id, frame);
    if (mesh) return this.#charts(state, id, frame, charts);
    const node = imageNode(state.work, id, frame);
    if (node === undefined) return { ...state, node };
    const { spec } = await state.work.descriptions.describe(node, frame);
    return spec?.parts[part]?.kind === 'deep' ? this.#behind(state, node, FLATTENED) : { ...state, node };
  }

  /** The charts of a node's mesh on one tile; where it has none, those that are found with nothing said. */
  async #charts(state: State, id: string, frame: number, { tile, texels }: Viewed['charts'] = {}): Promise<Motif> {
    const { descriptions } = state.work;
    const own = (await descriptions.describe(id, frame)).value?.charts;
    const charted = own ? undefined : this.#behind(state, id, CHARTED);
    const charts = own ?? (await charted!.work.descriptions.describe(charted!.node!, frame)).value?.charts;
    // What is wrong with the mesh is told where it is looked for.
    if (!charts) return charted!;
    const { tiles, uvSet, overlaps } = charts;
    const shown = tile !== undefined && tiles.includes(tile) ? tile : (tiles[0] ?? 1001);
    const steps = [...(own ? [] : CHARTED), ...chartsDrawn(shown, texels)];
    const mirrored = charts.charts.filter(({ flipU, flipV }) => flipU || flipV).length;
    return {
      ...this.#behind(state, id, steps),
      charts: { tile: shown, tiles, uvSet, count: charts.charts.length, mirrored, overlaps: overlaps.length },
    };
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
