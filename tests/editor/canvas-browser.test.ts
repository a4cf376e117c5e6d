// The canvas in a browser: what gestures and keys do to the document, on a host in memory.
import { existsSync, readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { catalogue, createRegistry, type Document, loadDocument } from '../../engine/index.ts';
import { nodes } from '../../nodes/index.ts';
import type { CanvasPage } from './canvas-page.ts';
import { type CanvasTab, CHROMIUM, openCanvas } from './perf/page.ts';

const missing = !existsSync(CHROMIUM);
const skipped = missing && process.env['CI'] !== 'true';
if (skipped) console.warn(`The canvas is not tested in a browser: there is no ${CHROMIUM}.`);

const ENTRIES = catalogue(createRegistry(nodes));
const RECOMBINE = loadDocument(readFileSync(new URL('../../graphs/recombine.sluice.json', import.meta.url))).document!;

declare const made: CanvasPage;

interface Spot {
  readonly x: number;
  readonly y: number;
}

describe.skipIf(skipped)('the canvas in a browser', () => {
  let tab: CanvasTab;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    tab = await openCanvas({ width: 1100, height: 600 });
    page = tab.page;
    page.on('pageerror', (error) => errors.push(error.message));
    await page.evaluate((entries) => {
      Object.assign(globalThis, { made: globalThis.canvasPage!(JSON.parse(entries)) });
    }, JSON.stringify(ENTRIES));
  }, 120_000);

  afterAll(async () => {
    await tab?.close();
    expect(errors).toEqual([]);
  });

  beforeEach(async () => {
    await page.mouse.move(1, 1);
    await open(RECOMBINE);
    await page.locator('.canvas').focus();
  });

  const open = async (document: Document): Promise<void> => {
    await page.evaluate((shown) => made.open(JSON.parse(shown)), JSON.stringify(document));
    await settled();
  };
  const settled = (): Promise<void> =>
    page.evaluate(async () => {
      for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
    });
  const now = (): Promise<Document> => page.evaluate(() => made.host.document);
  const undoes = (): Promise<string | undefined> => page.evaluate(() => made.store.history$.value.undo);
  const selected = (): Promise<string[]> => page.evaluate(() => [...made.store.selection$.value]);
  const middle = async (selector: string): Promise<Spot> => {
    const box = await page.locator(selector).boundingBox();
    if (!box) throw new Error(`${selector} is not on the screen.`);
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  };
  const title = (node: string): Promise<Spot> => middle(`[data-node="${node}"] .node-title`);
  const socket = (node: string, key: string, side: 'input' | 'output'): Promise<Spot> =>
    middle(`[data-node="${node}"] [data-socket="${key}"][data-side="${side}"] .port-mark`);
  const between = (a: Spot, b: Spot): Spot => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
  const drag = async (from: Spot, to: Spot, options: { readonly button?: 'left' | 'middle' } = {}): Promise<void> => {
    await page.mouse.move(from.x, from.y);
    await page.mouse.down(options);
    await page.mouse.move(from.x + 8, from.y + 4);
    await page.mouse.move(to.x, to.y, { steps: 3 });
    await settled();
    await page.mouse.up(options);
    await settled();
  };
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
    await settled();
  };
  const click = async ({ x, y }: Spot, keys: readonly ('Shift' | 'Alt')[] = []): Promise<void> => {
    for (const key of keys) await page.keyboard.down(key);
    await page.mouse.click(x, y);
    for (const key of keys) await page.keyboard.up(key);
    await settled();
  };
  const type = async (text: string): Promise<void> => {
    await page.keyboard.type(text);
    await press('Enter');
  };
  const empty: Spot = { x: 550, y: 40 };

  test('a wire joins an output and an input; a port that takes many asks for a name', async () => {
    await drag(await socket('readUtility', 'image', 'output'), await socket('tag', 'others.+', 'input'));
    await type('extra');
    expect((await now()).links.at(-1)).toEqual({ from: 'readUtility.image', to: 'tag.others.extra' });
    expect(await undoes()).toBe('Connect readUtility to tag');
  });

  test('the name offered is the source’s id, and Escape makes no wire', async () => {
    await drag(await socket('readBeauty', 'image', 'output'), await socket('tag', 'others.+', 'input'));
    expect(await page.locator('.canvas-field input').inputValue()).toBe('readBeauty');
    await press('Escape');
    expect(await undoes()).toBeUndefined();
  });

  test('a wire that would close a cycle is refused with a word', async () => {
    await drag(await socket('tag', 'image', 'output'), await socket('shuffle', 'sources.+', 'input'));
    expect(await page.locator('.canvas-word').textContent()).toBe('This would close a cycle.');
    expect(await undoes()).toBeUndefined();
  });

  test('a wire that is picked up and let go over nothing is gone; dropped on a node it finds its input', async () => {
    await drag(await socket('write', 'image', 'input'), empty);
    expect((await now()).links.some(({ to }) => to === 'write.image')).toBe(false);
    await drag(await socket('shuffle', 'image', 'output'), await title('write'));
    expect((await now()).links.at(-1)).toEqual({ from: 'shuffle.image', to: 'write.image' });
  });

  test('a wire dragged into nothing lists what fits and makes it there', async () => {
    await drag(await socket('shuffle', 'image', 'output'), { x: 560, y: 500 });
    const offered = await page.locator('.canvas-search-item').allTextContents();
    expect(offered.some((text) => text.startsWith('Write EXR'))).toBe(true);
    expect(offered.some((text) => text.startsWith('Read sequence'))).toBe(false);
    await type('write');
    const { links } = await now();
    expect(links.at(-1)).toEqual({ from: 'shuffle.image', to: 'write2.image' });
  });

  test('Tab makes a node after the selected one; with Shift it branches', async () => {
    await click(await title('tag'));
    await press('Tab');
    await type('expo');
    const document = await now();
    expect(document.links).toContainEqual({ from: 'tag.image', to: 'exposure.image' });
    expect(document.links).toContainEqual({ from: 'exposure.image', to: 'write.image' });
    expect(await selected()).toEqual(['exposure']);
    await click(await title('tag'));
    await press('Tab');
    await page.keyboard.type('expo');
    await press('Shift+Enter');
    const branched = await now();
    expect(branched.links).toContainEqual({ from: 'tag.image', to: 'exposure2.image' });
    expect(branched.links).toContainEqual({ from: 'exposure.image', to: 'write.image' });
  });

  test('a node made after two selected ones takes both, under their names', async () => {
    await click(await title('readUtility'));
    await click(await title('readBeauty'), ['Shift']);
    await page.mouse.move(empty.x, empty.y);
    await press('Tab');
    await type('shuffle');
    const { links } = await now();
    expect(links.slice(-2)).toEqual([
      { from: 'readBeauty.image', to: 'shuffle2.sources.readBeauty' },
      { from: 'readUtility.image', to: 'shuffle2.sources.readUtility' },
    ]);
  });

  test('a drag is one step; a node let go on a wire goes into it', async () => {
    await page.mouse.move(empty.x, empty.y);
    await press('Tab');
    await type('exposure');
    const wire = between(await socket('shuffle', 'image', 'output'), await socket('tag', 'image', 'input'));
    await drag(await title('exposure'), wire);
    expect(await undoes()).toBe('Insert exposure');
    const { links } = await now();
    expect(links).toContainEqual({ from: 'shuffle.image', to: 'exposure.image' });
    expect(links).toContainEqual({ from: 'exposure.image', to: 'tag.image' });
    expect(await page.evaluate(() => made.store.history$.value.depth)).toBe(2);
  });

  test('what is dragged together moves together, and undo brings it back', async () => {
    const before = (await now()).nodes;
    await click(await title('tag'));
    await click(await title('write'), ['Shift']);
    const from = await title('tag');
    await drag(from, { x: from.x, y: from.y + 120 });
    const after = (await now()).nodes;
    const [moved, other] = ['tag', 'write'].map((id) => after[id]!.at[1] - before[id]!.at[1]);
    expect(moved).toBeGreaterThan(60);
    expect(other).toBe(moved);
    expect(after['shuffle']).toEqual(before['shuffle']);
    await page.evaluate(() => made.store.undo());
    await settled();
    expect((await now()).nodes).toEqual(before);
    const back = await title('tag');
    expect(back.y).toBeCloseTo(from.y, 0);
  });

  test('a box selects, Shift adds, Escape selects nothing', async () => {
    const [a, b] = [await title('readBeauty'), await title('readUtility')];
    await drag({ x: 4, y: a.y - 30 }, { x: a.x + 60, y: b.y + 40 });
    expect((await selected()).toSorted()).toEqual(['readBeauty', 'readUtility']);
    await click(await title('tag'), ['Shift']);
    expect(await selected()).toHaveLength(3);
    await press('Escape');
    expect(await selected()).toEqual([]);
  });

  test('Delete joins what the node passed on; D bypasses and enables', async () => {
    await click(await title('tag'));
    await press('d');
    expect((await now()).nodes['tag']?.disabled).toBe(true);
    await press('d');
    expect((await now()).nodes['tag']?.disabled).toBeUndefined();
    await press('Delete');
    expect((await now()).links.at(-1)).toEqual({ from: 'shuffle.image', to: 'write.image' });
  });

  test('a dot comes by Alt and by double click on a wire, and by its key', async () => {
    const wire = between(await socket('shuffle', 'image', 'output'), await socket('tag', 'image', 'input'));
    await click(wire, ['Alt']);
    expect((await now()).nodes['dot']?.type).toBe('graph.dot');
    expect((await now()).links).toContainEqual({ from: 'dot.image', to: 'tag.image' });
    const other = between(await socket('tag', 'image', 'output'), await socket('write', 'image', 'input'));
    await page.mouse.dblclick(other.x, other.y);
    await settled();
    expect((await now()).links).toContainEqual({ from: 'dot2.image', to: 'write.image' });
    await click(await title('readBeauty'));
    await press('.');
    expect((await now()).links).toContainEqual({ from: 'dot3.image', to: 'shuffle.sources.beauty' });
  });

  test('a backdrop goes around the selection, carries it along and takes a title', async () => {
    await click(await title('readBeauty'));
    await press('b');
    await type('Sources');
    const before = await now();
    expect(before.canvas?.backdrops['backdrop']?.title).toBe('Sources');
    const node = await title('readBeauty');
    await drag({ x: node.x + 20, y: node.y - 44 }, { x: node.x + 20, y: node.y - 84 });
    const after = await now();
    const rise = before.nodes['readBeauty']!.at[1] - after.nodes['readBeauty']!.at[1];
    expect(rise).toBeGreaterThan(20);
    expect(before.canvas!.backdrops['backdrop']!.at[1] - after.canvas!.backdrops['backdrop']!.at[1]).toBe(rise);
    expect(await undoes()).toBe('Move 2 things');
  });

  test('a note is written where the pointer is', async () => {
    await page.mouse.move(empty.x, empty.y);
    await press('n');
    await page.keyboard.type('Check the normals.');
    await press('Escape');
    expect((await now()).canvas?.notes['note']?.text).toBe('Check the normals.');
  });

  test('F2 renames the node; a text that is no name becomes its title', async () => {
    await click(await title('shuffle'));
    await press('F2');
    await type('merge');
    const { nodes: renamed, links } = await now();
    expect(Object.keys(renamed)).toContain('merge');
    expect(links).toContainEqual({ from: 'merge.image', to: 'tag.image' });
    expect(await selected()).toEqual(['merge']);
    await press('F2');
    await type('Both passes');
    expect((await now()).nodes['merge']?.title).toBe('Both passes');
  });

  test('copied text pastes back, out of a chat too, with new ids and the links inside', async () => {
    const text = await page.evaluate(async () => {
      made.store.select(['shuffle', 'tag']);
      let copied = '';
      Object.defineProperty(navigator, 'clipboard', {
        configurable: true,
        value: {
          writeText: async (value: string) => {
            copied = value;
          },
        },
      });
      await new Promise(requestAnimationFrame);
      window.dispatchEvent(new KeyboardEvent('keydown', { key: 'c', code: 'KeyC', ctrlKey: true, bubbles: true }));
      await new Promise(requestAnimationFrame);
      return copied;
    });
    expect(loadDocument(text).problems).toEqual([]);
    await page.evaluate((copied) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', `Try this:\n\`\`\`json\n${copied}\n\`\`\`\n`);
      window.dispatchEvent(new ClipboardEvent('paste', { clipboardData }));
    }, text);
    await settled();
    const document = await now();
    expect(document.links.at(-1)).toEqual({ from: 'shuffle2.image', to: 'tag2.image' });
    expect(document.links).toHaveLength(RECOMBINE.links.length + 1);
    expect(await selected()).toEqual(['shuffle2', 'tag2']);
    expect(await undoes()).toBe('Paste 2 nodes');
  });

  test('arrow keys go from node to node, upstream and downstream are selected by keys', async () => {
    await press('ArrowRight');
    expect(await selected()).toEqual(['readBeauty']);
    await press('ArrowRight', 'ArrowRight');
    expect(await selected()).toEqual(['tag']);
    await press('Control+Shift+ArrowLeft');
    expect((await selected()).toSorted()).toEqual(['readBeauty', 'readUtility', 'shuffle', 'tag']);
    await press('Control+a');
    expect(await selected()).toHaveLength(5);
  });

  test('digits show a node in the viewer and recall it', async () => {
    await click(await title('tag'));
    await press('1');
    await click(await title('shuffle'));
    await press('2');
    expect(await page.evaluate(() => made.store.viewed$.value)).toEqual({ a: 'shuffle' });
    await press('Shift+Digit3');
    expect(await page.evaluate(() => made.store.viewed$.value)).toEqual({ a: 'shuffle', b: 'shuffle' });
    await press('Escape', '1');
    expect(await page.evaluate(() => made.store.viewed$.value)).toEqual({ a: 'tag', b: 'shuffle' });
    expect(await page.locator('[data-node="tag"] .node-viewed').textContent()).toBe('A');
  });

  test('the layout flows from left to right and is one step', async () => {
    await press('l');
    await expect.poll(undoes, { timeout: 10_000 }).toBe('Arrange nodes');
    const { nodes: placed } = await now();
    const x = (id: string): number => placed[id]!.at[0];
    expect(x('readBeauty')).toBe(x('readUtility'));
    expect(x('shuffle')).toBeGreaterThan(x('readBeauty') + 160);
    expect(x('write')).toBeGreaterThan(x('tag') + 160);
  });

  test('find leads to a node', async () => {
    await press('Control+f');
    await page.keyboard.type('wri');
    await settled();
    expect(await selected()).toEqual(['write']);
    await press('Escape');
    expect(await page.locator('.canvas-find').count()).toBe(0);
  });

  test('the wheel zooms to the pointer, the middle button pans, A brings all back', async () => {
    const before = await title('tag');
    await page.mouse.move(before.x, before.y);
    await page.mouse.wheel(0, -200);
    await settled();
    const zoomed = await title('tag');
    expect(Math.hypot(zoomed.x - before.x, zoomed.y - before.y)).toBeLessThan(8);
    await drag(empty, { x: empty.x + 100, y: empty.y + 50 }, { button: 'middle' });
    const panned = await title('tag');
    expect(panned.x - zoomed.x).toBeCloseTo(100, 0);
    await press('a');
    expect((await title('tag')).x).toBeCloseTo(before.x, 0);
    expect(await undoes()).toBeUndefined();
  });

  test('the context menu of a node offers what can be done with it', async () => {
    const { x, y } = await title('tag');
    await page.mouse.click(x, y, { button: 'right' });
    await settled();
    expect(await selected()).toEqual(['tag']);
    await page.locator('.menu-item', { hasText: 'Select upstream' }).click();
    await settled();
    expect(await selected()).toHaveLength(4);
  });

  test('what others do to the document shows at once', async () => {
    await page.evaluate(() => {
      made.store.edit({ op: 'removeNode', id: 'tag' }, 'Delete tag');
      made.store.edit({ op: 'moveNodes', positions: { write: [400, 300] } }, 'Move write');
    });
    await settled();
    expect(await page.locator('[data-node="tag"]').count()).toBe(0);
    const place = await page.locator('[data-node="write"]').boundingBox();
    const source = await page.locator('[data-node="readUtility"]').boundingBox();
    expect(place!.y).toBeGreaterThan(source!.y + 20);
  });
});
