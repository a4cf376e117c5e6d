// The name and version of this program, for files that say what made them.
import { readFileSync } from 'node:fs';

let known: string | undefined;

/** `Sluice 0.1.0`. */
export function product(): string {
  if (known === undefined) {
    const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
    known = `Sluice ${(JSON.parse(text) as { version: string }).version}`;
  }
  return known;
}
