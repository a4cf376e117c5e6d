// Where edits of attributes go: into the node itself where it edits attributes, or into a new one put after it.
import type { CatalogueEntry, Document, Edit, Json, Link } from '../../../../engine/browser.ts';
import { createAfter, createInWire, fitsInWire } from '../../canvas/create.ts';
import { clearOf } from '../../canvas/room.ts';
import { makeScene } from '../../canvas/scene.ts';
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
  /** The wire to put it into; absent where it goes after the node. */
  readonly wire?: Link;
  /** What to put in. */
  readonly entry: CatalogueEntry;
  /** The parameter of that. */
  readonly param: string;
}

const editsParam = (entry: CatalogueEntry): string | undefined =>
  parametersOf(entry).find(({ schema }) => widgetOf(schema) === WIDGET)?.name;

/**
 * Undefined where no installed node edits attributes. What is changed in a wire changes nothing for others that the node
 * feeds.
 */
export function editorFor(
  document: Document,
  catalogue: readonly CatalogueEntry[],
  id: string,
  wire?: Link,
): AttributeEditor | undefined {
  const node = document.nodes[id];
  const mine = catalogue.find(({ type }) => type === node?.type);
  const own = mine && editsParam(mine);
  const shared = wire !== undefined && document.links.some(({ from, to }) => from === wire.from && to !== wire.to);
  if (node && mine && own !== undefined && !shared) {
    return { node: id, own: { param: own, value: node.params[own] }, entry: mine, param: own };
  }
  for (const entry of catalogue) {
    const param = editsParam(entry);
    if (param !== undefined && node) return { node: id, entry, param, ...(wire ? { wire } : {}) };
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

/** A new node with these edits in the wire, or after the node, or before it where it gives no image. */
function insert(
  document: Document,
  catalogue: readonly CatalogueEntry[],
  { node: id, entry, param, wire }: AttributeEditor,
  value: Json,
): Made | undefined {
  const scene = makeScene(document, {
    catalogue: new Map(catalogue.map((one) => [one.type, one])),
    pictures: new Set(),
  });
  const node = scene.nodes.get(id);
  if (!node) return undefined;
  const gives = node.outputs.some(({ kind }) => kind === 'image');
  const into = scene.wires.find((one) => (wire ? one.id === wire.to : !gives && one.target === id));
  if (into ? !fitsInWire(entry, into) : !gives) return undefined;
  const source = into ? scene.nodes.get(into.source)! : node;
  const at = { x: source.x + source.width + GAP, y: source.y };
  const { edit, select } = into
    ? createInWire(scene, entry, at, into)
    : createAfter(scene, entry, clearOf(scene, entry, at), { nodes: [id], branch: false });
  const [made] = select ?? [];
  return made === undefined ? undefined : { edit: withParam(edit, made, param, value), node: made };
}

/** Pixels of the canvas between a node and the one that goes in after it. */
const GAP = 40;

/** The edit that adds a node, which has this parameter from the beginning. */
function withParam(edit: Edit, id: string, name: string, value: Json): Edit {
  if (edit.op === 'batch') return { ...edit, edits: edit.edits.map((one) => withParam(one, id, name, value)) };
  if (edit.op !== 'addNode' || edit.id !== id) return edit;
  return { ...edit, node: { ...edit.node, params: { ...edit.node.params, [name]: value } } };
}
