// The button that sets and removes keys, and the row that a control shares with it.
import { Diamond } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from '../../../look/button.tsx';

export const AnimatedRow = ({ children, curve }: { readonly children: ReactNode; readonly curve?: boolean }) => (
  <div className={`animated ${curve ? 'animated-curve' : ''}`}>{children}</div>
);

export function KeyButton(props: {
  readonly state: 'none' | 'between' | 'key';
  readonly title: string;
  readonly onClick: () => void;
}) {
  const { state, title, onClick } = props;
  return (
    <span className={`key-button key-${state}`}>
      <IconButton icon={Diamond} size={11} title={title} pressed={state === 'key'} onClick={onClick} />
    </span>
  );
}
