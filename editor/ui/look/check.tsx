// Yes or no.
import type { ReactNode } from 'react';
import './check.css';

export interface CheckProps {
  readonly value: boolean;
  readonly onChange: (value: boolean) => void;
  /** The words beside it; without them give `label`. */
  readonly children?: ReactNode;
  readonly label?: string;
  readonly id?: string;
  readonly disabled?: boolean;
}

export function Check({ value, onChange, children, label, id, disabled }: CheckProps) {
  return (
    <label className="check">
      <input
        type="checkbox"
        id={id}
        className="check-box"
        aria-label={label}
        checked={value}
        disabled={disabled}
        onChange={({ target }) => onChange(target.checked)}
      />
      {children}
    </label>
  );
}
