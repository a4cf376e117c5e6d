// sluice audit: what is wrong with a sequence, and what changes in it.
import { EngineError, formatFrames, formatSpans, isPicture } from '../../files.ts';
import { type Audit, audit as auditSequence, type Finding } from '../looking/audit/audit.ts';
import type { Looked } from '../looking/open.ts';
import { lookAll } from '../looking/several.ts';
import { columns, out, printable } from '../terminal.ts';
import { EXIT, exitCodeOf, printError } from '../trouble.ts';

export interface AuditOptions {
  readonly pixels?: true;
  readonly json?: true;
}

/**
 * Prints what is found, sequence by sequence. Returns 0 where nothing is, 1 where something is or a sequence cannot be looked
 * at. JSON is one document: of several sequences a list.
 */
export async function audit(paths: readonly string[], options: AuditOptions): Promise<number> {
  let code: number = EXIT.done;
  const documents: object[] = [];
  const several = lookSeveral(paths);
  for (const [index, looking] of several.entries()) {
    try {
      const looked = looking();
      const found = await auditOne(looked, options);
      if (found.findings.length > 0) code = Math.max(code, EXIT.failed);
      const { pattern, frames, gaps } = looked.sequence;
      if (options.json) documents.push({ pattern: pattern.text, frames, gaps, ...found });
      else for (const line of [...(index > 0 ? [''] : []), ...auditLines(looked, found)]) out.line(line);
    } catch (thrown) {
      const error = printError(thrown);
      code = Math.max(code, exitCodeOf(error));
      documents.push({ error });
    }
  }
  if (options.json) out.line(JSON.stringify(several.length === 1 ? documents[0] : documents, undefined, 2));
  return code;
}

/** A folder that cannot be read is told with the others. */
function lookSeveral(paths: readonly string[]): (() => Looked)[] {
  try {
    return lookAll(paths);
  } catch (thrown) {
    return [
      () => {
        throw thrown;
      },
    ];
  }
}

async function auditOne(looked: Looked, options: AuditOptions): Promise<Audit> {
  const [first] = looked.files;
  if (first && isPicture(first.path)) {
    const message = `Expected EXR files, found ${first.path}. sluice inspect shows what changes in a sequence of pictures.`;
    throw new EngineError('unsupported', 'picture-unsupported', message, { file: first.path });
  }
  return auditSequence(looked, { pixels: options.pixels === true });
}

function auditLines({ sequence, files }: Looked, { findings, moving }: Audit): string[] {
  const { pattern, still, frames } = sequence;
  const count = `${files.length} ${files.length === 1 ? 'frame' : 'frames'}`;
  const title = still ? printable(pattern.text) : `${printable(pattern.text)}  ${count}: ${formatFrames(frames)}`;
  const rows = findings.map((finding) => rowOf(finding, still));
  const lines = columns(rows).map((line, i) => {
    const { severity } = findings[i]!;
    return out.style(severity === 'error' ? 'red' : 'yellow', severity) + line.slice(severity.length);
  });
  const names = moving.map(({ part, name }) => (part === undefined ? name : `${part} ${name}`));
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  return [
    out.style('bold', title),
    ...lines,
    ...(names.length > 0 ? [`Goes with the frame: ${printable(names.join(', '))}.`] : []),
    findings.length === 0
      ? 'Nothing found.'
      : `${counted(errors, 'error')}, ${counted(findings.length - errors, 'warning')}.`,
  ];
}

/** Such as `warning  storage  compression  1004  zip at 1001-1003; piz at 1004`. */
function rowOf(finding: Finding, still: boolean): string[] {
  const { severity, kind, part, name, message } = finding;
  const what = [part, name].filter((piece) => piece !== undefined).join(' ');
  return [severity, kind, what === '' ? '-' : what, ...(still ? [] : [framesText(finding)]), message].map(printable);
}

/** Longer lists of frames are told by their number and ends; JSON has them all. */
const LONGEST_FRAMES = 40;

function framesText({ frames = [], span }: Finding): string {
  if (span) return formatSpans([span]);
  const text = formatFrames(frames);
  return text.length <= LONGEST_FRAMES ? text : `${frames.length} from ${frames[0]} to ${frames.at(-1)}`;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
