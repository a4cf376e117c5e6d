// What elements of CLF and CTF have in common: where problems are, and parameters for each channel.
import type { Refuse } from '../transform/linear.ts';
import type { Interpolation } from '../transform/table.ts';
import { type Element, numbersIn, xmlError } from './xml.ts';

/** What an element says besides its own reading: where problems are, and how tables are read between entries. */
export interface Reading {
  readonly file: string;
  readonly refuse: (element: Element) => Refuse;
  /** Of the transform that names the file; a table's own comes first. */
  readonly interpolation: Interpolation;
}

/** Numbers for red, green and blue: of elements for one channel each, or of one for all. */
export function perChannel<T>(
  element: Element,
  params: readonly Element[],
  reading: Reading,
  read: (params: Element) => T,
): readonly [T, T, T] {
  const of = (channel: string): T => {
    const found = params.find(({ attributes }) => attributes['channel']?.toUpperCase() === channel);
    const all = params.find(({ attributes }) => attributes['channel'] === undefined);
    if (found ?? all) return read((found ?? all)!);
    throw xmlError(reading.file, element.line, `says nothing of channel ${channel}.`);
  };
  if (params.some(({ attributes }) => attributes['channel']?.toUpperCase() === 'A')) {
    return reading.refuse(element)('alpha would be changed, which is not done here.');
  }
  return [of('R'), of('G'), of('B')];
}

export function numberIn(params: Element, name: string, file: string, otherwise: number): number {
  const said = params.attributes[name];
  return said === undefined ? otherwise : (numbersIn(said, file, params.line)[0] ?? otherwise);
}
