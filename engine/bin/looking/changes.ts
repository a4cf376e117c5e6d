// What changes from frame to frame of a sequence, by headers alone.
import { asEngineError, type ExrPart, type FrameList, type PlainError } from '../../files.ts';
import { compareParts, type Difference, pairParts } from './header-diff.ts';
import { type Looked, withFile } from './open.ts';

/** Something that is different from the frame before, with all frames at which it is. */
export interface Change extends Pick<Difference, 'what' | 'part' | 'name'> {
  readonly frames: FrameList;
  /** At each of these frames: as it was before, and as it is. */
  readonly steps: readonly { readonly frame: number; readonly from?: string; readonly to?: string }[];
}

export interface SequenceChanges {
  readonly changes: readonly Change[];
  /** Frames whose files cannot be read; the frames around them are compared with each other. */
  readonly errors: readonly { readonly frame: number; readonly error: PlainError }[];
}

/** Opens every file of a sequence once and compares each header with the one before. */
export function sequenceChanges({ files }: Looked): SequenceChanges {
  const steps = new Map<string, { difference: Difference; steps: Change['steps'][number][] }>();
  const errors: { frame: number; error: PlainError }[] = [];
  let before: readonly ExrPart[] | undefined;
  for (const { frame = 0, path } of files) {
    let parts: readonly ExrPart[];
    try {
      parts = withFile(path, (file) => file.header.parts);
    } catch (thrown) {
      errors.push({ frame, error: asEngineError(thrown, { file: path, frame }).toJSON() });
      continue;
    }
    for (const difference of before ? headerDifferences(before, parts) : []) {
      const { what, part, name, a, b } = difference;
      const key = JSON.stringify([what, part, name]);
      const known = steps.get(key) ?? { difference, steps: [] };
      known.steps.push({ frame, ...(a === undefined ? {} : { from: a }), ...(b === undefined ? {} : { to: b }) });
      steps.set(key, known);
    }
    before = parts;
  }
  const changes = [...steps.values()].map(
    ({ difference: { what, part, name }, steps }): Change => ({
      what,
      ...(part === undefined ? {} : { part }),
      name,
      frames: steps.map(({ frame }) => frame),
      steps,
    }),
  );
  return { changes, errors };
}

function headerDifferences(a: readonly ExrPart[], b: readonly ExrPart[]): Difference[] {
  const { pairs, differences } = pairParts(a, b);
  return [...differences, ...pairs.flatMap((pair) => compareParts(pair, { attributes: true }))];
}
