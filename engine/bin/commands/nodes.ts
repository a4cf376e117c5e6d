// sluice nodes: the reference of the nodes, from the catalogue.
import { resolve } from 'node:path';
import { loadNodes } from '../../../nodes/table.ts';
import { type CatalogueEntry, catalogue, createRegistry, EngineError, loadPacks } from '../../index.ts';
import { type Schema, schemaText } from '../schema-text.ts';
import { columns, out } from '../terminal.ts';

export interface NodesOptions {
  readonly nodes: readonly string[];
  readonly json?: true;
}

/** Prints all nodes in short, or one in full. Throws `usage` for a type that there is not, and `node-pack`. */
export async function nodes(type: string | undefined, options: NodesOptions): Promise<number> {
  const packs = await loadPacks(options.nodes.map((pack) => resolve(pack)));
  const entries = catalogue(createRegistry([...(await loadNodes()), ...packs]));
  const entry = type === undefined ? undefined : entryOf(entries, type);
  if (options.json) out.line(JSON.stringify(entry ?? entries, undefined, 2));
  else for (const line of entry ? fullText(entry) : listText(entries)) out.line(line);
  return 0;
}

function entryOf(entries: readonly CatalogueEntry[], type: string): CatalogueEntry {
  const wanted = type.toLowerCase();
  const exact = entries.find((entry) => entry.type === type);
  if (exact) return exact;
  const near = entries.filter((entry) =>
    [entry.type, entry.title, ...entry.keywords].some((text) => text.toLowerCase().includes(wanted)),
  );
  throw new EngineError(
    'usage',
    'node-unknown',
    `There is no node type ${type}. ${near.length > 0 ? 'Near it:' : 'There are:'} ${(near.length > 0 ? near : entries)
      .map((entry) => entry.type)
      .join(', ')}.`,
  );
}

function listText(entries: readonly CatalogueEntry[]): string[] {
  const lines = columns(entries.map((entry) => [entry.type, entry.title, firstSentence(entry.doc)]));
  return [...lines, '', 'sluice nodes TYPE shows one in full.'];
}

const firstSentence = (doc: string): string => /^.*?[.:](?=\s|$)/s.exec(doc)?.[0].replace(/:$/, '.') ?? doc;

function fullText(entry: CatalogueEntry): string[] {
  const schema = entry.params as Schema;
  const params = Object.entries(schema.properties ?? {});
  const widest = Math.max(0, ...params.map(([name]) => name.length));
  const ports = (list: CatalogueEntry['inputs']): string[] =>
    columns(
      list.map(({ name, kind, doc, many, optional }) => [
        many ? `${name}.NAME` : name,
        `${kind}${many ? ', any number' : optional ? ', optional' : ''}`,
        doc,
      ]),
      2,
    );
  return [
    `${out.style('bold', `${entry.type}  ${entry.title}`)}  version ${entry.version}`,
    entry.doc,
    ...(entry.inputs.length > 0 ? ['', 'Inputs', ...ports(entry.inputs)] : []),
    ...(entry.outputs.length > 0 ? ['', 'Outputs', ...ports(entry.outputs)] : []),
    ...(params.length > 0 ? ['', 'Parameters'] : []),
    ...params.flatMap(([name, param]) => {
      const needed = schema.required?.includes(name) && param.default === undefined;
      const preset = needed
        ? 'needed'
        : param.default === undefined
          ? 'optional'
          : `default ${JSON.stringify(param.default)}`;
      const lines = [`  ${name.padEnd(widest)}  ${schemaText(param)}; ${preset}`];
      const words = [param.title, param.description].filter((text) => text !== undefined).join('. ');
      if (words !== '') lines.push(`  ${' '.repeat(widest)}  ${words}`);
      return lines;
    }),
    ...(entry.animatable.length > 0 ? ['', `Can be animated: ${entry.animatable.join(', ')}`] : []),
  ];
}
