// The panel of several nodes: what they have in common, edited for all of them at once.
import { Power } from 'lucide-react';
import { useMemo } from 'react';
import { IconButton } from '../../look/button.tsx';
import { useStore, useValue } from '../../store/use.ts';
import { NodeForm } from './node-form.tsx';

export function ManyPanel({ ids }: { readonly ids: readonly string[] }) {
  const store = useStore();
  const { nodes } = useValue(store.document$);
  const catalogue = useValue(store.catalogue$);
  const types = [...new Set(ids.map((id) => nodes[id]!.type))];
  const key = types.join();
  const entries = useMemo(
    () => key.split(',').map((type) => catalogue.find((entry) => entry.type === type)),
    [key, catalogue],
  );
  const known = entries.flatMap((entry) => entry ?? []);
  const off = ids.every((id) => nodes[id]?.disabled);
  return (
    <>
      <header className="param-head">
        <div className="param-names">
          <h2 className="param-title">{ids.length} nodes</h2>
          <div className="param-type mono quiet" title={types.join(', ')}>
            {types.join(', ')}
          </div>
        </div>
        <IconButton
          icon={Power}
          title={off ? 'Enable all' : 'Bypass all'}
          keys="D"
          pressed={off}
          onClick={() =>
            store.edit(
              { op: 'batch', edits: ids.map((node) => ({ op: 'setDisabled', node, disabled: !off })) },
              `${off ? 'Enable' : 'Bypass'} ${ids.length} nodes`,
            )
          }
        />
      </header>
      <div className="param-scroll">
        {known.length === entries.length ? (
          <NodeForm key={key} ids={ids} entries={known} />
        ) : (
          <p className="quiet param-none">Some of these nodes are of a type that is not installed.</p>
        )}
      </div>
    </>
  );
}
