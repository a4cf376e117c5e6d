// What a node found wrong, told at the node's place, with its fixes as edits of the document.
import type { Edit } from '../document/edits.ts';
import { type Document, freeId, nodeOf } from '../document/schema.ts';
import type { Insertion, NodeProblem } from '../node/problem.ts';
import { withOwnTexts } from './params.ts';
import type { Plan, PlanNode } from './plan.ts';
import type { Problem } from './problem.ts';

/** The distance from one node to the next where there is room for one between them, and how far below it goes where not. */
const ROOM = 480;
const BELOW = 160;

/** A node's problem with the node's place and its fixes as edits of the document; `params` are those it was given. */
export function placed(plan: Plan, node: PlanNode, frame: number, params: unknown, problem: NodeProblem): Problem {
  const { severity, code, message } = problem;
  const told = { severity, code, message, where: { node: node.id, frame, ...problem.where } };
  if (!problem.fixes || node.embedded) return told;
  const fixes = problem.fixes.flatMap((fix) => {
    const edits = fix.set ? settings(node, params, fix.set) : insertion(plan.given, node, fix.insert);
    return edits.length === 0 ? [] : [{ title: fix.title, edits }];
  });
  return { ...told, fixes };
}

/** New values of the node's own parameters. One takes the place of an animation. */
function settings(node: PlanNode, params: unknown, set: Readonly<Record<string, unknown>>): Edit[] {
  const given = params as Readonly<Record<string, unknown>>;
  return [
    ...(node.renewal ? [node.renewal] : []),
    ...Object.entries(set).flatMap(([name, value]): Edit[] => [
      ...node.animated
        .filter((path) => path === name || path.startsWith(`${name}.`))
        .map((path): Edit => ({ op: 'setAnimation', node: node.id, name: path })),
      { op: 'setParam', node: node.id, name, value: withOwnTexts(value as never, given[name], node.params[name]) },
    ]),
  ];
}

/** A new node on the wire that comes in at a port; none where the document has no such wire. */
function insertion(document: Document, node: PlanNode, { port, input, type, version, params }: Insertion): Edit[] {
  const to = `${node.id}.${port}`;
  const from = document.links.find((link) => link.to === to)?.from;
  if (from === undefined) return [];
  const [source, target] = [nodeOf(from), node.id].map((id) => document.nodes[id]?.at ?? [0, 0]);
  const between = target![0] - source![0] >= ROOM;
  const id = freeId(document, type.slice(type.lastIndexOf('.') + 1));
  const at = [(source![0] + target![0]) / 2, (source![1] + target![1]) / 2 + (between ? 0 : BELOW)] as const;
  return [
    { op: 'addNode', id, node: { type, version, params, at: [Math.round(at[0]), Math.round(at[1])] } },
    { op: 'removeLink', from, to },
    { op: 'addLink', from, to: `${id}.${input ?? 'image'}` },
    { op: 'addLink', from: `${id}.image`, to },
  ];
}
