// sluice inspect: what is in a file, and what changes in a sequence.
import { setImmediate as breathe } from 'node:timers/promises';
import {
  asEngineError,
  checksumChannels,
  checksumDeep,
  type ExrFile,
  type ExrPart,
  formatFrames,
  formatSpans,
  isDeep,
  isPicture,
  layoutOf,
} from '../../files.ts';
import { type Change, type SequenceChanges, sequenceChanges } from '../looking/changes.ts';
import { type Findings, fileJson, fileLines } from '../looking/header-text.ts';
import { type Looked, look, withFile } from '../looking/open.ts';
import { pictureChanges, pictureFindings, pictureJson, pictureLines, pictureTitle } from '../looking/picture-text.ts';
import { channelStatistics, deepStatistics } from '../looking/statistics.ts';
import { columns, out, printable } from '../terminal.ts';
import { EXIT, exitCodeOf, printError, printPlainError } from '../trouble.ts';

export interface InspectOptions {
  readonly attributes?: true;
  readonly stats?: true;
  readonly checksums?: true;
  readonly json?: true;
}

/** Prints what the path holds. Parts and frames that cannot be read are printed as errors, and the exit code is 1. */
export async function inspect(path: string, options: InspectOptions): Promise<number> {
  try {
    const looked = look(path);
    if (isPicture(looked.files[0]!.path)) return await inspectPictures(looked, options);
    return looked.sequence.still ? inspectFile(looked.files[0]!.path, options) : await inspectSequence(looked, options);
  } catch (thrown) {
    const error = printError(thrown);
    if (options.json) printJson({ error });
    return exitCodeOf(error);
  }
}

function inspectFile(path: string, options: InspectOptions): number {
  return withFile(path, (file) => {
    const findings = findingsOf(file, options);
    if (options.json) printJson(fileJson(file, findings));
    else {
      printTitle(file);
      for (const line of fileLines(file, findings, options.attributes === true)) out.line(line);
    }
    return printErrors(findings);
  });
}

async function inspectSequence(looked: Looked, options: InspectOptions): Promise<number> {
  const { sequence, files } = looked;
  const found = sequenceChanges(looked);
  const sound = files.filter(({ frame }) => !found.errors.some((error) => error.frame === frame));
  // Without a look at samples the first frame stands for all: what differs is in the list of changes.
  const shown = options.stats || options.checksums ? sound : sound.slice(0, 1);
  let code: number = found.errors.length > 0 ? EXIT.failed : EXIT.done;
  for (const { error } of found.errors) printPlainError(error);
  const described: object[] = [];
  if (!options.json) for (const line of sequenceLines(looked, found)) out.line(line);
  for (const { frame, path } of shown) {
    withFile(path, (file) => {
      const findings = findingsOf(file, options);
      code = Math.max(code, printErrors(findings));
      if (options.json) described.push({ frame, ...fileJson(file, findings) });
      else {
        out.line();
        printTitle(file);
        for (const line of fileLines(file, findings, options.attributes === true)) out.line(line);
      }
    });
    await breathe(); // what zlib has unpacked of a damaged chunk is kept until the event loop turns
  }
  if (options.json) {
    const { pattern, frames, gaps } = sequence;
    printJson({ pattern: pattern.text, frames, gaps, ...found, files: described });
  }
  return code;
}

/** Pictures, one or a sequence: as for EXR files, the first frame stands for all unless samples are looked at. */
async function inspectPictures(looked: Looked, options: InspectOptions): Promise<number> {
  const { sequence } = looked;
  const found = pictureChanges(looked);
  const sound = found.pictures.filter((picture) => picture !== undefined);
  const asked = { stats: options.stats === true, checksums: options.checksums === true };
  const shown = asked.stats || asked.checksums ? sound : sound.slice(0, 1);
  let code: number = found.errors.length > 0 ? EXIT.failed : EXIT.done;
  for (const { error } of found.errors) printPlainError(error);
  if (!options.json && !sequence.still) for (const line of sequenceLines(looked, found)) out.line(line);
  const described: object[] = [];
  for (const picture of shown) {
    try {
      const findings = await pictureFindings(picture, asked);
      if (options.json) described.push(pictureJson(picture, findings));
      else {
        if (!sequence.still) out.line();
        out.line(out.style('bold', pictureTitle(picture)));
        for (const line of pictureLines(picture, findings)) out.line(line);
      }
    } catch (thrown) {
      printPlainError(asEngineError(thrown, { file: picture.path }).toJSON());
      code = EXIT.failed;
    }
  }
  if (!options.json) return code;
  const { pattern, frames, gaps } = sequence;
  const { changes, errors } = found;
  if (sequence.still) printJson(described[0] ?? { error: errors[0]?.error });
  else printJson({ pattern: pattern.text, frames, gaps, changes, errors, files: described });
  return code;
}

/** Looks at the samples of each part as far as that is asked for; what keeps it from being done is a finding too. */
function findingsOf(file: ExrFile, options: InspectOptions): Findings[] {
  const { stats, checksums } = options;
  return file.header.parts.map((part, index): Findings => {
    try {
      if (isDeep(part)) return deepFindings(file, index, part, options);
      return {
        ...(stats ? { statistics: channelStatistics(file, index) } : {}),
        ...(checksums
          ? {
              checksums: layoutOf(part).levels.map(({ x, y }) => ({
                level: [x, y] as const,
                channels: checksumChannels(file, index, { level: { x, y } }),
              })),
            }
          : {}),
      };
    } catch (thrown) {
      return { error: asEngineError(thrown, { file: file.path, part: index }).toJSON() };
    }
  });
}

function deepFindings(file: ExrFile, index: number, part: ExrPart, { stats, checksums }: InspectOptions): Findings {
  const found = stats ? deepStatistics(file, index) : undefined;
  return {
    ...(found ? { statistics: found.channels, counts: found.counts } : {}),
    ...(checksums
      ? {
          checksums: layoutOf(part).levels.map(({ x, y }) => {
            const { counts, channels } = checksumDeep(file, index, { level: { x, y } });
            return { level: [x, y] as const, counts, channels };
          }),
        }
      : {}),
  };
}

function printErrors(findings: readonly Findings[]): number {
  for (const { error } of findings) if (error) printPlainError(error);
  return findings.some(({ error }) => error) ? EXIT.failed : EXIT.done;
}

function printTitle(file: ExrFile): void {
  const { length } = file.header.parts;
  const title = `${printable(file.path)}  OpenEXR, ${file.identity.size} bytes, ${length} part${length === 1 ? '' : 's'}`;
  out.line(out.style('bold', title));
}

const printJson = (value: object): void => out.line(JSON.stringify(value, undefined, 2));

function sequenceLines({ sequence, files }: Looked, { changes }: SequenceChanges): string[] {
  const { pattern, frames, gaps } = sequence;
  const rows = changes.map((change) => [
    [change.part, change.what].filter((piece) => piece !== undefined).join(' '),
    printable(change.name),
    formatFrames(change.frames),
    printable(stepText(change)),
  ]);
  return [
    out.style('bold', `${printable(pattern.text)}  ${files.length} frames: ${formatFrames(frames)}`),
    `gaps: ${gaps.length === 0 ? 'none' : formatSpans(gaps)}`,
    ...(rows.length === 0 ? ['changes: none'] : ['changes', ...columns(rows, 2)]),
  ];
}

/** What happens, where it happens once; values that change at many frames are too much for a line. */
function stepText({ steps }: Change): string {
  const [step] = steps;
  if (!step || steps.length > 1) return '';
  if (step.from === undefined) return `new: ${step.to}`;
  return step.to === undefined ? `gone: ${step.from}` : `${step.from}  ->  ${step.to}`;
}
