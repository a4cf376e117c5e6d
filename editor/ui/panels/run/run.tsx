// The drawer: the run to be started and how it goes, its ledger, and the log.
import { Tabs } from '../../look/tabs.tsx';
import { useSelect, useStore, useValue } from '../../store/use.ts';
import { type RunTab, tab$ } from './act.ts';
import { Ledger } from './ledger.tsx';
import { Log } from './log.tsx';
import './run.css';
import { Setup } from './setup.tsx';
import { State } from './state.tsx';

export function Run() {
  const store = useStore();
  const tab = useValue(tab$);
  const entries = useSelect(store.run$, (run) => run?.ledger.length ?? 0);
  const lost = useSelect(store.run$, (run) => run?.ledger.some(({ kind }) => kind === 'lost') ?? false);
  const troubles = useSelect(store.log$, (log) => log.filter(({ level }) => level !== 'info').length);
  return (
    <Tabs<RunTab>
      label="Run, ledger and log"
      value={tab}
      onChange={(next) => tab$.next(next)}
      tabs={[
        { id: 'run', title: 'Run' },
        {
          id: 'ledger',
          title: 'Ledger',
          mark: entries > 0 && <span className={`run-count ${lost ? 'run-count-lost' : ''}`}>{entries}</span>,
        },
        {
          id: 'log',
          title: 'Log',
          mark: troubles > 0 && <span className="run-count run-count-trouble">{troubles}</span>,
        },
      ]}
    >
      {tab === 'ledger' ? (
        <Ledger />
      ) : tab === 'log' ? (
        <Log />
      ) : (
        <div className="run">
          <Setup />
          <State />
        </div>
      )}
    </Tabs>
  );
}
