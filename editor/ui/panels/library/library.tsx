// The library: every installed node by category and the templates on disk; dragged to the graph, or added where they stand.
import { Plus, RefreshCw, Save } from 'lucide-react';
import { type DragEvent, type KeyboardEvent, useCallback, useEffect, useMemo, useState } from 'react';
import { categoryColour } from '../../canvas/palette.ts';
import { Button, IconButton } from '../../look/button.tsx';
import { EmptyState } from '../../look/empty-state.tsx';
import { itemBeside, ListBox } from '../../look/list-box.tsx';
import { Panel } from '../../look/panel.tsx';
import { Progress, useSlow } from '../../look/progress.tsx';
import { TextField } from '../../look/text-field.tsx';
import { runAction } from '../../shell/actions.ts';
import { useStore, useValue } from '../../store/use.ts';
import { addNode, addTemplate } from './adding.ts';
import { carry, listenForTemplates } from './carried.ts';
import './library.css';
import { docOf, found, type LibraryItem, sectionsOf, type TemplateEntry } from './sections.ts';
import { changed$, lookForTemplates, templates$ } from './templates.ts';

export function Library() {
  const store = useStore();
  const catalogue = useValue(store.catalogue$);
  const selected = useValue(store.selection$).size;
  const [query, setQuery] = useState('');
  const [spot, setSpot] = useState('');
  const [pointed, setPointed] = useState<LibraryItem | null>(null);
  const { templates, slow, look } = useTemplates();

  const all = useMemo(() => sectionsOf(catalogue, templates), [catalogue, templates]);
  const sections = useMemo(() => found(all, query), [all, query]);
  const items = sections.flatMap((section) => section.items);
  const here = items.find(({ id }) => id === spot);
  const told = pointed ?? here;

  useEffect(() => listenForTemplates(window, (path, at) => void addTemplate(store, path, { at })), [store]);

  const add = (item: LibraryItem): void => {
    if (item.kind === 'node') addNode(store, item.entry.type);
    else void addTemplate(store, item.template.path);
  };
  const search = (text: string): void => {
    setQuery(text);
    setPointed(null);
    setSpot(text.trim() === '' ? '' : (found(all, text)[0]?.items[0]?.id ?? ''));
  };
  const keyDown = (event: KeyboardEvent): void => {
    const index = items.findIndex(({ id }) => id === spot);
    const next = itemBeside(items, index, event.key);
    if (next) {
      setPointed(null);
      setSpot(next.id);
    } else if (event.key === 'Enter' && here) add(here);
    else if (event.key === 'Escape' && query !== '') search('');
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <Panel
      title="Library"
      body="flush"
      actions={
        <>
          <IconButton
            icon={Save}
            title={selected > 0 ? 'Save the selection as a template' : 'Select nodes to save them as a template'}
            disabled={selected === 0}
            onClick={() => runAction('graph.saveTemplate')}
          />
          <IconButton icon={RefreshCw} title="Look for templates again" onClick={look} />
        </>
      }
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys of the field and of the list meet here */}
      <div className="library" onKeyDown={keyDown}>
        <div className="library-search">
          <TextField live label="Search nodes and templates" placeholder="Search" value={query} onChange={search} />
        </div>
        <div className="library-busy">{slow && <Progress label="Looking for templates" />}</div>
        <ListBox
          label="Nodes and templates"
          className="library-list"
          chosen={spot}
          onBegin={() => setSpot(items[0]?.id ?? '')}
          onPointerLeave={() => setPointed(null)}
        >
          {items.length === 0 && <Nothing query={query} onClear={() => search('')} />}
          {sections.map((section) => (
            <div key={section.title} className="library-section">
              {section.title !== '' && <p className="library-category">{section.title}</p>}
              {section.items.map((item) => (
                <Row
                  key={item.id}
                  item={item}
                  spot={item.id === spot}
                  onPoint={setPointed}
                  onSpot={setSpot}
                  onAdd={add}
                />
              ))}
            </div>
          ))}
        </ListBox>
        <p className="library-doc" aria-live="polite">
          {told ? docOf(told) : 'Drag a node to the graph, or press Enter to add it.'}
        </p>
      </div>
    </Panel>
  );
}

/** The templates below the roots: looked for at first, after one was written here, and when asked. */
function useTemplates(): {
  readonly templates: readonly TemplateEntry[];
  readonly slow: boolean;
  readonly look: () => void;
} {
  const store = useStore();
  const roots = useValue(store.welcome$)?.roots;
  const { found: templates, busy } = useValue(templates$);
  const look = useCallback((): void => void lookForTemplates(store), [store]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other roots have other templates
  useEffect(() => {
    look();
    const changed = changed$.subscribe(look);
    return () => changed.unsubscribe();
  }, [look, roots]);
  return { templates, slow: useSlow(busy), look };
}

interface RowProps {
  readonly item: LibraryItem;
  readonly spot: boolean;
  readonly onPoint: (item: LibraryItem) => void;
  readonly onSpot: (id: string) => void;
  readonly onAdd: (item: LibraryItem) => void;
}

function Row({ item, spot, onPoint, onSpot, onAdd }: RowProps) {
  const type = item.kind === 'node' ? item.entry.type : 'template.instance';
  const drag = ({ dataTransfer }: DragEvent): void => {
    carry(
      dataTransfer,
      item.kind === 'node' ? { kind: 'node', type: item.entry.type } : { kind: 'template', path: item.template.path },
    );
    dataTransfer.effectAllowed = 'copy';
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys
    <div
      role="option"
      tabIndex={-1}
      aria-selected={spot}
      draggable
      className="library-item"
      title={item.kind === 'template' ? item.template.path : undefined}
      style={{ borderLeftColor: categoryColour(type) }}
      onPointerEnter={() => onPoint(item)}
      onClick={() => onSpot(item.id)}
      onDoubleClick={() => onAdd(item)}
      onDragStart={drag}
    >
      <span className="library-name">{item.title}</span>
      <span className="library-add">
        <IconButton icon={Plus} size={14} title={`Add ${item.title}`} onClick={() => onAdd(item)} />
      </span>
    </div>
  );
}

function Nothing({ query, onClear }: { readonly query: string; readonly onClear: () => void }) {
  if (query.trim() === '')
    return <EmptyState sentence="No nodes are installed. Start the host again with its nodes." />;
  return (
    <div className="library-nothing">
      <p className="quiet">Nothing is called {query.trim()}.</p>
      <Button onClick={onClear}>Show all</Button>
    </div>
  );
}
