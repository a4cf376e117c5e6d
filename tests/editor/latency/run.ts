// npm run bench:editor: how long the editor takes from a hand's movement to pixels, as a table with goals and a line of history each.
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Figure, measureEditor } from './measure.ts';
import { large, type Subject, shot } from './subject.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    idle: { type: 'string', default: '10' },
    only: { type: 'string' },
    'cpu-prof': { type: 'string' },
    keep: { type: 'boolean', default: true },
  },
  allowNegative: true,
});

const HISTORY = fileURLToPath(new URL('./history.csv', import.meta.url));

const text = (value: number | undefined, digits = 0): string => (value === undefined ? '' : value.toFixed(digits));

/** Milliseconds whole, shares of a core with two digits. */
const figureText = ({ unit }: Figure, value: number | undefined): string => text(value, unit === '%' ? 2 : 0);

function verdict({ value, goal, unit }: Figure): string {
  if (goal === undefined) return '';
  return `${value <= goal ? 'met' : 'missed'}, at most ${goal}${unit === 'count' ? '' : ` ${unit}`}`;
}

function table(results: readonly { readonly subject: Subject; readonly figures: readonly Figure[] }[]): string {
  const rows = [
    ['image', 'what', 'median', 'worst', 'goal', 'host CPU ms', 'page CPU ms'],
    ...results.flatMap(({ subject, figures }) =>
      figures.map((figure) => [
        subject.name,
        figure.what,
        figureText(figure, figure.value),
        figureText(figure, figure.worst),
        verdict(figure),
        text(figure.host),
        text(figure.page),
      ]),
    ),
  ];
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  const isText = (i: number): boolean => [0, 1, 4].includes(i);
  return rows
    .map((row) => row.map((cell, i) => (isText(i) ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '))
    .join('\n');
}

function keep({ name }: Subject, figures: readonly Figure[]): void {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const head = [new Date().toISOString().slice(0, 10), commit, availableParallelism(), text(loadavg()[0], 1), name];
  const lines = figures.map((figure) => {
    const { what, unit, value, worst, goal, host, page } = figure;
    return [...head, what, unit, text(value, 2), text(worst, 2), goal ?? '', text(host, 1), text(page, 1)].join(',');
  });
  appendFileSync(HISTORY, `${lines.join('\n')}\n`);
}

const folder = mkdtempSync(join(tmpdir(), 'sluice-latency-'));
const profile = values['cpu-prof'];
try {
  const results = [];
  for (const make of [shot, large]) {
    if (values.only !== undefined && values.only !== make.name) continue;
    const subject = await make(join(folder, make.name), console.log);
    const figures = await measureEditor(subject, {
      rounds: Number(values.rounds),
      idleSeconds: Number(values.idle),
      nodeOptions: profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`],
    });
    results.push({ subject, figures });
    if (values.keep) keep(subject, figures);
  }
  console.log(`${availableParallelism()} processors, load ${loadavg()[0]!.toFixed(1)}`);
  console.log(table(results));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
