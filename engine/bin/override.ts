// Options that change a graph for one run: `--set`, `--var` and `--missing-chunks` as values that fit the nodes.
import { type AnyNode, type Document, EngineError, type Json, type Overrides, withParam } from '../index.ts';

interface Given {
  readonly set: readonly string[];
  readonly var: readonly string[];
  readonly missingChunks?: 'black';
}

/** Throws `usage` where an option has not the form `name=value`. Whether the names exist is the plan's affair. */
export function parseOverrides(document: Document, known: ReadonlyMap<string, AnyNode>, given: Given): Overrides {
  const params: [string, Json][] = [];
  for (const text of given.set) {
    const [written, value] = pair('--set', text, 'node.param=value');
    // Problems name places as `rows[0].from`; such a place may be typed as it is read.
    const promoted = document.promoted.some((one) => one.name === written);
    const name = promoted ? written : written.replace(/\[(\d+)\]/g, '.$1');
    params.push([name, valueFor(document, known, name, value)]);
  }
  const variables = given.var.map((text) => pair('--var', text, 'name=value'));
  return {
    params: Object.fromEntries(params),
    variables: Object.fromEntries(variables),
    ...(given.missingChunks ? { everywhere: { missingChunks: given.missingChunks } } : {}),
  };
}

function pair(option: string, text: string, form: string): [string, string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new EngineError('usage', 'usage', `${option}: expected ${form}, found ${JSON.stringify(text)}.`);
}

/** The value as JSON where it is JSON and the parameter takes that, else the text itself where that is taken. */
function valueFor(document: Document, known: ReadonlyMap<string, AnyNode>, name: string, text: string): Json {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return text;
  }
  const [target = name] = document.promoted.find((promoted) => promoted.name === name)?.to ?? [];
  const dot = target.indexOf('.');
  const id = target.slice(0, dot);
  const node = Object.hasOwn(document.nodes, id) ? document.nodes[id] : undefined;
  const definition = node && known.get(node.type);
  if (!definition) return value;
  const path = target.slice(dot + 1);
  const takes = (candidate: Json): boolean => {
    const parsed = definition.params.safeParse(withParam(node.params, path, candidate));
    return (
      parsed.success ||
      !parsed.error.issues.some((issue: { readonly path: readonly PropertyKey[] }) => concerns(issue.path, path))
    );
  };
  return !takes(value) && takes(text) ? text : value;
}

/** Whether a fault lies at the parameter or inside it. */
const concerns = (place: readonly PropertyKey[], path: string): boolean =>
  path.split('.').every((piece, i) => String(place[i]) === piece);
