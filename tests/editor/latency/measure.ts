// The measurements: from a key to the pixels that it changes, from the last of many edits to the last picture, and idling.
import type { Page } from 'playwright-core';
import type { Subject } from './subject.ts';
import { type Paint, watchPage } from './watch.ts';
import { type EditorWindow, openEditor, processorTime } from './window.ts';

/** Pixels that the picture has on screen. */
export const VIEWER_WIDTH = 1280;

export interface Figure {
  readonly what: string;
  readonly unit: 'ms' | '%' | 'count';
  /** The median where something was done several times. */
  readonly value: number;
  readonly worst?: number;
  /** What it is to be at most. */
  readonly goal?: number;
  /** Milliseconds of processor time, of the host and of the page's main thread, for one time. */
  readonly host?: number;
  readonly page?: number;
}

export interface MeasureOptions {
  readonly rounds: number;
  readonly idleSeconds: number;
  readonly nodeOptions?: readonly string[];
}

/** Milliseconds after which a picture does not come any more. */
const PATIENCE = 30_000;
/** Milliseconds without a picture after which nothing more is on its way. */
const QUIET = 600;
const EDITS = 60;

export async function measureEditor(subject: Subject, options: MeasureOptions): Promise<Figure[]> {
  const { nodeOptions = [] } = options;
  const window = await openEditor({ ...subject, width: 1865, height: 1300, nodeOptions, before: watchPage });
  try {
    const bench = new Bench(window, options);
    await bench.begin();
    return [
      await bench.edits(subject.goal),
      await bench.steps(subject.frames),
      await bench.comeBack(subject.goal),
      ...(await bench.burst(subject.goal)),
      ...(await bench.exposure()),
      await bench.idle(),
    ];
  } finally {
    await window.close();
  }
}

class Bench {
  readonly #page: Page;
  readonly #host: number;
  readonly #options: MeasureOptions;
  #requests = 0;

  constructor({ page, host }: EditorWindow, options: MeasureOptions) {
    this.#page = page;
    this.#host = host;
    this.#options = options;
  }

  /** Shows the exposure in a viewer of the width that is asked for, and waits until its picture is there. */
  async begin(): Promise<void> {
    const page = this.#page;
    page.on('websocket', (socket) => {
      socket.on('framesent', () => {
        this.#requests += 1;
      });
    });
    await page.reload();
    await page.locator('[data-node="grade"]').click();
    const stage = page.locator('.stage');
    const { width } = (await stage.boundingBox())!;
    const size = page.viewportSize()!;
    await page.setViewportSize({ ...size, width: size.width + VIEWER_WIDTH - Math.round(width) });
    await page.keyboard.press('1');
    await this.#quiet();
    if (Math.round((await stage.boundingBox())!.width) !== VIEWER_WIDTH)
      throw new Error('The viewer has another width.');
  }

  async edits(goal: number): Promise<Figure> {
    await this.#stops().focus();
    return this.#each({ what: 'edit to pixels', goal }, this.#options.rounds, () =>
      this.#page.keyboard.press('ArrowUp'),
    );
  }

  /** There and back over all frames, the first time to fill the caches. */
  async steps(frames: number): Promise<Figure> {
    await this.#page.locator('.timeline-track').hover();
    await this.#page.locator('.timeline-track').focus();
    const keys = ['ArrowRight', 'ArrowLeft'].flatMap((key) => Array<string>(frames - 1).fill(key));
    const looks: number[] = [];
    for (const key of keys) {
      const before = await this.#count();
      await this.#page.keyboard.press(key);
      await this.#next(before);
      looks.push((await this.#quiet()).look);
    }
    let step = 0;
    return this.#each({ what: 'step to a cached frame', goal: 40 }, keys.length, async () => {
      await this.#page.keyboard.press(keys[step]!);
      return looks[step++];
    });
  }

  /** The frames looked at in between may have taken the place of what this needs in the host's cache. */
  async comeBack(goal: number): Promise<Figure> {
    await this.#stops().focus();
    return this.#each({ what: 'first edit after all frames', goal }, 1, () => this.#page.keyboard.press('ArrowUp'));
  }

  /** No backlog: at most one picture stands between the last edit and the last picture. */
  async burst(goal: number): Promise<Figure[]> {
    await this.#stops().focus();
    await this.#quiet();
    const before = await this.#count();
    const host = processorTime(this.#host);
    const last = await this.#page.evaluate((count) => watched.burst('ArrowDown', count, 1000), EDITS);
    await this.#page.waitForFunction((last) => watched.paints.at(-1)!.at > last, last, { timeout: PATIENCE });
    const { at, look } = await this.#quiet();
    const spent = processorTime(this.#host) - host;
    const pictures = (await this.#count()) - before;
    // The same picture once more, made from nothing: the last one of the burst was the right one.
    await this.#page.locator('.timeline-track').focus();
    const reloaded = await this.#count();
    await this.#page.keyboard.press('Shift+R');
    await this.#next(reloaded);
    const again = await this.#quiet();
    if (again.look !== look) throw new Error('The last picture of the burst is not the picture of the last edit.');
    const from = at - last;
    return [
      {
        what: `last of ${EDITS} edits in a second to the last picture`,
        unit: 'ms',
        value: from,
        goal: 2 * goal,
        host: spent * 1000,
      },
      { what: 'pictures in that second', unit: 'count', value: pictures },
    ];
  }

  async exposure(): Promise<Figure[]> {
    await this.#page.getByRole('slider', { name: 'Exposure' }).first().focus();
    await this.#quiet();
    const before = this.#requests;
    const figure = await this.#each({ what: 'exposure of the viewer to pixels', goal: 40 }, this.#options.rounds, () =>
      this.#page.keyboard.press('ArrowRight'),
    );
    return [figure, { what: 'requests of that', unit: 'count', value: this.#requests - before, goal: 0 }];
  }

  async idle(): Promise<Figure> {
    const { idleSeconds } = this.#options;
    await this.#page.mouse.move(1, 1);
    await this.#quiet();
    await this.#page.waitForTimeout(4000);
    const before = processorTime(this.#host);
    await this.#page.waitForTimeout(idleSeconds * 1000);
    const value = ((processorTime(this.#host) - before) / idleSeconds) * 100;
    return { what: `host idle over ${idleSeconds} s as a share of a core`, unit: '%', value, goal: 1 };
  }

  /** Does something many times and waits each time for the pixels that it changes; `act` may tell how they are to look. */
  async #each(
    { what, goal }: { readonly what: string; readonly goal: number },
    count: number,
    act: () => Promise<unknown>,
  ): Promise<Figure> {
    const cdp = await this.#page.context().newCDPSession(this.#page);
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
    const busy = async (): Promise<number> =>
      (await cdp.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')!.value * 1000;
    const host = processorTime(this.#host);
    const main = await busy();
    const times: number[] = [];
    for (let i = 0; i < count; i++) {
      const { look: old } = await this.#quiet();
      const before = await this.#count();
      const look = await act();
      const { at } = await this.#next(before, { old, ...(typeof look === 'number' ? { look } : {}) });
      times.push(at - (await this.#page.evaluate(() => watched.pressed)));
      await this.#quiet();
    }
    const figure: Figure = {
      what,
      unit: 'ms',
      goal,
      value: times.toSorted((a, b) => a - b)[times.length >> 1]!,
      worst: Math.max(...times),
      host: ((processorTime(this.#host) - host) * 1000) / count,
      page: ((await busy()) - main) / count,
    };
    await cdp.detach();
    return figure;
  }

  #stops = () => this.#page.locator('[data-param="stops"] [role="spinbutton"]');

  #count(): Promise<number> {
    return this.#page.evaluate(() => watched.paints.length);
  }

  /** The first picture after so many; one that differs from an old one, or looks as told. */
  async #next(before: number, fits: { readonly old?: number; readonly look?: number } = {}): Promise<Paint> {
    const found = await this.#page.waitForFunction(
      ({ before, old, look }) =>
        watched.paints.slice(before).find((paint) => (look === undefined ? paint.look !== old : paint.look === look)),
      { before, ...fits },
      { timeout: PATIENCE },
    );
    return (await found.jsonValue()) as Paint;
  }

  /** The last picture, once no other one comes and the line over the viewer that tells of waiting is gone. */
  async #quiet(): Promise<Paint> {
    await this.#page.waitForFunction(
      (quiet) => {
        const last = watched.paints.at(-1);
        return last && performance.now() - last.at > quiet && !document.querySelector('.viewer-progress');
      },
      QUIET,
      { timeout: PATIENCE },
    );
    return this.#page.evaluate(() => watched.paints.at(-1)!);
  }
}
