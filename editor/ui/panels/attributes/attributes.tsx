// The panel of attributes: until it is here, one sentence.
import { EmptyState } from '../../look/empty-state.tsx';
import { Panel } from '../../look/panel.tsx';

export function Attributes() {
  return (
    <Panel title="Attributes">
      <EmptyState sentence="Select a node to see the attributes of its image." />
    </Panel>
  );
}
