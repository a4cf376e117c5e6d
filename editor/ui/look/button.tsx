// Buttons: with words, and with an icon alone whose name stands in its tooltip.
import type { LucideIcon } from 'lucide-react';
import type { MouseEvent, ReactNode } from 'react';
import './button.css';
import { Tooltip } from './tooltip.tsx';

export interface ButtonProps {
  readonly children: ReactNode;
  readonly onClick: (event: MouseEvent<HTMLButtonElement>) => void;
  readonly icon?: LucideIcon;
  /** `main` for the one that goes on, `plain` for one without a border. */
  readonly tone?: 'main' | 'plain';
  readonly disabled?: boolean;
  /** For a button that stays down. */
  readonly pressed?: boolean;
  /** What it does in a few more words, and its shortcut as `registerActions` writes it. */
  readonly hint?: string;
  readonly keys?: string;
  /** Where a dialog begins. */
  readonly autoFocus?: boolean;
}

export function Button({ children, onClick, icon: Icon, tone, disabled, pressed, hint, keys, autoFocus }: ButtonProps) {
  const button = (
    <button
      type="button"
      className={`button ${tone ? `button-${tone}` : ''}`}
      disabled={disabled}
      aria-pressed={pressed}
      onClick={onClick}
      data-first={autoFocus || undefined}
    >
      {Icon && <Icon size={14} aria-hidden />}
      {children}
    </button>
  );
  return hint === undefined ? button : <Tooltip text={hint} {...(keys ? { keys } : {})} child={button} />;
}

export interface IconButtonProps {
  readonly icon: LucideIcon;
  /** Its name: read aloud, and shown beside the pointer. */
  readonly title: string;
  readonly onClick: (event: MouseEvent<HTMLButtonElement>) => void;
  readonly keys?: string;
  readonly disabled?: boolean;
  readonly pressed?: boolean;
  /** Present for one that folds something out. */
  readonly expanded?: boolean;
  /** Pixels; 16 unless told. */
  readonly size?: number;
}

/** 22 px square. */
export function IconButton(props: IconButtonProps) {
  const { icon: Icon, title, onClick, keys, disabled, pressed, expanded, size = 16 } = props;
  return (
    <Tooltip
      text={title}
      {...(keys ? { keys } : {})}
      child={
        <button
          type="button"
          className="icon-button"
          aria-label={title}
          aria-pressed={pressed}
          aria-expanded={expanded}
          disabled={disabled}
          onClick={onClick}
        >
          <Icon size={size} aria-hidden />
        </button>
      }
    />
  );
}
