// Files as a user meets them: saving elsewhere, what was opened last, what is dropped, and what happens on disk meanwhile.
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { type Document, saveDocument } from '../../../engine/browser.ts';
import { Editor, NO_HOST, skipped, until } from './editor.ts';
import { type Host, shotFolder, startHost } from './host.ts';

const RECOMBINE = fileURLToPath(new URL('../../../graphs/recombine.sluice.json', import.meta.url));

const pathOf = ({ nodes }: Document, id: string) => nodes[id]?.params['path'];

describe.skipIf(skipped)('files', () => {
  let editor: Editor | undefined;
  /** What the page may complain of: nothing, but where the host ends. */
  let expected: RegExp | undefined;
  afterEach(async () => {
    await editor?.close(expected ? { expected } : {});
    editor = undefined;
    expected = undefined;
  });

  /** An editor on a graph with spaces and umlauts in its name, in a folder that has them too. */
  async function begin(): Promise<{ editor: Editor; host: Host; folder: string; graph: string }> {
    const shot = shotFolder();
    const folder = join(shot, 'Szene Grün');
    mkdirSync(folder);
    renameSync(join(shot, 'in'), join(folder, 'in'));
    const graph = join(folder, 'Über shot.sluice.json');
    copyFileSync(RECOMBINE, graph);
    const host = await startHost({ folder, graph });
    editor = await Editor.open(host);
    await editor.node('shuffle').waitFor();
    return { editor, host, folder, graph };
  }

  /** Drops files on the graph as a browser does: their contents, and not where they lie. */
  const drop = (page: Editor['page'], name: string, text: string): Promise<void> =>
    page.evaluate(
      ([fileName, content]) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([content!], fileName!));
        const canvas = document.querySelector('.canvas')!;
        const { left, top } = canvas.getBoundingClientRect();
        const at = { clientX: left + 100, clientY: top + 100, bubbles: true, cancelable: true, dataTransfer };
        for (const kind of ['dragover', 'drop']) canvas.dispatchEvent(new DragEvent(kind, at));
      },
      [name, text],
    );

  async function saveAs(page: Editor['page'], name: string): Promise<void> {
    await page.keyboard.press('Control+Shift+s');
    const field = page.getByRole('textbox', { name: 'File name' });
    await field.fill(name);
    await field.press('Enter');
  }

  test('a save into a new folder makes it, keeps the paths right, and leaves them as typed where that is wanted', async () => {
    const { editor, folder } = await begin();
    const { page } = editor;
    const typed = pathOf(editor.document, 'readBeauty');
    await saveAs(page, 'Fassung 2/Kopie');
    await page.getByRole('dialog', { name: 'Make the folder?' }).waitFor();
    await editor.button('Make it and save').click();
    const bar = page.getByText('3 paths were rewritten');
    await bar.waitFor();
    expect(pathOf(editor.document, 'readBeauty')).toBe(`../${typed}`);
    const saved = join(folder, 'Fassung 2', 'Kopie.sluice.json');
    expect(readFileSync(saved, 'utf8')).toBe(editor.text);
    await editor.button('Leave them as typed').click();
    await editor.until('the paths are as typed', (now) => pathOf(now, 'readBeauty') === typed);
    await bar.waitFor({ state: 'detached' });
    await page.getByRole('img', { name: 'not saved' }).waitFor();
    await page.keyboard.press('Control+s');
    await until('it is saved', () => readFileSync(saved, 'utf8') === editor.text);
  });

  test('a template may go to a new folder, and replaces another only where that is wanted', async () => {
    const { editor, folder } = await begin();
    const { page } = editor;
    const save = async (): Promise<void> => {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Command' }).fill('save the selection as');
      await page.keyboard.press('Enter');
      const field = page.getByRole('textbox', { name: 'File name' });
      await field.fill('Vorlagen/Mischung');
      await field.press('Enter');
    };
    await editor.select('shuffle');
    await save();
    await editor.button('Make it and save').click();
    await page.getByText('Mischung.sluice.json is a template now').waitFor();
    await page.locator('.library-item', { hasText: 'Mischung' }).waitFor();
    const file = join(folder, 'Vorlagen', 'Mischung.sluice.json');
    const before = readFileSync(file, 'utf8');
    await editor.select('tag');
    await save();
    await page.getByRole('dialog', { name: 'Replace the file?' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  test('notices stand over the graph: no button of the drawer is covered', async () => {
    const { editor } = await begin();
    const { page } = editor;
    await page.keyboard.press('Control+j');
    const copy = editor.button('Copy', page.locator('.shell-drawer'));
    await copy.waitFor();
    await drop(page, 'picture.png', 'x');
    const bar = page.getByText('picture.png is neither a graph nor an EXR file.');
    await bar.waitFor();
    const [notice, drawer] = [
      (await page.locator('.notice').boundingBox())!,
      (await page.locator('.shell-drawer').boundingBox())!,
    ];
    expect(notice.y + notice.height).toBeLessThanOrEqual(drawer.y);
    expect(notice.x + notice.width).toBeLessThanOrEqual((await page.locator('.shell-side').last().boundingBox())!.x);
    await copy.click();
    // With the viewer alone they stand below its bar, and not on the timeline.
    const { x, y } = (await page.locator('.viewer').boundingBox())!;
    await page.mouse.move(x + 40, y + 80);
    await page.keyboard.press('Control+Space');
    await editor.drawn();
    const above = (await page.locator('.notice').boundingBox())!;
    const stage = (await page.locator('.stage').boundingBox())!;
    expect(above.y).toBeGreaterThanOrEqual(stage.y);
    expect(above.y + above.height).toBeLessThan(stage.y + stage.height);
    await editor.button('Dismiss', page.locator('.notice')).click();
    await bar.waitFor({ state: 'detached' });
  });

  test('what is dropped is opened, read, or told why not; the telling ends with the next', async () => {
    const { editor, folder } = await begin();
    const { page } = editor;
    const told = page.locator('.notice');
    await drop(page, 'notes.txt', 'Nothing of use.');
    await told.getByText('notes.txt is neither a graph nor a path.').waitFor();
    await drop(page, 'later.sluice.json', readFileSync(RECOMBINE, 'utf8').replace('"sluice": 1', '"sluice": 99'));
    await told.getByText('later.sluice.json cannot be opened. The document has version 99').waitFor();
    expect(await told.count()).toBe(1);
    // A text with a path, and one with a graph.
    await drop(page, 'list.txt', `${join(folder, 'x.1001.exr')}\n`);
    await editor.until('it is read', ({ nodes }) => Object.keys(nodes).length === 6);
    await told.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /^Undo: Read x/ }).click();
    await editor.until('it is gone', ({ nodes }) => Object.keys(nodes).length === 5);
    await page.getByRole('img', { name: 'not saved' }).waitFor({ state: 'detached' });
    await drop(page, 'from a chat.txt', `\n${readFileSync(RECOMBINE, 'utf8').replace('"recombine"', '"chatted"')}`);
    await editor.until('it is open', ({ name }) => name === 'chatted');
  });

  test('what was opened last stands in the File menu and in the palette', async () => {
    const { editor, graph } = await begin();
    const { page } = editor;
    const before = editor.text;
    await saveAs(page, 'Neu');
    await page.locator('.top-bar-name').getByText('Neu.sluice.json').waitFor();
    await page.getByRole('menuitem', { name: 'File' }).click();
    await page.getByRole('menuitem', { name: 'Open Über shot.sluice.json' }).click();
    await page.locator('.top-bar-name').getByText('Über shot.sluice.json').waitFor();
    expect(editor.text).toBe(before);
    expect(readFileSync(graph, 'utf8')).toBe(before);
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Command' }).fill('open neu');
    await page.keyboard.press('Enter');
    await page.locator('.top-bar-name').getByText('Neu.sluice.json').waitFor();
  });

  test('a file that somebody removed is told of and saved again', async () => {
    const { editor, graph } = await begin();
    const { page } = editor;
    rmSync(graph);
    await page.getByText('is on disk no more').waitFor();
    await page.getByRole('img', { name: 'not saved' }).waitFor();
    await editor.button('Save it again').click();
    await until(
      'it is there',
      () => existsSync(graph) && readFileSync(graph, 'utf8') === saveDocument(editor.document),
    );
    await page.getByText('is on disk no more').waitFor({ state: 'detached' });
  });

  test('a host that ends says so, and the graph can be taken away as it is', async () => {
    const { editor, host } = await begin();
    const { page } = editor;
    const { text } = editor;
    expected = NO_HOST;
    await host.end('SIGTERM');
    await page.getByText('The host has ended.').waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), editor.button('Download a copy').click()]);
    expect(download.suggestedFilename()).toBe('Über shot.sluice.json');
    expect(readFileSync(await download.path(), 'utf8')).toBe(text);
  });
});
