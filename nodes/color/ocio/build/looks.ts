// Lists of looks as configs and people write them: `grade, -print | grade`.
import { splitNames } from '../config/read.ts';
import type { Way } from '../transform/operation.ts';

export interface LookStep {
  readonly name: string;
  readonly way: Way;
}

/** Lists of which the first is taken whose files are all there; a minus before a name turns the look round. */
export function parseLooks(text: string): readonly (readonly LookStep[])[] {
  if (text.trim() === '') return [];
  return text.split('|').map((option) =>
    splitNames(option).map((word): LookStep => {
      const [, sign = '', name = ''] = /^([+-]?)[+-]*\s*(.*)$/.exec(word) ?? [];
      return { name, way: sign === '-' ? 'inverse' : 'forward' };
    }),
  );
}

/** The same looks backwards, in the same order of preference. */
export const turnLooks = (options: readonly (readonly LookStep[])[]): readonly (readonly LookStep[])[] =>
  options.map((looks) =>
    looks.toReversed().map(({ name, way }): LookStep => ({ name, way: way === 'forward' ? 'inverse' : 'forward' })),
  );
