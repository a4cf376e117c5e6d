// sluice validate: checks a graph without rendering.
import { formatFrames } from '../../index.ts';
import { cancellable } from '../cancel.ts';
import { answered, checkOpened, type GraphOptions, openGraph } from '../graph.ts';
import { out } from '../terminal.ts';
import { EXIT } from '../trouble.ts';

export interface ValidateOptions extends GraphOptions {
  readonly checkPixels?: true;
  readonly json?: true;
}

/** Prints what is wrong and returns the exit code. */
export async function validate(graph: string, options: ValidateOptions): Promise<number> {
  const { problems, frames, exitCode } = await answered(() =>
    cancellable(async (signal) => {
      const { options: run, problems } = await openGraph(graph, options);
      return checkOpened({
        problems,
        ...(run ? { options: { ...run, signal, checkPixels: options.checkPixels === true } } : {}),
      });
    }),
  );
  if (options.json) out.line(JSON.stringify({ frames, problems, exitCode }, undefined, 2));
  else {
    const count = (severity: 'error' | 'warning'): string => {
      const { length } = problems.filter((problem) => problem.severity === severity);
      return `${length} ${severity}${length === 1 ? '' : 's'}`;
    };
    out.line(
      exitCode === 0
        ? `${graph}: sound, ${count('warning')}. Frames: ${formatFrames(frames)} (${frames.length}).`
        : `${graph}: ${count('error')}, ${count('warning')}.`,
    );
    if (options.checkPixels && exitCode === EXIT.invalid)
      out.line('Samples were not looked at: mend the errors first.');
  }
  return exitCode;
}
