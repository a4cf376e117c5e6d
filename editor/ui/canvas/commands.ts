// What can be done on the canvas besides dragging: each takes the surface and acts on what is selected.
import { gesture } from '../look/gesture.ts';
import { arrange, shown } from '../shell/layout.ts';
import { wordsOf } from '../store/refusal.ts';
import { type Alignment, align, type Direction, move, NOTHING, neighbour, withContents } from './arrange.ts';
import { backdropAround, noteAt } from './backdrop.ts';
import { batch, counted } from './change.ts';
import { copyText, graphIn, paste } from './clip.ts';
import { connectNodes, disconnect, disconnectInputs } from './connect.ts';
import { createAfter, createAlone, createInWire } from './create.ts';
import { DOT } from './dot.ts';
import { layOut } from './elk.ts';
import { arranged, layoutGraph } from './layout.ts';
import { bypass, extract, removeNodes } from './remove.ts';
import { clearAfter, cornerFor } from './room.ts';
import { reach, wiresOf } from './scene.ts';
import type { Surface } from './surface.ts';

export const hasNodes = ({ stage }: Surface): boolean => stage.selection.size > 0;

export const hasThings = ({ stage }: Surface): boolean =>
  stage.selection.size + stage.backdrops.size + stage.notes.size > 0;

/** Deletes what is selected: a wire, or nodes, backdrops and notes. */
export function deleteSelected(surface: Surface): void {
  const { stage, selected } = surface;
  const wire = stage.scene.wires.find(({ id }) => id === stage.wire);
  if (wire) surface.apply(disconnect(wire.link));
  else if (hasThings(surface)) surface.apply(removeNodes(stage.scene, selected.nodes, selected));
  surface.store.selectWire(undefined);
}

export function bypassSelected(surface: Surface): void {
  surface.apply(bypass(surface.stage.scene.document, surface.selected.nodes));
}

/** Joins what is selected: the last one is fed by the others. */
export function connectSelected(surface: Surface): void {
  surface.apply(connectNodes(surface.stage.scene, surface.selected.nodes));
}

export function disconnectSelected(surface: Surface): void {
  surface.apply(disconnectInputs(surface.stage.scene, surface.selected.nodes));
}

export function extractSelected(surface: Surface): void {
  const change = extract(surface.stage.scene, surface.selected.nodes);
  if (change.edit.op !== 'batch' || change.edit.edits.length > 0) surface.apply(change);
}

/** Puts what is selected into the clipboard. Resolves to false where the browser does not let it. */
export async function copySelected(surface: Surface): Promise<boolean> {
  const things = withContents(surface.stage.scene, surface.selected);
  try {
    await navigator.clipboard.writeText(copyText(surface.stage.scene.document, things));
    const count = things.nodes.length + things.backdrops.length + things.notes.length;
    surface.say(count === 1 ? 'Copied.' : `Copied ${count}.`);
    return true;
  } catch (thrown) {
    surface.store.notify({
      level: 'warning',
      key: 'clipboard',
      text: 'The browser did not let this page copy.',
      detail: wordsOf(thrown),
    });
    return false;
  }
}

export async function cutSelected(surface: Surface): Promise<void> {
  if (await copySelected(surface)) deleteSelected(surface);
}

/** Pastes a graph from a text at the pointer; false where the text holds none. */
export function pasteText(surface: Surface, text: string): boolean {
  const graph = graphIn(text);
  if (!graph) return false;
  const pasted = paste(surface.stage.scene.document, graph, { at: surface.pointer() });
  surface.apply(pasted);
  surface.select(pasted.things);
  return true;
}

/** Pastes what the clipboard holds, where the browser lets this page read it. */
export async function pasteClipboard(surface: Surface): Promise<void> {
  try {
    const text = await navigator.clipboard.readText();
    if (!pasteText(surface, text)) surface.say('There are no nodes in the clipboard.');
  } catch {
    surface.say('Press Ctrl+V: the browser does not let this page read the clipboard.');
  }
}

export function duplicateSelected(surface: Surface): void {
  const { document } = surface.stage.scene;
  const things = withContents(surface.stage.scene, surface.selected);
  const graph = graphIn(copyText(document, things));
  if (!graph) return;
  const pasted = paste(document, graph, { by: { x: 32, y: 32 } });
  const all = [...things.nodes, ...things.backdrops, ...things.notes];
  surface.apply({
    ...pasted,
    intent: counted('Duplicate', all, all.length === things.nodes.length ? 'node' : 'thing'),
  });
  surface.select(pasted.things);
}

/** A dot in the selected wire, after the selected node, or at the pointer. */
export function addDot(surface: Surface): void {
  const { scene, wire: id, selection } = surface.stage;
  const entry = surface.store.catalogue$.value.find(({ type }) => type === DOT);
  if (!entry) return;
  const at = cornerFor(entry, surface.pointer());
  const [only] = selection;
  const source = selection.size === 1 && only !== undefined ? scene.nodes.get(only) : undefined;
  const wire = scene.wires.find((one) => one.id === id || (id === undefined && one.id === surface.stage.hot));
  if (wire) surface.apply(createInWire(scene, entry, at, wire));
  else if (source) {
    surface.apply(
      createAfter(scene, entry, clearAfter(scene, entry, at, source), { nodes: [source.id], branch: false }),
    );
  } else surface.apply(createAlone(scene, entry, at));
}

/** A backdrop around what is selected, or at the pointer; its title is typed at once. */
export function addBackdrop(surface: Surface): void {
  const { scene } = surface.stage;
  const nodes = [...surface.stage.selection].flatMap((id) => scene.nodes.get(id) ?? []);
  const { x, y } = surface.pointer();
  const change = backdropAround(
    scene.document,
    nodes.length > 0 ? nodes : [{ x: x - 140, y: y - 80, width: 280, height: 160 }],
  );
  // The title that is typed at once belongs to the same step of the history.
  const group = gesture();
  surface.apply(change, group);
  surface.select({ ...NOTHING, backdrops: [change.id] });
  surface.open({ kind: 'title', backdrop: change.id, group });
}

export function addNote(surface: Surface): void {
  const change = noteAt(surface.stage.scene.document, surface.pointer());
  const group = gesture();
  surface.apply(change, group);
  surface.select({ ...NOTHING, notes: [change.id] });
  surface.open({ kind: 'text', note: change.id, group });
}

export function alignSelected(surface: Surface, how: Alignment): void {
  const change = align(surface.stage.scene, surface.selected.nodes, how);
  if (change) surface.apply(change);
  else surface.say('These are in line already.');
}

const ARRANGING = 'Arranging…';

/** Lays out what is selected, or everything. */
export async function layOutNodes(surface: Surface): Promise<void> {
  const { scene, selection } = surface.stage;
  const ids = selection.size > 1 ? selection : new Set(scene.nodes.keys());
  if (ids.size < 2) return;
  const busy = setTimeout(() => surface.say(ARRANGING), 100);
  try {
    const result = await layOut(layoutGraph(scene, ids));
    const now = surface.stage.scene;
    const change = arranged(now, ids, result);
    if (!change) {
      surface.say('The layout is like this already.');
      return;
    }
    surface.apply(change);
    if (selection.size <= 1) surface.frame();
  } catch (thrown) {
    surface.store.notify({
      level: 'error',
      key: 'layout',
      text: 'The nodes could not be arranged.',
      detail: wordsOf(thrown),
    });
  } finally {
    clearTimeout(busy);
    if (surface.word$.value?.text === ARRANGING) surface.word$.next(null);
  }
}

export function selectAll(surface: Surface): void {
  const { scene } = surface.stage;
  const { backdrops = {}, notes = {} } = scene.document.canvas ?? {};
  surface.select({ nodes: [...scene.nodes.keys()], backdrops: Object.keys(backdrops), notes: Object.keys(notes) });
}

export function selectReach(surface: Surface, way: 'upstream' | 'downstream'): void {
  surface.store.select(reach(surface.stage.scene.document, surface.stage.selection, way));
}

/** Selects the node that lies next in a direction, or at an end of the selected wire; the first where none is selected. */
export function step(surface: Surface, way: Direction, { adds }: { readonly adds: boolean }): void {
  if (!adds && toEnd(surface, way)) return;
  const { scene, selection } = surface.stage;
  const last = [...selection].at(-1);
  const from = last === undefined ? undefined : scene.nodes.get(last);
  const to = from
    ? neighbour(scene, from, way)
    : [...scene.nodes.values()].toSorted((a, b) => a.x - b.x || a.y - b.y)[0];
  if (!to) return;
  surface.select({ ...NOTHING, nodes: adds ? [...[...selection].filter((id) => id !== to.id), to.id] : [to.id] });
  surface.reveal(to.id);
}

/**
 * Selects a wire of the selected node, and then its other wires one after the other: those that come in from the top
 * down, then those that go out.
 */
export function stepWire(surface: Surface, by: 1 | -1): void {
  const { scene, selection, wire } = surface.stage;
  const [first] = selection;
  const present = scene.wires.find(({ id }) => id === wire);
  const holds = (id: string | undefined): boolean => id === present?.source || id === present?.target;
  const own = present ? (holds(surface.wireOwner) ? surface.wireOwner : present.target) : first;
  if (own === undefined || selection.size > 1) {
    surface.say('Select the node that has the wire.');
    return;
  }
  const wires = wiresOf(scene, own);
  const at = wires.findIndex(({ id }) => id === wire);
  const next = wires[at < 0 ? (by > 0 ? 0 : wires.length - 1) : (at + by + wires.length) % wires.length];
  surface.wireOwner = own;
  if (next) surface.selectWire(next.id);
  else surface.say(`Nothing is connected to ${own}.`);
}

/** Selects the node at an end of the selected wire; false where none is selected. */
function toEnd(surface: Surface, way: Direction): boolean {
  const wire = surface.stage.scene.wires.find(({ id }) => id === surface.stage.wire);
  if (!wire) return false;
  const id = way === 'left' || way === 'up' ? wire.source : wire.target;
  surface.select({ ...NOTHING, nodes: [id] });
  surface.reveal(id);
  return true;
}

const NUDGE = 16;
const WAYS = { left: [-NUDGE, 0], right: [NUDGE, 0], up: [0, -NUDGE], down: [0, NUDGE] } as const;

export function nudge(surface: Surface, way: Direction): void {
  const things = withContents(surface.stage.scene, surface.selected);
  const [x, y] = WAYS[way];
  const change = move(surface.stage.scene.document, things, { x, y });
  // Steps in a row are one step of the history.
  surface.store.edit(
    change.edit,
    change.intent,
    `nudge ${[...things.nodes, ...things.backdrops, ...things.notes].join()}`,
  );
}

/** Renames the node, or types the title of the backdrop or the text of the note that is selected. */
export function rename(surface: Surface): void {
  const { nodes, backdrops, notes } = surface.selected;
  if (nodes.length === 1) surface.open({ kind: 'rename', node: nodes[0]! });
  else if (backdrops.length === 1) surface.open({ kind: 'title', backdrop: backdrops[0]! });
  else if (notes.length === 1) surface.open({ kind: 'text', note: notes[0]! });
}

/**
 * A digit shows the selected node in the viewer, or what gives the selected wire its image, and keeps it under that digit;
 * with none selected it recalls it.
 */
export function viewDigit(surface: Surface, digit: string, slot: 'a' | 'b'): void {
  const { selection, scene, wire } = surface.stage;
  const [first] = selection;
  const only = selection.size === 1 ? first : scene.wires.find((one) => one.id === wire)?.source;
  if (only !== undefined) surface.digits.set(digit, only);
  const id = surface.digits.get(digit);
  if (id !== undefined && scene.nodes.has(id)) surface.store.view(slot, id);
  else surface.say(`Select a node to keep it under ${digit}.`);
}

/** Leads to what is wrong with a node. */
export function showProblems(surface: Surface, id: string): void {
  surface.select({ ...NOTHING, nodes: [id] });
  arrange((layout) => ({ ...shown(layout, 'right'), rightTab: 'problems' }));
}

export function setColour(surface: Surface, colour: string): void {
  const all = surface.stage.scene.document.canvas?.backdrops ?? {};
  const edits = surface.selected.backdrops.flatMap((id) => {
    const backdrop = all[id];
    return backdrop ? [{ op: 'setBackdrop', id, backdrop: { ...backdrop, colour } } as const] : [];
  });
  if (edits.length > 0) surface.apply({ edit: batch(edits), intent: 'Colour backdrop' });
}
