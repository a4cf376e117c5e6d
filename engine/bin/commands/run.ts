// sluice run: renders what a graph writes.
import { hasErrors, runGraph } from '../../index.ts';
import { cancellable, hiddenOf } from '../cancel.ts';
import { type Answer, answered, checkOpened, type GraphOptions, openGraph } from '../graph.ts';
import { Progress } from '../progress.ts';
import { checkReport, ledgerLines, reportText, summaryLine, writeReport } from '../report.ts';
import { err, goOnUnread, out } from '../terminal.ts';
import { WORKER } from '../threads.ts';
import { EXIT } from '../trouble.ts';

export interface RunOptions extends GraphOptions {
  readonly jobs?: number;
  readonly memory?: number;
  readonly resume?: true;
  readonly dryRun?: true;
  readonly failOnLoss?: true;
  readonly report?: string;
  readonly json?: true;
  readonly quiet?: true;
}

/** Renders, prints and returns the exit code. Throws for what is wrong before the graph is looked at. */
export async function run(graph: string, options: RunOptions): Promise<number> {
  goOnUnread();
  if (options.report !== undefined) await checkReport(options.report);
  const done = await answered(() => render(graph, options));
  if (options.report !== undefined) await writeReport(options.report, reportText(done));
  if (options.json) out.write(reportText(done));
  else if (!options.quiet) summarise(done);
  return done.exitCode;
}

async function render(graph: string, options: RunOptions): Promise<Answer> {
  const bar = options.quiet !== true && err.isTerminal;
  const lines = options.json !== true && options.quiet !== true && !(bar && out.isTerminal);
  const progress = new Progress({ bar, lines });
  try {
    return await cancellable(async (signal) => {
      const opened = await openGraph(graph, options);
      if (!opened.options || hasErrors(opened.problems)) return checkOpened(opened);
      const done = await runGraph({
        ...opened.options,
        worker: WORKER,
        helps: true,
        ...(options.jobs === undefined ? {} : { jobs: options.jobs }),
        ...(options.memory === undefined ? {} : { memory: options.memory }),
        resume: options.resume === true,
        failOnLoss: options.failOnLoss === true,
        dryRun: options.dryRun === true,
        signal,
        onEvent: (event) => progress.show(event),
      });
      return { ...done, problems: [...opened.problems, ...done.problems] };
    }, hiddenOf('frame'));
  } finally {
    progress.end();
  }
}

function summarise(done: Answer): void {
  if (done.result) {
    for (const line of ledgerLines(done.result)) out.line(line);
    out.line(summaryLine(done));
  } else if (done.exitCode === EXIT.cancelled) out.line('Cancelled before the first frame.');
  else if (done.exitCode === EXIT.invalid) err.line('The graph does not validate; nothing was rendered.');
}
