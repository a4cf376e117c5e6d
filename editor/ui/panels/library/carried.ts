// What a drag from the left column carries, and where it goes when it is dropped on the graph.
import type { Position } from '../../../../engine/browser.ts';

/** The types of what is carried; each holds JSON. */
export const CARRIED = {
  /** `{ path }`: a sequence, by its pattern. */
  sequence: 'application/x-sluice-sequence',
  /** `{ type }`: a node of the catalogue. */
  node: 'application/x-sluice-node',
  /** `{ path }`: a graph to be inserted as a template. */
  template: 'application/x-sluice-template',
} as const;

export type Carried =
  | { readonly kind: 'sequence' | 'template'; readonly path: string }
  | { readonly kind: 'node'; readonly type: string };

/** What of a `DataTransfer` counts. */
export interface Bag {
  readonly types: readonly string[];
  getData(type: string): string;
  setData(type: string, text: string): void;
}

const KINDS = Object.keys(CARRIED) as readonly Carried['kind'][];

/** Puts something into a drag; as text it is its path or type, for fields. */
export function carry(bag: Bag, carried: Carried): void {
  const { kind, ...content } = carried;
  bag.setData(CARRIED[kind], JSON.stringify(content));
  bag.setData('text/plain', carried.kind === 'node' ? carried.type : carried.path);
}

export const carriesAny = (bag: Bag): boolean => KINDS.some((kind) => bag.types.includes(CARRIED[kind]));

/** What is in a drag; undefined where it is nothing from here. */
export function carriedIn(bag: Bag): Carried | undefined {
  for (const kind of KINDS) {
    if (!bag.types.includes(CARRIED[kind])) continue;
    try {
      const content = JSON.parse(bag.getData(CARRIED[kind])) as Readonly<Record<string, unknown>> | null;
      const text = content?.[kind === 'node' ? 'type' : 'path'];
      if (typeof text !== 'string' || text === '') continue;
      return kind === 'node' ? { kind, type: text } : { kind, path: text };
    } catch {
      // Something else that bears the same name: nothing is carried.
    }
  }
  return undefined;
}

/** What is dropped on the graph, with the place in the window; see `listenForCarried`. */
export type Landing = (carried: Carried, at: { readonly x: number; readonly y: number }) => void;

const GRAPH = '[aria-label="Graph"]';

/**
 * Listens for drops on the graph that the graph itself does not take. It asks after everybody else, so that a canvas that
 * puts a node into a wire goes first. Returns what ends it.
 */
export function listenForCarried(target: Window, land: Landing): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  const taken = (event: DragEvent): DataTransfer | undefined => {
    const { dataTransfer, defaultPrevented, target: over } = event;
    if (defaultPrevented || !dataTransfer || !carriesAny(dataTransfer)) return undefined;
    return over instanceof Element && over.closest(GRAPH) ? dataTransfer : undefined;
  };
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
      const carried = bag && carriedIn(bag);
      if (!carried) return;
      event.preventDefault();
      land(carried, { x: event.clientX, y: event.clientY });
    },
    { signal },
  );
  return () => listening.abort();
}

/** Places to the right of a node, where there is room for another. */
export const besides = ([x, y]: Position): Position => [x + 240, y];
