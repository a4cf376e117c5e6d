// Shows that something goes on, and how far where that is known.
import { useEffect, useState } from 'react';
import './progress.css';

export interface ProgressProps {
  /** 0 to 1; absent where nobody can tell. */
  readonly value?: number;
  readonly label: string;
}

/** A line of 2 px over the width of what it stands in. */
export function Progress({ value, label }: ProgressProps) {
  return (
    <div
      className={`progress ${value === undefined ? 'progress-open' : ''}`}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={1}
      aria-valuenow={value}
    >
      <div className="progress-done" style={value === undefined ? undefined : { width: `${value * 100}%` }} />
    </div>
  );
}

/** True once `busy` has been true for 100 ms: what is quicker need not be shown. */
export function useSlow(busy: boolean): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    if (!busy) {
      setSlow(false);
      return;
    }
    const timer = setTimeout(() => setSlow(true), 100);
    return () => clearTimeout(timer);
  }, [busy]);
  return busy && slow;
}
