// The viewer in a real browser, on a card whose samples are known: what it shows of one node and of two, by pointer and keys.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyMatrix, convertPrimaries } from '../../../engine/colour/matrix.ts';
import { PRIMARIES } from '../../../engine/colour/primaries.ts';
import { DISPLAYS, renderingOf } from '../../../nodes/color/output/named.ts';
import { render } from '../../../nodes/color/output/render.ts';
import { MARKED } from './card.ts';
import { byte, CardViewer, PLAIN, rgbAt, sampleAt, srgb, ZOOM } from './card-viewer.ts';
import { type Editor, type Spot, skipped, until } from './editor.ts';

describe.skipIf(skipped)('the viewer', () => {
  let viewer: CardViewer;
  let editor: Editor;

  beforeAll(async () => {
    viewer = await CardViewer.open();
    editor = viewer.editor;
  });
  afterAll(() => editor?.close());

  test('shows a node by its digit, which recalls it from the graph and from the viewer', async () => {
    for (const [id, digit] of [
      ['card', '1'],
      ['grade', '2'],
      ['gap', '0'],
    ] as const) {
      await editor.select(id);
      await editor.press(digit);
      await until(`${id} is shown`, async () => (await viewer.chips()).join() === `A\n${id}`);
    }
    await editor.selectNothing();
    await editor.press('2');
    await until('recalled in the graph', async () => (await viewer.chips()).join() === 'A\ngrade');
    await viewer.enter();
    await editor.press('1');
    await until('recalled in the viewer', async () => (await viewer.chips()).join() === 'A\ncard');
    await editor.press('Shift+Digit2');
    await until('beside it in B', async () => (await viewer.chips()).join() === 'A\ncard,B\ngrade');
    await editor.press('t');
    await editor.press('0');
    await until('what is asked for is seen', async () => (await viewer.chips()).join() === 'A\ngap,B\ngrade');
    expect(await editor.page.getByLabel('Compare A and B').inputValue()).toBe('a');
  });

  test('shows channels alone, by key and by button', async () => {
    await viewer.view();
    const [r, g, b] = rgbAt(PLAIN) as [number, number, number];
    const grey = (v: number): number[] => Array<number>(3).fill(byte(srgb(v)));
    const all = [r, g, b].map((v) => byte(srgb(v)));
    for (const [key, name, value] of [
      ['r', 'Red alone', r],
      ['g', 'Green alone', g],
      ['b', 'Blue alone', b],
      ['a', 'Alpha alone', 0.5],
      ['y', 'Luminance alone', 0.2126 * r + 0.7152 * g + 0.0722 * b],
    ] as const) {
      await editor.press(key);
      await viewer.shows(name, PLAIN, grey(value));
      const button = editor.button(name);
      expect(await button.getAttribute('aria-pressed')).toBe('true');
      await button.click();
      await viewer.shows(`not ${name}`, PLAIN, all);
      await viewer.enter();
    }
  });

  test('changes exposure, gamma and transform without asking the host for anything', async () => {
    await viewer.view();
    await viewer.quiet();
    const before = viewer.sent.length;
    const rgb = rgbAt(PLAIN);
    await editor.press('.', 'e');
    await viewer.shows(
      'a stop more',
      PLAIN,
      rgb.map((v) => byte(srgb(2 * v))),
    );
    await editor.press(',', ',', ',', ',');
    await viewer.shows(
      'a stop less',
      PLAIN,
      rgb.map((v) => byte(srgb(v / 2))),
    );
    await viewer.type('Exposure', '-4/2');
    await viewer.shows(
      'two stops less',
      PLAIN,
      rgb.map((v) => byte(srgb(v / 4))),
    );
    await viewer.type('Gamma', '2');
    await viewer.shows(
      'gamma',
      PLAIN,
      rgb.map((v) => byte(srgb(Math.sqrt(v / 4)))),
    );
    for (const [id, encode] of [
      ['rec709', (v: number) => v ** (1 / 2.4)],
      ['linear', (v: number) => v],
    ] as const) {
      await editor.page.getByLabel('Display transform').selectOption(id);
      await viewer.shows(
        id,
        PLAIN,
        rgb.map((v) => byte(encode(Math.sqrt(v / 4)))),
      );
    }
    await viewer.enter();
    await editor.press('x', 'z', 'n', 'x', 'z', 'n', 'Shift+Digit0');
    await viewer.shows(
      'as at first',
      PLAIN,
      rgb.map((v) => byte(srgb(v))),
    );
    expect(viewer.sent.slice(before)).toEqual([]);
  });

  test('draws ACES 2.0 through a cube that it asks for once, by the light that the picture is taken for', async () => {
    await viewer.view();
    await viewer.quiet();
    const before = viewer.sent.length;
    const target = DISPLAYS['aces2-srgb'].target!;
    const toAp1 = convertPrimaries(PRIMARIES.rec709, PRIMARIES.ap1, 'bradford')!;
    const shown = (stops: number): number[] => {
      const [r, g, b] = rgbAt(PLAIN).map((v) => v * 2 ** stops) as [number, number, number];
      return render(renderingOf(target), applyMatrix(toAp1, [r, g, b])).map((v) => byte(srgb(v)));
    };
    const select = editor.page.getByLabel('Display transform');
    await select.selectOption('aces2-srgb');
    await viewer.shows('ACES 2.0', PLAIN, shown(0));
    expect(await editor.page.locator('.viewer-transform').getAttribute('title')).toContain(
      'The picture is taken as Linear Rec.709: it does not say what it is.',
    );
    await viewer.enter();
    await editor.press('.', 'e');
    await viewer.shows('ACES 2.0, a stop more', PLAIN, shown(1));
    await select.selectOption('srgb');
    await select.selectOption('aces2-srgb');
    await viewer.shows('ACES 2.0 again', PLAIN, shown(1));
    await viewer.enter();
    await editor.press('Shift+Digit0');
    await viewer.shows(
      'as at first',
      PLAIN,
      rgbAt(PLAIN).map((v) => byte(srgb(v))),
    );
    expect(viewer.sent.slice(before).map((text) => JSON.parse(text).kind)).toEqual(['cube']);
  });

  test('marks what is no number, infinite, over and under, and colours by stops', async () => {
    await viewer.view();
    const inside = ({ x, y }: Spot): Spot => ({ x: x + 2, y: y + 2 });
    await viewer.shows('NaN', inside(MARKED.nan), [255, 0, 255]);
    await viewer.shows('infinity', inside(MARKED.infinite), [0, 255, 255]);
    await editor.press('n');
    await viewer.shows('NaN as black', inside(MARKED.nan), [0, byte(srgb(0.5)), byte(srgb(0.5))]);
    await editor.press('n', 'z');
    for (const [place, stripe] of [
      [MARKED.over, [229, 83, 75]],
      [MARKED.under, [91, 155, 213]],
    ] as const) {
      await until('stripes and the picture between them', async () => {
        const seen = await viewer.colours(inside(place), 10);
        const striped = seen.filter((colour) => colour.every((value, i) => Math.abs(value - stripe[i]!) <= 2)).length;
        return striped >= 40 && striped <= 60;
      });
    }
    expect((await viewer.colours(PLAIN, 10)).every(([r]) => Math.abs(r! - byte(srgb(sampleAt('R', PLAIN)))) < 12)).toBe(
      true,
    );
    await editor.press('z', 'x');
    // The luminance of this pixel lies between a half and one and a half stops over middle grey.
    const at = { x: 16, y: 18 };
    const [r, g, b] = rgbAt(at) as [number, number, number];
    const stops = Math.log2((0.2126 * r + 0.7152 * g + 0.0722 * b) / 0.18);
    expect(stops > 0.5 && stops < 1.5).toBe(true);
    await viewer.shows('½ to 1½ stops over', at, [150, 150, 150]);
    await editor.page
      .getByRole('list', { name: /False colours/ })
      .getByText('½ to 1½')
      .waitFor();
    await editor.press('x');
    expect(await editor.page.getByRole('list', { name: /False colours/ }).count()).toBe(0);
  });

  test('compares two nodes by wipe, over and difference', async () => {
    await viewer.view();
    const { page } = editor;
    await editor.select('grade');
    await editor.press('Shift+Digit2');
    await editor.selectNothing();
    await viewer.enter();
    const left = { x: 20, y: 24 };
    const right = { x: 44, y: 24 };
    const shown = (at: Spot, gain: number): number[] => rgbAt(at).map((v) => byte(srgb(v * gain)));
    await editor.press('w');
    await viewer.shows('A on the left', left, shown(left, 1));
    await viewer.shows('B on the right', right, shown(right, 2));
    const middle = await viewer.spot({ x: 31.5, y: 24 });
    await page.mouse.move(middle.x, middle.y);
    await page.mouse.down();
    await page.mouse.move(middle.x + 16 * ZOOM, middle.y, { steps: 3 });
    await page.mouse.up();
    await viewer.shows('A up to where the wipe was dragged', right, shown(right, 1));
    await viewer.enter();
    for (let i = 0; i < 13; i++) await page.keyboard.press('Shift+ArrowLeft');
    await viewer.shows('B from where the wipe was moved by keys', right, shown(right, 2));
    await editor.press('d');
    await viewer.shows('difference', left, shown(left, 1));
    await editor.press('m');
    await viewer.shows('A over B', left, shown(left, 1 + 2 * (1 - 0.5)));
    await editor.press('t');
    await viewer.shows('B alone', left, shown(left, 2));
    await editor.press('t');
    await viewer.shows('A alone', left, shown(left, 1));
    await editor.press('Shift+W');
    await until('swapped', async () => (await viewer.chips()).join() === 'A\ngrade,B\ncard');
    await viewer.shows('the other one', left, shown(left, 2));
    // Until the page is loaded again there is something in B: the tests after this one look at A.
    expect(await page.getByLabel('Compare A and B').inputValue()).toBe('a');
  });
});
