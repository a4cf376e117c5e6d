// The bar that finds a node of the graph by its name, type or what it does, and leads to it.
import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import { IconButton } from '../look/button.tsx';
import { search } from '../shell/fuzzy.ts';
import { useValue } from '../store/use.ts';
import { NOTHING } from './arrange.ts';
import type { SceneNode } from './scene.ts';
import type { Surface } from './surface.ts';

export function Find({ surface }: { readonly surface: Surface }) {
  useValue(surface.store.document$);
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const found = matches(surface, query);
  const close = (): void => surface.open(null);

  const show = (nodes: readonly SceneNode[], index: number): void => {
    setAt(index);
    const node = nodes[index];
    if (!node) return;
    surface.select({ ...NOTHING, nodes: [node.id] });
    surface.reveal(node.id);
  };
  const go = (by: number): void => {
    if (found.length > 0) show(found, (at + by + found.length) % found.length);
  };
  const keyDown = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === 'Escape') close();
    else if (event.key === 'Enter') go(event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
  };
  const count =
    query.trim() === '' ? '' : found.length === 0 ? 'none' : `${Math.min(at, found.length - 1) + 1} of ${found.length}`;

  return (
    <search className="canvas-over canvas-find">
      <input
        className="input"
        type="text"
        aria-label="Find node"
        placeholder="Find node"
        spellCheck={false}
        autoComplete="off"
        value={query}
        onChange={({ target }) => {
          setQuery(target.value);
          show(matches(surface, target.value), 0);
        }}
        onKeyDown={keyDown}
        // biome-ignore lint/a11y/noAutofocus: it opens to be typed into
        autoFocus
      />
      <span className="canvas-find-count" role="status">
        {count}
      </span>
      <IconButton
        icon={ChevronUp}
        title="Previous"
        keys="Shift+Enter"
        onClick={() => go(-1)}
        disabled={found.length < 2}
      />
      <IconButton icon={ChevronDown} title="Next" keys="Enter" onClick={() => go(1)} disabled={found.length < 2} />
      <IconButton icon={X} title="Close" keys="Escape" onClick={close} />
    </search>
  );
}

function matches({ stage }: Surface, query: string): readonly SceneNode[] {
  if (query.trim() === '') return [];
  return search(query, [...stage.scene.nodes.values()], (node) => [
    node.title,
    node.id,
    node.entry?.title ?? node.node.type,
    stage.statuses.get(node.id)?.summary ?? '',
  ]);
}
