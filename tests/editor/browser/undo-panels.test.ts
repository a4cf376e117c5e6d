// Undo and redo of what is done in the parameters panel: parameters of every kind, and the graph's own.
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Document } from '../../../engine/browser.ts';
import { type Editor, skipped, until } from './editor.ts';
import { Steps } from './history.ts';

const param = ({ nodes }: Document, node: string, name: string): unknown => nodes[node]!.params[name];
const json = (value: unknown): string => JSON.stringify(value);

describe.skipIf(skipped)('undo in the panels', () => {
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

  const type = async (field: Locator, text: string): Promise<void> => {
    await field.click();
    await field.press('Control+A');
    await editor.page.keyboard.type(text);
    await field.press('Enter');
  };
  const byMenu = async (field: Locator, title: RegExp): Promise<void> => {
    await field.locator('.field-label').click({ button: 'right' });
    await editor.page.getByRole('menuitem', { name: title }).click();
  };

  test('numbers', async () => {
    const stops = editor.param('stops');
    await editor.select('exposure');
    await step(
      'a slider, with all that the pointer passed',
      async () => {
        const box = (await stops.getByRole('slider').boundingBox())!;
        const y = box.y + box.height / 2;
        await editor.drag({ x: box.x + box.width * 0.55, y }, { x: box.x + box.width * 0.8, y });
        await until('it is at the end', () => Number(param(editor.document, 'exposure', 'stops')) > 5.5);
      },
      (now) => Number(param(now, 'exposure', 'stops')) > 5.5,
    );
    await step(
      'a number that is worked out',
      () => type(stops.getByRole('spinbutton'), '3/2'),
      (now) => param(now, 'exposure', 'stops') === 1.5,
    );
    await step(
      'a number that is dragged',
      async () => {
        const at = await editor.middle(stops.getByRole('spinbutton'));
        await editor.drag(at, { x: at.x + 60, y: at.y });
      },
      (now) => Number(param(now, 'exposure', 'stops')) > 2,
    );
    await step(
      'a number that is stepped',
      async () => {
        await stops.getByRole('spinbutton').focus();
        await editor.press('ArrowUp');
      },
      (now) => Number(param(now, 'exposure', 'stops')) > 1,
    );
    await step(
      'the default',
      () => editor.button('Reset Stops', stops).click(),
      (now) => param(now, 'exposure', 'stops') === undefined,
    );
    await step(
      'a promotion',
      () => byMenu(stops, /^Promote/),
      (now) => now.promoted.some(({ to }) => to.includes('exposure.stops')),
      { stays: true },
    );
    await step(
      'a promotion that is taken back',
      () => byMenu(stops, /take back/),
      (now) => now.promoted.length === 0,
    );
    expect(steps.count).toBe(7);
  });

  test('texts, choices and switches', async () => {
    await editor.select('write');
    await step(
      'a text',
      () => type(editor.param('path').getByRole('textbox'), 'out/b.%04d.exr'),
      (now) => param(now, 'write', 'path') === 'out/b.%04d.exr',
    );
    await step(
      'a choice',
      () => editor.param('compression').getByRole('combobox').selectOption('piz'),
      (now) => param(now, 'write', 'compression') === 'piz',
    );
    await step(
      'one of two numbers',
      () => type(editor.param('tileSize').getByRole('spinbutton').first(), '128'),
      (now) => json(param(now, 'write', 'tileSize')) === '[128,64]',
    );
    await editor.page.getByRole('button', { name: /^\d+ more:/ }).click();
    await step(
      'yes and no',
      () => editor.param('createFolders').getByRole('checkbox').click(),
      (now) => param(now, 'write', 'createFolders') === false,
    );
    await step(
      'a row of a table',
      () => editor.button('Add', editor.param('types')).click(),
      (now) => (param(now, 'write', 'types') as unknown[]).length === 1,
    );
    expect(steps.count).toBe(12);
  });

  test('lists, and what stands in the head of a node', async () => {
    await editor.select('tag');
    await step(
      'an entry of a list of several kinds',
      async () => {
        await editor.button('Add', editor.param('edits')).click();
        await editor.page.getByRole('menuitem', { name: 'Rename' }).click();
      },
      (now) => (param(now, 'tag', 'edits') as { op: string }[])[1]?.op === 'rename',
    );
    await step(
      'an entry that goes',
      () => editor.button('Remove 1', editor.param('edits')).click(),
      (now) => json(param(now, 'tag', 'edits')) === '[]',
    );
    await step(
      'a bypass by its switch',
      () => editor.button('Bypass', editor.page.locator('.param-head')).click(),
      (now) => now.nodes['tag']!.disabled === true,
    );
    await step(
      'a title in the head',
      () => type(editor.page.getByRole('textbox', { name: 'Title of the node' }), 'Slate'),
      (now) => now.nodes['tag']!.title === 'Slate',
    );
    await step(
      'a name in the head',
      () => type(editor.page.locator('.param-head').getByRole('textbox', { name: 'Name of the node' }), 'slate'),
      (now) => now.links.some(({ to }) => to === 'slate.image'),
    );
    expect(steps.count).toBe(17);
  });

  test('a shuffle', async () => {
    await editor.select('shuffle');
    const inputs = editor.page.getByRole('region', { name: 'Input channels' });
    await step(
      'a channel into a shuffle',
      () => inputs.getByRole('button', { name: /^R/ }).first().dblclick(),
      (now) => (param(now, 'shuffle', 'rows') as unknown[]).length === 1,
      { stays: true },
    );
    await step(
      'another one, dragged above it',
      () =>
        inputs
          .getByRole('button', { name: /^G/ })
          .first()
          .dragTo(editor.page.getByRole('list', { name: 'Row' }).locator('.items-row').first(), {
            targetPosition: { x: 40, y: 2 },
          }),
      (now) => json((param(now, 'shuffle', 'rows') as { to: string }[]).map(({ to }) => to)) === '["G","R"]',
    );
    expect(steps.count).toBe(19);
  });

  const labelled = (name: string): Locator => editor.page.locator('.parameters').getByLabel(name, { exact: true });

  test('the graph', async () => {
    await editor.selectNothing();
    await step(
      'its name',
      () => type(labelled('Name'), 'shot'),
      ({ name }) => name === 'shot',
    );
    await step(
      'what it is for',
      async () => {
        await labelled('About').fill('Makes it brighter.');
        await labelled('About').press('Control+Enter');
      },
      ({ doc }) => doc === 'Makes it brighter.',
    );
    await step(
      'its frames',
      () => type(labelled('Frames'), '1002-1003'),
      ({ frames }) => frames.range === '1002-1003',
    );
    await step(
      'frames that follow from the inputs',
      () => editor.button('Reset Frames').click(),
      ({ frames }) => frames.range === undefined,
    );
    await step(
      'what is done with other lengths',
      () => labelled('Lengths differ').first().selectOption('hold-last'),
      ({ frames }) => frames.mismatch === 'hold-last',
    );
    await step(
      'how frames are aligned',
      () => labelled('Align').selectOption('index'),
      ({ frames }) => frames.align === 'index',
    );
    expect(steps.count).toBe(25);
  });

  test('variables and what is promoted', async () => {
    const { page } = editor;
    await editor.selectNothing();
    await step(
      'a variable',
      () => editor.button('Add a variable').click(),
      ({ variables }) => Object.keys(variables).length === 2,
    );
    await step(
      'the name of a variable',
      () => type(labelled('Name of shot'), 'scene'),
      ({ variables }) => json(Object.keys(variables)) === '["scene"]',
    );
    await step(
      'the value of a variable',
      () => type(labelled('Default of shot'), 'sh020'),
      ({ variables }) => variables['shot']!.default === 'sh020',
    );
    await step(
      'the type of a variable',
      () => labelled('Type of shot').selectOption('number'),
      ({ variables }) => variables['shot']!.type === 'number',
    );
    await step(
      'the end of a variable',
      () => editor.button('Remove shot').click(),
      ({ variables }) => Object.keys(variables).length === 0,
    );
    await step(
      'the title of what is promoted',
      () => type(labelled('Title of stops'), 'Brightness'),
      ({ promoted }) => promoted[0]!.title === 'Brightness',
    );
    await step(
      'the name of what is promoted',
      () => type(labelled('Name of stops'), 'gain'),
      ({ promoted }) => promoted[0]!.name === 'gain',
    );
    await step(
      'the end of what is promoted',
      () => editor.button('Remove 1', page.getByRole('list', { name: 'Promoted' })).click(),
      ({ promoted }) => promoted.length === 0,
    );
    expect(steps.count).toBe(33);
  });
});
