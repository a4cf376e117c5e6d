// What a run leaves to read: the ledger as text, a summary line, and all of it as JSON.
import { constants } from 'node:fs';
import { access, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import {
  asEngineError,
  EngineError,
  type FrameOutcome,
  type LedgerEntry,
  type LedgerKind,
  type RunResult,
} from '../index.ts';
import type { Answer } from './graph.ts';
import { columns, printable } from './terminal.ts';

/** One object for scripts; the same run gives the same text, so that it holds no times. */
export function reportText(run: Answer): string {
  const { frames, problems, result, exitCode } = run;
  const { outcomes = [], ledger = [] } = result ?? {};
  return `${JSON.stringify({ frames, outcomes, ledger, problems, exitCode }, undefined, 2)}\n`;
}

/** How every report begins. */
const HEAD = '{\n  "frames": [';

/**
 * Throws where a report could not be written, so that a long run need not end to find out. Of what is there already only
 * a report, or a file with nothing in it, is replaced: a slip of the hand must not cost a graph or a frame.
 */
export async function checkReport(path: string): Promise<void> {
  const target = await targetOf(path);
  try {
    await access(dirname(target), constants.W_OK | constants.X_OK);
    const found = await stat(target).catch(() => undefined);
    if (/[/\\]$/.test(path) || (found && !found.isFile())) {
      const message = `Expected a file for the report, found ${path}, which is none. --json prints the report on stdout.`;
      throw new EngineError('io', 'file-not-regular', message);
    }
    if (found && found.size > 0 && (await headOf(target)) !== HEAD) {
      const message = `${path} exists and is no report of an earlier run, so that it is not replaced. Give the report another name.`;
      throw new EngineError('io', 'file-exists', message);
    }
  } catch (thrown) {
    throw asEngineError(thrown, { file: target });
  }
}

async function headOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD.length), 0, HEAD.length, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** A link is followed: what it points to is replaced, not the link. */
const targetOf = (path: string): Promise<string> => realpath(path).catch(() => resolve(path));

/** Puts the report in its place whole. */
export async function writeReport(path: string, text: string): Promise<void> {
  const target = await targetOf(path);
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
    return looked ? ['Ledger: nothing was lost, replaced or added.'] : [];
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
export function summaryLine(run: Answer, frame = 'frame'): string {
  const { outcomes = [], ledger = [], cancelled = false } = run.result ?? {};
  const sinks = new Set(outcomes.map(({ sink }) => sink)).size;
  const unit = sinks > 1 ? 'file' : frame;
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
    `${cancelled ? 'Cancelled. ' : ''}${total} ${unit}${total === 1 ? '' : 's'}: ${states.join(', ') || 'none begun'}.`,
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
