// Leading to a node: it becomes the selection, and the canvas brings it on the screen, as near as it is; from problem to problem by keys.
import type { Problem } from '../../../../engine/browser.ts';
import { type Action, runAction } from '../../shell/actions.ts';
import type { Store } from '../../store/store.ts';
import { SEVERITIES } from './groups.ts';

/** The node of the document that a node inside a template belongs to: `grade` of `grade/tint`. */
const outermost = (place: string): string => place.split('/', 1)[0]!;

/** A node inside a template is shown by the one that holds it. Does nothing for a node that is not in the document. */
export function revealNode(store: Store, place: string): void {
  const id = outermost(place);
  if (!Object.hasOwn(store.document$.value.nodes, id)) return;
  store.select([id]);
  runAction('canvas.revealSelected');
}

/** The nodes of the document that have problems, the gravest first, each once; one inside a template stands for it. */
export function troubledNodes(problems: readonly Problem[]): readonly string[] {
  const sorted = SEVERITIES.flatMap((severity) => problems.filter((problem) => problem.severity === severity));
  return [...new Set(sorted.flatMap(({ where }) => (where.node === undefined ? [] : [outermost(where.node)])))];
}

export function problemActions(store: Store): Action[] {
  const step = (by: 1 | -1) => (): void => {
    const nodes = troubledNodes(store.problems$.value);
    const [selected] = store.selection$.value;
    const at = selected === undefined ? -1 : nodes.indexOf(selected);
    const next = nodes[at < 0 ? (by > 0 ? 0 : nodes.length - 1) : (at + by + nodes.length) % nodes.length];
    if (next !== undefined) revealNode(store, next);
  };
  const enabled = (): boolean => troubledNodes(store.problems$.value).length > 0;
  return [
    { id: 'problems.next', title: 'Go to the next problem', keys: ['F8'], inMenus: false, enabled, run: step(1) },
    {
      id: 'problems.previous',
      title: 'Go to the problem before',
      keys: ['Shift+F8'],
      inMenus: false,
      enabled,
      run: step(-1),
    },
  ];
}
