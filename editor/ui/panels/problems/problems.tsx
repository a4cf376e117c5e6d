// The panel of problems: until it is here, one sentence.
import { EmptyState } from '../../look/empty-state.tsx';
import { Panel } from '../../look/panel.tsx';

export function Problems() {
  return (
    <Panel title="Problems">
      <EmptyState sentence="Nothing is wrong." />
    </Panel>
  );
}
