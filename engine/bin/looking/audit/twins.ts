// Frames whose files hold the same chunks, found by reading no more of them than it takes to tell them apart.
import { createHash } from 'node:crypto';
import type { ExrFile } from '../../../files.ts';
import { withFile } from '../open.ts';
import { readTables, type Tables } from './whole.ts';

/** A file with what its tables say of the sizes of its chunks, as one text. */
export interface Footprint {
  readonly frame: number;
  readonly path: string;
  readonly shape: string;
}

/** The footprint of an open file: equal for files with chunks of equal sizes in the same order. */
export function footprintOf(file: ExrFile, frame: number, { offsets, end }: Tables): Footprint {
  const relative = offsets.map((offset) => offset - BigInt(end));
  const shape = createHash('sha256')
    .update(`${offsets.length} ${file.identity.size - end} `)
    .update(new Uint8Array(relative.buffer))
    .digest('base64');
  return { frame, path: file.path, shape };
}

/** Bytes that are read at a time, and of the first look at each file. */
const BLOCK = 2 ** 20;
const GLANCE = 2 ** 14;
/** Places of the first look, as fractions of the file. */
const GLANCES = [0, 0.3, 0.5, 0.7];

/**
 * Frames of equal chunks, in groups of two and more. Files whose chunks have other sizes are never read; of the others a
 * few places are, and only those that are alike there in full. `failed` gets what a file throws that cannot be read any
 * more; its frame is in no group.
 */
export function findTwins(
  footprints: readonly Footprint[],
  failed: (frame: number, thrown: unknown) => void,
): number[][] {
  const alike = (groups: Footprint[][], key: (one: Footprint) => string | undefined): Footprint[][] =>
    groups.flatMap((group) => {
      const byKey = Map.groupBy(group, key);
      byKey.delete(undefined);
      return [...byKey.values()].filter(({ length }) => length > 1);
    });
  const hashed =
    (spans: (file: ExrFile) => Iterable<Span>) =>
    ({ frame, path }: Footprint): string | undefined => {
      try {
        return withFile(path, (file) => hashOf(file, spans(file)));
      } catch (thrown) {
        failed(frame, thrown);
        return undefined;
      }
    };
  const sized = alike([[...footprints]], ({ shape }) => shape);
  const same = alike(alike(sized, hashed(glances)), hashed(whole));
  return same.map((group) => group.map(({ frame }) => frame)).sort((a, b) => a[0]! - b[0]!);
}

type Span = readonly [start: number, end: number];

function* glances(file: ExrFile): Generator<Span> {
  const { end } = readTables(file);
  const { size } = file.identity;
  for (const place of GLANCES) {
    const start = end + Math.floor((size - end) * place);
    yield [start, Math.min(size, start + GLANCE)];
  }
  yield [Math.max(end, size - GLANCE), size];
}

function* whole(file: ExrFile): Generator<Span> {
  const { size } = file.identity;
  for (let start = readTables(file).end; start < size; start += BLOCK) yield [start, Math.min(size, start + BLOCK)];
}

function hashOf(file: ExrFile, spans: Iterable<Span>): string {
  const hash = createHash('sha256');
  for (const [start, end] of spans) hash.update(file.source.read(start, end - start));
  return hash.digest('base64');
}
