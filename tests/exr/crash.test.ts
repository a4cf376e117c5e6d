// Crash safety: whenever a writing process is killed, the file is the old one, the whole new one, or absent.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ExrFile } from '../../engine/exr/file.ts';
import { isUnfinishedName } from '../../engine/exr/unfinished.ts';
import { planeBytes } from '../../engine/pixels/plane.ts';
import { random } from '../base/random.ts';
import { temporaryFolder } from './corpus.ts';

const folder = temporaryFolder();
const program = fileURLToPath(new URL('slow-writer.ts', import.meta.url));

const start = (target: string, mode: 'steps' | 'endless'): ChildProcess =>
  spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, target, mode], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });

/** Waits until the program has said a word. */
const heard = (child: ChildProcess, word: string): Promise<void> =>
  new Promise((resolve, reject) => {
    let said = '';
    child.stdout!.on('data', (data: Buffer) => {
      said += data.toString();
      if (said.split('\n').includes(word)) resolve();
    });
    child.on('exit', () => reject(new Error(`the program ended before it said ${word}`)));
  });

async function kill(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.on('close', resolve));
  child.kill('SIGKILL');
  await gone;
}

/** The one value that all bytes of a whole file have. */
function wholeValue(target: string): number {
  const opened = ExrFile.open(target);
  expect(opened.isComplete()).toBe(true);
  const values = new Set(planeBytes(opened.readPart(0).get('Y')!));
  opened.close();
  expect(values.size).toBe(1);
  return [...values][0]!;
}

test.each(['created', 'half', 'all'])('killed after "%s", the old file or none remains', async (word) => {
  for (const before of ['absent', 'old'] as const) {
    const target = join(folder, `${word}-${before}.exr`);
    if (before === 'old') writeFileSync(target, 'the old file');
    const child = start(target, 'steps');
    await heard(child, word);
    await kill(child);
    if (before === 'old') expect(readFileSync(target, 'utf8')).toBe('the old file');
    else expect(existsSync(target)).toBe(false);
    const left = readdirSync(folder).filter(isUnfinishedName);
    expect(left.length).toBe(1);
    rmSync(join(folder, left[0]!));
  }
});

test('killed after it finished, the new file is whole', async () => {
  const target = join(folder, 'finished.exr');
  const child = start(target, 'steps');
  await heard(child, 'finished');
  await kill(child);
  expect(wholeValue(target)).toBe(1);
});

test('killed at random while it replaces the file again and again, a whole file remains', async () => {
  const target = join(folder, 'endless.exr');
  const { int } = random(21);
  const kills = 8;
  for (let i = 0; i < kills; i++) {
    const child = start(target, 'endless');
    await heard(child, 'finished');
    await new Promise((done) => setTimeout(done, int(0, 60)));
    await kill(child);
    expect(wholeValue(target)).toBeGreaterThan(0);
  }
});
