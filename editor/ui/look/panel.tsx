// A panel: a title, a few actions, and a body that scrolls; it folds to its title where asked.
import { ChevronDown, ChevronRight } from 'lucide-react';
import { createContext, type ReactNode, useContext, useId, useState } from 'react';
import './panel.css';

/** True inside of a tab, which has said the panel's title already. */
export const TabContext = createContext(false);

export interface PanelProps {
  readonly title: string;
  readonly children: ReactNode;
  /** Buttons at the right of the title. */
  readonly actions?: ReactNode;
  readonly collapses?: boolean;
  /** `flush` has no padding, for lists and tables that bring their own. */
  readonly body?: 'padded' | 'flush';
}

export function Panel({ title, children, actions, collapses, body = 'padded' }: PanelProps) {
  const [open, setOpen] = useState(true);
  const titled = useContext(TabContext) && !collapses;
  const id = useId();
  const Chevron = open ? ChevronDown : ChevronRight;
  return (
    <section className={`panel ${open ? '' : 'panel-closed'}`} aria-label={title}>
      {(!titled || actions) && (
        <header className="panel-head">
          {collapses ? (
            <button
              type="button"
              className="panel-title panel-fold"
              aria-expanded={open}
              aria-controls={id}
              onClick={() => setOpen(!open)}
            >
              <Chevron size={14} aria-hidden />
              {title}
            </button>
          ) : (
            <h2 className="panel-title">{titled ? '' : title}</h2>
          )}
          <div className="panel-actions">{actions}</div>
        </header>
      )}
      {open && (
        <div id={id} className={`panel-body panel-${body}`}>
          {children}
        </div>
      )}
    </section>
  );
}
