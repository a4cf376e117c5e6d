// What several paths on the command line stand for: sequences, all those of a folder, and files that a shell has written out.
import { statSync } from 'node:fs';
import { gapsOf, groupNames, listSequences } from '../../files.ts';
import { type Looked, look } from './open.ts';

/**
 * Everything to be looked at, each time as a function that looks and may throw as `findSequence`: a pattern, one file, each
 * sequence and file of a folder, and of several files that belong together those frames.
 */
export function lookAll(paths: readonly string[]): (() => Looked)[] {
  const files = paths.filter((path) => kindOf(path) === 'file');
  const together = new Map<string, string[]>();
  for (const path of files) together.set(folderOf(path), [...(together.get(folderOf(path)) ?? []), path]);
  const seen = new Set<string>();
  return paths.flatMap((path) => {
    const kind = kindOf(path);
    if (kind === 'folder') return inFolder(path);
    if (kind === 'pattern' || files.length === 1) return [() => look(path)];
    const folder = folderOf(path);
    if (seen.has(folder)) return [];
    seen.add(folder);
    return ofFiles(folder, together.get(folder)!);
  });
}

function kindOf(path: string): 'file' | 'folder' | 'pattern' {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isDirectory() ? 'folder' : found ? 'file' : 'pattern';
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

function inFolder(path: string): (() => Looked)[] {
  const found = listSequences(path, { extensions: ['exr'] });
  if (found.length < 2) return [() => look(path)];
  const folder = path.endsWith('/') ? path : `${path}/`;
  return found.map(
    ({ pattern }) =>
      () =>
        look(folder + pattern),
  );
}

/** The sequences that files of one folder are frames of, with no other frames than these. */
function ofFiles(folder: string, paths: readonly string[]): (() => Looked)[] {
  const names = [...new Set(paths.map((path) => path.slice(folder.length)))];
  return groupNames(names).map(({ pattern, frames, first }) => () => {
    if (frames.length < 2) return look(folder + first);
    const whole = look(folder + pattern);
    const given = new Set(frames);
    return {
      sequence: { ...whole.sequence, frames, gaps: gapsOf(frames) },
      files: whole.files.filter(({ frame }) => frame !== undefined && given.has(frame)),
    };
  });
}
