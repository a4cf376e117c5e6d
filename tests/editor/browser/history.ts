// Makes changes through the window and checks that undo and redo bring back the very texts before and after.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { HistoryState } from '../../../editor/protocol.ts';
import { type Document, type DocumentNode, emptyDocument, saveDocument } from '../../../engine/browser.ts';
import { Editor, until } from './editor.ts';
import { type Host, shotFolder, startHost } from './host.ts';

const node = (type: string, x: number, y: number, params: DocumentNode['params'] = {}): DocumentNode => ({
  type,
  version: 1,
  params,
  at: [x, y],
});

/** A stream of four, and a shuffle beside it that one of two readers feeds. */
const GRAPH: Document = {
  ...emptyDocument('steps'),
  frames: { range: '1001-1004', mismatch: 'stop-at-shortest', align: 'number' },
  variables: { shot: { type: 'string', default: 'sh010' } },
  nodes: {
    read: node('io.read', 0, 0, { path: 'in/sh010_beauty.%04d.exr' }),
    tag: node('metadata.set', 220, 0, {
      edits: [{ op: 'set', name: 'slate', type: 'string', value: 'one' }],
    }),
    exposure: node('color.exposure', 440, 0, { stops: 1 }),
    write: node('io.write', 660, 0, { path: 'out/a.%04d.exr', compression: 'zip' }),
    utility: node('io.read', 0, 160, { path: 'in/sh010_utility.%04d.exr' }),
    shuffle: node('channel.shuffle', 220, 160),
  },
  links: [
    { from: 'read.image', to: 'tag.image' },
    { from: 'tag.image', to: 'exposure.image' },
    { from: 'exposure.image', to: 'write.image' },
    { from: 'read.image', to: 'shuffle.sources.main' },
  ],
};

const TEMPLATE: Document = {
  ...emptyDocument('brighter'),
  promoted: [{ name: 'stops', title: 'Stops', to: ['exposure.stops'] }],
  nodes: {
    input: node('template.input', 0, 0, { name: 'image' }),
    exposure: node('color.exposure', 200, 0, { stops: 1 }),
    output: node('template.output', 400, 0, { name: 'image' }),
  },
  links: [
    { from: 'input.image', to: 'exposure.image' },
    { from: 'exposure.image', to: 'output.image' },
  ],
};

export interface Change {
  /** True where the change is there already and stays; otherwise it is undone at the end. */
  readonly stays?: true;
}

/** A window on that graph, large enough to show all of it, that counts what was undone and redone in it. */
export class Steps {
  readonly editor: Editor;
  readonly folder: string;
  count = 0;

  private constructor(editor: Editor, folder: string) {
    this.editor = editor;
    this.folder = folder;
  }

  static async open(): Promise<Steps> {
    const folder = shotFolder();
    const graph = join(folder, 'steps.sluice.json');
    writeFileSync(graph, saveDocument(GRAPH));
    mkdirSync(join(folder, 'templates'));
    writeFileSync(join(folder, 'templates', 'brighter.sluice.json'), saveDocument(TEMPLATE));
    const host: Host = await startHost({ folder, graph });
    const editor = await Editor.open(host, { width: 1600, height: 1000 });
    for (const id of Object.keys(GRAPH.nodes)) await editor.node(id).waitFor();
    return new Steps(editor, folder);
  }

  /** One edit: undone it leaves the text before, made again the text after. */
  async step(
    name: string,
    act: () => Promise<unknown>,
    holds: (document: Document, before: Document) => boolean,
    { stays }: Change = {},
  ): Promise<void> {
    const { editor } = this;
    const before = editor.document;
    const text = editor.text;
    const depth = this.#history.depth;
    await act();
    // What the change brings may only be looked for once there is one.
    await until(`${name} is made`, () => editor.text !== text && holds(editor.document, before));
    // The host tells the edit first, then the history.
    await until(`${name} is in the history`, () => this.#history.depth !== depth);
    const { undo = '', depth: now } = this.#history;
    expect(now, `${name} is one step`).toBe(depth + 1);
    const after = editor.text;
    await this.travel(`Undo: ${undo}`, { text, depth });
    await this.travel(`Redo: ${undo}`, { text: after, depth: now });
    if (!stays) await this.travel(`Undo: ${undo}`, { text, depth });
    await editor.drawn();
    this.count++;
  }

  /** Presses undo or redo, which say what they would do, and waits for the text that this has to bring back. */
  async travel(title: string, { text, depth }: { readonly text: string; readonly depth: number }): Promise<void> {
    const { page } = this.editor;
    await this.editor.button(title, page.locator('.top-bar')).click();
    await until(`${title}: the text is as it was`, () => this.editor.text === text && this.#history.depth === depth);
  }

  get #history(): HistoryState {
    return this.editor.client.events.findLast((event) => event.kind === 'history')!.history;
  }
}
