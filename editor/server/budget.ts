// How many bytes of samples and pictures the host keeps: a share of the memory that it may use.
import { totalmem } from 'node:os';

/** Of the memory, what caches may take: the rest is for runs, the browser and everybody else. */
const SHARE = 0.25;
/** A frame of 4096x1716 in four channels of half, with and without an exposure, takes 107 MiB: less would help nobody. */
const LEAST = 512 * 1024 * 1024;

export interface Memory {
  /** Bytes of the machine. */
  readonly total: number;
  /** Bytes that a container or a job allows this process; 0 where there is no such limit. */
  readonly allowed: number;
}

const memory = (): Memory => ({ total: totalmem(), allowed: process.constrainedMemory() });

/** Bytes for all caches together: a quarter of what there is, and at least 512 MiB. */
export function cacheBudget({ total, allowed }: Memory = memory()): number {
  const most = allowed > 0 ? Math.min(total, allowed) : total;
  return Math.max(LEAST, Math.floor(most * SHARE));
}
