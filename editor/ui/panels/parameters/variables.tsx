// The table of a graph's variables: name, type, default.
import { Plus, X } from 'lucide-react';
import { isName, type Variable } from '../../../../engine/browser.ts';
import { freeName } from '../../canvas/names.ts';
import { Button, IconButton } from '../../look/button.tsx';
import { NumberField } from '../../look/number-field.tsx';
import { Select } from '../../look/select.tsx';
import { TextField } from '../../look/text-field.tsx';
import { useStore } from '../../store/use.ts';

type Variables = Readonly<Record<string, Variable>>;

/** The variables with one under another name, at its place. */
const renamed = (variables: Variables, from: string, to: string): Variables =>
  Object.fromEntries(Object.entries(variables).map(([name, variable]) => [name === from ? to : name, variable]));

/** The same value in the other type: a text that is no number becomes 0. */
function retyped({ default: value }: Variable, type: Variable['type']): Variable {
  if (type === 'string') return { type, default: String(value) };
  const number = Number(value);
  return { type, default: Number.isFinite(number) ? number : 0 };
}

const isFree = (variables: Variables, name: string): boolean =>
  isName(name) && name !== 'frame' && !Object.hasOwn(variables, name);

export function VariableTable({ variables }: { readonly variables: Variables }) {
  const store = useStore();
  const set = (name: string, variable: Variable, group?: string): void =>
    store.edit({ op: 'setVariable', name, variable }, `Set the variable ${name}`, group);
  const add = (): void => {
    set(
      freeName('variable', (name) => !isFree(variables, name)),
      { type: 'string', default: '' },
    );
  };
  const rename = (from: string, to: string): void => {
    if (isFree(variables, to)) {
      store.edit(
        { op: 'setVariables', variables: renamed(variables, from, to) },
        `Rename the variable ${from} to ${to}`,
      );
    } else {
      const text = `${to} cannot be the name of a variable: a free name of letters, digits, _ or -, and not frame.`;
      store.notify({ level: 'warning', key: 'rename', text });
    }
  };
  return (
    <div className="param-list">
      {Object.entries(variables).map(([name, variable]) => (
        <div key={name} className="param-variable">
          <TextField mono label={`Name of ${name}`} value={name} onChange={(to) => rename(name, to)} />
          <Select
            label={`Type of ${name}`}
            value={variable.type}
            options={[
              { value: 'string', title: 'text' },
              { value: 'number', title: 'number' },
            ]}
            onChange={(type) => set(name, retyped(variable, type as Variable['type']))}
          />
          {variable.type === 'number' ? (
            <NumberField
              label={`Default of ${name}`}
              value={variable.default}
              onChange={(next, group) => set(name, { type: 'number', default: next }, group)}
            />
          ) : (
            <TextField
              mono
              label={`Default of ${name}`}
              value={variable.default}
              onChange={(next) => set(name, { type: 'string', default: next })}
            />
          )}
          <IconButton
            icon={X}
            size={12}
            title={`Remove ${name}`}
            onClick={() => store.edit({ op: 'removeVariable', name }, `Remove the variable ${name}`)}
          />
        </div>
      ))}
      <div>
        <Button icon={Plus} tone="plain" hint="Texts in parameters may then hold ${name}" onClick={add}>
          Add a variable
        </Button>
      </div>
    </div>
  );
}
