// Where edits of attributes go: into the node itself where it edits attributes, or into a new one put after it.
import {
  type CatalogueEntry,
  type Document,
  type DocumentNode,
  type Edit,
  type Json,
  type Link,
  parseLinkEnd,
} from '../../../../engine/browser.ts';
import { freeName, stemOf } from '../../canvas/names.ts';
import { parametersOf, widgetOf } from '../parameters/schema.ts';
import { isRecord } from '../parameters/value.ts';

/** The hint of a parameter that is a list of edits of attributes. */
const WIDGET = 'attributeEdits';

export type AttributeEdit = Readonly<Record<string, Json | undefined>>;

/** A node that edits attributes, or the place where one can be put in. */
export interface AttributeEditor {
  /** The node that is looked at. */
  readonly node: string;
  /** Its own parameter; absent where a node has to be put in. */
  readonly own?: { readonly param: string; readonly value: Json | undefined };
  /** What to put in. */
  readonly entry: CatalogueEntry;
  /** The parameter of that. */
  readonly param: string;
}

const editsParam = (entry: CatalogueEntry): string | undefined =>
  parametersOf(entry).find(({ schema }) => widgetOf(schema) === WIDGET)?.name;

/** Undefined where no installed node edits attributes. */
export function editorFor(
  document: Document,
  catalogue: readonly CatalogueEntry[],
  id: string,
): AttributeEditor | undefined {
  const node = document.nodes[id];
  const mine = catalogue.find(({ type }) => type === node?.type);
  const own = mine && editsParam(mine);
  if (node && mine && own !== undefined) {
    return { node: id, own: { param: own, value: node.params[own] }, entry: mine, param: own };
  }
  for (const entry of catalogue) {
    const param = editsParam(entry);
    if (param !== undefined && node) return { node: id, entry, param };
  }
  return undefined;
}

/** The edits that the node makes, as far as they are objects. */
export const editsOf = ({ own }: AttributeEditor): AttributeEdit[] =>
  Array.isArray(own?.value) ? (own.value as readonly Json[]).filter(isRecord) : [];

/** What is said of one attribute: a value of a type, or that it goes. */
export type Wish =
  | { readonly name: string; readonly type: string; readonly value: Json; readonly part?: string | number }
  | { readonly name: string; readonly remove: true; readonly part?: string | number };

const asEdit = (wish: Wish): AttributeEdit => ({
  ...('remove' in wish
    ? { op: 'delete', name: wish.name }
    : { op: 'set', name: wish.name, type: wish.type, value: wish.value }),
  ...(wish.part === undefined ? {} : { part: wish.part }),
});

/**
 * The edits with a wish fulfilled. The last edit that sets or deletes just this attribute of this part gives way; where
 * one after it may speak of the attribute under another form, the wish stands last.
 */
export function withWish(edits: readonly Json[], wish: Wish): Json[] {
  const edit = asEdit(wish) as Json;
  const at = edits.findLastIndex(
    (one) =>
      isRecord(one) &&
      (one['op'] === 'set' || one['op'] === 'delete') &&
      one['name'] === wish.name &&
      one['part'] === wish.part,
  );
  const after = edits.slice(at + 1);
  const touched = after.some(
    (one) =>
      isRecord(one) &&
      (one['op'] === 'rename' ||
        one['op'] === 'import' ||
        one['op'] === 'copy' ||
        String(one['name']).includes('*') ||
        one['name'] === wish.name),
  );
  return at >= 0 && !touched ? edits.with(at, edit) : [...edits.toSpliced(at, at < 0 ? 0 : 1), edit];
}

/** The edits without those that delete just this attribute, of these parts; undefined stands for all parts. */
export const withoutRemoval = (edits: readonly Json[], name: string, parts: readonly (Json | undefined)[]): Json[] =>
  edits.filter(
    (one) => !(isRecord(one) && one['op'] === 'delete' && one['name'] === name && parts.includes(one['part'])),
  );

export interface Made {
  readonly edit: Edit;
  /** The node that the edits are in afterwards. */
  readonly node: string;
}

/** The document's edit that fulfils wishes; undefined where no node can take them. */
export function fulfil(
  document: Document,
  catalogue: readonly CatalogueEntry[],
  editor: AttributeEditor,
  wishes: readonly Wish[],
): Made | undefined {
  const before: readonly Json[] = Array.isArray(editor.own?.value) ? (editor.own.value as readonly Json[]) : [];
  const value = wishes.reduce<Json[]>((edits, wish) => withWish(edits, wish), [...before]);
  if (editor.own)
    return { edit: { op: 'setParam', node: editor.node, name: editor.own.param, value }, node: editor.node };
  return insert(document, catalogue, editor, value);
}

/** A new node with these edits in the stream after the node, or before it where it gives no image. */
function insert(
  document: Document,
  catalogue: readonly CatalogueEntry[],
  { node: id, entry, param }: AttributeEditor,
  value: Json,
): Made | undefined {
  const node = document.nodes[id];
  const mine = catalogue.find(({ type }) => type === node?.type);
  const into = entry.inputs.find(({ kind, many }) => kind === 'image' && !many)?.name;
  const out = entry.outputs.find(({ kind }) => kind === 'image')?.name;
  if (!node || !mine || into === undefined || out === undefined) return undefined;
  const fresh = freeName(stemOf(entry.type), (name) => Object.hasOwn(document.nodes, name));
  const image = mine.outputs.find(({ kind }) => kind === 'image')?.name;
  const links =
    image === undefined
      ? before(document.links, id, { fresh, into, out })
      : after(document.links, `${id}.${image}`, { fresh, into, out });
  if (!links) return undefined;
  const added: DocumentNode = {
    type: entry.type,
    version: entry.version,
    params: { [param]: value },
    at: freePlace(document, [node.at[0] + (image === undefined ? -STEP : STEP), node.at[1]]),
  };
  return {
    edit: {
      op: 'batch',
      edits: [
        { op: 'addNode', id: fresh, node: added },
        { op: 'setLinks', links },
      ],
    },
    node: fresh,
  };
}

interface Ports {
  readonly fresh: string;
  readonly into: string;
  readonly out: string;
}

const after = (links: readonly Link[], from: string, { fresh, into, out }: Ports): Link[] => [
  ...links.map((link) => (link.from === from ? { from: `${fresh}.${out}`, to: link.to } : link)),
  { from, to: `${fresh}.${into}` },
];

function before(links: readonly Link[], id: string, { fresh, into, out }: Ports): Link[] | undefined {
  const index = links.findIndex(({ to }) => parseLinkEnd(to).node === id);
  const fed = links[index];
  if (!fed) return undefined;
  return [...links.with(index, { from: `${fresh}.${out}`, to: fed.to }), { from: fed.from, to: `${fresh}.${into}` }];
}

/** Pixels of the canvas that nodes stand apart. */
const STEP = 200;
const ROOM = { x: 170, y: 70 } as const;

function freePlace({ nodes }: Document, [x, start]: readonly [number, number]): readonly [number, number] {
  const taken = (y: number): boolean =>
    Object.values(nodes).some(({ at }) => Math.abs(at[0] - x) < ROOM.x && Math.abs(at[1] - y) < ROOM.y);
  let y = start;
  while (taken(y)) y += ROOM.y + 10;
  return [x, y];
}
