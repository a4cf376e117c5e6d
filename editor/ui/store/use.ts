// How React components read the store: by context and by observables.
import { createContext, useCallback, useContext, useRef, useSyncExternalStore } from 'react';
import type { BehaviorSubject } from 'rxjs';
import type { Store } from './store.ts';

export const StoreContext = createContext<Store | null>(null);

/** The store. Throws outside of a `StoreContext`. */
export function useStore(): Store {
  const store = useContext(StoreContext);
  if (!store) throw new Error('A component that needs the store stands outside of its context.');
  return store;
}

/** The value of a subject; the component renders again when it changes. */
export const useValue = <T>(subject: BehaviorSubject<T>): T => useSelect(subject, same);

const same = <T>(value: T): T => value;

/**
 * A piece of a subject's value; the component renders again only when the piece changes, by `Object.is` or `equal`.
 * A new `pick` in each render is fine.
 */
export function useSelect<T, U>(
  subject: BehaviorSubject<T>,
  pick: (value: T) => U,
  equal: (a: U, b: U) => boolean = Object.is,
): U {
  const last = useRef<{ readonly piece: U } | null>(null);
  const subscribe = useCallback(
    (changed: () => void) => {
      const subscription = subject.subscribe(changed);
      return () => subscription.unsubscribe();
    },
    [subject],
  );
  return useSyncExternalStore(subscribe, () => {
    const piece = pick(subject.value);
    if (last.current && equal(last.current.piece, piece)) return last.current.piece;
    last.current = { piece };
    return piece;
  });
}
