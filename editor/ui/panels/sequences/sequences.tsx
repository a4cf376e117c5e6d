// The panel of sequences: until it is here, one sentence.
import { EmptyState } from '../../look/empty-state.tsx';
import { Panel } from '../../look/panel.tsx';

export function Sequences() {
  return (
    <Panel title="Sequences">
      <EmptyState sentence="Drop a folder of EXR files here, or browse." />
    </Panel>
  );
}
