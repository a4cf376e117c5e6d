// A list whose items are moved by dragging or by keys, and removed; what an item shows is its owner's affair.
import { GripVertical, X } from 'lucide-react';
import { type DragEvent, type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { IconButton } from '../../look/button.tsx';
import './items.css';

export interface ItemsProps {
  readonly label: string;
  readonly count: number;
  readonly children: (index: number) => ReactNode;
  readonly onMove: (from: number, to: number) => void;
  readonly onRemove: (index: number) => void;
  /** Types of drags from elsewhere that may be dropped here. */
  readonly accepts?: string;
  readonly onDropped?: (data: string, index: number) => void;
  /** Which items are marked, by what is wrong with them. */
  readonly trouble?: (index: number) => 'error' | 'warning' | 'info' | undefined;
  readonly empty: ReactNode;
}

/** Where in the list a pointer is: before which item. */
function placeAt(list: HTMLElement, y: number): number {
  const rows = [...list.querySelectorAll<HTMLElement>(':scope > .items-row')];
  const index = rows.findIndex((row) => {
    const box = row.getBoundingClientRect();
    return y < box.top + box.height / 2;
  });
  return index < 0 ? rows.length : index;
}

/** Alt with an arrow key moves the item that holds the focus, Alt+Delete removes it. */
export function Items(props: ItemsProps) {
  const { label, count, children, onMove, onRemove, accepts, onDropped, trouble, empty } = props;
  const list = useRef<HTMLUListElement>(null);
  const held = useRef<number | null>(null);
  const [place, setPlace] = useState<number | null>(null);

  const takes = (event: DragEvent): boolean =>
    held.current !== null || (accepts !== undefined && event.dataTransfer.types.includes(accepts));
  const drop = (event: DragEvent): void => {
    if (!takes(event)) return;
    event.preventDefault();
    event.stopPropagation();
    const to = placeAt(list.current!, event.clientY);
    const from = held.current;
    if (from === null) onDropped?.(event.dataTransfer.getData(accepts!), to);
    else if (to !== from && to !== from + 1) onMove(from, to);
    end();
  };
  const end = (): void => {
    held.current = null;
    setPlace(null);
  };
  const focusRow = (index: number): void => {
    requestAnimationFrame(() =>
      list.current?.querySelectorAll<HTMLElement>(':scope > .items-row .items-grip')[index]?.focus(),
    );
  };
  const keyDown = (event: KeyboardEvent, index: number): void => {
    if (!event.altKey) return;
    if (event.key === 'ArrowUp' && index > 0) {
      onMove(index, index - 1);
      focusRow(index - 1);
    } else if (event.key === 'ArrowDown' && index < count - 1) {
      onMove(index, index + 2);
      focusRow(index + 1);
    } else if (event.key === 'Delete') {
      onRemove(index);
      focusRow(Math.max(0, index - 1));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <ul
      ref={list}
      className="items"
      aria-label={label}
      onDragOver={(event) => {
        if (!takes(event)) return;
        event.preventDefault();
        event.stopPropagation();
        setPlace(placeAt(list.current!, event.clientY));
      }}
      onDragLeave={(event) => {
        if (!list.current?.contains(event.relatedTarget as Node | null)) setPlace(null);
      }}
      onDrop={drop}
    >
      {count === 0 && <li className="items-empty quiet">{empty}</li>}
      {Array.from({ length: count }, (_, index) => {
        const wrong = trouble?.(index);
        const mark = place === index ? 'items-before' : place === count && index === count - 1 ? 'items-after' : '';
        return (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: items have nothing else that names them
            key={index}
            className={`items-row ${mark} ${wrong ? `items-${wrong}` : ''}`}
            onKeyDown={(event) => keyDown(event, index)}
          >
            <button
              type="button"
              className="items-grip"
              draggable
              aria-label={`${label} ${index + 1}: move`}
              title="Drag to move, or Alt with an arrow key"
              onDragStart={(event) => {
                held.current = index;
                event.dataTransfer.effectAllowed = 'move';
                event.dataTransfer.setData('text/plain', '');
                event.stopPropagation();
              }}
              onDragEnd={end}
            >
              <GripVertical size={12} aria-hidden />
            </button>
            <div className="items-body">{children(index)}</div>
            <IconButton icon={X} size={12} title={`Remove ${index + 1}`} onClick={() => onRemove(index)} />
          </li>
        );
      })}
    </ul>
  );
}
