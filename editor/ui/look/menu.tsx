// A menu at a point: by pointer, arrow keys or first letters; used for context menus, the menu bar and buttons.
import { Check, ChevronRight } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { Keys } from './keys.tsx';
import './menu.css';

export interface MenuEntry {
  readonly title: string;
  readonly run?: () => void;
  /** A shortcut as `registerActions` writes it. */
  readonly keys?: string;
  readonly disabled?: boolean;
  /** Present for what is on or off. */
  readonly checked?: boolean;
  /** A menu beside it instead of something to do. */
  readonly entries?: readonly MenuItem[];
}

/** `line` divides groups. */
export type MenuItem = MenuEntry | 'line';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface MenuProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly at: Point;
  readonly onClose: () => void;
  /** After something was chosen, where that closes more than this menu. */
  readonly onDone?: () => void;
  /** Keys that the menu does not use itself, such as left and right in a menu bar. */
  readonly onKey?: (key: 'ArrowLeft' | 'ArrowRight') => void;
  /** Clicks here do not close it: the button that opened it does what it wants. */
  readonly owner?: Element | null;
}

export function Menu({ label, items, at, onClose, onDone = onClose, onKey, owner }: MenuProps) {
  const element = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<Point>(at);
  const [open, setOpen] = useState<{ readonly index: number; readonly at: Point } | null>(null);

  useLayoutEffect(() => {
    const box = element.current?.getBoundingClientRect();
    if (!box) return;
    setPlace({
      x: Math.max(4, Math.min(at.x, window.innerWidth - box.width - 4)),
      y: Math.max(4, Math.min(at.y, window.innerHeight - box.height - 4)),
    });
  }, [at.x, at.y]);

  useEffect(() => {
    const before = document.activeElement;
    element.current?.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);

  useEffect(() => {
    const away = (event: Event): void => {
      const target = event.target as Element;
      if (!target.closest('.menu') && !owner?.contains(target)) onClose();
    };
    window.addEventListener('pointerdown', away, { capture: true });
    window.addEventListener('blur', onClose);
    return () => {
      window.removeEventListener('pointerdown', away, { capture: true });
      window.removeEventListener('blur', onClose);
    };
  }, [onClose, owner]);

  const buttons = (): HTMLButtonElement[] => [
    ...(element.current?.querySelectorAll<HTMLButtonElement>(':scope > button:enabled') ?? []),
  ];
  const go = (step: number): void => {
    const all = buttons();
    const index = all.indexOf(document.activeElement as HTMLButtonElement);
    all[index < 0 && step < 0 ? all.length - 1 : (index + step + all.length) % all.length]?.focus();
  };
  const unfold = (index: number, button: Element): void => {
    const box = button.getBoundingClientRect();
    setOpen({ index, at: { x: box.right - 2, y: box.top - 4 } });
  };
  const keyDown = (event: KeyboardEvent): void => {
    const { key } = event;
    const current = document.activeElement as HTMLElement;
    const index = Number(current.dataset['index'] ?? -1);
    const item = items[index];
    event.stopPropagation();
    if (key === 'Escape' || key === 'Tab') onClose();
    else if (key === 'ArrowDown' || key === 'ArrowUp') go(key === 'ArrowDown' ? 1 : -1);
    else if (key === 'Home') buttons()[0]?.focus();
    else if (key === 'End') buttons().at(-1)?.focus();
    else if (key === 'ArrowRight' && item && item !== 'line' && item.entries) unfold(index, current);
    else if (key === 'ArrowLeft' || key === 'ArrowRight') onKey?.(key);
    else if (key.length === 1 && key !== ' ') {
      const all = buttons();
      const from = all.indexOf(current as HTMLButtonElement) + 1;
      const wanted = [...all.slice(from), ...all.slice(0, from)];
      wanted.find((button) => button.textContent?.toLowerCase().startsWith(key.toLowerCase()))?.focus();
    } else return;
    event.preventDefault();
  };

  const sub = open === null ? undefined : items[open.index];
  return createPortal(
    <div
      ref={element}
      className="menu"
      role="menu"
      aria-label={label}
      tabIndex={-1}
      style={{ left: place.x, top: place.y }}
      onKeyDown={keyDown}
      onContextMenu={(event) => event.preventDefault()}
    >
      {items.map((item, index) =>
        item === 'line' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have nothing else, and menus do not change while open
          <hr key={`line ${index}`} className="menu-line" />
        ) : (
          <button
            key={item.title}
            type="button"
            {...(item.checked === undefined
              ? { role: 'menuitem' }
              : { role: 'menuitemcheckbox', 'aria-checked': item.checked })}
            aria-haspopup={item.entries ? 'menu' : undefined}
            className="menu-item"
            data-index={index}
            disabled={item.disabled}
            onPointerEnter={({ currentTarget }) => {
              currentTarget.focus({ preventScroll: true });
              if (item.entries) unfold(index, currentTarget);
              else setOpen(null);
            }}
            onClick={({ currentTarget }) => {
              if (item.entries) return unfold(index, currentTarget);
              onDone();
              item.run?.();
            }}
          >
            <span className="menu-check">{item.checked && <Check size={14} aria-hidden />}</span>
            <span className="menu-title">{item.title}</span>
            {item.keys && <Keys keys={item.keys} />}
            {item.entries && <ChevronRight size={14} aria-hidden />}
          </button>
        ),
      )}
      {sub && sub !== 'line' && sub.entries && open && (
        <Menu
          key={open.index}
          label={sub.title}
          items={sub.entries}
          at={open.at}
          owner={element.current}
          onClose={() => setOpen(null)}
          onDone={onDone}
          onKey={(key) => key === 'ArrowLeft' && setOpen(null)}
        />
      )}
    </div>,
    // What lies outside of an open dialog cannot be clicked.
    document.querySelector('dialog[open]') ?? document.body,
  );
}

/** A context menu: `open(items, { x, y })` shows it, `menu` has to stand somewhere in what is rendered. */
export function useMenu(label: string): {
  readonly open: (items: readonly MenuItem[], at: Point) => void;
  readonly menu: ReactNode;
} {
  const [shown, setShown] = useState<{ readonly items: readonly MenuItem[]; readonly at: Point } | null>(null);
  const open = useCallback((items: readonly MenuItem[], at: Point) => setShown({ items, at }), []);
  const close = useCallback(() => setShown(null), []);
  const key = shown ? `${shown.at.x} ${shown.at.y}` : '';
  return { open, menu: shown && <Menu key={key} label={label} items={shown.items} at={shown.at} onClose={close} /> };
}
