// How the window is divided: sizes, what is hidden and what fills the centre; remembered from one visit to the next.
import { BehaviorSubject } from 'rxjs';

export type Pane = 'left' | 'right' | 'drawer';
export type Centre = 'viewer' | 'graph';
export type RightTab = 'attributes' | 'problems';

export interface Layout {
  /** Pixels of the columns' widths and of the drawer's height. */
  readonly left: number;
  readonly right: number;
  readonly drawer: number;
  /** The upper pane's share of its column, 0 to 1. */
  readonly leftSplit: number;
  readonly centreSplit: number;
  readonly rightSplit: number;
  readonly hidden: readonly Pane[];
  /** What fills the centre alone. */
  readonly full: Centre | null;
  readonly rightTab: RightTab;
}

export const FIRST_LAYOUT: Layout = {
  left: 240,
  right: 340,
  drawer: 220,
  leftSplit: 0.5,
  centreSplit: 0.55,
  rightSplit: 0.58,
  hidden: ['drawer'],
  full: null,
  rightTab: 'attributes',
};

/** Least and most pixels of the panes. */
export const PANE_RANGE: Readonly<Record<Pane, readonly [least: number, most: number]>> = {
  left: [180, 520],
  right: [260, 640],
  drawer: [120, 560],
};
const SHARE = [0.12, 0.88] as const;
const PANES: readonly Pane[] = ['left', 'right', 'drawer'];

const within = (value: unknown, [least, most]: readonly [number, number], otherwise: number): number =>
  typeof value === 'number' && Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : otherwise;

/** A layout from what was kept; whatever is missing or wrong is as at first. */
export function readLayout(text: string | null): Layout {
  let kept: Readonly<Record<string, unknown>> = {};
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    if (typeof value === 'object' && value !== null) kept = value as Readonly<Record<string, unknown>>;
  } catch {
    kept = {};
  }
  const first = FIRST_LAYOUT;
  const { hidden, full } = kept;
  return {
    left: within(kept['left'], PANE_RANGE.left, first.left),
    right: within(kept['right'], PANE_RANGE.right, first.right),
    drawer: within(kept['drawer'], PANE_RANGE.drawer, first.drawer),
    leftSplit: within(kept['leftSplit'], SHARE, first.leftSplit),
    centreSplit: within(kept['centreSplit'], SHARE, first.centreSplit),
    rightSplit: within(kept['rightSplit'], SHARE, first.rightSplit),
    hidden: Array.isArray(hidden) ? PANES.filter((pane) => hidden.includes(pane)) : first.hidden,
    full: full === 'viewer' || full === 'graph' ? full : null,
    rightTab: kept['rightTab'] === 'problems' ? 'problems' : 'attributes',
  };
}

/** The layout with a pane made larger by some pixels. */
export const resized = (layout: Layout, pane: Pane, by: number): Layout => ({
  ...layout,
  [pane]: within(layout[pane] + by, PANE_RANGE[pane], layout[pane]),
});

/** The layout with the upper pane of a column made taller by some pixels of the column's height. */
export function split(
  layout: Layout,
  key: 'leftSplit' | 'centreSplit' | 'rightSplit',
  by: number,
  height: number,
): Layout {
  return height > 0 ? { ...layout, [key]: within(layout[key] + by / height, SHARE, layout[key]) } : layout;
}

export const toggled = (layout: Layout, pane: Pane): Layout => ({
  ...layout,
  hidden: layout.hidden.includes(pane) ? layout.hidden.filter((one) => one !== pane) : [...layout.hidden, pane],
});

export const shown = (layout: Layout, pane: Pane): Layout =>
  layout.hidden.includes(pane) ? toggled(layout, pane) : layout;

const KEY = 'sluice.layout';

/** The layout of this window. */
export const layout$ = new BehaviorSubject<Layout>(FIRST_LAYOUT);

export const arrange = (change: (layout: Layout) => Layout): void => layout$.next(change(layout$.value));

/** Takes up what the last visit left and keeps what changes from now on. Returns what ends it. */
export function rememberLayout(storage: Pick<Storage, 'getItem' | 'setItem'>): () => void {
  layout$.next(readLayout(storage.getItem(KEY)));
  const subscription = layout$.subscribe((layout) => storage.setItem(KEY, JSON.stringify(layout)));
  return () => subscription.unsubscribe();
}
