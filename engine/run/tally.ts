// Tallies: what happened to samples while a piece was made, as plain data that crosses from workers and adds up.
import type { Observer } from '../evaluate/evaluator.ts';
import type { Note, SampleCount } from '../node/define.ts';
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

export class Tally implements Observer {
  readonly #conversions = new Map<string, ConversionCount>();
  readonly #notes = new Map<string, NodeNote>();
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
    this.#notes.set(`${node}/${note.kind}/${note.part}/${note.name}`, { ...note, node });
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
      notes: [...this.#notes].sort(byKey).map(([, n]) => n),
      ...(this.#counts.size > 0 ? { counts: [...this.#counts].sort(byKey).map(([, c]) => c) } : {}),
    };
    this.#conversions.clear();
    this.#notes.clear();
    this.#counts.clear();
    return plain;
  }
}

export interface PlainTally {
  readonly conversions: readonly ConversionCount[];
  readonly notes: readonly NodeNote[];
  /** Left out where no sink counted anything. */
  readonly counts?: readonly NodeCount[];
}

const byKey = (a: readonly [string, unknown], b: readonly [string, unknown]): number =>
  a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
