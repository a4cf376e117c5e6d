// Adding an attribute that the image does not have: its name and type; its value is set in the table.
import { X } from 'lucide-react';
import { useState } from 'react';
import { ATTRIBUTE_TYPES } from '../../../../engine/browser.ts';
import type { AttributeRow } from '../../../protocol.ts';
import { Button, IconButton } from '../../look/button.tsx';
import { Select } from '../../look/select.tsx';
import { TextField } from '../../look/text-field.tsx';
import { newNameTrouble } from './trouble.ts';

interface AdderProps {
  /** What the image has now. */
  readonly present: readonly AttributeRow[];
  readonly onAdd: (name: string, type: string) => void;
  readonly onClose: () => void;
}

export function Adder({ present, onAdd, onClose }: AdderProps) {
  const [name, setName] = useState('');
  const [type, setType] = useState('string');
  const trouble = newNameTrouble(name.trim(), present);
  const add = (): void => {
    if (trouble === undefined) onAdd(name.trim(), type);
  };
  return (
    <section className="importer" aria-label="Add an attribute" onKeyDown={({ key }) => key === 'Escape' && onClose()}>
      <div className="importer-row">
        <TextField
          live
          autoFocus
          mono
          label="Name of the attribute"
          placeholder="Name"
          value={name}
          onChange={setName}
          onEnter={add}
        />
        <div className="importer-type">
          <Select
            label="Type of the attribute"
            value={type}
            options={Object.keys(ATTRIBUTE_TYPES).map((one) => ({ value: one, title: one }))}
            onChange={setType}
          />
        </div>
        <Button tone="main" disabled={trouble !== undefined} onClick={add}>
          Add
        </Button>
        <IconButton icon={X} title="Close" onClick={onClose} />
      </div>
      {name !== '' && trouble !== undefined && <p className="importer-trouble">{trouble}</p>}
    </section>
  );
}
