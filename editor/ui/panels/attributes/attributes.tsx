// The attributes panel: every attribute of an image with its value and source; choosing, editing and taking over.
import { Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { ATTRIBUTE_TYPES, type Json, type Link, parseLinkEnd } from '../../../../engine/browser.ts';
import { Button, IconButton } from '../../look/button.tsx';
import { EmptyState } from '../../look/empty-state.tsx';
import { Progress, useSlow } from '../../look/progress.tsx';
import { TextField } from '../../look/text-field.tsx';
import { runAction } from '../../shell/actions.ts';
import { arrange } from '../../shell/layout.ts';
import { useSelect, useStore, useValue } from '../../store/use.ts';
import { Adder } from './adder.tsx';
import { ConflictList } from './conflicts.tsx';
import { Importer } from './importer.tsx';
import { filterRows, withRemoved } from './rows.ts';
import { AttributeTable } from './table.tsx';
import { editorFor, fulfil } from './target.ts';
import { tool$, turn } from './tools.ts';
import { useAttributes } from './use-attributes.ts';
import './attributes.css';

/** Of the wire or the node that is selected; of the viewed node where nothing is. */
export function Attributes() {
  const store = useStore();
  const document = useValue(store.document$);
  const selection = useValue(store.selection$);
  const wire = useValue(store.wire$);
  const { a } = useValue(store.viewed$);
  // The same attribute stays unfolded from node to node, so that its values can be compared.
  const [open, setOpen] = useState<string | null>(null);
  const link = document.links.find(({ to }) => to === wire);
  const [first] = selection;
  const id = link ? parseLinkEnd(link.from).node : selection.size === 1 ? first : selection.size === 0 ? a : undefined;
  if (id !== undefined && Object.hasOwn(document.nodes, id)) {
    return <OfImage key={`${id} ${link?.to}`} id={id} link={link} open={open} onOpen={setOpen} />;
  }
  if (first !== undefined) {
    return (
      <EmptyState
        sentence="Select one node or one wire to see the attributes of its image."
        action={{ title: `Select ${first} alone`, run: () => store.select([first]) }}
      />
    );
  }
  return (
    <EmptyState
      sentence="Select a node or a wire to see the attributes of its image."
      action={{ title: 'Find a node', keys: 'Mod+F', run: () => runAction('edit.find') }}
    />
  );
}

interface OfImageProps {
  /** The node that gives the image. */
  readonly id: string;
  /** The wire that carries it, where one is selected. */
  readonly link: Link | undefined;
  readonly open: string | null;
  readonly onOpen: (row: string | null) => void;
}

function OfImage({ id, link, open, onOpen }: OfImageProps) {
  const store = useStore();
  const document = useValue(store.document$);
  const catalogue = useValue(store.catalogue$);
  const what = link ? `${id} → ${parseLinkEnd(link.to).node}` : id;
  const { rows, trouble, busy } = useAttributes(id);
  const [filter, setFilter] = useState('');
  const tool = useValue(tool$);
  const slow = useSlow(busy);
  const editor = useMemo(() => editorFor(document, catalogue, id, link), [document, catalogue, id, link]);
  const parts = useSelect(store.nodes$, (nodes) => nodes[id]?.image?.parts);
  const isMesh = useSelect(store.nodes$, (nodes) => nodes[id]?.charts !== undefined);
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
  const add = (name: string, type: string): void => {
    const value = type === 'string' ? '' : (ATTRIBUTE_TYPES[type]!.example as Json);
    const made = editor && fulfil(document, catalogue, editor, [{ name, type, value }]);
    if (!made) {
      store.notify({
        level: 'warning',
        key: 'attribute',
        text: `No node that edits attributes can be put at ${what}.`,
      });
      return;
    }
    tool$.next(null);
    onOpen(`0 ${name}`);
    store.edit(made.edit, `Add the attribute ${name}`);
    if (made.node !== id) store.select([made.node]);
  };
  return (
    <div className="attributes">
      <div className="attributes-bar">
        <TextField
          live
          label="Filter attributes"
          placeholder={`Filter attributes of ${what}`}
          value={filter}
          onChange={setFilter}
        />
        <span className="quiet attributes-count" title={`Attributes of ${what}`}>
          {rows ? (filter === '' ? all.length : `${shown.length} of ${all.length}`) : ''}
        </span>
        <IconButton icon={Plus} title="Add an attribute" pressed={tool === 'add'} onClick={() => turn('add')} />
        <Button
          pressed={tool === 'import'}
          onClick={() => turn('import')}
          hint="Take attributes over from another sequence"
        >
          Import…
        </Button>
      </div>
      <div className="attributes-busy">{slow && <Progress label="Reading attributes" />}</div>
      <div className="attributes-scroll">
        {tool === 'import' && (
          <Importer id={id} editor={editor} present={rows ?? []} onClose={() => tool$.next(null)} />
        )}
        {tool === 'add' && <Adder present={rows ?? []} onAdd={add} onClose={() => tool$.next(null)} />}
        {!link && (
          <div className="attributes-conflicts">
            <ConflictList node={id} />
          </div>
        )}
        {trouble !== undefined && <p className="attributes-trouble">{trouble}</p>}
        {rows && all.length === 0 && (
          <EmptyState
            sentence={
              isMesh
                ? `${id} gives a mesh, which has no attributes.`
                : `${id} has no image here, so there are no attributes.`
            }
            {...(isMesh
              ? {}
              : {
                  action: {
                    title: 'See the problems',
                    run: () => arrange((layout) => ({ ...layout, rightTab: 'problems' })),
                  },
                })}
          />
        )}
        {all.length > 0 && shown.length === 0 && (
          <EmptyState sentence="No attribute fits." action={{ title: 'Show all', run: () => setFilter('') }} />
        )}
        {shown.length > 0 && <AttributeTable id={id} rows={shown} editor={editor} open={open} onOpen={onOpen} />}
      </div>
    </div>
  );
}
