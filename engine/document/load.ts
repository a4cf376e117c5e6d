// loadDocument: a text becomes a document, or a list of what is wrong with it.
import { clip } from '../base/clip.ts';
import { documentSchema } from './forms.ts';
import { migrate, type RawDocument } from './migrations.ts';
import { type DocumentProblem, problem } from './problem.ts';
import { DOCUMENT_VERSION, type Document, LIMITS } from './schema.ts';
import { checkStructure } from './structure.ts';
import { parseText } from './text.ts';

export interface LoadedDocument {
  /** Absent where the text has not the form of a graph. Present with problems where only its links or promotions are wrong. */
  readonly document?: Document;
  readonly problems: readonly DocumentProblem[];
}

const MAX_REPORTED = 100;

/**
 * Reads a saved graph of any version so far. Never throws for what the text holds: everything wrong is a problem with a
 * place. Node types are not looked up, so that graphs with nodes that are not installed load and save unharmed.
 */
export function loadDocument(text: string | Uint8Array): LoadedDocument {
  const parsed = parseText(text);
  if (parsed.problems.length > 0) return { problems: parsed.problems };
  return parseDocument(parsed.value);
}

/** As `loadDocument`, for a document that is plain JSON already, such as one inside another. It is not changed. */
export function parseDocument(raw: unknown): LoadedDocument {
  if (!isRecord(raw) || !Object.hasOwn(raw, 'sluice')) {
    return fail(
      'document-schema',
      `Expected a Sluice graph: an object with "sluice": ${DOCUMENT_VERSION}, found ${found(raw)}.`,
    );
  }
  const version = raw['sluice'];
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    return fail(
      'document-schema',
      `Expected "sluice" to be a version number from 1, found ${found(version)}.`,
      'sluice',
    );
  }
  if (version > DOCUMENT_VERSION) {
    const message = `The document has version ${version}; this Sluice reads up to version ${DOCUMENT_VERSION}. Update Sluice.`;
    return fail('document-version', message, 'sluice');
  }
  const current = migrate(raw, version);
  const excess = overLimits(current);
  if (excess) return { problems: [excess] };
  // Not compiled first: that takes milliseconds, and 5,000 nodes are no sooner checked for it.
  const result = documentSchema.safeParse(current, { jitless: true });
  if (!result.success) return { problems: schemaProblems(result.error.issues, current) };
  const document = withoutEmptyCanvas(result.data);
  return { document, problems: checkStructure(document) };
}

/** What was checked, by identity: documents are never changed in place. */
const known = new WeakMap<object, LoadedDocument>();

/** As `parseDocument`, for a value that is asked about again and again; it is checked once. */
export function parseEmbedded(raw: unknown): LoadedDocument {
  if (typeof raw !== 'object' || raw === null) return parseDocument(raw);
  const loaded = known.get(raw) ?? parseDocument(raw);
  known.set(raw, loaded);
  return loaded;
}

function withoutEmptyCanvas(document: Document): Document {
  const { canvas, ...rest } = document;
  if (!canvas || Object.keys(canvas.backdrops).length + Object.keys(canvas.notes).length > 0) return document;
  return rest;
}

const isRecord = (value: unknown): value is RawDocument =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const fail = (code: DocumentProblem['code'], message: string, ...path: string[]): LoadedDocument => ({
  problems: [problem(code, message, path)],
});

/** Counted before the schema looks at each of them. */
function overLimits(raw: RawDocument): DocumentProblem | undefined {
  const canvas = isRecord(raw['canvas']) ? raw['canvas'] : {};
  const counted = [
    ...(['nodes', 'links', 'promoted', 'variables'] as const).map((key) => ({
      path: [key],
      of: raw,
      limit: LIMITS[key],
    })),
    ...['backdrops', 'notes'].map((key) => ({ path: ['canvas', key], of: canvas, limit: LIMITS.canvas })),
  ];
  for (const { path, of, limit } of counted) {
    const key = path.at(-1)!;
    const value = of[key];
    const count = Array.isArray(value) ? value.length : isRecord(value) ? Object.keys(value).length : 0;
    if (count > limit) return problem('document-too-large', `Expected at most ${limit} ${key}, found ${count}.`, path);
  }
  return undefined;
}

type Issue = NonNullable<ReturnType<typeof documentSchema.safeParse>['error']>['issues'][number];

function schemaProblems(issues: readonly Issue[], raw: unknown): DocumentProblem[] {
  const problems = issues.slice(0, MAX_REPORTED).map((issue) => schemaProblem(issue, raw));
  if (issues.length > MAX_REPORTED) {
    problems.push(
      problem('document-schema', `${issues.length - MAX_REPORTED} more problems of this kind are not shown.`),
    );
  }
  return problems;
}

function schemaProblem(issue: Issue, raw: unknown): DocumentProblem {
  const path = issue.path;
  switch (issue.code) {
    case 'unrecognized_keys': {
      const keys = issue.keys.map((key) => JSON.stringify(clip(key, 60))).join(', ');
      return problem('document-schema', `There is no key ${keys} here. Remove it, or correct its name.`, path);
    }
    case 'invalid_key': {
      const name = JSON.stringify(clip(String(path.at(-1)), 60));
      return problem('document-schema', `${issue.issues[0]?.message ?? 'Wrong name'}; found ${name}.`, path);
    }
    case 'invalid_type':
      return problem('document-schema', `Expected ${issue.expected}, found ${found(valueAt(raw, path))}.`, path);
    default: {
      const message = issue.message.replace(/^Invalid (?:input|option): e/, 'E');
      return problem('document-schema', `${message}; found ${found(valueAt(raw, path))}.`, path);
    }
  }
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  let value = raw;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

function found(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : clip(JSON.stringify(value), 60);
}
