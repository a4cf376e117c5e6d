// Recipes of runs: made for a frame from its plan and its inputs, and found again in the file that was written.
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { asEngineError, EngineError } from '../base/error.ts';
import { type LoadedRecipe, loadRecipe, type RecipeInput, recipeText } from '../document/recipe.ts';
import { ExrFile } from '../exr/file.ts';
import { headFingerprint } from '../exr/head.ts';
import { findAttribute, RECIPE_ATTRIBUTE } from '../image/attribute.ts';
import { formatFrame, parsePattern } from '../image/pattern.ts';
import type { Plan } from '../plan/plan.ts';
import { paramsAt } from '../plan/resolve.ts';

/** The text of the recipe of a frame that is made from these files. Throws where one of them is gone meanwhile. */
export function recipeFor({ given, overrides, variables }: Plan, frame: number, files: readonly string[]): string {
  const order = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
  const inputs = files
    .map(inputOf)
    .sort((a, b) => order(a.file, b.file) || a.size - b.size || order(a.fingerprint ?? '', b.fingerprint ?? ''));
  const { params = {}, everywhere = {} } = overrides;
  return recipeText({ document: given, params, everywhere, variables, frame, inputs });
}

/**
 * The recipe in a file: what is read from the attribute of its first part, or undefined where it has none. Reads the header
 * only. Throws as `ExrFile.open`, and `exr-attribute` where the attribute is no text.
 */
export function recipeOf(path: string): LoadedRecipe | undefined {
  const file = ExrFile.open(path);
  try {
    const found = findAttribute(file.header.parts[0]!.attributes, RECIPE_ATTRIBUTE);
    if (!found) return undefined;
    if (found.type === 'string') return loadRecipe(found.bytes);
    throw new EngineError(
      'invalid',
      'exr-attribute',
      `Expected ${RECIPE_ATTRIBUTE} to be a string, found a ${found.type}. It was not written by Sluice.`,
      { file: path },
    );
  } finally {
    file.close();
  }
}

/**
 * The files that the sinks of a graph write at a frame, as their parameter `path` says, relative ones as they are. Sinks whose
 * path cannot be told are left out.
 */
export function outputsOf(plan: Plan, frame: number): { readonly sink: string; readonly path: string }[] {
  return plan.sinks.flatMap((sink) => {
    const path = paramsAt(plan.nodes.get(sink)!, plan, frame).values?.['path'];
    return typeof path === 'string' ? [{ sink, path: formatFrame(parsePattern(path), frame) }] : [];
  });
}

/** What of a file stands in a recipe. Reads no samples. */
function inputOf(path: string): RecipeInput {
  const file = basename(path);
  try {
    const exr = ExrFile.open(path);
    try {
      return { file, size: exr.identity.size, fingerprint: headFingerprint(exr) };
    } finally {
      exr.close();
    }
  } catch (thrown) {
    if (thrown instanceof EngineError && thrown.code === 'exr-not-exr') return { file, size: sizeOf(path) };
    throw thrown;
  }
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch (thrown) {
    throw asEngineError(thrown, { file });
  }
}
