// How components read what follows from the viewer's state without being a value of its own.
import { useCallback, useSyncExternalStore } from 'react';
import type { ViewerDesk } from './desk.ts';

/** A text or a number that is read again after each drawing; the component renders again when it changes. */
export function useDrawn<T extends string | number | boolean | undefined>(desk: ViewerDesk, read: () => T): T {
  const subscribe = useCallback(
    (changed: () => void) => {
      const subscription = desk.drawn$.subscribe(changed);
      return () => subscription.unsubscribe();
    },
    [desk],
  );
  return useSyncExternalStore(subscribe, read);
}
