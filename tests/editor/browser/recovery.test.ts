// A host that is killed: the next one offers what was never saved, in a quiet bar, and brings it back.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type Document, emptyDocument, saveDocument } from '../../../engine/browser.ts';
import { Editor, NO_HOST, skipped, until } from './editor.ts';
import { type HostOptions, shotFolder, startHost, temporary } from './host.ts';

const SAVED: Document = {
  ...emptyDocument('kept'),
  nodes: { read: { type: 'io.read', version: 1, params: { path: 'in/sh010_beauty.%04d.exr' }, at: [0, 0] } },
};
const BAR = /Changes that were never saved were kept/;

const kept = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.recovery')) : [];

describe.skipIf(skipped)('recovery', () => {
  const windows: Editor[] = [];
  afterEach(async () => {
    for (const one of windows.splice(0)) await one.close();
  });

  /** Edits in a window, and kills the host as soon as that is kept somewhere. Resolves to the text of the document. */
  async function crash(options: HostOptions, place: string): Promise<string> {
    const host = await startHost(options);
    const editor = await Editor.open(host);
    await editor.selectNothing();
    const id = await editor.add('exposure', 0.4, 0.6);
    await until('it is kept', () => kept(place).length === 1);
    const text = await untilStill(editor, join(place, kept(place)[0]!));
    await host.end('SIGKILL');
    // The window says that nobody answers, and keeps what it shows.
    await editor.page.getByText(/connection to the host is lost/).waitFor();
    expect(await editor.node(id).count()).toBe(1);
    // The browser tells of each try to connect, of which there is one more at any time.
    await editor.close({ expected: NO_HOST });
    return text;
  }

  async function untilStill(editor: Editor, file: string): Promise<string> {
    const held = (): string => (JSON.parse(readFileSync(file, 'utf8')) as { document: string }).document;
    await until('all of it is kept', () => held() === editor.text);
    return editor.text;
  }

  async function again(options: HostOptions): Promise<Editor> {
    const editor = await Editor.open(await startHost(options));
    windows.push(editor);
    await editor.page.getByText(BAR).waitFor();
    return editor;
  }

  test('brings back a document that has a file, which is as it was until it is saved', async () => {
    const folder = shotFolder();
    const graph = join(folder, 'kept.sluice.json');
    writeFileSync(graph, saveDocument(SAVED));
    const text = await crash({ folder, graph }, folder);
    expect(text).not.toBe(saveDocument(SAVED));
    const editor = await again({ folder, graph });
    expect(editor.text).toBe(saveDocument(SAVED));
    await editor.button('Take them up').click();
    await until('the document is back', () => editor.text === text);
    await editor.node('exposure').waitFor();
    await editor.page.getByText(BAR).waitFor({ state: 'detached' });
    await editor.page.getByRole('img', { name: 'not saved' }).waitFor();
    expect(readFileSync(graph, 'utf8')).toBe(saveDocument(SAVED));
    await editor.page.keyboard.press('Control+s');
    await until('it is saved', () => readFileSync(graph, 'utf8') === text);
    await until('nothing is left over', () => kept(folder).length === 0);
  });

  test('brings back a document that never had a file', async () => {
    const folder = shotFolder();
    const state = temporary();
    const text = await crash({ folder, state }, join(state, 'sluice', 'recovery'));
    const editor = await again({ folder, state });
    expect(editor.document.nodes).toEqual({});
    await editor.button('Take them up').click();
    await until('the document is back', () => editor.text === text);
    await editor.node('exposure').waitFor();
  });

  test('what is thrown away does not come again', async () => {
    const folder = shotFolder();
    const graph = join(folder, 'kept.sluice.json');
    writeFileSync(graph, saveDocument(SAVED));
    await crash({ folder, graph }, folder);
    const editor = await again({ folder, graph });
    await editor.button('Throw them away').click();
    await editor.page.getByText(BAR).waitFor({ state: 'detached' });
    expect(editor.text).toBe(saveDocument(SAVED));
    expect(kept(folder)).toEqual([]);
  });
});
