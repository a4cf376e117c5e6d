// The panels in a browser: what fields, drags and buttons do to the document, on a host in memory.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Document, emptyDocument, type Json } from '../../engine/browser.ts';
import { catalogueEntry } from '../../engine/node/catalogue.ts';
import { nodes } from '../../nodes/index.ts';
import type { PanelsPage, Scene } from './panels-page.ts';
import { type CanvasTab, CHROMIUM, openCanvas } from './perf/page.ts';

const missing = !existsSync(CHROMIUM);
const skipped = missing && process.env['CI'] !== 'true';
if (skipped) console.warn(`The panels are not tested in a browser: there is no ${CHROMIUM}.`);

/** A node of nobody, with every kind of field. */
const EVERYTHING = z.strictObject({
  gain: z.number().min(0).max(100).default(1).meta({ widget: 'slider', min: 0, max: 4 }),
  width: z.int().min(1).max(8192).default(1920).meta({ title: 'Width', unit: 'px' }),
  size: z.tuple([z.int(), z.int()]).default([64, 64]),
  label: z.string().default(''),
  notes: z.string().default('').meta({ widget: 'lines' }),
  on: z.boolean().default(true),
  mode: z.enum(['fast', 'best']).default('best'),
  tint: z.tuple([z.number(), z.number(), z.number()]).default([0.8, 0.2, 0.05]).meta({ widget: 'colour' }),
  key: z.string().default('#33aa55').meta({ widget: 'colour' }),
  file: z.string().default('').meta({ title: 'File', widget: 'sequence' }),
  table: z
    .string()
    .default('')
    .meta({ title: 'Table', widget: 'file', extensions: ['cube', '.spi1d'] }),
  mask: z.string().default('').meta({ widget: 'channel' }),
  layers: z.array(z.string()).max(8).default(['R']).meta({ widget: 'channels' }),
  window: z.union([z.enum(['same', 'union']), z.strictObject({ source: z.string() })]).default('same'),
  points: z.array(z.strictObject({ x: z.number(), y: z.number() })).default([{ x: 0, y: 0 }]),
  steps: z
    .array(
      z.discriminatedUnion('op', [
        z.strictObject({ op: z.literal('blur'), size: z.number() }).meta({ title: 'Blur' }),
        z.strictObject({ op: z.literal('crop'), box: z.tuple([z.int(), z.int()]) }).meta({ title: 'Crop' }),
      ]),
    )
    .default([]),
  sub: z.strictObject({ a: z.number().optional(), b: z.string().optional() }).default({}),
  map: z.record(z.string(), z.number()).default({}),
  anything: z.json().optional().meta({ title: 'Anything' }),
});
const entry = {
  ...catalogueEntry(nodes.find(({ type }) => type === 'color.exposure')!),
  type: 'acme.everything',
  title: 'Everything',
  params: z.toJSONSchema(EVERYTHING, { io: 'input' }) as Record<string, unknown>,
};
const CATALOGUE = [...nodes.map(catalogueEntry), entry];

const graph = (type: string, params: Record<string, Json> = {}): Document => ({
  ...emptyDocument(),
  variables: { shot: { type: 'string', default: 'sh010' } },
  nodes: {
    read: { type: 'io.read', version: 1, params: { path: 'in.exr' }, at: [0, 0] },
    it: { type, version: 1, params, at: [200, 0] },
  },
});

declare const made: PanelsPage;

describe.skipIf(skipped)('the panels in a browser', () => {
  let tab: CanvasTab;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    const file = fileURLToPath(new URL('./panels-page.ts', import.meta.url));
    tab = await openCanvas({ width: 340, height: 900, entry: { file, global: 'panelsPage' } });
    page = tab.page;
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    await page.evaluate((text) => {
      Object.assign(globalThis, { made: globalThis.panelsPage!(JSON.parse(text)) });
    }, JSON.stringify(CATALOGUE));
  }, 120_000);

  afterAll(async () => {
    await tab?.close();
    expect(errors).toEqual([]);
  });

  const show = (scene: Scene): Promise<void> =>
    page.evaluate((text) => made.show(JSON.parse(text)), JSON.stringify(scene));
  const open = (type: string, params: Record<string, Json> = {}, more: Partial<Scene> = {}): Promise<void> =>
    show({ document: graph(type, params), select: ['it'], ...more });
  const params = (): Promise<Readonly<Record<string, Json>>> =>
    page.evaluate(() => made.host.document.nodes['it']!.params);
  const groups = (): Promise<(string | undefined)[]> =>
    page.evaluate(() => made.received.flatMap((one) => (one.kind === 'edit' ? [one.group] : [])));
  const field = (name: string): Locator => page.locator(`[data-param="${name}"]`);

  test('every node has a form that fits the column', async () => {
    for (const { type } of CATALOGUE) {
      await open(type);
      expect(await page.locator('.parameters').innerText()).toContain(type);
      const wide = await page
        .locator('.parameters')
        .evaluate(
          (panel) => [...panel.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > 341).length,
        );
      expect([type, wide]).toEqual([type, 0]);
    }
    expect(CATALOGUE.length).toBeGreaterThanOrEqual(12);
  });

  test('numbers take arithmetic, keys and drags; a drag is one step', async () => {
    await open('acme.everything');
    const width = page.getByRole('spinbutton', { name: 'Width' });
    await width.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.type('1920/2');
    await page.keyboard.press('Enter');
    expect(await params()).toEqual({ width: 960 });
    await page.keyboard.press('ArrowUp');
    expect(await params()).toEqual({ width: 961 });
    await page.evaluate(() => {
      (made.received as unknown[]).length = 0;
    });
    const box = (await width.boundingBox())!;
    await page.mouse.move(box.x + 20, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + 80, box.y + 10, { steps: 6 });
    await page.mouse.up();
    expect((await params())['width']).toBeGreaterThan(961);
    const names = await groups();
    expect(names.length).toBeGreaterThan(1);
    expect(new Set(names).size).toBe(1);
    await field('width').getByRole('button', { name: 'Reset Width' }).click();
    expect(await params()).toEqual({});
  });

  test('texts wait for Enter, give up on Escape, and show what their placeholders are', async () => {
    await open('acme.everything');
    const label = page.getByLabel('Label', { exact: true });
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a placeholder that people type
    await label.fill('${shot} at ${frame:5}');
    expect(await params()).toEqual({});
    await label.press('Enter');
    await expect.poll(() => field('label').locator('output').innerText()).toBe('= sh010 at 01001');
    await label.fill('else');
    await label.press('Escape');
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a placeholder that people type
    expect(await params()).toEqual({ label: '${shot} at ${frame:5}' });
  });

  test('choices, checks, unions, tables, lists and values by name', async () => {
    await open('acme.everything');
    await page.getByLabel('Mode', { exact: true }).selectOption('fast');
    await page.getByLabel('On', { exact: true }).uncheck();
    await page.getByLabel('Window: form').selectOption({ label: 'Source' });
    await field('steps').getByRole('button', { name: 'Add' }).click();
    await page.getByRole('menuitem', { name: 'Crop' }).click();
    await field('layers').getByRole('button', { name: 'Add' }).click();
    await page.getByLabel('Layers 2', { exact: true }).fill('G');
    await page.getByLabel('Layers 2', { exact: true }).press('Enter');
    await field('map').getByLabel('Map: new name').fill('a');
    await field('map').getByLabel('Map: new name').press('Enter');
    expect(await params()).toEqual({
      mode: 'fast',
      on: false,
      window: { source: '' },
      steps: [{ op: 'crop', box: [0, 0] }],
      layers: ['R', 'G'],
      map: { a: 0 },
    });
    const second = field('layers').locator('.items-grip').nth(1);
    await second.focus();
    await second.press('Alt+ArrowUp');
    expect((await params())['layers']).toEqual(['G', 'R']);
  });

  test('JSON is taken over only when it is JSON', async () => {
    await open('acme.everything');
    const anything = page.getByLabel('Anything', { exact: true });
    await anything.fill('{"a": 1');
    await anything.blur();
    expect(await field('anything').getByRole('alert').innerText()).toContain('not JSON');
    await anything.fill('{"a": [1, null]}');
    await anything.blur();
    expect(await params()).toEqual({ anything: { a: [1, null] } });
  });

  test('a file is chosen in the host’s folders', async () => {
    await open('acme.everything');
    await field('file').getByRole('button', { name: 'Browse' }).click();
    await page.getByRole('option', { name: /beauty/ }).dblclick();
    await expect.poll(params).toEqual({ file: '/shots/beauty.%04d.exr' });
  });

  test('a file of another kind is chosen among those that the parameter takes', async () => {
    await open('acme.everything');
    await field('table').getByRole('button', { name: 'Browse' }).click();
    const dialog = page.getByRole('dialog', { name: 'Choose a file' });
    await dialog.getByRole('option', { name: 'curve.spi1d' }).waitFor();
    expect(await dialog.getByRole('option').allInnerTexts()).toEqual(['plates', 'look.cube', 'curve.spi1d']);
    await dialog.getByRole('option', { name: 'look.cube' }).dblclick();
    await expect.poll(params).toEqual({ table: '/shots/look.cube' });
  });

  test('a parameter is promoted by its menu, and taken back', async () => {
    await open('acme.everything');
    await field('width').locator('.field-label').click({ button: 'right' });
    await page.getByRole('menuitem', { name: /^Promote/ }).click();
    expect(await page.evaluate(() => made.host.document.promoted)).toEqual([
      { name: 'width', title: 'Width', to: ['it.width'] },
    ]);
    await field('width').locator('.field-label').click({ button: 'right' });
    await page.getByRole('menuitem', { name: /take back/ }).click();
    expect(await page.evaluate(() => made.host.document.promoted)).toEqual([]);
  });

  test('titles, names, bypass and help', async () => {
    await open('acme.everything');
    await page.getByLabel('Title of the node').fill('My node');
    await page.getByLabel('Title of the node').press('Enter');
    await page.getByRole('button', { name: 'Bypass' }).click();
    await page.keyboard.press('F1');
    await page.getByRole('region', { name: 'About Everything' }).waitFor();
    await page.keyboard.press('F1');
    await page.getByLabel('Name of the node').fill('renamed');
    await page.getByLabel('Name of the node').press('Enter');
    const found = await page.evaluate(() => made.host.document.nodes['renamed']);
    expect(found).toMatchObject({ title: 'My node', disabled: true });
    expect(await page.getByLabel('Name of the node').inputValue()).toBe('renamed');
  });

  test('several nodes are edited at once by one edit', async () => {
    const one = graph('io.read', { path: 'b.exr' });
    await show({ document: one, select: ['read', 'it'] });
    await page.getByLabel('Missing frames').selectOption('hold');
    const found = await page.evaluate(() =>
      Object.values(made.host.document.nodes).map((node) => node.params['missing']),
    );
    expect(found).toEqual(['hold', 'hold']);
    expect(await groups()).toHaveLength(1);
  });

  test('channels and layers are dragged, double-clicked and typed into rows', async () => {
    const channels = ['R', 'G', 'B', 'N.X', 'N.Y', 'N.Z'].map((name) => ({ name, type: 'half' }));
    const view = { state: 'idle', inputs: { 'sources.beauty': { parts: [{ channels }] } } };
    const rows = [
      { to: 'a', from: 'beauty:R' },
      { to: 'b', value: 1, type: 'half' },
    ];
    await open('channel.shuffle', { rows }, { nodes: { it: view } as unknown as NonNullable<Scene['nodes']> });
    await page
      .locator('.shuffle-input', { hasText: /^N\.\*/ })
      .dragTo(page.locator('.shuffle-rows .items-row').first(), {
        targetPosition: { x: 40, y: 3 },
      });
    await page.locator('.shuffle-input', { hasText: /^G/ }).dblclick();
    const to = async (): Promise<unknown[]> => ((await params())['rows'] as { to: string }[]).map((row) => row.to);
    await expect.poll(to).toEqual(['N.*', 'a', 'b', 'G']);
    await page
      .locator('.shuffle-rows .items-grip')
      .first()
      .dragTo(page.locator('.shuffle-rows .items-row').nth(3), {
        targetPosition: { x: 40, y: 30 },
      });
    await expect.poll(to).toEqual(['a', 'b', 'G', 'N.*']);
    await page.locator('.shuffle-line').first().click();
    await page.locator('.shuffle-form').getByLabel('To', { exact: true }).fill('c');
    await page.locator('.shuffle-form').getByLabel('To', { exact: true }).press('Enter');
    await page.locator('.shuffle-form').getByLabel('Type', { exact: true }).selectOption('float');
    expect(((await params())['rows'] as Json[])[0]).toEqual({ to: 'c', from: 'beauty:R', type: 'float' });
  });

  test('problems stand beside their parameters and in the list; a fix is one edit with its name', async () => {
    const fix = { title: 'Use 1001', edits: [{ op: 'setParam' as const, node: 'it', name: 'width', value: 1001 }] };
    await open(
      'acme.everything',
      {},
      {
        problems: [
          {
            severity: 'error',
            code: 'param-invalid',
            message: 'it.width: Too wide. Choose less.',
            where: { node: 'it', param: 'width' },
            fixes: [fix],
          },
          { severity: 'warning', code: 'param-invalid', message: 'Elsewhere.', where: { node: 'read', param: 'path' } },
        ],
      },
    );
    expect(await field('width').getByRole('alert').innerText()).toContain('Too wide.');
    await page.locator('.problems').getByRole('button', { name: /read/ }).first().click();
    expect(await page.evaluate(() => [...made.store.selection$.value])).toEqual(['read']);
    await page.locator('.problems').getByRole('button', { name: 'Use 1001' }).click();
    expect(await params()).toEqual({ width: 1001 });
    expect(await page.evaluate(() => made.store.history$.value.undo)).toBe('Use 1001');
  });

  test('attributes are edited where they can be, and set by a new node where they cannot', async () => {
    const rows = [
      { part: 0, name: 'owner', type: 'string', value: 'me', text: 'me', source: 'read' },
      { part: 0, name: 'studioTag', type: 'studio', text: '2 bytes: 01 02' },
      {
        part: 0,
        name: 'timeCode',
        type: 'timecode',
        value: { time: '01:00:00:00', flags: [], userData: 0 },
        text: '01:00',
      },
    ];
    await open('metadata.set', {}, { attributes: { it: rows, read: rows } });
    await page.getByRole('button', { name: /^timeCode/ }).click();
    await page
      .getByLabel('timeCode', { exact: true })
      .getByRole('textbox', { name: 'timeCode', exact: true })
      .fill('2:0:0:0');
    await page.keyboard.press('Enter');
    const set = { op: 'set', name: 'timeCode', type: 'timecode' };
    await expect.poll(params).toEqual({ edits: [{ ...set, value: { time: '02:00:00:00', flags: [], userData: 0 } }] });
    await page.getByRole('checkbox', { name: /^owner/ }).uncheck();
    expect((await params())['edits']).toContainEqual({ op: 'delete', name: 'owner' });
    await page.getByRole('button', { name: /^studioTag/ }).click();
    expect(await page.locator('.attributes-edit').innerText()).toContain('01 02');

    await page.evaluate(() => made.store.select(['read']));
    await page.getByRole('button', { name: /^owner/ }).click();
    await page.getByRole('button', { name: 'Set here' }).click();
    const { nodes: after, links } = await page.evaluate(() => made.host.document);
    expect(after['set']).toMatchObject({ params: { edits: [{ op: 'set', name: 'owner', value: 'me' }] } });
    expect(links).toEqual([{ from: 'read.image', to: 'set.image' }]);
  });

  test('points of chromaticities are dragged in their diagram, as one step', async () => {
    const rec709 = { red: [0.64, 0.33], green: [0.3, 0.6], blue: [0.15, 0.06], white: [0.3127, 0.329] };
    const row = { part: 0, name: 'chromaticities', type: 'chromaticities', value: rec709, text: '…', source: 'read' };
    await open('metadata.set', {}, { attributes: { it: [row], read: [row] } });
    await page.getByRole('button', { name: /^chromaticities/ }).click();
    const plot = page.getByRole('img', { name: 'chromaticities in the xy diagram' });
    const place = async (name: string): Promise<{ x: number; y: number }> => {
      const box = (await plot.locator(`[data-primary="${name}"] .value-point`).boundingBox())!;
      return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    };
    const { x, y } = await place('green');
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 5, y + 5);
    await page.mouse.move(x + 30, y + 10, { steps: 3 });
    await page.mouse.up();
    const moved = (await params())['edits'] as unknown as { value: typeof rec709 }[];
    expect(moved).toHaveLength(1);
    const { green, ...others } = moved[0]!.value;
    expect(others).toEqual({ red: rec709.red, blue: rec709.blue, white: rec709.white });
    expect(green[0]).toBeCloseTo(0.3 + (30 * 1.15) / 128, 2);
    expect(green[1]).toBeCloseTo(0.6 - (10 * 1.15) / 128, 2);
    const [group, ...rest] = await groups();
    expect(group).toBeDefined();
    expect(rest.every((one) => one === group)).toBe(true);
    // Off the points nothing is held; at a node that edits nothing the diagram only shows.
    await page.mouse.move(x - 30, y);
    await page.mouse.down();
    await page.mouse.move(x, y);
    await page.mouse.up();
    await page.evaluate(() => made.store.select(['read']));
    const { x: atX, y: atY } = await place('white');
    await page.mouse.move(atX, atY);
    await page.mouse.down();
    await page.mouse.move(atX + 20, atY);
    await page.mouse.up();
    expect(await groups()).toHaveLength(rest.length + 1);
  });

  test('a preview is replaced by a picture file, made small', async () => {
    const value = { width: 1, height: 1, rgba: 'AAAA/w==' };
    const row = { part: 0, name: 'preview', type: 'preview', value, text: '1x1', source: 'read' };
    await open('metadata.set', {}, { attributes: { it: [row] } });
    await page.getByRole('button', { name: /^preview/ }).click();
    const input = page.locator('.attributes-edit input[type="file"]');
    await input.setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') });
    await page.getByText('notes.txt is no picture that can be shown here.').waitFor();
    const red = await sharp({ create: { width: 400, height: 200, channels: 3, background: '#c02010' } })
      .png()
      .toBuffer();
    await input.setInputFiles({ name: 'red.png', mimeType: 'image/png', buffer: red });
    await expect.poll(async () => ((await params())['edits'] as unknown[] | undefined)?.length).toBe(1);
    const [edit] = (await params())['edits'] as unknown as { type: string; value: typeof value }[];
    expect(edit).toMatchObject({ type: 'preview', value: { width: 128, height: 64 } });
    const bytes = Buffer.from(edit!.value.rgba, 'base64');
    expect(bytes.length).toBe(128 * 64 * 4);
    expect([...bytes.subarray(0, 4)]).toEqual([0xc0, 0x20, 0x10, 0xff]);
  });

  test('the graph’s own panel: name, frames, variables', async () => {
    await show({ document: graph('io.read'), select: [] });
    await page.getByLabel('Frames', { exact: true }).fill('1-x');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('.parameters').getByRole('alert').count()).toBe(1);
    await page.getByLabel('Frames', { exact: true }).fill('1-10x2');
    await page.keyboard.press('Enter');
    expect((await page.evaluate(() => made.host.document.frames)).range).toBe('1-10x2');
    await page.getByRole('button', { name: 'Add a variable' }).click();
    await page.getByLabel('Name of variable', { exact: true }).fill('gain');
    await page.keyboard.press('Enter');
    await page.getByLabel('Type of gain').selectOption('number');
    expect(await page.evaluate(() => made.host.document.variables)).toEqual({
      shot: { type: 'string', default: 'sh010' },
      gain: { type: 'number', default: 0 },
    });
  });
});
