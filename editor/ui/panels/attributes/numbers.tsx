// Editors of numbers in a form: vectors, boxes, matrices, and lists of numbers and of texts.
import { Plus } from 'lucide-react';
import type { Json } from '../../../../engine/browser.ts';
import { Button } from '../../look/button.tsx';
import { NumberField } from '../../look/number-field.tsx';
import { TextField } from '../../look/text-field.tsx';
import { Items } from '../parameters/items.tsx';
import { isRecord, moved } from '../parameters/value.ts';
import type { EditorProps } from './value.tsx';

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : []);
const AXES = ['x', 'y', 'z', 'w'];

interface OneProps extends EditorProps {
  readonly integer: boolean;
}

/** A number, or the text of one that JSON has no form for. */
export function Cell({ value, label, integer, onChange }: OneProps) {
  if (typeof value === 'string') {
    return (
      <TextField
        mono
        value={value}
        label={label}
        onChange={(text) => {
          const number = Number(text);
          onChange(text.trim() !== '' && Number.isFinite(number) ? number : text.trim());
        }}
      />
    );
  }
  return <NumberField integer={integer} value={Number(value)} label={label} onChange={onChange} />;
}

export function VectorEditor({ value, label, integer, onChange }: OneProps) {
  const items = listOf(value);
  return (
    <div className="value-row">
      {items.map((item, index) => (
        <Cell
          key={AXES[index]}
          value={item}
          label={`${label} ${AXES[index]}`}
          integer={integer}
          onChange={(next, group) => onChange(items.with(index, next), group)}
        />
      ))}
    </div>
  );
}

export function BoxEditor({ value, label, integer, onChange }: OneProps) {
  const box = isRecord(value) ? value : {};
  const min = listOf(box['min']);
  const max = listOf(box['max']);
  const size = [0, 1].map((axis) => Number(max[axis]) - Number(min[axis]) + (integer ? 1 : 0));
  return (
    <div className="value-box">
      {(['min', 'max'] as const).map((corner) => (
        <div key={corner} className="value-row">
          <span className="quiet value-tag">{corner}</span>
          <VectorEditor
            value={box[corner] ?? [0, 0]}
            label={`${label} ${corner}`}
            integer={integer}
            onChange={(next, group) => onChange({ min: [...min], max: [...max], [corner]: next }, group)}
          />
        </div>
      ))}
      {size.every(Number.isFinite) && (
        <span className="quiet mono value-size">
          {size.map((length) => (integer ? length : Number(length.toPrecision(6)))).join(' × ')}
        </span>
      )}
    </div>
  );
}

export function MatrixEditor({ value, label, onChange }: EditorProps) {
  const rows = listOf(value).map(listOf);
  const identity = rows.map((row, y) => row.map((_, x) => (x === y ? 1 : 0)));
  return (
    <div className="value-column">
      <div className="value-matrix" style={{ gridTemplateColumns: `repeat(${rows.length}, minmax(0, 1fr))` }}>
        {rows.flatMap((row, y) =>
          row.map((cell, x) => (
            <Cell
              // biome-ignore lint/suspicious/noArrayIndexKey: cells are known by their places
              key={`${y} ${x}`}
              value={cell}
              label={`${label} row ${y + 1} column ${x + 1}`}
              integer={false}
              onChange={(next, group) => onChange(rows.with(y, row.with(x, next)), group)}
            />
          )),
        )}
      </div>
      <div>
        <Button tone="plain" onClick={() => onChange(identity)}>
          Identity
        </Button>
      </div>
    </div>
  );
}

interface ListProps extends EditorProps {
  readonly fresh: Json;
  readonly item: (item: Json, index: number, set: (next: Json, group?: string) => void) => React.ReactNode;
}

function List({ value, label, onChange, fresh, item }: ListProps) {
  const items = listOf(value);
  return (
    <div className="value-column">
      <Items
        label={label}
        count={items.length}
        onMove={(from, to) => onChange(moved(items, from, to))}
        onRemove={(index) => onChange(items.toSpliced(index, 1))}
        empty="Empty."
      >
        {(index) => item(items[index]!, index, (next, group) => onChange(items.with(index, next), group))}
      </Items>
      <div>
        <Button icon={Plus} tone="plain" onClick={() => onChange([...items, fresh])}>
          Add
        </Button>
      </div>
    </div>
  );
}

export const NumberList = (props: EditorProps) => (
  <List
    {...props}
    fresh={0}
    item={(item, index, set) => (
      <Cell value={item} label={`${props.label} ${index + 1}`} integer={false} onChange={set} />
    )}
  />
);

export const TextList = (props: EditorProps) => (
  <List
    {...props}
    fresh=""
    item={(item, index, set) => (
      <TextField value={String(item)} label={`${props.label} ${index + 1}`} onChange={(text) => set(text)} />
    )}
  />
);
