// A list of which one row is chosen by pointer or arrow keys; the chosen row stays in sight.
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';

export interface ListBoxProps {
  readonly label: string;
  readonly className: string;
  /** What tells the chosen row from others; empty while there is none. The row itself has `aria-selected`. */
  readonly chosen: string;
  /** Called when the list gets the focus while no row is chosen. */
  readonly onBegin: () => void;
  /** The focus of a dialog begins here. */
  readonly first?: boolean;
  readonly onPointerLeave?: () => void;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
  readonly children: ReactNode;
}

export function ListBox({ label, className, chosen, onBegin, first, children, ...handlers }: ListBoxProps) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (chosen !== '') element.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    <div
      ref={element}
      className={className}
      role="listbox"
      data-first={first || undefined}
      tabIndex={0}
      aria-label={label}
      {...handlers}
      onFocus={({ target, currentTarget }) => {
        if (target === currentTarget && chosen === '') onBegin();
      }}
    >
      {children}
    </div>
  );
}

/** The item that an arrow key leads to from a place in the list, -1 for none; undefined for other keys and an empty list. */
export function itemBeside<T>(items: readonly T[], index: number, key: string): T | undefined {
  const step = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0;
  return step === 0 ? undefined : items[Math.max(0, Math.min(items.length - 1, index + step))];
}
