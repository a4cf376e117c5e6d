// Runs a program as a whole process and measures it: time, peak memory, bytes read.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** Finds the seconds in what the program prints, where it times a part of its work itself; else all of it counts. */
  readonly printed?: RegExp;
}

/** Figures that this machine cannot give are absent. */
export interface Measured {
  readonly seconds: number;
  /** Most memory resident at once. */
  readonly peakMiB?: number;
  /** Bytes that the process asked the system to read, from the page cache or not. */
  readonly readMiB?: number;
}

const MIB = 1024 * 1024;

/** GNU time reports the peak that the kernel counted; without it there is no figure. */
const hasTime = existsSync('/usr/bin/time') && spawnSync('/usr/bin/time', ['-f', '%M', 'true']).status === 0;
/** A shell's own counters take in those of the children it waited for (proc(5), /proc/pid/io). */
const hasCounters = existsSync('/proc/self/io');

export const canMeasure = { memory: hasTime, reading: hasCounters };

/** Runs to the end. Throws where the program ends with another code than 0, with what it said. */
export async function measure({ program, args, printed }: Command): Promise<Measured> {
  const notes = mkdtempSync(join(tmpdir(), 'sluice-measure-'));
  const [timeFile, ioFile] = [join(notes, 'time'), join(notes, 'io')];
  const timed = hasTime ? ['/usr/bin/time', '-f', '%M', '-o', timeFile, program, ...args] : [program, ...args];
  const script = '"$@" || exit $?; cat /proc/$$/io > "$NOTES"';
  const line = hasCounters ? ['/bin/sh', '-c', script, 'sh', ...timed] : timed;
  try {
    const started = performance.now();
    const said = await runToEnd(line, ioFile);
    const seconds = printed ? Number(printed.exec(said)?.[1]) : (performance.now() - started) / 1000;
    if (!(seconds >= 0)) throw new Error(`${program} ${args.join(' ')}\nprinted no seconds: ${said}`);
    const peak = hasTime ? Number(readFileSync(timeFile, 'utf8').trim().split('\n').at(-1)) / 1024 : undefined;
    const read = hasCounters ? Number(/rchar: (\d+)/.exec(readFileSync(ioFile, 'utf8'))?.[1]) / MIB : undefined;
    return {
      seconds,
      ...(peak === undefined ? {} : { peakMiB: peak }),
      ...(read === undefined ? {} : { readMiB: read }),
    };
  } finally {
    rmSync(notes, { recursive: true, force: true });
  }
}

function runToEnd([program, ...args]: readonly string[], ioFile: string): Promise<string> {
  return new Promise((done, fail) => {
    const child = spawn(program!, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NOTES: ioFile },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data: Buffer) => {
        said = (said + data.toString()).slice(-8000);
      });
    }
    child.once('error', fail);
    child.once('close', (code) => {
      if (code === 0) done(said);
      else fail(new Error(`${program} ${args.join(' ')}\nended with ${code}: ${said}`));
    });
  });
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The median of each figure. */
export function medians(all: readonly Measured[]): Measured {
  const of = (figure: 'peakMiB' | 'readMiB'): number | undefined => {
    const values = all.map((m) => m[figure]).filter((v) => v !== undefined);
    return values.length > 0 ? median(values) : undefined;
  };
  const peakMiB = of('peakMiB');
  const readMiB = of('readMiB');
  return {
    seconds: median(all.map((m) => m.seconds)),
    ...(peakMiB === undefined ? {} : { peakMiB }),
    ...(readMiB === undefined ? {} : { readMiB }),
  };
}
