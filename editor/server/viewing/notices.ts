// Notices: what nodes found in the samples of pictures that were made, kept for as long as samples are the same.
import { Subject } from 'rxjs';
import { Findings, judge, type NodeFindings, type Overview, type Problem, type Work } from '../../../engine/index.ts';

/** Nodes at frames of which findings are kept; the oldest go first. */
const MOST_KEPT = 128;

export class Notices {
  /** Something more was found. */
  readonly changed$ = new Subject<void>();
  /** By the keys of descriptions, which name samples: an edit that changes them leaves what was found behind. */
  readonly #kept = new Map<string, Findings>();

  async add({ descriptions }: Pick<Work, 'descriptions'>, found: readonly NodeFindings[]): Promise<void> {
    if (found.length === 0) return;
    for (const one of found) {
      const { key } = await descriptions.describe(one.node, one.frame);
      // A node in error, which has no samples any more.
      if (key === '') continue;
      const kept = this.#kept.get(key) ?? new Findings();
      this.#kept.delete(key);
      this.#kept.set(key, kept);
      // What has the same key has the same samples, whatever the node and the frame.
      kept.addAll([{ ...one, node: '', frame: 0 }]);
    }
    for (const key of this.#kept.keys()) {
      if (this.#kept.size <= MOST_KEPT) break;
      this.#kept.delete(key);
    }
    this.changed$.next();
  }

  /** The problems of nodes that are at work, at the frame that is looked at. */
  problems({ work, frame, described }: Overview): Problem[] {
    return [...described].flatMap(([node, one]) => {
      const found = work.plan.document.nodes[node]?.disabled ? undefined : this.#kept.get(one.key);
      return (found?.plain() ?? []).flatMap((plain) => judge(work.descriptions, { ...plain, node, frame }, one));
    });
  }
}
