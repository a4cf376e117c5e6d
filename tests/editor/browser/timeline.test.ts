// The timeline in a real browser: marks of frames, moving and playing, in and out, and a frame that is missing.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { byte, CardViewer, PLAIN, rgbAt, srgb } from './card-viewer.ts';
import { type Editor, skipped, until } from './editor.ts';

const FIRST = 1001;
const COUNT = 6;
/** The line below cached frames, and what lies under the strokes over substituted and missing ones. */
const GREEN = [87, 167, 115] as const;
const AMBER = [72, 59, 33] as const;
const RED = [75, 39, 37] as const;

describe.skipIf(skipped)('the timeline', () => {
  let viewer: CardViewer;
  let editor: Editor;

  beforeAll(async () => {
    viewer = await CardViewer.open();
    editor = viewer.editor;
  });
  afterAll(() => editor?.close());

  const track = () => editor.page.getByRole('slider', { name: 'Frame', exact: true });

  /** Frames over which the track has pixels of a colour in its lower part; the present one has a colour of its own. */
  const marked = (colour: readonly number[]): Promise<number[]> =>
    track()
      .locator('canvas')
      .evaluate(
        (canvas, { colour, first, count }) => {
          const { width, height } = canvas as HTMLCanvasElement;
          const top = Math.floor(height / 2);
          const { data } = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, top, width, height - top);
          const seen = new Set<number>();
          for (let at = 0; at < data.length; at += 4) {
            if (colour.every((value, i) => Math.abs(data[at + i]! - value) <= 3))
              seen.add(first + Math.floor((((at / 4) % width) * count) / width));
          }
          return [...seen].sort((a, b) => a - b);
        },
        { colour, first: FIRST, count: COUNT },
      );

  const isAt = (frame: number): Promise<void> => until(`frame ${frame}`, async () => (await viewer.frame()) === frame);
  const shows = (frame: number): Promise<void> =>
    viewer.shows(
      `the picture of ${frame}`,
      PLAIN,
      rgbAt(PLAIN, frame).map((v) => byte(srgb(v))),
    );

  /** The present frame each time it changes, from now on. */
  async function follow(): Promise<() => Promise<number[]>> {
    await track().evaluate((element) => {
      const seen: number[] = [];
      Object.assign(globalThis, { seenFrames: seen });
      new MutationObserver(() => seen.push(Number(element.getAttribute('aria-valuenow')))).observe(element, {
        attributeFilter: ['aria-valuenow'],
      });
    });
    return () => editor.page.evaluate(() => [...(globalThis as unknown as { seenFrames: number[] }).seenFrames]);
  }

  test('marks substituted, missing and cached frames of the node that is viewed', async () => {
    await viewer.view();
    expect(await track().getAttribute('aria-valuemin')).toBe(String(FIRST));
    expect(await track().getAttribute('aria-valuemax')).toBe(String(FIRST + COUNT - 1));
    await until('1003 is held', async () => (await marked(AMBER)).filter((frame) => frame !== FIRST).join() === '1003');
    expect(await marked(RED)).toEqual([]);
    for (const frame of [1002, 1003]) {
      await editor.press('ArrowRight');
      await isAt(frame);
      await shows(Math.min(frame, 1002));
    }
    await editor.press('End');
    await shows(1006);
    await until('three are cached, and this one', async () => (await marked(GREEN)).join() === '1001,1002,1003');
    await viewer.view('gap');
    await until('1003 is missing', async () => (await marked(RED)).join() === '1003');
    expect((await marked(AMBER)).filter((frame) => frame !== FIRST)).toEqual([]);
    await until('nothing of the other node is cached', async () => (await marked(GREEN)).length === 0);
    await editor.press('ArrowRight');
    await shows(1002);
    await until('what was seen of this one', async () => (await marked(GREEN)).join() === '1001');
  });

  test('says that a frame is missing and what helps, and goes on beside it', async () => {
    await viewer.view('gap');
    await editor.press('ArrowRight', 'ArrowRight');
    await isAt(1003);
    const nothing = editor.page.locator('.viewer-nothing');
    await nothing.getByText('Frame 1003 is missing').waitFor();
    await editor.button('Select the node', nothing).click();
    await editor.node('gap').and(editor.page.locator('.node-selected')).waitFor();
    await viewer.enter();
    await editor.press('ArrowRight');
    await isAt(1004);
    await shows(1004);
    expect(await nothing.count()).toBe(0);
  });

  test('moves by clicks, drags, keys and typed numbers', async () => {
    const { page } = editor;
    await viewer.view();
    const { x, y, width, height } = (await track().boundingBox())!;
    const middle = (frame: number): number => x + ((frame - FIRST + 0.5) * width) / COUNT;
    await page.mouse.click(middle(1005), y + height / 2);
    await isAt(1005);
    await shows(1005);
    await page.mouse.move(middle(1005), y + height / 2);
    await page.mouse.down();
    await page.mouse.move(middle(1002), y + height / 2, { steps: 4 });
    await isAt(1002);
    await page.mouse.move(x - 200, y + height / 2);
    await isAt(1001);
    await page.mouse.up();
    await page.keyboard.press('End');
    await isAt(1006);
    await page.keyboard.press('ArrowLeft');
    await isAt(1005);
    await viewer.type('Present frame', '1000+4');
    await isAt(1004);
    await shows(1004);
    await viewer.type('Present frame', '5');
    await isAt(1001);
    await editor.button('Last frame').click();
    await isAt(1006);
    await shows(1006);
  });

  test('plays between in and out, in a loop, to and fro, once, and backwards', async () => {
    await viewer.view();
    await editor.press('ArrowRight', 'i', 'End', 'ArrowLeft', 'o');
    await isAt(1005);
    const seen = await follow();
    await editor.press('l');
    await until('a second round', async () => (await seen()).filter((frame) => frame === 1003).length > 1);
    await editor.press('k');
    const looped = await seen();
    const next = (frame: number): number => (frame === 1005 ? 1002 : frame + 1);
    expect(looped.slice(1)).toEqual(looped.slice(0, -1).map(next));
    await editor.press('Shift+L', 'l');
    await until('both ways', async () =>
      (await seen())
        .slice(looped.length + 8)
        .join()
        .includes('1003,1002,1003'),
    );
    await editor.press('k');
    const bounced = (await seen()).slice(looped.length);
    expect(bounced.every((frame) => frame >= 1002 && frame <= 1005)).toBe(true);
    expect(bounced.slice(1).every((frame, i) => Math.abs(frame - bounced[i]!) === 1)).toBe(true);
    await editor.press('Shift+L', 'Home', 'l');
    await until('it has stopped at the end', async () => {
      return (await viewer.frame()) === 1005 && (await editor.button('Play forwards').count()) === 1;
    });
    await editor.press('j');
    await isAt(1002);
    await editor.button('Play backwards').waitFor();
    await editor.press('i');
    await editor.press('Home');
    await isAt(1001);
    await editor.press('Shift+L');
    await editor.button('Loop: change to bounce').waitFor();
  });
});
