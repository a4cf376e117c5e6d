// One parameter: its label, control and marks, what is wrong with it and how to mend that, and its menu.
import { ArrowUpFromDot } from 'lucide-react';
import type { Edit, Json } from '../../../../engine/browser.ts';
import { Field } from '../../look/field.tsx';
import { type MenuItem, useMenu } from '../../look/menu.tsx';
import { useStore, useValue } from '../../store/use.ts';
import { ProblemNote } from '../problems/note.tsx';
import { canPromote, demote, isChanged, namesOf, promote, promotedAs, setParam } from './edit.ts';
import { useForm } from './form.ts';
import { isWide, told } from './object.tsx';
import { byGravity, problemsAt } from './problem.ts';
import { type FieldSpec, follow, shapeOf, widgetOf } from './schema.ts';
import { readJson, troubleOf } from './value.ts';

export interface FieldRowProps {
  readonly field: FieldSpec;
  readonly value: Json | undefined;
  /** True where the nodes that are edited together differ in it. */
  readonly mixed?: boolean;
}

export function FieldRow({ field, value, mixed }: FieldRowProps) {
  const store = useStore();
  const document = useValue(store.document$);
  const { ids, problems, Control } = useForm();
  const { open, menu } = useMenu(field.title);
  const { name, title } = field;
  const target = ids.length === 1 && canPromote([name]) ? `${ids[0]}.${name}` : undefined;
  const promoted = target === undefined ? undefined : promotedAs(document, target);
  const own = problemsAt(problems, [name]);
  const [worst] = byGravity(own);
  const shape = shapeOf(field);
  const widget = widgetOf(follow(field) ?? field.schema);
  // Their control tells these in its own way.
  const shown = widget === 'conflicts' ? own.filter(({ code }) => code !== 'attribute-conflict') : own;
  const changed = isChanged(value, field);
  const edit = (what: Edit, verb: string, group?: string): void =>
    store.edit(what, `${verb} ${title} of ${namesOf(ids)}`, group);
  const set = (next: Json | undefined, group?: string): void =>
    edit(setParam(ids, name, told(field, next)), 'Set', group);
  const reset = (): void => edit(setParam(ids, name, undefined), 'Reset');
  const paste = async (): Promise<void> => {
    const text = await navigator.clipboard.readText();
    const read = readJson(text, (found) => troubleOf(field, found));
    if ('value' in read) set(read.value);
    else store.notify({ level: 'warning', key: 'paste', text: `Not pasted into ${title}.`, detail: read.trouble });
  };
  const items = (): MenuItem[] => [
    { title: 'Reset to default', disabled: !changed || field.required, run: reset },
    'line',
    { title: 'Copy value', disabled: value === undefined, run: () => void copyText(JSON.stringify(value)) },
    { title: 'Paste value', run: () => void paste() },
    ...(target === undefined
      ? []
      : ([
          'line',
          promoted
            ? {
                title: `Promoted as ${promoted.name}: take back`,
                run: () => edit(demote(document, target), 'Take back'),
              }
            : {
                title: 'Promote: offer it with the graph',
                run: () => edit(promote(document, ids[0]!, name, field), 'Promote'),
              },
        ] satisfies MenuItem[])),
  ];
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the menu opens by the keyboard's menu key as well
    <div
      className="param"
      data-param={name}
      onContextMenu={(event) => {
        if ((event.target as Element).closest('textarea, input:not([readonly])') && !event.altKey && event.button === 2)
          return;
        event.preventDefault();
        event.stopPropagation();
        open(items(), { x: event.clientX, y: event.clientY });
      }}
    >
      <Field
        label={title}
        {...(field.description === undefined ? {} : { hint: field.description })}
        changed={changed && !(field.required && ids.length === 1)}
        {...(field.required ? {} : { onReset: reset })}
        wide={isWide(shape) || widget === 'template'}
        mark={
          <>
            {mixed && (
              <span className="param-mixed" title="The nodes differ in it: a change goes to all of them">
                ≠<span className="unseen">differs</span>
              </span>
            )}
            {promoted && (
              <span className="param-promoted" title={`Promoted as ${promoted.name}`}>
                <ArrowUpFromDot size={11} aria-hidden />
                <span className="unseen">promoted as {promoted.name}</span>
              </span>
            )}
          </>
        }
      >
        {(id) => (
          <Control
            at={field}
            value={value}
            onChange={set}
            label={title}
            id={id}
            path={[name]}
            invalid={worst?.severity === 'error'}
          />
        )}
      </Field>
      {shown.map((problem) => (
        <ProblemNote
          key={`${problem.code} ${problem.where.node} ${problem.where.param} ${problem.message}`}
          problem={problem}
          beside
        />
      ))}
      {menu}
    </div>
  );
}

const copyText = (text: string): Promise<void> => navigator.clipboard.writeText(text);
