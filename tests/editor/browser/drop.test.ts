// Files and folders dropped on the window as a file manager does it, in a browser, which tells no paths of them.
import { copyFileSync, cpSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { Editor, skipped } from './editor.ts';
import { shotFolder, startHost, temporary } from './host.ts';

const RECOMBINE = fileURLToPath(new URL('../../../graphs/recombine.sluice.json', import.meta.url));

describe.skipIf(skipped)('what is dropped from the file manager', () => {
  let editor: Editor | undefined;
  afterEach(async () => {
    await editor?.close();
    editor = undefined;
  });

  /** A host on a folder with the shot in `in/`, and no graph open. */
  async function begin(prepare: (folder: string) => void = () => {}): Promise<{ editor: Editor; folder: string }> {
    const folder = shotFolder();
    prepare(folder);
    editor = await Editor.open(await startHost({ folder, graph: join(folder, 'new.sluice.json') }));
    return { editor, folder };
  }

  /** Drops files that lie on this machine: the browser knows where, the page does not. */
  async function drop({ page }: Editor, ...files: readonly string[]): Promise<void> {
    const devtools = await page.context().newCDPSession(page);
    const box = (await page.locator('.canvas').boundingBox())!;
    const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    const data = { items: [], files: [...files], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
      await devtools.send('Input.dispatchDragEvent', { type, ...at, data });
    await devtools.detach();
  }

  const reads = ({ document }: Editor): unknown[] => Object.values(document.nodes).map(({ params }) => params['path']);
  const read = (editor: Editor, ...paths: readonly string[]): Promise<void> =>
    editor.until(`${paths} read`, () => reads(editor).join() === paths.join());

  test('frames of sequences are found by name and read as their sequences, each once', async () => {
    const { editor, folder } = await begin();
    const names = ['sh010_beauty.1002.exr', 'sh010_beauty.1003.exr', 'sh010_utility.1001.exr'];
    await drop(editor, ...names.map((name) => join(folder, 'in', name)));
    await read(editor, 'in/sh010_beauty.%04d.exr', 'in/sh010_utility.%04d.exr');
    expect(await editor.page.locator('.notice').count()).toBe(0);
    await editor.press('Control+z');
    await read(editor);
  });

  test('a folder is read as the sequences in it', async () => {
    const { editor, folder } = await begin((top) => mkdirSync(join(top, 'empty')));
    await drop(editor, join(folder, 'in'));
    await editor.until('its sequences are read', () => reads(editor).length >= 2);
    expect(reads(editor)).toContain('in/sh010_beauty.%04d.exr');
    await drop(editor, join(folder, 'empty'));
    await editor.page.locator('.notice').getByText('The folder empty has no sequences in it.').waitFor();
  });

  test('a file that the host does not have is told of in a sentence, and looked for where it likely lies', async () => {
    const { editor, folder } = await begin();
    const { page } = editor;
    const elsewhere = temporary();
    const name = 'sh010_beauty.1002.exr';
    // Of the same name as one of the host's, but another file.
    writeFileSync(join(elsewhere, name), 'not that one');
    await drop(editor, join(elsewhere, name));
    const notice = page.locator('.notice');
    await notice
      .getByText(
        `A browser does not tell where ${name} lies, and the folders of this host have none of that name and size.`,
      )
      .waitFor();
    expect(reads(editor)).toEqual([]);
    await editor.button('Look for it…', notice).click();
    const dialog = page.getByRole('dialog', { name: `Where does ${name} lie?` });
    await dialog.waitFor();
    expect(await dialog.getByRole('textbox', { name: 'Folder' }).inputValue()).toBe(join(folder, 'in'));
    await dialog.getByRole('option', { name: /sh010_beauty/ }).dblclick();
    await read(editor, 'in/sh010_beauty.%04d.exr');
  });

  test('of two that nothing tells apart the user chooses', async () => {
    const { editor, folder } = await begin((top) => {
      for (const version of ['v1', 'v2']) {
        const copy = join(top, version, 'x.1001.exr');
        mkdirSync(join(top, version));
        cpSync(join(top, 'in', 'sh010_beauty.1001.exr'), copy);
        utimesSync(copy, 1000, 1000);
      }
    });
    await drop(editor, join(folder, 'v2', 'x.1001.exr'));
    const notice = editor.page.locator('.notice');
    await notice.getByText('the folders of this host have several of that name').waitFor();
    expect(await editor.button('In v1', notice).count()).toBe(1);
    await editor.button('In v2', notice).click();
    await read(editor, 'v2/x.%04d.exr');
    await notice.waitFor({ state: 'detached' });
  });

  test('a graph is opened where it lies, so that it can be saved; one from elsewhere by its text', async () => {
    const { editor, folder } = await begin((top) => {
      mkdirSync(join(top, 'graphs'));
      copyFileSync(RECOMBINE, join(top, 'graphs', 'Über.sluice.json'));
    });
    const { page } = editor;
    await drop(editor, join(folder, 'graphs', 'Über.sluice.json'));
    await page.locator('.top-bar-name').getByText('Über.sluice.json').waitFor();
    await editor.node('shuffle').waitFor();
    expect(await page.getByRole('img', { name: 'not saved' }).count()).toBe(0);
    const elsewhere = join(temporary(), 'chat.sluice.json');
    copyFileSync(RECOMBINE, elsewhere);
    await drop(editor, elsewhere);
    await page.locator('.notice').getByText('A browser does not tell where chat.sluice.json lies.').waitFor();
    await page.getByRole('img', { name: 'not saved' }).waitFor();
  });

  test('an EXR with a graph inside is offered both ways, by its own frame', async () => {
    const { editor, folder } = await begin();
    const { page } = editor;
    // Written by the graph itself, which leaves its recipe in each frame.
    const graph = {
      sluice: 1,
      name: 'inside',
      frames: { range: '1001-1002' },
      nodes: {
        read: { type: 'io.read', version: 1, params: { path: 'in/sh010_beauty.%04d.exr' }, at: [0, 0] },
        write: { type: 'io.write', version: 1, params: { path: 'out/r.%04d.exr', embedRecipe: true }, at: [240, 0] },
      },
      links: [{ from: 'read.image', to: 'write.image' }],
    };
    writeFileSync(join(folder, 'made.sluice.json'), JSON.stringify(graph));
    await drop(editor, join(folder, 'made.sluice.json'));
    await editor.node('write').waitFor();
    const options = { sinks: ['write'], range: '1001-1002', jobs: 1, resume: false, failOnLoss: false };
    await editor.client.ask('run', { options });
    await editor.client.event('run', ({ run }) => run?.state === 'done');
    await drop(editor, join(folder, 'out', 'r.1002.exr'));
    const notice = page.locator('.notice');
    await notice.getByText('r.1002.exr carries the graph that made it.').waitFor();
    await editor.button('Add as Read', notice).click();
    const paths = ['in/sh010_beauty.%04d.exr', 'out/r.%04d.exr'];
    await read(editor, ...paths, 'out/r.%04d.exr');
    // Seen before it is taken back: else what stands there before the change would pass for what stands after it.
    await page.getByRole('img', { name: 'not saved' }).waitFor();
    await editor.press('Control+z');
    await read(editor, ...paths);
    await page.getByRole('img', { name: 'not saved' }).waitFor({ state: 'detached' });
    await drop(editor, join(folder, 'out', 'r.1002.exr'));
    await editor.button('Open its graph', notice).click();
    await notice.getByText('Opened the graph that made frame 1002').waitFor();
  });
});
