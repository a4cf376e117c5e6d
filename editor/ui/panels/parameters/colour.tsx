// The control of a colour: a swatch that opens the system's picker, and its numbers.

import { useRef } from 'react';
import type { Json } from '../../../../engine/browser.ts';
import { gesture } from '../../look/gesture.ts';
import { NumberField } from '../../look/number-field.tsx';
import { TextField } from '../../look/text-field.tsx';
import { COLOUR_NAMES, hexOf, numbersOf } from './colour.ts';
import type { ControlProps } from './form.ts';
import type { Shape } from './schema.ts';
import { Stray, Unset } from './simple.tsx';

export function ColourControl({
  shape,
  ...props
}: ControlProps & { readonly shape: Extract<Shape, { kind: 'colour' }> }) {
  const { value, onChange, label, id } = props;
  if (value === undefined) return <Unset {...props} />;
  if (shape.form === 'hex') {
    if (typeof value !== 'string') return <Stray {...props} />;
    return (
      <div className="param-colour">
        <Swatch label={label} hex={/^#[\da-f]{6}$/i.test(value) ? value : '#000000'} onPick={onChange} />
        <TextField mono value={value} label={label} onChange={onChange} {...(id === undefined ? {} : { id })} />
      </div>
    );
  }
  if (!isNumbers(value)) return <Stray {...props} />;
  return (
    <div className="param-colour">
      <Swatch
        label={label}
        hex={hexOf(value)}
        onPick={(hex, group) => onChange([...numbersOf(hex), ...value.slice(3)], group)}
      />
      {value.map((number, index) => (
        <NumberField
          key={COLOUR_NAMES[index]}
          label={`${label} ${COLOUR_NAMES[index]}`}
          value={number}
          onChange={(next, group) => onChange(value.with(index, next), group)}
        />
      ))}
    </div>
  );
}

const isNumbers = (value: Json): value is readonly number[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'number');

function Swatch(props: {
  readonly label: string;
  readonly hex: string;
  readonly onPick: (hex: string, group: string) => void;
}) {
  const group = useRef('');
  return (
    <input
      type="color"
      className="param-swatch"
      aria-label={`${props.label}: pick a colour`}
      value={props.hex.toLowerCase()}
      onFocus={() => {
        group.current = gesture();
      }}
      onChange={({ target }) => props.onPick(target.value, group.current || gesture())}
    />
  );
}
