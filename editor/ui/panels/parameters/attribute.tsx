// Controls of an attribute edit: the attribute's name and type from what comes in, and its value in the form of its type.
import { useEffect, useId, useState } from 'react';
import { ATTRIBUTE_TYPES, parseLinkEnd } from '../../../../engine/browser.ts';
import type { AttributeRow } from '../../../protocol.ts';
import { Select } from '../../look/select.tsx';
import { TextField } from '../../look/text-field.tsx';
import { useStore, useValue } from '../../store/use.ts';
import { ValueEditor } from '../attributes/value.tsx';
import { type ControlProps, useForm } from './form.ts';
import { Stray } from './simple.tsx';

/** The attributes that come into the node on its first input at this frame; empty while they are not known. */
function useIncoming(): readonly AttributeRow[] {
  const store = useStore();
  const { ids, entry } = useForm();
  const frame = useValue(store.frame$);
  const { links } = useValue(store.document$);
  const port = entry?.inputs.find(({ kind, many }) => kind === 'image' && !many)?.name;
  const link = links.find(({ to }) => to === `${ids[0]}.${port}`);
  const node = link && parseLinkEnd(link.from).node;
  const [rows, setRows] = useState<readonly AttributeRow[]>([]);
  useEffect(() => {
    if (node === undefined) return setRows([]);
    let wanted = true;
    store.request<readonly AttributeRow[]>({ kind: 'attributes', node, frame }).then(
      (found) => wanted && setRows(found),
      () => wanted && setRows([]), // suggestions only: the attributes panel says why there are none
    );
    return () => {
      wanted = false;
    };
  }, [store, node, frame]);
  return rows;
}

export function AttributeNameControl(props: ControlProps) {
  const { value, onChange, id, label, invalid } = props;
  const rows = useIncoming();
  const list = useId();
  if (value !== undefined && typeof value !== 'string') return <Stray {...props} />;
  const names = [...new Set(rows.filter(({ owner }) => owner === undefined).map(({ name }) => name))];
  return (
    <>
      <TextField
        mono
        value={value ?? ''}
        onChange={onChange}
        list={list}
        {...(id === undefined ? {} : { id })}
        label={label}
        invalid={invalid === true}
      />
      <datalist id={list}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}

/** The present type of the attribute that is named beside the control; undefined where nobody knows one. */
function usePresent({ beside }: ControlProps): AttributeRow | undefined {
  const rows = useIncoming();
  return rows.find(({ name }) => name === beside?.['name']);
}

export function AttributeTypeControl(props: ControlProps) {
  const { value, onChange, id, label } = props;
  const present = usePresent(props);
  if (value !== undefined && typeof value !== 'string') return <Stray {...props} />;
  return (
    <Select
      {...(id === undefined ? {} : { id })}
      label={label}
      value={value ?? ''}
      options={[
        { value: '', title: present ? `as it is (${present.type})` : 'as it is' },
        ...Object.keys(ATTRIBUTE_TYPES).map((type) => ({ value: type, title: type })),
      ]}
      onChange={(type) => onChange(type === '' ? undefined : type)}
    />
  );
}

export function AttributeValueControl(props: ControlProps) {
  const { value, onChange, label, beside } = props;
  const present = usePresent(props);
  const type = typeof beside?.['type'] === 'string' ? beside['type'] : (present?.type ?? 'string');
  const name = typeof beside?.['name'] === 'string' ? beside['name'] : label;
  return <ValueEditor name={name} type={type} value={value} onChange={onChange} label={label} />;
}
