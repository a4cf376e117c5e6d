// The attributes of a node's image at the present frame: asked for again when the graph or the frame changes, not too often.
import { useEffect, useState } from 'react';
import { merge, skip } from 'rxjs';
import type { AttributeRow } from '../../../protocol.ts';
import { wordsOf } from '../../store/refusal.ts';
import { useStore } from '../../store/use.ts';

/** Milliseconds of rest after an edit or a step of the frame. */
const REST = 120;

export interface KnownAttributes {
  /** Those that were told last; undefined before the first answer. */
  readonly rows: readonly AttributeRow[] | undefined;
  /** Why there are none. */
  readonly trouble?: string;
  readonly busy: boolean;
}

export function useAttributes(node: string): KnownAttributes {
  const store = useStore();
  const [known, setKnown] = useState<KnownAttributes>({ rows: undefined, busy: true });
  useEffect(() => {
    let serial = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = (): void => {
      serial += 1;
      const mine = serial;
      setKnown((before) => ({ ...before, busy: true }));
      store.request<readonly AttributeRow[]>({ kind: 'attributes', node, frame: store.frame$.value }).then(
        (rows) => mine === serial && setKnown({ rows, busy: false }),
        (thrown) => mine === serial && setKnown({ rows: [], trouble: wordsOf(thrown), busy: false }),
      );
    };
    ask();
    const changes = merge(store.document$.pipe(skip(1)), store.frame$.pipe(skip(1))).subscribe(() => {
      clearTimeout(timer);
      timer = setTimeout(ask, REST);
    });
    return () => {
      serial += 1;
      clearTimeout(timer);
      changes.unsubscribe();
    };
  }, [store, node]);
  return known;
}
