// Measures the canvas in headless Chromium: how long graphs take to open, how many frames a second gestures make.
// `node tests/editor/perf/measure.ts` prints the figures; with `--keep` they are added to history.csv.
import { execFileSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { catalogue, createRegistry } from '../../../engine/index.ts';
import { nodes } from '../../../nodes/index.ts';
import type { Opened, Pace } from '../canvas-page.ts';
import { makeGraph } from './graph.ts';
import { openCanvas } from './page.ts';

/** How a graph is looked at: all of it, or as near as one works on it. */
const VIEWS = ['whole', 'near'] as const;
const SIZES = [
  { nodes: 500, links: 750 },
  { nodes: 1000, links: 1500 },
];
const SECONDS = 3;
const HISTORY = fileURLToPath(new URL('./history.csv', import.meta.url));

export interface Measured {
  readonly nodes: number;
  readonly links: number;
  readonly view: (typeof VIEWS)[number];
  readonly opened: Opened;
  readonly pan: Pace;
  readonly zoom: Pace;
  readonly drag: Pace;
}

/** Opens a fresh page for each graph and view. */
export async function measure(size: { readonly nodes: number; readonly links: number }): Promise<Measured[]> {
  const entries = JSON.stringify(catalogue(createRegistry(nodes)));
  const graph = JSON.stringify(makeGraph({ ...size, seed: 1 }));
  const measured: Measured[] = [];
  for (const view of VIEWS) {
    const tab = await openCanvas({ width: 1280, height: 720 });
    try {
      const ask = <T>(code: string): Promise<T> => tab.page.evaluate<T>(code);
      await ask(`globalThis.made = canvasPage(${entries}); 1`);
      const opened = await ask<Opened>(`made.open(${graph})`);
      const ids = `['node250', 'node251', 'node252', 'node270', 'node271', 'node272']`;
      await ask(`made.store.select(${ids})`);
      if (view === 'near') await tab.page.keyboard.press('f');
      await ask('new Promise((done) => setTimeout(done, 500))');
      const drag = await ask<Pace>(`made.drag(${SECONDS * 1000}, 'node251')`);
      const pan = await ask<Pace>(`made.pan(${SECONDS * 1000})`);
      const zoom = await ask<Pace>(`made.zoom(${SECONDS * 1000})`);
      measured.push({ ...size, view, opened, pan, zoom, drag });
    } finally {
      await tab.close();
    }
  }
  return measured;
}

// `load` is how many processes wanted a processor meanwhile: beyond the number of processors, figures are of a busy machine.
const COLUMNS = ['date', 'commit', 'processors', 'load', 'nodes', 'links', 'view', 'open ms', 'page ms'].concat(
  ['pan', 'zoom', 'drag'].flatMap((name) => [`${name} fps`, `${name} p95 ms`]),
);

function row({ nodes: count, links, view, opened, pan, zoom, drag }: Measured, head: readonly string[]): string[] {
  const pace = ({ fps, p95 }: Pace): string[] => [fps.toFixed(1), p95.toFixed(1)];
  const figures = [String(count), String(links), view, opened.document.toFixed(0), opened.page.toFixed(0)];
  return [...head, ...figures, ...pace(pan), ...pace(zoom), ...pace(drag)];
}

if (import.meta.main) {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const head = (): string[] => [
    new Date().toISOString().slice(0, 10),
    commit,
    String(cpus().length),
    loadavg()[0]!.toFixed(1),
  ];
  process.stdout.write(`${COLUMNS.join(',')}\n`);
  for (const size of SIZES) {
    for (const one of await measure(size)) {
      const line = `${row(one, head()).join(',')}\n`;
      process.stdout.write(line);
      if (process.argv.includes('--keep')) appendFileSync(HISTORY, line);
    }
  }
}
