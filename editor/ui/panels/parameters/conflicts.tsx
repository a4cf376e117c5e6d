// The control of choices between sources that disagree: those that are open in a few words, then all choices that were made.
import { ConflictSummary } from '../attributes/conflicts.tsx';
import { type ControlProps, useForm } from './form.ts';
import { ObjectFields } from './object.tsx';
import type { Shape } from './schema.ts';
import { Stray } from './simple.tsx';
import { isRecord } from './value.ts';

export function ConflictsControl({
  shape,
  ...props
}: ControlProps & { readonly shape: Extract<Shape, { kind: 'object' }> }) {
  const { value = {}, onChange, path } = props;
  const { ids } = useForm();
  if (!isRecord(value)) return <Stray {...props} />;
  return (
    <div className="param-list">
      {ids[0] !== undefined && ids.length === 1 && <ConflictSummary node={ids[0]} />}
      <ObjectFields fields={shape.fields} value={value} onChange={onChange} path={path} />
    </div>
  );
}
