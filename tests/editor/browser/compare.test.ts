// A and B beside each other on a card whose samples are known: digits that recall what is there, and a side without an image.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { byte, CardViewer, PLAIN, rgbAt, srgb } from './card-viewer.ts';
import { type Editor, type Spot, skipped, until } from './editor.ts';

describe.skipIf(skipped)('A and B', () => {
  let viewer: CardViewer;
  let editor: Editor;

  beforeAll(async () => {
    viewer = await CardViewer.open();
    editor = viewer.editor;
  });
  afterAll(() => editor?.close());

  const compare = () => editor.page.getByLabel('Compare A and B');
  const shown = (at: Spot, gain = 1): number[] => rgbAt(at, 1004).map((v) => byte(srgb(v * gain)));

  test('a digit that recalls what stands in A shows A, though B was looked at', async () => {
    await viewer.view();
    await editor.select('grade');
    await editor.press('Shift+Digit2');
    await editor.selectNothing();
    await viewer.enter();
    await editor.press('t');
    await until('B is shown', async () => (await compare().inputValue()) === 'b');
    await editor.press('1');
    await until('A is shown', async () => (await compare().inputValue()) === 'a');
    expect((await viewer.chips()).join()).toBe('A\ncard,B\ngrade');
    await viewer.shows(
      'the card',
      PLAIN,
      rgbAt(PLAIN).map((v) => byte(srgb(v))),
    );
    // In a wipe both are seen: the digit changes nothing of it.
    await editor.press('w', '1');
    await editor.drawn();
    expect(await compare().inputValue()).toBe('wipe');
    await editor.press('w');
  });

  test('where A has no image its side is empty and B is seen on its own, by wipe, over and difference', async () => {
    const { page } = editor;
    const left = { x: 20, y: 24 };
    const right = { x: 44, y: 24 };
    await viewer.view();
    await editor.select('card');
    await editor.press('Shift+Digit2');
    await editor.selectNothing();
    await viewer.enter();
    await editor.press('Home', 'ArrowRight', 'ArrowRight');
    await until('frame 1003', async () => (await viewer.frame()) === 1003);
    // Frame 1003 of the other Read is missing.
    await editor.press('0');
    await editor.select('gap');
    await editor.press('1');
    await editor.selectNothing();
    await viewer.enter();
    await editor.press('w');
    await page.locator('.viewer-failures').getByText('A has no image here').waitFor();
    await page.locator('.viewer-failures').getByText('Frame 1003 is missing').waitFor();
    const held = (at: Spot): number[] => rgbAt(at, 1002).map((v) => byte(srgb(v)));
    await viewer.shows('B on the right', right, held(right));
    await viewer.shows('nothing on the left', left, [0, 0, 0]);
    expect(await page.locator('.viewer-compare').getAttribute('title')).toContain('its side is empty');
    await editor.press('m');
    await viewer.shows('over: B where there is no A', left, held(left));
    await editor.press('d');
    await viewer.shows('difference: A counts as black', left, held(left));
    // On the next frame A has an image again.
    await editor.press('w', 'ArrowRight');
    await until('frame 1004', async () => (await viewer.frame()) === 1004);
    await viewer.shows('A on the left', left, shown(left));
    await page.locator('.viewer-failures').getByText('A has no image here').waitFor({ state: 'detached' });
  });
});
