// The search that makes a node where the pointer is: fuzzy by title, type and keywords, worked with by keys.
import { type KeyboardEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import type { CatalogueEntry } from '../../../engine/browser.ts';
import { categoryTitle } from '../panels/library/sections.ts';
import { useValue } from '../store/use.ts';
import { toScreen } from './camera.ts';
import type { Change } from './change.ts';
import { createAfter, createAtEnd, createInWire, fitsAt, fitsInWire } from './create.ts';
import type { Point } from './geometry.ts';
import { isMadeByHand, offered } from './offer.ts';
import type { Purpose } from './overlay.ts';
import { categoryColour } from './palette.ts';
import { clearAfter, clearOf, cornerAtEnd, cornerFor } from './room.ts';
import type { Surface } from './surface.ts';

export interface SearchProps {
  readonly surface: Surface;
  /** On the canvas. */
  readonly at: Point;
  readonly purpose: Purpose;
}

export function Search({ surface, at, purpose }: SearchProps) {
  const catalogue = useValue(surface.store.catalogue$);
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState(0);
  const element = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const place = useOpening(surface, at, element);
  const fitting = useMemo(
    () => catalogue.filter((entry) => isMadeByHand(entry) && fits(surface, entry, purpose)),
    [catalogue, surface, purpose],
  );
  const found = offered(fitting, query, surface.stage.scene.document);
  const active = found[Math.min(chosen, found.length - 1)];
  const close = (): void => surface.open(null);

  useEffect(() => {
    const away = (event: Event): void => {
      if (!element.current?.contains(event.target as Node)) surface.open(null);
    };
    window.addEventListener('pointerdown', away, { capture: true });
    return () => window.removeEventListener('pointerdown', away, { capture: true });
  }, [surface]);

  const choose = (entry: CatalogueEntry, { branch }: { readonly branch: boolean }): void => {
    close();
    surface.apply(made(surface, entry, at, purpose, branch));
  };
  const move = (by: number): void => {
    const next = (Math.min(chosen, found.length - 1) + by + found.length) % Math.max(1, found.length);
    setChosen(next);
    list.current?.children[next]?.scrollIntoView({ block: 'nearest' });
  };
  const keyDown = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === 'Escape') close();
    else if (event.key === 'ArrowDown') move(1);
    else if (event.key === 'ArrowUp') move(-1);
    else if (event.key === 'Tab') move(event.shiftKey ? -1 : 1);
    else if (event.key === 'Enter' && active) choose(active, { branch: event.shiftKey });
    else return;
    event.preventDefault();
  };

  const hint = hintOf(surface, purpose);
  return createPortal(
    <div
      ref={element}
      className="canvas-search"
      role="dialog"
      aria-label="Add node"
      style={{ left: place.x, top: place.y }}
    >
      <input
        className="input"
        type="text"
        role="combobox"
        aria-label="Search nodes"
        aria-expanded
        aria-controls="canvas-search-list"
        aria-activedescendant={active && `canvas-search-${active.type}`}
        placeholder="Search nodes"
        spellCheck={false}
        autoComplete="off"
        value={query}
        onChange={({ target }) => {
          setQuery(target.value);
          setChosen(0);
        }}
        onKeyDown={keyDown}
        // biome-ignore lint/a11y/noAutofocus: it opens to be typed into
        autoFocus
      />
      <div ref={list} id="canvas-search-list" className="canvas-search-list" role="listbox" aria-label="Nodes">
        {found.map((entry, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys
          <div
            key={entry.type}
            id={`canvas-search-${entry.type}`}
            className="canvas-search-item"
            role="option"
            aria-selected={entry === active}
            tabIndex={-1}
            style={{ '--edge': categoryColour(entry.type) }}
            onPointerMove={() => setChosen(index)}
            onClick={(event) => choose(entry, { branch: event.shiftKey })}
          >
            <span>{entry.title}</span>
            <span className="quiet">{categoryTitle(entry.category)}</span>
          </div>
        ))}
        {found.length === 0 && (
          <p className="canvas-search-none">
            {fitting.length === 0 ? 'No node fits this wire.' : `No node is called “${query}”.`}
          </p>
        )}
      </div>
      {active && (
        <div className="canvas-search-foot">
          <p className="canvas-search-doc">{active.doc}</p>
          {hint !== undefined && <p>{hint}</p>}
        </div>
      )}
    </div>,
    document.body,
  );
}

/** Where the search opens in the window: at the point, moved inwards where it would stick out. Stays there. */
function useOpening(surface: Surface, at: Point, element: { readonly current: HTMLElement | null }): Point {
  const [place, setPlace] = useState<Point>(() => {
    const { left, top } = surface.container.getBoundingClientRect();
    const { x, y } = toScreen(surface.stage.camera, at);
    return { x: left + x, y: top + y };
  });
  useLayoutEffect(() => {
    const box = element.current?.getBoundingClientRect();
    if (!box) return;
    setPlace(({ x, y }) => ({
      x: Math.max(4, Math.min(x, window.innerWidth - box.width - 4)),
      y: Math.max(4, Math.min(y, window.innerHeight - box.height - 4)),
    }));
  }, [element]);
  return place;
}

function fits(surface: Surface, entry: CatalogueEntry, purpose: Purpose): boolean {
  if (purpose.kind === 'inWire') return fitsInWire(entry, purpose.wire);
  return purpose.kind === 'atEnd' ? fitsAt(surface.stage.scene, entry, purpose.place) : true;
}

function made(surface: Surface, entry: CatalogueEntry, at: Point, purpose: Purpose, branch: boolean): Change {
  const { scene, selection } = surface.stage;
  switch (purpose.kind) {
    case 'inWire':
      return createInWire(scene, entry, cornerFor(entry, at), purpose.wire);
    case 'atEnd': {
      const side = purpose.place.side === 'output' ? 'input' : 'output';
      return createAtEnd(scene, entry, cornerAtEnd(entry, at, side), purpose.place);
    }
    case 'create': {
      const corner = cornerFor(entry, at);
      const [only] = selection;
      const source = selection.size === 1 && !branch && only !== undefined ? scene.nodes.get(only) : undefined;
      const place = source ? clearAfter(scene, entry, corner, source) : clearOf(scene, entry, corner);
      return createAfter(scene, entry, place, { nodes: [...selection], branch });
    }
  }
}

function hintOf(surface: Surface, purpose: Purpose): string | undefined {
  const { selection, scene } = surface.stage;
  const feeds = [...selection].some((id) => (scene.nodes.get(id)?.outputs.length ?? 0) > 0);
  if (purpose.kind !== 'create' || !feeds) return undefined;
  const [only] = selection;
  return selection.size === 1
    ? `Enter: after ${only}. Shift+Enter: as a branch.`
    : `Enter: after the ${selection.size} selected nodes.`;
}
