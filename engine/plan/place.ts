// Places: problems of nodes that came out of a graph, told where a person can mend them.
import type { Edit } from '../document/edits.ts';
import type { Document } from '../document/schema.ts';
import { changeAt, type Expanded } from './expand.ts';
import type { Problem } from './problem.ts';

/**
 * A wrong value that an embedding node gives is told at that node and its parameter. Of the fixes those stay that are
 * edits of the document as it is saved.
 */
export function told(problem: Problem, document: Document, { changes, embedded }: Expanded): Problem {
  const { fixes, ...bare } = problem;
  const kept = fixes?.filter((fix) => fix.edits.every((edit) => applies(edit, document, embedded)));
  const { node, param } = problem.where;
  const from = node === undefined || param === undefined ? undefined : changeAt(changes.get(node), param)?.from;
  const placed = from
    ? {
        ...bare,
        message: bare.message.replace(`${node}.${param}`, `${from.node}.${from.param}`),
        where: { ...bare.where, ...from },
      }
    : bare;
  return kept && kept.length > 0 ? { ...placed, fixes: kept } : placed;
}

function applies(edit: Edit, { links }: Document, embedded: ReadonlySet<string>): boolean {
  if (edit.op === 'removeLink') return links.some(({ from, to }) => to === edit.to && from === (edit.from ?? from));
  if (edit.op === 'batch') return false;
  const node = 'node' in edit && typeof edit.node === 'string' ? edit.node : 'id' in edit ? edit.id : undefined;
  return node === undefined || !embedded.has(node);
}
