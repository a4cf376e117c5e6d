// The list of parameters that a graph offers as a whole: named, put in order, taken back.
import { isName, type Promoted, parseLinkEnd } from '../../../../engine/browser.ts';
import { TextField } from '../../look/text-field.tsx';
import { useStore } from '../../store/use.ts';
import { Items } from './items.tsx';
import { moved } from './value.ts';

export function PromotedList({ promoted }: { readonly promoted: readonly Promoted[] }) {
  const store = useStore();
  const put = (next: readonly Promoted[], intent: string): void =>
    store.edit({ op: 'setPromoted', promoted: next }, intent);
  const change = (index: number, one: Promoted): void =>
    put(promoted.with(index, one), `Change the promoted ${one.name}`);
  const rename = (index: number, name: string): void => {
    if (isName(name) && !promoted.some((one) => one.name === name)) change(index, { ...promoted[index]!, name });
    else
      store.notify({ level: 'warning', key: 'rename', text: `${name} cannot be the name: it is taken, or no name.` });
  };
  return (
    <Items
      label="Promoted"
      count={promoted.length}
      onMove={(from, to) => put(moved(promoted, from, to), 'Order the promoted parameters')}
      onRemove={(index) =>
        store.edit({ op: 'demote', name: promoted[index]!.name }, `Take back ${promoted[index]!.name}`)
      }
      empty="None. Choose Promote in the menu of a parameter, by the right mouse button."
    >
      {(index) => {
        const one = promoted[index]!;
        return (
          <div className="param-promoted-row">
            <TextField
              label={`Title of ${one.name}`}
              value={one.title}
              onChange={(title) => change(index, { ...one, title })}
            />
            <TextField mono label={`Name of ${one.name}`} value={one.name} onChange={(name) => rename(index, name)} />
            <button
              type="button"
              className="param-link mono quiet"
              title={one.to.join(', ')}
              onClick={() => store.select(one.to.map((end) => parseLinkEnd(end).node))}
            >
              {one.to.join(', ')}
            </button>
          </div>
        );
      }}
    </Items>
  );
}
