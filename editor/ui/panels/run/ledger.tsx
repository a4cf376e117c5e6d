// The ledger of the run as it grows: what does not reach the outputs unchanged, by kind, with the reason.
import { useMemo, useState } from 'react';
import { Badge } from '../../look/badge.tsx';
import { EmptyState } from '../../look/empty-state.tsx';
import { TextField } from '../../look/text-field.tsx';
import { useStore, useValue } from '../../store/use.ts';
import { tab$ } from './act.ts';
import { CopyButton } from './copy.tsx';
import { outerOf } from './plan.ts';
import { KIND_WORDS, ledgerGroups, ledgerText, reasonOf } from './rows.ts';

/** Rows of a kind that are shown; a filter finds the others. */
const MOST_ROWS = 300;

export function Ledger() {
  const store = useStore();
  const run = useValue(store.run$);
  const [query, setQuery] = useState('');
  const groups = useMemo(() => ledgerGroups(run?.ledger ?? [], query), [run, query]);
  if (!run || run.ledger.length === 0) {
    const sentence = !run
      ? 'What a run loses, converts, changes or adds is listed here, with the reason.'
      : run.state === 'running'
        ? 'Nothing to tell so far.'
        : 'Nothing was lost, replaced or added.';
    return <EmptyState sentence={sentence} action={{ title: 'Show the run', run: () => tab$.next('run') }} />;
  }
  const count = groups.reduce((sum, { entries }) => sum + entries.length, 0);
  return (
    <div className="run-list">
      <div className="run-tools">
        <TextField live label="Filter the ledger" placeholder="Filter" value={query} onChange={setQuery} />
        <span className="quiet">
          {count === run.ledger.length ? `${count} lines` : `${count} of ${run.ledger.length} lines`}
        </span>
        <span className="run-space" />
        <CopyButton title="Copy as text" text={() => ledgerText(groups)} />
      </div>
      <div className="run-scroll">
        <table className="run-table">
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">Name</th>
              <th scope="col">From</th>
              <th scope="col">Output</th>
              <th scope="col">Frames</th>
              <th scope="col">Reason</th>
            </tr>
          </thead>
          {groups.map(({ kind, entries }) => (
            <tbody key={kind}>
              <tr>
                <th scope="rowgroup" colSpan={6} className="run-group">
                  <Badge kind={KIND_WORDS[kind].mark} text={`${kind} ${entries.length}`} />
                  <span className="run-group-doc quiet">{KIND_WORDS[kind].doc}</span>
                </th>
              </tr>
              {entries.slice(0, MOST_ROWS).map((entry) => (
                <tr key={[entry.item, entry.name, entry.from, entry.sink, entry.reason].join('\n')}>
                  <td className="quiet">{entry.item}</td>
                  <td className="mono selectable">{entry.name}</td>
                  <td>
                    <NodeLink id={entry.from} />
                  </td>
                  <td>
                    <NodeLink id={entry.sink} />
                  </td>
                  <td className="mono selectable">{entry.frames}</td>
                  <td className="run-reason selectable">{reasonOf(entry)}</td>
                </tr>
              ))}
              {entries.length > MOST_ROWS && (
                <tr>
                  <td colSpan={6} className="quiet">
                    and {entries.length - MOST_ROWS} more; filter to find them
                  </td>
                </tr>
              )}
            </tbody>
          ))}
        </table>
      </div>
    </div>
  );
}

/** The name of a node, which selects it; plain text where the document has no such node. */
export function NodeLink({ id }: { readonly id: string }) {
  const store = useStore();
  const known = Object.hasOwn(useValue(store.document$).nodes, outerOf(id));
  if (!known) return <span className="quiet">{id}</span>;
  return (
    <button type="button" className="run-node" title={`Select ${id}`} onClick={() => store.select([outerOf(id)])}>
      {id}
    </button>
  );
}
