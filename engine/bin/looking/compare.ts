// Two files compared part by part, and a difference as a row of text.
import { printable } from '../terminal.ts';
import { compareParts, type Difference, pairParts } from './header-diff.ts';
import { withFile } from './open.ts';
import { compareSamples } from './sample-diff.ts';

/** What to compare. Parts, channels and data windows always are. */
export interface Compare {
  readonly attributes: boolean;
  readonly pixels: boolean;
}

/** Everything that is different between two files. Throws as `ExrFile.open` and `compareSamples`. */
export function compareFiles(pathA: string, pathB: string, { attributes, pixels }: Compare): Difference[] {
  return withFile(pathA, (a) =>
    withFile(pathB, (b) => {
      const { pairs, differences } = pairParts(a.header.parts, b.header.parts);
      const found = pairs.flatMap((parts) => [
        ...compareParts(parts, { attributes }),
        ...(pixels ? compareSamples(a, b, parts) : []),
      ]);
      return [...differences, ...found];
    }),
  );
}

/** Such as `attribute  owner  string "a"  ->  string "b"`. */
export function differenceRow(difference: Difference): string[] {
  const { what, part, name, a, b } = difference;
  const text =
    what === 'samples'
      ? samplesText(difference)
      : a === undefined
        ? `only in B: ${b}`
        : b === undefined
          ? `only in A: ${a}`
          : `${a}  ->  ${b}`;
  return [part === undefined ? what : `${part} ${what}`, name, text].map(printable);
}

function samplesText({ a, b, samples, differing, greatest, at }: Difference): string {
  if (differing === undefined) return `cannot be compared: ${a} in A, ${b} in B`;
  return `${differing} of ${samples} samples differ, by at most ${greatest} at (${at?.join(', ')})`;
}
