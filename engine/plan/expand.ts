// Expanding: nodes that stand for a graph are replaced by the nodes of that graph, before links are resolved.
import type { Json } from '../base/canonical.ts';
import { asEngineError, EngineError } from '../base/error.ts';
import type { Animations } from '../document/animation.ts';
import { parseEmbedded } from '../document/load.ts';
import { type Document, type DocumentNode, LIMITS, type Link, nodeOf, parseLinkEnd } from '../document/schema.ts';
import { outputsOf } from '../node/catalogue.ts';
import type { AnyNode, Expansion } from '../node/define.ts';
import { type Registry, upgradeParams } from '../node/registry.ts';
import { bindAnimations, bindTexts, bindValues, type Change, type Changed, withChanges } from './bind.ts';
import type { Problem } from './problem.ts';

/** How deep graphs may stand inside each other. */
export const MOST_NESTED = 8;

/** An input of an embedding node to which nothing is linked. */
export interface OpenEnd {
  readonly node: string;
  /** Its name at the node's port. */
  readonly input: string;
}

export interface Expanded {
  /** The document with every graph in the place of its node. The inner nodes of `grade` are called `grade/…`. */
  readonly document: Document;
  /** The changes given, and those that values of embedding nodes make to inner ones. */
  readonly changes: ReadonlyMap<string, readonly Change[]>;
  readonly problems: readonly Problem[];
  /** Nodes that came out of a graph, those that took the place of their embedding node included. */
  readonly embedded: ReadonlySet<string>;
  /** Nodes that cannot be described, for reasons that are among the problems. */
  readonly broken: ReadonlySet<string>;
  /** Inputs of inner nodes, as `node.port` or `node.port.name`, which the graph feeds from an input that is open. */
  readonly open: ReadonlyMap<string, OpenEnd>;
  /** What a graph promotes, as `node.values.name` of its embedding node → the parameter of an inner node. */
  readonly aliases: ReadonlyMap<string, string>;
}

/**
 * Replaces every enabled node whose definition has `expand`. A pure function of what it is given, so that every worker
 * comes to the same plan. A node whose graph cannot take its place stays and is `broken`.
 */
export function expand(
  document: Document,
  registry: Registry,
  changes: ReadonlyMap<string, readonly Change[]>,
): Expanded {
  const expandable = Object.values(document.nodes).some((node) => registry.get(node.type)?.expand && !node.disabled);
  const none = {
    problems: [],
    embedded: new Set<string>(),
    broken: new Set<string>(),
    open: new Map(),
    aliases: new Map(),
  };
  if (!expandable) return { document, changes, ...none };
  const expander = new Expander(registry, document, changes);
  expander.place(Object.entries(document.nodes), 0);
  return expander.finish(document);
}

class Expander {
  readonly #registry: Registry;
  readonly #nodes = new Map<string, DocumentNode>();
  /** By the node to which they lead, whose inputs go by the order of their links. */
  readonly #links = new Map<string, Link[]>();
  readonly #changes: Map<string, readonly Change[]>;
  readonly #problems: Problem[] = [];
  readonly #embedded = new Set<string>();
  readonly #broken = new Set<string>();
  readonly #open = new Map<string, OpenEnd>();
  readonly #aliases = new Map<string, string>();
  /** Embedding nodes whose graph gives no image. */
  readonly #mute = new Set<string>();
  #nodeCount: number;
  #linkCount: number;

  constructor(registry: Registry, document: Document, changes: ReadonlyMap<string, readonly Change[]>) {
    this.#registry = registry;
    this.#changes = new Map(changes);
    this.#nodeCount = Object.keys(document.nodes).length;
    this.#linkCount = document.links.length;
    for (const link of document.links) this.#link(link);
  }

  /** Puts nodes in place, each under its id in the plan, those that stand for a graph as the nodes of it. */
  place(nodes: readonly (readonly [id: string, node: DocumentNode])[], depth: number): void {
    for (const [id, node] of nodes) {
      const definition = this.#registry.get(node.type);
      const stays = !definition?.expand || node.disabled === true || node.version > definition.version;
      if (stays || !this.#replace(id, node, definition, depth)) this.#nodes.set(id, node);
    }
  }

  finish(document: Document): Expanded {
    const links = [...this.#links.values()].flat().filter((link) => {
      const from = nodeOf(link.from);
      if (!this.#mute.has(from)) return true;
      this.#complain(nodeOf(link.to), 'link-unknown-port', linkText(link, `${from} gives no image.`), link);
      return false;
    });
    return {
      document: { ...document, nodes: Object.fromEntries(this.#nodes), links },
      changes: this.#changes,
      problems: this.#problems,
      embedded: this.#embedded,
      broken: this.#broken,
      open: this.#open,
      aliases: this.#aliases,
    };
  }

  /** False where the node stays, because its own parameters are wrong or its graph cannot take its place. */
  #replace(id: string, node: DocumentNode, definition: AnyNode, depth: number): boolean {
    const own = this.#ownOf(id, node, definition);
    if (!own) return false;
    try {
      const expansion = definition.expand!({ id, params: own.params });
      const graph = this.#graphOf(expansion, depth);
      this.#tellReplaced(id, own.changed.replaced);
      this.#embed(id, graph, expansion, { depth, animations: own.changed.animations });
      return true;
    } catch (thrown) {
      const { code, message, where } = asEngineError(thrown);
      const place = { node: id, ...where };
      this.#problems.push({ severity: 'error', code, message: `${id}: ${message}`, where: place });
      this.#broken.add(id);
      return false;
    }
  }

  /** What the node holds once changes are made; undefined where it is wrong, which is found and told as of any node. */
  #ownOf(
    id: string,
    node: DocumentNode,
    definition: AnyNode,
  ): { readonly params: unknown; readonly changed: Changed } | undefined {
    try {
      const saved = upgradeParams(definition, node.version, node.params) as Readonly<Record<string, Json>>;
      const changed = withChanges(saved, node.animation ?? {}, this.#changes.get(id) ?? []);
      const params: unknown = definition.params.safeParse(changed.params).data;
      return params === undefined ? undefined : { params, changed };
    } catch {
      return undefined;
    }
  }

  #tellReplaced(id: string, paths: readonly string[]): void {
    this.#problems.push(...paths.map((path) => replacedBy(id, path)));
  }

  /** The graph, checked. Throws where it is not sound, or would be too much. */
  #graphOf({ graph, params }: Expansion, depth: number): Document {
    const where = { param: params.graph };
    if (depth >= MOST_NESTED) {
      const message = `Expected templates nested at most ${MOST_NESTED} deep, found more. Take one of them apart.`;
      throw new EngineError('invalid', 'document-too-large', message, where);
    }
    const { document, problems } = parseEmbedded(graph);
    const [first] = problems;
    if (!document || first) {
      const at = first?.path ? ` (${first.path})` : '';
      const message = `the template is not sound${at}: ${first?.message} Insert it anew.`;
      throw new EngineError('invalid', 'template-invalid', message, where);
    }
    this.#nodeCount += Object.keys(document.nodes).length;
    this.#linkCount += document.links.length;
    if (this.#nodeCount > LIMITS.nodes || this.#linkCount > LIMITS.links) {
      const message = `Expected at most ${LIMITS.nodes} nodes and ${LIMITS.links} links with all templates unfolded, found more.`;
      throw new EngineError('invalid', 'document-too-large', message, where);
    }
    return document;
  }

  #embed(
    id: string,
    graph: Document,
    expansion: Expansion,
    { depth, animations }: { readonly depth: number; readonly animations: Animations },
  ): void {
    const entries = Object.entries(graph.nodes);
    const inputs = this.#inputsOf(entries, expansion);
    const outputs = entries.filter(([, inner]) => inner.type === expansion.output.type).map(([name]) => name);
    if (outputs.length > 1) {
      const message = `the template has ${outputs.length} outputs (${outputs.join(', ')}); expected one.`;
      throw new EngineError('invalid', 'template-invalid', message, { param: expansion.params.graph });
    }
    if (outputs.length === 0) this.#mute.add(id);
    // From here on the id may be that of an inner node.
    const given = this.#changes.get(id);
    this.#changes.delete(id);
    const name = (inner: string): string => (inner === outputs[0] ? id : `${id}/${inner}`);
    const rename = (end: string): string => name(nodeOf(end)) + end.slice(end.indexOf('.'));

    const feeds = this.#feedsOf(id, inputs, expansion);
    const bringing = new Map([...inputs].map(([input, inner]) => [inner, input]));
    for (const { from, to } of graph.links) {
      const input = bringing.get(nodeOf(from));
      const end = rename(to);
      if (input === undefined || !this.#hasOutput(graph, from)) this.#link({ from: rename(from), to: end });
      else if (feeds.has(input)) this.#link({ from: feeds.get(input)!, to: end });
      else this.#open.set(end, this.#open.get(`${id}.${expansion.inputs.port}.${input}`) ?? { node: id, input });
    }

    const bindings = bindValues(id, graph, expansion, animations);
    for (const { name: promoted, to } of graph.promoted)
      this.#aliases.set(`${id}.${expansion.params.values}.${promoted}`, rename(to[0]!));
    this.#problems.push(...bindings.problems);
    for (const { node: inner, change } of bindings.changes) {
      // The value may itself have been given from further out.
      const from = changeAt(given, change.from!.param)?.from ?? change.from!;
      const known = this.#changes.get(name(inner)) ?? [];
      this.#changes.set(name(inner), [...known.filter((c) => c.path !== change.path), { ...change, from }]);
    }
    const placed = entries
      .filter(([inner]) => !bringing.has(inner))
      .map(([inner, saved]): [string, DocumentNode] => {
        const at = name(inner);
        const bound = bindTexts(at, this.#registry.get(saved.type), saved.params, bindings.variables);
        const outside = (other: string): string | undefined =>
          Object.hasOwn(graph.nodes, other) ? name(other) : undefined;
        const moved = bindAnimations(at, saved.animation, outside, bindings.variables);
        const problems = [...bound.problems, ...moved.problems];
        this.#problems.push(...problems);
        if (problems.length > 0) this.#broken.add(at);
        this.#embedded.add(at);
        const { animation: _, ...rest } = saved;
        return [at, { ...rest, params: bound.params, ...(moved.animations ? { animation: moved.animations } : {}) }];
      });
    this.place(placed, depth + 1);
  }

  /** Name of an input → the inner node that brings it. Throws where two have one name. */
  #inputsOf(entries: readonly (readonly [string, DocumentNode])[], { inputs, params }: Expansion): Map<string, string> {
    const found = new Map<string, string>();
    const definition = this.#registry.get(inputs.type);
    for (const [inner, saved] of entries) {
      if (saved.type !== inputs.type) continue;
      const read = definition?.params.safeParse(upgradeParams(definition, saved.version, saved.params));
      const name = read?.success ? (read.data as Readonly<Record<string, unknown>>)[inputs.param] : undefined;
      const trouble =
        typeof name !== 'string'
          ? `the name of its input ${inner} cannot be read`
          : found.has(name)
            ? `two of its inputs, ${found.get(name)} and ${inner}, are called ${name}`
            : undefined;
      if (trouble !== undefined) {
        const message = `the template is not sound: ${trouble}. Correct the template and insert it anew.`;
        throw new EngineError('invalid', 'template-invalid', message, { param: params.graph });
      }
      found.set(name as string, inner);
    }
    return found;
  }

  /** What is linked to the inputs of an embedding node. Its links are taken; those that lead nowhere are problems. */
  #feedsOf(id: string, inputs: ReadonlyMap<string, string>, { inputs: { port } }: Expansion): Map<string, string> {
    const feeds = new Map<string, string>();
    for (const link of this.#links.get(id) ?? []) {
      const to = parseLinkEnd(link.to);
      const fail = (code: Problem['code'], text: string): void => this.#complain(id, code, linkText(link, text), link);
      if (to.port !== port) fail('link-unknown-port', `${id} has no input ${to.port}.`);
      else if (to.name === undefined)
        fail('link-unknown-port', `expected a link to ${id}.${port}.NAME, with the name of an input of the template.`);
      else if (!inputs.has(to.name)) {
        const known = [...inputs.keys()].join(', ') || 'none';
        fail('link-unknown-port', `the template of ${id} has no input ${to.name}; it has: ${known}.`);
      } else if (feeds.has(to.name))
        fail('link-duplicate', `${link.to} is connected already; remove one of its links.`);
      else feeds.set(to.name, link.from);
    }
    this.#links.delete(id);
    return feeds;
  }

  #hasOutput(graph: Document, end: string): boolean {
    const { node, port } = parseLinkEnd(end);
    const definition = this.#registry.get(graph.nodes[node]!.type);
    return definition !== undefined && Object.hasOwn(outputsOf(definition), port);
  }

  #link(link: Link): void {
    const node = nodeOf(link.to);
    const known = this.#links.get(node);
    if (known) known.push(link);
    else this.#links.set(node, [link]);
  }

  #complain(node: string, code: Problem['code'], message: string, link: Link): void {
    const fixes = [{ title: 'Remove the link', edits: [{ op: 'removeLink' as const, ...link }] }];
    this.#problems.push({ severity: 'error', code, message, where: { node }, fixes });
  }
}

/** Says that a value that a run gives stands in the place of an animation. */
export const replacedBy = (node: string, param: string): Problem => ({
  severity: 'info',
  code: 'animation-replaced',
  message: `${node}.${param}: the value given takes the place of its animation in this run.`,
  where: { node, param },
});

const linkText = (link: Link, text: string): string => `Link ${link.from} → ${link.to}: ${text}`;

/** The change that made what stands at a path of a node's parameters. */
export function changeAt(changes: readonly Change[] | undefined, path: string): Change | undefined {
  const dotted = path.replace(/\[(\d+)\]/g, '.$1');
  return changes?.findLast((change) => dotted === change.path || dotted.startsWith(`${change.path}.`));
}
