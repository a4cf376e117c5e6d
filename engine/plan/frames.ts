// The frames of a run: from the range that is asked for and from what the sources can give, by the document's policy.
import { EngineError } from '../base/error.ts';
import { greatestCommonDivisor as gcd } from '../base/whole.ts';
import { interpolate } from '../document/variables.ts';
import { type FrameList, type FrameSupply, parseFrames } from '../image/frames.ts';
import type { Services, Timeline } from '../node/define.ts';
import type { Plan } from './plan.ts';
import { type Supplies, suppliesAt } from './supply.ts';

/** Frames that the policy leaves out, and the node whose sequence lacks them. */
export interface SkippedFrame {
  readonly frame: number;
  readonly node: string;
}

export interface RunFrames {
  readonly frames: FrameList;
  readonly timeline: Timeline;
  readonly skipped: readonly SkippedFrame[];
}

/** Frames beyond this are refused before they are listed. */
const MOST_FRAMES = 1_000_000;

/**
 * With a range (`--frames`, else the document's): its frames in the order typed; `stop-at-shortest` leaves out those
 * after the end of a sequence, `process-available` those that a sequence lacks.
 * Without one: the stretch that all sources share (`stop-at-shortest`), from there to the last frame of any
 * (`hold-last`), or the frames that all have (`process-available`), in the step in which the files are numbered. Of a source
 * that is sparse only what it has, and what no other lacks.
 * One frame, 1, where no source limits it. Throws `frames-syntax`, `frames-too-many`, `frames-mismatch`.
 */
export async function runFrames(
  plan: Plan,
  sinks: readonly string[],
  options: { readonly services: Services; readonly signal: AbortSignal; readonly range?: string },
): Promise<RunFrames> {
  const { mismatch, align } = policy(plan);
  const range = options.range ?? plan.document.frames.range;
  const asked =
    range === undefined || range === '' ? undefined : parseFrames(interpolate(range, (name) => plan.variables[name]));

  const { services, signal } = options;
  const supplies = (timeline: Timeline): Promise<Supplies> => suppliesAt(plan, sinks, { timeline, services, signal });
  const { found: byNumber, awaited } = await supplies({ align: 'number', mismatch, start: 0, count: 1 });
  if (asked === undefined && byNumber.length === 0 && awaited.length > 0) {
    throw new EngineError(
      'usage',
      'frames-unknown',
      `No file of ${awaited.join(', ')} is there yet, so that its frames are not known. Give a range with --frames.`,
      { node: awaited[0]! },
    );
  }
  const start = indexStart(plan, byNumber[0]?.supply) ?? asked?.[0] ?? 1;
  const timeline = (frames: FrameList): Timeline => ({
    align,
    mismatch,
    start: align === 'index' ? start : (frames[0] ?? start),
    count: frames.length,
  });
  const given = align === 'number' ? byNumber : (await supplies({ align, mismatch, start, count: 1 })).found;

  const candidates =
    asked ??
    shared(
      given.map((s) => s.supply),
      mismatch,
    );
  const skipped: SkippedFrame[] = [];
  const frames = candidates.filter((frame) => {
    const lacking = given.find(({ supply }) => !serves(supply, frame, mismatch));
    if (lacking) skipped.push({ frame, node: lacking.node });
    return lacking === undefined;
  });
  if (asked === undefined) {
    const kept = new Set(candidates);
    for (const { node, supply } of given) {
      for (const frame of supply.frames) {
        if (kept.has(frame)) continue;
        const cause = given.find((other) => other.node !== node && !other.supply.frames.includes(frame));
        skipped.push({ frame, node: cause?.node ?? node });
      }
    }
  }
  if (frames.length === 0) {
    const list = given
      .map(({ node, supply }) => `${node} has ${supply.frames[0]} to ${supply.frames.at(-1)}`)
      .join(', ');
    throw new EngineError(
      'invalid',
      'frames-mismatch',
      `No frame is left to render: ${list}. Choose another range, mismatch policy or alignment.`,
    );
  }
  return { frames, timeline: timeline(frames), skipped: unique(skipped) };
}

/** The frame that index 0 stands for: the first of the document's range, else the first of the first source. */
function indexStart(plan: Plan, first: FrameSupply | undefined): number | undefined {
  const { range } = plan.document.frames;
  if (range === undefined || range === '') return first?.frames[0];
  return parseFrames(interpolate(range, (name) => plan.variables[name])).reduce((a, b) => Math.min(a, b));
}

function policy(plan: Plan): Pick<Timeline, 'mismatch' | 'align'> {
  const { mismatch, align } = plan.document.frames;
  return { mismatch, align };
}

/** Whether the policy lets a frame be tried. What is tried and missing is the source's own error. */
function serves(supply: FrameSupply, frame: number, mismatch: Timeline['mismatch']): boolean {
  const first = supply.frames[0]!;
  const last = supply.frames.at(-1)!;
  if (frame > last) return supply.after || mismatch === 'hold-last';
  if (mismatch !== 'process-available') return true;
  if (frame < first) return supply.before;
  return supply.missing || supply.frames.includes(frame);
}

function shared(supplies: readonly FrameSupply[], mismatch: Timeline['mismatch']): FrameList {
  if (supplies.length === 0) return [1];
  const firsts = supplies.map((s) => s.frames[0]!);
  const lasts = supplies.map((s) => s.frames.at(-1)!);
  const limiting = (side: 'before' | 'after', values: number[]): number[] => {
    const limits = values.filter((_, i) => !supplies[i]![side]);
    return limits.length > 0 ? limits : values;
  };
  const first = mismatch === 'process-available' ? Math.min(...firsts) : Math.max(...limiting('before', firsts));
  const last = mismatch === 'stop-at-shortest' ? Math.min(...limiting('after', lasts)) : Math.max(...lasts);
  const step =
    supplies.reduce(
      (g, s) => s.frames.reduce((h, f) => gcd(h, Math.abs(f - s.frames[0]!)), gcd(g, Math.abs(s.frames[0]! - first))),
      0,
    ) || 1;
  const count = Math.floor((last - first) / step) + 1;
  if (count > MOST_FRAMES) {
    throw new EngineError(
      'invalid',
      'frames-too-many',
      `The sequences span ${count} frames from ${first} to ${last}; at most ${MOST_FRAMES} are run at once. Give a range.`,
    );
  }
  const frames = count > 0 ? Array.from({ length: count }, (_, i) => first + i * step) : [];
  const sparse = supplies.filter((s) => s.sparse);
  if (sparse.length === 0) return frames;
  const sets = sparse.map((s) => new Set(s.frames));
  return frames.filter(
    (f) => sets.some((set) => set.has(f)) && sets.every((set, i) => set.has(f) || sparse[i]!.missing),
  );
}

function unique(skipped: readonly SkippedFrame[]): SkippedFrame[] {
  const seen = new Map(skipped.map((s) => [s.frame, s]));
  return [...seen.values()].sort((a, b) => a.frame - b.frame);
}
