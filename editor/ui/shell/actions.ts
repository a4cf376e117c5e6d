// Every action of the editor by name: shortcuts, the palette, the menus and the sheet of shortcuts all come from here.
import { BehaviorSubject } from 'rxjs';
import { chordsOf, isTyping, normalChord } from './chord.ts';

/** Where a shortcut works: with the pointer or the focus over that area, or anywhere. */
export type Area = 'canvas' | 'viewer' | 'anywhere';

export interface Action {
  /** Such as `file.save`; what stands before the dot groups the sheet of shortcuts. */
  readonly id: string;
  /** What it does, as a menu would say it. */
  readonly title: string;
  /** Such as `Mod+Z`, `F`, `Tab`, `Shift+A`, `Mod+ArrowUp`, `?`. `Mod` is Ctrl, on a Mac Cmd. */
  readonly keys?: readonly string[];
  readonly where?: Area;
  /** Stands below a line in its menu. */
  readonly line?: boolean;
  /** False for what only keys and the palette need. */
  readonly inMenus?: false;
  /** True where an event of the browser does what the keys say, such as a paste: the press is left to it. */
  readonly byBrowser?: true;
  enabled?(): boolean;
  run(): void;
}

/** All that are registered, in the order of registration. */
export const actions$ = new BehaviorSubject<readonly Action[]>([]);

/** The area that shortcuts go to; set by the shell from pointer and focus. */
export const area$ = new BehaviorSubject<Area>('anywhere');

/** What marks the element of an area, by its name. */
export const AREA = 'data-area';

/**
 * Shortcuts follow the focus out of an area, though the pointer rests there; where nothing has the focus any more, they
 * go to where the pointer is. Returns what ends it.
 */
export function listenForFocus(target: Window): () => void {
  const focusIn = ({ target: focused }: FocusEvent): void => {
    const inside = focused instanceof Element && focused.closest(`[${AREA}]`) !== null;
    if (!inside && area$.value !== 'anywhere') area$.next('anywhere');
  };
  const focusOut = ({ relatedTarget }: FocusEvent): void => {
    if (relatedTarget) return;
    const under = document.querySelector<HTMLElement>(`[${AREA}]:hover`)?.getAttribute(AREA);
    if (under && under !== area$.value) area$.next(under as Area);
  };
  target.addEventListener('focusin', focusIn);
  target.addEventListener('focusout', focusOut);
  return () => {
    target.removeEventListener('focusin', focusIn);
    target.removeEventListener('focusout', focusOut);
  };
}

/** Adds actions; one with a known id takes the place of the older. Returns what takes them away again. */
export function registerActions(actions: readonly Action[]): () => void {
  const ids = new Set(actions.map(({ id }) => id));
  actions$.next([...actions$.value.filter(({ id }) => !ids.has(id)), ...actions]);
  return () => {
    const mine = new Set(actions);
    actions$.next(actions$.value.filter((action) => !mine.has(action)));
  };
}

export const isEnabled = (action: Action): boolean => action.enabled?.() ?? true;

/** Runs an action by its id; does nothing where there is none or it is not enabled. */
export function runAction(id: string): void {
  const action = actions$.value.find((one) => one.id === id);
  if (action && isEnabled(action)) action.run();
}

/** The action that a shortcut means in an area; the one for the area itself goes before one for anywhere. */
export function actionFor(actions: readonly Action[], chords: readonly string[], area: Area): Action | undefined {
  for (const chord of chords) {
    const fitting = actions.filter(
      (action) =>
        (action.where === undefined || action.where === 'anywhere' || action.where === area) &&
        action.keys?.some((keys) => normalChord(keys) === chord) &&
        isEnabled(action),
    );
    const found = fitting.find(({ where }) => where === area) ?? fitting.at(-1);
    if (found) return found;
  }
  return undefined;
}

/**
 * Listens for shortcuts. Keys are left alone while something is typed (unless they carry Mod and mean nothing to a field
 * of text), while a dialog is open, and where somebody has handled them. Returns what ends it.
 */
export function listenForShortcuts(target: Window): () => void {
  const keyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    if (isTyping(event) || document.querySelector('dialog[open]')) return;
    const action = actionFor(actions$.value, chordsOf(event), area$.value);
    if (!action || action.byBrowser) return;
    event.preventDefault();
    action.run();
  };
  target.addEventListener('keydown', keyDown);
  return () => target.removeEventListener('keydown', keyDown);
}
