// A field of text that takes over what was typed on Enter or when it is left, and gives it up on Escape.
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import './field.css';

export interface TextFieldProps {
  readonly value: string;
  /** Called when editing ends with another text than before; after each key with `live`. */
  readonly onChange: (value: string) => void;
  readonly id?: string;
  /** Its name where no `label` points at it. */
  readonly label?: string;
  readonly placeholder?: string;
  /** In the monospace face: paths, names, expressions. */
  readonly mono?: boolean;
  readonly lines?: boolean;
  readonly live?: boolean;
  readonly disabled?: boolean;
  readonly invalid?: boolean;
  readonly autoFocus?: boolean;
  /** Offered while typing. */
  readonly list?: string;
  readonly onEnter?: () => void;
}

export function TextField(props: TextFieldProps) {
  const { value, onChange, id, label, placeholder, mono, lines, live, disabled, invalid, autoFocus, list, onEnter } =
    props;
  const [draft, setDraft] = useState(value);
  const element = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const escaped = useRef(false);
  /** What was taken over, while the value may still be on its way: leaving the field does not take it over again. */
  const taken = useRef<string | null>(null);
  useEffect(() => {
    setDraft(value);
    taken.current = null;
  }, [value]);
  useEffect(() => {
    if (autoFocus) {
      element.current?.focus();
      element.current?.select();
    }
  }, [autoFocus]);

  const commit = (): void => {
    if (escaped.current) {
      escaped.current = false;
      setDraft(value);
    } else if (draft !== value && draft !== taken.current) {
      taken.current = draft;
      onChange(draft);
    }
  };
  const typed = (text: string): void => {
    taken.current = null;
    if (live) onChange(text);
    else setDraft(text);
  };
  const keyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (!lines || event.ctrlKey || event.metaKey)) {
      commit();
      onEnter?.();
    } else if (event.key === 'Escape' && draft !== value && !live) {
      event.stopPropagation();
      escaped.current = true;
      element.current?.blur();
    }
  };
  const shared = {
    ref: element,
    id,
    className: `input ${mono ? 'mono' : ''}`,
    value: live ? value : draft,
    placeholder,
    disabled,
    'aria-label': label,
    'aria-invalid': invalid,
    'data-first': autoFocus || undefined,
    spellCheck: false,
    autoComplete: 'off',
    onChange: ({ target }: { target: { value: string } }) => typed(target.value),
    onBlur: live ? undefined : commit,
    onKeyDown: keyDown,
  };
  return lines ? <textarea rows={4} {...shared} /> : <input type="text" list={list} {...shared} />;
}
