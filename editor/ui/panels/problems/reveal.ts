// Leading to a node: it becomes the selection, and the canvas brings it on the screen, as near as it is.
import { runAction } from '../../shell/actions.ts';
import type { Store } from '../../store/store.ts';

/** Does nothing for a node that is not in the document. */
export function revealNode(store: Store, id: string): void {
  if (!Object.hasOwn(store.document$.value.nodes, id)) return;
  store.select([id]);
  runAction('canvas.revealSelected');
}
