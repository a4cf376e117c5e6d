// applyEdit: makes a change to a document and gives the edit that takes it back.
import { type Animations, mentions, renamedNodes } from './animation.ts';
import { moveOnCanvas, setBackdrop, setNote } from './canvas.ts';
import { Draft } from './draft.ts';
import { type Edit, parseEdit } from './edits.ts';
import { misfit } from './refusal.ts';
import { type Document, type DocumentNode, LIMITS, nodeOf, type Promoted } from './schema.ts';
import { reaches } from './structure.ts';

/** A changed document and the way back. */
export interface AppliedEdit {
  readonly document: Document;
  /** Applied to `document`, gives back the one before, orders included. */
  readonly inverse: Edit;
}

/**
 * The document after the edit; the one given stays as it is, and what the edit does not touch is shared between the two.
 * Values of the edit are kept, not copied: do not change them afterwards.
 *
 * Throws `edit-invalid` where the edit has a wrong form or does not fit the document (a node that does not exist, an id or
 * an input that is taken, a link that would close a cycle, a limit). A batch is made as a whole or not at all.
 */
export function applyEdit(document: Document, edit: Edit): AppliedEdit {
  const draft = new Draft(document);
  const inverse = change(draft, parseEdit(edit));
  return { document: draft.finish(), inverse };
}

type Maker<Op extends Edit['op']> = (draft: Draft, edit: Extract<Edit, { op: Op }>) => Edit;

/** Changes the draft and gives the inverse. */
function change(draft: Draft, edit: Edit): Edit {
  const make = MAKERS[edit.op] as Maker<Edit['op']>;
  return make(draft, edit);
}

const MAKERS: { readonly [Op in Edit['op']]: Maker<Op> } = {
  setName: (draft, { name }) => {
    const before = draft.head.name;
    draft.head = { ...draft.head, name };
    return { op: 'setName', name: before };
  },

  setDoc: (draft, { doc }) => {
    const { name, frames, doc: before } = draft.head;
    draft.head = doc === undefined ? { name, frames } : { name, frames, doc };
    return before === undefined ? { op: 'setDoc' } : { op: 'setDoc', doc: before };
  },

  setFrames: (draft, { frames }) => {
    const before = draft.head.frames;
    draft.head = { ...draft.head, frames };
    return { op: 'setFrames', frames: before };
  },

  addNode: (draft, { id, node, index }) => {
    requireFree(draft, id);
    if (draft.nodeCount >= LIMITS.nodes) throw misfit(`Expected at most ${LIMITS.nodes} nodes; remove some first.`);
    const back = restoreMentions(draft, id);
    draft.putNode(id, node, index);
    return batch([{ op: 'removeNode', id }, ...back]);
  },

  removeNode: (draft, { id }) => {
    const node = requireNode(draft, id);
    const back: Edit[] = [{ op: 'addNode', id, node, index: draft.indexOf(id) }, ...restoreMentions(draft, id)];
    draft.deleteNode(id);
    const links = draft.links.filter((link) => nodeOf(link.from) !== id && nodeOf(link.to) !== id);
    if (links.length !== draft.links.length) draft.links = links;
    if (draft.promoted.some((p) => p.to.some((target) => nodeOf(target) === id))) {
      draft.promoted = draft.promoted.flatMap((promoted) => withoutTargets(promoted, id));
    }
    return batch(back);
  },

  replaceNode: (draft, { id, type, version, params }) => {
    const node = requireNode(draft, id);
    draft.putNode(id, { ...node, type, version, params });
    return { op: 'replaceNode', id, type: node.type, version: node.version, params: node.params };
  },

  renameNode: (draft, { id, to }) => {
    requireNode(draft, id);
    if (id === to) return { op: 'renameNode', id, to };
    requireFree(draft, to);
    const back = [...restoreMentions(draft, to), ...renameInExpressions(draft, id, to)];
    draft.renameNode(id, to);
    const rename = (end: string) => (nodeOf(end) === id ? to + end.slice(id.length) : end);
    const concerned = (ends: readonly string[]) => ends.some((end) => nodeOf(end) === id);
    if (draft.links.some((link) => concerned([link.from, link.to]))) {
      draft.links = draft.links.map((link) =>
        concerned([link.from, link.to]) ? { from: rename(link.from), to: rename(link.to) } : link,
      );
    }
    if (draft.promoted.some((p) => concerned(p.to))) {
      draft.promoted = draft.promoted.map((p) => (concerned(p.to) ? { ...p, to: p.to.map(rename) } : p));
    }
    return batch([{ op: 'renameNode', id: to, to: id }, ...back]);
  },

  moveNodes: (draft, { positions, backdrops, notes }) => {
    const moves = Object.entries(positions);
    const nodes = moves.map(([id]) => requireNode(draft, id));
    const before = Object.fromEntries(moves.map(([id], i) => [id, nodes[i]!.at]));
    moves.forEach(([id, at], i) => {
      draft.putNode(id, { ...nodes[i]!, at });
    });
    return {
      op: 'moveNodes',
      positions: before,
      ...(backdrops ? { backdrops: moveOnCanvas(draft, 'backdrops', backdrops) } : {}),
      ...(notes ? { notes: moveOnCanvas(draft, 'notes', notes) } : {}),
    };
  },

  setTitle: (draft, { node: id, title }) => {
    const { title: before, ...rest } = requireNode(draft, id);
    draft.putNode(id, title === undefined ? rest : { ...rest, title });
    return before === undefined ? { op: 'setTitle', node: id } : { op: 'setTitle', node: id, title: before };
  },

  setDisabled: (draft, { node: id, disabled }) => {
    const { disabled: before, ...rest } = requireNode(draft, id);
    draft.putNode(id, disabled ? { ...rest, disabled } : rest);
    return { op: 'setDisabled', node: id, disabled: before === true };
  },

  setParam: (draft, { node: id, name, value }) => {
    const node = requireNode(draft, id);
    const before = Object.hasOwn(node.params, name) ? node.params[name] : undefined;
    if (value === undefined) {
      if (before === undefined) return { op: 'setParam', node: id, name };
      const { [name]: _removed, ...params } = node.params;
      draft.putNode(id, { ...node, params });
      // A parameter put back alone would come last.
      return { op: 'setParams', node: id, params: node.params };
    }
    draft.putNode(id, { ...node, params: { ...node.params, [name]: value } });
    return before === undefined
      ? { op: 'setParam', node: id, name }
      : { op: 'setParam', node: id, name, value: before };
  },

  setParams: (draft, { node: id, params }) => {
    const node = requireNode(draft, id);
    draft.putNode(id, { ...node, params });
    return { op: 'setParams', node: id, params: node.params };
  },

  setAnimation: (draft, { node: id, name, animation }) => {
    const { animation: before = {} } = requireNode(draft, id);
    const { [name]: known, ...others } = before;
    // A name that is known keeps its place.
    putAnimations(draft, id, animation === undefined ? others : { ...before, [name]: animation });
    if (known === undefined) return { op: 'setAnimation', node: id, name };
    if (animation === undefined) return setAnimations(id, before);
    return { op: 'setAnimation', node: id, name, animation: known };
  },

  setAnimations: (draft, { node: id, animations }) => {
    const { animation: before } = requireNode(draft, id);
    putAnimations(draft, id, animations ?? {});
    return setAnimations(id, before);
  },

  addLink: (draft, { from, to }) => {
    requireNode(draft, nodeOf(from));
    requireNode(draft, nodeOf(to));
    const taken = draft.links.find((link) => link.to === to);
    if (taken) throw misfit(`${to} is connected to ${taken.from} already; remove that link first.`, nodeOf(to));
    if (draft.links.length >= LIMITS.links) throw misfit(`Expected at most ${LIMITS.links} links; remove some first.`);
    if (nodeOf(from) === nodeOf(to) || reaches(draft, nodeOf(to), nodeOf(from))) {
      throw misfit(`A link from ${from} to ${to} would close a cycle.`, nodeOf(to));
    }
    draft.links = [...draft.links, { from, to }];
    return { op: 'removeLink', from, to };
  },

  removeLink: (draft, { from, to }) => {
    const { links } = draft;
    const index = links.findLastIndex((link) => link.to === to && (from === undefined || link.from === from));
    if (index < 0) throw misfit(`There is no link ${from === undefined ? '' : `from ${from} `}to ${to}.`, nodeOf(to));
    draft.links = links.toSpliced(index, 1);
    return { op: 'setLinks', links };
  },

  setLinks: (draft, { links }) => {
    const before = draft.links;
    draft.links = links;
    return { op: 'setLinks', links: before };
  },

  setVariable: (draft, { name, variable }) => {
    const { variables } = draft;
    draft.variables = { ...variables, [name]: variable };
    if (!Object.hasOwn(variables, name)) {
      requireRoom(Object.keys(draft.variables).length, LIMITS.variables, 'variables');
      return { op: 'removeVariable', name };
    }
    return { op: 'setVariable', name, variable: variables[name]! };
  },

  removeVariable: (draft, { name }) => {
    const { variables } = draft;
    if (!Object.hasOwn(variables, name)) throw misfit(`There is no variable ${name}.`);
    const { [name]: _removed, ...rest } = variables;
    draft.variables = rest;
    return { op: 'setVariables', variables };
  },

  setVariables: (draft, { variables }) => {
    requireRoom(Object.keys(variables).length, LIMITS.variables, 'variables');
    const before = draft.variables;
    draft.variables = variables;
    return { op: 'setVariables', variables: before };
  },

  promote: (draft, { promoted }) => {
    for (const target of promoted.to) requireNode(draft, nodeOf(target));
    for (const other of draft.promoted) {
      if (other.name === promoted.name) throw misfit(`A parameter is promoted as ${promoted.name} already.`);
      const target = other.to.find((end) => promoted.to.includes(end));
      if (target !== undefined) throw misfit(`${target} is promoted already, as ${other.name}.`, nodeOf(target));
    }
    if (new Set(promoted.to).size !== promoted.to.length) throw misfit(`${promoted.name} names a parameter twice.`);
    requireRoom(draft.promoted.length + 1, LIMITS.promoted, 'promoted parameters');
    draft.promoted = [...draft.promoted, promoted];
    return { op: 'demote', name: promoted.name };
  },

  demote: (draft, { name }) => {
    const { promoted } = draft;
    const index = promoted.findLastIndex((p) => p.name === name);
    if (index < 0) throw misfit(`Nothing is promoted as ${name}.`);
    draft.promoted = promoted.toSpliced(index, 1);
    return { op: 'setPromoted', promoted };
  },

  setPromoted: (draft, { promoted }) => {
    const before = draft.promoted;
    draft.promoted = promoted;
    return { op: 'setPromoted', promoted: before };
  },

  setBackdrop,
  setNote,

  batch: (draft, { edits }) => {
    const back = new WayBack();
    for (const edit of edits) back.add(change(draft, edit));
    return back.edit();
  },
};

/** The whole lists that inverses put in place, and the inverse that needs such a list to be as it was. */
const LISTS = [
  { set: 'setLinks', needs: 'removeLink' },
  { set: 'setPromoted', needs: 'demote' },
  { set: 'setVariables', needs: 'removeVariable' },
] as const;

/**
 * Collects the inverses of a batch. A whole list that a later step of the way back replaces unread is dropped, so that
 * removing many nodes keeps one list of links and not one for each.
 */
class WayBack {
  readonly #edits: Edit[] = [];
  readonly #replaced = new Set<Edit['op']>();

  add(inverse: Edit): void {
    const edits = inverse.op === 'batch' ? inverse.edits.toReversed() : [inverse];
    for (const edit of edits) {
      if (this.#replaced.has(edit.op)) continue;
      this.#edits.push(edit);
      for (const { set, needs } of LISTS) {
        if (edit.op === set) this.#replaced.add(set);
        if (edit.op === needs) this.#replaced.delete(set);
      }
    }
  }

  edit(): Edit {
    return { op: 'batch', edits: this.#edits.toReversed() };
  }
}

/** Edits that bring back all links and promotions as they are now, where any of them names the node. */
function restoreMentions(draft: Draft, id: string): Edit[] {
  const edits: Edit[] = [];
  if (draft.links.some((link) => nodeOf(link.from) === id || nodeOf(link.to) === id)) {
    edits.push({ op: 'setLinks', links: draft.links });
  }
  if (draft.promoted.some((p) => p.to.some((target) => nodeOf(target) === id))) {
    edits.push({ op: 'setPromoted', promoted: draft.promoted });
  }
  return edits;
}

const setAnimations = (node: string, animations: Animations | undefined): Edit =>
  animations === undefined || Object.keys(animations).length === 0
    ? { op: 'setAnimations', node }
    : { op: 'setAnimations', node, animations };

/** A node with no animation has no such key. */
function putAnimations(draft: Draft, id: string, animations: Animations): void {
  const node = requireNode(draft, id);
  const { animation: _, ...rest } = node;
  // Keys stay where they are, so that undoing gives the same document, to the order of its keys.
  draft.putNode(id, Object.keys(animations).length === 0 ? rest : { ...node, animation: animations });
}

/**
 * Lets expressions speak of a node under its new name, and gives the edits that bring back every expression that spoke of
 * either name, to the letter.
 */
function renameInExpressions(draft: Draft, id: string, to: string): Edit[] {
  const either = new Set([id, to]);
  const back: Edit[] = [];
  for (const [name, node] of draft.animated()) {
    if (!mentions(node.animation, either)) continue;
    back.push(setAnimations(name, node.animation));
    putAnimations(
      draft,
      name,
      renamedNodes(node.animation!, (other) => (other === id ? to : undefined)),
    );
  }
  return back;
}

/** The promoted parameter without what goes to the node; none where nothing is left. */
function withoutTargets(promoted: Promoted, id: string): Promoted[] {
  const to = promoted.to.filter((target) => nodeOf(target) !== id);
  if (to.length === promoted.to.length) return [promoted];
  return to.length === 0 ? [] : [{ ...promoted, to }];
}

const batch = (edits: readonly Edit[]): Edit => (edits.length === 1 ? edits[0]! : { op: 'batch', edits });

function requireNode(draft: Draft, id: string): DocumentNode {
  const node = draft.node(id);
  if (!node) throw misfit(`There is no node ${id}.`, id);
  return node;
}

function requireFree(draft: Draft, id: string): void {
  if (draft.node(id)) throw misfit(`There is a node ${id} already; choose another id.`, id);
}

function requireRoom(count: number, limit: number, what: string): void {
  if (count > limit) throw misfit(`Expected at most ${limit} ${what}; remove some first.`);
}
