// A state in a shape, a word and a colour.
import {
  CircleAlert,
  CircleCheck,
  CircleDashed,
  Info,
  LoaderCircle,
  type LucideIcon,
  TriangleAlert,
} from 'lucide-react';
import './badge.css';

export type BadgeKind = 'error' | 'warning' | 'info' | 'done' | 'running' | 'quiet';

const ICONS: Readonly<Record<BadgeKind, LucideIcon>> = {
  error: CircleAlert,
  warning: TriangleAlert,
  info: Info,
  done: CircleCheck,
  running: LoaderCircle,
  quiet: CircleDashed,
};

export interface BadgeProps {
  readonly kind: BadgeKind;
  /** Read aloud; shown beside the shape unless `shape` is set. */
  readonly text: string;
  readonly shape?: boolean;
}

export function Badge({ kind, text, shape }: BadgeProps) {
  const Icon = ICONS[kind];
  return (
    <span className={`badge badge-${kind}`} title={shape ? text : undefined}>
      <Icon size={14} aria-hidden />
      <span className={shape ? 'unseen' : undefined}>{text}</span>
    </span>
  );
}
