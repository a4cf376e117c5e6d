// Controls of plain values: numbers, texts, choices, yes or no, and a few numbers side by side.
import type { Json } from '../../../../engine/browser.ts';
import { Button } from '../../look/button.tsx';
import { Check } from '../../look/check.tsx';
import { NumberField } from '../../look/number-field.tsx';
import { Select } from '../../look/select.tsx';
import { Slider } from '../../look/slider.tsx';
import { TextField } from '../../look/text-field.tsx';
import { type ControlProps, useForm } from './form.ts';
import { type Shape, shapeOf } from './schema.ts';
import { briefly, startValue } from './value.ts';

type Of<Kind extends Shape['kind']> = ControlProps & { readonly shape: Extract<Shape, { kind: Kind }> };

const idOf = (id: string | undefined): { readonly id?: string } => (id === undefined ? {} : { id });

/** A value of the wrong kind is shown as it is, with a way out. */
export function Stray({ at, value, onChange, label }: ControlProps) {
  return (
    <div className="param-stray">
      <span className="mono param-error-text">{briefly(value, 40)}</span>
      <Button hint={`Begin ${label} anew`} onClick={() => onChange(startValue(at))}>
        Replace
      </Button>
    </div>
  );
}

/** For what may be left out and is. */
export function Unset({ at, onChange, label }: ControlProps) {
  return (
    <Button tone="plain" hint={`Give ${label} a value`} onClick={() => onChange(startValue(at))}>
      <span className="quiet">not set</span>
    </Button>
  );
}

export function NumberControl({ shape, ...props }: Of<'number'>) {
  const { value, onChange, id, label, invalid, onExpression } = props;
  if (value === undefined) return <Unset {...props} />;
  if (typeof value !== 'number') return <Stray {...props} />;
  const { integer, min, max, step, unit, slider } = shape;
  const shared = {
    value,
    onChange: (next: number, group: string) => onChange(next, group),
    ...idOf(id),
    label,
    integer,
    invalid: invalid === true,
    ...(onExpression ? { onExpression } : {}),
    ...(step === undefined ? {} : { step }),
    ...(unit === undefined ? {} : { unit }),
  };
  if (slider) return <Slider {...shared} min={slider.min} max={slider.max} />;
  return <NumberField {...shared} {...(min === undefined ? {} : { min })} {...(max === undefined ? {} : { max })} />;
}

export function TextControl({ shape, ...props }: Of<'text'>) {
  const { value, onChange, id, label, invalid, placeholder } = props;
  const { resolve } = useForm();
  if (value !== undefined && typeof value !== 'string') return <Stray {...props} />;
  return (
    <div className="param-text">
      <TextField
        value={value ?? ''}
        onChange={(text) => onChange(text === '' && value === undefined ? undefined : text)}
        {...idOf(id)}
        label={label}
        lines={shape.lines || (value?.includes('\n') ?? false)}
        invalid={invalid === true}
        placeholder={placeholder ?? ''}
      />
      <Resolved text={value === undefined ? undefined : resolve(value)} />
    </div>
  );
}

/** What a text with placeholders is at this frame. */
export function Resolved({ text }: { readonly text: string | undefined }) {
  return text === undefined ? null : (
    <output className="mono quiet param-resolved" title={text} aria-label="At this frame">
      = {text}
    </output>
  );
}

const optionOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** One of a few; `optional` offers to leave it out. */
export function ChoiceControl({
  shape,
  optional,
  value,
  onChange,
  id,
  label,
  invalid,
}: Of<'choice'> & { readonly optional: boolean }) {
  const options = shape.values.map((one) => ({
    value: optionOf(one),
    title: (typeof one === 'string' && shape.titles?.[one]) || briefly(one) || 'empty',
  }));
  return (
    <Select
      {...idOf(id)}
      label={label}
      invalid={invalid === true}
      value={value === undefined ? '' : optionOf(value)}
      options={optional ? [{ value: '', title: '—' }, ...options] : options}
      onChange={(text) => onChange(shape.values.find((one) => optionOf(one) === text))}
    />
  );
}

export function CheckControl(props: ControlProps) {
  const { value, onChange, id, label } = props;
  if (value !== undefined && typeof value !== 'boolean') return <Stray {...props} />;
  return <Check value={value ?? false} onChange={onChange} {...idOf(id)} label={label} />;
}

/** A few values in a fixed order, such as width and height. */
export function TupleControl({ shape, ...props }: Of<'tuple'>) {
  const { value, onChange, label, path, invalid } = props;
  const { Control } = useForm();
  if (value === undefined) return <Unset {...props} />;
  if (!Array.isArray(value)) return <Stray {...props} />;
  const items = value as readonly Json[];
  return (
    <div className="param-tuple">
      {shape.items.map((item, index) => {
        const name = `${label} ${index + 1}`;
        const number = shapeOf(item).kind === 'number' && typeof items[index] !== 'number';
        return (
          <Control
            // biome-ignore lint/suspicious/noArrayIndexKey: places are what they are known by
            key={index}
            at={item}
            value={items[index] ?? (number ? startValue(item) : undefined)}
            onChange={(next, group) =>
              onChange(
                shape.items.map((one, i) => (i === index ? (next ?? startValue(one)) : (items[i] ?? startValue(one)))),
                group,
              )
            }
            label={name}
            path={[...path, String(index)]}
            invalid={invalid === true}
          />
        );
      })}
      {shape.unit !== undefined && <span className="quiet param-unit">{shape.unit}</span>}
    </div>
  );
}
