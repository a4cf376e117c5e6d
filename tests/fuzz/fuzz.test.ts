// A small budget of the fuzzer's cases, the same ones on every run.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { random } from '../base/random.ts';
import { corpusFile, describeCorpus } from '../exr/corpus.ts';
import { KINDS, type KindName, makeSources, type Sources } from './kinds.ts';
import { emptied } from './subjects.ts';

const folder = emptied(join(tmpdir(), `sluice-fuzz-test-${process.pid}`));
afterAll(() => emptied(folder));

const CASES = 60;

describeCorpus('the fuzzer', () => {
  let sources: Sources;
  beforeAll(async () => {
    const root = fileURLToPath(new URL('../../', import.meta.url));
    sources = await makeSources(root, corpusFile('openexr-tests'), folder, 1 << 19);
  });

  it.each(Object.keys(KINDS) as KindName[])('finds an answer for each damaged %s', async (name) => {
    const { make, source } = KINDS[name];
    const files = sources[source];
    expect(files.length).toBeGreaterThan(0);
    const codes: string[] = [];
    for (let seed = 1; seed <= CASES; seed++) {
      const stream = random(seed);
      codes.push(await make(stream.pick(files), folder, stream).run());
    }
    expect(codes.length).toBe(CASES);
    expect(new Set(codes).size).toBeGreaterThan(1);
  });
});
