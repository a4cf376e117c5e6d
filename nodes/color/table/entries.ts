// What all files of tables have in common: how large tables may be, and lines of three numbers as rows and cubes.
import { cubeTable, type PointwiseStep, rowTable } from '../../../engine/authoring.ts';
import type { Lines } from './lines.ts';

/** As OpenColorIO has them. */
export const MOST_ROW = 1_048_576;
export const MOST_EDGE = 129;

/** A table as it was found in a file: its steps, and what it is in words. */
export interface Found {
  readonly program: readonly PointwiseStep[];
  readonly about: string;
}

/** Ends of a domain for red, green and blue. */
export interface Domain {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

export const UNIT: Domain = { from: [0, 0, 0], to: [1, 1, 1] };

/** Refuses a domain of which tables cannot be made; `line` tells where it was stated. */
export function checkDomain(lines: Lines, { from, to }: Domain, count: number): void {
  const sound = from.every((least, i) => {
    const factor = Math.fround((count - 1) / (to[i]! - least));
    return to[i]! > least && factor > 0 && Number.isFinite(factor);
  });
  if (!sound) lines.fail(`gives a domain from ${from.join(' ')} to ${to.join(' ')}, in which nothing lies.`);
}

/** A table for each of red, green and blue; `entries` are three by three. */
export function rowStep({ from, to }: Domain, entries: Float32Array): PointwiseStep {
  const count = entries.length / 3;
  const by = [0, 1, 2].map((c) =>
    rowTable({
      from: from[c]!,
      to: to[c]!,
      entries: Float32Array.from({ length: count }, (_, i) => entries[i * 3 + c]!),
    }),
  );
  return { do: 'look', by };
}

/** `entries` are three by three, red fastest. */
export const cubeStep = ({ from, to }: Domain, sizes: readonly number[], entries: Float32Array): PointwiseStep => ({
  do: 'cube',
  by: cubeTable({ from, to, sizes, entries }),
  way: 'tetrahedral',
});

/** So many lines of three numbers; `first` is one that was taken already. */
export function readTriples(lines: Lines, count: number, comment?: string, first?: string): Float32Array {
  const entries = new Float32Array(count * 3);
  for (let i = 0; i < count; i++) {
    const line = (i === 0 ? first : undefined) ?? lines.demand(`entry ${i + 1} of ${count}`, comment);
    entries.set(lines.numbers(line, 3, 'numbers'), i * 3);
  }
  return entries;
}

/** `3D, 33 × 33 × 33`. */
export const edgesText = (sizes: readonly number[]): string => `3D, ${sizes.join(' × ')}`;
