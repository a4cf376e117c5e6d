// Keeps a failure inside the panel where it happens: it says so, and offers to show the panel again.
import { Component, type ReactNode } from 'react';
import { EmptyState } from '../look/empty-state.tsx';

interface FenceProps {
  readonly name: string;
  readonly children: ReactNode;
}

export class Fence extends Component<FenceProps, { readonly trouble: string | null }> {
  override state: { readonly trouble: string | null } = { trouble: null };

  static getDerivedStateFromError(thrown: unknown): { readonly trouble: string } {
    return { trouble: thrown instanceof Error ? thrown.message : String(thrown) };
  }

  override render(): ReactNode {
    const { name, children } = this.props;
    const { trouble } = this.state;
    if (trouble === null) return children;
    return (
      <EmptyState
        sentence={`${name} failed: ${trouble} Your graph is not touched by this.`}
        action={{ title: 'Show it again', run: () => this.setState({ trouble: null }) }}
      />
    );
  }
}
