// Taking attributes over from another sequence at one of its frames: which, shown beside what is there now.
import { FolderOpen, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { AttributeRow, SequenceView } from '../../../protocol.ts';
import { Button, IconButton } from '../../look/button.tsx';
import { Check } from '../../look/check.tsx';
import { NumberField } from '../../look/number-field.tsx';
import { Progress, useSlow } from '../../look/progress.tsx';
import { TextField } from '../../look/text-field.tsx';
import { chooseFile } from '../../shell/browse.tsx';
import { startFolder } from '../../shell/files.ts';
import { wordsOf } from '../../store/refusal.ts';
import { useStore, useValue } from '../../store/use.ts';
import { type Import, importsOf, wishesOf } from './import.ts';
import { type AttributeEditor, fulfil } from './target.ts';

interface ImporterProps {
  readonly id: string;
  /** Where the attributes go; undefined where no installed node takes them. */
  readonly editor: AttributeEditor | undefined;
  /** What the node's image has now. */
  readonly present: readonly AttributeRow[];
  readonly onClose: () => void;
}

export function Importer({ id, editor, present, onClose }: ImporterProps) {
  const store = useStore();
  const now = useValue(store.frame$);
  const [path, setPath] = useState('');
  const [frame, setFrame] = useState(now);
  const [found, setFound] = useState<SequenceView | null>(null);
  const [trouble, setTrouble] = useState('');
  const [busy, setBusy] = useState(false);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const slow = useSlow(busy);

  useEffect(() => {
    if (path === '') return;
    let wanted = true;
    setBusy(true);
    setTrouble('');
    const timer = setTimeout(() => {
      store.request<SequenceView>({ kind: 'inspect', path, frame }).then(
        (view) => {
          if (!wanted) return;
          setBusy(false);
          setFound(view);
        },
        (thrown) => {
          if (!wanted) return;
          setBusy(false);
          setFound(null);
          setTrouble(wordsOf(thrown));
        },
      );
    }, 120);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [store, path, frame]);

  const imports = found ? importsOf(found.attributes, present) : [];
  const ready = imports.filter((one) => one.possible && chosen.has(one.row.name));
  const turn = (name: string, on: boolean): void => {
    const next = new Set(chosen);
    if (on) next.add(name);
    else next.delete(name);
    setChosen(next);
  };
  const take = (): void => {
    const made = editor && fulfil(store.document$.value, store.catalogue$.value, editor, wishesOf(ready));
    if (!made) {
      store.notify({ level: 'warning', key: 'import', text: `No node that edits attributes can be put at ${id}.` });
      return;
    }
    store.edit(made.edit, ready.length === 1 ? `Import ${ready[0]!.row.name}` : `Import ${ready.length} attributes`);
    if (made.node !== id) store.select([made.node]);
    onClose();
  };

  return (
    <section className="importer" aria-label="Import attributes">
      <div className="importer-row">
        <TextField mono label="Sequence" value={path} placeholder="Sequence to import from" onChange={setPath} />
        <IconButton
          icon={FolderOpen}
          title="Browse"
          onClick={() =>
            void chooseFile({ title: 'Import attributes from', want: 'sequence', ...startFolder(store) }).then(
              (answer) => answer !== undefined && setPath(answer),
            )
          }
        />
        <IconButton icon={X} title="Close the import" onClick={onClose} />
      </div>
      <div className="importer-row">
        <span className="quiet">At frame</span>
        <div className="importer-frame">
          <NumberField integer label="Frame to import from" value={frame} onChange={setFrame} />
        </div>
        <span className="mono quiet importer-frames">{found?.frames}</span>
      </div>
      {slow && <Progress label="Reading the sequence" />}
      {trouble !== '' && <p className="importer-trouble">{trouble}</p>}
      {imports.map((one) => (
        <Line key={one.row.name} one={one} on={chosen.has(one.row.name)} onTurn={(on) => turn(one.row.name, on)} />
      ))}
      {found && (
        <div className="importer-row importer-foot">
          <Button
            tone="plain"
            onClick={() =>
              setChosen(new Set(imports.filter((one) => one.possible && one.differs).map(({ row }) => row.name)))
            }
          >
            All that differ
          </Button>
          <Button tone="main" disabled={ready.length === 0} onClick={take}>
            {ready.length === 1 ? 'Import 1 attribute' : `Import ${ready.length} attributes`}
          </Button>
        </div>
      )}
    </section>
  );
}

function Line({
  one,
  on,
  onTurn,
}: {
  readonly one: Import;
  readonly on: boolean;
  readonly onTurn: (on: boolean) => void;
}) {
  const { row, possible, differs } = one;
  return (
    <div className="importer-line" title={possible ? row.text : one.reason}>
      <Check value={on && possible} disabled={!possible} onChange={onTurn}>
        <span className="importer-name">{row.name}</span>
      </Check>
      <span className="mono importer-value">{row.text}</span>
      <span className="quiet importer-same">{possible ? (differs ? '' : 'same') : 'not possible'}</span>
    </div>
  );
}
