// A bake in the editor: the charts of its mesh on their tiles, heights as relief, what is left over as heat maps.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { borderColour, type Colour, GROUND, numberColour, TWO_SIDED } from '../../../editor/ui/viewer/palette.ts';
import { saveDocument } from '../../../engine/index.ts';
import { COUNT, displacement, writeDisplaced } from '../displaced.ts';
import { Editor, type Spot, skipped, until } from './editor.ts';
import { startHost, temporary } from './host.ts';

const SIZE = 128;
/** Pixels around a fitted picture. */
const MARGIN = 20;

/** Middles of islands on the tile 1001, in UV: the first, one that is mirrored across, one that is mirrored down. */
const FIRST = { u: 0.25, v: 0.73, id: 1 };
const ACROSS = { u: 0.925, v: 0.33, id: 10 };
const DOWN = { u: 0.135, v: 0.47, id: 11 };
/** Between islands. */
const NOWHERE = { u: 0.5, v: 0.47 };

describe.skipIf(skipped)('a bake of displacement', () => {
  let editor: Editor;

  beforeAll(async () => {
    const folder = temporary();
    mkdirSync(join(folder, 'in'));
    await writeDisplaced(folder, SIZE);
    const graph = join(folder, 'bake.sluice.json');
    writeFileSync(graph, saveDocument(displacement()));
    editor = await Editor.open(await startHost({ folder, graph }));
    await editor.canvas.focus();
    await editor.press('a');
  });
  afterAll(() => editor?.close());

  const select = (label: string) => editor.page.locator('.viewer-bar').getByLabel(label, { exact: true });
  const readout = async (): Promise<string> => (await editor.page.locator('.readout').innerText()).replace(/\s+/g, ' ');
  const legend = async (): Promise<string> => (await editor.page.locator('.legend').innerText()).replace(/\s+/g, ' ');

  async function view(node: string): Promise<void> {
    const { canvas, page } = editor;
    await canvas.hover({ position: { x: 5, y: 5 } });
    await canvas.focus();
    await editor.press('Control+f');
    const field = page.getByRole('textbox', { name: 'Find node' });
    await field.fill(node);
    await field.press('Escape');
    await canvas.focus();
    await editor.press('1');
    await until(`${node} is shown`, async () => {
      const [chip] = await editor.page.locator('.viewer-chip').allInnerTexts();
      return chip?.endsWith(node);
    });
  }

  /** Where a place on a tile is on the page, with the picture fitted. */
  async function spot({ u, v }: { readonly u: number; readonly v: number }): Promise<Spot> {
    const { x, y, width, height } = (await editor.page.locator('.stage').boundingBox())!;
    const side = Math.min(width, height) - 2 * MARGIN;
    return { x: x + width / 2 + (u - 0.5) * side, y: y + height / 2 + (0.5 - v) * side };
  }

  /** Colours around a place: of so many pixels across and down. */
  async function colours(at: { readonly u: number; readonly v: number }, size = 1): Promise<Colour[]> {
    const { x, y } = await spot(at);
    const clip = { x: Math.round(x) - (size >> 1), y: Math.round(y) - (size >> 1), width: size, height: size };
    const data = await sharp(await editor.page.screenshot({ clip }))
      .removeAlpha()
      .raw()
      .toBuffer();
    return Array.from({ length: size * size }, (_, i) => [...data.subarray(3 * i, 3 * i + 3)] as unknown as Colour);
  }

  const shows = (what: string, at: { readonly u: number; readonly v: number }, expected: Colour): Promise<void> =>
    until(what, async () => String((await colours(at))[0]) === String(expected));

  async function point(at: { readonly u: number; readonly v: number }): Promise<void> {
    const { x, y } = await spot(at);
    await editor.page.mouse.move(x, y);
  }

  test('shows the charts of the mesh by colour, with borders and stripes, and tells them under the pointer', async () => {
    await view('charts');
    await shows('the first island', FIRST, numberColour(FIRST.id));
    await shows('the ground', NOWHERE, GROUND);
    expect(await legend()).toBe(`${COUNT.islands} islands on 2 tiles UV set uv ${COUNT.mirrored} mirrored`);
    const plain = new Set((await colours(FIRST, 24)).map(String));
    expect(plain).toEqual(new Set([String(numberColour(FIRST.id))]));
    for (const island of [ACROSS, DOWN]) {
      const striped = (await colours(island, 10)).map(String);
      expect(striped).toContain(String(numberColour(island.id)));
      expect(new Set(striped).size).toBe(2);
    }
    const around = (await colours({ u: 0.89, v: 0.33 }, 12)).map(String);
    expect(around).toContain(String(borderColour(ACROSS.id)));

    await point(FIRST);
    await until('the first island is told', async () => /u 0\.2\d+ v 0\.7\d+ island 1 ?$/.test(await readout()));
    await point(ACROSS);
    await until('a mirrored one is told', async () => /island 10 mirrored in u/.test(await readout()));
    await point(DOWN);
    await until('one that is mirrored down', async () => /island 11 mirrored in v/.test(await readout()));
    await point(NOWHERE);
    await until('no island', async () => /island none/.test(await readout()));
  });

  test('shows another tile, and the mesh as it is read', async () => {
    await select('Tile').selectOption('1002');
    await shows('an island of the other tile', { u: 0.6, v: 0.45 }, numberColour(12));
    await point({ u: 0.6, v: 0.45 });
    await until('it is told', async () => /tile 1002 .*u 1\.(59|60)\d+ v 0\.\d+ island 12/.test(await readout()));
    await view('mesh');
    await select('Tile').selectOption('1001');
    await shows('the first island', FIRST, numberColour(FIRST.id));
  });

  test('shows numbers of islands by the same colours where they are a channel, or as they are', async () => {
    await view('tile');
    expect(await select('Draw as').inputValue()).toBe('ids');
    await shows('the first island', FIRST, numberColour(FIRST.id));
    await point(ACROSS);
    await until('it is told', async () => /island 10 mirrored in u/.test(await readout()));
    await select('Draw as').selectOption('light');
    await shows('light that clips', FIRST, [255, 255, 255]);
    await select('Draw as').selectOption('ids');
  });

  test('shows heights as relief, and as a heat map, and tells the samples themselves either way', async () => {
    await view('height');
    await until('relief', async () => (await select('Draw as').inputValue()) === 'relief');
    const greys = async (): Promise<Set<string>> => new Set((await colours(FIRST, 40)).map(String));
    await until('hills and hollows', async () => (await greys()).size > 20);
    for (const grey of await greys()) expect(new Set(grey.split(',')).size).toBe(1);
    const before = await greys();
    await point(FIRST);
    let told = '';
    await until('the height is told', async () => {
      told = /height (-?[\d.]+)/.exec(await readout())?.[1] ?? '';
      return told.length > 5;
    });
    await select('Light from').focus();
    await editor.page.keyboard.press('Enter');
    await editor.page.keyboard.type('135');
    await editor.page.keyboard.press('Enter');
    await until('light from below', async () => String([...(await greys())]) !== String([...before]));

    const { revision } = editor.client;
    await select('Draw as').selectOption('heat');
    await until('a legend', async () => (await editor.page.locator('.legend-heat').count()) === 1);
    const [low, high] = await Promise.all(['Low end', 'High end'].map((end) => select(end).inputValue()));
    expect(await legend()).toBe(`${low} 0 ${high}`);
    expect(Number(low)).toBe(-Number(high));
    await shows('0 on the ground', NOWHERE, TWO_SIDED[127]!);
    await point(FIRST);
    await until('the same height is told', async () => (await readout()).includes(`height ${told}`));
    expect(editor.client.revision).toBe(revision);
  });

  test('shows what is left over around corners between ends that may be set', async () => {
    await select('Layer').selectOption({ label: 'check.curl  float' });
    await until('a heat map', async () => (await select('Draw as').inputValue()) === 'heat');
    await shows('nothing on the ground', NOWHERE, TWO_SIDED[127]!);
    const end = select('High end');
    await end.focus();
    await end.press('Enter');
    await end.fill('1e-9');
    await end.press('Enter');
    const most = String(TWO_SIDED.at(-1));
    await until('all over the scale', async () => (await colours(ACROSS, 10)).map(String).includes(most));
    await editor.button('Ends from what is on the screen again').click();
    await until('ends of the picture', async () => (await end.inputValue()) !== '1e-9');
    expect(editor.errors).toEqual([]);
  });
});
