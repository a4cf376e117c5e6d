// New, open and save: nothing that is not saved goes without a question.
import { saveDocument } from '../../../engine/browser.ts';
import { type FileState, PATHS_INTENT, type Replies } from '../../protocol.ts';
import { wordsOf } from '../store/refusal.ts';
import type { Question, Store } from '../store/store.ts';
import { ask } from './ask.tsx';
import { chooseFile, chooseTarget } from './browse.tsx';
import { type Consent, withConsent } from './consent.ts';
import { withEnding } from './listing.ts';
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

/** Asks the host for another document; says so where there is none. True where it is there. */
async function change(store: Store, question: Question, failure: string): Promise<boolean> {
  try {
    const reply = await store.request<Partial<Replies['open']> | null>(question);
    const [text, ...others] = reply?.hints ?? [];
    if (text === undefined) store.dismiss('file');
    else
      store.notify({
        level: 'warning',
        key: 'file',
        text,
        ...(others.length > 0 ? { detail: others.join('\n') } : {}),
      });
    return true;
  } catch (thrown) {
    tell(store, failure, thrown);
    return false;
  }
}

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
  await change(store, { kind: 'new' }, 'No new document');
}

/** Opens the document at a path, or asks for one. */
export async function open(store: Store, path?: string): Promise<void> {
  if (!(await mayLeave(store))) return;
  const chosen = path ?? (await chooseFile({ title: 'Open a graph', want: 'document', ...startFolder(store) }));
  if (chosen === undefined) return;
  await change(store, { kind: 'open', path: chosen }, 'Not opened');
}

/** True where it is the document now. */
export async function openText(store: Store, text: string, name: string): Promise<boolean> {
  return (await mayLeave(store)) && change(store, { kind: 'openText', text, name }, 'Not opened');
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
  await change(store, { kind: 'open', path }, 'Not opened');
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
  const target = await chooseTarget({ title: 'Save the graph as', name, ...startFolder(store) });
  return target !== undefined && write(store, { overwrite: target.mayReplace }, target.path);
}

/** Saves, and asks where that would replace what is not ours, or make a folder. */
async function write(store: Store, consent: Consent, path?: string): Promise<boolean> {
  const target = path ?? store.file$.value.path ?? '';
  const asked = path === undefined ? {} : { path };
  try {
    const saved = await withConsent(target, consent, (given) =>
      store.request<Replies['save']>({ kind: 'save', ...asked, ...given }),
    );
    if (!saved) return false;
    store.dismiss('file');
    if (saved.paths !== undefined) tellOfPaths(store, saved.paths);
    return true;
  } catch (thrown) {
    tell(store, 'Not saved', thrown);
    return false;
  }
}

/** The step stands in the history like any other; one who wants the paths as typed takes it back here. */
function tellOfPaths(store: Store, count: number): void {
  const text =
    count === 1
      ? 'One path was rewritten, so that it names the same file from the new folder.'
      : `${count} paths were rewritten, so that they name the same files from the new folder.`;
  const isLast = (): boolean => store.history$.value.undo === PATHS_INTENT;
  const keep = (): void => {
    if (isLast()) store.undo();
    else store.notify({ level: 'info', key: 'file', text: 'Other changes came after it: undo them first.' });
  };
  store.notify({ level: 'info', key: 'file', text, actions: [{ title: 'Leave them as typed', run: keep }] });
}

/** Gives the graph to the browser as a file, whatever the host does; the document's own file stays as it is. */
export function download(store: Store): void {
  const file = store.file$.value;
  const link = document.createElement('a');
  link.download = file.path === undefined ? withEnding(titleOf(file, store.document$.value.name)) : baseName(file.path);
  link.href = URL.createObjectURL(new Blob([saveDocument(store.document$.value)], { type: 'application/json' }));
  link.click();
  // The browser takes the text in its own time.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Takes up or throws away what was kept before a crash. */
export async function recover(store: Store, { accept }: { readonly accept: boolean }): Promise<void> {
  await store.request({ kind: 'recover', accept }).catch((thrown) => tell(store, 'Not recovered', thrown));
}
