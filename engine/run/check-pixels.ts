// Checking samples before a run: which of those that sinks would write are no number, infinite, or too large for half.
import type { Box } from '../base/box.ts';
import { asEngineError } from '../base/error.ts';
import { PlaneCache } from '../evaluate/cache.ts';
import { Evaluator } from '../evaluate/evaluator.ts';
import { formatFrames } from '../image/frames.ts';
import { listNames } from '../image/names.ts';
import { partLabel } from '../image/parts.ts';
import type { PartSpec } from '../image/spec.ts';
import type { Fix, NodeProblem } from '../node/problem.ts';
import { type Plane, type SampleType, sampleBytes } from '../pixels/plane.ts';
import { Descriptions } from '../plan/describe.ts';
import { placed } from '../plan/fix.ts';
import type { Plan } from '../plan/plan.ts';
import { type Problem, problemOf } from '../plan/problem.ts';
import { type Halving, type Wanted, wantedOf } from './check-ways.ts';
import type { ClaimOptions } from './claims.ts';

const KINDS = ['nan', 'infinite', 'overflow'] as const;
type Kind = (typeof KINDS)[number];

/** What is wrong with the samples of a channel. */
interface Count {
  readonly sink: string;
  readonly port: string;
  readonly part: string;
  readonly channel: string;
  readonly kind: Kind;
  /** What makes the samples half, of those that are too large for it. */
  readonly halving: Halving | undefined;
  readonly deep: boolean;
  readonly frames: Set<number>;
  samples: number;
}

/** About so many bytes of samples are looked at at once. */
const BAND_BYTES = 16 * 2 ** 20;
/** From here on the nearest half is infinite. */
const BEYOND_HALF = 65_520;

/**
 * Makes every sample that the sinks are given at these frames, band by band, and counts. A warning for each channel that has
 * such samples, and for each sink whose frames cannot all be made. Parts that can only be copied are left out. Stops, with
 * what was found, where it is cancelled.
 */
export async function checkPixels(options: ClaimOptions): Promise<Problem[]> {
  const { plan, sinks, frames, services, timeline, signal } = options;
  const descriptions = new Descriptions(plan, { services, timeline, signal, keepFrames: 16 });
  const evaluator = new Evaluator(descriptions, { cache: new PlaneCache(BAND_BYTES) });
  const counts = new Map<string, Count>();
  const failed = new Map<string, Problem>();
  /** The last frame that was looked at, and the parameters of the sink there. */
  const given = new Map<string, { readonly frame: number; readonly params: unknown }>();
  for (const sink of sinks) {
    for (const frame of frames) {
      if (signal.aborted) break;
      try {
        const { wanted, params } = await wantedOf(descriptions, sink, frame);
        given.set(sink, { frame, params });
        for (const one of wanted) await count(evaluator, one, { sink, frame, signal }, counts);
      } catch (thrown) {
        const problem = problemOf(asEngineError(thrown, { node: sink, frame }));
        if (!signal.aborted && !failed.has(sink)) failed.set(sink, { ...problem, severity: 'warning' });
      }
      evaluator.forgetFrames();
    }
  }
  const found = [...counts.values()].map((one) => {
    const { frame, params } = given.get(one.sink)!;
    const fixes = one.kind === 'overflow' ? widening(plan, one.sink, params, counts) : sanitizing(plan, one, counts);
    const told = { ...problemOfCount(one), ...(fixes.length > 0 ? { fixes } : {}) };
    const { where, ...problem } = placed(plan, plan.nodes.get(one.sink)!, frame, params, told);
    const { frame: _, ...place } = where; // its frames are in the message
    return { ...problem, where: place };
  });
  return [...failed.values(), ...found];
}

/** How the sink writes all channels as float that it makes too small for them: one fix, which does not take back another. */
function widening(plan: Plan, sink: string, params: unknown, counts: ReadonlyMap<string, Count>): readonly Fix[] {
  const all = [...counts.values()].filter((one) => one.sink === sink && one.kind === 'overflow');
  const own = all.filter(({ halving }) => halving?.node === sink).map(({ channel }) => channel);
  const inMethod = all.some(({ halving }) => halving?.method !== undefined);
  if (own.length === 0 && !inMethod) return [];
  const fix = plan.nodes.get(sink)!.definition.deliver?.asFloat?.(params, [...new Set(own)], inMethod);
  return fix ? [fix] : [];
}

/** What in front of the sink makes all channels sound that have samples of a kind. */
function sanitizing(plan: Plan, { sink, kind, port, deep }: Count, counts: ReadonlyMap<string, Count>): readonly Fix[] {
  if (kind === 'overflow' || deep) return [];
  const like = (one: Count): boolean => one.sink === sink && one.kind === kind && one.port === port && !one.deep;
  const alike = [...counts.values()].filter(like);
  const channels = [...new Set(alike.map(({ channel }) => channel))];
  const insert = plan.nodes.get(sink)!.definition.deliver?.asFinite?.(kind, channels);
  return insert ? [{ title: `Sanitize ${listNames(channels)} before it`, insert: { ...insert, port } }] : [];
}

async function count(
  evaluator: Evaluator,
  { port, index, part, ways }: Wanted,
  at: { readonly sink: string; readonly frame: number; readonly signal: AbortSignal },
  counts: Map<string, Count>,
): Promise<void> {
  const label = partLabel(part, index);
  const deep = part.kind === 'deep';
  const makers = Map.groupBy(ways, ({ maker }) => `${maker.node}@${maker.frame}/${maker.part}`);
  for (const box of bandsOf(part)) {
    for (const alike of makers.values()) {
      const { node, frame, part: from } = alike[0]!.maker;
      const channels = [...new Set(alike.map(({ maker }) => maker.channel))];
      const want = { part: from, channels, box };
      const made = deep
        ? (await evaluator.deep(node, frame, want, at.signal)).channels
        : await evaluator.planes(node, frame, want, at.signal);
      for (const { name: channel, maker, type, halving } of alike) {
        const found = tally(made.get(maker.channel)!, type);
        for (const kind of KINDS) {
          if (found[kind] === 0) continue;
          const key = [at.sink, label, channel, kind].join('\0');
          const count = {
            sink: at.sink,
            port,
            part: label,
            channel,
            kind,
            halving,
            deep,
            frames: new Set<number>(),
            samples: 0,
          };
          const known = counts.get(key) ?? count;
          known.samples += found[kind];
          known.frames.add(at.frame);
          counts.set(key, known);
        }
      }
    }
  }
}

/** Regions from the top to the bottom; of a deep part, whose pixels say nothing of its samples, single rows of chunks. */
function* bandsOf({ dataWindow, channels, kind, stored }: PartSpec): Generator<Box> {
  const { minX, maxX, minY, maxY } = dataWindow;
  const rowBytes = channels.reduce((sum, { type }) => sum + sampleBytes(type), 0) * (maxX - minX + 1);
  const flatRows = Math.max(1, Math.floor(BAND_BYTES / Math.max(1, rowBytes)));
  const rows = kind === 'deep' ? (stored?.tiles?.height ?? 1) : flatRows;
  for (let top = minY; top <= maxY; top += rows) yield { minX, maxX, minY: top, maxY: Math.min(maxY, top + rows - 1) };
}

/** Counts samples; those that would overflow are finite ones that are written as half. */
function tally({ type, samples }: Pick<Plane, 'type' | 'samples'>, written: SampleType): Record<Kind, number> {
  const found = { nan: 0, infinite: 0, overflow: 0 };
  if (type === 'half') {
    for (let i = 0; i < samples.length; i++) {
      if ((samples[i]! & 0x7c00) !== 0x7c00) continue;
      if ((samples[i]! & 0x3ff) === 0) found.infinite += 1;
      else found.nan += 1;
    }
    return found;
  }
  const toHalf = written === 'half';
  for (let i = 0; i < samples.length; i++) {
    const value = Math.abs(samples[i]!);
    if (value < BEYOND_HALF) continue;
    if (Number.isNaN(value)) found.nan += 1;
    else if (value === Number.POSITIVE_INFINITY) found.infinite += 1;
    else if (toHalf) found.overflow += 1;
  }
  return found;
}

const WORDS: Readonly<Record<Kind, readonly [is: string, are: string]>> = {
  nan: ['is no number', 'are no numbers'],
  infinite: ['is infinite', 'are infinite'],
  overflow: ['is too large for half', 'are too large for half'],
};

function problemOfCount(one: Count): NodeProblem {
  const { part, channel, kind, deep, frames, samples } = one;
  const [is, are] = WORDS[kind];
  const what = `${samples} ${samples === 1 ? `sample ${is}` : `samples ${are}`}`;
  const { why = '', advice } = kind === 'overflow' ? wordsOfHalving(one) : { advice: MENDED[kind] };
  return {
    severity: 'warning',
    code: kind === 'overflow' ? 'half-overflow' : 'not-finite',
    message: `${channel} of ${part}: ${what} at ${formatFrames([...frames])}${why}. ${deep ? 'Behind Flatten deep, ' : ''}${advice}`,
    where: { part, channel },
  };
}

const MENDED = { nan: 'Sanitize mends them.', infinite: 'Sanitize mends them, where they are not meant.' } as const;

/** What makes samples half, and what to do about it. */
function wordsOfHalving({ sink, halving }: Count): { readonly why?: string; readonly advice: string } {
  const { node, method } = halving ?? {};
  if (node !== undefined && node !== sink)
    return { why: `, which ${node} makes of it`, advice: 'Keep its type there.' };
  if (method === undefined) return { advice: 'Write the channel as float.' };
  const why = `, as which ${method} stores it`;
  return { why, advice: `Write ${node === undefined ? '' : 'the channel as float and '}a method without losses.` };
}
