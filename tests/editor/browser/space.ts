// Measures in the page what leaves the view and which texts are cut off.
import type { Page } from 'playwright-core';

/**
 * Elements whose box leaves the window, and those that could be scrolled sideways. What a box clips or scrolls downwards
 * is its own affair; the canvas clips nodes on purpose.
 */
export const outsideView = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    const say = (element: Element, why: string): number =>
      found.push(`${element.tagName.toLowerCase()}.${String(element.getAttribute('class') ?? '')}: ${why}`);
    const { scrollWidth, scrollHeight } = document.documentElement;
    if (scrollWidth > innerWidth || scrollHeight > innerHeight) {
      say(
        document.documentElement,
        `the page scrolls: ${scrollWidth} in ${innerWidth}, ${scrollHeight} in ${innerHeight}`,
      );
    }
    const visit = (element: Element, { down }: { readonly down: boolean }): void => {
      if (!(element instanceof HTMLElement)) return;
      const style = getComputedStyle(element);
      if (style.display === 'none' || style.visibility === 'hidden' || element.matches('.unseen, .canvas-nodes'))
        return;
      const { left, right, top, bottom, width, height } = element.getBoundingClientRect();
      if (width > 0 && height > 0) {
        if (left < -0.5 || right > innerWidth + 0.5) say(element, `from ${left} to ${right} of ${innerWidth} across`);
        if (down && (top < -0.5 || bottom > innerHeight + 0.5))
          say(element, `from ${top} to ${bottom} of ${innerHeight} down`);
      }
      const scrolls = /auto|scroll/;
      if (
        scrolls.test(style.overflowX) &&
        element.scrollWidth > element.clientWidth + 1 &&
        !element.matches('textarea, input')
      ) {
        say(element, `scrolls sideways: ${element.scrollWidth} in ${element.clientWidth}`);
      }
      const within = down && !scrolls.test(style.overflowY) && style.overflowY !== 'hidden';
      for (const child of element.children) visit(child, { down: within });
    };
    visit(document.body, { down: true });
    return found;
  });

/** Texts of the bars, heads, tabs, buttons and labels that do not fit where they stand. */
export const clippedText = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const bars =
      '.top-bar, .viewer-bar, .readout, .timeline-controls, .status-bar, .panel-head, .tabs-head, .param-head, .dialog-foot';
    const texts = `button:not(.canvas *, .param-fold, .attributes-line, .shuffle-input, .shuffle-line, .run-error, .details-handle, .param-link), .field-label, h1, h2, :is(${bars}), :is(${bars}) *`;
    return [...document.querySelectorAll<HTMLElement>(texts)]
      .filter((element) => element.getClientRects().length > 0 && !element.matches('.unseen, svg, svg *, bdi'))
      .filter((element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
      .filter((element) => getComputedStyle(element).display !== 'inline')
      .map((element) => `${element.tagName.toLowerCase()}.${element.className}: ${element.textContent?.slice(0, 60)}`);
  });
