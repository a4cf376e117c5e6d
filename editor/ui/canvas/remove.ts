// Deleting nodes and wires: what a deleted node passed on is joined again, so that the stream below stays fed.
import { type Document, type Link, parseLinkEnd } from '../../../engine/browser.ts';
import { batch, type Change, counted, relinked } from './change.ts';
import { joins } from './ports.ts';
import type { Scene } from './scene.ts';

/** Removes nodes, and with them backdrops and notes. Wires that ended below them begin above them, where kinds fit. */
export function removeNodes(
  scene: Scene,
  ids: readonly string[],
  canvas: { readonly backdrops: readonly string[]; readonly notes: readonly string[] } = { backdrops: [], notes: [] },
): Change {
  const { document } = scene;
  const gone = new Set(ids);
  const healed = healedLinks(scene, gone);
  const left = document.links.filter((link) => !touches(link, gone));
  const things = [...ids, ...canvas.backdrops, ...canvas.notes];
  return {
    edit: batch([
      ...ids.map((id) => ({ op: 'removeNode', id }) as const),
      ...relinked(left, healed),
      ...canvas.backdrops.map((id) => ({ op: 'setBackdrop', id }) as const),
      ...canvas.notes.map((id) => ({ op: 'setNote', id }) as const),
    ]),
    intent: counted('Delete', things, things.length === ids.length ? 'node' : 'thing'),
    select: [],
  };
}

const touches = ({ from, to }: Link, gone: ReadonlySet<string>): boolean =>
  gone.has(parseLinkEnd(from).node) || gone.has(parseLinkEnd(to).node);

function healedLinks(scene: Scene, gone: ReadonlySet<string>): Link[] {
  return scene.document.links.flatMap((link) => {
    if (gone.has(parseLinkEnd(link.to).node)) return [];
    const from = feedOf(scene, link.from, gone);
    return from === undefined ? [] : [from === link.from ? link : { from, to: link.to }];
  });
}

/** What stands at the head of a wire once some nodes are gone: their first input of the same kind, walked up. */
function feedOf(scene: Scene, from: string, gone: ReadonlySet<string>): string | undefined {
  let end = from;
  for (;;) {
    const { node, port } = parseLinkEnd(end);
    if (!gone.has(node)) return end;
    const found = scene.nodes.get(node);
    const kind = found?.outputs.find(({ key }) => key === port)?.kind;
    const fitting = found?.inputs.filter((socket) => kind && joins(kind, socket.kind)) ?? [];
    const [link] = fitting.flatMap(({ key }) => scene.document.links.find(({ to }) => to === `${node}.${key}`) ?? []);
    if (!link) return undefined;
    end = link.from;
  }
}

/** Turns nodes off, or on again where all of them are off. */
export function bypass(document: Document, ids: readonly string[]): Change {
  const disabled = !ids.every((id) => document.nodes[id]?.disabled);
  return {
    edit: batch(ids.map((node) => ({ op: 'setDisabled', node, disabled }))),
    intent: counted(disabled ? 'Bypass' : 'Enable', ids),
  };
}

/** Takes the nodes out of their stream without deleting them: what they passed on is joined again. */
export function extract(scene: Scene, ids: readonly string[]): Change {
  const out = new Set(ids);
  const inside = scene.document.links.filter(
    ({ from, to }) => out.has(parseLinkEnd(from).node) && out.has(parseLinkEnd(to).node),
  );
  const links = [...healedLinks(scene, out), ...inside];
  return { edit: batch(relinked(scene.document.links, links)), intent: counted('Extract', ids) };
}
