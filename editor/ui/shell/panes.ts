// Going from pane to pane by keys: the graph keeps Tab for itself, so there has to be another way on.

/** What marks the element of a pane. */
const PANE = 'data-pane';

const REACHABLE = 'button:enabled, input:enabled, select:enabled, textarea:enabled, [tabindex="0"]';

const isShown = (element: HTMLElement): boolean => element.getClientRects().length > 0;

/** Puts the focus on the first thing in the next pane, or the one before, that is shown and holds something to focus. */
export function goToPane(step: 1 | -1): void {
  const panes = [...document.querySelectorAll<HTMLElement>(`[${PANE}]`)].flatMap((pane) => {
    const first = [...pane.querySelectorAll<HTMLElement>(REACHABLE)].find(
      (element) => isShown(element) && element.tabIndex >= 0,
    );
    return first ? [{ pane, first }] : [];
  });
  const { activeElement } = document;
  const index = panes.findIndex(({ pane }) => pane.contains(activeElement));
  const next = index < 0 ? (step > 0 ? 0 : panes.length - 1) : (index + step + panes.length) % panes.length;
  panes[next]?.first.focus();
}
