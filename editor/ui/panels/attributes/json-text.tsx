// The editor of values that have no other: JSON as text.
import { useEffect, useState } from 'react';
import { readJson } from '../parameters/value.ts';
import type { EditorProps } from './value.tsx';

export function JsonText({ value, label, onChange }: EditorProps) {
  const shown = JSON.stringify(value, null, 1);
  const [draft, setDraft] = useState(shown);
  useEffect(() => setDraft(shown), [shown]);
  const read = draft === shown ? undefined : readJson(draft, () => undefined);
  const commit = (): void => {
    if (read && 'value' in read) onChange(read.value);
  };
  return (
    <div className="value-column">
      <textarea
        className="input mono"
        aria-label={label}
        rows={Math.min(8, Math.max(2, draft.split('\n').length))}
        spellCheck={false}
        aria-invalid={read !== undefined && 'trouble' in read}
        value={draft}
        onChange={({ target }) => setDraft(target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) commit();
        }}
      />
      {read && 'trouble' in read && <p className="value-trouble">{read.trouble}</p>}
    </div>
  );
}
