// The line at the bottom: problems, the selection, the run, and the switches of the panes.
import { PanelBottom, PanelLeft, PanelRight } from 'lucide-react';
import { Badge } from '../look/badge.tsx';
import { IconButton } from '../look/button.tsx';
import { outcomeOf } from '../panels/run/outcome.ts';
import { useSelect, useStore, useValue } from '../store/use.ts';
import { runAction } from './actions.ts';
import { arrange, layout$, shown } from './layout.ts';
import './status-bar.css';

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

export function StatusBar() {
  const store = useStore();
  const problems = useValue(store.problems$);
  const selected = useSelect(store.selection$, (selection) => selection.size);
  const nodes = useSelect(store.document$, (document) => Object.keys(document.nodes).length);
  const run = useValue(store.run$);
  const { hidden } = useValue(layout$);
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.filter(({ severity }) => severity === 'warning').length;
  const showProblems = (): void =>
    arrange((layout) => ({ ...shown(layout, 'right'), full: null, rightTab: 'problems' }));
  return (
    <footer className="status-bar" data-pane>
      <button type="button" className="status-bar-problems" onClick={showProblems}>
        {errors > 0 && <Badge kind="error" text={counted(errors, 'error')} />}
        {warnings > 0 && <Badge kind="warning" text={counted(warnings, 'warning')} />}
        {errors + warnings === 0 && <Badge kind="quiet" text="No problems" />}
      </button>
      <span className="quiet">
        {counted(nodes, 'node')}
        {selected > 0 && `, ${selected} selected`}
      </span>
      <span className="status-bar-space" />
      {run && run.state !== 'running' && (
        <button
          type="button"
          className="status-bar-problems"
          onClick={() => arrange((layout) => shown(layout, 'drawer'))}
        >
          <Badge kind={outcomeOf(run)?.kind ?? 'quiet'} text={`Run ${run.state}: ${run.done} of ${run.total} frames`} />
        </button>
      )}
      <IconButton
        icon={PanelLeft}
        size={14}
        title="Sequences and library"
        keys="Mod+B"
        pressed={!hidden.includes('left')}
        onClick={() => runAction('view.left')}
      />
      <IconButton
        icon={PanelBottom}
        size={14}
        title="Run, ledger and log"
        keys="Mod+J"
        pressed={!hidden.includes('drawer')}
        onClick={() => runAction('view.drawer')}
      />
      <IconButton
        icon={PanelRight}
        size={14}
        title="Parameters and attributes"
        keys="Mod+Alt+B"
        pressed={!hidden.includes('right')}
        onClick={() => runAction('view.right')}
      />
    </footer>
  );
}
