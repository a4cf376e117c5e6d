// The attributes panel: every attribute of an image with its value and source; choosing, editing and taking over.
import { useMemo, useState } from 'react';
import { Button } from '../../look/button.tsx';
import { EmptyState } from '../../look/empty-state.tsx';
import { Progress, useSlow } from '../../look/progress.tsx';
import { TextField } from '../../look/text-field.tsx';
import { useSelect, useStore, useValue } from '../../store/use.ts';
import { ConflictList } from './conflicts.tsx';
import { Importer } from './importer.tsx';
import { filterRows, withRemoved } from './rows.ts';
import { AttributeTable } from './table.tsx';
import { editorFor } from './target.ts';
import { useAttributes } from './use-attributes.ts';
import './attributes.css';

export function Attributes() {
  const store = useStore();
  const document = useValue(store.document$);
  const selection = useValue(store.selection$);
  const { a } = useValue(store.viewed$);
  const [only] = selection;
  const id = selection.size === 1 ? only : selection.size === 0 ? a : undefined;
  if (id === undefined || !Object.hasOwn(document.nodes, id)) {
    const text =
      selection.size > 1
        ? 'Select one node to see the attributes of its image.'
        : 'Select a node to see the attributes of its image.';
    return <EmptyState sentence={text} />;
  }
  return <OfNode key={id} id={id} />;
}

function OfNode({ id }: { readonly id: string }) {
  const store = useStore();
  const document = useValue(store.document$);
  const catalogue = useValue(store.catalogue$);
  const { rows, trouble, busy } = useAttributes(id);
  const [filter, setFilter] = useState('');
  const [importing, setImporting] = useState(false);
  const slow = useSlow(busy);
  const editor = useMemo(() => editorFor(document, catalogue, id), [document, catalogue, id]);
  const parts = useSelect(store.nodes$, (nodes) => nodes[id]?.image?.parts);
  const all = useMemo(
    () =>
      withRemoved(
        rows ?? [],
        editor,
        parts?.map(({ name }) => name),
      ),
    [rows, editor, parts],
  );
  const shown = useMemo(() => filterRows(all, filter), [all, filter]);
  return (
    <div className="attributes">
      <div className="attributes-bar">
        <TextField live label="Filter attributes" placeholder="Filter" value={filter} onChange={setFilter} />
        <span className="quiet attributes-count" title={`Attributes of ${id}`}>
          {rows ? (filter === '' ? all.length : `${shown.length} of ${all.length}`) : ''}
        </span>
        <Button
          pressed={importing}
          onClick={() => setImporting(!importing)}
          hint="Take attributes over from another sequence"
        >
          Import…
        </Button>
      </div>
      <div className="attributes-busy">{slow && <Progress label="Reading attributes" />}</div>
      <div className="attributes-scroll">
        {importing && <Importer id={id} present={rows ?? []} onClose={() => setImporting(false)} />}
        <div className="attributes-conflicts">
          <ConflictList node={id} />
        </div>
        {trouble !== undefined && <p className="attributes-trouble">{trouble}</p>}
        {rows && all.length === 0 && <EmptyState sentence={`${id} has no image here, so there are no attributes.`} />}
        {all.length > 0 && shown.length === 0 && (
          <EmptyState sentence="No attribute fits." action={{ title: 'Show all', run: () => setFilter('') }} />
        )}
        {shown.length > 0 && <AttributeTable id={id} rows={shown} editor={editor} />}
      </div>
    </div>
  );
}
