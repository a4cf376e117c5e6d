// The forms of all nodes in a browser: nothing is cut off, choices have names, and channels are a set to add to.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Document, emptyDocument, type Json } from '../../engine/browser.ts';
import { catalogueEntry } from '../../engine/node/catalogue.ts';
import { nodes } from '../../nodes/index.ts';
import type { PanelsPage } from './panels-page.ts';
import { type CanvasTab, CHROMIUM, openCanvas } from './perf/page.ts';

const missing = !existsSync(CHROMIUM);
const skipped = missing && process.env['CI'] !== 'true';
if (skipped) console.warn(`Forms are not tested in a browser: there is no ${CHROMIUM}.`);

const CATALOGUE = nodes.map(catalogueEntry);

const graph = (type: string, params: Record<string, Json>): Document => ({
  ...emptyDocument(),
  nodes: { it: { type, version: 1, params, at: [0, 0] } },
});

declare const made: PanelsPage;

describe.skipIf(skipped)('forms', () => {
  let tab: CanvasTab;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    const file = fileURLToPath(new URL('./panels-page.ts', import.meta.url));
    tab = await openCanvas({ width: 340, height: 900, entry: { file, global: 'panelsPage' } });
    page = tab.page;
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => errors.push(error.message));
    await page.evaluate((text) => {
      Object.assign(globalThis, { made: globalThis.panelsPage!(JSON.parse(text)) });
    }, JSON.stringify(CATALOGUE));
  }, 120_000);

  afterAll(async () => {
    await tab?.close();
    expect(errors).toEqual([]);
  });

  const open = (type: string, params: Record<string, Json> = {}): Promise<void> =>
    page.evaluate(
      (text) => made.show(JSON.parse(text)),
      JSON.stringify({ document: graph(type, params), select: ['it'] }),
    );
  const params = (): Promise<Readonly<Record<string, Json>>> =>
    page.evaluate(() => made.host.document.nodes['it']!.params);

  test('no label, button or choice of any form is cut off, folded parameters included', async () => {
    const seen = new Map<string, string[]>();
    for (const { type } of CATALOGUE) {
      await open(type);
      for (const more of await page.locator('.parameters button[aria-expanded="false"]').all()) await more.click();
      const cut = await page
        .locator('.parameters')
        .evaluate((panel) =>
          [...panel.querySelectorAll('.field-name, button:not([aria-expanded]), select')]
            .filter((one) => one.scrollWidth > one.clientWidth + 1)
            .map((one) => one.textContent ?? ''),
        );
      if (cut.length > 0) seen.set(type, cut);
    }
    expect([...seen]).toEqual([]);
    expect(CATALOGUE.length).toBeGreaterThan(40);
  });

  test('choices are shown by what people call them', async () => {
    await open('color.convert', { from: 'arrilogc4_awg4_scene' });
    const from = page.getByRole('combobox', { name: 'From' });
    expect(await from.locator('option:checked').innerText()).toBe('ARRI LogC4');
    await page.getByRole('combobox', { name: 'To' }).selectOption({ label: 'ACES2065-1' });
    expect(await params()).toEqual({ from: 'arrilogc4_awg4_scene', to: 'lin_ap0_scene' });
  });

  test('a set of channels takes names, lists of names, and gives them back', async () => {
    await open('merge.merge', { channels: ['R', 'G'] });
    const chosen = async (): Promise<Json | undefined> => (await params())['channels'];
    const add = page.getByRole('combobox', { name: 'Channels: add' });
    await add.fill('diffuse.*');
    await add.press('Enter');
    expect(await chosen()).toEqual(['R', 'G', 'diffuse.*']);
    await add.fill('A, left eye.R, G');
    await add.press('Enter');
    expect(await chosen()).toEqual(['R', 'G', 'diffuse.*', 'A', 'left eye.R']);
    await add.press('Backspace');
    await page.getByRole('button', { name: 'Remove R' }).click();
    expect(await chosen()).toEqual(['G', 'diffuse.*', 'A']);
    await add.fill('Z');
    await add.press('Escape');
    await add.blur();
    expect(await chosen()).toEqual(['G', 'diffuse.*', 'A']);
    await add.fill('Z');
    await add.blur();
    expect(await chosen()).toEqual(['G', 'diffuse.*', 'A', 'Z']);
  });
});
