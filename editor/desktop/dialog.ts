// The system's file dialogs, as the page asks for them.
import { dirname, join } from 'node:path';
import { type BrowserWindow, dialog, type FileFilter, type OpenDialogOptions } from 'electron';
import { z } from 'zod';
import type { ChosenFile, FileQuestion } from '../bridge.ts';

const text = z.string().max(4096);

/** A question from the page is checked like any message from outside. */
export const questionSchema: z.ZodType<FileQuestion> = z.strictObject({
  title: z.string().max(200),
  want: z.enum(['document', 'sequence', 'file', 'folder', 'save']),
  extensions: z
    .array(z.string().regex(/^[\w.]{1,32}$/))
    .max(64)
    .exactOptional(),
  folder: text.exactOptional(),
  name: text.exactOptional(),
});

const PICTURES = ['png', 'tif', 'tiff', 'jpg', 'jpeg', 'webp'];
// Systems know the last ending of a name only.
const GRAPHS: readonly FileFilter[] = [{ name: 'Sluice graphs', extensions: ['json'] }];
const OPEN: Readonly<Record<Exclude<FileQuestion['want'], 'save'>, OpenDialogOptions>> = {
  document: { properties: ['openFile'], filters: [...GRAPHS] },
  sequence: { properties: ['openFile'], filters: [{ name: 'Images', extensions: ['exr', ...PICTURES] }] },
  file: { properties: ['openFile'] },
  folder: { properties: ['openDirectory', 'createDirectory'] },
};

export interface Chosen {
  readonly file: ChosenFile;
  /** What the host has to be allowed: the folder itself, or the one that the file is in. */
  readonly folder: string;
}

/** Asks; undefined where the user gave up. */
export async function choose(
  window: BrowserWindow,
  { title, want, folder, name, extensions = [] }: FileQuestion,
): Promise<Chosen | undefined> {
  if (want === 'save') {
    const defaultPath = join(folder ?? '', name ?? 'untitled.sluice.json');
    const { canceled, filePath } = await dialog.showSaveDialog(window, {
      title,
      defaultPath,
      filters: [...GRAPHS],
      // macOS and Windows ask by themselves.
      properties: ['showOverwriteConfirmation'],
    });
    if (canceled || filePath === '') return undefined;
    const path = withEnding(filePath);
    return { file: { path, mayReplace: path === filePath }, folder: dirname(path) };
  }
  const options: OpenDialogOptions = {
    title,
    ...OPEN[want],
    ...(want === 'file' && extensions.length > 0
      ? { filters: [{ name: extensions.map((one) => `.${one}`).join(', '), extensions: [...extensions] }] }
      : {}),
    ...(folder === undefined ? {} : { defaultPath: folder }),
  };
  const { canceled, filePaths } = await dialog.showOpenDialog(window, options);
  const [path] = filePaths;
  if (canceled || path === undefined) return undefined;
  return { file: { path, mayReplace: false }, folder: want === 'folder' ? path : dirname(path) };
}

/** The ending that graphs have. The system asked about the name that was typed only: the page asks about another one. */
export const withEnding = (path: string): string =>
  path.endsWith('.sluice.json') ? path : `${path.replace(/\.(?:json|sluice)$/i, '')}.sluice.json`;
