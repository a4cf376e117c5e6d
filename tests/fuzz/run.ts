// The fuzzer: damages sound files, documents and edits at random from a seed until the time is up, and keeps offenders.
// Usage: npm run fuzz -- [--seconds N] [--seed N] [--kind NAME] [--corpus FOLDER]
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { random } from '../base/random.ts';
import { KINDS, type KindName, makeSources } from './kinds.ts';
import { type Case, emptied } from './subjects.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    kind: { type: 'string' },
    corpus: { type: 'string' },
  },
});
const seconds = Number(values.seconds);
const firstSeed = Number(values.seed);
if (!(seconds > 0) || !Number.isInteger(firstSeed)) {
  console.error('Expected --seconds above 0 and a whole --seed.');
  process.exit(2);
}

const names = Object.keys(KINDS) as KindName[];
if (values.kind !== undefined && !names.includes(values.kind as KindName)) {
  console.error(`Expected --kind to be one of ${names.join(', ')}.`);
  process.exit(2);
}
/** Kinds as often as they are to come. */
const drawn = values.kind === undefined ? names.flatMap((name) => Array(KINDS[name].weight).fill(name)) : [values.kind];

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = emptied(join(tmpdir(), `sluice-fuzz-${process.pid}`));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const sources = await makeSources(root, values.corpus ?? join(root, '../shared/corpus'), folder);
if (sources.exr.length === 0) {
  console.error(
    'There are no sound EXR files to damage. Run npm run demo first, which makes some, or name a --corpus.',
  );
  process.exit(2);
}

const LONGEST_MS = 5000;
const MOST_BYTES = 512 * 2 ** 20;
/** After so many something is plainly broken. */
const MOST_OFFENCES = 20;
const offenders = join(root, 'tests/fuzz/offenders');
const counts = new Map<string, number>();
const until = performance.now() + seconds * 1000;
let offences = 0;
let seed = firstSeed;

for (; performance.now() < until && offences < MOST_OFFENCES; seed++) {
  const stream = random(seed);
  const name: KindName = stream.pick(drawn);
  const { make, source } = KINDS[name];
  const subject = make(stream.pick(sources[source]), folder, stream);
  const start = process.cpuUsage();
  const before = process.resourceUsage().maxRSS * 1024;
  try {
    const code = `${name.padEnd(10)} ${await subject.run()}`;
    counts.set(code, (counts.get(code) ?? 0) + 1);
    // Of the processor, not of the clock: a busy machine is no offence.
    const { user, system } = process.cpuUsage(start);
    const took = (user + system) / 1000;
    const grown = process.resourceUsage().maxRSS * 1024 - before;
    if (took > LONGEST_MS) keep(subject, `took ${took.toFixed(0)} ms`);
    if (grown > MOST_BYTES) keep(subject, `raised the memory by ${(grown / 2 ** 20).toFixed(0)} MiB`);
  } catch (thrown) {
    keep(subject, thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown));
  }
  // zlib keeps what it unpacked of a damaged stream until then, which would look like the next case's memory.
  await breathe();
}

emptied(folder);
const total = seed - firstSeed;
console.log(
  [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, count]) => `${String(count).padStart(8)}  ${code}`)
    .join('\n'),
);
console.log(
  `${total} cases from seed ${firstSeed} over ${Object.values(sources).flat().length} sound files, ${offences} offences`,
);
process.exit(offences > 0 ? 1 : 0);

function keep(subject: Case, why: string): void {
  offences += 1;
  mkdirSync(offenders, { recursive: true });
  const hash = createHash('sha256').update(subject.bytes).digest('hex').slice(0, 12);
  const path = join(offenders, `${hash}-${subject.name}`);
  writeFileSync(path, subject.bytes);
  console.error(`seed ${seed}: ${why}\n  kept as ${path}`);
}
