// Undo and redo of what is done to nodes and wires on the canvas: by pointer, by keys, by menus and from the library.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Document } from '../../../engine/browser.ts';
import { type Editor, off, skipped } from './editor.ts';
import { Steps } from './history.ts';

const linked = ({ links }: Document, from: string, to: string): boolean =>
  links.some((link) => link.from === from && link.to === to);
const has = ({ nodes }: Document, id: string): boolean => Object.hasOwn(nodes, id);
const size = ({ nodes }: Document): number => Object.keys(nodes).length;

describe.skipIf(skipped)('undo on the canvas', () => {
  let steps: Steps;
  let editor: Editor;
  const step: Steps['step'] = (...args) => steps.step(...args);

  beforeAll(async () => {
    steps = await Steps.open();
    editor = steps.editor;
    await editor.canvas.focus();
    await editor.press('a');
  });
  afterAll(() => editor?.close());

  test('nodes', async () => {
    await step(
      'a drag',
      async () => {
        const at = await editor.title('exposure');
        await editor.drag(at, off(at, 20, 120));
      },
      ({ nodes }, before) => nodes['exposure']!.at[1] > before.nodes['exposure']!.at[1] + 100,
    );
    await step(
      'a nudge',
      async () => {
        await editor.select('exposure');
        await editor.press('Alt+ArrowRight');
      },
      ({ nodes }, before) => nodes['exposure']!.at[0] === before.nodes['exposure']!.at[0] + 16,
    );
    await editor.selectNothing();
    await step(
      'a new node by name',
      () => editor.add('select parts', 0.85, 0.85),
      (now, before) => size(now) === size(before) + 1,
    );
    await editor.selectNothing();
    await step(
      'a new node from the library',
      () => editor.page.getByRole('option', { name: 'Select parts' }).dblclick(),
      (now, before) => size(now) === size(before) + 1,
    );
    await step(
      'a deletion, which joins what it parted',
      async () => {
        await editor.select('tag');
        await editor.press('Delete');
      },
      (now) => !has(now, 'tag') && linked(now, 'read.image', 'exposure.image'),
    );
    await step(
      'an extraction',
      async () => {
        await editor.select('tag');
        await editor.press('Control+Shift+X');
      },
      (now) => has(now, 'tag') && linked(now, 'read.image', 'exposure.image'),
    );
    await step(
      'a bypass',
      async () => {
        await editor.select('exposure');
        await editor.press('d');
      },
      ({ nodes }) => nodes['exposure']!.disabled === true,
    );
    await step(
      'another name, which links follow',
      async () => {
        await editor.select('exposure');
        await editor.press('F2');
        await editor.page.getByRole('textbox', { name: 'Name of the node' }).first().waitFor();
        await editor.page.keyboard.type('grade');
        await editor.press('Enter');
      },
      (now) => has(now, 'grade') && linked(now, 'grade.image', 'write.image'),
    );
    await step(
      'a title',
      async () => {
        await editor.select('exposure');
        await editor.press('F2');
        await editor.page.keyboard.type('One stop up');
        await editor.press('Enter');
      },
      ({ nodes }) => nodes['exposure']!.title === 'One stop up',
    );
    await step(
      'an arrangement of all',
      async () => {
        await editor.selectNothing();
        await editor.press('l');
      },
      ({ nodes }, before) => JSON.stringify(nodes) !== JSON.stringify(before.nodes),
    );
    await step(
      'an alignment',
      async () => {
        await editor.selectBoth('tag', 'exposure');
        await editor.press('Shift+L');
      },
      ({ nodes }) => nodes['tag']!.at[0] === nodes['exposure']!.at[0],
    );
    expect(steps.count).toBe(11);
  });

  test('wires and dots', async () => {
    const wired = (now: Document) => linked(now, 'utility.image', 'shuffle.sources.utility');
    await step(
      'a wire',
      async () => {
        await editor.drag(
          await editor.socket('utility', 'image', 'output'),
          await editor.socket('shuffle', 'sources.+', 'input'),
        );
        await editor.press('Enter');
      },
      wired,
    );
    await step(
      'a wire that is pulled off',
      async () => {
        const at = await editor.socket('write', 'image', 'input');
        await editor.drag(at, off(at, -20, 140));
      },
      (now) => !linked(now, 'exposure.image', 'write.image'),
    );
    await step(
      'a wire that is deleted',
      async () => {
        await editor.click(await editor.wire(['tag', 'image'], ['exposure', 'image']));
        await editor.press('Delete');
      },
      (now) => !linked(now, 'tag.image', 'exposure.image'),
    );
    await step(
      'a wire that is moved to another input',
      async () => {
        await editor.drag(
          await editor.socket('exposure', 'image', 'input'),
          await editor.socket('shuffle', 'sources.+', 'input'),
        );
        await editor.press('Enter');
      },
      (now) => linked(now, 'tag.image', 'shuffle.sources.tag') && !linked(now, 'tag.image', 'exposure.image'),
    );
    await step(
      'a node at the end of a wire',
      async () => {
        const at = await editor.socket('utility', 'image', 'output');
        await editor.drag(at, off(at, 60, 90));
        const search = editor.page.getByRole('combobox', { name: 'Search nodes' });
        await search.fill('exposure');
        await search.press('Enter');
      },
      (now) => linked(now, 'utility.image', 'exposure2.image'),
    );
    await step(
      'a node in a wire, by its menu',
      async () => {
        await editor.menu(await editor.wire(['exposure', 'image'], ['write', 'image']), 'Insert node…');
        const search = editor.page.getByRole('combobox', { name: 'Search nodes' });
        await search.fill('exposure');
        await search.press('Enter');
      },
      (now) => linked(now, 'exposure.image', 'exposure2.image') && linked(now, 'exposure2.image', 'write.image'),
    );
    await editor.selectNothing();
    await step(
      'a node that stands alone',
      () => editor.add('exposure', 0.75, 0.8),
      (now) => has(now, 'exposure2'),
      {
        stays: true,
      },
    );
    await step(
      'that node, dropped on a wire',
      async () => {
        const wire = await editor.wire(['exposure', 'image'], ['write', 'image']);
        await editor.drag(await editor.title('exposure2'), off(wire, 0, -10));
      },
      (now) => linked(now, 'exposure.image', 'exposure2.image') && linked(now, 'exposure2.image', 'write.image'),
    );
    await step(
      'a dot in a wire',
      async () => {
        const { x, y } = await editor.wire(['tag', 'image'], ['exposure', 'image']);
        await editor.page.mouse.dblclick(x, y);
      },
      (now) => linked(now, 'tag.image', 'dot.image') && linked(now, 'dot.image', 'exposure.image'),
    );
    expect(steps.count).toBe(20);
  });
});
