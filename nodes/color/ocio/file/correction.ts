// Colour corrections of the ASC in XML: one in a .cc, several with names in a .ccc, or in the shots of a .cdl.
import type { Cdl } from '../transform/linear.ts';
import { childrenOf, type Element, numbersIn, parseXml, xmlError } from './xml.ts';

/** Slope, offset and power of a SOPNode, saturation of a SatNode; what is missing changes nothing. */
export function readCorrection(element: Element, file: string): Cdl {
  const [sop] = element.children.filter(({ name }) => /^SOPNode$/i.test(name));
  const [sat] = element.children.filter(({ name }) => /^SatNode$/i.test(name));
  const triple = (name: string, otherwise: number): number[] => {
    const [found] = sop ? childrenOf(sop, name) : [];
    if (!found) return [otherwise, otherwise, otherwise];
    const numbers = numbersIn(found.text, file, found.line);
    if (numbers.length === 3) return numbers;
    throw xmlError(file, found.line, `gives ${numbers.length} numbers for ${name} instead of 3.`);
  };
  const [found] = sat ? childrenOf(sat, 'Saturation') : [];
  const saturation = found ? numbersIn(found.text, file, found.line)[0] : 1;
  return {
    slope: triple('Slope', 1),
    offset: triple('Offset', 0),
    power: triple('Power', 1),
    saturation: saturation ?? 1,
  };
}

/** All corrections of a file in their order, each with its id, empty where it has none. */
export function readCorrections(text: string, file: string): { readonly id: string; readonly cdl: Cdl }[] {
  const found: { id: string; cdl: Cdl }[] = [];
  const walk = (element: Element): void => {
    if (element.name === 'ColorCorrection') {
      found.push({ id: element.attributes['id'] ?? '', cdl: readCorrection(element, file) });
    } else for (const child of element.children) walk(child);
  };
  const root = parseXml(text, file);
  walk(root);
  if (found.length === 0) throw xmlError(file, root.line, 'holds no ColorCorrection.');
  return found;
}

/** The correction that a `cccid` means: an id, or a number from 0; the first where nothing is said. */
export function chooseCorrection(
  all: readonly { readonly id: string; readonly cdl: Cdl }[],
  id: string,
): Cdl | undefined {
  if (id === '') return all[0]?.cdl;
  const named = all.find((correction) => correction.id === id);
  return named?.cdl ?? (/^\d{1,6}$/.test(id) ? all[Number(id)]?.cdl : undefined);
}
