// Names on the canvas that are still free.
import { isName } from '../../../engine/browser.ts';

/** The name itself where it is free, otherwise the first of name2, name3, … that is. */
export function freeName(name: string, taken: (name: string) => boolean): string {
  if (!taken(name)) return name;
  const [, stem = name, number] = /^(.*?)(\d*)$/.exec(name) ?? [];
  // A word that ends in digits goes on counting, so that read3 becomes read4 and not read32.
  for (let i = number ? Number(number) + 1 : 2; ; i++) {
    const candidate = `${stem.slice(0, 120)}${i}`;
    if (!taken(candidate)) return candidate;
  }
}

/** What a new node of a type is called: the last piece of the type, as a name. */
export function stemOf(type: string): string {
  const last = type.slice(type.lastIndexOf('.') + 1);
  return isName(last) ? last : 'node';
}
