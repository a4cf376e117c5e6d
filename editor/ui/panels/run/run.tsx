// The panel of run: until it is here, one sentence.
import { EmptyState } from '../../look/empty-state.tsx';
import { Panel } from '../../look/panel.tsx';

export function Run() {
  return (
    <Panel title="Run">
      <EmptyState sentence="Nothing has been run yet." />
    </Panel>
  );
}
