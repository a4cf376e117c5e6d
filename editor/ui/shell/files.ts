// New, open and save: nothing that is not saved goes without a question.
import type { FileState } from '../../protocol.ts';
import { Refusal, wordsOf } from '../store/refusal.ts';
import type { Store } from '../store/store.ts';
import { ask } from './ask.tsx';
import { chooseFile } from './browse.tsx';
import { baseName, folderOf } from './path.ts';

/** The name of the document: of its file, or the one it carries. */
export const titleOf = (file: FileState, name: string): string =>
  file.path === undefined ? name || 'untitled' : baseName(file.path);

/** The folder where dialogs begin. */
export const startFolder = (store: Store): { readonly folder?: string } => {
  const { path } = store.file$.value;
  const folder = path === undefined ? store.welcome$.value?.roots[0] : folderOf(path);
  return folder === undefined ? {} : { folder };
};

const tell = (store: Store, what: string, thrown: unknown): void =>
  store.notify({ level: 'error', key: 'file', text: `${what}: ${wordsOf(thrown)}` });

/** True where the document may go: it is saved, has just been saved, or the user does not want it. */
export async function mayLeave(store: Store): Promise<boolean> {
  if (store.file$.value.saved) return true;
  const name = titleOf(store.file$.value, store.document$.value.name);
  const answer = await ask({
    title: 'Save the changes?',
    text: `${name} has changes that are not saved.`,
    answers: [
      { id: 'cancel', title: 'Cancel' },
      { id: 'leave', title: 'Do not save' },
      { id: 'save', title: 'Save' },
    ],
  });
  return answer === 'leave' || (answer === 'save' && (await save(store)));
}

export async function newDocument(store: Store): Promise<void> {
  if (!(await mayLeave(store))) return;
  await store.request({ kind: 'new' }).catch((thrown) => tell(store, 'No new document', thrown));
}

/** Opens the document at a path, or asks for one. */
export async function open(store: Store, path?: string): Promise<void> {
  if (!(await mayLeave(store))) return;
  const chosen = path ?? (await chooseFile({ title: 'Open a graph', want: 'document', ...startFolder(store) }));
  if (chosen === undefined) return;
  await store.request({ kind: 'open', path: chosen }).catch((thrown) => tell(store, 'Not opened', thrown));
}

export async function openText(store: Store, text: string, name: string): Promise<void> {
  if (!(await mayLeave(store))) return;
  await store.request({ kind: 'openText', text, name }).catch((thrown) => tell(store, 'Not opened', thrown));
}

/** Loads the file again, and with it what somebody else wrote there. */
export async function reload(store: Store): Promise<void> {
  const { path } = store.file$.value;
  if (path !== undefined) await open(store, path);
}

/** True once the document is in its file. */
export async function save(store: Store): Promise<boolean> {
  const { path, changedOnDisk } = store.file$.value;
  if (path === undefined) return saveAs(store);
  if (!changedOnDisk) return write(store, { overwrite: true });
  const answer = await ask({
    title: 'The file changed on disk',
    text: `Somebody else wrote ${baseName(path)} after it was opened here. Saving replaces what they wrote.`,
    answers: [
      { id: 'cancel', title: 'Cancel' },
      { id: 'as', title: 'Save as…' },
      { id: 'replace', title: 'Replace' },
    ],
  });
  if (answer === 'as') return saveAs(store);
  return answer === 'replace' && write(store, { overwrite: true });
}

export async function saveAs(store: Store): Promise<boolean> {
  const file = store.file$.value;
  const name =
    file.path === undefined ? `${store.document$.value.name || 'untitled'}.sluice.json` : baseName(file.path);
  const path = await chooseFile({ title: 'Save the graph as', want: 'save', name, ...startFolder(store) });
  return path !== undefined && write(store, { path, overwrite: path === file.path });
}

async function write(store: Store, target: { readonly path?: string; readonly overwrite: boolean }): Promise<boolean> {
  try {
    await store.request({ kind: 'save', ...target });
    return true;
  } catch (thrown) {
    if (!(thrown instanceof Refusal) || thrown.code !== 'file-exists' || target.overwrite) {
      tell(store, 'Not saved', thrown);
      return false;
    }
  }
  const answer = await ask({
    title: 'Replace the file?',
    text: `${baseName(target.path ?? '')} is there already.`,
    answers: [
      { id: 'cancel', title: 'Cancel' },
      { id: 'replace', title: 'Replace' },
    ],
  });
  return answer === 'replace' && write(store, { ...target, overwrite: true });
}

/** Takes up or throws away what was kept before a crash. */
export async function recover(store: Store, { accept }: { readonly accept: boolean }): Promise<void> {
  await store.request({ kind: 'recover', accept }).catch((thrown) => tell(store, 'Not recovered', thrown));
}
