// The application: waits for the first document, then shows the window; wires up what works everywhere in it.
import { useEffect } from 'react';
import { EmptyState } from './look/empty-state.tsx';
import { Progress, useSlow } from './look/progress.tsx';
import { registerTemplateActions } from './panels/library/templates.ts';
import { registerRunActions } from './panels/run/act.ts';
import { listenForShortcuts, runAction } from './shell/actions.ts';
import { bridge } from './shell/bridge.ts';
import { registerCommands } from './shell/commands.ts';
import { mayLeave, open, titleOf } from './shell/files.ts';
import { rememberLayout } from './shell/layout.ts';
import { registerRecent } from './shell/recent.ts';
import { Shell } from './shell/shell.tsx';
import type { Store } from './store/store.ts';
import { StoreContext, useSelect, useStore, useValue } from './store/use.ts';

export function App({ store }: { readonly store: Store }) {
  useEffect(() => {
    const ends = [
      rememberLayout(localStorage),
      registerCommands(store),
      registerRecent(store),
      registerTemplateActions(store),
      registerRunActions(store),
      listenForShortcuts(window),
      bridge()?.onAction(runAction),
      bridge()?.onOpen((path) => void open(store, path)),
      bridge()?.onClosing(() => mayLeave(store)),
      keepUnsaved(store),
    ];
    return () => {
      for (const end of ends) end?.();
    };
  }, [store]);
  return (
    <StoreContext value={store}>
      <WindowTitle />
      <Opening />
    </StoreContext>
  );
}

/** The browser asks before a page with changes goes; the desktop program asks by itself. */
function keepUnsaved(store: Store): () => void {
  const leaving = (event: BeforeUnloadEvent): void => {
    const kept = store.file$.value.saved && store.isSettled();
    if (!kept && !bridge()) event.preventDefault();
  };
  window.addEventListener('beforeunload', leaving);
  return () => window.removeEventListener('beforeunload', leaving);
}

function WindowTitle() {
  const store = useStore();
  const { path, saved } = useValue(store.file$);
  const name = useSelect(store.document$, (document) => document.name);
  const title = titleOf({ saved, changedOnDisk: false, ...(path === undefined ? {} : { path }) }, name);
  useEffect(() => {
    bridge()?.showDocument({ name: title, saved, ...(path === undefined ? {} : { path }) });
  }, [title, path, saved]);
  return <title>{`${saved ? '' : '● '}${title} - Sluice`}</title>;
}

function Opening() {
  const store = useStore();
  const met = useValue(store.welcome$) !== null;
  const state = useValue(store.connection$);
  const slow = useSlow(!met);
  if (met) return <Shell />;
  if (state === 'lost' || state === 'ended') {
    return (
      <div className="shell-wait">
        <EmptyState
          sentence="No session host answers here. Start one with `sluice edit` and open the address that it prints."
          action={{ title: 'Try again', run: () => location.reload() }}
        />
      </div>
    );
  }
  return slow ? <Progress label="Connecting to the host" /> : null;
}
