// The control of a shuffle's rows: on the left the channels that come in, on the right the rows that make the output.
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { Json } from '../../../../../engine/browser.ts';
import { Button } from '../../../look/button.tsx';
import { type ControlProps, useForm } from '../form.ts';
import { Items } from '../items.tsx';
import { isAt, problemsAt, troubleAt } from '../problem.ts';
import { Stray } from '../simple.tsx';
import { channelTree } from '../upstream.ts';
import { isRecord, moved } from '../value.ts';
import { InputList } from './input-list.tsx';
import { RowForm } from './row-form.tsx';
import { DRAGGED_ROWS, type Dragged, readDragged, rowText, withRows } from './rows.ts';
import './shuffle.css';

export function ShuffleControl(props: ControlProps) {
  const { value = [], onChange, path } = props;
  const { view, entry, problems, ids } = useForm();
  const [open, setOpen] = useState<number | null>(null);
  if (!Array.isArray(value)) return <Stray {...props} />;
  const rows = value as readonly Json[];
  const tree = ids.length > 1 ? [] : channelTree(view, entry);
  const made = view?.image?.parts.reduce((sum, part) => sum + part.channels.length, 0);
  const put = (dragged: Dragged, index?: number): void => {
    const next = withRows(rows, dragged, index);
    if (next.length > rows.length) onChange(next);
    setOpen(null);
  };
  return (
    <div className="shuffle">
      <InputList tree={tree} onChoose={put} />
      <section className="shuffle-rows" aria-label="Output">
        <header className="shuffle-head">
          <span className="quiet">Output</span>
          <span className="mono quiet">{made === undefined ? '' : `${made} ch`}</span>
        </header>
        <div className="shuffle-scroll">
          <Items
            label="Row"
            count={rows.length}
            accepts={DRAGGED_ROWS}
            onDropped={(data, index) => {
              const dragged = readDragged(data);
              if (dragged) put(dragged, index);
            }}
            onMove={(from, to) => {
              onChange(moved(rows, from, to));
              setOpen(null);
            }}
            onRemove={(index) => {
              onChange(rows.toSpliced(index, 1));
              setOpen(null);
            }}
            trouble={(index) => troubleAt(problems, [...path, String(index)])}
            empty="Drag channels here, or double-click them."
          >
            {(index) => {
              const row = rows[index]!;
              if (!isRecord(row)) return <span className="mono quiet">{JSON.stringify(row)}</span>;
              const { to, from, constant } = rowText(row);
              const type = row['type'];
              return (
                <>
                  <button
                    type="button"
                    className="shuffle-line mono"
                    aria-expanded={open === index}
                    title={`${to} ← ${from}`}
                    onClick={() => setOpen(open === index ? null : index)}
                  >
                    <span className="shuffle-to">{to}</span>
                    <span className="shuffle-from">
                      ← {from}
                      {typeof type === 'string' && <span className="shuffle-type">{type}</span>}
                      {constant && <span className="unseen"> constant</span>}
                    </span>
                  </button>
                  {open === index && (
                    <RowForm
                      row={row}
                      at={props.at}
                      path={[...path, String(index)]}
                      trouble={problemsAt(problems, [...path, String(index)]).filter((problem) => isAt(problem, path))}
                      onChange={(next, group) => onChange(rows.with(index, next as Json), group)}
                    />
                  )}
                </>
              );
            }}
          </Items>
        </div>
        <div className="shuffle-foot">
          <Button
            icon={Plus}
            tone="plain"
            hint="A row whose channel or pattern is typed"
            onClick={() => {
              onChange([...rows, { to: '', from: '' }]);
              setOpen(rows.length);
            }}
          >
            Channel
          </Button>
          <Button
            icon={Plus}
            tone="plain"
            hint="A channel with one value everywhere"
            onClick={() => {
              onChange([...rows, { to: '', value: 0, type: 'half' }]);
              setOpen(rows.length);
            }}
          >
            Constant
          </Button>
        </div>
      </section>
    </div>
  );
}
