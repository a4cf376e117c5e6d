// Parameters of a node at a frame: overrides put in, variables and the frame filled in, checked by the node's schema.
import type { Json } from '../base/canonical.ts';
import { clip } from '../base/clip.ts';
import { asEngineError } from '../base/error.ts';
import { interpolate } from '../document/variables.ts';
import { didYouMean, listNames } from '../image/names.ts';
import type { AnyNode } from '../node/define.ts';
import type { Problem } from './problem.ts';

export interface FilledParams {
  /** Checked values with defaults; absent where they are wrong. */
  readonly values?: Readonly<Record<string, unknown>>;
  /** As JSON, with defaults, without cosmetic parameters: what the fingerprint is made of. */
  readonly canonical: Json;
  /** True where `${frame}` stands in a parameter, so that they differ from frame to frame. */
  readonly framed: boolean;
  /** Names of parameters that animations change from frame to frame. */
  readonly moving: readonly string[];
  readonly problems: readonly Problem[];
}

/** `${variable}` and `${frame}` are filled in everywhere in the parameters; names with a dot are the node's own affair. */
export function fillParams(
  id: string,
  node: AnyNode,
  raw: Readonly<Record<string, Json>>,
  variables: Readonly<Record<string, string | number>>,
  frame: number,
): FilledParams {
  const problems: Problem[] = [];
  let framed = false;

  const fill = (value: Json, path: string): Json => {
    if (typeof value === 'string') {
      if (!value.includes('$')) return value;
      try {
        return interpolate(value, (name) => {
          if (name === 'frame') {
            framed = true;
            return frame;
          }
          return Object.hasOwn(variables, name) ? variables[name] : undefined;
        });
      } catch (thrown) {
        const error = asEngineError(thrown);
        problems.push({
          severity: 'error',
          code: error.code,
          message: `${id}.${path}: ${error.message}`,
          where: { node: id, param: path },
        });
        return value;
      }
    }
    if (Array.isArray(value)) return value.map((v, i) => fill(v as Json, `${path}[${i}]`));
    if (value !== null && typeof value === 'object') {
      return Object.fromEntries(
        Object.entries(value).map(([k, v]) => [
          k,
          v === undefined ? v : fill(v as Json, path === '' ? k : `${path}.${k}`),
        ]),
      );
    }
    return value;
  };

  const own = new Set(node.verbatim ?? []);
  const filled = Object.fromEntries(
    Object.entries(raw).map(([name, value]) => [name, own.has(name) ? value : fill(value, name)]),
  );
  // Not compiled first: a schema is used a few times here, and compiling it takes as long as a thousand.
  const parsed = node.params.safeParse(filled, { jitless: true });
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const path = issue.path
        .map((p: PropertyKey, i: number) => (typeof p === 'number' ? `[${p}]` : `${i > 0 ? '.' : ''}${String(p)}`))
        .join('');
      const unknown = issue.code === 'unrecognized_keys';
      const param = unknown ? [path, issue.keys.join(', ')].filter(Boolean).join('.') : path;
      const found = unknown ? '' : ` Found: ${clip(JSON.stringify(valueAt(filled, issue.path)) ?? 'nothing', 80)}.`;
      problems.push({
        severity: 'error',
        code: unknown ? 'param-unknown' : 'param-invalid',
        message: unknown
          ? `${id} (${node.title}) has no parameter ${param}.${issue.path.length === 0 ? instead(issue.keys, node) : ''}`
          : `${id}.${param}: ${issue.message.replace(/\.$/, '')}.${found}`,
        where: { node: id, param },
      });
    }
    return { canonical: filled, framed, moving: [], problems };
  }
  const values = parsed.data as Record<string, unknown>;
  const cosmetic = new Set(node.cosmetic ?? []);
  const canonical = Object.fromEntries(Object.entries(values).filter(([name]) => !cosmetic.has(name))) as Json;
  return { values, canonical, framed, moving: [], problems };
}

/** What was meant, or else what there is. */
function instead(keys: readonly string[], node: AnyNode): string {
  const known = Object.keys(node.params.shape);
  const hint = keys.length === 1 ? didYouMean(keys[0]!, known) : '';
  return hint || ` It has: ${listNames(known)}.`;
}

function valueAt(value: Json, path: readonly PropertyKey[]): Json {
  let current: unknown = value;
  for (const key of path)
    current =
      current === null || typeof current !== 'object' ? undefined : (current as Record<PropertyKey, unknown>)[key];
  return current as Json;
}

/**
 * A copy of the parameters with the value at a dotted path replaced: `attributes.resolveAll` reaches into an object,
 * `rows.0.type` into an item of a list that is there.
 */
export const withParam = (
  params: Readonly<Record<string, Json>>,
  path: string,
  value: Json,
): Readonly<Record<string, Json>> => withPiece(params, path.split('.'), value) as Readonly<Record<string, Json>>;

/** The parameters with the defaults of those that are left out and into which one of the dotted paths reaches. */
export function withDefaults(
  { params: schema }: AnyNode,
  params: Readonly<Record<string, Json>>,
  paths: readonly string[],
): Readonly<Record<string, Json>> {
  let filled = params;
  for (const path of paths) {
    const [head = '', piece] = path.split('.', 2);
    if (piece === undefined || Object.hasOwn(filled, head) || !Object.hasOwn(schema.shape, head)) continue;
    const value = schema.shape[head].safeParse(undefined).data as Json | undefined;
    if (value !== undefined) filled = { ...filled, [head]: value };
  }
  return filled;
}

function withPiece(whole: Json | undefined, [head, ...rest]: readonly string[], value: Json): Json {
  if (head === undefined) return value;
  if (Array.isArray(whole) && /^\d{1,9}$/.test(head) && Number(head) < whole.length)
    return whole.with(Number(head), withPiece(whole[Number(head)] as Json, rest, value));
  const record = whole !== null && typeof whole === 'object' && !Array.isArray(whole) ? whole : {};
  const inner = Object.hasOwn(record, head) ? (record as Readonly<Record<string, Json>>)[head] : undefined;
  return { ...record, [head]: withPiece(inner, rest, value) };
}

/**
 * A value that a node offers for one of its parameters, with the texts of the document in place of what they were filled
 * in with: where a piece of it is what the node was given, the document's own piece stands there again.
 */
export function withOwnTexts(value: Json, given: unknown, own: Json | undefined): Json {
  if (own === undefined || value === null || given === null || own === null) return value;
  if (typeof value === 'string')
    return typeof given === 'string' && typeof own === 'string' ? withInsertion(own, given, value) : value;
  if (Array.isArray(value)) {
    if (!Array.isArray(given) || !Array.isArray(own)) return value;
    const texts = given.map((item) => JSON.stringify(item));
    return value.map((item) => {
      const at = texts.indexOf(JSON.stringify(item));
      return at < 0 ? item : (own[at] as Json);
    });
  }
  if (typeof value !== 'object' || typeof given !== 'object' || typeof own !== 'object') return value;
  const pieces = given as Record<string, unknown>;
  const ownPieces = own as Record<string, Json>;
  return Object.fromEntries(
    Object.entries(value).map(([key, piece]) => [
      key,
      piece === undefined ? piece : withOwnTexts(piece, pieces[key], ownPieces[key]),
    ]),
  );
}

/** The document's own text with what `value` puts into `given`; `value` itself where the place cannot be told. */
function withInsertion(own: string, given: string, value: string): string {
  if (value === given) return own;
  let at = 0;
  while (at < given.length && given[at] === value[at]) at += 1;
  const tail = given.slice(at);
  const inserted = value.slice(at, value.length - tail.length);
  const found = value.length >= given.length && value.endsWith(tail) && own.endsWith(tail) && !/[${}]/.test(tail);
  return found ? own.slice(0, own.length - tail.length) + inserted + tail : value;
}
