// What a panel says while it has nothing to show: one sentence and one action.
import { Button } from './button.tsx';
import './empty-state.css';

export interface EmptyStateProps {
  readonly sentence: string;
  readonly action?: { readonly title: string; run(): void; readonly keys?: string };
}

export function EmptyState({ sentence, action }: EmptyStateProps) {
  return (
    <div className="empty-state">
      <p>{sentence}</p>
      {action && (
        <Button
          onClick={() => action.run()}
          {...(action.keys === undefined ? {} : { hint: action.title, keys: action.keys })}
        >
          {action.title}
        </Button>
      )}
    </div>
  );
}
