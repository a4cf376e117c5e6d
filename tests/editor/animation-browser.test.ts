// Animating in a browser: keys, the curve and expressions, on a host in memory.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Animations } from '../../engine/browser.ts';
import { type Document, emptyDocument, type Json } from '../../engine/browser.ts';
import { catalogueEntry } from '../../engine/node/catalogue.ts';
import { nodes } from '../../nodes/index.ts';
import type { PanelsPage, Scene } from './panels-page.ts';
import { type CanvasTab, CHROMIUM, openCanvas } from './perf/page.ts';

const missing = !existsSync(CHROMIUM);
const skipped = missing && process.env['CI'] !== 'true';
if (skipped) console.warn(`Animating is not tested in a browser: there is no ${CHROMIUM}.`);

declare const made: PanelsPage;

describe.skipIf(skipped)('animating in a browser', () => {
  let tab: CanvasTab;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    const file = fileURLToPath(new URL('./panels-page.ts', import.meta.url));
    tab = await openCanvas({ width: 340, height: 900, entry: { file, global: 'panelsPage' } });
    page = tab.page;
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => errors.push(error.message));
    await page.evaluate(
      (text) => {
        Object.assign(globalThis, { made: globalThis.panelsPage!(JSON.parse(text)) });
      },
      JSON.stringify(nodes.map(catalogueEntry)),
    );
  }, 120_000);

  afterAll(async () => {
    await tab?.close();
    expect(errors).toEqual([]);
  });

  const open = (
    type: string,
    params: Record<string, Json> = {},
    animation?: Animations,
    more: Partial<Scene> = {},
  ): Promise<void> => {
    const it = { type, version: 1, params, ...(animation ? { animation } : {}), at: [0, 0] as const };
    const document: Document = { ...emptyDocument(), nodes: { it } };
    return page.evaluate((text) => made.show(JSON.parse(text)), JSON.stringify({ document, select: ['it'], ...more }));
  };
  const animation = (): Promise<Json | undefined> =>
    page.evaluate(() => made.host.document.nodes['it']!.animation as Json | undefined);
  const seek = (frame: number): Promise<void> => page.evaluate((to) => made.store.frame$.next(to), frame);
  const field = (name: string): Locator => page.locator(`[data-param="${name}"]`);
  const number = (name: string): Locator => field(name).getByRole('spinbutton').first();
  const type = async (where: Locator, text: string): Promise<void> => {
    await where.focus();
    await page.keyboard.press('Enter');
    await where.fill(text);
    await page.keyboard.press('Enter');
  };

  test('a key is set at the frame; later values are keys, the field shows the value at the frame', async () => {
    await open('color.exposure', { stops: 1 });
    await seek(10);
    await field('stops').hover();
    await page.getByRole('button', { name: 'Animate Stops: set a key here' }).click();
    expect(await animation()).toEqual({ stops: { keys: [[10, 1, 'smooth']] } });
    await seek(20);
    await type(number('stops'), '5');
    expect(await animation()).toEqual({
      stops: {
        keys: [
          [10, 1, 'smooth'],
          [20, 5, 'smooth'],
        ],
      },
    });
    await seek(15);
    expect(await number('stops').inputValue()).toBe('3');
    expect(await page.getByRole('button', { name: 'Set a key of Stops here' }).count()).toBe(1);
    await seek(20);
    await page.getByRole('button', { name: 'Remove the key of Stops here' }).click();
    expect(await animation()).toEqual({ stops: { keys: [[10, 1, 'smooth']] } });
    await seek(10);
    await page.getByRole('button', { name: 'Remove the key of Stops here' }).click();
    expect(await animation()).toBeUndefined();
    expect(await number('stops').inputValue()).toBe('1');
  });

  test('a key is dragged in the curve as one step, its way is chosen, and a key is removed', async () => {
    await open(
      'color.exposure',
      {},
      {
        stops: {
          keys: [
            [1, 0, 'linear'],
            [11, 10, 'linear'],
            [21, 0, 'linear'],
          ],
        },
      },
    );
    await page.getByRole('button', { name: 'Curve of Stops' }).click();
    const key = page.getByRole('button', { name: 'Key 2 of Stops' });
    const box = (await key.boundingBox())!;
    const from = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    for (let i = 1; i <= 5; i++) await page.mouse.move(from.x + i * 8, from.y + i * 8);
    await page.mouse.up();
    const { keys } = ((await animation()) as { stops: { keys: [number, number, string][] } }).stops;
    expect(keys).toHaveLength(3);
    expect(keys[1]![0]).toBeGreaterThan(11);
    expect(keys[1]![1]).toBeLessThan(10);
    const groups = await page.evaluate(() => made.received.flatMap((one) => (one.kind === 'edit' ? [one.group] : [])));
    expect(new Set(groups.slice(-5)).size).toBe(1);
    await field('stops').getByRole('combobox').selectOption('bezier');
    expect(await page.getByRole('button', { name: /Handle (before|after) key 2/ }).count()).toBe(1);
    await page.getByRole('button', { name: 'Remove key 2 of Stops' }).click();
    await page.getByRole('button', { name: 'Remove the animation' }).click();
    expect(await animation()).toBeUndefined();
  });

  test('what is typed behind = drives the number; it shows what it gives, and an empty text takes it away', async () => {
    await open('color.exposure');
    await type(number('stops'), '=frame / 10');
    expect(await animation()).toEqual({ stops: { expression: 'frame / 10' } });
    const text = page.getByRole('textbox', { name: 'Expression of Stops' });
    expect(await text.inputValue()).toBe('frame / 10');
    await open(
      'color.exposure',
      {},
      { stops: { expression: 'frame / 10' } },
      { nodes: { it: { inputs: {}, state: 'idle', driven: { stops: 2.5 } } } },
    );
    expect(await field('stops').innerText()).toContain('= 2.5');
    await text.fill('frame / ');
    await page.keyboard.press('Enter');
    expect(await field('stops').innerText()).toContain('Expected a number, a name or ( at column 8');
    expect(await animation()).toEqual({ stops: { expression: 'frame / 10' } });
    await text.fill('');
    await page.keyboard.press('Enter');
    expect(await animation()).toBeUndefined();
    await type(number('stops'), '=2*3');
    expect(await page.evaluate(() => made.host.document.nodes['it']!.params)).toEqual({ stops: 6 });
  });

  test('a colour has one key for all its numbers, and each by itself where that is wanted', async () => {
    await open('generate.constant', { color: [0.5, 0.25, 0, 1] });
    await seek(10);
    await field('color').hover();
    await page.getByRole('button', { name: 'Animate Colour: set keys here' }).click();
    const at = (frame: number, ...numbers: readonly number[]) => numbers.map((value) => [frame, value, 'smooth']);
    const keyed = (...frames: readonly (readonly unknown[])[]) =>
      Object.fromEntries([0, 1, 2, 3].map((i) => [`color.${i}`, { keys: frames.map((keys) => keys[i]) }]));
    expect(await animation()).toEqual(keyed(at(10, 0.5, 0.25, 0, 1)));
    await seek(20);
    await page.getByRole('button', { name: 'Set keys of Colour here' }).click();
    await type(field('color').getByRole('spinbutton', { name: 'Colour green' }), '0.75');
    expect(await animation()).toEqual(keyed(at(10, 0.5, 0.25, 0, 1), at(20, 0.5, 0.75, 0, 1)));
    await seek(15);
    expect(await field('color').getByRole('spinbutton', { name: 'Colour green' }).inputValue()).toBe('0.5');
    // The picker makes keys of what it changes, as one step.
    await field('color').getByLabel('Colour: pick a colour').fill('#ffffff');
    const made = (await animation()) as Record<string, { keys: unknown[] }>;
    expect(['0', '1', '2', '3'].map((i) => made[`color.${i}`]!.keys.length)).toEqual([3, 3, 3, 2]);
    // One of them by itself: what is typed behind = drives it, and the others keep their keys.
    await page.getByRole('button', { name: 'Numbers of Colour, each by itself' }).click();
    const blue = field('color').locator('.animated-piece').nth(2);
    await blue.getByRole('button', { name: 'Remove the key of Colour blue here' }).click();
    await type(blue.getByRole('spinbutton', { name: 'Colour blue' }), '=frame/100');
    const driven = (await animation()) as Record<string, unknown>;
    expect([driven['color.2'], Object.keys(driven).length]).toEqual([{ expression: 'frame/100' }, 4]);
    // All keys at a frame go at once; without any the colour is what it was.
    for (const frame of [10, 20, 15]) {
      await seek(frame);
      await page.getByRole('button', { name: 'Remove the keys of Colour here' }).first().click();
    }
    expect(await animation()).toEqual({ 'color.2': { expression: 'frame/100' } });
  });

  test('pieces of a vector, switches and choices can be animated; texts cannot', async () => {
    await open('filter.blur', { size: [5, 6] });
    await seek(3);
    await field('size').hover();
    await page.getByRole('button', { name: 'Animate Size 2: set a key here' }).click();
    expect(await animation()).toEqual({ 'size.1': { keys: [[3, 6, 'smooth']] } });
    await open('transform.mirror');
    await seek(3);
    await field('vertical').hover();
    await page
      .getByRole('button', { name: /^Animate .*: set a key here/ })
      .last()
      .click();
    expect(Object.values((await animation()) as object)).toEqual([{ keys: [[3, false, 'constant']] }]);
    await open('io.write', { path: 'a.exr' });
    await field('path').hover();
    expect(
      await field('path')
        .getByRole('button', { name: /Animate/ })
        .count(),
    ).toBe(0);
  });
});
