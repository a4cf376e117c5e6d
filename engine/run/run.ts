// Running a graph: frames, validation, pool and rendering in one call. The CLI, scripts and the editor all come through here.
import { asEngineError, EngineError } from '../base/error.ts';
import type { Document } from '../document/schema.ts';
import type { FrameList } from '../image/frames.ts';
import type { AnyNode } from '../node/define.ts';
import { createRegistry, type Registry } from '../node/registry.ts';
import { Descriptions } from '../plan/describe.ts';
import { type RunFrames, runFrames } from '../plan/frames.ts';
import { makePlan, type Overrides, type Plan } from '../plan/plan.ts';
import { hasErrors, type Problem, problemOf } from '../plan/problem.ts';
import { valuesOf } from '../plan/values.ts';
import { checkPixels } from './check-pixels.ts';
import type { Job } from './packer.ts';
import { loadPacks } from './packs.ts';
import { inlinePool, workerPool } from './pool.ts';
import { type RunEvent, type RunResult, render } from './render.ts';
import { FileServices } from './services.ts';
import { threadsFor } from './threads.ts';
import { awaitFirstFrame, soundFrame, validate } from './validate.ts';

export interface RunGraphOptions {
  readonly document: Document;
  /** The folder that the document's relative paths are relative to. */
  readonly folder: string;
  /** The built-in nodes. */
  readonly nodes: readonly AnyNode[];
  /** Modules of node packs, absolute. */
  readonly packs?: readonly string[];
  readonly overrides?: Overrides;
  /** Frames as `parseFrames` reads them; the document's range, or what the inputs have, where it is left out. */
  readonly range?: string;
  /** Only these sinks. */
  readonly sinks?: readonly string[];
  /**
   * Worker threads; as many as the machine has processors by default, and fewer where frames are made whole and memory
   * would not do. 0 works in the calling thread.
   */
  readonly jobs?: number;
  /** The module that workers run, needed unless `jobs` is 0. */
  readonly worker?: URL;
  /**
   * True where the calling thread may be one of several threads that work: it answers nobody then for as long as a piece
   * takes. A run of a second is a tenth shorter.
   */
  readonly helps?: boolean;
  /** Bytes that caches of all workers together may hold; 16 MiB by default. */
  readonly memory?: number;
  /** Where given, nothing outside these folders is read or written. */
  readonly roots?: readonly string[];
  readonly resume?: boolean;
  readonly failOnLoss?: boolean;
  readonly dryRun?: boolean;
  /** Of `checkGraph`: makes the samples of all frames too and tells what of them is wrong. */
  readonly checkPixels?: boolean;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
}

export interface GraphRun {
  /** Problems found before the first frame; with an error among them nothing was rendered. */
  readonly problems: readonly Problem[];
  /** Frames chosen, in order. */
  readonly frames: FrameList;
  /** Absent where the graph does not validate. */
  readonly result?: RunResult;
  /** 0 done, 1 failed, 3 does not validate, 4 some frames failed or were substituted, 5 a loss, 130 cancelled. */
  readonly exitCode: 0 | 1 | 3 | 4 | 5 | 130;
}

const DEFAULT_MEMORY = 16 * 1024 * 1024;
/** Frames whose descriptions are kept: those in the works, and those that are looked at before. */
const KEEP_FRAMES = 16;

/** Validates and renders. Rejects only for wrong overrides (`usage`), unknown sinks and packs that cannot be loaded. */
export const runGraph = (options: RunGraphOptions): Promise<GraphRun> =>
  prepared(options, { waits: true, use: renderGraph });

/** What `runGraph` finds before the first frame, without going on to render: the exit code is 0, 3 or 130. */
export const checkGraph = (options: RunGraphOptions): Promise<GraphRun> =>
  prepared(options, {
    waits: false,
    use: async ({ checkPixels: pixels }, graph) => {
      const { problems, frames, signal } = graph;
      const found = pixels ? await checkPixels(graph) : [];
      return { problems: [...problems, ...found], frames, exitCode: signal.aborted ? 130 : 0 };
    },
  });

/** A graph without errors at the first of its frames. */
interface Prepared extends RunFrames {
  readonly plan: Plan;
  readonly registry: Registry;
  readonly sinks: readonly string[];
  readonly services: FileServices;
  readonly signal: AbortSignal;
  /** Where the first of the frames is described. */
  readonly descriptions: Descriptions;
  /** Warnings and hints. */
  readonly problems: readonly Problem[];
}

async function prepared(
  options: RunGraphOptions,
  then: {
    /** Whether frames that are waited for are, where not even one is there to be validated. */
    readonly waits: boolean;
    use(options: RunGraphOptions, graph: Prepared): Promise<GraphRun>;
  },
): Promise<GraphRun> {
  const signal = options.signal ?? new AbortController().signal;
  const registry = createRegistry([...options.nodes, ...(await loadPacks(options.packs ?? []))]);
  const plan = makePlan(options.document, registry, options.overrides);
  const sinks = options.sinks ?? plan.sinks;
  for (const sink of sinks) {
    if (plan.sinks.includes(sink)) continue;
    throw new EngineError(
      'usage',
      'usage',
      `${sink} writes nothing in this graph. Its sinks: ${plan.sinks.join(', ') || 'none'}.`,
      { node: sink },
    );
  }
  const services = new FileServices({ folder: options.folder, ...(options.roots ? { roots: options.roots } : {}) });
  try {
    let chosen: RunFrames;
    try {
      chosen = await runFrames(plan, sinks, {
        services,
        signal,
        ...(options.range === undefined ? {} : { range: options.range }),
      });
    } catch (thrown) {
      if (signal.aborted) return { problems: [], frames: [], exitCode: 130 };
      return { problems: [...plan.problems, problemOf(asEngineError(thrown))], frames: [], exitCode: 3 };
    }
    const { frames, timeline } = chosen;
    const existing = options.resume === true || options.dryRun === true;
    const describe = (): Descriptions =>
      new Descriptions(plan, { services, timeline, signal, keepFrames: KEEP_FRAMES });
    let descriptions = describe();
    const validation = { plan, services, timeline, sinks, signal, frames, existing };
    const sound = (): Promise<number | undefined> => soundFrame(descriptions, sinks, frames);
    if (then.waits && !hasErrors(plan.problems) && (await sound()) === undefined) {
      const ended = await awaitFirstFrame({ ...validation, descriptions });
      if (ended && !signal.aborted) return { problems: [...plan.problems, problemOf(ended)], frames, exitCode: 1 };
      descriptions = describe();
    }
    const problems = await validate({ ...validation, descriptions });
    if (signal.aborted) return { problems, frames, exitCode: 130 };
    if (hasErrors(problems)) return { problems, frames, exitCode: 3 };
    // Frames that were tried in vain may be there when their turn comes.
    if ((await sound()) !== frames[0]) descriptions = describe();
    return await then.use(options, { ...chosen, plan, registry, sinks, services, signal, descriptions, problems });
  } finally {
    services.close();
  }
}

async function renderGraph(options: RunGraphOptions, graph: Prepared): Promise<GraphRun> {
  const { plan, registry, sinks, services, signal, descriptions, frames, timeline, skipped, problems } = graph;
  const jobs = options.jobs ?? (options.worker ? await threadsFor(descriptions, sinks, frames) : 0);
  const job: Job = {
    document: options.document,
    overrides: options.overrides ?? {},
    folder: options.folder,
    ...(options.roots ? { roots: options.roots } : {}),
    timeline,
    packs: options.packs ?? [],
    cacheBytes: Math.floor((options.memory ?? DEFAULT_MEMORY) / Math.max(1, jobs)),
    values: await (jobs > 0 && options.worker ? valuesOf(services).shared() : valuesOf(services).kept()),
  };
  const helps = options.helps === true && jobs > 1;
  const pool =
    jobs > 0 && options.worker
      ? workerPool(job, options.worker, jobs, helps ? registry : undefined)
      : inlinePool(job, registry);
  try {
    const result = await render({
      plan,
      descriptions,
      services,
      pool,
      frames,
      timeline,
      skipped,
      sinks,
      // A thread that works and writes gets to writing only between its pieces.
      inFlight: { pieces: helps ? 5 * jobs : Math.max(2, jobs + 2), frames: Math.max(2, Math.min(jobs + 2, 8)) },
      resume: options.resume === true,
      failOnLoss: options.failOnLoss === true,
      dryRun: options.dryRun === true,
      signal,
      ...(options.onEvent ? { onEvent: options.onEvent } : {}),
    });
    const later = result.problems.filter(
      (p) => !problems.some((known) => known.code === p.code && known.message === p.message),
    );
    return { problems: [...problems, ...later], frames, result, exitCode: exitCodeOf(result) };
  } finally {
    await pool.close();
  }
}

function exitCodeOf(result: RunResult): GraphRun['exitCode'] {
  if (result.cancelled) return 130;
  if (result.loss) return 5;
  const failed = result.outcomes.filter((o) => o.state === 'failed').length;
  if (failed > 0 && failed === result.outcomes.length) return 1;
  return failed > 0 || result.substituted ? 4 : 0;
}
