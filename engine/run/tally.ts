// Tallies: what happened to samples while a piece was made, as plain data that crosses from workers and adds up.
import type { Observer } from '../evaluate/evaluator.ts';
import type { Note } from '../node/define.ts';
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

export class Tally implements Observer {
  readonly #conversions = new Map<string, ConversionCount>();
  readonly #notes = new Map<string, NodeNote>();

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

  add(plain: PlainTally): void {
    for (const conversion of plain.conversions) this.converted(conversion);
    for (const { node, ...note } of plain.notes) this.noted(node, note);
  }

  /** What was tallied, in a fixed order, and starts anew. */
  take(): PlainTally {
    const plain = {
      conversions: [...this.#conversions].sort(byKey).map(([, c]) => c),
      notes: [...this.#notes].sort(byKey).map(([, n]) => n),
    };
    this.#conversions.clear();
    this.#notes.clear();
    return plain;
  }
}

export interface PlainTally {
  readonly conversions: readonly ConversionCount[];
  readonly notes: readonly NodeNote[];
}

const byKey = (a: readonly [string, unknown], b: readonly [string, unknown]): number =>
  a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
