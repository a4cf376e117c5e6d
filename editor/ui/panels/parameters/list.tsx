// The controls of a list of plain values and of values by name.
import { Plus, X } from 'lucide-react';
import { useId, useState } from 'react';
import type { Json } from '../../../../engine/browser.ts';
import { Button, IconButton } from '../../look/button.tsx';
import { TextField } from '../../look/text-field.tsx';
import { isSuggesting, useSuggestions } from './channel.tsx';
import { type ControlProps, useForm } from './form.ts';
import { Items } from './items.tsx';
import type { Shape } from './schema.ts';
import { Stray } from './simple.tsx';
import { isRecord, moved, startValue, withKey, withKeyRenamed } from './value.ts';

type Of<Kind extends Shape['kind']> = ControlProps & { readonly shape: Extract<Shape, { kind: Kind }> };

/** Plain values in an order that matters. */
export function ListControl({ shape, ...props }: Of<'list'>) {
  const { value = [], onChange, label, path } = props;
  const { Control } = useForm();
  if (!Array.isArray(value)) return <Stray {...props} />;
  const items = value as readonly Json[];
  const hint = shape.widget === undefined ? {} : { widget: shape.widget };
  const item = { ...shape.item, schema: { ...hint, ...shape.item.schema } };
  return (
    <div className="param-list">
      <Items
        label={label}
        count={items.length}
        onMove={(from, to) => onChange(moved(items, from, to))}
        onRemove={(index) => onChange(items.toSpliced(index, 1))}
        empty={props.value === undefined ? 'Not set.' : 'Empty.'}
      >
        {(index) => (
          <Control
            at={item}
            value={items[index]}
            onChange={(next, group) =>
              onChange(next === undefined ? items.toSpliced(index, 1) : items.with(index, next), group)
            }
            label={`${label} ${index + 1}`}
            path={[...path, String(index)]}
          />
        )}
      </Items>
      <Button
        icon={Plus}
        tone="plain"
        disabled={shape.most !== undefined && items.length >= shape.most}
        onClick={() => onChange([...items, startValue(item)])}
      >
        Add
      </Button>
    </div>
  );
}

/** Values by name; names that offer themselves stand ready to be given one. */
export function RecordControl({ shape, ...props }: Of<'record'>) {
  const { value = {}, onChange, label, path } = props;
  const { Control } = useForm();
  const [fresh, setFresh] = useState('');
  const names = useSuggestions(isSuggesting(shape.widget) ? shape.widget : 'source');
  const offered = isSuggesting(shape.widget) ? [...new Set(names)] : [];
  const list = useId();
  if (!isRecord(value)) return <Stray {...props} />;
  const keys = [...Object.keys(value), ...offered.filter((name) => !Object.hasOwn(value, name))];
  const add = (): void => {
    const name = fresh.trim();
    if (name === '' || Object.hasOwn(value, name)) return;
    onChange(withKey(value, name, startValue(shape.item)));
    setFresh('');
  };
  return (
    <div className="param-list">
      {keys.map((key) => {
        const own = Object.hasOwn(value, key);
        return (
          <div key={key} className="param-pair">
            {own && !offered.includes(key) ? (
              <TextField
                mono
                value={key}
                label={`${label}: name`}
                onChange={(name) =>
                  name !== '' && !Object.hasOwn(value, name) && onChange(withKeyRenamed(value, key, name))
                }
              />
            ) : (
              <span className="mono param-pair-name" title={key}>
                {key}
              </span>
            )}
            <span className="quiet" aria-hidden>
              →
            </span>
            <Control
              at={shape.item}
              value={value[key]}
              onChange={(next, group) =>
                onChange(withKey(value, key, next === '' && offered.includes(key) ? undefined : next), group)
              }
              label={`${label}: ${key}`}
              path={[...path, key]}
              placeholder="as it is"
            />
            <IconButton
              icon={X}
              size={12}
              title={`Remove ${key}`}
              disabled={!own}
              onClick={() => onChange(withKey(value, key, undefined))}
            />
          </div>
        );
      })}
      <div className="param-row">
        <TextField
          live
          mono
          label={`${label}: new name`}
          value={fresh}
          onChange={setFresh}
          list={list}
          placeholder="name"
          onEnter={add}
        />
        <datalist id={list}>
          {offered.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <Button
          icon={Plus}
          tone="plain"
          disabled={fresh.trim() === '' || Object.hasOwn(value, fresh.trim())}
          onClick={add}
        >
          Add
        </Button>
      </div>
    </div>
  );
}
