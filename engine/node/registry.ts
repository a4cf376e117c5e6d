// The registry: the node types that a run or an editor knows, checked once when they are gathered.
import type { Json } from '../base/canonical.ts';
import { EngineError } from '../base/error.ts';
import type { AnyNode } from './define.ts';

/** Node definitions by type, in the order in which they were given. */
export interface Registry {
  get(type: string): AnyNode | undefined;
  readonly nodes: readonly AnyNode[];
}

/** Checks and gathers definitions. Throws `node-pack` where one is incomplete or a type is given twice. */
export function createRegistry(nodes: readonly AnyNode[]): Registry {
  const byType = new Map<string, AnyNode>();
  for (const node of nodes) {
    const wrong = fault(node);
    if (wrong !== undefined) throw new EngineError('invalid', 'node-pack', `Node ${String(node?.type)}: ${wrong}.`);
    if (byType.has(node.type)) {
      throw new EngineError(
        'invalid',
        'node-pack',
        `Node type ${node.type} is given twice. Remove one of the packs or rename its type.`,
      );
    }
    byType.set(node.type, node);
  }
  return { get: (type) => byType.get(type), nodes: [...byType.values()] };
}

function fault(node: AnyNode): string | undefined {
  if (typeof node !== 'object' || node === null) return 'expected the result of defineNode';
  if (!/^[a-z][a-zA-Z0-9]*(\.[a-z][a-zA-Z0-9]*)+$/.test(node.type)) return 'expected a type such as category.name';
  if (!Number.isInteger(node.version) || node.version < 1) return 'expected a whole version from 1 on';
  if (!node.title || !node.doc) return 'expected a title and a doc';
  if (typeof node.params?.safeParse !== 'function') return 'expected params to be a zod object';
  if (!node.deliver && !node.spec && !node.compute && !node.expand)
    return 'expected a spec, or compute for a mesh, or deliver for a sink, or expand';
  for (let v = 1; v < node.version; v++) {
    if (!node.upgrade?.[v]) return `expected upgrade[${v}], since the version is ${node.version}`;
  }
  return undefined;
}

/** Parameters saved by an older version of a node, brought to its present version step by step. */
export function upgradeParams(
  node: AnyNode,
  version: number,
  params: Readonly<Record<string, Json>>,
): Record<string, Json> {
  let current: Record<string, Json> = { ...params };
  for (let v = version; v < node.version; v++) current = node.upgrade?.[v]?.(current) ?? current;
  return current;
}
