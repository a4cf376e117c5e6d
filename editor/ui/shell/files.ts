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
  const { path, saved } = store.file$.value;
  if (path === undefined) return;
  if (!saved) {
    const answer = await ask({
      title: 'Load it again?',
      text: `What you changed in ${baseName(path)} since it was saved last goes away.`,
      first: 'cancel',
      answers: [
        { id: 'cancel', title: 'Cancel' },
        { id: 'load', title: 'Load it again' },
      ],
    });
    if (answer !== 'load') return;
  }
  await store.request({ kind: 'open', path }).catch((thrown) => tell(store, 'Not opened', thrown));
}

/** True once the document is in its file. */
export async function save(store: Store): Promise<boolean> {
  const { path } = store.file$.value;
  return path === undefined ? saveAs(store) : write(store, { overwrite: false });
}

export async function saveAs(store: Store): Promise<boolean> {
  const file = store.file$.value;
  const name =
    file.path === undefined ? `${store.document$.value.name || 'untitled'}.sluice.json` : baseName(file.path);
  const path = await chooseFile({ title: 'Save the graph as', want: 'save', name, ...startFolder(store) });
  return path !== undefined && write(store, { path, overwrite: false });
}

/** Saves, and asks where that would replace what is not ours. */
async function write(store: Store, target: { readonly path?: string; readonly overwrite: boolean }): Promise<boolean> {
  try {
    await store.request({ kind: 'save', ...target });
    return true;
  } catch (thrown) {
    const code = thrown instanceof Refusal ? thrown.code : '';
    const ours = target.path ?? store.file$.value.path ?? '';
    if (code === 'file-exists') {
      return (await mayReplace('Replace the file?', `${baseName(ours)} is there already.`)) && replace(store, target);
    }
    if (code === 'file-changed') {
      const text = `Somebody else wrote ${baseName(ours)} after it was opened here. Saving replaces what they wrote.`;
      return (await mayReplace('The file changed on disk', text)) && replace(store, target);
    }
    tell(store, 'Not saved', thrown);
    return false;
  }
}

const replace = (store: Store, target: { readonly path?: string }): Promise<boolean> =>
  write(store, { ...target, overwrite: true });

const mayReplace = async (title: string, text: string): Promise<boolean> =>
  (await ask({
    title,
    text,
    first: 'cancel',
    answers: [
      { id: 'cancel', title: 'Cancel' },
      { id: 'replace', title: 'Replace' },
    ],
  })) === 'replace';

/** Takes up or throws away what was kept before a crash. */
export async function recover(store: Store, { accept }: { readonly accept: boolean }): Promise<void> {
  await store.request({ kind: 'recover', accept }).catch((thrown) => tell(store, 'Not recovered', thrown));
}
