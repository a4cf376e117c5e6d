// Undo and redo of backdrops, notes, copies, templates and sequences.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Document } from '../../../engine/browser.ts';
import { type Editor, off, type Spot, skipped } from './editor.ts';
import { Steps } from './history.ts';

const has = ({ nodes }: Document, id: string): boolean => Object.hasOwn(nodes, id);
const size = ({ nodes }: Document): number => Object.keys(nodes).length;

describe.skipIf(skipped)('undo around nodes', () => {
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
        await editor.selectBoth('tag', 'exposure');
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
      async () => editor.menu(await onTitle(), 'Colour', 'Green'),
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
    expect(steps.count).toBe(8);
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
        await editor.selectBoth('tag', 'exposure');
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
    expect(steps.count).toBe(14);
  });
});
