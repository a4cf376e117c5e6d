// Damaged files through the command line: each ends in a result or a clear error, in bounded time and memory.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { corpusFile, corpusFolder, describeCorpus } from '../exr/corpus.ts';
import type { Result } from './batch.ts';
import { copyGraph } from './footage.ts';
import { temporaryFolder } from './sluice.ts';

const LONGEST_MS = 5000;
const MOST_BYTES = 512 * 2 ** 20;
const BATCH = fileURLToPath(new URL('batch.ts', import.meta.url));
const folder = temporaryFolder();

/** Files of the corpus whose damage shows where their samples are read. */
const OTHERS = [
  'openexr-tests/comp_bad_bounds_piz.exr',
  'openexr-tests/comp_early_eof_piz.exr',
  'openexr-tests/invalid_shared_attrs_multipart.exr',
  'openexr-tests/scanline_with_deepscanline_type.exr',
];

/** Puts all files through inspect, inspect --checksums and a run, in one process. */
function runBatch(graph: string, files: readonly string[]): Promise<Result[]> {
  const child = spawn(process.execPath, [BATCH, graph, folder, ...files], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  // One that hangs is stopped; its file is the one after the last result.
  let timer = setTimeout(() => child.kill('SIGKILL'), 4 * LONGEST_MS);
  let text = '';
  let errors = '';
  child.stderr!.setEncoding('utf8').on('data', (piece: string) => {
    errors += piece;
  });
  const results = child.stdio[3] as NodeJS.ReadableStream;
  results.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
    clearTimeout(timer);
    timer = setTimeout(() => child.kill('SIGKILL'), 4 * LONGEST_MS);
  });
  return new Promise((done, failed) => {
    child.on('close', (code) => {
      clearTimeout(timer);
      const found = text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Result);
      if (code === 0) done(found);
      else failed(new Error(`The process ended with ${code} at ${files[Math.floor(found.length / 3)]}: ${errors}`));
    });
  });
}

interface PlacedError {
  readonly code: string;
  readonly where: object;
}

/** What `run --json` prints, as far as it tells of errors. */
interface RunReport {
  readonly problems: readonly (PlacedError & { readonly severity: string })[];
  readonly outcomes: readonly { readonly error?: PlacedError }[];
}

/** The codes of all errors in what a command printed as JSON, each with a place. */
function errorsOf({ command, stdout }: Result): string[] {
  if (command === 'run') {
    const { problems, outcomes } = JSON.parse(stdout) as RunReport;
    const errors = [
      ...problems.filter(({ severity }) => severity === 'error'),
      ...outcomes.flatMap(({ error }) => error ?? []),
    ];
    for (const { where } of errors) expect(where).toHaveProperty('node');
    return errors.map(({ code }) => code);
  }
  const { error, parts = [] } = JSON.parse(stdout) as { error?: PlacedError; parts?: { error?: PlacedError }[] };
  const errors = [error, ...parts.map((part) => part.error)].filter((found) => found !== undefined);
  for (const { where } of errors) expect(where).toHaveProperty('file');
  return errors.map(({ code }) => code);
}

describeCorpus('damaged files on the command line', () => {
  test('each ends in a result or an error with code and place, within 5 s and 512 MB', {
    timeout: 300_000,
  }, async () => {
    const damaged = corpusFolder('damaged');
    expect(damaged).toHaveLength(89);
    const files = [...damaged, ...OTHERS].map(corpusFile);
    const graph = copyGraph(folder);
    const results = await runBatch(graph, files);
    expect(results).toHaveLength(files.length * 3);
    const outcomes = new Map<string, number>();
    for (const result of results) {
      const { file, command, code, milliseconds, peak, stderr } = result;
      expect(milliseconds, `${command} ${file}`).toBeLessThan(LONGEST_MS);
      expect(peak, `${command} ${file}`).toBeLessThan(MOST_BYTES);
      const errors = errorsOf(result);
      expect(errors, `${command} ${file}: ${stderr}`).not.toContain('internal');
      expect(stderr).not.toMatch(/^ +at .*:\d+/m);
      expect(code === 0, `${command} ${file}: ${code}, ${stderr}`).toBe(errors.length === 0);
      expect([0, 1, 3]).toContain(code);
      const outcome = `${command} ${code}`;
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    // Of these headers eleven can be read; of what follows them, samples that fit all they say in only one.
    expect([outcomes.get('inspect 0'), outcomes.get('inspect 1')]).toEqual([11, 82]);
    expect(outcomes.get('checksums 0')).toBe(1);
    // What a failed run began is gone, and what succeeded is there.
    expect(readdirSync(folder).filter((name) => name.endsWith('.sluice-part'))).toEqual([]);
    expect(readdirSync(folder).filter((name) => /^\d+\.exr$/.test(name))).toHaveLength(outcomes.get('run 0') ?? 0);
  });
});
