// Undo and redo of everything that is done on the canvas: by pointer, by keys, by menus and from the library.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Document } from '../../../engine/browser.ts';
import { type Editor, type Spot, skipped } from './editor.ts';
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

  const off = ({ x, y }: Spot, dx: number, dy: number): Spot => ({ x: x + dx, y: y + dy });
  const menu = async (at: Spot, ...titles: readonly string[]): Promise<void> => {
    await editor.page.mouse.click(at.x, at.y, { button: 'right' });
    for (const title of titles) await editor.page.getByRole('menuitem', { name: title }).or(item(title)).click();
  };
  const item = (title: string) => editor.page.getByRole('menuitemcheckbox', { name: title });
  const both = async (): Promise<void> => {
    await editor.select('tag');
    const at = await editor.title('exposure');
    await editor.page.keyboard.down('Shift');
    await editor.click(at);
    await editor.page.keyboard.up('Shift');
  };

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
        await both();
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
        await menu(await editor.wire(['exposure', 'image'], ['write', 'image']), 'Insert node…');
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

  test('backdrops and notes', async () => {
    const backdrop = ({ canvas }: Document) => canvas?.backdrops['backdrop'];
    const note = ({ canvas }: Document) => canvas?.notes['note'];
    const corner = async (at: readonly [number, number]): Promise<Spot> => {
      // Places of the canvas are told from that of a node.
      const box = (await editor.node('read').boundingBox())!;
      const k = box.width / 160;
      const [x, y] = editor.document.nodes['read']!.at;
      return { x: box.x + (at[0] - x) * k, y: box.y + (at[1] - y) * k };
    };
    await step(
      'a backdrop around two nodes',
      async () => {
        await both();
        await editor.press('b', 'Escape');
      },
      (now) => backdrop(now) !== undefined,
      { stays: true },
    );
    const onTitle = async (): Promise<Spot> => off(await corner(backdrop(editor.document)!.at), 30, 10);
    await step(
      'its title',
      async () => {
        await editor.click(await onTitle());
        await editor.press('F2');
        await editor.page.keyboard.type('Grade');
        await editor.press('Enter');
      },
      (now) => backdrop(now)!.title === 'Grade',
    );
    await step(
      'its colour',
      async () => menu(await onTitle(), 'Colour', 'Green'),
      (now, before) => backdrop(now)!.colour !== backdrop(before)!.colour,
    );
    await step(
      'its place, with all that stands on it',
      async () => {
        const at = await onTitle();
        await editor.drag(at, off(at, 0, -24));
      },
      (now, before) =>
        backdrop(now)!.at[1] < backdrop(before)!.at[1] && now.nodes['tag']!.at[1] < before.nodes['tag']!.at[1],
    );
    await step(
      'its size',
      async () => {
        const { at, size: held } = backdrop(editor.document)!;
        const end = await corner([at[0] + held[0], at[1] + held[1]]);
        await editor.drag(end, off(end, 0, 40));
      },
      (now, before) => backdrop(now)!.size[1] > backdrop(before)!.size[1],
    );
    await step(
      'its end',
      async () => {
        await editor.click(await onTitle());
        await editor.press('Delete');
      },
      (now) => backdrop(now) === undefined,
    );
    await editor.selectNothing();
    await step(
      'a note',
      async () => {
        await editor.pointAt(0.1, 0.9);
        await editor.press('n', 'Escape');
      },
      (now) => note(now) !== undefined,
      { stays: true },
    );
    await step(
      'its text',
      async () => {
        await editor.click(off(await corner(note(editor.document)!.at), 40, 20));
        await editor.press('F2');
        await editor.page.keyboard.type('Approved on Monday');
        await editor.press('Control+Enter');
      },
      (now) => note(now)!.text === 'Approved on Monday',
    );
    expect(steps.count).toBe(28);
  });

  test('copies and templates', async () => {
    await editor.select('exposure');
    await step(
      'a duplicate',
      () => editor.press('Control+D'),
      (now, before) => size(now) === size(before) + 1,
    );
    await editor.select('exposure');
    await editor.press('Control+C');
    await editor.pointAt(0.6, 0.75);
    await step(
      'a copy that is pasted',
      () => editor.press('Control+V'),
      (now, before) => size(now) === size(before) + 1,
    );
    await editor.select('exposure');
    await step(
      'a cut',
      () => editor.press('Control+X'),
      (now) => !has(now, 'exposure'),
    );
    await step(
      'a selection that becomes a template',
      async () => {
        await both();
        await editor.press('Control+G');
      },
      ({ nodes }) => Object.values(nodes).some(({ type }) => type === 'template.instance'),
    );
    await editor.selectNothing();
    await step(
      'a template from a file',
      () => editor.page.getByRole('option', { name: 'brighter' }).dblclick(),
      ({ nodes }) => Object.values(nodes).some(({ type }) => type === 'template.instance'),
    );
    await editor.selectNothing();
    const list = editor.page.getByRole('listbox', { name: 'Folders and sequences' });
    await list.getByRole('option', { name: 'in', exact: true }).dblclick();
    await step(
      'a sequence that is read',
      () => list.getByRole('option', { name: /utility/ }).dblclick(),
      (now, before) => size(now) === size(before) + 1,
    );
    expect(steps.count).toBe(34);
  });
});
