// The catalogue: every node's ports and parameters as plain JSON Schema, for forms, the CLI and the reference.
import { z } from 'zod';
import { animatedPaths } from './animatable.ts';
import type { AnyNode } from './define.ts';
import type { PortKind } from './port.ts';
import type { Registry } from './registry.ts';

export interface CataloguePort {
  readonly name: string;
  readonly kind: PortKind;
  readonly doc: string;
  readonly many: boolean;
  readonly optional: boolean;
}

export interface CatalogueEntry {
  readonly type: string;
  readonly version: number;
  readonly title: string;
  readonly doc: string;
  readonly keywords: readonly string[];
  /** What stands before the dot of the type. */
  readonly category: string;
  readonly inputs: readonly CataloguePort[];
  readonly outputs: readonly CataloguePort[];
  /** JSON Schema (draft 2020-12) of the parameters as they stand in a document; hints ride along. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Parameters, or with dots pieces of them, that keys and expressions can drive. */
  readonly animatable: readonly string[];
  readonly sink: boolean;
}

const IMAGE_OUTPUT = { image: { kind: 'image', doc: 'The image.' } } as const;

/** The declared outputs of a node; one image where it declares none and is no sink. */
export const outputsOf = (node: AnyNode): Readonly<Record<string, { readonly kind: PortKind; readonly doc: string }>> =>
  node.outputs ?? (node.deliver ? {} : IMAGE_OUTPUT);

/** The parameters of a node as JSON Schema, made once. */
export function paramsSchema(node: AnyNode): Readonly<Record<string, unknown>> {
  const known = schemas.get(node) ?? (z.toJSONSchema(node.params, { io: 'input', unrepresentable: 'any' }) as object);
  schemas.set(node, known);
  return known as Readonly<Record<string, unknown>>;
}

const schemas = new WeakMap<AnyNode, object>();

export function catalogueEntry(node: AnyNode): CatalogueEntry {
  return {
    type: node.type,
    version: node.version,
    title: node.title,
    doc: node.doc,
    keywords: node.keywords ?? [],
    category: node.type.slice(0, node.type.indexOf('.')),
    inputs: Object.entries(node.inputs as Readonly<Record<string, CataloguePort>>).map(([name, port]) => ({
      name,
      kind: port.kind,
      doc: port.doc,
      many: port.many,
      optional: port.optional,
    })),
    outputs: Object.entries(outputsOf(node)).map(([name, port]) => ({ name, ...port, many: false, optional: false })),
    params: paramsSchema(node),
    animatable: animatedPaths(paramsSchema(node)),
    sink: node.deliver !== undefined,
  };
}

export const catalogue = (registry: Registry): CatalogueEntry[] => registry.nodes.map(catalogueEntry);
