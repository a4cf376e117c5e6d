// Names as people type them: wildcards, near misses, what OpenEXR allows, and short texts of them for messages.

const encoder = new TextEncoder();

/** How many stars a pattern has. */
export const countStars = (pattern: string): number => pattern.split('*').length - 1;

/** True where the whole name fits the pattern. A star stands for any text, dots and nothing included. */
export function matchesName(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return pattern === name;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = name.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return name.length - at >= last.length && name.endsWith(last);
}

/** What the one star of a pattern stands for in a name; undefined where the name does not fit. */
export function captureName(pattern: string, name: string): string | undefined {
  const star = pattern.indexOf('*');
  if (star < 0) return pattern === name ? '' : undefined;
  if (!matchesName(pattern, name)) return undefined;
  return name.slice(star, name.length - (pattern.length - star - 1));
}

/** The names most like the wanted one, best first; only such as could be meant. */
export function nearNames(wanted: string, names: Iterable<string>, most = 3): string[] {
  const target = fold(wanted);
  const limit = target.length > 1 ? Math.ceil(target.length / 3) : 0;
  const scored: { name: string; score: number }[] = [];
  for (const name of new Set(names)) {
    const folded = fold(name);
    if (folded === target) scored.push({ name, score: 0 });
    else if (lastPiece(folded) === lastPiece(target)) scored.push({ name, score: 0.5 });
    else {
      const score = distance(target, folded, limit);
      if (score <= limit) scored.push({ name, score });
    }
  }
  return scored
    .sort((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .map((s) => s.name);
}

/** ` Did you mean a or b?` to end a message with; empty where no name is like the wanted one. */
export function didYouMean(wanted: string, names: Iterable<string>): string {
  const near = nearNames(wanted, names);
  return near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : '';
}

const fold = (name: string): string => name.toLowerCase().slice(0, 256);
const lastPiece = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

/** Levenshtein's distance, or limit + 1 where it is greater. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min(row[j - 1]! + cost, row[j]! + 1, next[j - 1]! + 1));
    }
    if (Math.min(...next) > limit) return limit + 1;
    row = next;
  }
  return row[b.length]!;
}

/**
 * What is wrong with a name of a channel, attribute or part, as the end of a sentence; undefined where nothing is.
 * OpenEXR ends names with a zero byte and allows 1 to 255 bytes of them (file layout, "Version field", long names).
 */
export function nameTrouble(name: string): string | undefined {
  if (name === '') return 'is empty';
  if (name.includes('\0')) return 'holds a zero character';
  const length = encoder.encode(name).length;
  return length > 255 ? `is ${length} bytes long, more than the 255 that OpenEXR allows` : undefined;
}

/** ` Channels: R, G.` to end a message with where none of them fits, and what makes colours of luminance and chroma. */
export function listChannels(names: readonly string[]): string {
  const chroma = ['Y', 'RY', 'BY'].every((name) => names.includes(name));
  const hint = chroma ? ' Luminance-chroma to RGB makes R, G and B of Y, RY and BY.' : '';
  return ` Channels: ${listNames(names)}.${hint}`;
}

/** `a, b, c and 9 more`; `none` for no names. */
export function listNames(names: readonly string[], most = 12): string {
  if (names.length === 0) return 'none';
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
