// npm run bench: real jobs on a production-sized frame, beside oiiotool where it is installed; --smoke only proves that all runs.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, rmSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { makeFiles } from './frame.ts';
import { channelsOf, type Job, makeJobs, type Package, type Program } from './jobs.ts';
import { type Measured, measure, medians } from './measure.ts';
import { type JobResult, keep, table } from './report.ts';

const { values } = parseArgs({
  options: {
    smoke: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    jobs: { type: 'string' },
    keep: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
const root = fileURLToPath(new URL('../../', import.meta.url));
const rounds = values.smoke ? 1 : Number(values.rounds);
/** Seconds. */
const SHORT = 0.5;
const size = values.smoke ? { width: 256, height: 108 } : { width: 4096, height: 1716 };

/** Builds the package, which is what people install, and says where it is. */
function buildPackage(): Package {
  execFileSync(process.execPath, [join(root, '.ci', 'build.js')], { stdio: 'inherit' });
  const dist = join(root, 'dist');
  return {
    launcher: join(dist, 'engine', 'bin', 'sluice.js'),
    door: pathToFileURL(join(dist, 'engine', 'files.js')).href,
  };
}

/** Runs one program once, its outputs removed before and, from the second time on, unchecked. */
async function once(job: Job, by: Program, checked: Set<string>): Promise<Measured> {
  const made = job.made(by);
  for (const file of made) rmSync(file, { force: true });
  const measured = await measure(by === 'ours' ? job.ours : job.theirs!);
  if (!checked.has(`${job.name} ${by}`)) {
    for (const file of made) checkOutput(job, by, file);
    checked.add(`${job.name} ${by}`);
  }
  for (const file of made) rmSync(file, { force: true });
  return measured;
}

/**
 * One program's turn: a run, and four more where it was short, since a short run that comes alone mostly measures what the
 * long one before it left behind (on a virtual machine, memory that has to be had from the host again).
 */
async function turn(job: Job, by: Program, checked: Set<string>): Promise<Measured[]> {
  const runs = [await once(job, by, checked)];
  const more = values.smoke || runs[0]!.seconds > SHORT ? 0 : 4;
  for (let i = 0; i < more; i++) runs.push(await once(job, by, checked));
  return runs;
}

function checkOutput(job: Job, by: Program, file: string): void {
  const found = channelsOf(file);
  if (job.channels && found.join() !== job.channels.join())
    throw new Error(`${job.title}, ${by}: expected ${job.channels.join(', ')}, found ${found.join(', ')} in ${file}.`);
}

async function bench(): Promise<void> {
  const hasOiiotool = spawnSync('oiiotool', ['--version']).status === 0;
  const files = await makeFiles(size, console.log);
  const wanted = values.jobs?.split(',');
  const jobs = makeJobs(files, buildPackage()).filter(({ name }) => wanted?.includes(name) ?? true);
  console.log(
    `${size.width}x${size.height}, 14 channels, ${Math.round(statSync(files.frame).size / 2 ** 20)} MiB, ` +
      `${rounds} rounds, ${availableParallelism()} processors, ${hasOiiotool ? 'beside oiiotool' : 'oiiotool is not here'}`,
  );
  const all = new Map<Job, { ours: Measured[]; theirs: Measured[] }>(
    jobs.map((job) => [job, { ours: [], theirs: [] }]),
  );
  const checked = new Set<string>();
  for (let round = 0; round < rounds; round++) {
    for (const [job, { ours, theirs }] of all) {
      ours.push(...(await turn(job, 'ours', checked)));
      if (job.theirs && hasOiiotool) theirs.push(...(await turn(job, 'theirs', checked)));
    }
    if (!values.smoke) console.log(`round ${round + 1} of ${rounds}`);
  }
  const results = [...all].map(
    ([job, { ours, theirs }]): JobResult => ({
      job,
      ours: medians(ours),
      ...(theirs.length > 0 ? { theirs: medians(theirs) } : {}),
    }),
  );
  // Times of a tiny picture say nothing; that every job ran and made what it should is what the smoke run is for.
  console.log(values.smoke ? `${results.length} jobs ran: ${jobs.map(({ name }) => name).join(', ')}` : table(results));
  const history = fileURLToPath(new URL('history.csv', import.meta.url));
  if (!values.smoke && values.keep && !wanted) keep(history, results);
  rmSync(join(files.folder, 'out'), { recursive: true, force: true });
  if (values.smoke && existsSync(files.folder)) rmSync(files.folder, { recursive: true, force: true });
}

await bench();
