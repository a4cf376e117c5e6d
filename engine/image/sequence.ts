// Sequences on disk: which files belong to a pattern, which frames they are, and what a folder holds.
import { type Dirent, readdirSync } from 'node:fs';
import { asEngineError, EngineError } from '../base/error.ts';
import { type FrameList, type FrameSpan, formatFrames, gapsOf } from './frames.ts';
import { groupNames, type SequenceSummary } from './listing.ts';
import { type FramePattern, frameName, matchFrame, parsePattern, singleFile } from './pattern.ts';

export type { SequenceSummary } from './listing.ts';

/** The files of one pattern as they were on disk when it was found. */
export interface Sequence {
  readonly pattern: FramePattern;
  /** True for a single file, which stands for every frame. */
  readonly still: boolean;
  /** Rising; empty for a still. */
  readonly frames: FrameList;
  /** What is missing between the first and the last frame. */
  readonly gaps: readonly FrameSpan[];
  /** The path of a frame's file; undefined where there is none. A still gives its file for every frame. */
  files(frame: number): string | undefined;
}

export interface ListingOptions {
  /** Endings without a dot, in any case; every file where it is left out. */
  readonly extensions?: readonly string[];
  /** Endings that are looked for where a folder has no file with one of `extensions`. */
  readonly otherwise?: readonly string[];
}

/**
 * Finds the sequence that a path stands for: a pattern such as `in/beauty.%04d.exr`, a single file, or a folder that
 * holds exactly one sequence (with the given extensions; `exr` by default). A file whose name is the path to the letter
 * goes before a pattern. The folder is read once; no file is opened.
 *
 * Throws `sequence-empty` naming what comes near, `sequence-ambiguous` where a folder holds several sequences or two files
 * spell the same frame and neither as the pattern does, `file-not-found` for a folder, and `pattern-syntax`.
 */
export function findSequence(path: string, { extensions = ['exr'], otherwise = [] }: ListingOptions = {}): Sequence {
  const single = singleFile(path);
  if (path === '') throw new EngineError('invalid', 'pattern-syntax', 'Expected a path or a file pattern, found none.');
  if (['', '.', '..'].includes(single.head)) return onlySequence(path, extensions, otherwise);
  const entries = readFolder(single.folder);
  const exact = entries.find((entry) => entry.name === single.head);
  if (exact) return isFolder(exact, path) ? onlySequence(path, extensions, otherwise) : stillOf(single);
  const pattern = parsePattern(path);
  const names = fileNames(entries);
  const frames = pattern.token ? matchAll(pattern, names) : new Map<number, string>();
  if (frames.size === 0) throw nothingFound(pattern, names);
  return sequenceOf(pattern, frames);
}

/**
 * The sequences and single files of a folder, sorted by pattern whatever the order on disk. Folders and names that begin
 * with a dot are left out. Throws `file-not-found` or `file-denied`.
 */
export function listSequences(folder: string, options: ListingOptions = {}): SequenceSummary[] {
  return groupNames(withExtensions(fileNames(readFolder(folder)), options.extensions));
}

function sequenceOf(pattern: FramePattern, names: ReadonlyMap<number, string>): Sequence {
  const frames = [...names.keys()].sort((a, b) => a - b);
  const files = (frame: number): string | undefined => {
    const name = names.get(frame);
    return name === undefined ? undefined : pattern.folder + name;
  };
  return { pattern, still: false, frames, gaps: gapsOf(frames), files };
}

const stillOf = (pattern: FramePattern): Sequence => ({
  pattern,
  still: true,
  frames: [],
  gaps: [],
  files: () => pattern.text,
});

function onlySequence(folder: string, extensions: readonly string[], otherwise: readonly string[]): Sequence {
  const prefix = /[/\\]$/.test(folder) ? folder : `${folder}/`;
  const all = fileNames(readFolder(prefix));
  const first = withExtensions(all, extensions);
  const names = first.length > 0 ? first : withExtensions(all, otherwise);
  const [found, ...others] = groupNames(names);
  if (!found) {
    const message = `Expected a sequence of ${extensions.join(' or ')} files in ${folder}, found none.`;
    throw new EngineError('io', 'sequence-empty', message, { file: folder });
  }
  if (others.length > 0) {
    const message = `Expected one sequence in ${folder}, found ${others.length + 1}: ${listed([found, ...others])}. Name one of them.`;
    throw new EngineError('invalid', 'sequence-ambiguous', message, { file: folder });
  }
  const path = prefix + found.pattern;
  if (found.frames.length === 0) return stillOf(singleFile(path));
  const pattern = parsePattern(path);
  return sequenceOf(pattern, matchAll(pattern, names));
}

/** Frame → file name. Where two names give the same frame, the one that the pattern itself writes is taken. */
function matchAll(pattern: FramePattern, names: readonly string[]): Map<number, string> {
  const found = new Map<number, string>();
  const doubled = new Map<number, string>();
  for (const name of names) {
    const frame = matchFrame(pattern, name);
    if (frame === undefined) continue;
    const other = found.get(frame);
    const exact = frameName(pattern, frame);
    if (other === undefined || name === exact) found.set(frame, name);
    if (other !== undefined) doubled.set(frame, name === exact ? other : name);
  }
  for (const [frame, name] of doubled) {
    const taken = found.get(frame)!;
    if (taken === frameName(pattern, frame)) continue;
    const both = [taken, name].sort().join(' and ');
    const message = `Expected one file for frame ${frame} of ${pattern.text}, found ${both}. Write the padding into the pattern.`;
    throw new EngineError('invalid', 'sequence-ambiguous', message, { file: pattern.text, frame });
  }
  return found;
}

function readFolder(folder: string): Dirent[] {
  try {
    return readdirSync(folder === '' ? '.' : folder, { withFileTypes: true });
  } catch (thrown) {
    throw asEngineError(thrown, { file: folder === '' ? '.' : folder });
  }
}

/** A link is followed, which needs no more than an attempt to read it as a folder. */
function isFolder(entry: Dirent, path: string): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  try {
    readdirSync(path);
    return true;
  } catch {
    return false;
  }
}

const fileNames = (entries: readonly Dirent[]): string[] =>
  entries.filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.')).map((entry) => entry.name);

function withExtensions(names: readonly string[], extensions: readonly string[] | undefined): readonly string[] {
  if (!extensions) return names;
  const endings = extensions.map((extension) => `.${extension.toLowerCase()}`);
  return names.filter((name) => endings.some((ending) => name.toLowerCase().endsWith(ending)));
}

const MAX_LISTED = 5;

function nothingFound(pattern: FramePattern, names: readonly string[]): EngineError {
  const name = pattern.text.slice(pattern.folder.length);
  const folder = pattern.folder === '' ? 'the folder' : pattern.folder;
  const what = pattern.token ? 'no such files' : 'no such file';
  const near = nearMisses(pattern, groupNames(names));
  const rest =
    names.length === 0
      ? `${folder} has no files`
      : near.length === 0
        ? `${folder} has nothing like it`
        : `${folder} has ${listed(near)}`;
  const code = pattern.token ? 'sequence-empty' : 'file-not-found';
  return new EngineError('io', code, `${name}: ${what}; ${rest}.`, { file: pattern.text });
}

function listed(summaries: readonly SequenceSummary[]): string {
  const shown = summaries.slice(0, MAX_LISTED).map(({ pattern, frames }) => {
    const range = formatFrames(frames);
    return frames.length === 0 ? pattern : `${pattern} (${range.length > 60 ? `${frames.length} frames` : range})`;
  });
  return shown.join(', ') + (summaries.length > MAX_LISTED ? ` and ${summaries.length - MAX_LISTED} more` : '');
}

/** Those with the same name but for padding, case or Unicode form; failing that, those with the same extension. */
function nearMisses(pattern: FramePattern, all: readonly SequenceSummary[]): SequenceSummary[] {
  const bare = (text: string) =>
    text
      .normalize('NFC')
      .toLowerCase()
      .replace(/-?\d+/g, '0')
      .replace(/[._\- ]+/g, '.');
  const wanted = bare(pattern.token ? `${pattern.head}0${pattern.tail}` : pattern.head);
  const alike = all.filter(({ first }) => bare(first) === wanted);
  if (alike.length > 0) return alike;
  const ending = /\.[^.]*$/.exec(pattern.tail || pattern.head)?.[0].toLowerCase();
  return all.filter(({ first }) => ending !== undefined && first.toLowerCase().endsWith(ending));
}
