// Ways about the graph: what the search offers, sockets of templates, wiring and menus by keys, and where the focus leads.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Document, type DocumentNode, emptyDocument, type Json, saveDocument } from '../../../engine/browser.ts';
import { Editor, off, skipped } from './editor.ts';
import { shotFolder, startHost } from './host.ts';

const node = (type: string, x: number, y: number, params: DocumentNode['params'] = {}): DocumentNode => ({
  type,
  version: 1,
  params,
  at: [x, y],
});

/** Writes files itself, and gives nothing. */
const MUTE: Document = {
  ...emptyDocument('deliver'),
  nodes: {
    plate: node('template.input', 0, 0, { name: 'plate' }),
    write: node('io.write', 200, 0, { path: 'out/b.%04d.exr' }),
  },
  links: [{ from: 'plate.image', to: 'write.image' }],
};

/** A template on disk. */
const BRIGHTEN: Document = {
  ...emptyDocument('brighten'),
  nodes: {
    plate: node('template.input', 0, 0, { name: 'plate' }),
    exposure: node('color.exposure', 200, 0, { stops: 1 }),
    result: node('template.output', 400, 0),
  },
  links: [
    { from: 'plate.image', to: 'exposure.image' },
    { from: 'exposure.image', to: 'result.image' },
  ],
};

const GRAPH: Document = {
  ...emptyDocument('ways'),
  nodes: {
    read: node('io.read', 0, 0, { path: 'in/sh010_beauty.%04d.exr' }),
    tag: node('metadata.set', 220, 0),
    write: node('io.write', 420, 0, { path: '' }),
    loose: node('color.exposure', 220, 160),
    deliver: node('template.instance', 420, 160, { template: MUTE as unknown as Json }),
  },
  links: [
    { from: 'read.image', to: 'tag.image' },
    { from: 'tag.image', to: 'write.image' },
  ],
};

describe.skipIf(skipped)('the graph', () => {
  let editor: Editor;

  beforeAll(async () => {
    const folder = shotFolder();
    const graph = join(folder, 'ways.sluice.json');
    writeFileSync(graph, saveDocument(GRAPH));
    writeFileSync(join(folder, 'brighten.sluice.json'), saveDocument(BRIGHTEN));
    editor = await Editor.open(await startHost({ folder, graph }));
    for (const id of Object.keys(GRAPH.nodes)) await editor.node(id).waitFor();
    await editor.canvas.focus();
    await editor.press('a');
  });
  afterAll(() => editor?.close());

  const linked = (from: string, to: string) => (now: Document) =>
    now.links.some((link) => link.from === from && link.to === to);
  const undo = async (): Promise<void> => {
    await editor.press('Control+z');
  };

  test('the search has no places of templates in a graph that is none, unless they are asked for', async () => {
    const { page } = editor;
    const options = page.locator('.canvas-search').getByRole('option');
    await editor.selectNothing();
    await editor.pointAt(0.9, 0.9);
    await editor.press('Tab');
    await options.filter({ hasText: 'Read sequence' }).waitFor();
    expect(await options.filter({ hasText: /^Template/ }).count()).toBe(0);
    await page.keyboard.type('template');
    await options.filter({ hasText: 'Template output' }).waitFor();
    await options.filter({ hasText: 'brighten' }).waitFor();
    expect(await options.allInnerTexts()).toEqual([
      expect.stringMatching(/^brighten\s+Templates$/),
      expect.stringMatching(/^Template input\s+Inside templates$/),
      expect.stringMatching(/^Template output\s+Inside templates$/),
    ]);
    await editor.press('Escape');
    await page.locator('.canvas-search').waitFor({ state: 'detached' });
  });

  test('a template shows its own inputs, and no output where it gives nothing', async () => {
    const sockets = editor.node('deliver').locator('[data-socket]');
    expect(await sockets.evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset['socket']))).toEqual([
      'inputs.plate',
    ]);
    await editor.drag(
      await editor.socket('tag', 'image', 'output'),
      await editor.socket('deliver', 'inputs.plate', 'input'),
    );
    await editor.until('it is wired', linked('tag.image', 'deliver.inputs.plate'));
    await undo();
    await editor.until('it is not', (now) => now.links.length === 2);
  });

  test('nodes are wired and parted by keys', async () => {
    await editor.selectBoth('tag', 'loose');
    await editor.press('y');
    await editor.until('they are wired', linked('tag.image', 'loose.image'));
    await editor.select('loose');
    await editor.press('Shift+Y');
    await editor.until('they are parted', (now) => !linked('tag.image', 'loose.image')(now));
    await undo();
    await undo();
    await editor.until('all is as before', (now) => now.links.length === 2);
  });

  test('wires are gone through, left for a node and taken away by keys', async () => {
    const { page } = editor;
    const told = (text: string): Promise<void> => page.locator('.canvas [aria-live]').getByText(text).waitFor();
    await editor.select('tag');
    await editor.press('w');
    await told('The wire from read.image to tag.image');
    await editor.press('w');
    await told('The wire from tag.image to write.image');
    await editor.press('w', 'Shift+W');
    await told('The wire from tag.image to write.image');
    await editor.press('ArrowRight');
    await editor.node('write').and(page.locator('.node-selected')).waitFor();
    await editor.press('Shift+W');
    await told('The wire from tag.image to write.image');
    await editor.press('Delete');
    await editor.until('it is gone', (now) => now.links.length === 1);
    await undo();
    await editor.until('it is back', (now) => now.links.length === 2);
    // By name as well.
    await editor.select('read');
    await editor.press('Control+k');
    await page.getByRole('combobox', { name: 'Command' }).fill('select the next wire');
    await page.keyboard.press('Enter');
    await told('The wire from read.image to tag.image');
    await editor.press('?');
    const row = page.getByRole('dialog', { name: 'Shortcuts' }).locator('.shortcuts-row');
    await row.filter({ hasText: 'Select the next wire of the node' }).getByText('W', { exact: true }).waitFor();
    await editor.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  test('the search has the templates on disk, which go after what is selected', async () => {
    const { page } = editor;
    const before = editor.text;
    await editor.select('read');
    await editor.pointAt(0.3, 0.9);
    await editor.press('Tab');
    await page.keyboard.type('brighten');
    const option = page.locator('.canvas-search').getByRole('option').filter({ hasText: 'brighten' });
    await option.waitFor();
    await page.locator('.canvas-search').getByText('Enter: fed by read.').waitFor();
    expect(await option.innerText()).toMatch(/^brighten\s+Templates$/);
    await page.keyboard.press('Enter');
    await editor.until('it is there, and fed', linked('read.image', 'brighten.inputs.plate'));
    await editor.node('brighten').and(page.locator('.node-selected')).waitFor();
    expect(editor.document.nodes['brighten']!.params['source']).toMatchObject({ path: 'brighten.sluice.json' });
    await undo();
    await editor.until('it is gone in one step', () => editor.text === before);
  });

  test('pictures on nodes are there again after the page is loaded anew', async () => {
    const { page } = editor;
    await editor.select('tag');
    await editor.press('p');
    const picture = editor.node('tag').locator('.node-picture');
    await picture.waitFor();
    await page.reload();
    await picture.waitFor();
    await editor.canvas.focus();
    await editor.press('a');
    await editor.select('tag');
    await editor.press('p');
    await picture.waitFor({ state: 'detached' });
    await page.reload();
    await editor.node('tag').waitFor();
    await editor.canvas.focus();
    await editor.press('a');
    expect(await picture.count()).toBe(0);
  });

  test('the menu key speaks of what is selected, wherever the pointer is', async () => {
    const menu = editor.page.getByRole('menu', { name: 'Graph' });
    const titles = (): Promise<string[]> => menu.getByRole('menuitem').allInnerTexts();
    await editor.select('tag');
    await editor.pointAt(0.9, 0.9);
    await editor.press('Shift+F10');
    await menu.waitFor();
    expect((await titles()).some((title) => title.startsWith('Rename'))).toBe(true);
    await editor.press('Escape');
    await editor.click(await editor.wire(['tag', 'image'], ['write', 'image']));
    await editor.press('Shift+F10');
    await menu.getByRole('menuitem', { name: 'Insert node…' }).waitFor();
    await editor.press('Escape');
    // What the wire carries is what the digits show.
    await editor.press('1');
    await editor.page.locator('.viewer-bar').getByText('tag').waitFor();
    await editor.selectNothing();
    await editor.press('Shift+F10');
    await menu.getByRole('menuitem', { name: 'Add node…' }).waitFor();
    await editor.press('Escape');
    await menu.waitFor({ state: 'detached' });
  });

  test('a node that is let go on a wire covers neither neighbour', async () => {
    const wire = await editor.wire(['tag', 'image'], ['write', 'image']);
    await editor.drag(await editor.title('loose'), off(wire, -10, -10));
    await editor.until('it is in the wire', linked('loose.image', 'write.image'));
    const [tag, loose, write] = (['tag', 'loose', 'write'] as const).map((id) => editor.document.nodes[id]!.at[0]);
    expect(loose! - tag!).toBeGreaterThanOrEqual(160);
    expect(write! - loose!).toBeGreaterThanOrEqual(160);
    await undo();
    await editor.until('it is out again', (now) => now.links.length === 2);
  });

  test('a backdrop and its title are one step', async () => {
    await editor.select('tag');
    await editor.press('b');
    await editor.page.getByRole('textbox', { name: 'Title of the backdrop' }).waitFor();
    await editor.page.keyboard.type('Größe & Öl');
    await editor.press('Enter');
    await editor.until('it is titled', ({ canvas }) => canvas?.backdrops['backdrop']?.title === 'Größe & Öl');
    await undo();
    await editor.until('all of it is gone', ({ canvas }) => canvas?.backdrops['backdrop'] === undefined);
  });

  test('a note grows with its text', async () => {
    await editor.selectNothing();
    await editor.pointAt(0.05, 0.7);
    await editor.press('n');
    await editor.page.getByRole('textbox', { name: 'Text of the note' }).waitFor();
    await editor.page.keyboard.type('one\ntwo\nthree\nfour\nfive\nsix\nseven\neight');
    await editor.press('Control+Enter');
    await editor.until('it is written', ({ canvas }) => (canvas?.notes['note']?.size[1] ?? 0) >= 8 * 16);
    await undo();
    await editor.until('it is gone', ({ canvas }) => canvas?.notes['note'] === undefined);
  });

  test('a problem leads to its node and leaves the zoom as it is', async () => {
    const { page } = editor;
    await editor.selectNothing();
    await page.getByRole('tab', { name: /Problems/ }).click();
    const width = async (): Promise<number> => (await editor.node('write').boundingBox())!.width;
    const before = await width();
    await page.getByTitle('Go to write').first().click();
    await editor.node('write').and(page.locator('.node-selected')).waitFor();
    await editor.drawn();
    expect(await width()).toBeCloseTo(before, 3);
    // By keys it goes on to the next node that has one, and back.
    const chosen = () => page.locator('.node-selected').getAttribute('data-node');
    await editor.press('F8');
    expect(await chosen()).not.toBe('write');
    await editor.press('Shift+F8');
    expect(await chosen()).toBe('write');
    await page.getByRole('tab', { name: 'Attributes' }).click();
  });

  test('Tab follows the focus into a panel, though the pointer rests on the graph; once it moves there it searches', async () => {
    const { page } = editor;
    await editor.select('tag');
    await editor.pointAt(0.9, 0.9);
    await page.locator('.param-head').getByRole('button').first().focus();
    await editor.press('Tab');
    expect(await page.locator('.canvas-search').count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.closest('.parameters') !== null)).toBe(true);
    await editor.pointAt(0.9, 0.85);
    await editor.press('Tab');
    await page.locator('.canvas-search').waitFor();
    await editor.press('Escape');
    // Where nothing has the focus the pointer alone says what is meant.
    await page.locator('.param-head').getByRole('button').first().focus();
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await editor.press('Tab');
    await page.locator('.canvas-search').waitFor();
    await editor.press('Escape');
  });
});
