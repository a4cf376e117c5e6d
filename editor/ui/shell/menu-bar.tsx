// The menu bar: every registered action, by group.
import { type KeyboardEvent, useRef, useState } from 'react';
import { Menu, type MenuItem } from '../look/menu.tsx';
import { useValue } from '../store/use.ts';
import { type Action, actions$, isEnabled } from './actions.ts';
import { groupsOf } from './groups.ts';
import { layout$ } from './layout.ts';
import './menu-bar.css';

/** What is on or off beside an action; undefined where it is neither. */
function checkOf(id: string): boolean | undefined {
  const { hidden, full } = layout$.value;
  switch (id) {
    case 'view.left':
      return !hidden.includes('left');
    case 'view.right':
      return !hidden.includes('right');
    case 'view.drawer':
      return !hidden.includes('drawer');
    case 'view.full':
      return full !== null;
    default:
      return undefined;
  }
}

function itemOf(action: Action): MenuItem {
  const { id, title, keys } = action;
  const checked = checkOf(id);
  return {
    title,
    disabled: !isEnabled(action),
    run: () => action.run(),
    ...(keys?.[0] === undefined ? {} : { keys: keys[0] }),
    ...(checked === undefined ? {} : { checked }),
  };
}

interface Open {
  readonly index: number;
  readonly button: HTMLButtonElement;
}

export function MenuBar() {
  const groups = groupsOf(useValue(actions$).filter(({ inMenus }) => inMenus !== false));
  const [open, setOpen] = useState<Open | null>(null);
  const row = useRef<HTMLDivElement>(null);
  const buttons = (): HTMLButtonElement[] => [...(row.current?.querySelectorAll<HTMLButtonElement>('button') ?? [])];
  const step = (from: number, by: number): void => {
    const index = (from + by + groups.length) % groups.length;
    const button = buttons()[index];
    if (!button) return;
    if (open) setOpen({ index, button });
    else button.focus();
  };
  const keyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const at = buttons().indexOf(document.activeElement as HTMLButtonElement);
    if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') step(at, event.key === 'ArrowRight' ? 1 : -1);
    else if (event.key === 'ArrowDown') buttons()[at]?.click();
    else return;
    event.preventDefault();
  };
  const group = open ? groups[open.index] : undefined;
  const box = open?.button.getBoundingClientRect();
  return (
    <div ref={row} className="menu-bar" role="menubar" aria-label="Main menu" tabIndex={-1} onKeyDown={keyDown}>
      {groups.map(({ title }, index) => (
        <button
          key={title}
          type="button"
          role="menuitem"
          aria-haspopup="menu"
          aria-expanded={open?.index === index}
          className="menu-bar-item"
          tabIndex={index === 0 ? 0 : -1}
          onClick={({ currentTarget }) => setOpen(open?.index === index ? null : { index, button: currentTarget })}
          onPointerEnter={({ currentTarget }) => open && setOpen({ index, button: currentTarget })}
        >
          {title}
        </button>
      ))}
      {open && group && box && (
        <Menu
          key={group.title}
          label={group.title}
          items={group.actions.flatMap((action) => (action.line ? ['line', itemOf(action)] : [itemOf(action)]))}
          at={{ x: box.left, y: box.bottom }}
          owner={row.current}
          onClose={() => setOpen(null)}
          onKey={(key) => step(open.index, key === 'ArrowRight' ? 1 : -1)}
        />
      )}
    </div>
  );
}
