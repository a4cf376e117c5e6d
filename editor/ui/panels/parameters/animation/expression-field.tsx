// The field of an expression that drives a parameter, with what it gives at this frame.
import { useState } from 'react';
import { type Animation, parseExpression } from '../../../../../engine/browser.ts';
import { numberText } from '../../../look/number.ts';
import { TextField } from '../../../look/text-field.tsx';

export interface ExpressionFieldProps {
  readonly label: string;
  readonly text: string;
  /** Absent where the host has not said, or it gives none. */
  readonly value: number | boolean | string | undefined;
  readonly invalid: boolean;
  /** Undefined takes the animation away. */
  readonly onChange: (animation: Animation | undefined) => void;
  readonly id?: string;
}

/** What is wrong with the text of an expression; undefined where it can be read. */
export function troubleIn(text: string): string | undefined {
  try {
    parseExpression(text);
    return undefined;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

/** An empty text takes the expression away. */
export function ExpressionField({ label, text, value, invalid, onChange, id }: ExpressionFieldProps) {
  const [trouble, setTrouble] = useState<string | undefined>();
  return (
    <div className="param-text param-expression">
      <TextField
        mono
        {...(id === undefined ? {} : { id })}
        label={`Expression of ${label}`}
        value={text}
        invalid={invalid || trouble !== undefined}
        onChange={(typed) => {
          const bare = typed.trim().replace(/^=/, '').trim();
          const found = bare === '' ? undefined : troubleIn(bare);
          setTrouble(found);
          if (found === undefined) onChange(bare === '' ? undefined : { expression: bare });
        }}
      />
      <output className="mono quiet param-resolved" aria-label="At this frame">
        {trouble ??
          (value === undefined ? '= …' : `= ${typeof value === 'number' ? numberText(value) : String(value)}`)}
      </output>
    </div>
  );
}
