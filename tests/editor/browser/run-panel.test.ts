// The run panel in a real browser: what keeps a run from starting, its way, its ledger and log, cancelling, and the farm's command.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Document, type DocumentNode, emptyDocument, saveDocument } from '../../../engine/browser.ts';
import { FRAMES, writeCard } from './card.ts';
import { Editor, skipped, until } from './editor.ts';
import { startHost, temporary } from './host.ts';

const node = (type: string, x: number, params: DocumentNode['params']): DocumentNode => ({
  type,
  version: 1,
  params,
  at: [x, 0],
});

/** Writes four of the card's nine channels; the write node is not wired yet. */
const GRAPH: Document = {
  ...emptyDocument('panel'),
  nodes: {
    card: node('io.read', 0, { path: 'in/card.%04d.exr', missing: 'hold' }),
    keep: node('channel.shuffle', 220, {
      rows: ['R', 'G', 'B', 'A'].map((name) => ({ to: name, from: `card:${name}` })),
      others: 'drop',
    }),
    write: node('io.write', 440, { path: 'out/große Karte.%04d.exr' }),
  },
  links: [{ from: 'card.image', to: 'keep.sources.card' }],
};

describe.skipIf(skipped)('the run panel', () => {
  let folder: string;
  let graph: string;
  let editor: Editor;

  beforeAll(async () => {
    folder = temporary();
    mkdirSync(join(folder, 'in'));
    await writeCard(join(folder, 'in'));
    graph = join(folder, 'mit Leerzeichen.sluice.json');
    writeFileSync(graph, saveDocument(GRAPH));
    editor = await Editor.open(await startHost({ folder, graph }));
    for (const id of Object.keys(GRAPH.nodes)) await editor.node(id).waitFor();
    await editor.button('Run, ledger and log', editor.page.locator('.status-bar')).click();
  });
  afterAll(() => editor?.close());

  const panel = () => editor.page.getByRole('region', { name: 'The run' });
  const start = () => editor.button('Start', panel());
  const frames = () =>
    editor.page.getByRole('region', { name: 'Frames and policies' }).getByRole('textbox', { name: 'Frames' });
  const command = (): Promise<string> => panel().locator('code').innerText();
  const tab = (name: RegExp) => editor.page.getByRole('tab', { name });
  const ended = (words: RegExp): Promise<void> =>
    until(`it has ended: ${words}`, async () => words.test(await panel().innerText()));

  test('says what keeps a run from starting, and leads there', async () => {
    const reasons = panel().getByRole('list', { name: 'What keeps the run from starting' });
    await reasons.getByText('its input image is not connected').waitFor();
    expect(await start().isDisabled()).toBe(true);
    await reasons.getByRole('button', { name: /write/ }).click();
    await editor.node('write').and(editor.page.locator('.node-selected')).waitFor();
    expect(await tab(/Problems/).getAttribute('aria-selected')).toBe('true');
    await editor.drag(await editor.socket('keep', 'image', 'output'), await editor.socket('write', 'image', 'input'));
    await editor.until('it is wired', ({ links }) => links.length === 2);
    await reasons.waitFor({ state: 'detached' });
    expect(await start().isDisabled()).toBe(false);
    await editor.page.getByRole('checkbox', { name: 'Write write' }).click();
    await reasons.getByText('Choose what to write.').waitFor();
    await editor.page.getByRole('checkbox', { name: 'Write write' }).click();
    await frames().fill('1001-x');
    await reasons.getByText('The frames are not understood.').waitFor();
    await panel().getByText('Put the frames right first').waitFor();
    await frames().fill('1001-1004');
    await until('the frames are counted', async () => (await editor.page.getByText('4 frames').count()) > 0);
  });

  test('names the command line that does the same on a farm', async () => {
    const { page } = editor;
    await page.keyboard.press('Control+s');
    await until('it is saved', async () => (await page.getByRole('img', { name: 'not saved' }).count()) === 0);
    await page.getByRole('checkbox', { name: 'Fail on loss' }).click();
    await until('all of the form', async () => (await command()).endsWith('--fail-on-loss'));
    const jobs = await page.getByRole('spinbutton', { name: 'Jobs' }).inputValue();
    expect(await command()).toBe(`sluice run '${graph}' --frames 1001-1004 --jobs ${jobs} --fail-on-loss`);
    await editor.button('Copy', panel()).click();
    await until('it is copied', async () => {
      return (await page.evaluate(() => navigator.clipboard.readText())) === (await command());
    });
    await page.getByRole('checkbox', { name: 'Fail on loss' }).click();
  });

  test('runs, and tells in ledger and log what became of every frame', async () => {
    const { page } = editor;
    await start().click();
    await ended(/4 of 4 frames, exit code 4/);
    expect(readdirSync(join(folder, 'out')).filter((name) => name.endsWith('.exr'))).toEqual(
      [1001, 1002, 1003, 1004].map((frame) => `große Karte.${frame}.exr`),
    );
    await editor.button('5 lost', panel()).click();
    const ledger = page.getByRole('table');
    await ledger.getByText('substituted 1', { exact: true }).waitFor();
    expect(await ledger.getByRole('row', { name: /normal\.X/ }).innerText()).toMatch(/1001-1004/);
    await page.getByRole('textbox', { name: 'Filter the ledger' }).fill('normal');
    await page.getByText('3 of 6 lines').waitFor();
    await ledger.getByRole('button', { name: 'write' }).first().click();
    await editor.node('write').and(page.locator('.node-selected')).waitFor();
    await tab(/^Log/).click();
    const log = page.getByRole('log');
    await log.getByText('große Karte.1003.exr: substituted.').waitFor();
    await page.getByLabel('Level', { exact: true }).selectOption('warning');
    await page.getByText(/^1 of \d+ lines$/).waitFor();
    await log.getByRole('button', { name: '1003' }).click();
    await until('its frame is shown', async () => {
      return (await page.getByRole('spinbutton', { name: 'Present frame' }).inputValue()) === '1003';
    });
    await page.getByRole('textbox', { name: 'Filter the log' }).fill('nothing of that kind');
    await page.getByText(/^0 of \d+ lines$/).waitFor();
    await tab(/^Run/).click();
  });

  test('does not replace files unless it is told to, goes on where it stopped, and is cancelled', async () => {
    const { page } = editor;
    await panel().getByText('exists and is not replaced').waitFor();
    expect(await start().isDisabled()).toBe(true);
    await page.getByRole('checkbox', { name: 'Resume' }).click();
    await until('resuming is no reason', async () => !(await start().isDisabled()));
    await start().click();
    await ended(/4 of 4 frames/);
    await tab(/^Log/).click();
    await page.getByLabel('Level', { exact: true }).selectOption('info');
    await page.getByRole('textbox', { name: 'Filter the log' }).fill('');
    await page.getByRole('log').getByText('große Karte.1001.exr: kept.').first().waitFor();
    await tab(/^Run/).click();
    await page.getByRole('checkbox', { name: 'Resume' }).click();
    await editor.button('Replace existing files', panel()).click();
    await editor.until('it may', ({ nodes }) => nodes['write']!.params['overwrite'] === 'replace');
    // One file as thousands of frames.
    await editor.client.edit({ op: 'setParam', node: 'card', name: 'path', value: `in/card.${FRAMES[0]}.exr` });
    await frames().fill('1-4000');
    await until('it may start', async () => !(await start().isDisabled()));
    await page.keyboard.press('Control+Enter');
    await panel()
      .getByText(/[1-9]\d* of 4000 frames, about/)
      .waitFor();
    await editor.button('Cancel', panel()).click();
    await ended(/Cancelled/);
    expect(readdirSync(join(folder, 'out')).filter((name) => name.includes('part'))).toEqual([]);
    await page
      .locator('.status-bar')
      .getByText(/Run cancelled/)
      .waitFor();
  });
});
