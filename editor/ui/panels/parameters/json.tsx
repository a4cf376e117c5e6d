// The control of whatever has no other: its JSON as text, taken over only when it is read and fits the schema.
import { useEffect, useState } from 'react';
import type { ControlProps } from './form.ts';
import { readJson, troubleOf } from './value.ts';

export function JsonControl({ at, value, onChange, label, id }: ControlProps) {
  const shown = value === undefined ? '' : JSON.stringify(value, null, 1);
  const [draft, setDraft] = useState(shown);
  useEffect(() => setDraft(shown), [shown]);
  const read = draft === shown ? undefined : readJson(draft, (found) => troubleOf(at, found));
  const trouble = read && 'trouble' in read ? read.trouble : undefined;
  const commit = (): void => {
    if (draft.trim() === '') {
      if (value !== undefined) onChange(undefined);
    } else if (read && 'value' in read) onChange(read.value);
  };
  return (
    <div className="param-text">
      <textarea
        id={id}
        className="input mono"
        aria-label={label}
        aria-invalid={trouble !== undefined}
        rows={Math.min(12, Math.max(3, draft.split('\n').length))}
        spellCheck={false}
        value={draft}
        onChange={({ target }) => setDraft(target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) commit();
          else if (event.key === 'Escape' && draft !== shown) {
            event.stopPropagation();
            setDraft(shown);
          }
        }}
      />
      {trouble !== undefined && (
        <p className="param-error-text" role="alert">
          {trouble}
        </p>
      )}
    </div>
  );
}
