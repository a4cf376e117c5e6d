// The rows of ledger and log: what a filter leaves, in groups, and as text to copy.
import type { LedgerEntry, LedgerKind } from '../../../../engine/browser.ts';
import type { LogLine } from '../../../protocol.ts';
import type { BadgeKind } from '../../look/badge.tsx';

export interface LedgerGroup {
  readonly kind: LedgerKind;
  readonly entries: readonly LedgerEntry[];
}

/** What each kind says, and how it is marked; what is worst first. */
export const KIND_WORDS: Readonly<Record<LedgerKind, { readonly mark: BadgeKind; readonly doc: string }>> = {
  lost: { mark: 'error', doc: 'does not reach the output' },
  substituted: { mark: 'warning', doc: 'another frame, or black, stands in for one' },
  filled: { mark: 'warning', doc: 'missing pixels were read as black' },
  lowered: { mark: 'info', doc: 'good for less than it was' },
  converted: { mark: 'info', doc: 'samples changed their type because a parameter asks for it' },
  cleared: { mark: 'info', doc: 'taken away, since it would be true no more' },
  changed: { mark: 'info', doc: 'another value stands in its place' },
  added: { mark: 'info', doc: 'the graph put it there' },
  skipped: { mark: 'quiet', doc: 'frames that the policy leaves out' },
};

const KINDS = Object.keys(KIND_WORDS) as LedgerKind[];

/** Reason and counts of an entry. */
export const reasonOf = ({ reason, samples, altered }: LedgerEntry): string =>
  samples === undefined ? reason : `${reason} (${samples} samples, ${altered ?? 0} altered)`;

/** The entries that hold a text, by kind. */
export function ledgerGroups(ledger: readonly LedgerEntry[], query: string): LedgerGroup[] {
  const wanted = query.trim().toLowerCase();
  const holds = (entry: LedgerEntry): boolean =>
    [entry.kind, entry.item, entry.name, entry.from, entry.sink, entry.reason, entry.frames].some((text) =>
      text.toLowerCase().includes(wanted),
    );
  return KINDS.map((kind) => ({ kind, entries: ledger.filter((entry) => entry.kind === kind && holds(entry)) })).filter(
    ({ entries }) => entries.length > 0,
  );
}

/** A table of plain text, columns aligned, as the command line prints it. */
export function ledgerText(groups: readonly LedgerGroup[]): string {
  const rows = groups.flatMap(({ entries }) =>
    entries.map((entry) => [entry.item, entry.name, entry.from, entry.sink, entry.frames]),
  );
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(0, ...rows.map((row) => row[column]!.length)));
  const lines = groups.flatMap(({ kind, entries }) => [
    kind,
    ...entries.map((entry) => {
      const cells = [entry.item, entry.name, entry.from, entry.sink, entry.frames];
      return `  ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join('  ')}  ${reasonOf(entry)}`;
    }),
  ]);
  return lines.map((line) => `${line}\n`).join('');
}

export type Level = LogLine['level'];

const LEVELS: readonly Level[] = ['info', 'warning', 'error'];

/** The lines of a level and worse that hold a text. */
export function logLines(
  log: readonly LogLine[],
  { level, query }: { readonly level: Level; readonly query: string },
): LogLine[] {
  const least = LEVELS.indexOf(level);
  const wanted = query.trim().toLowerCase();
  return log.filter(
    (line) =>
      LEVELS.indexOf(line.level) >= least &&
      (line.text.toLowerCase().includes(wanted) || line.node?.toLowerCase().includes(wanted) === true),
  );
}

/** The time of day of a line, on the clock of whoever reads it. */
export function clockOf(at: string): string {
  const date = new Date(at);
  const two = (value: number): string => `${value}`.padStart(2, '0');
  return Number.isNaN(date.getTime())
    ? at
    : `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

export const logText = (lines: readonly LogLine[]): string =>
  lines
    .map(({ at, level, text, node, frame }) => {
      const place = [node, frame === undefined ? undefined : `frame ${frame}`].filter((one) => one !== undefined);
      return `${at} ${level}${place.length > 0 ? ` [${place.join(', ')}]` : ''} ${text}\n`;
    })
    .join('');
