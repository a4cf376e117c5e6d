// A choice of one from a few.
import './field.css';
import './select.css';

export interface Option {
  readonly value: string;
  readonly title: string;
  readonly disabled?: boolean;
}

export interface SelectProps {
  readonly value: string;
  readonly options: readonly Option[];
  readonly onChange: (value: string) => void;
  readonly id?: string;
  readonly label?: string;
  readonly disabled?: boolean;
  readonly invalid?: boolean;
}

/** A value that is not among the options shows as it is, marked as unknown. */
export function Select({ value, options, onChange, id, label, disabled, invalid }: SelectProps) {
  const known = options.some((option) => option.value === value);
  return (
    <select
      id={id}
      className="input select"
      aria-label={label}
      aria-invalid={invalid || !known}
      disabled={disabled}
      value={value}
      onChange={({ target }) => onChange(target.value)}
    >
      {!known && <option value={value}>{value === '' ? 'choose…' : `${value} (unknown)`}</option>}
      {options.map((option) => (
        <option key={option.value} value={option.value} disabled={option.disabled}>
          {option.title}
        </option>
      ))}
    </select>
  );
}
