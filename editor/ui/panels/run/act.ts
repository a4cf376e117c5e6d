// Starting, cancelling and copying a run: the form of this window, and the actions by name.
import { BehaviorSubject } from 'rxjs';
import { registerActions } from '../../shell/actions.ts';
import { arrange, shown } from '../../shell/layout.ts';
import { wordsOf } from '../../store/refusal.ts';
import type { Store } from '../../store/store.ts';
import { commandLine } from './command.ts';
import { FIRST_FORM, framesOf, obstaclesOf, optionsOf, type RunForm, sinksOf } from './plan.ts';

/** The form of this window. It goes back to the first one with another document. */
export const form$ = new BehaviorSubject<RunForm>(FIRST_FORM);

export const fill = (change: Partial<RunForm>): void => form$.next({ ...form$.value, ...change });

/** The frames typed in the form go, and those of the document hold again. */
export function forgetRange(): void {
  const { range: _, ...others } = form$.value;
  form$.next(others);
}

export type RunTab = 'run' | 'ledger' | 'log';
export const tab$ = new BehaviorSubject<RunTab>('run');

export const processorsOf = (store: Store): number => store.welcome$.value?.processors ?? 1;

const sinks = (store: Store): ReturnType<typeof sinksOf> => sinksOf(store.document$.value, store.catalogue$.value);

export function mayStart(store: Store): boolean {
  if (store.run$.value?.state === 'running') return false;
  const found = obstaclesOf(store.document$.value, sinks(store), form$.value, store.problems$.value);
  return found.reasons.length + found.errors.length === 0;
}

const failed = (store: Store, what: string, thrown: unknown): void =>
  store.notify({ level: 'error', key: 'run', text: `${what}: ${wordsOf(thrown)}` });

export function start(store: Store): void {
  const options = optionsOf(sinks(store), form$.value, { processors: processorsOf(store) });
  tab$.next('run');
  store.request({ kind: 'run', options }).catch((thrown) => failed(store, 'Not started', thrown));
}

export function cancel(store: Store): void {
  store.request({ kind: 'cancel' }).catch((thrown) => failed(store, 'Not cancelled', thrown));
}

/** The command line for a farm; undefined for a document that was never saved, and for frames that cannot be read. */
export function commandOf(store: Store): string | undefined {
  const { path } = store.file$.value;
  if (framesOf(store.document$.value, form$.value).trouble !== undefined) return undefined;
  const options = optionsOf(sinks(store), form$.value, { processors: processorsOf(store) });
  return path === undefined ? undefined : commandLine(path, options);
}

/** The actions on runs, there whether or not the drawer is open. Returns what takes them away again. */
export function registerRunActions(store: Store): () => void {
  const showing = (tab: RunTab): void => {
    arrange((layout) => shown(layout, 'drawer'));
    tab$.next(tab);
  };
  const ends = [
    registerActions([
      {
        id: 'run.start',
        title: 'Start the run',
        keys: ['Mod+Enter'],
        enabled: () => mayStart(store),
        run: () => {
          showing('run');
          start(store);
        },
      },
      {
        id: 'run.cancel',
        title: 'Cancel the run',
        enabled: () => store.run$.value?.state === 'running',
        run: () => cancel(store),
      },
      {
        id: 'run.copyCommand',
        title: 'Copy the command line of the run',
        enabled: () => commandOf(store) !== undefined,
        run: () => {
          const command = commandOf(store);
          if (command === undefined) return;
          navigator.clipboard.writeText(command).then(
            () => store.notify({ level: 'info', key: 'copy', text: 'The command line is on the clipboard.' }),
            (thrown) => failed(store, 'Not copied', thrown),
          );
        },
      },
      { id: 'run.ledger', title: 'Show the ledger', run: () => showing('ledger') },
      { id: 'run.log', title: 'Show the log', run: () => showing('log') },
    ]),
  ];
  const forgetting = store.reset$.subscribe(() => form$.next(FIRST_FORM));
  return () => {
    forgetting.unsubscribe();
    for (const end of ends) end();
  };
}
