// The search that makes a node where the pointer is: fuzzy by title, type and keywords, worked with by keys.
import { type KeyboardEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { type CatalogueEntry, TEMPLATE_TYPES } from '../../../engine/browser.ts';
import { addTemplate } from '../panels/library/adding.ts';
import { categoryTitle, docOfTemplate, TEMPLATES } from '../panels/library/sections.ts';
import { lookForTemplates, templates$ } from '../panels/library/templates.ts';
import { useValue } from '../store/use.ts';
import { toScreen } from './camera.ts';
import type { Change } from './change.ts';
import { createAfter, createAtEnd, createInWire, fitsAt, fitsInWire } from './create.ts';
import { NODE, type Point, snap } from './geometry.ts';
import { isMadeByHand, isOnDisk, type Offer, offered } from './offer.ts';
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
  const { found: templates } = useValue(templates$);
  const fitting = useMemo<readonly Offer[]>(() => {
    const nodes = catalogue.filter((entry) => isMadeByHand(entry) && fits(surface, entry, purpose));
    // Where a wire goes in and out of a template is known only once it is there.
    return purpose.kind === 'create' ? [...nodes, ...templates] : nodes;
  }, [catalogue, templates, surface, purpose]);
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

  useEffect(() => {
    // The library, which looks for them at first, may be hidden.
    if (purpose.kind === 'create' && !templates$.value.busy) void lookForTemplates(surface.store);
  }, [surface, purpose]);

  const choose = (offer: Offer, { branch }: { readonly branch: boolean }): void => {
    close();
    if (isOnDisk(offer)) {
      const place = [snap(at.x - NODE.width / 2), snap(at.y - NODE.title)] as const;
      void addTemplate(surface.store, offer.path, { place, after: [...surface.stage.selection] });
    } else surface.apply(made(surface, offer, at, purpose, branch));
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

  const hint = active && hintOf(surface, purpose, active);
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
        aria-activedescendant={active && `canvas-search-${keyOf(active)}`}
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
            key={keyOf(entry)}
            id={`canvas-search-${keyOf(entry)}`}
            className="canvas-search-item"
            role="option"
            aria-selected={entry === active}
            tabIndex={-1}
            title={isOnDisk(entry) ? entry.path : undefined}
            style={{ '--edge': categoryColour(isOnDisk(entry) ? TEMPLATE_TYPES.instance : entry.type) }}
            onPointerMove={() => setChosen(index)}
            onClick={(event) => choose(entry, { branch: event.shiftKey })}
          >
            <span>{isOnDisk(entry) ? entry.name : entry.title}</span>
            <span className="quiet">{isOnDisk(entry) ? TEMPLATES : categoryTitle(entry.category)}</span>
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
          <p className="canvas-search-doc">{isOnDisk(active) ? docOfTemplate(active) : active.doc}</p>
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

const keyOf = (offer: Offer): string => (isOnDisk(offer) ? offer.path : offer.type);

function hintOf(surface: Surface, purpose: Purpose, offer: Offer): string | undefined {
  const { selection, scene } = surface.stage;
  const feeds = [...selection].some((id) => (scene.nodes.get(id)?.outputs.length ?? 0) > 0);
  if (purpose.kind !== 'create' || !feeds) return undefined;
  const [only] = selection;
  if (isOnDisk(offer)) return `Enter: fed by ${selection.size === 1 ? only : `the ${selection.size} selected nodes`}.`;
  return selection.size === 1
    ? `Enter: after ${only}. Shift+Enter: as a branch.`
    : `Enter: after the ${selection.size} selected nodes.`;
}
