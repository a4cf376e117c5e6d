// makePlan: a document and a registry become a checked, ordered plan, or a list of problems. Nothing is opened here.
import type { Json } from '../base/canonical.ts';
import { asEngineError, EngineError } from '../base/error.ts';
import type { Edit } from '../document/edits.ts';
import { type Document, type DocumentNode, nodeOf } from '../document/schema.ts';
import { didYouMean } from '../image/names.ts';
import type { AnyNode } from '../node/define.ts';
import type { InputPort } from '../node/port.ts';
import { type Registry, upgradeParams } from '../node/registry.ts';
import { type Change, withChanges } from './bind.ts';
import { Drivers } from './drive.ts';
import { type Expanded, expand, replacedBy } from './expand.ts';
import type { DrivenNode } from './meaning.ts';
import { withDefaults } from './params.ts';
import { told } from './place.ts';
import { hasErrors, type Problem } from './problem.ts';
import { paramsAt, stillProblems } from './resolve.ts';
import { type Connection, isMany, wire } from './wiring.ts';

/** One node, ready to be described. */
export interface PlanNode {
  readonly id: string;
  readonly definition: AnyNode;
  /** Parameters as in the document, brought to the node's version, overrides put in; texts not yet filled in. */
  readonly params: Readonly<Record<string, Json>>;
  /** Paths of parameters whose values animations make at each frame. */
  readonly animated: readonly string[];
  readonly inputs: ReadonlyMap<string, Connection>;
  /** For a node that an older version of its type saved: the edit that saves it as the present one. Fixes begin with it. */
  readonly renewal?: Edit;
  /** True for a node out of an embedded graph, which edits of the document do not reach. */
  readonly embedded: boolean;
  /** False where parameters or inputs are wrong, so that it cannot be described. */
  readonly sound: boolean;
}

export interface Plan {
  /** The document as it was given, templates folded. */
  readonly given: Document;
  readonly overrides: Overrides;
  /** The document with every embedded graph in the place of its node: ids of inner nodes are `outer/inner`. */
  readonly document: Document;
  /** In order: each node after all that feed it. */
  readonly nodes: ReadonlyMap<string, PlanNode>;
  /** Ids of the enabled sinks, in the order of the document. */
  readonly sinks: readonly string[];
  readonly variables: Readonly<Record<string, string | number>>;
  /** What animated parameters are at each frame. */
  readonly drivers: Drivers;
  readonly problems: readonly Problem[];
}

/** What a run changes in a document without editing it. Plain data: workers make the same plan from it. */
export interface Overrides {
  /** `node.param` (or the name of a promoted parameter) → value. */
  readonly params?: Readonly<Record<string, Json>>;
  /** Parameter → value, at every node that has a parameter of that name, inside templates too. */
  readonly everywhere?: Readonly<Record<string, Json>>;
  readonly variables?: Readonly<Record<string, string>>;
}

/** Never throws for what a document holds: everything wrong is a problem. Throws `usage` for overrides that fit nothing. */
export function makePlan(given: Document, registry: Registry, overrides: Overrides = {}): Plan {
  const problems: Problem[] = [];
  const variables = chosenVariables(given, overrides.variables ?? {});
  const expanded = expand(given, registry, overridesByNode(given, overrides.params ?? {}));
  const { document, changes, embedded, broken } = expanded;
  problems.push(...expanded.problems);

  const definitions = new Map<string, AnyNode>();
  for (const [id, node] of Object.entries(document.nodes)) {
    const definition = registry.get(node.type);
    if (!definition) {
      problems.push({
        severity: 'error',
        code: 'node-unknown',
        message: `${id}: no node of type ${node.type} is installed.${didYouMean(
          node.type,
          registry.nodes.map((known) => known.type),
        )} If it belongs to a pack, load that with --nodes.`,
        where: { node: id },
      });
    } else if (node.version > definition.version) {
      problems.push({
        severity: 'error',
        code: 'node-version',
        message: `${id}: saved by version ${node.version} of ${node.type}; version ${definition.version} is installed. Update Sluice or the pack.`,
        where: { node: id },
      });
    } else definitions.set(id, definition);
  }

  const wiring = wire(document, definitions);
  const ends: LinkEnds = {
    from: new Set(document.links.map((link) => nodeOf(link.from))),
    to: new Set(document.links.map((link) => link.to)),
    sinks: [...definitions].filter(([, definition]) => definition.deliver).map(([id]) => id),
  };
  problems.push(...wiring.problems);
  const saved = new Map<string, SavedNode>();
  for (const [id, definition] of definitions) {
    saved.set(id, savedNode(id, definition, document.nodes[id]!, overrides.everywhere ?? {}, changes.get(id) ?? []));
  }
  const drivers = new Drivers({ nodes: saved, variables, aliases: expanded.aliases });
  const nodes = new Map<string, PlanNode>();
  for (const id of wiring.order) {
    const { definition, params, renewal, problems: own } = saved.get(id)!;
    const disabled = document.nodes[id]!.disabled === true;
    const inputs = wiring.inputs.get(id)!;
    const found: Problem[] = [...own];
    const readable = !hasErrors(own) && !broken.has(id);
    if (readable) {
      found.push(
        ...(drivers.problems.get(id) ?? []),
        ...stillProblems({ id, definition, params }, { drivers, variables }),
      );
    }
    found.push(...unconnected(ends, id, definition, inputs, expanded.open));
    if (!disabled) problems.push(...found);
    const sound = disabled || !(broken.has(id) || hasErrors(found));
    const animated = drivers.paths(id);
    const known = { id, definition, params, animated, inputs, embedded: embedded.has(id), sound };
    nodes.set(id, renewal ? { ...known, renewal } : known);
  }

  const sinks = Object.keys(document.nodes).filter(
    (id) => definitions.get(id)?.deliver && document.nodes[id]?.disabled !== true,
  );
  return {
    given,
    overrides,
    document,
    nodes,
    sinks,
    variables,
    drivers,
    problems: embedded.size === 0 ? problems : unique(problems.map((p) => told(p, given, expanded))),
  };
}

/** A node as it is saved, overrides and what templates give put in. */
interface SavedNode extends DrivenNode {
  readonly renewal?: Edit;
  readonly problems: readonly Problem[];
}

function savedNode(
  id: string,
  definition: AnyNode,
  node: DocumentNode,
  everywhere: Readonly<Record<string, Json>>,
  changes: readonly Change[],
): SavedNode {
  const problems: Problem[] = [];
  const { params, renewal } = presentParams(id, definition, node, problems);
  // Overrides speak of the present version's parameters, whatever version the document was saved by.
  const general = Object.entries(everywhere)
    .filter(([name]) => Object.hasOwn(definition.params.shape, name))
    .map(([path, value]): Change => ({ path, value }));
  const all = [...general, ...changes];
  const paths = [...all.map(({ path }) => path), ...Object.keys(node.animation ?? {})];
  const { replaced, ...changed } = withChanges(withDefaults(definition, params, paths), node.animation ?? {}, all);
  problems.push(...replaced.map((path) => replacedBy(id, path)));
  return { definition, ...changed, problems, ...(renewal ? { renewal } : {}) };
}

/** Parameters as the installed version of the type has them. What an upgrade cannot read is a problem, not a crash. */
function presentParams(
  id: string,
  definition: AnyNode,
  saved: DocumentNode,
  problems: Problem[],
): { params: Readonly<Record<string, Json>>; renewal?: Edit } {
  if (saved.version >= definition.version) return { params: saved.params };
  try {
    const params = upgradeParams(definition, saved.version, saved.params);
    return { params, renewal: { op: 'replaceNode', id, type: definition.type, version: definition.version, params } };
  } catch (thrown) {
    problems.push({
      severity: 'error',
      code: 'param-invalid',
      message: `${id}: the parameters that version ${saved.version} of ${definition.type} saved cannot be brought to version ${definition.version}: ${asEngineError(thrown).message} Set them anew.`,
      where: { node: id },
    });
    return { params: saved.params };
  }
}

/** The nodes from which links come, the inputs to which they lead, and the nodes at which they end for good. */
interface LinkEnds {
  readonly from: ReadonlySet<string>;
  readonly to: ReadonlySet<string>;
  readonly sinks: readonly string[];
}

/** A required input without a link. A sink that nothing feeds is a problem too; other unused nodes are nobody's concern. */
function unconnected(
  ends: LinkEnds,
  id: string,
  definition: AnyNode,
  inputs: ReadonlyMap<string, Connection>,
  open: Expanded['open'],
): Problem[] {
  const used = definition.deliver !== undefined || ends.from.has(id);
  const wanted = (instance: string): boolean =>
    ends.from.has(instance) || ends.sinks.some((sink) => sink.startsWith(`${instance}/`));
  return (
    Object.entries(definition.inputs as Readonly<Record<string, InputPort>>)
      .filter(([name, port]) => !port.optional && !port.many && !inputs.has(name))
      // Where a link leads here and brings nothing, its own problem says why.
      .filter(([name]) => !ends.to.has(`${id}.${name}`))
      .map(([name, port]) => {
        const end = open.get(`${id}.${name}`);
        const whose = end ? `${end.node}: its input ${end.input}` : `${id} (${definition.title}): its input ${name}`;
        const message = `${whose} is not connected. ${port.doc}`;
        const severity = used && (!end || wanted(end.node)) ? 'error' : 'info';
        return { severity, code: 'input-missing', message, where: { node: end?.node ?? id } };
      })
  );
}

function chosenVariables(document: Document, given: Readonly<Record<string, string>>): Record<string, string | number> {
  const variables: Record<string, string | number> = {};
  for (const [name, variable] of Object.entries(document.variables ?? {})) {
    const value = Object.hasOwn(given, name) ? given[name]! : variable.default;
    if (variable.type === 'number') {
      const number = Number(value);
      if (!Number.isFinite(number) || String(value).trim() === '')
        throw new EngineError('usage', 'usage', `Variable ${name} takes a number, found "${value}".`);
      variables[name] = number;
    } else variables[name] = String(value);
  }
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(variables, name)) continue;
    const known = Object.keys(variables).join(', ') || 'none';
    throw new EngineError('usage', 'param-variable', `The graph has no variable ${name}; it has: ${known}.`);
  }
  return variables;
}

/** The overrides by the node that they change, in the order given. */
function overridesByNode(document: Document, given: Readonly<Record<string, Json>>): Map<string, Change[]> {
  const changes = new Map<string, Change[]>();
  for (const [target, value] of Object.entries(given)) {
    const promoted = document.promoted?.find((p) => p.name === target);
    for (const path of promoted ? promoted.to : [target]) {
      const dot = path.indexOf('.');
      const id = path.slice(0, dot);
      if (dot <= 0 || !Object.hasOwn(document.nodes, id)) {
        const names = [...(document.promoted ?? []).map((p) => p.name), ...Object.keys(document.nodes)].join(', ');
        throw new EngineError(
          'usage',
          'param-unknown',
          `Nothing is called ${path} here. Expected node.param or a promoted name; there are: ${names}.`,
        );
      }
      changes.set(id, [...(changes.get(id) ?? []), { path: path.slice(dot + 1), value }]);
    }
  }
  return changes;
}

/** An open input may be missed by several inner nodes. */
const unique = (problems: readonly Problem[]): Problem[] => [
  ...new Map(problems.map((p) => [JSON.stringify([p.code, p.message, p.where]), p])).values(),
];

/** The ids of nodes and of all that feeds them and may be needed, in the order of the plan. */
export function upstreamOf(plan: Plan, ids: readonly string[]): string[] {
  const wanted = new Set(ids);
  for (const node of [...plan.nodes.values()].reverse()) {
    if (!wanted.has(node.id)) continue;
    for (const { source } of neededPorts(plan, node)) wanted.add(source);
  }
  return [...plan.nodes.keys()].filter((id) => wanted.has(id));
}

/** The connected inputs of a node that any frame may need, with the nodes that feed them. */
export function neededPorts(plan: Plan, node: PlanNode): { readonly port: string; readonly source: string }[] {
  const ports = [...node.inputs].flatMap(([port, connection]) =>
    isMany(connection)
      ? [...connection].map(([name, { node: source }]) => ({ port: `${port}.${name}`, source }))
      : [{ port, source: connection.node }],
  );
  const { uses } = node.definition;
  if (!uses || !node.sound) return ports;
  const { values: params, framed, moving } = paramsAt(node, plan, 0);
  if (!params || framed || moving.length > 0) return ports;
  const needed = uses(
    { params, frame: 0 },
    ports.map((one) => one.port),
  );
  return ports.filter((one) => needed.includes(one.port));
}
