// The bar at the top: menus, history, the document's name, the run and the connection.
import { Play, Redo2, Square, Undo2 } from 'lucide-react';
import { Badge } from '../look/badge.tsx';
import { Button, IconButton } from '../look/button.tsx';
import { Progress } from '../look/progress.tsx';
import { Tooltip } from '../look/tooltip.tsx';
import { useSelect, useStore, useValue } from '../store/use.ts';
import { actions$, runAction } from './actions.ts';
import { titleOf } from './files.ts';
import { arrange, shown } from './layout.ts';
import { MenuBar } from './menu-bar.tsx';
import './top-bar.css';

export function TopBar() {
  const store = useStore();
  const { undo, redo } = useValue(store.history$);
  return (
    <header className="top-bar" data-pane>
      <div className="top-bar-side">
        <MenuBar />
        <IconButton
          icon={Undo2}
          title={undo === undefined ? 'Nothing to undo' : `Undo: ${undo}`}
          keys="Mod+Z"
          disabled={undo === undefined}
          onClick={() => runAction('edit.undo')}
        />
        <IconButton
          icon={Redo2}
          title={redo === undefined ? 'Nothing to redo' : `Redo: ${redo}`}
          keys="Mod+Shift+Z"
          disabled={redo === undefined}
          onClick={() => runAction('edit.redo')}
        />
      </div>
      <Name />
      <div className="top-bar-side top-bar-end">
        <Connection />
        <RunButton />
      </div>
    </header>
  );
}

function Name() {
  const store = useStore();
  const file = useValue(store.file$);
  const name = useSelect(store.document$, (document) => document.name);
  return (
    <Tooltip
      text={file.path ?? 'This graph has no file yet'}
      child={
        <h1 className="top-bar-name">
          <bdi>{titleOf(file, name)}</bdi>
          {!file.saved && <span className="top-bar-unsaved" role="img" aria-label="not saved" />}
        </h1>
      }
    />
  );
}

function Connection() {
  const state = useValue(useStore().connection$);
  if (state === 'open') return null;
  return (
    <Badge
      kind={state === 'connecting' ? 'running' : 'warning'}
      text={state === 'connecting' ? 'Connecting' : 'No connection'}
    />
  );
}

function RunButton() {
  const store = useStore();
  const run = useValue(store.run$);
  const startable = useSelect(actions$, (actions) => actions.some(({ id }) => id === 'run.start'));
  const start = (): void => {
    arrange((layout) => shown(layout, 'drawer'));
    if (startable) runAction('run.start');
  };
  if (run?.state !== 'running') {
    return (
      <Button icon={Play} hint={startable ? 'Run the graph' : 'Show what would be run'} onClick={start}>
        Run
      </Button>
    );
  }
  const cancel = (): void => {
    store
      .request({ kind: 'cancel' })
      .catch(({ message }: Error) => store.notify({ level: 'warning', key: 'run', text: message }));
  };
  return (
    <>
      <button type="button" className="top-bar-run" onClick={() => arrange((layout) => shown(layout, 'drawer'))}>
        <span>
          {run.done} of {run.total} frames
        </span>
        <Progress label="The run" {...(run.total > 0 ? { value: run.done / run.total } : {})} />
      </button>
      <Button icon={Square} hint="End the run after the frames under way" onClick={cancel}>
        Cancel
      </Button>
    </>
  );
}
