// Drives the viewer of an editor that has a card of known samples open, and says what it should show.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import sharp from 'sharp';
import { type Document, type DocumentNode, emptyDocument, saveDocument } from '../../../engine/browser.ts';
import { cardSample, writeCard } from './card.ts';
import { Editor, type Spot, until } from './editor.ts';
import { startHost, temporary } from './host.ts';

const node = (type: string, y: number, params: DocumentNode['params']): DocumentNode => ({
  type,
  version: 1,
  params,
  at: [type === 'io.read' ? 0 : 240, y],
});

/** The card, with its missing frame held and without, and twice as bright. */
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
export const ZOOM = 4;
const FRAME = 1001;
/** An image pixel of the card that nothing marks. */
export const PLAIN = { x: 40, y: 24 };

/** IEC 61966-2-1. */
export const srgb = (v: number): number => (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055);
export const byte = (v: number): number => 255 * Math.max(0, Math.min(1, v));
export const sampleAt = (channel: string, { x, y }: Spot, frame = FRAME): number => cardSample(channel, x, y, frame);
export const rgbAt = (at: Spot, frame = FRAME): number[] =>
  ['R', 'G', 'B'].map((channel) => sampleAt(channel, at, frame));

export class CardViewer {
  readonly editor: Editor;
  /** Every message of the page to the host. */
  readonly sent: string[] = [];

  private constructor(editor: Editor) {
    this.editor = editor;
  }

  static async open(): Promise<CardViewer> {
    const folder = temporary();
    mkdirSync(join(folder, 'in'));
    await writeCard(join(folder, 'in'));
    const graph = join(folder, 'viewer.sluice.json');
    writeFileSync(graph, saveDocument(GRAPH));
    const editor = await Editor.open(await startHost({ folder, graph }));
    const viewer = new CardViewer(editor);
    const { page } = editor;
    page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => viewer.sent.push(String(payload))));
    await page.addInitScript(noteTexts);
    await page.reload();
    for (const id of Object.keys(GRAPH.nodes)) await editor.node(id).waitFor();
    await editor.canvas.focus();
    await editor.press('a');
    return viewer;
  }

  get readout(): Locator {
    return this.editor.page.locator('.readout');
  }

  /** What stands in A and B. */
  chips(): Promise<string[]> {
    return this.editor.page.locator('.viewer-chip').allInnerTexts();
  }

  async frame(): Promise<number> {
    return Number(await this.editor.page.getByRole('spinbutton', { name: 'Present frame' }).inputValue());
  }

  /** Types into a field for numbers. */
  async type(name: string, text: string): Promise<void> {
    const field = this.editor.page.locator('.viewer-bar, .timeline').getByRole('spinbutton', { name });
    await field.focus();
    await field.press('Enter');
    await field.fill(text);
    await field.press('Enter');
  }

  /** Shortcuts go to the viewer, and nothing is probed. */
  enter(): Promise<void> {
    return this.readout.hover();
  }

  /** Where an image pixel's middle is on the page, at the zoom of these tests. */
  async spot({ x, y }: Spot): Promise<Spot> {
    const { x: left, y: top, width, height } = (await this.editor.page.locator('.stage').boundingBox())!;
    return { x: left + width / 2 + (x + 0.5 - 32) * ZOOM, y: top + height / 2 + (y + 0.5 - 18) * ZOOM };
  }

  /** Colours of the screen around the middle of an image pixel: red, green and blue of each screen pixel. */
  async colours(at: Spot, size = 1): Promise<number[][]> {
    const { x, y } = await this.spot(at);
    const clip = { x: Math.round(x) - (size >> 1), y: Math.round(y) - (size >> 1), width: size, height: size };
    const picture = sharp(await this.editor.page.screenshot({ clip }));
    const data = await picture.removeAlpha().raw().toBuffer();
    return Array.from({ length: size * size }, (_, i) => [...data.subarray(3 * i, 3 * i + 3)]);
  }

  /** Waits until a pixel has a colour, to within what rounding does. */
  async shows(what: string, at: Spot, expected: readonly number[]): Promise<void> {
    let seen: readonly number[] = [];
    const wanted = expected.map(Math.round);
    const isClose = (): boolean => seen.every((value, i) => Math.abs(value - wanted[i]!) <= 2);
    await until(what, async () => {
      seen = (await this.colours(at))[0]!;
      return isClose();
    }).catch((thrown) => {
      throw new Error(`${thrown.message} Expected ${wanted}, found ${seen}.`);
    });
  }

  /** Resolves once nothing more is sent. */
  async quiet(): Promise<void> {
    let count = -1;
    let since = Date.now();
    await until('nothing is asked any more', () => {
      if (this.sent.length !== count) since = Date.now();
      count = this.sent.length;
      return Date.now() - since > 500;
    });
  }

  /** Every text that canvases were told to write since they were forgotten. */
  texts(): Promise<string[]> {
    return this.editor.page.evaluate(() => [...(globalThis as unknown as Noted).notedTexts]);
  }

  forgetTexts(): Promise<void> {
    return this.editor.page.evaluate(() => (globalThis as unknown as Noted).notedTexts.clear());
  }

  /** Shows the first frame of a node in A, at the zoom of these tests and with the settings of the start. */
  async view(id: 'card' | 'gap' = 'card'): Promise<void> {
    const { editor } = this;
    await this.enter();
    await editor.press('Home');
    await editor.select(id);
    await editor.press('1');
    await editor.selectNothing();
    await this.enter();
    await editor.press('Shift+H', '+', '+', 'Shift+Digit0');
    await editor.page.getByLabel('Layer').selectOption('[0,"rgba"]');
    await this.enter();
    const zoomed = this.readout.getByText(`${ZOOM * 100}%`);
    await zoomed.waitFor();
    await until('the first frame', async () => (await this.frame()) === FRAME);
    const expected = rgbAt(PLAIN).map((v) => byte(srgb(v)));
    await this.shows('the card', PLAIN, expected);
  }
}

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
