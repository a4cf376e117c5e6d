// Prints the benchmark's figures as a table with what was to be reached, and keeps them as lines of a CSV file.
import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Job } from './jobs.ts';
import type { Measured } from './measure.ts';

export interface JobResult {
  readonly job: Job;
  readonly ours: Measured;
  readonly theirs?: Measured;
}

const number = (value: number | undefined, digits: number): string =>
  value === undefined ? '-' : value.toFixed(digits);

const share = (ours: number | undefined, theirs: number | undefined): number | undefined =>
  ours === undefined || theirs === undefined ? undefined : ours / theirs;

/** `0.31 of 0.50 met`, or the share alone where there is no goal. */
function verdict(reached: number | undefined, goal: number | undefined): string {
  if (reached === undefined) return '-';
  if (goal === undefined) return reached.toFixed(2);
  return `${reached.toFixed(2)} of ${goal.toFixed(2)} ${reached <= goal ? 'met' : 'missed'}`;
}

export function table(results: readonly JobResult[]): string {
  const head = [
    'job',
    'Sluice s',
    'oiiotool s',
    'time',
    'Sluice MiB',
    'oiiotool MiB',
    'memory',
    'Sluice read',
    'oiiotool read',
  ];
  const rows = results.map(({ job, ours, theirs }) => {
    const oursOf = (other: string | undefined) => results.find(({ job: { name } }) => name === other)?.ours;
    const base = oursOf(job.memoryOf);
    const time = job.times
      ? verdict(share(ours.seconds, oursOf(job.times.of)?.seconds), job.times.most)
      : job.seconds === undefined
        ? verdict(share(ours.seconds, theirs?.seconds), job.ratio)
        : verdict(ours.seconds, job.seconds);
    const memory =
      job.memoryOf === undefined
        ? verdict(share(ours.peakMiB, theirs?.peakMiB), job.memory)
        : verdict(share(ours.peakMiB, base?.peakMiB), 1.1);
    return [
      job.title,
      number(ours.seconds, ours.seconds < 0.1 ? 3 : 2),
      number(theirs?.seconds, 2),
      time,
      number(ours.peakMiB, 0),
      number(theirs?.peakMiB, 0),
      memory,
      number(ours.readMiB, 0),
      number(theirs?.readMiB, 0),
    ];
  });
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => ([0, 3, 6].includes(i) ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd();
  return [line(head), ...rows.map(line)].join('\n');
}

const COLUMNS = 'date,commit,cores,job,seconds,oiiotool_seconds,ratio,mib,oiiotool_mib,read_mib,oiiotool_read_mib';

/** Appends one line a job. */
export function keep(file: string, results: readonly JobResult[]): void {
  if (!existsSync(file)) writeFileSync(file, `${COLUMNS}\n`);
  const date = new Date().toISOString().slice(0, 10);
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const cell = (value: number | undefined, digits: number): string => value?.toFixed(digits) ?? '';
  const lines = results.map(({ job, ours, theirs }) =>
    [
      date,
      commit,
      availableParallelism(),
      job.name,
      cell(ours.seconds, 3),
      cell(theirs?.seconds, 3),
      cell(share(ours.seconds, theirs?.seconds), 3),
      cell(ours.peakMiB, 0),
      cell(theirs?.peakMiB, 0),
      cell(ours.readMiB, 1),
      cell(theirs?.readMiB, 1),
    ].join(','),
  );
  appendFileSync(file, `${lines.join('\n')}\n`);
}
