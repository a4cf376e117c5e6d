// A field of a number: typed with arithmetic, dragged sideways like in Blender, or stepped with the arrow keys.
import { type KeyboardEvent, type PointerEvent, useLayoutEffect, useRef, useState } from 'react';
import './number-field.css';
import { evaluate } from './arithmetic.ts';
import { gesture } from './gesture.ts';
import { clampTo, numberText, stepFor } from './number.ts';

export interface NumberFieldProps {
  readonly value: number;
  /** `group` is the same for all calls of one drag or one row of steps: give it to `store.edit`. */
  readonly onChange: (value: number, group: string) => void;
  readonly id?: string;
  readonly label?: string;
  readonly min?: number;
  readonly max?: number;
  /** Of arrow keys and of dragging; 1 for integers, otherwise by the size of the value. */
  readonly step?: number;
  readonly integer?: boolean;
  /** Shown after the number. */
  readonly unit?: string;
  readonly disabled?: boolean;
  readonly invalid?: boolean;
  /** Takes what is typed behind `=` and stands for no number. */
  readonly onExpression?: (text: string) => void;
}

/** Pixels of pointer travel before a press becomes a drag. */
const SLACK = 3;
/** Pixels of pointer travel for one step. */
const TRAVEL = 4;

/** Shift makes steps ten times larger, Ctrl or Alt ten times smaller. */
export function NumberField(props: NumberFieldProps) {
  const { value, onChange, id, label, unit, disabled, invalid, onExpression } = props;
  const [draft, setDraft] = useState<string | null>(null);
  const element = useRef<HTMLInputElement>(null);
  const drag = useRef<{ readonly group: string; from: number; value: number; moved: boolean } | null>(null);
  const steps = useRef<{ readonly group: string; value: number } | null>(null);
  const typed = useRef(false);
  const meant = onExpression && draft?.startsWith('=') ? draft.slice(1).trim() : '';
  const wrong = draft !== null && meant === '' && evaluate(draft, value) === undefined;
  const editing = draft !== null;
  useLayoutEffect(() => {
    if (!editing) return;
    // A digit that began it is already there, and the next one may come before the next picture.
    if (typed.current) element.current?.setSelectionRange(1, 1);
    else element.current?.select();
    typed.current = false;
  }, [editing]);

  const put = (next: number, group: string): number => {
    const fitting = clampTo(next, props);
    if (fitting !== value) onChange(fitting, group);
    return fitting;
  };
  const commit = (): void => {
    if (draft === null) return;
    const next = evaluate(draft, value);
    if (next !== undefined) put(next, gesture());
    else if (meant !== '') onExpression!(meant);
    setDraft(null);
  };
  const keyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') {
      if (draft === null) setDraft(numberText(value));
      else commit();
    } else if (event.key === 'Escape' && draft !== null) {
      event.stopPropagation();
      setDraft(null);
    } else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      event.preventDefault();
      steps.current ??= { group: gesture(), value: (draft === null ? undefined : evaluate(draft, value)) ?? value };
      const sign = event.key === 'ArrowUp' ? 1 : -1;
      steps.current.value = put(
        steps.current.value + sign * stepFor(steps.current.value, props, event),
        steps.current.group,
      );
      setDraft(null);
    } else if (
      draft === null &&
      event.key.length === 1 &&
      !event.ctrlKey &&
      !event.metaKey &&
      /[\d.+*/(=-]/.test(event.key)
    ) {
      event.preventDefault();
      typed.current = true;
      setDraft(event.key);
    }
  };
  const pointerDown = (event: PointerEvent<HTMLInputElement>): void => {
    if (draft !== null || disabled || event.button !== 0) return;
    event.preventDefault();
    element.current?.focus();
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { group: gesture(), from: event.clientX, value, moved: false };
  };
  const pointerMove = (event: PointerEvent): void => {
    const held = drag.current;
    if (!held) return;
    const travel = event.clientX - held.from;
    if (!held.moved && Math.abs(travel) < SLACK) return;
    held.moved = true;
    const count = Math.trunc(travel / TRAVEL);
    if (count === 0) return;
    held.from += count * TRAVEL;
    held.value = put(held.value + count * stepFor(held.value, props, event), held.group);
  };
  const pointerUp = (): void => {
    const held = drag.current;
    drag.current = null;
    if (held && !held.moved) setDraft(numberText(value));
  };

  return (
    <div className="number-field" style={unit ? { '--unit': unit.length } : undefined}>
      <input
        ref={element}
        id={id}
        className="input mono number-field-input"
        inputMode="decimal"
        role="spinbutton"
        aria-label={label}
        aria-valuenow={value}
        aria-valuemin={props.min}
        aria-valuemax={props.max}
        aria-invalid={invalid || wrong}
        disabled={disabled}
        readOnly={draft === null}
        value={draft ?? numberText(value)}
        autoComplete="off"
        spellCheck={false}
        onChange={({ target }) => setDraft(target.value)}
        onBlur={commit}
        onKeyDown={keyDown}
        onKeyUp={({ key }) => {
          if (key === 'ArrowUp' || key === 'ArrowDown') steps.current = null;
        }}
        onPointerDown={pointerDown}
        onPointerMove={pointerMove}
        onPointerUp={pointerUp}
        onLostPointerCapture={() => {
          drag.current = null;
        }}
      />
      {unit && <span className="number-field-unit">{unit}</span>}
    </div>
  );
}
