// The audit of a sequence: what of it is missing, broken, doubled, or otherwise than in its other frames.
import { setImmediate as breathe } from 'node:timers/promises';
import { asEngineError, type FrameList, type FrameSpan } from '../../../files.ts';
import { type Looked, withFile } from '../open.ts';
import { Aspects, type Change, changeText, oddFrames } from './aspects.ts';
import { beingWritten, changedSince, type Seen, STILL } from './meanwhile.ts';
import { duplicate, pixelFindings } from './pixel-findings.ts';
import { type LevelNumbers, lookAtPixels, type Pixels } from './pixels.ts';
import { type Footprint, findTwins, footprintOf } from './twins.ts';
import { isEmpty, readTables, unfinishedOf } from './whole.ts';

/** One thing that is wrong, or that somebody should know of. */
export interface Finding {
  readonly severity: 'error' | 'warning';
  /** Such as `gap`, `truncated`, `compression`, `attribute`, `duplicate` or `nan`. */
  readonly kind: string;
  readonly part?: string;
  /** Of a change or of samples: the channel, attribute or window. */
  readonly name?: string;
  /** Those that it is about; absent of a gap. */
  readonly frames?: FrameList;
  /** Of a gap: the frames that are missing, which may be more than a list can hold. */
  readonly span?: FrameSpan;
  /** Of samples: the levels that have them, where they are not of the first level alone. */
  readonly levels?: readonly LevelNumbers[];
  readonly message: string;
  readonly values?: Change['values'];
}

export interface Audit {
  /** Errors first, then warnings. */
  readonly findings: readonly Finding[];
  /** Attributes and data windows with another value at every few frames, as time codes have: no finding. */
  readonly moving: readonly Pick<Change, 'kind' | 'part' | 'name'>[];
  /** Bytes of all files together. */
  readonly bytes: number;
}

interface Audited extends Seen {
  readonly pixels?: Pixels;
}

/**
 * Looks at each file once, in the order of frames: its header, its offset tables and the head of its last chunk, and with
 * `pixels` all samples. Files that cannot be read are findings, and so are those that change or go away meanwhile, which
 * keeps nothing from being found in the others.
 */
export async function audit(looked: Looked, { pixels }: { readonly pixels: boolean }): Promise<Audit> {
  const aspects = new Aspects();
  const findings: Finding[] = [];
  const broken = new Map<string, { readonly kind: string; readonly message: string; readonly frames: number[] }>();
  const error = (kind: string, frame: number, message: string): void => {
    const key = `${kind} ${message}`;
    const known = broken.get(key) ?? { kind, message, frames: [] };
    known.frames.push(frame);
    broken.set(key, known);
  };
  const changed = new Set<number>();
  const failed = (frame: number, thrown: unknown): void => {
    const { code, message } = asEngineError(thrown);
    if (code === 'file-changed') changed.add(frame);
    else error(code === 'exr-truncated' ? 'truncated' : 'unreadable', frame, message);
  };
  const seen: Audited[] = [];
  const footprints: Footprint[] = [];
  const labels = new Map<number, string | undefined>();
  for (const { frame = STILL, path } of looked.files) {
    try {
      withFile(path, (file) => {
        const tables = readTables(file);
        const { parts } = file.header;
        aspects.add(frame, parts);
        if (parts.length > 1) for (const [index, { name }] of parts.entries()) labels.set(index, name);
        const incomplete = unfinishedOf(file, tables);
        if (incomplete) error(incomplete.kind, frame, incomplete.message);
        else footprints.push(footprintOf(file, frame, tables));
        seen.push({ frame, path, identity: file.identity });
        if (pixels && !incomplete) seen.push({ ...seen.pop()!, pixels: lookAtPixels(file) });
      });
    } catch (thrown) {
      if (isEmpty(path)) error('truncated', frame, 'an empty file: still being written, or its writer was stopped');
      else failed(frame, thrown);
      // What zlib has unpacked of bytes that are no sound stream is kept until the event loop turns.
      await breathe();
    }
  }
  const twins = findTwins(footprints, failed);
  for (const frame of changedSince(seen)) changed.add(frame);
  findings.push(
    ...unfinished(
      [...changed].sort((a, b) => a - b),
      'changed while the sequence was looked at',
    ),
  );
  try {
    findings.push(...unfinished(beingWritten(looked), 'being written by Sluice'));
  } catch (thrown) {
    for (const { frame } of seen) failed(frame, thrown);
  }
  for (const { frames, ...one } of broken.values()) {
    // What was wrong with a file that changed need not be any more.
    const same = frames.filter((frame) => !changed.has(frame));
    if (same.length > 0) findings.push({ severity: 'error', ...one, frames: same });
  }
  for (const group of twins) findings.push(duplicate(group));
  if (pixels) findings.push(...pixelFindings(seen, labels, twins));
  const { changes, moving } = aspects.result();
  findings.push(...gaps(looked), ...changes.map(changeFinding));
  return {
    findings: sorted(findings),
    moving: moving.map(({ kind, part, name }) => ({ kind, ...(part === undefined ? {} : { part }), name })),
    bytes: seen.reduce((sum, { identity }) => sum + identity.size, 0),
  };
}

const changeFinding = (change: Change): Finding => ({
  severity: 'warning',
  kind: change.kind,
  ...(change.part === undefined ? {} : { part: change.part }),
  name: change.name,
  frames: oddFrames(change),
  message: changeText(change),
  values: change.values,
});

function gaps({ sequence }: Looked): Finding[] {
  return sequence.gaps.map((span) => ({
    severity: 'warning',
    kind: 'gap',
    span,
    message: span.first === span.last ? 'there is no such frame' : 'there are no such frames',
  }));
}

const unfinished = (frames: FrameList, message: string): Finding[] =>
  frames.length === 0 ? [] : [{ severity: 'error', kind: 'unfinished', frames, message }];

const sorted = (findings: readonly Finding[]): Finding[] => [
  ...findings
    .filter(({ severity }) => severity === 'error')
    .sort((a, b) => (a.frames?.[0] ?? 0) - (b.frames?.[0] ?? 0)),
  ...findings.filter(({ severity }) => severity === 'warning'),
];
