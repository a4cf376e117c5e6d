// The controls of an object with known fields, and of a value that may have one of several forms.
import { ChevronDown, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import type { Json } from '../../../../engine/browser.ts';
import { Field } from '../../look/field.tsx';
import { Select } from '../../look/select.tsx';
import { isChannelSet } from './channels.tsx';
import { type ControlProps, useForm } from './form.ts';
import { type FieldSpec, type Shape, shapeOf, type Variant } from './schema.ts';
import { Stray } from './simple.tsx';
import { briefly, isRecord, startValue, variantOf, withKey } from './value.ts';

type Of<Kind extends Shape['kind']> = ControlProps & { readonly shape: Extract<Shape, { kind: Kind }> };

/** Controls that need the full width of the panel. */
const WIDE: readonly Shape['kind'][] = ['list', 'table', 'record', 'object', 'json'];

export const isWide = (shape: Shape): boolean => {
  if (shape.kind === 'list' && isChannelSet(shape)) return false;
  if (WIDE.includes(shape.kind)) return true;
  if (shape.kind === 'tuple') return shape.items.length > 3;
  if (shape.kind === 'colour') return shape.form === 'numbers';
  return shape.kind === 'text' && (shape.lines || ['sequence', 'save-sequence', 'folder'].includes(shape.widget ?? ''));
};

/** The fields of an object below each other; those for few are folded away. */
export function ObjectControl({ shape, ...props }: Of<'object'>) {
  const { value = {}, onChange, path } = props;
  if (!isRecord(value)) return <Stray {...props} />;
  return (
    <div className="param-object">
      <ObjectFields fields={shape.fields} value={value} onChange={onChange} path={path} />
    </div>
  );
}

export interface ObjectFieldsProps {
  readonly fields: readonly FieldSpec[];
  readonly value: Readonly<Record<string, Json | undefined>>;
  readonly onChange: (value: Json, group?: string) => void;
  readonly path: readonly string[];
}

export function ObjectFields({ fields, value, onChange, path }: ObjectFieldsProps) {
  const [open, setOpen] = useState(false);
  const { Control } = useForm();
  const folded = fields.filter((field) => field.advanced && value[field.name] === undefined);
  const shown = open ? fields : fields.filter((field) => !folded.includes(field));
  return (
    <>
      {shown.map((field) => {
        const shape = shapeOf(field);
        if (shape.kind === 'constant' && field.required) return null;
        const own = value[field.name];
        const optional = !field.required;
        return (
          <Field
            key={field.name}
            label={field.title}
            {...(field.description === undefined ? {} : { hint: field.description })}
            changed={optional && own !== undefined}
            {...(optional ? { onReset: () => onChange(withKey(value, field.name, undefined)) } : {})}
            wide={isWide(shape)}
          >
            {(id) => (
              <Control
                at={field}
                value={own ?? field.fallback}
                onChange={(next, group) => onChange(withKey(value, field.name, told(field, next)), group)}
                label={field.title}
                id={id}
                path={[...path, field.name]}
                beside={value}
              />
            )}
          </Field>
        );
      })}
      {folded.length > 0 && (
        <Fold open={open} onToggle={() => setOpen(!open)} title={open ? 'Less' : `${folded.length} more`} />
      )}
    </>
  );
}

/** An empty text in a field that may be left out says nothing. */
export const told = (field: FieldSpec, value: Json | undefined): Json | undefined =>
  value === '' && !field.required && field.fallback === undefined ? undefined : value;

/** The line that unfolds what few people need. */
export function Fold(props: { readonly open: boolean; readonly onToggle: () => void; readonly title: string }) {
  const Chevron = props.open ? ChevronDown : ChevronRight;
  return (
    <button
      type="button"
      className="param-fold quiet"
      title={props.title}
      aria-expanded={props.open}
      onClick={props.onToggle}
    >
      <Chevron size={14} aria-hidden />
      <span>{props.title}</span>
    </button>
  );
}

interface Form {
  readonly title: string;
  readonly variant: number;
  /** The whole value, for forms that leave nothing to edit. */
  readonly value?: Json;
}

/** The forms to choose from: of an enumeration each of its values. */
const formsOf = (variants: readonly Variant[]): Form[] =>
  variants.flatMap((variant, index): Form[] => {
    const shape = shapeOf(variant);
    if (shape.kind === 'choice')
      return shape.values.map((value) => ({ title: briefly(value, 30), variant: index, value }));
    if (shape.kind === 'constant') return [{ title: variant.title, variant: index, value: shape.value }];
    if (shape.kind === 'object' && shape.fields.every((field) => shapeOf(field).kind === 'constant')) {
      return [{ title: variant.title, variant: index, value: startValue(variant) }];
    }
    return [{ title: variant.title, variant: index }];
  });

const formIndex = (forms: readonly Form[], variant: number, value: Json | undefined): number => {
  const exact = forms.findIndex(
    (form) => form.variant === variant && JSON.stringify(form.value) === JSON.stringify(value),
  );
  return exact >= 0 ? exact : forms.findIndex((form) => form.variant === variant);
};

/** First which form, then the value in it. */
export function UnionControl({ shape, ...props }: Of<'union'>) {
  const { value, onChange, label, id, path, invalid } = props;
  const { Control } = useForm();
  const { variants } = shape;
  const forms = formsOf(variants);
  const current = value === undefined ? -1 : variantOf(variants, value);
  const chosen = value === undefined ? -1 : formIndex(forms, current, value);
  const variant = variants[current];
  return (
    <div className="param-union">
      <Select
        {...(id === undefined ? {} : { id })}
        label={`${label}: form`}
        invalid={invalid === true || (value !== undefined && chosen < 0)}
        value={value === undefined ? 'none' : String(chosen)}
        options={[
          ...(value === undefined ? [{ value: 'none', title: '—' }] : []),
          ...forms.map(({ title }, index) => ({ value: String(index), title })),
        ]}
        onChange={(text) => {
          const form = forms[Number(text)];
          if (form) onChange(form.value ?? startValue(variants[form.variant]!));
        }}
      />
      {variant && forms[chosen]?.value === undefined && (
        <Control at={variant} value={value} onChange={onChange} label={label} path={path} />
      )}
      {value !== undefined && !variant && <span className="mono quiet">{briefly(value, 40)}</span>}
    </div>
  );
}
