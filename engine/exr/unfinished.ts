// Names of outputs that are not finished: hidden beside their target, with who writes them, so that leftovers can be told.
import { readFileSync, readlinkSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { sha256 } from '../base/sha256.ts';

const SUFFIX = '.sluice-part';
/** `.name.machine-process.random.sluice-part` */
const FORM = /^\.(?<kept>.+?)(?:\.(?<machine>[0-9a-f]{8})-(?<pid>\d{1,10}))?\.[0-9a-f]{16}\.sluice-part$/s;
/** Longest name of a file on the usual file systems, in bytes, less what is put around it. */
const LONGEST_KEPT = 255 - 1 - 1 - 8 - 1 - 10 - 1 - 16 - SUFFIX.length;
/** Writers append every few seconds; what nobody has touched for a day is nobody's. */
const FORGOTTEN_MS = 24 * 60 * 60 * 1000;

/** Whether a file name is that of an output that was not finished. */
export const isUnfinishedName = (name: string): boolean => name.startsWith('.') && name.endsWith(SUFFIX);

/** A new hidden name for a file that will come to `target`. */
export function unfinishedName(target: string): string {
  // No secret: two names of one process are only not to be the same.
  const random = Math.random().toString(16).slice(2, 18).padEnd(16, '0');
  return join(dirname(target), `.${keptName(target)}.${machine()}-${process.pid}.${random}${SUFFIX}`);
}

/** What of the target's name stands in the hidden one: all of it, unless it is very long. */
export function keptName(target: string): string {
  let kept = basename(target);
  while (Buffer.byteLength(kept) > LONGEST_KEPT) kept = [...kept].slice(0, -1).join('');
  return kept;
}

/** The `keptName` of the target of an unfinished file; undefined for a name of another form. */
export const targetOf = (name: string): string | undefined => FORM.exec(name)?.groups?.['kept'];

/**
 * Whether nobody writes an unfinished file, or into a folder of such a name, any more: its process was one of this machine
 * and is gone, or it has not been touched for a day. Where neither can be told it is somebody's.
 */
export function isAbandoned(path: string): boolean {
  const { machine: at, pid } = FORM.exec(basename(path))?.groups ?? {};
  if (at === machine() && pid !== undefined) return !isAlive(Number(pid));
  const found = statSync(path, { throwIfNoEntry: false });
  return (found?.isFile() || found?.isDirectory()) === true && Date.now() - found!.mtimeMs > FORGOTTEN_MS;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as { code?: unknown }).code !== 'ESRCH';
  }
}

let known: string | undefined;

/**
 * Names what process numbers are unique in: the host, its present boot, and the container, since containers of one name
 * may share a folder.
 */
function machine(): string {
  const told = (read: () => string): string => {
    try {
      return read();
    } catch {
      return ''; // only Linux tells
    }
  };
  known ??= sha256(
    [
      hostname(),
      told(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
      told(() => readlinkSync('/proc/self/ns/pid')),
    ].join('\0'),
  ).slice(0, 8);
  return known;
}
