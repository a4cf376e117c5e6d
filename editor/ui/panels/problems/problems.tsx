// The panel of problems: what is wrong with the graph, gravest first, each with its place and what would mend it.

import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { Problem } from '../../../../engine/browser.ts';
import { EmptyState } from '../../look/empty-state.tsx';
import { arrange, shown } from '../../shell/layout.ts';
import { useStore, useValue } from '../../store/use.ts';
import { countText, groupsOf, SEVERITIES, type Severity } from './groups.ts';
import { ProblemNote } from './note.tsx';
import './problems.css';

const TITLES: Readonly<Record<Severity, string>> = { error: 'Errors', warning: 'Warnings', info: 'Notes' };

export function Problems() {
  const store = useStore();
  const problems = useValue(store.problems$);
  const [folded, setFolded] = useState<ReadonlySet<Severity>>(new Set());
  if (problems.length === 0)
    return (
      <EmptyState
        sentence="No problems."
        action={{ title: 'Go to Run', run: () => arrange((layout) => shown(layout, 'drawer')) }}
      />
    );
  const groups = groupsOf(problems);
  return (
    <div className="problems">
      {SEVERITIES.filter((severity) => groups[severity].length > 0).map((severity) => (
        <section key={severity} aria-label={TITLES[severity]}>
          <button
            type="button"
            className="problems-head"
            aria-expanded={!folded.has(severity)}
            onClick={() => {
              const next = new Set(folded);
              if (!next.delete(severity)) next.add(severity);
              setFolded(next);
            }}
          >
            {TITLES[severity]} <span className="quiet">{groups[severity].length}</span>
          </button>
          {!folded.has(severity) &&
            groups[severity].map((problem, index) => (
              <ProblemNote
                // biome-ignore lint/suspicious/noArrayIndexKey: the same problem may be told of a node more than once
                key={`${index} ${problem.code} ${problem.where.node} ${problem.where.param}`}
                problem={problem}
                placed
              />
            ))}
        </section>
      ))}
    </div>
  );
}

const ICONS = { error: CircleAlert, warning: TriangleAlert, info: Info } as const;

/** How many there are, by severity, for the title of the panel; nothing where there are none. */
export function ProblemCount({ problems }: { readonly problems: readonly Problem[] }) {
  const groups = groupsOf(problems);
  const shown = SEVERITIES.filter((severity) => severity !== 'info' && groups[severity].length > 0);
  if (shown.length === 0) return null;
  return (
    <span className="problem-count" title={countText(problems)}>
      {shown.map((severity) => {
        const Icon = ICONS[severity];
        return (
          <span key={severity} className={`problem-count-${severity}`}>
            <Icon size={12} aria-hidden />
            {groups[severity].length}
          </span>
        );
      })}
      <span className="unseen">{countText(problems)}</span>
    </span>
  );
}
