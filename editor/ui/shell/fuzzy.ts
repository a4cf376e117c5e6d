// Fuzzy search as palettes do it: the letters of the query in their order, best where they begin words.

export interface Match {
  /** Higher is better. */
  readonly score: number;
  /** Which letters of the text were met, ascending. */
  readonly at: readonly number[];
}

const LONGEST = 256;

/**
 * How well a text answers a query; undefined where a letter is missing. Case and spaces of the query do not count.
 * Letters side by side and at beginnings of words (also after a dot or at a capital) count more; short texts win ties.
 */
export function fuzzy(query: string, text: string): Match | undefined {
  const wanted = query.toLowerCase().replaceAll(/\s+/g, '');
  if (wanted.length === 0) return { score: 0, at: [] };
  const shown = text.slice(0, LONGEST);
  const lower = shown.toLowerCase();
  const n = lower.length;
  if (wanted.length > n) return undefined;
  // best[j]: the best way to have met the query up to here with its last letter at j.
  let best: (Step | undefined)[] = Array.from({ length: n }, (_, j) =>
    lower[j] === wanted[0] ? { score: worth(shown, j) - Math.min(j, 10) * 0.1, from: undefined, at: j } : undefined,
  );
  for (let i = 1; i < wanted.length; i++) {
    const next: (Step | undefined)[] = new Array(n);
    let far: Step | undefined;
    for (let j = i; j < n; j++) {
      const skipped = best[j - 2];
      if (skipped && (!far || skipped.score > far.score)) far = skipped;
      if (lower[j] !== wanted[i]) continue;
      const near = best[j - 1];
      const beside = near ? near.score + 4 : Number.NEGATIVE_INFINITY;
      const apart = far ? far.score - 0.5 : Number.NEGATIVE_INFINITY;
      const from = beside >= apart ? near : far;
      if (from) next[j] = { score: Math.max(beside, apart) + worth(shown, j), from, at: j };
    }
    best = next;
  }
  let last: Step | undefined;
  for (const step of best) if (step && (!last || step.score > last.score)) last = step;
  if (!last) return undefined;
  const at: number[] = [];
  for (let step: Step | undefined = last; step; step = step.from) at.unshift(step.at);
  const whole = lower === wanted ? 20 : lower.startsWith(wanted) ? 5 : 0;
  return { score: last.score + whole - n * 0.02, at };
}

interface Step {
  readonly score: number;
  readonly from: Step | undefined;
  readonly at: number;
}

function worth(text: string, j: number): number {
  const before = text[j - 1];
  const here = text[j]!;
  if (before === undefined) return 8;
  if (/[\s._/:-]/.test(before)) return 6;
  return /[a-z]/.test(before) && /[A-Z]/.test(here) ? 5 : 1;
}

/** The items that answer the query, best first, in their own order where they answer alike. `texts` gives the most telling text first. */
export function search<T>(query: string, items: readonly T[], texts: (item: T) => readonly string[]): readonly T[] {
  if (query.trim() === '') return items;
  return items
    .map((item, order) => {
      const scores = texts(item).map((text, i) => (fuzzy(query, text)?.score ?? Number.NEGATIVE_INFINITY) - i * 2);
      return { item, order, score: Math.max(...scores) };
    })
    .filter(({ score }) => score > Number.NEGATIVE_INFINITY)
    .sort((a, b) => b.score - a.score || a.order - b.order)
    .map(({ item }) => item);
}
