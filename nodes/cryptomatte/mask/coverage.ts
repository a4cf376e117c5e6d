// The mask of ids: of each pixel the coverage of all ranks whose id is one of them.
import type { Plane } from '../../../engine/authoring.ts';

/** Planes of floats of one region: ids and coverages of a rank. */
export interface Rank {
  readonly id: Plane;
  readonly coverage: Plane;
}

/**
 * Adds the coverages up into `mask`, rank after rank, each sum rounded to a float. Ids are compared bit by bit, since they
 * are names and no numbers. All planes and `mask` have the same size.
 */
export function addCoverage(ranks: readonly Rank[], ids: readonly number[], mask: Float32Array): void {
  for (const { id, coverage } of ranks) {
    const bits = bitsOf(id);
    const shares = coverage.samples as Float32Array;
    if (ids.length === 1) addOne(bits, shares, ids[0]!, mask);
    else addAny(bits, shares, new Set(ids), mask);
  }
}

function addOne(bits: Uint32Array, shares: Float32Array, wanted: number, mask: Float32Array): void {
  for (let i = 0; i < mask.length; i++) if (bits[i] === wanted) mask[i]! += shares[i]!;
}

function addAny(bits: Uint32Array, shares: Float32Array, wanted: ReadonlySet<number>, mask: Float32Array): void {
  // Things are larger than pixels, so the last answer mostly holds for the next sample.
  let last = -1;
  let hit = false;
  for (let i = 0; i < mask.length; i++) {
    const id = bits[i]!;
    if (id !== last) {
      last = id;
      hit = wanted.has(id);
    }
    if (hit) mask[i]! += shares[i]!;
  }
}

const bitsOf = ({ samples }: Plane): Uint32Array => new Uint32Array(samples.buffer, samples.byteOffset, samples.length);
