// Errors and problems as people read them: a code, a message, a place and what to type to mend it.
import { relative, sep } from 'node:path';
import { asEngineError, type Place, type PlainError } from '../files.ts';
import type { Json, Problem } from '../index.ts';
import { columns, err, printable, UNREAD } from './terminal.ts';

/** The exit codes of every command. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  invalid: 3,
  partly: 4,
  loss: 5,
  hungUp: 129,
  cancelled: 130,
  unread: UNREAD,
} as const;

/** What a thrown error makes of the exit code. */
export const exitCodeOf = ({ kind }: Pick<PlainError, 'kind'>): number =>
  kind === 'usage' ? EXIT.usage : kind === 'cancelled' ? EXIT.cancelled : EXIT.failed;

/** A path as the user would type it: relative to the working folder where it lies below it. */
export function shortPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short === '' || short.startsWith(`..${sep}`) || short === '..' ? path : short;
}

/** Such as `node write, frame 1003, file out/x.1003.exr`; empty where nothing is known. */
export function placeText(where: Place): string {
  return Object.entries(where)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${printable(name === 'file' ? shortPath(String(value)) : String(value))}`)
    .join(', ');
}

/** Prints one error as a block on stderr; with `SLUICE_DEBUG=1` its stack too. Returns it as plain data. */
export function printError(thrown: unknown): PlainError {
  const error = asEngineError(thrown);
  const plain = error.toJSON();
  printPlainError(plain);
  if (process.env['SLUICE_DEBUG'] === '1') {
    for (let at: unknown = error; at instanceof Error; at = at.cause) err.line(at.stack);
  }
  return plain;
}

export function printPlainError({ code, message, where }: PlainError): void {
  err.line(`${err.style('red', 'error')} ${code}: ${printable(message)}`);
  const place = placeText(where);
  if (place !== '') err.line(`  at ${place}`);
}

/**
 * What to type so that a parameter, `node.name`, has a value; the option alone where there is no value; of a node alone what
 * it is known by.
 */
export type OptionOf = (target: string, value?: Json) => string | undefined;

const bySetting: OptionOf = (target, value) => {
  if (value === undefined) return target;
  const text = typeof value === 'string' && !isJson(value) ? value : JSON.stringify(value);
  return `--set ${quoted(`${target}=${text}`)}`;
};

/**
 * Prints problems in columns, each once and followed by what can be typed to mend it: `--set`, or the options of a command
 * that stands for a graph.
 */
export function printProblems(found: readonly Problem[], optionOf: OptionOf = bySetting): void {
  const distinct = new Map(found.map((p) => [[p.severity, p.code, p.where.node, p.message].join('\0'), p]));
  const problems = [...distinct.values()];
  const rows = problems.map(({ severity, code, where, message }) => [
    severity,
    code,
    printable(placeOf(where, optionOf) ?? '-'),
    printable(message),
  ]);
  for (const [i, line] of columns(rows).entries()) {
    const { severity, fixes } = problems[i]!;
    const colour = severity === 'error' ? 'red' : severity === 'warning' ? 'yellow' : 'dim';
    err.line(err.style(colour, severity) + line.slice(severity.length));
    for (const fix of fixes ?? []) err.line(`  fix: ${printable(fix.title)}${commandOf(fix.edits, optionOf)}`);
  }
}

function placeOf({ node, param }: Place, optionOf: OptionOf): string | undefined {
  if (node === undefined) return param;
  const target = param === undefined ? node : `${node}.${param}`;
  return optionOf(target) ?? target;
}

/** The options that make the same change for one run; empty where an edit is no change of a parameter. */
function commandOf(edits: NonNullable<Problem['fixes']>[number]['edits'], optionOf: OptionOf): string {
  const options: string[] = [];
  for (const edit of edits) {
    if (edit.op !== 'setParam' || edit.value === undefined) return '';
    const option = optionOf(`${edit.node}.${edit.name}`, edit.value);
    if (option === undefined) return '';
    options.push(option);
  }
  return options.length === 0 ? '' : `:  ${options.join(' ')}`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** An argument as a POSIX shell takes it. */
export const quoted = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${printable(text).replaceAll("'", "'\\''")}'`;
