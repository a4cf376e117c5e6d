// The editor of an attribute's value: a control for each type of OpenEXR, all of them checked before anything changes.
import { useState } from 'react';
import { ATTRIBUTE_TYPES, type Json } from '../../../../engine/browser.ts';
import { Button } from '../../look/button.tsx';
import { NumberField } from '../../look/number-field.tsx';
import { Select } from '../../look/select.tsx';
import { TextField } from '../../look/text-field.tsx';
import { ChromaticitiesEditor } from './chromaticities.tsx';
import { KeyCodeEditor, RationalEditor, TimeCodeEditor } from './film.tsx';
import { JsonText } from './json-text.tsx';
import { BoxEditor, MatrixEditor, NumberList, TextList, VectorEditor } from './numbers.tsx';
import { PreviewPicture } from './preview.tsx';
import { SpecialNumber } from './special.tsx';
import { hasPlaceholder, valueTrouble } from './trouble.ts';
import './value.css';

export interface ValueEditorProps {
  readonly name: string;
  /** OpenEXR's type name. */
  readonly type: string;
  /** In the form that `ATTRIBUTE_TYPES` shows; undefined where there is none yet. */
  readonly value: Json | undefined;
  readonly label: string;
  readonly readOnly?: boolean;
  /** Only values that the type can hold, or texts with placeholders. */
  readonly onChange: (value: Json, group?: string) => void;
}

export function ValueEditor({ name, type, value, label, readOnly, onChange }: ValueEditorProps) {
  const [trouble, setTrouble] = useState<string | undefined>(undefined);
  const form = Object.hasOwn(ATTRIBUTE_TYPES, type) ? ATTRIBUTE_TYPES[type]! : undefined;
  const set = (next: Json, group?: string): void => {
    const wrong = valueTrouble(name, type, next);
    setTrouble(wrong);
    if (wrong === undefined) onChange(next, group);
  };
  if (!form) return <p className="quiet">The type {type} is not known here: its values cannot be edited.</p>;
  const fits = value !== undefined && valueTrouble(name, type, value) === undefined;
  return (
    <fieldset className="value" disabled={readOnly} aria-label={label} title={form.doc}>
      {fits || type === 'string' ? (
        <Editor type={type} value={value ?? ''} label={label} onChange={set} />
      ) : (
        <div className="value-row">
          {value !== undefined && value !== '' && <JsonText value={value} label={label} onChange={set} />}
          <Button hint={form.doc} onClick={() => set(form.example)}>
            Begin with an example
          </Button>
        </div>
      )}
      {trouble !== undefined && (
        <p className="value-trouble" role="alert">
          {trouble}
        </p>
      )}
    </fieldset>
  );
}

export interface EditorProps {
  readonly value: Json;
  readonly label: string;
  readonly onChange: (value: Json, group?: string) => void;
}

const NAMES: Readonly<Record<string, readonly string[]>> = {
  envmap: ['latlong', 'cube'],
  deepImageState: ['messy', 'sorted', 'non-overlapping', 'tidy'],
};

function Editor({ type, ...props }: EditorProps & { readonly type: string }) {
  const { value, label, onChange } = props;
  if (hasPlaceholder(value) && type !== 'string')
    return <TextField mono value={value} label={label} onChange={onChange} />;
  const names = NAMES[type];
  if (names && typeof value === 'string') {
    return (
      <Select
        label={label}
        value={value}
        options={names.map((name) => ({ value: name, title: name }))}
        onChange={onChange}
      />
    );
  }
  switch (type) {
    case 'string':
      return (
        <TextField
          value={typeof value === 'string' ? value : JSON.stringify(value)}
          label={label}
          lines={String(value).includes('\n') || String(value).length > 60}
          onChange={onChange}
        />
      );
    case 'int':
      return <NumberField integer value={Number(value)} label={label} onChange={onChange} />;
    case 'float':
    case 'double':
      return <SpecialNumber {...props} />;
    case 'v2i':
    case 'v3i':
    case 'v2f':
    case 'v3f':
    case 'v2d':
    case 'v3d':
      return <VectorEditor {...props} integer={type.endsWith('i')} />;
    case 'box2i':
    case 'box2f':
      return <BoxEditor {...props} integer={type.endsWith('i')} />;
    case 'm33f':
    case 'm33d':
    case 'm44f':
    case 'm44d':
      return <MatrixEditor {...props} />;
    case 'floatvector':
      return <NumberList {...props} />;
    case 'stringvector':
      return <TextList {...props} />;
    case 'timecode':
      return <TimeCodeEditor {...props} />;
    case 'keycode':
      return <KeyCodeEditor {...props} />;
    case 'rational':
      return <RationalEditor {...props} />;
    case 'chromaticities':
      return <ChromaticitiesEditor {...props} />;
    case 'preview':
      return <PreviewPicture {...props} />;
    default:
      return <JsonText {...props} />;
  }
}
