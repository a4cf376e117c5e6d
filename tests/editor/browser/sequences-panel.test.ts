// The panel of sequences in a real browser: folders by pointer and keys, what is in a file, and reading it in the graph.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeCard } from './card.ts';
import { Editor, skipped, until } from './editor.ts';
import { startHost, temporary } from './host.ts';

describe.skipIf(skipped)('the panel of sequences', () => {
  let folder: string;
  let editor: Editor;

  beforeAll(async () => {
    folder = temporary();
    mkdirSync(join(folder, 'Aufnahme 1 für später'));
    mkdirSync(join(folder, 'empty'));
    await writeCard(join(folder, 'Aufnahme 1 für später'));
    writeFileSync(join(folder, 'broken.0001.exr'), 'no image');
    editor = await Editor.open(await startHost({ folder }));
  });
  afterAll(() => editor?.close());

  const list = () => editor.page.getByRole('listbox', { name: 'Folders and sequences' });
  const rows = (): Promise<string[]> => list().getByRole('option').locator('.sequences-name').allInnerTexts();
  const holds = (...names: readonly string[]): Promise<void> =>
    until(`the folder holds ${names}`, async () => (await rows()).join() === names.join());
  const details = (name: RegExp) => editor.page.getByRole('region', { name });

  test('walks through folders by keys, finds by name, and has a way out of an empty one', async () => {
    const { page } = editor;
    await holds('Aufnahme 1 für später', 'empty', 'broken.%04d.exr');
    await list().focus();
    await editor.press('ArrowDown', 'Enter');
    await holds();
    await page.getByText('No sequences here.').waitFor();
    await list().focus();
    await editor.press('Backspace');
    await holds('Aufnahme 1 für später', 'empty', 'broken.%04d.exr');
    expect(await list().getByRole('option', { selected: true }).innerText()).toContain('empty');
    const filter = page.getByRole('textbox', { name: 'Filter', exact: true });
    await filter.fill('xyz');
    await page.getByText('Nothing here is called xyz.').waitFor();
    await editor.button('Show all').click();
    await filter.fill('aufn');
    await holds('Aufnahme 1 für später');
    await editor.press('ArrowDown', 'Enter');
    await holds('card.%04d.exr');
    const row = list().getByRole('option');
    expect(await row.innerText()).toContain('1001-1006');
    await row.getByRole('img', { name: 'gaps at 1003' }).waitFor();
  });

  test('shows parts, channels with their types, and attributes of any frame', async () => {
    await list().getByRole('option', { name: /card/ }).click();
    const open = details(/card/);
    await open.getByText('5 frames').waitFor();
    await open.getByText('Gaps: 1003').waitFor();
    await open.getByText('64 x 32, zip').waitFor();
    await open.getByText('data (-4, 2) - (59, 33)').waitFor();
    const channels = await open.locator('.details-channel').allInnerTexts();
    expect(channels.map((line) => line.replaceAll(/\s+/g, ' '))).toEqual([
      'R G B A half',
      'Z float',
      'id uint',
      'normal. X Y Z half',
    ]);
    await open.getByRole('button', { name: /Attributes/ }).click();
    await open.getByRole('textbox', { name: 'Filter attributes' }).fill('aspect');
    await until('one attribute', async () => (await open.locator('dt').allInnerTexts()).join() === 'pixelAspectRatio');
    const frame = open.getByRole('spinbutton', { name: 'Frame' });
    await frame.focus();
    await editor.press('Enter');
    await frame.fill('1003');
    await editor.press('Enter');
    await open.getByText(/1003/).nth(1).waitFor();
    await frame.focus();
    await editor.press('ArrowUp');
    await until('a frame that is there', async () => (await open.locator('dt').count()) === 1);
    // What is typed in a field here is nothing to the list.
    expect(editor.document.nodes).toEqual({});
  });

  test('reads by key, by the plus and by the button, under names of their own', async () => {
    await list().focus();
    await editor.press('Enter');
    await editor.until('the first one', ({ nodes }) => Object.keys(nodes).length === 1);
    const row = list().getByRole('option', { name: /card/ });
    await row.hover();
    await editor.button('Read it in the graph', row).click();
    await editor.until('the second one', ({ nodes }) => Object.keys(nodes).length === 2);
    await editor.button('Read', details(/card/)).click();
    await editor.until('the third one', ({ nodes }) => Object.keys(nodes).length === 3);
    expect(Object.keys(editor.document.nodes)).toEqual(['card', 'card_2', 'card_3']);
    for (const { params } of Object.values(editor.document.nodes)) {
      expect(params['path']).toContain('Aufnahme 1 für später/card.%04d.exr');
    }
    await editor.canvas.focus();
    await editor.press('Control+z');
    await editor.until('undone', ({ nodes }) => Object.keys(nodes).length === 2);
  });

  test('says of a file that is none what is wrong with it', async () => {
    await list().focus();
    await editor.press('Backspace');
    await list()
      .getByRole('option', { name: /broken/ })
      .click();
    await details(/broken/)
      .locator('.details-trouble')
      .waitFor();
    expect(
      await details(/broken/)
        .locator('.details-trouble')
        .innerText(),
    ).toMatch(/broken\.0001\.exr|OpenEXR/);
    await editor.button('Close the details', details(/broken/)).click();
    await details(/broken/).waitFor({ state: 'detached' });
  });
});
