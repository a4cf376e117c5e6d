// The parameters of one or several nodes as a form: fields in their order, those for few people folded away.
import { useMemo, useState } from 'react';
import { type CatalogueEntry, interpolate, type Problem } from '../../../../engine/browser.ts';
import { useSelect, useStore, useValue } from '../../store/use.ts';
import { Control } from './control.tsx';
import { commonFields, isChanged, paramOf } from './edit.ts';
import { FieldRow } from './field-row.tsx';
import { type Form, FormContext } from './form.ts';
import { Fold } from './object.tsx';
import { problemsAt, problemsOf } from './problem.ts';
import { parametersOf, sameJson } from './schema.ts';

export interface NodeFormProps {
  readonly ids: readonly string[];
  /** The catalogue's entries of the nodes; at least one. */
  readonly entries: readonly CatalogueEntry[];
}

export function NodeForm({ ids, entries }: NodeFormProps) {
  const store = useStore();
  const document = useValue(store.document$);
  const problems = useValue(store.problems$);
  const frame = useValue(store.frame$);
  const first = ids[0]!;
  const view = useSelect(store.nodes$, (nodes) => nodes[first]);
  const [open, setOpen] = useState(false);
  const entry = entries[0]!;
  const fields = useMemo(() => (entries.length === 1 ? parametersOf(entry) : commonFields(entries)), [entry, entries]);
  const own = useMemo(() => problemsOf(problems, ids), [problems, ids]);

  const form: Form = {
    ids,
    entry: entries.length === 1 ? entry : undefined,
    view: ids.length === 1 ? view : undefined,
    problems: own,
    param: (name) => document.nodes[first]?.params[name],
    resolve: (text) => {
      if (!text.includes('$')) return undefined;
      try {
        const resolved = interpolate(text, (name) =>
          name === 'frame'
            ? frame
            : Object.hasOwn(document.variables, name)
              ? document.variables[name]!.default
              : undefined,
        );
        return resolved === text ? undefined : resolved;
      } catch {
        return undefined; // the host says what is wrong with it, beside the field
      }
    },
    Control,
  };

  const values = fields.map((field) => paramOf(document, first, field));
  const folded = fields.filter(
    (field, index) => field.advanced && !isChanged(values[index], field) && problemsAt(own, [field.name]).length === 0,
  );
  const shown = open ? fields : fields.filter((field) => !folded.includes(field));
  return (
    <FormContext value={form}>
      <div className="param-form">
        {fields.length === 0 && (
          <p className="quiet param-none">
            {ids.length === 1 ? 'This node has no parameters.' : 'These nodes have no parameters in common.'}
          </p>
        )}
        {shown.map((field) => {
          const value = values[fields.indexOf(field)];
          const mixed = ids.some((id) => !sameJson(paramOf(document, id, field), value));
          return <FieldRow key={field.name} field={field} value={value} mixed={mixed} />;
        })}
        {folded.length > 0 && (
          <Fold
            open={open}
            onToggle={() => setOpen(!open)}
            title={open ? 'Less' : `${folded.length} more: ${folded.map(({ title }) => title).join(', ')}`}
          />
        )}
      </div>
    </FormContext>
  );
}

/** Problems of the nodes that belong to none of their parameters. */
export function loose(problems: readonly Problem[], entry: CatalogueEntry | undefined): Problem[] {
  const names = new Set(entry ? parametersOf(entry).map(({ name }) => name) : []);
  return problems.filter(({ where }) => where.param === undefined || !names.has(/^[^.[]*/.exec(where.param)![0]));
}
