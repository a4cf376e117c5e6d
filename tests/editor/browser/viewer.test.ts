// The viewer in a real browser, on a card whose samples are known: what is shown, measured and asked for, by pointer and keys.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Document, type DocumentNode, emptyDocument, saveDocument } from '../../../engine/browser.ts';
import { DISPLAYS, renderingOf } from '../../../nodes/color/output/named.ts';
import { render } from '../../../nodes/color/output/render.ts';
import { applyMatrix, convertPrimaries } from '../../../nodes/color/space/matrix.ts';
import { PRIMARIES } from '../../../nodes/color/space/primaries.ts';
import { cardSample, MARKED, writeCard } from './card.ts';
import { Editor, type Spot, skipped, until } from './editor.ts';
import { startHost, temporary } from './host.ts';

const node = (type: string, y: number, params: DocumentNode['params']): DocumentNode => ({
  type,
  version: 1,
  params,
  at: [type === 'io.read' ? 0 : 240, y],
});

const GRAPH: Document = {
  ...emptyDocument('viewer'),
  nodes: {
    card: node('io.read', 0, { path: 'in/card.%04d.exr', missing: 'hold' }),
    gap: node('io.read', 200, { path: 'in/card.%04d.exr' }),
    grade: node('color.exposure', 0, { stops: 1 }),
  },
  links: [{ from: 'card.image', to: 'grade.image' }],
};

/** Screen pixels to an image pixel: all of the card is on the screen. */
const ZOOM = 4;
const FRAME = 1001;
/** An image pixel of the card that nothing marks. */
const PLAIN = { x: 40, y: 24 };

const srgb = (v: number): number => (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055);
const byte = (v: number): number => 255 * Math.max(0, Math.min(1, v));
const sampleAt = (channel: string, { x, y }: Spot, frame = FRAME): number => cardSample(channel, x, y, frame);
const rgbAt = (at: Spot): number[] => ['R', 'G', 'B'].map((channel) => sampleAt(channel, at));

describe.skipIf(skipped)('the viewer', () => {
  let editor: Editor;
  let sent: string[];

  beforeAll(async () => {
    const folder = temporary();
    mkdirSync(join(folder, 'in'));
    await writeCard(join(folder, 'in'));
    const graph = join(folder, 'viewer.sluice.json');
    writeFileSync(graph, saveDocument(GRAPH));
    editor = await Editor.open(await startHost({ folder, graph }));
    sent = [];
    const { page } = editor;
    page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => sent.push(String(payload))));
    await page.addInitScript(noteTexts);
    await page.reload();
    for (const id of Object.keys(GRAPH.nodes)) await editor.node(id).waitFor();
    await editor.canvas.focus();
    await editor.press('a');
  });
  afterAll(() => editor?.close());

  const readout = () => editor.page.locator('.readout');
  const chips = (): Promise<string[]> => editor.page.locator('.viewer-chip').allInnerTexts();
  const frame = (): Promise<string> => editor.page.getByRole('spinbutton', { name: 'Present frame' }).inputValue();
  async function type(name: string, text: string): Promise<void> {
    const field = editor.page.locator('.viewer-bar').getByRole('spinbutton', { name });
    await field.focus();
    await field.press('Enter');
    await field.fill(text);
    await field.press('Enter');
  }
  /** Shortcuts go to the viewer, and nothing is probed. */
  const overViewer = () => readout().hover();

  /** Where an image pixel's middle is on the page, at the zoom of these tests. */
  async function spot({ x, y }: Spot): Promise<Spot> {
    const { x: left, y: top, width, height } = (await editor.page.locator('.stage').boundingBox())!;
    return { x: left + width / 2 + (x + 0.5 - 32) * ZOOM, y: top + height / 2 + (y + 0.5 - 18) * ZOOM };
  }

  /** Colours of the screen around the middle of an image pixel: red, green and blue of each screen pixel. */
  async function colours(at: Spot, size = 1): Promise<number[][]> {
    const { x, y } = await spot(at);
    const clip = { x: Math.round(x) - (size >> 1), y: Math.round(y) - (size >> 1), width: size, height: size };
    const data = await sharp(await editor.page.screenshot({ clip }))
      .removeAlpha()
      .raw()
      .toBuffer();
    return Array.from({ length: size * size }, (_, i) => [...data.subarray(3 * i, 3 * i + 3)]);
  }

  /** Waits until a pixel has a colour, to within what rounding does. */
  async function shows(what: string, at: Spot, expected: readonly number[]): Promise<void> {
    let seen: readonly number[] = [];
    const wanted = expected.map(Math.round);
    const isClose = (): boolean => seen.every((value, i) => Math.abs(value - wanted[i]!) <= 2);
    await until(what, async () => {
      seen = (await colours(at))[0]!;
      return isClose();
    }).catch((thrown) => {
      throw new Error(`${thrown.message} Expected ${wanted}, found ${seen}.`);
    });
  }

  /** Resolves once nothing more is sent. */
  async function quiet(): Promise<void> {
    let count = -1;
    let since = Date.now();
    await until('nothing is asked any more', () => {
      if (sent.length !== count) since = Date.now();
      count = sent.length;
      return Date.now() - since > 500;
    });
  }

  /** Shows the card in A, at the zoom of these tests and with the settings of the start. */
  async function viewCard(): Promise<void> {
    await editor.select('card');
    await editor.press('1');
    await editor.selectNothing();
    await overViewer();
    await editor.press('Shift+H', '+', '+', 'Home', 'Shift+Digit0');
    await editor.page.getByLabel('Layer').selectOption('[0,"rgba"]');
    await overViewer();
    await readout()
      .getByText(`${ZOOM * 100}%`)
      .waitFor();
    await until('the first frame', async () => (await frame()) === String(FRAME));
    await shows(
      'the card',
      PLAIN,
      rgbAt(PLAIN).map((v) => byte(srgb(v))),
    );
  }

  test('shows a node by its digit, which recalls it from the graph and from the viewer', async () => {
    for (const [id, digit] of [
      ['card', '1'],
      ['grade', '2'],
      ['gap', '0'],
    ] as const) {
      await editor.select(id);
      await editor.press(digit);
      await until(`${id} is shown`, async () => (await chips()).join() === `A\n${id}`);
    }
    await editor.selectNothing();
    await editor.press('2');
    await until('recalled in the graph', async () => (await chips()).join() === 'A\ngrade');
    await overViewer();
    await editor.press('1');
    await until('recalled in the viewer', async () => (await chips()).join() === 'A\ncard');
    await editor.press('Shift+Digit2');
    await until('beside it in B', async () => (await chips()).join() === 'A\ncard,B\ngrade');
    await editor.press('t');
    await editor.press('0');
    await until('what is asked for is seen', async () => (await chips()).join() === 'A\ngap,B\ngrade');
    expect(await editor.page.getByLabel('Compare A and B').inputValue()).toBe('a');
  });

  test('shows channels alone, by key and by button', async () => {
    await viewCard();
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
      await shows(name, PLAIN, grey(value));
      const button = editor.button(name);
      expect(await button.getAttribute('aria-pressed')).toBe('true');
      await button.click();
      await shows(`not ${name}`, PLAIN, all);
      await overViewer();
    }
  });

  test('changes exposure, gamma and transform without asking the host for anything', async () => {
    await viewCard();
    await quiet();
    const before = sent.length;
    const rgb = rgbAt(PLAIN);
    await editor.press('.', 'e');
    await shows(
      'a stop more',
      PLAIN,
      rgb.map((v) => byte(srgb(2 * v))),
    );
    await editor.press(',', ',', ',', ',');
    await shows(
      'a stop less',
      PLAIN,
      rgb.map((v) => byte(srgb(v / 2))),
    );
    await type('Exposure', '-4/2');
    await shows(
      'two stops less',
      PLAIN,
      rgb.map((v) => byte(srgb(v / 4))),
    );
    await type('Gamma', '2');
    await shows(
      'gamma',
      PLAIN,
      rgb.map((v) => byte(srgb(Math.sqrt(v / 4)))),
    );
    for (const [id, encode] of [
      ['rec709', (v: number) => v ** (1 / 2.4)],
      ['linear', (v: number) => v],
    ] as const) {
      await editor.page.getByLabel('Display transform').selectOption(id);
      await shows(
        id,
        PLAIN,
        rgb.map((v) => byte(encode(Math.sqrt(v / 4)))),
      );
    }
    await overViewer();
    await editor.press('x', 'z', 'n', 'x', 'z', 'n', 'Shift+Digit0');
    await shows(
      'as at first',
      PLAIN,
      rgb.map((v) => byte(srgb(v))),
    );
    expect(sent.slice(before)).toEqual([]);
  });

  test('draws ACES 2.0 through a cube that it asks for once, by the light that the picture is taken for', async () => {
    await viewCard();
    await quiet();
    const before = sent.length;
    const target = DISPLAYS['aces2-srgb'].target!;
    const toAp1 = convertPrimaries(PRIMARIES.rec709, PRIMARIES.ap1, 'bradford')!;
    const shown = (stops: number): number[] => {
      const [r, g, b] = rgbAt(PLAIN).map((v) => v * 2 ** stops) as [number, number, number];
      return render(renderingOf(target), applyMatrix(toAp1, [r, g, b])).map((v) => byte(srgb(v)));
    };
    const select = editor.page.getByLabel('Display transform');
    await select.selectOption('aces2-srgb');
    await shows('ACES 2.0', PLAIN, shown(0));
    expect(await editor.page.locator('.viewer-transform').getAttribute('title')).toContain(
      'The picture is taken as Linear Rec.709: it does not say what it is.',
    );
    await overViewer();
    await editor.press('.', 'e');
    await shows('ACES 2.0, a stop more', PLAIN, shown(1));
    await select.selectOption('srgb');
    await select.selectOption('aces2-srgb');
    await shows('ACES 2.0 again', PLAIN, shown(1));
    await overViewer();
    await editor.press('Shift+Digit0');
    await shows(
      'as at first',
      PLAIN,
      rgbAt(PLAIN).map((v) => byte(srgb(v))),
    );
    expect(sent.slice(before).map((text) => JSON.parse(text).kind)).toEqual(['cube']);
  });

  test('marks what is no number, infinite, over and under, and colours by stops', async () => {
    await viewCard();
    const inside = ({ x, y }: Spot): Spot => ({ x: x + 2, y: y + 2 });
    await shows('NaN', inside(MARKED.nan), [255, 0, 255]);
    await shows('infinity', inside(MARKED.infinite), [0, 255, 255]);
    await editor.press('n');
    await shows('NaN as black', inside(MARKED.nan), [0, byte(srgb(0.5)), byte(srgb(0.5))]);
    await editor.press('n', 'z');
    for (const [place, stripe] of [
      [MARKED.over, [229, 83, 75]],
      [MARKED.under, [91, 155, 213]],
    ] as const) {
      await until('stripes and the picture between them', async () => {
        const seen = await colours(inside(place), 10);
        const striped = seen.filter((colour) => colour.every((value, i) => Math.abs(value - stripe[i]!) <= 2)).length;
        return striped >= 40 && striped <= 60;
      });
    }
    expect((await colours(PLAIN, 10)).every(([r]) => Math.abs(r! - byte(srgb(sampleAt('R', PLAIN)))) < 12)).toBe(true);
    await editor.press('z', 'x');
    // The luminance of this pixel lies between a half and one and a half stops over middle grey.
    const at = { x: 16, y: 18 };
    const [r, g, b] = rgbAt(at) as [number, number, number];
    const stops = Math.log2((0.2126 * r + 0.7152 * g + 0.0722 * b) / 0.18);
    expect(stops > 0.5 && stops < 1.5).toBe(true);
    await shows('½ to 1½ stops over', at, [150, 150, 150]);
    await editor.page
      .getByRole('list', { name: /False colours/ })
      .getByText('½ to 1½')
      .waitFor();
    await editor.press('x');
    expect(await editor.page.getByRole('list', { name: /False colours/ }).count()).toBe(0);
  });

  test('measures a pixel and a region: all channels, in the types of the file', async () => {
    await viewCard();
    const { page } = editor;
    const { x, y } = await spot(PLAIN);
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
    const [from, to] = [await spot({ x: 20, y: 20 }), await spot({ x: 23, y: 21 })];
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
    await viewCard();
    const { page } = editor;
    const texts = (): Promise<string[]> => page.evaluate(() => [...(globalThis as unknown as Noted).notedTexts]);
    const forget = (): Promise<void> => page.evaluate(() => (globalThis as unknown as Noted).notedTexts.clear());
    await editor.press('+', '+');
    await forget();
    await editor.press('+');
    await readout().getByText('3200%').waitFor();
    // Blue is the same all over the card.
    await until('values of halfs', async () => (await texts()).filter((text) => /^0\.06/.test(text)).length > 0);
    await page.getByLabel('Layer').selectOption({ label: 'id  uint' });
    await editor.press('+', '+');
    await readout().getByText('12800%').waitFor();
    await until('values of whole numbers', async () =>
      (await texts()).includes(String(sampleAt('id', { x: 32, y: 18 }))),
    );
    await page.getByLabel('Layer').selectOption({ label: 'Z  float' });
    const z = Math.fround(sampleAt('Z', { x: 32, y: 18 }));
    await until('values of floats', async () => (await texts()).some((text) => Math.fround(Number(text)) === z));
    await page.getByLabel('Layer').selectOption({ label: 'RGBA  half' });
    await page.mouse.move(...(Object.values(await spot({ x: 32, y: 18 })) as [number, number]));
    await page.mouse.wheel(0, 240 * 5);
    await readout().getByText('400%').waitFor();
    await editor.press('h');
    await readout().getByText('fit').waitFor();
  });

  test('draws the windows, black between them, and the surround that is chosen', async () => {
    await viewCard();
    const { page } = editor;
    const texts = (): Promise<string[]> => page.evaluate(() => [...(globalThis as unknown as Noted).notedTexts]);
    expect(await texts()).toEqual(expect.arrayContaining(['data (-4, 2) - (59, 33)', '64×36  (0, 0) - (63, 35)']));
    await shows('no data, inside the display window', { x: 61, y: 10 }, [0, 0, 0]);
    await shows('data outside of the display window', { x: -2, y: 20 }, [0, byte(srgb(20 / 36)), byte(srgb(1 / 16))]);
    for (const grey of [0x00, 0x80, 0x2e]) {
      await editor.press('u');
      await shows('the surround', { x: 75, y: 20 }, [grey, grey, grey]);
    }
    await editor.press('q');
    await editor.drawn();
    await page.evaluate(() => (globalThis as unknown as Noted).notedTexts.clear());
    await editor.press('u', 'u', 'u');
    await editor.drawn();
    expect((await texts()).filter((text) => text.includes(' - '))).toEqual([]);
    await editor.press('q');
    await until('the windows again', async () => (await texts()).some((text) => text.startsWith('data ')));
  });

  test('compares two nodes by wipe, over and difference', async () => {
    await viewCard();
    const { page } = editor;
    await editor.select('grade');
    await editor.press('Shift+Digit2');
    await editor.selectNothing();
    await overViewer();
    const left = { x: 20, y: 24 };
    const right = { x: 44, y: 24 };
    const shown = (at: Spot, gain: number): number[] => rgbAt(at).map((v) => byte(srgb(v * gain)));
    await editor.press('w');
    await shows('A on the left', left, shown(left, 1));
    await shows('B on the right', right, shown(right, 2));
    const middle = await spot({ x: 31.5, y: 24 });
    await page.mouse.move(middle.x, middle.y);
    await page.mouse.down();
    await page.mouse.move(middle.x + 16 * ZOOM, middle.y, { steps: 3 });
    await page.mouse.up();
    await shows('A up to where the wipe was dragged', right, shown(right, 1));
    await overViewer();
    for (let i = 0; i < 13; i++) await page.keyboard.press('Shift+ArrowLeft');
    await shows('B from where the wipe was moved by keys', right, shown(right, 2));
    await editor.press('d');
    await shows('difference', left, shown(left, 1));
    await editor.press('m');
    await shows('A over B', left, shown(left, 1 + 2 * (1 - 0.5)));
    await editor.press('t');
    await shows('B alone', left, shown(left, 2));
    await editor.press('t');
    await shows('A alone', left, shown(left, 1));
    await editor.press('Shift+W');
    await until('swapped', async () => (await chips()).join() === 'A\ngrade,B\ncard');
    await shows('the other one', left, shown(left, 2));
    // Until the page is loaded again there is something in B: the tests after this one look at A.
    expect(await page.getByLabel('Compare A and B').inputValue()).toBe('a');
  });

  test('has scopes that follow the picture', async () => {
    await viewCard();
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

interface Noted {
  notedTexts: Set<string>;
}

/** Runs in the page before anything of it: notes every text that a canvas is told to write. */
function noteTexts(): void {
  const notedTexts = new Set<string>();
  Object.assign(globalThis, { notedTexts });
  const { fillText } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (this: CanvasRenderingContext2D, ...given: unknown[]) {
    notedTexts.add(String(given[0]));
    fillText.apply(this, given as Parameters<typeof fillText>);
  } as typeof fillText;
}
