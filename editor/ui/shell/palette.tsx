// The command palette: every action by name, with its shortcut beside it.
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { Keys } from '../look/keys.tsx';
import { useValue } from '../store/use.ts';
import { type Action, actions$, isEnabled } from './actions.ts';
import { fuzzy, search } from './fuzzy.ts';
import { groupOf } from './groups.ts';
import './palette.css';

export function Palette({ onClose }: { readonly onClose: () => void }) {
  const all = useValue(actions$);
  const [query, setQuery] = useState('');
  const [index, setIndex] = useState(0);
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const listed = all.filter(({ id }) => id !== 'help.palette');
  const found = search(query, listed, ({ id, title }) => [title, `${groupOf(id)} ${title}`]);
  const chosen = found[Math.min(index, found.length - 1)];

  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  useEffect(() => {
    list.current?.querySelector(`[data-index="${index}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [index]);

  const run = (action: Action | undefined): void => {
    if (!action || !isEnabled(action)) return;
    onClose();
    // After the dialog has given the focus back.
    requestAnimationFrame(() => action.run());
  };
  const keyDown = (event: KeyboardEvent): void => {
    const { key } = event;
    event.stopPropagation();
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      const step = key === 'ArrowDown' ? 1 : -1;
      setIndex((index + step + found.length) % Math.max(1, found.length));
    } else if (key === 'Enter') run(chosen);
    else return;
    event.preventDefault();
  };

  return (
    <dialog
      ref={dialog}
      className="palette"
      aria-label="Command palette"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={keyDown}
      onClick={({ target }) => target === dialog.current && onClose()}
    >
      <input
        className="palette-query"
        autoFocus
        role="combobox"
        aria-expanded
        aria-controls="palette-list"
        aria-activedescendant={chosen ? `palette-${chosen.id}` : undefined}
        aria-label="Command"
        placeholder="What do you want to do?"
        spellCheck={false}
        autoComplete="off"
        value={query}
        onChange={({ target }) => {
          setQuery(target.value);
          setIndex(0);
        }}
      />
      <div ref={list} id="palette-list" className="palette-list" role="listbox" aria-label="Commands">
        {found.length === 0 && <p className="palette-none">No command has these letters.</p>}
        {found.map((action, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above takes the keys
          <div
            key={action.id}
            id={`palette-${action.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={action === chosen}
            aria-disabled={!isEnabled(action)}
            className="palette-entry"
            data-index={i}
            onPointerMove={() => setIndex(i)}
            onClick={() => run(action)}
          >
            <span className="palette-group">{groupOf(action.id)}</span>
            <span className="palette-title">
              <Marked query={query} text={action.title} />
            </span>
            {action.keys?.[0] && <Keys keys={action.keys[0]} />}
          </div>
        ))}
      </div>
    </dialog>
  );
}

/** A text with the letters that a query met underlined. */
export function Marked({ query, text }: { readonly query: string; readonly text: string }) {
  const met = new Set(fuzzy(query, text)?.at);
  if (met.size === 0) return text;
  return [...text].map((letter, i) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: letters have no other identity
    met.has(i) ? <mark key={i}>{letter}</mark> : letter,
  );
}
