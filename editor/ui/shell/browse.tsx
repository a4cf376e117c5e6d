// Choosing a file, a sequence or a folder of the host's machine: a promise, and the dialog that answers it.
import { ArrowUp, File, FileStack, Folder, HardDrive } from 'lucide-react';
import { type KeyboardEvent, useEffect, useState } from 'react';
import { BehaviorSubject } from 'rxjs';
import type { ChosenFile, FileQuestion } from '../../bridge.ts';
import type { FolderView } from '../../protocol.ts';
import { Button, IconButton } from '../look/button.tsx';
import { Dialog } from '../look/dialog.tsx';
import { EmptyState } from '../look/empty-state.tsx';
import { itemBeside, ListBox } from '../look/list-box.tsx';
import { Progress, useSlow } from '../look/progress.tsx';
import { TextField } from '../look/text-field.tsx';
import { wordsOf } from '../store/refusal.ts';
import { useStore, useValue } from '../store/use.ts';
import { bridge } from './bridge.ts';
import './browse.css';
import { entriesOf, type FolderEntry, withEnding } from './listing.ts';
import { baseName, isAbsolute, joinPath } from './path.ts';

interface Open {
  readonly question: FileQuestion;
  answer(path: string | undefined): void;
}

const open$ = new BehaviorSubject<Open | null>(null);

/**
 * Asks for a path on the host's machine; undefined where the user gave up. A sequence comes as its pattern. On the
 * desktop the system's own dialogs ask.
 */
export async function chooseFile(question: FileQuestion): Promise<string | undefined> {
  return (await choose(question))?.path;
}

/** Asks where to save, and tells whether the user has agreed to replace what is there. */
export const chooseTarget = (question: Omit<FileQuestion, 'want'>): Promise<ChosenFile | undefined> =>
  choose({ ...question, want: 'save' });

function choose(question: FileQuestion): Promise<ChosenFile | undefined> {
  const desktop = bridge();
  if (desktop && question.want !== 'sequence') return desktop.choose(question);
  open$.value?.answer(undefined);
  return new Promise((resolve) => {
    open$.next({
      question,
      answer: (path) => {
        open$.next(null);
        resolve(path === undefined ? undefined : { path, mayReplace: false });
      },
    });
  });
}

/** Stands once in the page and shows the dialog that is open. */
export function Browsing() {
  const open = useValue(open$);
  return open && <Browser key={open.question.title} {...open} />;
}

const VERBS: Readonly<Record<FileQuestion['want'], string>> = {
  document: 'Open',
  sequence: 'Choose',
  file: 'Choose',
  folder: 'Choose this folder',
  save: 'Save',
};

const ICONS = { folder: Folder, sequence: FileStack, document: File } as const;

function Browser({ question, answer }: Open) {
  const store = useStore();
  const roots = useValue(store.welcome$)?.roots ?? [];
  const [folder, setFolder] = useState(question.folder ?? roots[0] ?? '');
  const [view, setView] = useState<FolderView | null>(null);
  const [trouble, setTrouble] = useState('');
  const [chosen, setChosen] = useState<FolderEntry | null>(null);
  const [name, setName] = useState(question.name ?? '');
  const slow = useSlow(view === null && trouble === '');

  useEffect(() => {
    let wanted = true;
    setView(null);
    setTrouble('');
    setChosen(null);
    const { want, extensions = ['*'] } = question;
    store
      .request<FolderView>({ kind: 'browse', folder, ...(want === 'file' ? { extensions: [...extensions] } : {}) })
      .then(
        (found) => wanted && setView(found),
        (thrown) => wanted && setTrouble(wordsOf(thrown)),
      );
    return () => {
      wanted = false;
    };
  }, [store, folder, question]);

  const entries = view ? entriesOf(view, question.want) : [];
  const go = (entry: FolderEntry): void => {
    if (entry.kind === 'folder') setFolder(entry.path);
    else answer(entry.path);
  };
  const choose = (entry: FolderEntry): void => {
    setChosen(entry);
    if (question.want === 'save' && entry.kind === 'document') setName(entry.name);
  };
  const finish = (): void => {
    const here = view?.folder ?? folder;
    if (question.want === 'save') {
      if (name.trim() !== '') answer(joinPath(here, withEnding(name.trim())));
    } else if (question.want === 'folder') answer(chosen?.path ?? here);
    else if (chosen) go(chosen);
  };
  const keyDown = (event: KeyboardEvent): void => {
    const index = entries.findIndex(({ path }) => path === chosen?.path);
    const next = itemBeside(entries, index, event.key);
    if (next) choose(next);
    else if (event.key === 'Enter' && chosen) go(chosen);
    else if (event.key === 'Backspace' && view?.parent !== undefined) setFolder(view.parent);
    else return;
    event.preventDefault();
  };

  const idle = question.want === 'save' ? name.trim() === '' : question.want !== 'folder' && !chosen;
  return (
    <Dialog
      title={question.title}
      width={620}
      onClose={() => answer(undefined)}
      actions={
        <>
          <Button onClick={() => answer(undefined)}>Cancel</Button>
          <Button tone="main" disabled={idle} onClick={finish}>
            {chosen?.kind === 'folder' && question.want !== 'save' && question.want !== 'folder'
              ? 'Go there'
              : VERBS[question.want]}
          </Button>
        </>
      }
    >
      <div className="browse-path">
        <IconButton
          icon={ArrowUp}
          title="Folder above"
          disabled={view?.parent === undefined}
          onClick={() => view?.parent !== undefined && setFolder(view.parent)}
        />
        <TextField mono label="Folder" value={view?.folder ?? folder} onChange={(path) => setFolder(path)} />
      </div>
      <div className="browse-places">
        {(view?.roots ?? roots).map((root) => (
          <Button key={root} tone="plain" icon={HardDrive} hint={root} onClick={() => setFolder(root)}>
            {baseName(root) || root}
          </Button>
        ))}
      </div>
      <div className="browse-busy">{slow && <Progress label="Reading the folder" />}</div>
      <ListBox
        label="Files"
        className="browse-list"
        chosen={chosen?.path ?? ''}
        first={question.want !== 'save'}
        onBegin={() => entries[0] && choose(entries[0])}
        onKeyDown={keyDown}
      >
        {trouble !== '' && (
          <EmptyState
            sentence={trouble}
            {...(roots[0] === undefined
              ? {}
              : { action: { title: 'Go to the first folder', run: () => setFolder(roots[0]!) } })}
          />
        )}
        {view && entries.length === 0 && (
          <EmptyState
            sentence={
              question.want === 'file' && question.extensions
                ? `No file here ends in ${question.extensions.map((one) => `.${one}`).join(', ')}.`
                : 'There is nothing of this kind here.'
            }
            {...(view.parent === undefined
              ? {}
              : { action: { title: 'Folder above', run: () => setFolder(view.parent!) } })}
          />
        )}
        {entries.map((entry) => {
          const Icon = ICONS[entry.kind];
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys
            <div
              key={entry.path}
              role="option"
              tabIndex={-1}
              aria-selected={entry.path === chosen?.path}
              className="browse-entry"
              onClick={() => choose(entry)}
              onDoubleClick={() => go(entry)}
            >
              <Icon size={16} aria-hidden />
              <span className="browse-name">{entry.name}</span>
              {entry.gaps && <span className="browse-gaps">gaps {entry.gaps}</span>}
              <span className="mono quiet">{entry.frames}</span>
            </div>
          );
        })}
      </ListBox>
      {question.want === 'save' && (
        <TextField
          live
          autoFocus
          mono
          label="File name"
          value={name}
          onChange={setName}
          onEnter={() => (isAbsolute(name) ? answer(withEnding(name)) : finish())}
        />
      )}
    </Dialog>
  );
}
