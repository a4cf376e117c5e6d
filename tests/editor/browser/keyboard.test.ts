// Keys and space: everything can be reached without a pointer and shows where the focus is; nothing is cut off at
// 1280 by 720.
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Editor, skipped, until } from './editor.ts';
import { shotFolder, startHost } from './host.ts';
import { clippedText, outsideView } from './space.ts';

const RECOMBINE = fileURLToPath(new URL('../../../graphs/recombine.sluice.json', import.meta.url));
/** Presses of Tab after which something is wrong. */
const MOST = 300;

/** The panes in the order in which the focus comes to them, each by something that only it holds. */
const PANES = {
  top: '.top-bar',
  sequences: '.sequences-panel',
  library: '.shell-pane:has(.library)',
  viewer: '.viewer',
  timeline: '.timeline',
  graph: '.canvas',
  parameters: '.parameters',
  attributes: '.shell-side .tabs',
  run: '.shell-drawer',
  status: '.status-bar',
} as const;

describe.skipIf(skipped)('the window', () => {
  let editor: Editor;

  beforeAll(async () => {
    const folder = shotFolder();
    const graph = join(folder, 'recombine.sluice.json');
    copyFileSync(RECOMBINE, graph);
    editor = await Editor.open(await startHost({ folder, graph }));
    await editor.node('shuffle').waitFor();
    await editor.canvas.focus();
    await editor.press('a');
    await editor.select('shuffle');
    await editor.press('1');
    await editor.page.locator('.readout').getByText('96×54').waitFor();
    await editor.page.mouse.move(640, 2);
  });
  afterAll(() => editor?.close());

  interface Stop {
    readonly pane: string;
    readonly name: string;
    readonly visible: boolean;
  }

  /** What has the focus, and whether that shows. */
  const stop = (): Promise<Stop> =>
    editor.page.evaluate((panes) => {
      const element = document.activeElement as HTMLElement;
      const { outlineStyle, outlineWidth, borderColor, backgroundColor } = getComputedStyle(element);
      const accent = getComputedStyle(document.documentElement).getPropertyValue('--accent').trim();
      const probe = document.createElement('i');
      probe.style.color = accent;
      document.body.append(probe);
      const amber = getComputedStyle(probe).color;
      probe.remove();
      const outlined = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0;
      const box = element.getBoundingClientRect();
      return {
        pane: panes.find(([, selector]) => element.closest(selector))?.[0] ?? '',
        name: `${element.tagName.toLowerCase()}.${element.className} ${element.ariaLabel ?? element.textContent?.slice(0, 30)}`,
        visible: (outlined || borderColor === amber || backgroundColor === amber) && box.width > 0 && box.height > 0,
      };
    }, Object.entries(PANES));

  test('is walked through by Tab, and from the graph on by F6; the focus shows everywhere', async () => {
    const { page } = editor;
    await editor.button('Run, ledger and log', page.locator('.status-bar')).click();
    await page.locator('.top-bar button').nth(1).focus();
    await page.keyboard.press('Shift+Tab');
    const stops: Stop[] = [];
    const order: string[] = [];
    for (let i = 0; i < MOST; i++) {
      const now = await stop();
      if (now.pane !== '' && order.at(-1) !== now.pane) order.push(now.pane);
      stops.push(now);
      if (now.pane === 'status' && order.length >= Object.keys(PANES).length) break;
      await page.keyboard.press(now.pane === 'graph' ? 'F6' : 'Tab');
    }
    expect(order).toEqual(Object.keys(PANES));
    expect(stops.length).toBeGreaterThan(60);
    expect(stops.filter(({ visible }) => !visible).map(({ name }) => name)).toEqual([]);
  });

  test('is walked through by F6 alone, both ways', async () => {
    const { page } = editor;
    const walk = async (key: string): Promise<string[]> => {
      await page.locator('.top-bar button').first().focus();
      const seen: string[] = [];
      for (let i = 0; i < 8; i++) {
        await page.keyboard.press(key);
        seen.push((await stop()).pane);
      }
      return seen;
    };
    const forth = ['sequences', 'library', 'viewer', 'graph', 'parameters', 'attributes', 'run', 'status'];
    expect(await walk('F6')).toEqual(forth);
    expect(await walk('Shift+F6')).toEqual(forth.toReversed());
  });

  test('has a palette and a sheet of shortcuts, which name every action', async () => {
    const { page } = editor;
    await editor.canvas.focus();
    await page.keyboard.press('Control+k');
    const palette = page.locator('.palette');
    await palette.waitFor();
    await page.keyboard.type('next pane');
    await palette.getByText('Go to the next pane').waitFor();
    await page.keyboard.press('Escape');
    await palette.waitFor({ state: 'detached' });
    await page.keyboard.type('?');
    const sheet = page.getByRole('dialog', { name: 'Shortcuts' });
    await sheet.getByText('Bypass').waitFor();
    expect(await sheet.locator('dt').count()).toBeGreaterThan(60);
    await page.keyboard.press('Escape');
  });

  test('cuts nothing off at 1280 by 720, in any state', async () => {
    const { page } = editor;
    const looked: string[] = [];
    const look = async (state: string): Promise<void> => {
      await editor.drawn();
      expect(await outsideView(page), `${state}: outside of the view`).toEqual([]);
      expect(await clippedText(page), `${state}: cut off`).toEqual([]);
      looked.push(state);
    };
    await look('a node that is viewed, with the drawer');
    for (const tab of ['Ledger', 'Log']) {
      await page.getByRole('tab', { name: tab }).click();
      await look(`the drawer's ${tab}`);
    }
    await editor.button('Run, ledger and log', page.locator('.status-bar')).click();
    await look('without the drawer');
    for (const id of ['readBeauty', 'tag', 'write']) {
      await editor.select(id);
      await look(`the parameters of ${id}`);
    }
    await editor.selectNothing();
    await look('the graph itself');
    await page.getByRole('tab', { name: /Problems/ }).click();
    await look('problems');
    await page.getByRole('tab', { name: 'Attributes' }).click();
    await page.getByRole('option', { name: 'in', exact: true }).dblclick();
    await page.getByRole('option', { name: /beauty/ }).click();
    await page.getByText('8 frames').waitFor();
    await look('what is in a sequence');
    await editor.canvas.focus();
    await page.keyboard.press('Control+k');
    await page.locator('.palette').waitFor();
    await look('the palette');
    await page.keyboard.press('Escape');
    await page.keyboard.type('?');
    await page.getByRole('dialog', { name: 'Shortcuts' }).waitFor();
    await look('the shortcuts');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+o');
    await page.getByRole('dialog').waitFor();
    await look('the choice of a file');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Alt+n');
    await until('an empty graph', () => Object.keys(editor.document.nodes).length === 0);
    await look('nothing at all');
    expect(looked).toHaveLength(14);
  });
});
