// A small budget of the fuzzer's cases, the same ones on every run.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { random } from '../base/random.ts';
import { corpusFile, describeCorpus } from '../exr/corpus.ts';
import { documentCase, editCase, emptied, fileCase, soundFiles } from './subjects.ts';

const folder = emptied(join(tmpdir(), `sluice-fuzz-test-${process.pid}`));
afterAll(() => emptied(folder));
const graph = fileURLToPath(new URL('../../graphs/recombine.sluice.json', import.meta.url));

const CASES = 60;

describeCorpus('the fuzzer', () => {
  it.each([
    ['damaged files', fileCase],
    ['damaged documents', documentCase],
    ['damaged edits', editCase],
  ] as const)('finds an answer for each of its %s', async (_, make) => {
    const files = soundFiles(corpusFile('openexr-tests'), 1 << 19);
    expect(files.length).toBeGreaterThan(6);
    const codes: string[] = [];
    for (let seed = 1; seed <= CASES; seed++) {
      const stream = random(seed);
      const subject = make(make === fileCase ? stream.pick(files) : graph, folder, stream);
      codes.push(await subject.run());
    }
    expect(codes.length).toBe(CASES);
    expect(new Set(codes).size).toBeGreaterThan(1);
  });
});
