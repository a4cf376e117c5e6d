// The ledger: everything of an input that does not reach an output unchanged, with the reason; merged over frames.
import { type FrameList, formatFrames } from '../image/frames.ts';

/**
 * - `lost`: it does not reach the output.
 * - `changed`: something else stands in its place because the graph says so, or the file is stored otherwise.
 * - `lowered`: the numbers are good for less than they were: for a display where they were light, of 8 bits.
 * - `cleared`: it would be true no more, so that the graph takes it away.
 * - `converted`: samples changed their type, or were packed by a lossy method, because a parameter asked for it.
 * - `added`: the graph puts it there; no input had it.
 * - `substituted`: another frame, or black, stands in for a missing one.
 * - `filled`: damaged or missing pixels were replaced.
 * - `skipped`: a frame that the mismatch policy leaves out.
 */
export type LedgerKind =
  | 'lost'
  | 'substituted'
  | 'filled'
  | 'lowered'
  | 'converted'
  | 'cleared'
  | 'changed'
  | 'added'
  | 'skipped';

export interface LedgerItem {
  readonly kind: LedgerKind;
  readonly item: 'part' | 'channel' | 'attribute' | 'window' | 'level' | 'frame' | 'chunk' | 'storage';
  readonly name: string;
  /** The node that read it, or where it came from. */
  readonly from: string;
  /** The sink whose output this is about. */
  readonly sink: string;
  readonly reason: string;
}

/** An item with the frames on which it holds, and sums where it counts samples. */
export interface LedgerEntry extends LedgerItem {
  /** As `formatFrames` writes them: `1001-1008`. */
  readonly frames: string;
  readonly samples?: number;
  /** Of the samples: those whose value could not be kept. */
  readonly altered?: number;
}

interface Gathered {
  readonly item: LedgerItem;
  readonly frames: Set<number>;
  samples: number;
  altered: number;
}

export class Ledger {
  readonly #gathered = new Map<string, Gathered>();

  add(frame: number, item: LedgerItem, counts?: { readonly samples: number; readonly altered: number }): void {
    const key = [item.sink, ORDER.indexOf(item.kind), item.item, item.from, item.name, item.reason].join('\u0000');
    let known = this.#gathered.get(key);
    if (!known) {
      known = { item, frames: new Set(), samples: 0, altered: 0 };
      this.#gathered.set(key, known);
    }
    known.frames.add(frame);
    known.samples += counts?.samples ?? 0;
    known.altered += counts?.altered ?? 0;
  }

  get hasLosses(): boolean {
    return [...this.#gathered.values()].some((g) => g.item.kind === 'lost');
  }

  /** In a fixed order, whatever the order in which frames were finished. */
  entries(): LedgerEntry[] {
    return [...this.#gathered]
      .map(([key, gathered]) => [sortable(key), gathered] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { item, frames, samples, altered }]) => ({
        ...item,
        frames: formatFrames([...frames].sort((a, b) => a - b) as FrameList),
        ...(samples > 0 ? { samples, altered } : {}),
      }));
  }
}

/** Numbers in names go by their value: frame 997 before frame 1000. The key itself decides between equals. */
const sortable = (key: string): string => `${key.replace(/\d+/g, (digits) => digits.padStart(12, '0'))}\u0000${key}`;

const ORDER: readonly LedgerKind[] = [
  'lost',
  'substituted',
  'filled',
  'lowered',
  'converted',
  'cleared',
  'changed',
  'added',
  'skipped',
];
