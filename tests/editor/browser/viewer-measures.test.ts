// What the viewer tells beside the picture: values of pixels and regions, figures in the pixels, windows and scopes.
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { byte, CardViewer, PLAIN, sampleAt, srgb } from './card-viewer.ts';
import { type Editor, skipped, until } from './editor.ts';

describe.skipIf(skipped)('the viewer measures', () => {
  let viewer: CardViewer;
  let editor: Editor;

  beforeAll(async () => {
    viewer = await CardViewer.open();
    editor = viewer.editor;
  });
  afterAll(() => editor?.close());

  test('measures a pixel and a region: all channels, in the types of the file', async () => {
    await viewer.view();
    const { page } = editor;
    const { x, y } = await viewer.spot(PLAIN);
    await page.mouse.move(x, y);
    await editor.press('v');
    const table = page.getByRole('region', { name: 'Values', exact: true });
    const cellsOf = async (within: Locator): Promise<string[][]> =>
      (await within.getByRole('row').allInnerTexts()).map((row) => row.split(/\s+/));
    /** The cells once all values of all channels are exact. */
    const exact = async (within: Locator, values: number): Promise<string[][]> => {
      let cells: string[][] = [];
      await until('exact values', async () => {
        cells = (await cellsOf(within)).filter(([, type]) => type === 'half' || type === 'float' || type === 'uint');
        const isExact = (cell: string): boolean => cell !== '' && !cell.startsWith('~');
        return cells.length === 9 && cells.every((row) => row.length === 2 + values && row.every(isExact));
      });
      return cells;
    };
    const found = new Map((await exact(table, 1)).map(([channel, type, value]) => [channel, [type, Number(value)]]));
    expect(found.get('id')).toEqual(['uint', sampleAt('id', PLAIN)]);
    expect(found.get('Z')![0]).toBe('float');
    expect(Math.fround(found.get('Z')![1] as number)).toBe(Math.fround(sampleAt('Z', PLAIN)));
    for (const channel of ['A', 'B', 'G', 'R', 'normal.X', 'normal.Y', 'normal.Z']) {
      expect(found.get(channel)![0]).toBe('half');
      expect(found.get(channel)![1]).toBeCloseTo(sampleAt(channel, PLAIN), 3);
    }
    await editor.press('v');
    const [from, to] = [await viewer.spot({ x: 20, y: 20 }), await viewer.spot({ x: 23, y: 21 })];
    await page.keyboard.down('Control');
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(to.x, to.y, { steps: 3 });
    await page.mouse.up();
    await page.keyboard.up('Control');
    const held = page.getByRole('region', { name: 'Values of the region' });
    await held.getByText('20, 20 4×2').waitFor();
    const region = new Map((await exact(held, 3)).map(([channel, , ...values]) => [channel, values.map(Number)]));
    expect(region.get('id')).toEqual([4_000_002_071.5, 4_000_002_020, 4_000_002_123]);
    expect(region.get('R')!.map((v) => Number(v.toFixed(4)))).toEqual([0.3359, 0.3125, 0.3594]);
    await editor.button('Close', held).click();
    await held.waitFor({ state: 'detached' });
  });

  test('zooms to the pixels and writes their values in the type of the file', async () => {
    await viewer.view();
    const { page } = editor;
    await editor.press('+', '+');
    await viewer.forgetTexts();
    await editor.press('+');
    await viewer.readout.getByText('3200%').waitFor();
    // Blue is the same all over the card.
    await until('values of halfs', async () => (await viewer.texts()).filter((text) => /^0\.06/.test(text)).length > 0);
    await page.getByLabel('Layer').selectOption({ label: 'id  uint' });
    await editor.press('+', '+');
    await viewer.readout.getByText('12800%').waitFor();
    await until('values of whole numbers', async () =>
      (await viewer.texts()).includes(String(sampleAt('id', { x: 32, y: 18 }))),
    );
    await page.getByLabel('Layer').selectOption({ label: 'Z  float' });
    const z = Math.fround(sampleAt('Z', { x: 32, y: 18 }));
    await until('values of floats', async () => (await viewer.texts()).some((text) => Math.fround(Number(text)) === z));
    await page.getByLabel('Layer').selectOption({ label: 'RGBA  half' });
    await page.mouse.move(...(Object.values(await viewer.spot({ x: 32, y: 18 })) as [number, number]));
    await page.mouse.wheel(0, 240 * 5);
    await viewer.readout.getByText('400%').waitFor();
    await editor.press('h');
    await viewer.readout.getByText('fit').waitFor();
  });

  test('draws the windows, black between them, and the surround that is chosen', async () => {
    await viewer.view();
    expect(await viewer.texts()).toEqual(
      expect.arrayContaining(['data (-4, 2) - (59, 33)', '64×36  (0, 0) - (63, 35)']),
    );
    await viewer.shows('no data, inside the display window', { x: 61, y: 10 }, [0, 0, 0]);
    await viewer.shows('data outside of the display window', { x: -2, y: 20 }, [
      0,
      byte(srgb(20 / 36)),
      byte(srgb(1 / 16)),
    ]);
    for (const grey of [0x00, 0x80, 0x2e]) {
      await editor.press('u');
      await viewer.shows('the surround', { x: 75, y: 20 }, [grey, grey, grey]);
    }
    await editor.press('q');
    await editor.drawn();
    await viewer.forgetTexts();
    await editor.press('u', 'u', 'u');
    await editor.drawn();
    expect((await viewer.texts()).filter((text) => text.includes(' - '))).toEqual([]);
    await editor.press('q');
    await until('the windows again', async () => (await viewer.texts()).some((text) => text.startsWith('data ')));
  });

  test('has scopes that follow the picture', async () => {
    await viewer.view();
    const { page } = editor;
    await editor.press('s');
    const scopes = page.getByRole('complementary', { name: 'Scopes' });
    await scopes.waitFor();
    const lights = (): Promise<number[]> =>
      scopes.locator('canvas').evaluateAll((canvases) =>
        (canvases as HTMLCanvasElement[]).map((canvas) => {
          const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
          let sum = 0;
          for (let i = 0; i < data.length; i += 4) sum += data[i]! * 3 + data[i + 1]! * 5 + data[i + 2]! * 7;
          return sum;
        }),
      );
    await until('three of them', async () => (await lights()).filter((light) => light > 0).length === 3);
    const before = await lights();
    await editor.press('.', '.', '.');
    await until('they follow', async () => (await lights()).every((light, i) => light !== before[i]));
    await editor.press('s');
    await scopes.waitFor({ state: 'detached' });
  });
});
