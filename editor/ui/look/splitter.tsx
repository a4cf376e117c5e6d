// The line between two panes: dragged, or moved with the arrow keys; a double click brings the first layout back.
import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import './splitter.css';

export interface SplitterProps {
  /** Read aloud, such as `Width of the left column`. */
  readonly label: string;
  /** `columns` stands between columns and moves sideways; `rows` moves up and down. */
  readonly between: 'columns' | 'rows';
  /** Pixels to the right or down, since the last call. */
  readonly onMove: (delta: number) => void;
  readonly onReset?: () => void;
  /** For screen readers: where it stands, in percent or pixels. */
  readonly value: number;
  readonly min?: number;
  readonly max?: number;
}

const STEP = 16;

export function Splitter({ label, between, onMove, onReset, value, min, max }: SplitterProps) {
  const last = useRef<number | null>(null);
  const along = (event: PointerEvent): number => (between === 'columns' ? event.clientX : event.clientY);
  const keyDown = (event: KeyboardEvent): void => {
    const [back, forth] = between === 'columns' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
    if (event.key === back) onMove(-STEP);
    else if (event.key === forth) onMove(STEP);
    else return;
    event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that can be moved has no element of its own
    <div
      className={`splitter splitter-${between}`}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={between === 'columns' ? 'vertical' : 'horizontal'}
      aria-valuenow={Math.round(value)}
      aria-valuemin={min}
      aria-valuemax={max}
      onPointerDown={(event) => {
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        last.current = along(event);
      }}
      onPointerMove={(event) => {
        if (last.current === null) return;
        const now = along(event);
        if (now !== last.current) onMove(now - last.current);
        last.current = now;
      }}
      onLostPointerCapture={() => {
        last.current = null;
      }}
      onDoubleClick={onReset}
      onKeyDown={keyDown}
    />
  );
}
