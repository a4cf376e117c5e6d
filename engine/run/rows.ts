// Sums over the rows of a picture, told region by region: a row that is told of twice counts once.

/** Rows between two columns, each with its sums. */
export interface Rows {
  readonly from: number;
  readonly to: number;
  readonly rows: readonly (readonly [row: number, ...sums: number[]])[];
}

/** The columns of a row that were looked at, and the sums over them. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly sums: readonly number[];
}

export class RowSums {
  readonly #spans = new Map<number, Span>();

  add({ from, to, rows }: Rows): void {
    for (const [row, ...sums] of rows) this.#spans.set(row, joined(this.#spans.get(row), { from, to, sums }));
  }

  /** All rows from the top, once for each pair of columns between which they are. */
  groups(): Rows[] {
    const groups = new Map<string, Rows & { readonly rows: [number, ...number[]][] }>();
    for (const [row, { from, to, sums }] of [...this.#spans].sort(([a], [b]) => a - b)) {
      const group = groups.get(`${from} ${to}`) ?? { from, to, rows: [] };
      groups.set(`${from} ${to}`, group);
      group.rows.push([row, ...sums]);
    }
    return [...groups.values()];
  }
}

/** What is known of a row after another look at it: the wider of two where one lies in the other, else both together. */
function joined(known: Span | undefined, more: Span): Span {
  if (!known || (more.from <= known.from && more.to >= known.to)) return more;
  if (more.from >= known.from && more.to <= known.to) return known;
  return {
    from: Math.min(known.from, more.from),
    to: Math.max(known.to, more.to),
    sums: known.sums.map((sum, i) => sum + (more.sums[i] ?? 0)),
  };
}
