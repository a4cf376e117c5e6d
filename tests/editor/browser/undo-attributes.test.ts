// Undo and redo of what is done with attributes: values, wires, imports, conflicts and fixes.
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Document } from '../../../engine/browser.ts';
import { type Editor, skipped } from './editor.ts';
import { Steps } from './history.ts';

const param = ({ nodes }: Document, node: string, name: string): unknown => nodes[node]!.params[name];
const json = (value: unknown): string => JSON.stringify(value);

describe.skipIf(skipped)('undo of attributes', () => {
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

  const edits = (now: Document): { op: string; name: string; value?: unknown }[] =>
    (param(now, 'tag', 'edits') ?? []) as { op: string; name: string; value?: unknown }[];

  test('attributes', async () => {
    const { page } = editor;
    await editor.select('tag');
    await page.getByRole('tab', { name: 'Attributes' }).click();
    const table = page.getByRole('region', { name: 'Attributes of tag' });
    const line = (name: string): Locator => table.locator('.attributes-line', { hasText: name });
    await line('owner').click();
    await step(
      'an attribute that is set',
      () => type(table.locator('.attributes-edit').getByRole('textbox'), 'another studio'),
      (now) => edits(now).some(({ name, value }) => name === 'owner' && value === 'another studio'),
    );
    await step(
      'an attribute that is left out',
      () => table.getByRole('checkbox', { name: 'owner is in the image' }).click(),
      (now) => edits(now).some(({ op, name }) => op === 'delete' && name === 'owner'),
      { stays: true },
    );
    await step(
      'an attribute that is brought back',
      () => table.getByRole('checkbox', { name: 'owner is in the image' }).click(),
      (now) => !edits(now).some(({ name }) => name === 'owner'),
      { stays: true },
    );
    await editor.select('exposure');
    const below = page.getByRole('region', { name: 'Attributes of exposure' });
    // The line that was unfolded stays so from node to node.
    await step(
      'an attribute that is set after another node',
      () => editor.button('Set here', below).click(),
      ({ nodes }, before) => Object.keys(nodes).length === Object.keys(before.nodes).length + 1,
    );
    await editor.select('exposure');
    await step(
      'a new attribute',
      async () => {
        await editor.button('Add an attribute').click();
        const adder = page.getByRole('region', { name: 'Add an attribute' });
        await adder.getByRole('textbox', { name: 'Name of the attribute' }).fill('owner');
        await adder.getByText('There is owner already').waitFor();
        await adder.getByRole('textbox', { name: 'Name of the attribute' }).fill('Über Schuss');
        await adder.getByRole('combobox').selectOption('float');
        await adder.getByRole('textbox', { name: 'Name of the attribute' }).press('Enter');
      },
      ({ nodes }) => json(nodes['set'] ?? null).includes('"name":"Über Schuss","type":"float"'),
    );
    await editor.click(await editor.wire(['read', 'image'], ['shuffle', 'sources.main']));
    const carried = page.getByRole('region', { name: 'Attributes of read' });
    await carried.locator('.attributes-line', { hasText: 'owner' }).click();
    await step(
      'an attribute that is set in one wire of several',
      () => editor.button('Set here', carried).click(),
      ({ links }) =>
        links.some(({ to }) => to === 'set.image') &&
        links.some(({ from, to }) => from === 'set.image' && to === 'shuffle.sources.main') &&
        links.some(({ from, to }) => from === 'read.image' && to === 'tag.image'),
    );
    await editor.select('tag');
    await step(
      'attributes of another sequence at a frame',
      async () => {
        await editor.button('Import…').click();
        const importer = page.getByRole('region', { name: 'Import attributes' });
        await type(
          importer.getByRole('textbox', { name: 'Sequence' }),
          join(steps.folder, 'in/sh010_utility.%04d.exr'),
        );
        await type(importer.getByRole('spinbutton', { name: 'Frame to import from' }), '1003');
        const time = importer.locator('.importer-line', { hasText: 'timeCode' });
        await time.getByText('01:00:41:19').waitFor();
        await time.getByRole('checkbox').click();
        await editor.button('Import 1 attribute', importer).click();
      },
      (now) => edits(now).some(({ name, value }) => name === 'timeCode' && json(value).includes('01:00:41:19')),
    );
    expect(steps.count).toBe(7);
  });

  test('conflicts and fixes', async () => {
    const { page } = editor;
    await step(
      'a second source, which disagrees with the first',
      async () => {
        await editor.drag(
          await editor.socket('utility', 'image', 'output'),
          await editor.socket('shuffle', 'sources.+', 'input'),
        );
        await editor.press('Enter');
      },
      ({ links }) => links.some(({ to }) => to === 'shuffle.sources.utility'),
      { stays: true },
    );
    await editor.select('shuffle');
    const resolved = (now: Document): object =>
      (param(now, 'shuffle', 'attributes') as { resolve?: object } | undefined)?.resolve ?? {};
    const conflict = page.locator('.conflict').first();
    await step(
      'a conflict for the second',
      () => editor.button('Take B', conflict).click(),
      (now) => Object.values(resolved(now))[0] === 'utility',
    );
    await step(
      'a conflict that is left out',
      () => editor.button('Leave out', conflict).click(),
      (now) => Object.keys(resolved(now)).length === 1,
    );
    await page.getByRole('tab', { name: /Problems/ }).click();
    await step(
      'a fix of a problem',
      () => page.getByRole('region', { name: 'Errors' }).locator('.note-fixes button').first().click(),
      (now, before) => json(now.nodes) !== json(before.nodes),
    );
    expect(steps.count).toBe(11);
  });
});
