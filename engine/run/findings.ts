// Findings: what nodes found in samples while they were made, as plain data that crosses from workers and adds up.
import type { Finding, Measure, Notice } from '../node/define.ts';
import type { Described, Descriptions } from '../plan/describe.ts';
import { placed } from '../plan/fix.ts';
import type { Problem } from '../plan/problem.ts';
import { RowSums } from './rows.ts';

/** What one node told of one frame. */
export interface NodeFindings {
  readonly node: string;
  readonly frame: number;
  readonly notices: readonly Notice[];
  readonly measures: readonly Measure[];
}

interface Found {
  readonly node: string;
  readonly frame: number;
  /** By what they say, so that each is told once whatever the number of regions it was found in. */
  readonly notices: Map<string, Notice>;
  /** By part and name, and by row. */
  readonly measures: Map<string, { readonly part: number; readonly name: string; readonly rows: RowSums }>;
}

export class Findings {
  readonly #found = new Map<string, Found>();

  add(node: string, frame: number, finding: Finding): void {
    const key = `${node}@${frame}`;
    const found = this.#found.get(key) ?? { node, frame, notices: new Map(), measures: new Map() };
    this.#found.set(key, found);
    if ('notice' in finding) {
      const { notice } = finding;
      found.notices.set(`${notice.code}\0${notice.message}`, notice);
      return;
    }
    const { part, name } = finding.measure;
    const known = found.measures.get(`${part}/${name}`) ?? { part, name, rows: new RowSums() };
    found.measures.set(`${part}/${name}`, known);
    known.rows.add(finding.measure);
  }

  addAll(plain: readonly NodeFindings[]): void {
    for (const { node, frame, notices, measures } of plain) {
      for (const notice of notices) this.add(node, frame, { notice });
      for (const measure of measures) this.add(node, frame, { measure });
    }
  }

  /** What was found so far, in a fixed order. */
  plain(): NodeFindings[] {
    const inOrder = <T>(map: ReadonlyMap<string, T>): T[] => [...map].sort(byKey).map(([, value]) => value);
    return inOrder(this.#found).map(({ node, frame, notices, measures }) => ({
      node,
      frame,
      notices: inOrder(notices),
      measures: inOrder(measures).flatMap(({ part, name, rows }) =>
        rows.groups().map((group) => ({ part, name, ...group })),
      ),
    }));
  }

  /** What `plain` gives, and starts anew. */
  take(): NodeFindings[] {
    if (this.#found.size === 0) return [];
    const plain = this.plain();
    this.#found.clear();
    return plain;
  }
}

/** The problems that a frame's findings come to, in their order. */
export async function problemsOfFindings(
  descriptions: Descriptions,
  findings: readonly NodeFindings[],
): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const found of findings)
    problems.push(...judge(descriptions, found, await descriptions.describe(found.node, found.frame)));
  return problems;
}

/** The problems of one node that is described so: what it noticed, and what it makes of its measures, all rows added up. */
export function judge(descriptions: Descriptions, found: NodeFindings, { params }: Described): Problem[] {
  const { node: id, frame, notices, measures } = found;
  const node = descriptions.plan.nodes.get(id);
  if (!node || !params) return [];
  const sums = new Map<string, { part: number; name: string; sums: number[] }>();
  for (const { part, name, rows } of measures) {
    const known = sums.get(`${part}/${name}`) ?? { part, name, sums: [] };
    sums.set(`${part}/${name}`, known);
    for (const [, ...row] of rows) for (const [i, sum] of row.entries()) known.sums[i] = (known.sums[i] ?? 0) + sum;
  }
  const judged = node.definition.judge?.(descriptions.context(node, params, frame), [...sums.values()]) ?? [];
  return [...notices, ...judged].map((notice) => placed(descriptions.plan, node, frame, params, notice));
}

const byKey = (a: readonly [string, unknown], b: readonly [string, unknown]): number =>
  a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
