// Variables in texts: `${name}` is replaced by a value, `$$` by a dollar sign.
import { clip } from '../base/clip.ts';
import { EngineError } from '../base/error.ts';

/** Gives the value of a name; undefined where there is no such name. */
export type Lookup = (name: string) => string | number | undefined;

const TOKEN = /\$\$|\$\{([^{}]*)(\}?)/g;
const PLACEHOLDER = /^([A-Za-z][\w-]*(?:\.[^{}]+?)?)(?::(\d{1,2}))?$/;
const DOTTED = /\$\{([A-Za-z][\w-]*\.[^{}]+?)(?::\d{1,2})?\}/g;
const MAX_WIDTH = 32;

/**
 * Fills in a text. `${name}` becomes the value; `${frame:4}` a whole number with at least four digits, zeros in front
 * and a minus sign before them, not counted (`-0012`); `$$` becomes `$`; any other `$` stays.
 *
 * A name with a dot, such as `attribute.owner` or `attribute.nuke/input/timecode` (after the dot anything but braces may
 * stand, as in names of attributes), may be known only later: where the lookup gives undefined for one, it
 * stays as typed, and so does every `$$` of that text, ready for a second call that knows it.
 *
 * Throws `param-variable` for an unknown name without a dot and for a placeholder that cannot be read, with its offset.
 */
export function interpolate(text: string, lookup: Lookup): string {
  if (!text.includes('$')) return text;
  const unfinished = [...text.matchAll(DOTTED)].some(([, name]) => lookup(name!) === undefined);
  return text.replace(TOKEN, (token, inside: string | undefined, brace: string | undefined, offset: number) => {
    if (inside === undefined) return unfinished ? token : '$';
    const match = brace === '}' ? PLACEHOLDER.exec(inside) : null;
    if (!match) {
      throw wrong(
        `Expected a placeholder such as \${name} or \${frame:4}, found ${clip(token, 40)}. Write $$ for a dollar sign.`,
        offset,
      );
    }
    const name = match[1]!;
    const value = lookup(name);
    if (value === undefined) {
      if (name.includes('.')) return token;
      throw wrong(`There is no variable ${name}. Define it, or write $$ for a dollar sign.`, offset);
    }
    return match[2] === undefined ? String(value) : padded(name, value, Number(match[2]), offset);
  });
}

function padded(name: string, value: string | number, width: number, offset: number): string {
  if (width < 1 || width > MAX_WIDTH)
    throw wrong(`Expected a width from 1 to ${MAX_WIDTH} for ${name}, found ${width}.`, offset);
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
    throw wrong(`Expected ${name} to be a whole number, as it has a width; found ${clip(String(value), 40)}.`, offset);
  }
  return (value < 0 ? '-' : '') + String(Math.abs(value)).padStart(width, '0');
}

/**
 * What a name stands for in a text that moves to where other names are known: a value; another name; or a text that is
 * filled in there.
 */
export type Binding = { readonly value: string | number } | { readonly name: string } | { readonly text: string };

/**
 * The text with its names replaced by what they are bound to, to be filled in later. `${frame}`, names with a dot and `$$`
 * stay. Throws `param-variable` as `interpolate` does.
 */
export function rebind(text: string, binding: (name: string) => Binding | undefined): string {
  if (!text.includes('$')) return text;
  return text.replace(TOKEN, (token, inside: string | undefined, brace: string | undefined, offset: number) => {
    const match = inside !== undefined && brace === '}' ? PLACEHOLDER.exec(inside) : null;
    const name = match?.[1];
    if (token === '$$' || name === 'frame' || name?.includes('.')) return token;
    const bound = name === undefined ? undefined : binding(name);
    if (bound === undefined) return interpolate(token, () => undefined);
    if ('name' in bound) return match![2] === undefined ? `\${${bound.name}}` : `\${${bound.name}:${match![2]}}`;
    if ('value' in bound) return interpolate(token, () => bound.value).replaceAll('$', '$$$$');
    return match![2] === undefined ? bound.text : padded(name!, bound.text, Number(match![2]), offset);
  });
}

/** The names in a text, each once, in order; texts that cannot be read give the names that can. */
export function namesIn(text: string): string[] {
  const names = new Set<string>();
  for (const [, inside, brace] of text.matchAll(TOKEN)) {
    const match = inside !== undefined && brace === '}' ? PLACEHOLDER.exec(inside) : null;
    if (match) names.add(match[1]!);
  }
  return [...names];
}

const wrong = (message: string, offset: number): EngineError =>
  new EngineError('invalid', 'param-variable', message, { offset });
