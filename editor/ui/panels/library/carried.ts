// What a drag from the left column carries, and where a template goes that is dropped on the graph.
import { DRAGGED_NODE, DRAGGED_SEQUENCE } from '../../canvas/drop.ts';

/** JSON `{ "path": … }` with the file of a graph that becomes one node. */
export const DRAGGED_TEMPLATE = 'application/x-sluice-template';

export type Carried =
  | { readonly kind: 'sequence' | 'template'; readonly path: string }
  | { readonly kind: 'node'; readonly type: string };

/** What of a `DataTransfer` counts. */
export interface Bag {
  readonly types: readonly string[];
  getData(format: string): string;
  setData(format: string, text: string): void;
}

const FORMATS: Readonly<Record<Carried['kind'], string>> = {
  node: DRAGGED_NODE,
  sequence: DRAGGED_SEQUENCE,
  template: DRAGGED_TEMPLATE,
};

/** Puts something into a drag; as text it is its path or type, for fields. */
export function carry(bag: Pick<Bag, 'setData'>, carried: Carried): void {
  const { kind, ...content } = carried;
  bag.setData(FORMATS[kind], JSON.stringify(content));
  bag.setData('text/plain', carried.kind === 'node' ? carried.type : carried.path);
}

/** The path of the template in a drag; undefined where there is none. */
export function templateIn(bag: Pick<Bag, 'types' | 'getData'>): string | undefined {
  if (!bag.types.includes(DRAGGED_TEMPLATE)) return undefined;
  try {
    const { path } = JSON.parse(bag.getData(DRAGGED_TEMPLATE)) as { readonly path?: unknown };
    return typeof path === 'string' && path !== '' ? path : undefined;
  } catch {
    return undefined;
  }
}

const GRAPH = '[aria-label="Graph"]';

/** Listens for templates dropped on the graph, with the place in the window. Returns what ends it. */
export function listenForTemplates(
  target: Window,
  land: (path: string, at: { readonly x: number; readonly y: number }) => void,
): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  const taken = ({ dataTransfer, defaultPrevented, target: over }: DragEvent): DataTransfer | undefined =>
    !defaultPrevented &&
    dataTransfer?.types.includes(DRAGGED_TEMPLATE) &&
    over instanceof Element &&
    over.closest(GRAPH)
      ? dataTransfer
      : undefined;
  target.addEventListener(
    'dragover',
    (event) => {
      const bag = taken(event);
      if (!bag) return;
      event.preventDefault();
      bag.dropEffect = 'copy';
    },
    { signal },
  );
  target.addEventListener(
    'drop',
    (event) => {
      const bag = taken(event);
      const path = bag && templateIn(bag);
      if (path === undefined) return;
      event.preventDefault();
      land(path, { x: event.clientX, y: event.clientY });
    },
    { signal },
  );
  return () => listening.abort();
}
