// Structure: links and promoted parameters checked against the nodes of the document, without any knowledge of node types.
import { type DocumentProblem, problem } from './problem.ts';
import { type Document, nodeOf } from './schema.ts';

/** Links that begin or end nowhere, inputs with two links, cycles, and promotions that do not fit. Empty for a sound graph. */
export function checkStructure(document: Document): DocumentProblem[] {
  return [...danglingLinks(document), ...doubledLinks(document), ...cycles(document), ...promotions(document)];
}

function danglingLinks(document: Document): DocumentProblem[] {
  return document.links.flatMap((link, index) => {
    const missing = [link.from, link.to].filter((end) => !Object.hasOwn(document.nodes, nodeOf(end)));
    return missing.map((end) => ({
      ...problem(
        'link-unknown-node',
        `The link ${link.from} → ${link.to} names the node ${nodeOf(end)}, which does not exist.`,
        ['links', index],
      ),
      fixes: [{ title: 'Remove the link', edits: [{ op: 'removeLink' as const, ...link }] }],
    }));
  });
}

function doubledLinks(document: Document): DocumentProblem[] {
  const first = new Map<string, string>();
  const found: DocumentProblem[] = [];
  document.links.forEach((link, index) => {
    const other = first.get(link.to);
    if (other === undefined) {
      first.set(link.to, link.from);
      return;
    }
    found.push({
      ...problem(
        'link-duplicate',
        `Two links end at ${link.to}: from ${other} and from ${link.from}. Keep one of them.`,
        ['links', index],
      ),
      fixes: [{ title: `Remove the link from ${link.from}`, edits: [{ op: 'removeLink', ...link }] }],
    });
  });
  return found;
}

/** One problem for each cycle that can be walked into without meeting another one. Works without recursion. */
function cycles(document: Document): DocumentProblem[] {
  const { feeds, waiting } = unsorted(document);
  const seen = new Set<string>();
  const found: DocumentProblem[] = [];
  for (const start of waiting) {
    // Whatever still waits has a feed that still waits, so that walking up must meet itself or an earlier walk.
    const walk: string[] = [];
    let id = start;
    while (!seen.has(id)) {
      seen.add(id);
      walk.push(id);
      id = feeds.get(id)!.find((feed) => waiting.has(feed))!;
    }
    const entered = walk.indexOf(id);
    if (entered >= 0) found.push(cycleProblem(document, walk.slice(entered).reverse()));
  }
  return found;
}

/** Who feeds each node, and the nodes that no order can reach. */
function unsorted(document: Document): { feeds: Map<string, string[]>; waiting: Set<string> } {
  const feeds = new Map<string, string[]>();
  const users = new Map<string, string[]>();
  for (const id of Object.keys(document.nodes)) {
    feeds.set(id, []);
    users.set(id, []);
  }
  for (const link of document.links) {
    const from = nodeOf(link.from);
    const to = nodeOf(link.to);
    if (!feeds.has(from) || !feeds.has(to)) continue;
    feeds.get(to)!.push(from);
    users.get(from)!.push(to);
  }
  const open = new Map([...feeds].map(([id, list]) => [id, list.length]));
  const ready = [...open].filter(([, count]) => count === 0).map(([id]) => id);
  const waiting = new Set(feeds.keys());
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    waiting.delete(id);
    for (const user of users.get(id)!) {
      const left = open.get(user)! - 1;
      open.set(user, left);
      if (left === 0) ready.push(user);
    }
  }
  return { feeds, waiting };
}

function cycleProblem(document: Document, ids: readonly string[]): DocumentProblem {
  const shown = ids.length > 8 ? [...ids.slice(0, 4), '…', ...ids.slice(-3)] : ids;
  const next = new Map(ids.map((id, i) => [id, ids[(i + 1) % ids.length]]));
  const index = document.links.findLastIndex((link) => next.get(nodeOf(link.from)) === nodeOf(link.to));
  const link = document.links[index]!;
  return {
    ...problem('link-cycle', `The links form a cycle: ${[...shown, ids[0]].join(' → ')}. Remove one of them.`, [
      'links',
      index,
    ]),
    fixes: [{ title: `Remove the link ${link.from} → ${link.to}`, edits: [{ op: 'removeLink', ...link }] }],
  };
}

function promotions(document: Document): DocumentProblem[] {
  const found: DocumentProblem[] = [];
  const names = new Set<string>();
  const targets = new Map<string, string>();
  document.promoted.forEach((promoted, index) => {
    const fixes = [{ title: `Demote ${promoted.name}`, edits: [{ op: 'demote' as const, name: promoted.name }] }];
    if (names.has(promoted.name)) {
      const message = `Two promoted parameters are called ${promoted.name}. Give one of them another name.`;
      found.push({ ...problem('promoted-target', message, ['promoted', index, 'name']), fixes });
    }
    names.add(promoted.name);
    promoted.to.forEach((target, at) => {
      const path = ['promoted', index, 'to', at];
      const other = targets.get(target);
      if (!Object.hasOwn(document.nodes, nodeOf(target))) {
        const message = `The promoted parameter ${promoted.name} goes to ${target}, but there is no node ${nodeOf(target)}.`;
        found.push({ ...problem('promoted-target', message, path), fixes });
      } else if (other !== undefined) {
        found.push({
          ...problem('promoted-target', `${target} is promoted twice: by ${other} and by ${promoted.name}.`, path),
          fixes,
        });
      }
      targets.set(target, promoted.name);
    });
  });
  return found;
}

/** True where a walk along the links leads from a node to another one (or to itself). */
export function reaches(document: Pick<Document, 'links'>, from: string, to: string): boolean {
  const users = new Map<string, string[]>();
  for (const link of document.links) {
    const list = users.get(nodeOf(link.from));
    if (list) list.push(nodeOf(link.to));
    else users.set(nodeOf(link.from), [nodeOf(link.to)]);
  }
  const seen = new Set<string>();
  const stack = [...(users.get(from) ?? [])];
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    if (id === to) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    for (const user of users.get(id) ?? []) stack.push(user);
  }
  return false;
}
