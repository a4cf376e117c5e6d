// Recipes: the graph inside an EXR that was asked to carry it.
import { type Document, EngineError, type Recipe, recipeOf } from '../../engine/index.ts';

export const isExr = (path: string): boolean => /\.exr$/i.test(path);

/**
 * The graph in a file, and what its user should know of it. Throws `document-syntax` where the file has none, what is wrong
 * with the one it has, and what `recipeOf` throws.
 */
export function readRecipe(file: string): { readonly document: Document; readonly hints: readonly string[] } {
  const loaded = recipeOf(file);
  if (!loaded) {
    const message = `${file}: this EXR has no recipe inside; add it as a Read instead.`;
    throw new EngineError('invalid', 'document-syntax', message, { file });
  }
  const { recipe, problems } = loaded;
  if (recipe) return { document: recipe.document, hints: hintsOf(file, recipe) };
  const { code, message } = problems[0]!;
  throw new EngineError('invalid', code, `The recipe in ${file}: ${message}`, { file });
}

function hintsOf(file: string, { frame, params, everywhere }: Recipe): string[] {
  const set = Object.entries({ ...everywhere, ...params }).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return [
    `Opened the graph that made frame ${frame}, from the recipe in ${file}. Its relative paths are kept as they are: nobody can tell where the graph lay. Save it there, or correct them.`,
    ...(set.length > 0 ? [`The run that wrote ${file} had other values than the graph: ${set.join(', ')}.`] : []),
  ];
}
