// A text that looks like a label until it is clicked or has the focus, and is then a field.
import { TextField } from '../../look/text-field.tsx';

export interface InlineTextProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly onChange: (value: string) => void;
}

export function InlineText({ label, value, placeholder, onChange }: InlineTextProps) {
  return (
    <span className="param-inline" data-text={value || placeholder}>
      <TextField
        label={label}
        value={value}
        onChange={(text) => onChange(text.trim())}
        {...(placeholder === undefined ? {} : { placeholder })}
      />
    </span>
  );
}
