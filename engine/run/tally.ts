// Tallies: what happened to samples while a piece was made, as plain data that crosses from workers and adds up.
import type { Observer } from '../evaluate/evaluator.ts';
import type { CountedRows, Finding, Note, SampleCount } from '../node/define.ts';
import type { SampleType } from '../pixels/plane.ts';
import type { Problem } from '../plan/problem.ts';
import { Findings, type NodeFindings } from './findings.ts';
import { RowSums } from './rows.ts';

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

export class Tally implements Observer {
  readonly #conversions = new Map<string, ConversionCount>();
  readonly #notes = new Map<string, NodeNote>();
  readonly #rows = new Map<string, RowSums>();
  readonly #counts = new Map<string, NodeCount>();
  readonly #findings = new Findings();

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
    const rows = this.#rows.get(key) ?? new RowSums();
    this.#rows.set(key, rows);
    rows.add({ ...note.rows, rows: note.rows.counts });
  }

  counted(node: string, count: SampleCount): void {
    const key = `${node}/${count.channel}/${count.reason}`;
    const known = this.#counts.get(key) ?? { samples: 0, altered: 0 };
    const { samples, altered } = known;
    this.#counts.set(key, { ...count, node, samples: samples + count.samples, altered: altered + count.altered });
  }

  found(node: string, frame: number, finding: Finding): void {
    this.#findings.add(node, frame, finding);
  }

  add(plain: PlainTally): void {
    for (const conversion of plain.conversions) this.converted(conversion);
    for (const { node, ...note } of plain.notes) this.noted(node, note);
    for (const { node, ...count } of plain.counts ?? []) this.counted(node, count);
    this.#findings.addAll(plain.findings ?? []);
  }

  /** What was tallied, in a fixed order, and starts anew. */
  take(): PlainTally {
    const findings = this.#findings.take();
    const plain = {
      conversions: [...this.#conversions].sort(byKey).map(([, c]) => c),
      notes: [...this.#notes].sort(byKey).flatMap(([key, note]) => this.#withRows(key, note)),
      ...(this.#counts.size > 0 ? { counts: [...this.#counts].sort(byKey).map(([, c]) => c) } : {}),
      ...(findings.length > 0 ? { findings } : {}),
    };
    this.#conversions.clear();
    this.#notes.clear();
    this.#rows.clear();
    this.#counts.clear();
    return plain;
  }

  /** A note with all rows that were counted for it: once for each pair of columns between which they were. */
  #withRows(key: string, note: NodeNote): NodeNote[] {
    const groups = this.#rows.get(key)?.groups();
    if (!groups) return [note];
    return groups.map(({ from, to, rows }) => ({ ...note, rows: { from, to, counts: rows as CountedRows['counts'] } }));
  }
}

export interface PlainTally {
  readonly conversions: readonly ConversionCount[];
  readonly notes: readonly NodeNote[];
  /** Left out where no sink counted anything. */
  readonly counts?: readonly NodeCount[];
  /** What nodes found in samples, until the frame is whole. */
  readonly findings?: readonly NodeFindings[];
  /** Of a frame that is whole: the problems that the findings came to. */
  readonly problems?: readonly Problem[];
}

const byKey = (a: readonly [string, unknown], b: readonly [string, unknown]): number =>
  a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
