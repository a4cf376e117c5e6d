// A row of tabs; arrow keys go along it.
import { type KeyboardEvent, type ReactNode, useId } from 'react';
import { TabContext } from './panel.tsx';
import './tabs.css';

export interface Tab<Id extends string> {
  readonly id: Id;
  readonly title: string;
  /** Such as a count, after the title. */
  readonly mark?: ReactNode;
}

export interface TabsProps<Id extends string> {
  readonly label: string;
  readonly tabs: readonly Tab<Id>[];
  readonly value: Id;
  readonly onChange: (id: Id) => void;
  /** What the chosen tab shows. */
  readonly children: ReactNode;
  /** At the right of the row. */
  readonly actions?: ReactNode;
}

export function Tabs<Id extends string>({ label, tabs, value, onChange, children, actions }: TabsProps<Id>) {
  const base = useId();
  const keyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const index = tabs.findIndex(({ id }) => id === value);
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const next = tabs[(index + step + tabs.length) % tabs.length];
    if (step === 0 || !next) return;
    event.preventDefault();
    onChange(next.id);
    document.getElementById(`${base}-${next.id}`)?.focus();
  };
  return (
    <div className="tabs">
      <div className="tabs-head">
        <div className="tabs-row" role="tablist" aria-label={label} onKeyDown={keyDown}>
          {tabs.map((tab) => (
            <button
              key={tab.id}
              id={`${base}-${tab.id}`}
              type="button"
              role="tab"
              className="tabs-tab"
              aria-selected={tab.id === value}
              aria-controls={`${base}-body`}
              tabIndex={tab.id === value ? 0 : -1}
              onClick={() => onChange(tab.id)}
            >
              {tab.title}
              {tab.mark}
            </button>
          ))}
        </div>
        <div className="panel-actions">{actions}</div>
      </div>
      <div id={`${base}-body`} className="tabs-body" role="tabpanel" aria-labelledby={`${base}-${value}`}>
        <TabContext value={true}>{children}</TabContext>
      </div>
    </div>
  );
}
