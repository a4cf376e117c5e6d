// sluice open: writes out the graph that a file carries inside.
import { resolve } from 'node:path';
import { EngineError, type Recipe, recipeOf, saveDocument } from '../../index.ts';
import { saveNew } from '../save.ts';
import { err, out, printable } from '../terminal.ts';
import { EXIT } from '../trouble.ts';

export interface OpenOptions {
  /** The file to make; stdout where it is left out. */
  readonly out?: string;
}

/**
 * Throws `document-syntax` for a file without a recipe, what is wrong with the one it has, and `file-exists`. What of the run
 * is no part of the graph is told on stderr.
 */
export async function open(path: string, options: OpenOptions): Promise<number> {
  const file = resolve(path);
  const recipe = recipeIn(file);
  const text = saveDocument(recipe.document);
  if (options.out === undefined) out.write(text);
  else await saveNew(resolve(options.out), text, '--out');
  const set = Object.entries(recipe.params).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const everywhere = Object.entries(recipe.everywhere).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  if (set.length > 0) err.line(printable(`The run that wrote it was given --set ${set.join(' --set ')}`));
  if (everywhere.length > 0) err.line(printable(`The run that wrote it had everywhere: ${everywhere.join(', ')}`));
  return EXIT.done;
}

/** The recipe inside a file. Throws what is wrong with it, and `document-syntax` where there is none. */
export function recipeIn(file: string): Recipe {
  const loaded = recipeOf(file);
  if (loaded?.recipe) return loaded.recipe;
  const [first] = loaded?.problems ?? [];
  const message = first
    ? `The recipe inside: ${first.message}`
    : 'There is no recipe inside. Write EXR puts one there where its embedRecipe is set.';
  throw new EngineError('invalid', first?.code ?? 'document-syntax', message, { file });
}
