// What a folder offers to one who chooses a document, a sequence, a file or a folder.
import type { FileQuestion } from '../../bridge.ts';
import type { FolderView } from '../../protocol.ts';

import { baseName, joinPath } from './path.ts';

export interface FolderEntry {
  readonly kind: 'folder' | 'sequence' | 'document';
  readonly name: string;
  readonly path: string;
  readonly frames?: string;
  readonly gaps?: string;
}

/** Folders first; then what is wanted, in the host's order. */
export function entriesOf(view: FolderView, want: FileQuestion['want']): FolderEntry[] {
  const folders = view.folders.map((name) => ({
    kind: 'folder' as const,
    name: baseName(name),
    path: joinPath(view.folder, name),
  }));
  if (want === 'folder') return folders;
  if (want === 'file') {
    const files = (view.files ?? []).map((name) => ({
      kind: 'document' as const,
      name,
      path: joinPath(view.folder, name),
    }));
    return [...folders, ...files];
  }
  const files = view.sequences
    .filter(({ document = false }) => document === (want !== 'sequence'))
    .map(({ pattern, frames, gaps, document }) => ({
      kind: document ? ('document' as const) : ('sequence' as const),
      name: baseName(pattern),
      path: joinPath(view.folder, pattern),
      ...(frames === undefined ? {} : { frames }),
      ...(gaps === undefined || gaps === '' ? {} : { gaps }),
    }));
  return [...folders, ...files];
}

const ENDING = '.sluice.json';

/** The name of a document, with the ending that documents have. */
export const withEnding = (name: string): string =>
  name.endsWith(ENDING) ? name : `${name.replace(/\.(?:sluice|json)$/i, '')}${ENDING}`;
