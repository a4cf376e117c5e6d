// The panel of sequences: browse the host's folders, see what a sequence holds, add it to the graph.
import { ArrowUp, FileStack, Folder, FolderOpen, Image, Plus, RefreshCw, TriangleAlert } from 'lucide-react';
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { FolderView } from '../../../protocol.ts';
import { IconButton } from '../../look/button.tsx';
import { EmptyState } from '../../look/empty-state.tsx';
import { itemBeside, ListBox } from '../../look/list-box.tsx';
import { Panel } from '../../look/panel.tsx';
import { Progress, useSlow } from '../../look/progress.tsx';
import { Select } from '../../look/select.tsx';
import { TextField } from '../../look/text-field.tsx';
import { chooseFile } from '../../shell/browse.tsx';
import { search } from '../../shell/fuzzy.ts';
import { entriesOf, type FolderEntry } from '../../shell/listing.ts';
import { baseName } from '../../shell/path.ts';
import { wordsOf } from '../../store/refusal.ts';
import type { Store } from '../../store/store.ts';
import { useSelect, useStore, useValue } from '../../store/use.ts';
import { addReader } from '../library/adding.ts';
import { carry } from '../library/carried.ts';
import { spanText } from './describe.ts';
import { Details } from './details.tsx';
import { takeDrops } from './drop.ts';
import { go, keepFolder, lastFolder, place$ } from './place.ts';
import './sequences.css';

export function Sequences() {
  const store = useStore();
  const { folder, chosen } = useValue(place$);
  const { view, trouble, slow, look } = useFolder(store, folder);
  const [query, setQuery] = useState('');
  const [spot, setSpot] = useState('');
  const left = useRef('');
  const panel = useRef<HTMLDivElement>(null);

  useEffect(() => takeDrops(store, () => panel.current), [store]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a search belongs to the folder that it was typed in
  useEffect(() => {
    setQuery('');
    setSpot(chosen ?? left.current);
  }, [folder]);
  // One who goes up finds the folder that they were in.
  useEffect(() => {
    if (view) left.current = view.folder;
  }, [view]);

  const entries = useMemo(
    () => (view ? search(query, entriesOf(view, 'sequence'), ({ name }) => [name]) : []),
    [view, query],
  );
  const pick = (entry: FolderEntry): void => {
    setSpot(entry.path);
    if (entry.kind === 'sequence') go(folder, entry.path);
  };
  const enter = (entry: FolderEntry): void => {
    if (entry.kind === 'folder') go(entry.path);
    else addReader(store, entry.path);
  };
  const browse = (): void => {
    const from = view?.folder ?? store.welcome$.value?.roots[0];
    void chooseFile({
      title: 'Choose a folder',
      want: 'folder',
      ...(from === undefined ? {} : { folder: from }),
    }).then((path) => path !== undefined && go(path));
  };
  const keyDown = (event: KeyboardEvent): void => {
    // The choice of the folder and the fields below have keys of their own.
    if (!(event.target as Element).matches('.sequences-filter input, .sequences-list, .sequences-row')) return;
    const index = entries.findIndex(({ path }) => path === spot);
    const next = itemBeside(entries, index, event.key);
    const inList = (event.target as Element).matches('[role="listbox"]');
    if (next) pick(next);
    else if (event.key === 'Enter' && entries[index]) enter(entries[index]);
    else if (event.key === 'Backspace' && inList && view?.parent !== undefined) go(view.parent);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div ref={panel} className="sequences-panel">
      <Panel
        title="Sequences"
        body="flush"
        actions={
          <>
            <IconButton icon={FolderOpen} title="Browse to a folder" onClick={browse} />
            <IconButton icon={RefreshCw} title="Read the folder again" onClick={look} />
          </>
        }
      >
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys of the field and of the list meet here */}
        <div className="sequences" onKeyDown={keyDown}>
          <Where view={view} folder={folder} />
          <div className="sequences-filter">
            <TextField live label="Filter" placeholder="Filter" value={query} onChange={setQuery} />
          </div>
          <div className="sequences-busy">{slow && <Progress label="Reading the folder" />}</div>
          <ListBox
            label="Folders and sequences"
            className="sequences-list"
            chosen={spot}
            onBegin={() => entries[0] && setSpot(entries[0].path)}
          >
            {trouble !== '' && (
              <EmptyState sentence={trouble} action={{ title: 'Go to the first folder', run: () => go('') }} />
            )}
            {view && entries.length === 0 && query !== '' && (
              <EmptyState
                sentence={`Nothing here is called ${query}.`}
                action={{ title: 'Show all', run: () => setQuery('') }}
              />
            )}
            {view && entries.length === 0 && query === '' && (
              <EmptyState
                sentence="No sequences here. Drop a folder of EXR files, or browse."
                action={{ title: 'Browse', run: browse }}
              />
            )}
            {entries.map((entry) => (
              <Row key={entry.path} entry={entry} spot={entry.path === spot} onPick={pick} onEnter={enter} />
            ))}
          </ListBox>
          {chosen !== undefined && view && (
            <Details key={chosen} path={chosen} onAdd={() => addReader(store, chosen)} onClose={() => go(folder)} />
          )}
        </div>
      </Panel>
    </div>
  );
}

/** What is in a folder: asked again when it changes, when a run may have written into it, and when wanted. */
function useFolder(
  store: Store,
  folder: string,
): { readonly view: FolderView | null; readonly trouble: string; readonly slow: boolean; readonly look: () => void } {
  const [view, setView] = useState<FolderView | null>(null);
  const [trouble, setTrouble] = useState('');
  const [busy, setBusy] = useState(true);
  const turn = useRef(0);
  const roots = useValue(store.welcome$)?.roots;
  const running = useSelect(store.run$, (run) => run?.state === 'running');

  const look = useCallback((): void => {
    turn.current += 1;
    const mine = turn.current;
    const ask = (path: string): Promise<FolderView> => store.request<FolderView>({ kind: 'browse', folder: path });
    const last = folder === '' ? lastFolder(localStorage) : '';
    setBusy(true);
    // The folder of the last visit may be gone, or not open to this host.
    (last === '' ? ask(folder) : ask(last).catch(() => ask(folder)))
      .then(
        (found) => {
          if (mine !== turn.current) return;
          setView(found);
          setTrouble('');
          keepFolder(localStorage, found.folder);
        },
        (thrown) => {
          if (mine !== turn.current) return;
          setView(null);
          setTrouble(wordsOf(thrown));
        },
      )
      .finally(() => mine === turn.current && setBusy(false));
  }, [store, folder]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other roots and a finished run show other files
  useEffect(() => {
    if (!running) look();
  }, [look, roots, running]);
  return { view, trouble, slow: useSlow(busy), look };
}

/** The folder above, the folder itself, and the host's folders to jump to. */
function Where({ view, folder }: { readonly view: FolderView | null; readonly folder: string }) {
  const roots = view?.roots ?? [];
  const here = view?.folder ?? folder;
  const places = roots.includes(here) || here === '' ? roots : [here, ...roots];
  const { parent } = view ?? {};
  return (
    <div className="sequences-where" title={here}>
      <IconButton
        icon={ArrowUp}
        title="Folder above"
        disabled={parent === undefined}
        onClick={() => parent !== undefined && go(parent)}
      />
      <Select
        label="Folder"
        value={here}
        options={places.map((path) => ({ value: path, title: titleOf(path, roots) }))}
        onChange={(path) => go(path)}
      />
    </div>
  );
}

/** A folder below a root is named from that root on. */
function titleOf(path: string, roots: readonly string[]): string {
  const root = roots.find((one) => path.startsWith(`${one}/`) || path.startsWith(`${one}\\`));
  return root === undefined ? baseName(path) || path : baseName(root) + path.slice(root.length);
}

const ICONS = { folder: Folder, sequence: FileStack, document: Image } as const;

interface RowProps {
  readonly entry: FolderEntry;
  readonly spot: boolean;
  readonly onPick: (entry: FolderEntry) => void;
  readonly onEnter: (entry: FolderEntry) => void;
}

function Row({ entry, spot, onPick, onEnter }: RowProps) {
  const { kind, name, frames, gaps, path } = entry;
  const Icon = kind === 'sequence' && frames === undefined ? Image : ICONS[kind];
  const says = [name, frames, gaps === undefined ? undefined : `gaps ${gaps}`].filter((text) => text !== undefined);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys
    <div
      role="option"
      tabIndex={-1}
      aria-selected={spot}
      draggable={kind === 'sequence'}
      className="sequences-row"
      title={says.join('\n')}
      onClick={() => onPick(entry)}
      onDoubleClick={() => onEnter(entry)}
      onDragStart={({ dataTransfer }) => {
        carry(dataTransfer, { kind: 'sequence', path });
        dataTransfer.effectAllowed = 'copy';
      }}
    >
      <Icon size={14} aria-hidden />
      <span className="sequences-name">{name}</span>
      {gaps !== undefined && (
        <span className="sequences-gaps">
          <TriangleAlert size={12} role="img" aria-label={`gaps at ${gaps}`} />
        </span>
      )}
      {frames !== undefined && <span className="sequences-frames mono quiet">{spanText(frames)}</span>}
      {kind === 'sequence' && (
        <span className="sequences-add">
          <IconButton icon={Plus} size={14} title="Read it in the graph" onClick={() => onEnter(entry)} />
        </span>
      )}
    </div>
  );
}
