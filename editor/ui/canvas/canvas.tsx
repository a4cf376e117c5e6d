// The graph: until its canvas is here, one sentence.
import { EmptyState } from '../look/empty-state.tsx';

export function Canvas() {
  return <EmptyState sentence="Drop an EXR sequence here, or press Tab." />;
}
