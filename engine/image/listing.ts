// Listings: the names of a folder grouped into sequences, whatever the order in which they come.
import { type FrameList, type FrameSpan, gapsOf, MAX_FRAME } from './frames.ts';
import { frameName, matchFrame, parsePattern } from './pattern.ts';

/** One sequence of a folder, or one single file. */
export interface SequenceSummary {
  /** The name with a printf token, such as `beauty.%04d.exr`; the plain name of a single file. */
  readonly pattern: string;
  /** Rising; empty for a single file. */
  readonly frames: FrameList;
  readonly gaps: readonly FrameSpan[];
  /** The name of the file of the first frame. */
  readonly first: string;
}

/** A file name cut at its frame number. */
interface Numbered {
  readonly name: string;
  readonly head: string;
  readonly tail: string;
  readonly negative: boolean;
  readonly digits: string;
}

/**
 * Groups file names into sequences, sorted by pattern.
 *
 * The frame number of a name is the last run of digits before the extension that no letter follows and that is either
 * set off by a sign that is no letter, or closes the name: `sh010_beauty.1001.exr`, `beauty.1001.left.exr` and
 * `beauty1001.exr` give 1001. A version such as `v002` is never a frame. Names with different padding are different
 * sequences: `a.1.exr` and `a.01.exr` do not belong together.
 */
export function groupNames(names: readonly string[]): SequenceSummary[] {
  const singles: string[] = [];
  const groups = new Map<string, Numbered[]>();
  for (const name of names) {
    const numbered = cutNumber(name);
    if (!numbered) {
      singles.push(name);
      continue;
    }
    const key = `${numbered.head}/${numbered.tail}`;
    const group = groups.get(key);
    if (group) group.push(numbered);
    else groups.set(key, [numbered]);
  }
  const found: SequenceSummary[] = singles.map((name) => ({ pattern: name, frames: [], gaps: [], first: name }));
  for (const group of groups.values()) found.push(...splitByPadding(group));
  return found.sort((a, b) => (a.pattern < b.pattern ? -1 : a.pattern > b.pattern ? 1 : 0));
}

const NUMBER = /\d+/g;
const LETTER = /\p{L}/u;

function cutNumber(name: string): Numbered | undefined {
  const dot = name.lastIndexOf('.');
  const stem = dot > 0 ? name.slice(0, dot) : name;
  for (const match of [...stem.matchAll(NUMBER)].reverse()) {
    const digits = match[0];
    const end = match.index + digits.length;
    if (!isFrame(stem, match.index, end) || Number(digits) > MAX_FRAME) continue;
    // A dash after a word is a dash; after a dot, a space or an underscore it is a minus sign.
    const signed = /(?:^|[._ ])-$/.test(stem.slice(Math.max(0, match.index - 2), match.index));
    const negative = signed && Number(digits) !== 0;
    const start = match.index - (negative ? 1 : 0);
    return { name, head: name.slice(0, start), tail: name.slice(end), negative, digits };
  }
  return undefined;
}

function isFrame(stem: string, start: number, end: number): boolean {
  if (end < stem.length && LETTER.test(stem.slice(end, end + 1))) return false;
  const before = stem.slice(0, start);
  if (/(?:^|[^\p{L}])[vV]$/u.test(before)) return false;
  return end === stem.length || !LETTER.test(before.slice(-1));
}

/** Names that differ in the number alone, split so that each part is what one printf token writes. */
function splitByPadding(group: readonly Numbered[]): SequenceSummary[] {
  const [{ head, tail }] = group as readonly [Numbered];
  const widths = new Set(group.filter((n) => !n.negative && isPadded(n)).map((n) => n.digits.length));
  // Where only negative numbers are padded, their minus sign is taken to be part of the width, as printf has it.
  if (widths.size === 0) for (const n of group) if (isPadded(n)) widths.add(n.digits.length + 1);
  const rest = new Set(group);
  const found: SequenceSummary[] = [];
  for (const width of [...widths].sort((a, b) => b - a)) found.push(...takeMatching(rest, head, tail, `%0${width}d`));
  if (rest.size > 0) found.push(...takeMatching(rest, head, tail, unpaddedToken(rest, found.length > 0)));
  if (rest.size > 0) found.push(...splitByPadding([...rest]));
  return found;
}

const isPadded = ({ digits }: Numbered): boolean => digits.length > 1 && digits.startsWith('0');

/** Numbers without leading zeros: as wide as the shortest of them, since `1001` to `1100` are read as `%04d` everywhere. */
function unpaddedToken(numbers: Iterable<Numbered>, beside: boolean): string {
  const all = [...numbers];
  const width = all.some((n) => n.negative) ? 1 : Math.min(...all.map((n) => n.digits.length));
  // A plain %d would take in the padded names beside these.
  return width > 1 ? `%0${width}d` : beside ? '%01d' : '%d';
}

/** Removes from `rest` what the token matches: one summary, or none where it matches nothing. */
function takeMatching(rest: Set<Numbered>, head: string, tail: string, token: string): SequenceSummary[] {
  const literal = (text: string) => text.replaceAll('%', '%%');
  const text = literal(head) + token + literal(tail);
  const pattern = { text, folder: '', head, tail, token: parsePattern(token).token! };
  const names = new Map<number, string>();
  for (const numbered of rest) {
    const frame = matchFrame(pattern, numbered.name);
    if (frame === undefined) continue;
    // A second spelling of the same frame stays in the rest and becomes a sequence of its own.
    if (names.has(frame) && numbered.name !== frameName(pattern, frame)) continue;
    names.set(frame, numbered.name);
  }
  const taken = new Set(names.values());
  for (const numbered of rest) if (taken.has(numbered.name)) rest.delete(numbered);
  const frames = [...names.keys()].sort((a, b) => a - b);
  if (frames.length === 0) return [];
  return [{ pattern: text, frames, gaps: gapsOf(frames), first: names.get(frames[0]!)! }];
}
