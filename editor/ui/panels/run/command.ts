// The command line that does on a farm what the panel would do here.
import type { RunOptions } from '../../../protocol.ts';

/** A text as one word of a POSIX shell: plain words as they are, all others in single quotes. */
export const quoted = (text: string): string =>
  /^[A-Za-z0-9_./:,=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** `sluice run …` with the options of the command line. `path` is the document's file. */
export function commandLine(path: string, { sinks, range, jobs, resume, failOnLoss }: RunOptions): string {
  // A path that begins with a dash would be taken for an option.
  const graph = path.startsWith('-') ? `./${path}` : path;
  return [
    'sluice',
    'run',
    quoted(graph),
    // A range that begins with a minus sign has to hang on its option.
    ...(range === undefined ? [] : range.startsWith('-') ? [`--frames=${quoted(range)}`] : ['--frames', quoted(range)]),
    ...sinks.flatMap((sink) => ['--write', quoted(sink)]),
    '--jobs',
    `${jobs}`,
    ...(resume ? ['--resume'] : []),
    ...(failOnLoss ? ['--fail-on-loss'] : []),
  ].join(' ');
}
