// sluice diff: whether two files or two sequences hold the same, and where they do not.
import { asEngineError, formatFrames, type PlainError } from '../../files.ts';
import { compareFiles, differenceRow } from '../looking/compare.ts';
import type { Difference } from '../looking/header-diff.ts';
import { type Looked, look } from '../looking/open.ts';
import { columns, out } from '../terminal.ts';
import { EXIT, exitCodeOf, printError, printPlainError } from '../trouble.ts';

export interface DiffOptions {
  readonly pixels?: true;
  readonly attributes?: true;
  readonly json?: true;
}

/** The comparison of two files. */
interface Compared {
  readonly frame?: number;
  readonly a: string;
  readonly b: string;
  readonly differences: readonly Difference[];
  readonly error?: PlainError;
}

/** Prints the differences. Returns 0 where there are none, 1 where there are some or a file cannot be compared. */
export async function diff(a: string, b: string, options: DiffOptions): Promise<number> {
  try {
    const [one, other] = [look(a), look(b)];
    const { pairs, differences } = pairFiles(one, other);
    const files = pairs.map((pair) => compared(pair, options));
    if (options.json) {
      const same = differences.length === 0 && files.every((file) => file.differences.length === 0 && !file.error);
      out.line(JSON.stringify({ same, differences, files }, undefined, 2));
    }
    for (const { error } of files) if (error) printPlainError(error);
    if (!options.json) printText(differences, files, options);
    const differing = differences.length > 0 || files.some((file) => file.differences.length > 0 || file.error);
    return differing ? EXIT.failed : EXIT.done;
  } catch (thrown) {
    const error = printError(thrown);
    if (options.json) out.line(JSON.stringify({ error }, undefined, 2));
    return exitCodeOf(error);
  }
}

type FilePair = Pick<Compared, 'frame' | 'a' | 'b'>;

/** Files of the same frame; a single file is compared with a single file, or with every frame. */
function pairFiles(a: Looked, b: Looked): { pairs: FilePair[]; differences: Difference[] } {
  if (a.sequence.still && b.sequence.still)
    return { pairs: [{ a: a.files[0]!.path, b: b.files[0]!.path }], differences: [] };
  const pairs: FilePair[] = [];
  const differences: Difference[] = [];
  const frames = [...new Set([...a.sequence.frames, ...b.sequence.frames])].sort((x, y) => x - y);
  const [onlyA, onlyB] = [[] as number[], [] as number[]];
  for (const frame of frames) {
    const [one, other] = [a.sequence.files(frame), b.sequence.files(frame)];
    if (one !== undefined && other !== undefined) pairs.push({ frame, a: one, b: other });
    else (one === undefined ? onlyB : onlyA).push(frame);
  }
  if (onlyA.length > 0) differences.push({ what: 'frame', name: formatFrames(onlyA), a: 'present' });
  if (onlyB.length > 0) differences.push({ what: 'frame', name: formatFrames(onlyB), b: 'present' });
  return { pairs, differences };
}

function compared(pair: FilePair, options: DiffOptions): Compared {
  const both = options.pixels === options.attributes;
  try {
    const aspects = {
      attributes: both || options.attributes === true,
      pixels: both || options.pixels === true,
    };
    return { ...pair, differences: compareFiles(pair.a, pair.b, aspects) };
  } catch (thrown) {
    const place = pair.frame === undefined ? {} : { frame: pair.frame };
    return { ...pair, differences: [], error: asEngineError(thrown, place).toJSON() };
  }
}

function printText(differences: readonly Difference[], files: readonly Compared[], options: DiffOptions): void {
  for (const line of columns(differences.map(differenceRow))) out.line(line);
  let differing = 0;
  for (const { frame, differences: found } of files) {
    if (found.length === 0) continue;
    differing += 1;
    if (frame !== undefined) out.line(out.style('bold', `frame ${frame}`));
    for (const line of columns(found.map(differenceRow), frame === undefined ? 0 : 2)) out.line(line);
  }
  const failed = files.filter(({ error }) => error).length;
  const aspects =
    options.pixels === options.attributes ? 'in pixels and attributes' : options.pixels ? 'in pixels' : 'in attributes';
  if (differing === 0 && failed === 0 && differences.length === 0) out.line(`The same ${aspects}.`);
  else if (files.some(({ frame }) => frame !== undefined)) {
    const rest = failed > 0 ? `, ${failed} cannot be compared` : '';
    out.line(`${differing} of ${files.length} frames differ ${aspects}${rest}.`);
  }
}
