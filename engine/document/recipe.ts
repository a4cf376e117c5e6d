// The recipe inside a written file: the graph that made it, with what was chosen for that run, as one text.
import { z } from 'zod';
import { canonicalJson, type Json } from '../base/canonical.ts';
import { EngineError } from '../base/error.ts';
import { forms } from './forms.ts';
import { parseDocument } from './load.ts';
import { type DocumentProblem, problem } from './problem.ts';
import { saveDocument } from './save.ts';
import { type Document, isPlainJson, LIMITS, VALUE_DEPTH } from './schema.ts';
import { parseText } from './text.ts';

/** The version of the recipe's own form; the document in it carries its own. */
const RECIPE_VERSION = 2;

/** What made one frame of one file. Nothing of the clock, and of the machine only what the graph itself names. */
export interface Recipe {
  /** The graph as it was given to the run: templates folded, parameters as saved. */
  readonly document: Document;
  /** Values that the run put into parameters: `node.param`, or the name of a promoted one. */
  readonly params: Readonly<Record<string, Json>>;
  /** Values that the run put into every parameter of that name. */
  readonly everywhere: Readonly<Record<string, Json>>;
  /** The value of every variable of the graph in that run. */
  readonly variables: Readonly<Record<string, string | number>>;
  readonly frame: number;
  /** The files that the frame was made from; sorted. */
  readonly inputs: readonly RecipeInput[];
}

export interface RecipeInput {
  /** Name without folders. */
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  /** Of what stands before the chunks of an EXR file; absent for other files, and in recipes of version 1. */
  readonly fingerprint?: string;
}

export interface LoadedRecipe {
  /** Absent where the text is no recipe, or its graph has not the form of one. */
  readonly recipe?: Recipe;
  readonly problems: readonly DocumentProblem[];
}

/** Made when a recipe is read, since most runs read none. */
const makeSchema = () => {
  const values = z.record(
    z.string(),
    z.custom<Json>((v) => isPlainJson(v, VALUE_DEPTH), { error: 'Expected plain JSON' }),
  );
  return z.strictObject({
    sluice: z.literal([1, RECIPE_VERSION]),
    document: z.unknown(),
    params: values,
    everywhere: values.default({}),
    variables: z.record(forms().variableName, z.union([z.string(), z.number()])),
    frame: z.int(),
    inputs: z.array(
      z.strictObject({ file: z.string(), size: z.int().min(0), fingerprint: z.string().exactOptional() }),
    ),
  });
};

/**
 * The recipe as one line of JSON: the same text for the same graph, choices and inputs. The document stands in its saved
 * form, because the order of its nodes and of what is drawn on its canvas is its own; everything else is canonical.
 * Throws `document-too-large` for what could not be read again.
 */
export function recipeText({ document, params, everywhere, variables, frame, inputs }: Recipe): string {
  // No text in JSON holds a bare line break, so that those of the saved form can go.
  const saved = saveDocument(document).replace(/\n */g, '');
  const members = [
    `"sluice":${RECIPE_VERSION}`,
    `"document":${saved}`,
    `"params":${canonicalJson(params)}`,
    ...(Object.keys(everywhere).length > 0 ? [`"everywhere":${canonicalJson(everywhere)}`] : []),
    `"variables":${canonicalJson(variables)}`,
    `"frame":${frame}`,
    `"inputs":${canonicalJson(inputs as unknown as Json)}`,
  ];
  const text = `{${members.join(',')}}`;
  if (text.length <= LIMITS.text) return text;
  throw new EngineError(
    'invalid',
    'document-too-large',
    `Expected a recipe of at most ${LIMITS.text} bytes, found ${text.length}. Write without it.`,
  );
}

/**
 * Reads a recipe. Its graph has the values that its variables had in the run as their defaults, so that it makes the same
 * frame again; overrides of parameters are told beside it. Sizes are limited as those of documents. Never throws for what
 * the text holds: everything wrong is a problem.
 */
export function loadRecipe(text: string | Uint8Array): LoadedRecipe {
  // The document is one level further in than in a file of its own.
  const parsed = parseText(text, { depth: LIMITS.depth + 1 });
  if (parsed.problems.length > 0) return { problems: parsed.problems };
  const raw = parsed.value;
  const version = typeof raw === 'object' && raw !== null && 'sluice' in raw ? raw.sluice : undefined;
  if (typeof version === 'number' && version > RECIPE_VERSION) {
    const message = `The recipe has version ${version}; this Sluice reads up to version ${RECIPE_VERSION}. Update Sluice.`;
    return { problems: [problem('document-version', message, ['sluice'])] };
  }
  const result = makeSchema().safeParse(raw);
  if (!result.success) {
    const [issue] = result.error.issues;
    const message = `Expected the recipe of a frame as Sluice writes it: ${issue!.message}.`;
    return { problems: [problem('document-schema', message, issue!.path)] };
  }
  const { document: saved, params, everywhere, variables, frame, inputs } = result.data;
  const { document, problems } = parseDocument(saved);
  if (!document) return { problems };
  const chosen = withValues(document, variables);
  if ('code' in chosen) return { problems: [...problems, chosen] };
  return { recipe: { document: chosen, params, everywhere, variables, frame, inputs }, problems };
}

/** The document with other defaults of its variables, or why they do not fit. */
function withValues(document: Document, values: Recipe['variables']): Document | DocumentProblem {
  const variables = { ...document.variables };
  for (const [name, value] of Object.entries(values)) {
    const known = Object.hasOwn(variables, name) ? variables[name]! : undefined;
    if (known?.type === 'number' && typeof value === 'number') variables[name] = { type: 'number', default: value };
    else if (known?.type === 'string' && typeof value === 'string')
      variables[name] = { type: 'string', default: value };
    else {
      const message = `The recipe gives ${name} the value ${JSON.stringify(value).slice(0, 80)}, but its graph has ${known ? `a ${known.type} of that name` : 'no such variable'}.`;
      return problem('document-schema', message, ['variables', name]);
    }
  }
  return { ...document, variables };
}
