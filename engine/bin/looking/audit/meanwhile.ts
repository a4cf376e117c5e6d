// What happens to a sequence while it is looked at: files that change or go away, and frames that Sluice is writing.
import { readdirSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { type ExrFile, type FrameList, isAbandoned, isUnfinishedName, matchFrame, targetOf } from '../../../files.ts';
import type { Looked } from '../open.ts';

/** A single file stands for every frame; in findings it has this one. */
export const STILL = 0;

/** A file as it was when it was looked at. */
export interface Seen {
  readonly frame: number;
  readonly path: string;
  readonly identity: ExrFile['identity'];
}

/** The frames whose files are no longer what they were, or cannot be asked any more. */
export const changedSince = (seen: readonly Seen[]): FrameList =>
  seen.filter((file) => !isAsItWas(file)).map(({ frame }) => frame);

function isAsItWas({ path, identity }: Seen): boolean {
  try {
    const { size, mtimeNs } = statSync(path, { bigint: true });
    return Number(size) === identity.size && mtimeNs.toString() === identity.mtimeNs;
  } catch {
    return false;
  }
}

/** The frames that Sluice is writing, rising. Throws as the file system does where the folder cannot be read any more. */
export function beingWritten({ sequence, files }: Looked): FrameList {
  const { pattern, still } = sequence;
  const writing = readdirSync(pattern.folder === '' ? '.' : pattern.folder).flatMap((name): number[] => {
    const target = isUnfinishedName(name) ? targetOf(name) : undefined;
    if (target === undefined || isAbandoned(`${pattern.folder}${name}`)) return [];
    if (still) return target === basename(files[0]!.path) ? [STILL] : [];
    const frame = matchFrame(pattern, target);
    return frame === undefined ? [] : [frame];
  });
  return [...new Set(writing)].sort((a, b) => a - b);
}
