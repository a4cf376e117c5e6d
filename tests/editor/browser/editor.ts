// Drives the editor's window as a user does, by pointer and keys, and knows the document by a client of its own.
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, expect } from 'vitest';
import { type Document, saveDocument } from '../../../engine/browser.ts';
import type { TestClient } from '../server/hosted.ts';
import type { Host } from './host.ts';

export const CHROMIUM = '/usr/bin/chromium';

/** True where there is no browser and none is demanded; says so. */
export const skipped = !existsSync(CHROMIUM) && process.env['CI'] !== 'true';
if (skipped) console.warn(`The editor is not tested in a browser: there is no ${CHROMIUM}.`);

const FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

let launched: Promise<Browser> | undefined;
afterAll(async () => {
  await (await launched)?.close();
});

/** The one browser of a file of tests. */
export function browser(): Promise<Browser> {
  launched ??= chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  return launched;
}

export interface Spot {
  readonly x: number;
  readonly y: number;
}

export const off = ({ x, y }: Spot, dx: number, dy: number): Spot => ({ x: x + dx, y: y + dy });

/** What the browser says of each try to reach a host that is gone or refuses. */
export const NO_HOST = /^WebSocket connection to .* failed/;

/** Milliseconds that anything may take on a machine that has other things to do. */
const LONGEST = 30_000;

/** Waits until a condition holds, looking again and again. */
export async function until(what: string, holds: () => unknown): Promise<void> {
  const end = Date.now() + LONGEST;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`Waited in vain: ${what}.`);
    await new Promise((done) => setTimeout(done, 15));
  }
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** An editor's window, and a client of the same host that knows the document. */
export class Editor {
  readonly page: Page;
  readonly client: TestClient;
  /** What went wrong in the page. */
  readonly errors: string[] = [];
  readonly #context: BrowserContext;

  private constructor(context: BrowserContext, page: Page, client: TestClient) {
    this.#context = context;
    this.page = page;
    this.client = client;
    page.setDefaultTimeout(LONGEST);
    page.on('pageerror', (error) => this.errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
  }

  static async open(host: Host, size: Size = { width: 1280, height: 720 }): Promise<Editor> {
    const context = await (await browser()).newContext({
      viewport: size,
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const editor = new Editor(context, await context.newPage(), await host.connect());
    await editor.page.goto(host.url);
    await editor.page.locator('.canvas').waitFor();
    return editor;
  }

  /** Closes the window, in which nothing may have gone wrong but what is expected. */
  async close({ expected }: { readonly expected?: RegExp } = {}): Promise<void> {
    this.client.socket.terminate();
    await this.#context.close();
    const wrong = this.errors.filter((error) => !expected?.test(error));
    expect(wrong, 'nothing went wrong in the page').toEqual([]);
  }

  /** As the host has it. */
  get document(): Document {
    return this.client.document!;
  }

  /** As it would be saved now. */
  get text(): string {
    return saveDocument(this.document);
  }

  /** Waits until the host's document is as wanted. */
  until(what: string, holds: (document: Document) => boolean): Promise<void> {
    return until(what, () => holds(this.document));
  }

  /** Resolves once the page has drawn what it knows. */
  drawn(): Promise<void> {
    return this.page.evaluate(async () => {
      for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
    });
  }

  get canvas(): Locator {
    return this.page.locator('.canvas');
  }

  node(id: string): Locator {
    return this.page.locator(`[data-node="${id}"]`);
  }

  async middle(locator: Locator): Promise<Spot> {
    const box = await locator.boundingBox();
    if (!box) throw new Error(`${locator} is not on the screen.`);
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }

  title(id: string): Promise<Spot> {
    return this.middle(this.node(id).locator('.node-title'));
  }

  socket(id: string, key: string, side: 'input' | 'output'): Promise<Spot> {
    return this.middle(this.node(id).locator(`[data-socket="${key}"][data-side="${side}"] .port-mark`));
  }

  /** Half way between two sockets: on the wire that joins them. */
  async wire(from: readonly [string, string], to: readonly [string, string]): Promise<Spot> {
    const [a, b] = [await this.socket(...from, 'output'), await this.socket(...to, 'input')];
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  }

  async click({ x, y }: Spot): Promise<void> {
    await this.page.mouse.click(x, y);
    await this.drawn();
  }

  async select(id: string): Promise<void> {
    await this.click(await this.title(id));
    await this.node(id).and(this.page.locator('.node-selected')).waitFor();
  }

  async selectBoth(first: string, second: string): Promise<void> {
    await this.select(first);
    await this.page.keyboard.down('Shift');
    await this.click(await this.title(second));
    await this.page.keyboard.up('Shift');
  }

  /** Opens the menu at a place and goes through its entries. */
  async menu(at: Spot, ...titles: readonly string[]): Promise<void> {
    await this.page.mouse.click(at.x, at.y, { button: 'right' });
    for (const name of titles) {
      const plain = this.page.getByRole('menuitem', { name });
      await plain.or(this.page.getByRole('menuitemcheckbox', { name })).click();
    }
  }

  async drag(from: Spot, to: Spot): Promise<void> {
    const { mouse } = this.page;
    await mouse.move(from.x, from.y);
    await mouse.down();
    await mouse.move(from.x + Math.sign(to.x - from.x) * 8, from.y + 5);
    await mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 2 });
    await mouse.move(to.x, to.y, { steps: 2 });
    await this.drawn();
    await mouse.up();
    await this.drawn();
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
    await this.drawn();
  }

  /** Puts the pointer on an empty place of the canvas, given as shares of its width and height. */
  async pointAt(across: number, down: number): Promise<Spot> {
    const box = (await this.canvas.boundingBox())!;
    const at = { x: box.x + box.width * across, y: box.y + box.height * down };
    await this.page.mouse.move(at.x, at.y);
    return at;
  }

  /** Tab at a place of the canvas, a name, Enter. Resolves to the id of the node that is there then. */
  async add(name: string, across: number, down: number): Promise<string> {
    const known = new Set(Object.keys(this.document.nodes));
    await this.pointAt(across, down);
    await this.press('Tab');
    const search = this.page.getByRole('combobox', { name: 'Search nodes' });
    await search.fill(name);
    await search.press('Enter');
    await this.until(`${name} is added`, ({ nodes }) => Object.keys(nodes).length > known.size);
    const [id] = Object.keys(this.document.nodes).filter((one) => !known.has(one));
    await this.node(id!).waitFor();
    return id!;
  }

  /** How many problems the status bar tells of. */
  async problems(): Promise<number> {
    const words = (await this.page.locator('.status-bar').textContent()) ?? '';
    return [...words.matchAll(/(\d+) (?:error|warning|note)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
  }

  /** Lets go of the selection, by a click on an empty place. */
  async selectNothing(): Promise<void> {
    await this.canvas.focus();
    await this.press('Escape');
  }

  param(name: string): Locator {
    return this.page.locator(`.param[data-param="${name}"]`);
  }

  button(name: string | RegExp, within: Page | Locator = this.page): Locator {
    return within.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name });
  }
}
