// One row of a form: a label, what is edited, and below it what is wrong.
import { RotateCcw } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import './field.css';
import { IconButton } from './button.tsx';

export interface FieldProps {
  readonly label: string;
  /** Gets the id of the control that the label belongs to. */
  readonly children: (id: string) => ReactNode;
  readonly hint?: string;
  /** Shown after the label: what else is to be known of it. */
  readonly mark?: ReactNode;
  /** Not the default: marked by a dot, and by the button that brings the default back. */
  readonly changed?: boolean;
  readonly onReset?: () => void;
  readonly problem?: {
    readonly severity: 'error' | 'warning' | 'info';
    readonly text: string;
    readonly fixes?: ReactNode;
  };
  /** The control below the label, over the full width. */
  readonly wide?: boolean;
}

export function Field({ label, children, hint, mark, changed, onReset, problem, wide }: FieldProps) {
  const id = useId();
  return (
    <div className={`field ${wide ? 'field-wide' : ''}`}>
      <label className="field-label" htmlFor={id} title={hint ?? label}>
        <span className="field-name">{label}</span>
        {changed && <span className="field-changed" role="img" aria-label="changed" />}
        {mark}
      </label>
      <div className="field-control">{children(id)}</div>
      <div className="field-reset">
        {changed && onReset && <IconButton icon={RotateCcw} size={12} title={`Reset ${label}`} onClick={onReset} />}
      </div>
      {problem && (
        <p className={`field-problem field-${problem.severity}`} role="alert">
          {problem.text} {problem.fixes}
        </p>
      )}
    </div>
  );
}
