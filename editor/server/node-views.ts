// Node views: what clients know of each node, and which of it changed since they were told last.
import {
  type AnyNode,
  colourStatement,
  type Described,
  type Document,
  type ImageSpec,
  type Overview,
  type Registry,
} from '../../engine/index.ts';
import { CHARTS_IMAGE } from '../../nodes/index.ts';
import type { NodeView } from '../protocol.ts';

/** A description without what only an engine needs: attributes, the order of headers, where chunks and pictures lie. */
export const bareImage = ({ parts, substitutions }: ImageSpec): ImageSpec => ({
  parts: parts.map(({ attributes: _, picture: __, stored, ...part }) => ({
    ...part,
    attributes: [],
    ...(stored ? { stored: bareStorage(stored) } : {}),
  })),
  ...(substitutions && substitutions.length > 0 ? { substitutions } : {}),
});

const bareStorage = (stored: NonNullable<ImageSpec['parts'][number]['stored']>) => {
  const { chunks: _, ...rest } = stored;
  return { ...rest, headerOrder: [] };
};

/** What goes on in the threads that make pictures. */
export interface Activity {
  readonly computing: ReadonlySet<string>;
  /** Keys of descriptions of which there are samples. */
  readonly held: ReadonlySet<string>;
  /** Node → milliseconds in the last picture. */
  readonly spent: ReadonlyMap<string, number>;
}

interface Bare {
  readonly image: ImageSpec;
  readonly colours: readonly string[];
  readonly text: string;
}

export class NodeViews {
  readonly #registry: Registry;
  /** What was told last, with its text, by which changes are found. */
  #told = new Map<string, { view: NodeView; text: string }>();
  /** One description is shown by the node that gives it and by all that take it. */
  readonly #bare = new WeakMap<ImageSpec, Bare>();

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** Everything that was told so far. */
  get all(): Record<string, NodeView> {
    return Object.fromEntries([...this.#told].map(([id, { view }]) => [id, view]));
  }

  /** The views that differ from those told last; null for nodes that are gone. Undefined where nothing changed. */
  update(overview: Overview, activity: Activity): Record<string, NodeView | null> | undefined {
    const { document } = overview.work;
    const errors = overview.problems.filter((p) => p.severity === 'error' && p.where.node !== undefined);
    const wrong = new Set(errors.map((p) => outermost(p.where.node!)));
    const computing = new Set([...activity.computing].map(outermost));
    const told = new Map<string, { view: NodeView; text: string }>();
    const changed: Record<string, NodeView | null> = {};
    for (const id of Object.keys(document.nodes)) {
      const made = this.#make(overview, { ...activity, computing }, id, wrong.has(id));
      told.set(id, made);
      if (this.#told.get(id)?.text !== made.text) changed[id] = made.view;
    }
    for (const id of this.#told.keys()) if (!told.has(id)) changed[id] = null;
    this.#told = told;
    return Object.keys(changed).length > 0 ? changed : undefined;
  }

  #make(overview: Overview, activity: Activity, id: string, wrong: boolean): { view: NodeView; text: string } {
    const { work, described } = overview;
    const own = described.get(id);
    const image = own?.spec && this.#bareOf(own.spec);
    const inputs = this.#inputs(overview, id).flatMap(({ port, spec }) =>
      spec ? [{ port, bare: this.#bareOf(spec) }] : [],
    );
    const summary = this.#summary(work.document, id, own);
    const spent = activity.spent.get(id);
    const state = stateOf(work.document, id, wrong, own?.key, activity);
    const rest = {
      ...(summary === undefined || summary === '' ? {} : { summary }),
      ...drivenOf(overview, id),
      ...(spent === undefined ? {} : { spent: Math.round(spent * 10) / 10 }),
      state,
    };
    const view: NodeView = {
      ...(image ? { image: image.image, colours: image.colours } : {}),
      ...(own?.value ? { charts: CHARTS_IMAGE } : {}),
      inputs: Object.fromEntries(inputs.map(({ port, bare }) => [port, bare.image])),
      ...rest,
    };
    const text = [
      JSON.stringify(rest),
      own?.value ? 'mesh' : (image?.text ?? ''),
      ...inputs.flatMap(({ port, bare }) => [port, bare.text]),
    ].join('\0');
    return { view, text };
  }

  /**
   * What the inputs of a node bring at the frame; of one that stands for a graph, or that chooses among its inputs, by the
   * links that lead to it.
   */
  #inputs({ work, described, frame }: Overview, id: string): { port: string; spec: ImageSpec | undefined }[] {
    const definition = this.#definition(work.document, id);
    if (definition?.expand || definition?.uses) {
      return work.document.links
        .filter((link) => link.to.startsWith(`${id}.`))
        .map((link) => ({
          port: link.to.slice(id.length + 1),
          spec: described.get(link.from.slice(0, link.from.indexOf('.')))?.spec,
        }));
    }
    return work.descriptions
      .feeds(id, frame)
      .map((feed) => ({ port: feed.port, spec: feed.frame === frame ? described.get(feed.node)?.spec : undefined }));
  }

  #summary(document: Document, id: string, own: Described | undefined): string | undefined {
    const definition = this.#definition(document, id);
    const params = definition?.expand ? definition.params.safeParse(document.nodes[id]?.params).data : own?.params;
    if (!definition || params === undefined) return undefined;
    try {
      return definition.summary?.(params);
    } catch {
      return undefined; // a node of a pack that fails at its own summary goes without
    }
  }

  #definition(document: Document, id: string): AnyNode | undefined {
    const type = document.nodes[id]?.type;
    return type === undefined ? undefined : this.#registry.get(type);
  }

  #bareOf(spec: ImageSpec): Bare {
    const known = this.#bare.get(spec);
    if (known) return known;
    const image = bareImage(spec);
    const colours = spec.parts.map((part) => colourStatement(part, spec.parts[0]!.attributes) ?? '');
    const bare = { image, colours, text: JSON.stringify([image, colours]) };
    this.#bare.set(spec, bare);
    return bare;
  }
}

/** The node of the document that a node of the plan belongs to: `grade` of `grade/tint`. */
const outermost = (id: string): string => id.split('/', 1)[0]!;

/** What the animated parameters of a node are at the frame. */
function drivenOf({ work, frame }: Overview, id: string): Pick<NodeView, 'driven'> {
  const driven = work.plan.drivers.at(id, frame);
  if (driven.length === 0) return {};
  return {
    driven: Object.fromEntries(driven.flatMap(({ path, value }) => (value === undefined ? [] : [[path, value]]))),
  };
}

function stateOf(
  document: Document,
  id: string,
  wrong: boolean,
  key: string | undefined,
  { computing, held }: Activity,
): NodeView['state'] {
  if (document.nodes[id]?.disabled) return 'disabled';
  if (wrong) return 'error';
  if (computing.has(id)) return 'computing';
  return key !== undefined && key !== '' && held.has(key) ? 'cached' : 'idle';
}
