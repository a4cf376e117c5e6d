// The panel of parameters: until it is here, one sentence.
import { EmptyState } from '../../look/empty-state.tsx';
import { Panel } from '../../look/panel.tsx';

export function Parameters() {
  return (
    <Panel title="Parameters">
      <EmptyState sentence="Select a node to see its parameters." />
    </Panel>
  );
}
