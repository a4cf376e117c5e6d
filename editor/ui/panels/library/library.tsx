// The panel of library: until it is here, one sentence.
import { EmptyState } from '../../look/empty-state.tsx';
import { Panel } from '../../look/panel.tsx';

export function Library() {
  return (
    <Panel title="Library">
      <EmptyState sentence="No nodes are installed." />
    </Panel>
  );
}
