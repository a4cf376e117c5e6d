// The viewer: until it is here, one sentence.
import { EmptyState } from '../look/empty-state.tsx';

export function Viewer() {
  return <EmptyState sentence="Select a node and press 1 to see its picture." />;
}
