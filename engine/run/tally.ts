// Tallies: what happened to samples while a piece was made, as plain data that crosses from workers and adds up.
import type { Observer } from '../evaluate/evaluator.ts';
import type { CountedRows, Note, SampleCount } from '../node/define.ts';
import type { SampleType } from '../pixels/plane.ts';

export interface ConversionCount {
  readonly node: string;
  readonly channel: string;
  readonly from: SampleType;
  readonly to: SampleType;
  samples: number;
  changed: number;
}

export interface NodeNote extends Note {
  readonly node: string;
}

/** What a sink did to samples of a channel. */
export interface NodeCount extends SampleCount {
  readonly node: string;
}

/** The columns of a row that were looked at, and how many of its samples were counted. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly samples: number;
}

export class Tally implements Observer {
  readonly #conversions = new Map<string, ConversionCount>();
  readonly #notes = new Map<string, NodeNote>();
  readonly #rows = new Map<string, Map<number, Span>>();
  readonly #counts = new Map<string, NodeCount>();

  converted(event: ConversionCount): void {
    const key = `${event.node}/${event.channel}/${event.from}/${event.to}`;
    const known = this.#conversions.get(key);
    if (!known) this.#conversions.set(key, { ...event });
    else {
      known.samples += event.samples;
      known.changed += event.changed;
    }
  }

  noted(node: string, note: Note): void {
    const key = `${node}/${note.kind}/${note.part}/${note.name}/${note.reason}`;
    this.#notes.set(key, { ...note, node });
    if (!note.rows) return;
    const spans = this.#rows.get(key) ?? new Map<number, Span>();
    this.#rows.set(key, spans);
    const { from, to } = note.rows;
    for (const [row, samples] of note.rows.counts) spans.set(row, joined(spans.get(row), { from, to, samples }));
  }

  counted(node: string, count: SampleCount): void {
    const key = `${node}/${count.channel}/${count.reason}`;
    const known = this.#counts.get(key) ?? { samples: 0, altered: 0 };
    const { samples, altered } = known;
    this.#counts.set(key, { ...count, node, samples: samples + count.samples, altered: altered + count.altered });
  }

  add(plain: PlainTally): void {
    for (const conversion of plain.conversions) this.converted(conversion);
    for (const { node, ...note } of plain.notes) this.noted(node, note);
    for (const { node, ...count } of plain.counts ?? []) this.counted(node, count);
  }

  /** What was tallied, in a fixed order, and starts anew. */
  take(): PlainTally {
    const plain = {
      conversions: [...this.#conversions].sort(byKey).map(([, c]) => c),
      notes: [...this.#notes].sort(byKey).flatMap(([key, note]) => this.#withRows(key, note)),
      ...(this.#counts.size > 0 ? { counts: [...this.#counts].sort(byKey).map(([, c]) => c) } : {}),
    };
    this.#conversions.clear();
    this.#notes.clear();
    this.#rows.clear();
    this.#counts.clear();
    return plain;
  }

  /** A note with all rows that were counted for it: once for each pair of columns between which they were. */
  #withRows(key: string, note: NodeNote): NodeNote[] {
    const spans = this.#rows.get(key);
    if (!spans) return [note];
    const groups = new Map<string, CountedRows & { readonly counts: [number, number][] }>();
    for (const [row, { from, to, samples }] of [...spans].sort(([a], [b]) => a - b)) {
      const group = groups.get(`${from} ${to}`) ?? { from, to, counts: [] };
      groups.set(`${from} ${to}`, group);
      group.counts.push([row, samples]);
    }
    return [...groups.values()].map((rows) => ({ ...note, rows }));
  }
}

/** What is known of a row after another look at it: the wider of two where one lies in the other, else both together. */
function joined(known: Span | undefined, more: Span): Span {
  if (!known || (more.from <= known.from && more.to >= known.to)) return more;
  if (more.from >= known.from && more.to <= known.to) return known;
  return {
    from: Math.min(known.from, more.from),
    to: Math.max(known.to, more.to),
    samples: known.samples + more.samples,
  };
}

export interface PlainTally {
  readonly conversions: readonly ConversionCount[];
  readonly notes: readonly NodeNote[];
  /** Left out where no sink counted anything. */
  readonly counts?: readonly NodeCount[];
}

const byKey = (a: readonly [string, unknown], b: readonly [string, unknown]): number =>
  a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
