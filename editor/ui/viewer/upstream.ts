// Whether an edit can have changed the picture of a node: a comparison of what lies upstream of it in two documents.
import { type Document, type DocumentNode, parseLinkEnd } from '../../../engine/browser.ts';

/** Links by the node at which they end. */
function linksByTarget(document: Document): ReadonlyMap<string, readonly { from: string; to: string }[]> {
  const map = new Map<string, { from: string; to: string }[]>();
  for (const link of document.links) {
    const { node } = parseLinkEnd(link.to);
    const links = map.get(node);
    if (links) links.push(link);
    else map.set(node, [link]);
  }
  return map;
}

const sameNode = (a: DocumentNode | undefined, b: DocumentNode | undefined): boolean =>
  a === b ||
  (a !== undefined &&
    b !== undefined &&
    a.type === b.type &&
    a.version === b.version &&
    a.disabled === b.disabled &&
    a.params === b.params);

/**
 * A test for nodes of `before`: does `after` make the same picture of it? Positions, titles, backdrops and notes have no
 * part in pictures; frames and variables have one in all of them.
 */
export function pictureTest(before: Document, after: Document): (node: string) => boolean {
  if (before.frames !== after.frames || before.variables !== after.variables) return () => false;
  if (before.nodes === after.nodes && before.links === after.links) return () => true;
  const old = linksByTarget(before);
  const now = before.links === after.links ? old : linksByTarget(after);
  const known = new Map<string, boolean>();
  return (node) => {
    const seen = new Set([node]);
    const open = [node];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      const answer = known.get(id);
      if (answer === true) continue;
      if (answer === false || !sameNode(before.nodes[id], after.nodes[id])) return remember(known, node, false);
      const links = old.get(id) ?? [];
      const others = now.get(id) ?? [];
      if (links.length !== others.length) return remember(known, node, false);
      for (const [i, { from, to }] of links.entries()) {
        if (others[i]!.from !== from || others[i]!.to !== to) return remember(known, node, false);
        const source = parseLinkEnd(from).node;
        if (!seen.has(source)) open.push(source);
        seen.add(source);
      }
    }
    return remember(known, node, true);
  };
}

function remember(known: Map<string, boolean>, node: string, answer: boolean): boolean {
  known.set(node, answer);
  return answer;
}
