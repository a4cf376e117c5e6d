// What a run leaves to read: the ledger as text, a summary line, and all of it as JSON.
import { constants } from 'node:fs';
import { access, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { asEngineError, type FrameOutcome, type LedgerEntry, type LedgerKind, type RunResult } from '../index.ts';
import type { Answer } from './graph.ts';
import { columns, printable } from './terminal.ts';

/** One object for scripts; the same run gives the same text, so that it holds no times. */
export function reportText(run: Answer): string {
  const { frames, problems, result, exitCode } = run;
  const { outcomes = [], ledger = [] } = result ?? {};
  return `${JSON.stringify({ frames, outcomes, ledger, problems, exitCode }, undefined, 2)}\n`;
}

/** Throws where a report could not be written, so that a long run need not end to find out. */
export async function checkReport(path: string): Promise<void> {
  const folder = dirname(resolve(path));
  await access(folder, constants.W_OK | constants.X_OK).catch((thrown: unknown) => {
    throw asEngineError(thrown, { file: resolve(path) });
  });
}

/** Puts the report in its place whole. */
export async function writeReport(path: string, text: string): Promise<void> {
  const target = resolve(path);
  const hidden = join(dirname(target), `.${basename(target)}.${process.pid}.sluice-part`);
  try {
    await writeFile(hidden, text, { flag: 'wx' });
    await rename(hidden, target);
  } catch (thrown) {
    await rm(hidden, { force: true });
    throw asEngineError(thrown, { file: target });
  }
}

/** The ledger as lines: entries in columns under their kinds. None where no frame was looked at. */
export function ledgerLines({ outcomes, ledger }: RunResult): string[] {
  if (ledger.length === 0) {
    const looked = outcomes.some(({ state }) => state !== 'kept' && state !== 'failed');
    return looked ? ['Ledger: everything reached the output as it was, and nothing was added.'] : [];
  }
  const sinks = new Set(ledger.map(({ sink }) => sink));
  const rows = ledger.map((entry) =>
    [
      entry.item,
      entry.name,
      entry.from,
      ...(sinks.size > 1 ? [`-> ${entry.sink}`] : []),
      entry.frames,
      entry.samples === undefined
        ? entry.reason
        : `${entry.reason} (${entry.samples} samples, ${entry.altered ?? 0} of them altered)`,
    ].map(printable),
  );
  const lines = columns(rows, 4);
  const text = ['Ledger'];
  for (const kind of kindsOf(ledger)) {
    text.push(`  ${kind}`);
    for (const [i, entry] of ledger.entries()) if (entry.kind === kind) text.push(lines[i]!);
  }
  return text;
}

/** Such as `8 frames: 7 written, 1 kept. Ledger: 2 lost, 3 changed.` */
export function summaryLine(run: Answer): string {
  const { outcomes = [], ledger = [], cancelled = false } = run.result ?? {};
  const sinks = new Set(outcomes.map(({ sink }) => sink)).size;
  const unit = sinks > 1 ? 'files' : 'frames';
  const total = sinks > 1 ? run.frames.length * sinks : run.frames.length;
  const states = STATES.flatMap(([state, word]) => {
    const count = outcomes.filter((outcome) => outcome.state === state).length;
    return count > 0 ? [`${count} ${word}`] : [];
  });
  for (const way of ['refused', 'replaced'] as const) {
    const count = outcomes.filter(({ existing }) => existing === way).length;
    if (count > 0) states.push(`${count} exist${count === 1 ? 's' : ''} and would be ${way}`);
  }
  const counts = kindsOf(ledger).map((kind) => `${ledger.filter((entry) => entry.kind === kind).length} ${kind}`);
  return [
    `${cancelled ? 'Cancelled. ' : ''}${total} ${total === 1 ? unit.slice(0, -1) : unit}: ${states.join(', ') || 'none begun'}.`,
    ...(counts.length > 0 ? [`Ledger: ${counts.join(', ')}.`] : []),
  ].join(' ');
}

const STATES: readonly (readonly [FrameOutcome['state'], string])[] = [
  ['done', 'written'],
  ['substituted', 'written with a substitute'],
  ['kept', 'kept'],
  ['planned', 'planned'],
  ['failed', 'failed'],
];

/** In the order of the ledger, which begins with what matters most. */
const kindsOf = (ledger: readonly LedgerEntry[]): LedgerKind[] => [...new Set(ledger.map(({ kind }) => kind))];
