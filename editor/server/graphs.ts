// Graphs beside the one that is open: templates are read from their files and written to them.
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Document, EngineError, loadDocument, saveDocument } from '../../engine/index.ts';
import type { Roots } from './roots.ts';
import { needFolder, readText, writeWhole } from './whole-file.ts';

/** The graph in a file below the roots; a relative path begins at `base`. Throws what is wrong with the file or the graph. */
export function readGraph(roots: Roots, path: string, base: string): { path: string; document: Document } {
  const file = roots.check(path, base, 'read');
  return { path: file, document: sound(readText(file), file) };
}

export interface WriteOptions {
  readonly text: string;
  readonly overwrite: boolean;
  readonly makeFolder?: boolean | undefined;
}

/**
 * Writes a graph whole or not at all. Throws `file-exists` where it would replace something and may not, `file-not-found`
 * for a folder that is not there.
 */
export function writeGraph(
  roots: Roots,
  path: string,
  base: string,
  { text, overwrite, makeFolder = false }: WriteOptions,
): { path: string } {
  const file = roots.check(path, base, 'write');
  const document = sound(text, file);
  if (!overwrite && existsSync(file)) {
    const message = `${file} exists already. Choose another name, or replace it.`;
    throw new EngineError('io', 'file-exists', message, { file });
  }
  needFolder(dirname(file), { make: makeFolder });
  writeWhole(file, saveDocument(document));
  return { path: file };
}

function sound(text: string, file: string): Document {
  const { document, problems } = loadDocument(text);
  const [first] = problems;
  if (document && !first) return document;
  const message = `${file}: ${first?.message ?? 'Expected a graph, found something else.'}`;
  throw new EngineError('invalid', first?.code ?? 'document-schema', message, { file });
}
