// The control of a list of objects: short ones as columns, others as lines of which the chosen one unfolds.
import { Plus } from 'lucide-react';
import { useRef, useState } from 'react';
import type { Json } from '../../../../engine/browser.ts';
import { Button } from '../../look/button.tsx';
import { useMenu } from '../../look/menu.tsx';
import { type ControlProps, useForm } from './form.ts';
import { Items } from './items.tsx';
import { ObjectFields } from './object.tsx';
import { troubleAt } from './problem.ts';
import { fieldsOf, type Shape, shapeOf, type Variant } from './schema.ts';
import { Stray } from './simple.tsx';
import { briefly, isRecord, moved, startValue, variantOf, withKey } from './value.ts';

const PLAIN: readonly Shape['kind'][] = ['number', 'text', 'choice', 'check'];
const MOST_COLUMNS = 3;

/** True where all of an object fits beside each other in a line. */
const isShort = (variants: readonly Variant[]): boolean => {
  const [only] = variants;
  if (!only || variants.length > 1) return false;
  const fields = fieldsOf(only);
  return fields.length <= MOST_COLUMNS && fields.every((field) => PLAIN.includes(shapeOf(field).kind));
};

export function TableControl({
  shape,
  ...props
}: ControlProps & { readonly shape: Extract<Shape, { kind: 'table' }> }) {
  const { value = [], onChange, label, path } = props;
  const { problems } = useForm();
  const [open, setOpen] = useState<number | null>(null);
  const button = useRef<HTMLDivElement>(null);
  const { open: openMenu, menu } = useMenu(`Add to ${label}`);
  if (!Array.isArray(value)) return <Stray {...props} />;
  const items = value as readonly Json[];
  const { variants } = shape;
  const short = isShort(variants);
  const set = (index: number, next: Json, group?: string): void => onChange(items.with(index, next), group);
  const add = (variant: Variant): void => {
    onChange([...items, startValue(variant)]);
    setOpen(items.length);
  };
  return (
    <div className="param-list">
      {short && items.length > 0 && <Heads variant={variants[0]!} />}
      <Items
        label={label}
        count={items.length}
        onMove={(from, to) => {
          onChange(moved(items, from, to));
          setOpen(null);
        }}
        onRemove={(index) => {
          onChange(items.toSpliced(index, 1));
          setOpen(null);
        }}
        trouble={(index) => troubleAt(problems, [...path, String(index)])}
        empty="Empty."
      >
        {(index) => {
          const item = items[index]!;
          const variant = variants[variantOf(variants, item)];
          if (!variant || !isRecord(item)) {
            return (
              <Stray
                {...props}
                at={variants[0]!}
                value={item}
                onChange={(next) => next !== undefined && set(index, next)}
              />
            );
          }
          const place = [...path, String(index)];
          if (short)
            return (
              <Cells variant={variant} item={item} path={place} onChange={(next, group) => set(index, next, group)} />
            );
          return (
            <>
              <button
                type="button"
                className="table-line"
                aria-expanded={open === index}
                onClick={() => setOpen(open === index ? null : index)}
              >
                <span className="quiet">{variants.length > 1 ? variant.title : ''}</span>
                <span className="mono table-text">{lineOf(variant, item)}</span>
              </button>
              {open === index && (
                <div className="table-form">
                  <ObjectFields
                    fields={fieldsOf(variant)}
                    value={item}
                    path={place}
                    onChange={(next, group) => set(index, next, group)}
                  />
                </div>
              )}
            </>
          );
        }}
      </Items>
      <div ref={button}>
        <Button
          icon={Plus}
          tone="plain"
          disabled={shape.most !== undefined && items.length >= shape.most}
          onClick={() => {
            if (variants.length === 1) return add(variants[0]!);
            const box = button.current!.getBoundingClientRect();
            const entries = variants.map((variant) => ({ title: variant.title, run: () => add(variant) }));
            openMenu(entries, { x: box.left, y: box.bottom });
          }}
        >
          Add
        </Button>
      </div>
      {menu}
    </div>
  );
}

/** What an object says in a line: the values that are no constants. */
function lineOf(variant: Variant, item: Readonly<Record<string, Json | undefined>>): string {
  const texts = fieldsOf(variant)
    .filter((field) => shapeOf(field).kind !== 'constant')
    .map((field) => briefly(item[field.name], 40))
    .filter((text) => text !== '');
  return texts.length === 0 ? '—' : texts.join(' · ');
}

function Heads({ variant }: { readonly variant: Variant }) {
  return (
    <div className="table-cells table-heads quiet" aria-hidden>
      {fieldsOf(variant).map((field) => (
        <span key={field.name}>{field.title}</span>
      ))}
    </div>
  );
}

function Cells(props: {
  readonly variant: Variant;
  readonly item: Readonly<Record<string, Json | undefined>>;
  readonly path: readonly string[];
  readonly onChange: (value: Json, group?: string) => void;
}) {
  const { variant, item, path, onChange } = props;
  const { Control } = useForm();
  return (
    <div className="table-cells">
      {fieldsOf(variant).map((field) => (
        <Control
          key={field.name}
          at={field}
          value={item[field.name] ?? field.fallback}
          onChange={(next, group) => onChange(withKey(item, field.name, next), group)}
          label={field.title}
          path={[...path, field.name]}
          beside={item}
        />
      ))}
    </div>
  );
}
