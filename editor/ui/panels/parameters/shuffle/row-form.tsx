// One row of a shuffle, unfolded: name of the output, channel or value, type.
import type { Json, Problem } from '../../../../../engine/browser.ts';
import { Field } from '../../../look/field.tsx';
import { Select } from '../../../look/select.tsx';
import { useForm } from '../form.ts';
import { messageAt } from '../problem.ts';
import { fieldsOf, type Rooted, shapeOf } from '../schema.ts';
import { withKey } from '../value.ts';
import { asChannel, asConstant, type Row } from './rows.ts';

interface RowFormProps {
  readonly row: Row;
  /** The schema of the list of rows. */
  readonly at: Rooted;
  readonly path: readonly string[];
  readonly trouble: readonly Problem[];
  readonly onChange: (row: Row, group?: string) => void;
}

export function RowForm({ row, at, path, trouble, onChange }: RowFormProps) {
  const { Control } = useForm();
  const constant = row['from'] === undefined;
  const shape = shapeOf(at);
  const variants = shape.kind === 'table' ? shape.variants : [];
  const variant = variants.find((one) => fieldsOf(one).some(({ name }) => name === (constant ? 'value' : 'from')));
  return (
    <div className="shuffle-form">
      <Select
        label="Kind of row"
        value={constant ? 'constant' : 'channel'}
        options={[
          { value: 'channel', title: 'Channel or pattern' },
          { value: 'constant', title: 'Constant' },
        ]}
        onChange={(kind) => onChange(kind === 'constant' ? asConstant(row) : asChannel(row))}
      />
      {variant &&
        fieldsOf(variant).map((field) => (
          <Field
            key={field.name}
            label={field.title}
            wide
            {...(field.description === undefined ? {} : { hint: field.description })}
          >
            {(id) => (
              <Control
                at={field}
                value={row[field.name] ?? field.fallback}
                onChange={(next: Json | undefined, group) => onChange(withKey(row, field.name, next), group)}
                label={field.title}
                id={id}
                path={[...path, field.name]}
                beside={row}
              />
            )}
          </Field>
        ))}
      {trouble.map((problem) => (
        <p key={problem.message} className={`field-problem field-${problem.severity}`}>
          {messageAt(problem)}
        </p>
      ))}
    </div>
  );
}
