// A compositor's first hour in a real browser: two sequences in, recombined, a conflict settled, rendered; byte for byte
// what the farm renders from the saved document.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { convertPlane, convertSamples, ExrFile, saveDocument } from '../../../engine/index.ts';
import { LAUNCHER } from '../../launcher.ts';
import { Editor, type Spot, skipped, until } from './editor.ts';
import { type Host, shotFolder, startHost } from './host.ts';
import { SHOT } from './setup.ts';

const run = promisify(execFile);
const OUTPUT = 'out/recombined.%04d.exr';
const FRAMES = 8;

describe.skipIf(skipped)('the story', () => {
  let folder: string;
  let host: Host;
  let editor: Editor;
  let beauty: string;
  let utility: string;

  beforeAll(async () => {
    folder = shotFolder();
    host = await startHost({ folder });
    editor = await Editor.open(host);
  });
  afterAll(() => editor?.close());

  test('two sequences come in through the panel', async () => {
    const { page } = editor;
    const list = page.getByRole('listbox', { name: 'Folders and sequences' });
    await list.getByRole('option', { name: 'in' }).dblclick();
    await list.getByRole('option', { name: /beauty/ }).click();
    const details = page.getByRole('region', { name: /What is in .*beauty/ });
    await details.getByText('8 frames').waitFor();
    await editor.button('Read', details).click();
    await editor.until('the first one is read', ({ nodes }) => Object.keys(nodes).length === 1);
    const second = list.getByRole('option', { name: /utility/ });
    await second.hover();
    await editor.button('Read it in the graph', second).click();
    await editor.until('the second one is read', ({ nodes }) => Object.keys(nodes).length === 2);
    [beauty, utility] = Object.keys(editor.document.nodes) as [string, string];
    expect(Object.values(editor.document.nodes).map(({ type }) => type)).toEqual(['io.read', 'io.read']);
    // The graph has frames now, and the window shows the first of them.
    await until('the first frame is shown', async () => (await frame()) === '1001');
    await until('nothing is wrong', async () => (await editor.problems()) === 0);
  });

  const frame = (): Promise<string> => editor.page.getByRole('spinbutton', { name: 'Frame', exact: true }).inputValue();

  test('a shuffle is made by name and wired by hand', async () => {
    await editor.selectNothing();
    expect(await editor.add('shuffle', 0.8, 0.6)).toBe('shuffle');
    await editor.selectNothing();
    await editor.press('a');
    for (const source of [beauty, utility]) {
      await editor.drag(
        await editor.socket(source, 'image', 'output'),
        await editor.socket('shuffle', 'sources.+', 'input'),
      );
      await editor.press('Enter');
      await editor.until(`${source} is wired`, ({ links }) => links.some(({ from }) => from === `${source}.image`));
    }
    expect(editor.document.links).toEqual([
      { from: `${beauty}.image`, to: `shuffle.sources.${beauty}` },
      { from: `${utility}.image`, to: `shuffle.sources.${utility}` },
    ]);
  });

  test('the result is seen: the picture and the values are those of the file', async () => {
    const { page } = editor;
    await editor.select('shuffle');
    await editor.press('1');
    const readout = page.locator('.readout');
    await readout.getByText('96×54').waitFor();
    const stage = (await page.locator('.stage').boundingBox())!;
    const middle = { x: Math.round(stage.x + stage.width / 2), y: Math.round(stage.y + stage.height / 2) };
    const file = ExrFile.open(join(folder, 'in', 'sh010_beauty.1001.exr'));
    const planes = file.readPart(0);
    file.close();
    // Eight pixels of the screen to one of the image, whose middle is in the middle of the stage.
    await page.mouse.move(middle.x, middle.y);
    await editor.press('Shift+H', '+', '+', '+');
    await readout.getByText('800%').waitFor();
    let compared = 0;
    for (const [column, row] of [
      [0, 0],
      [-30, 8],
      [22, -13],
      [35, 10],
    ] as const) {
      const at = { x: middle.x + column * 8 + 4, y: middle.y + row * 8 + 4 };
      const { x, y, values } = await probe(at);
      expect([x, y]).toEqual([SHOT.width / 2 + column, SHOT.height / 2 + row]);
      const expected = ['R', 'G', 'B'].map((name) => {
        const { plane } = convertPlane(planes.get(name)!, 'float');
        const { minX, minY, maxX } = plane.box;
        return plane.samples[(y - minY) * (maxX - minX + 1) + (x - minX)]!;
      });
      // The text is the shortest that reads back as the same half.
      expect(asHalf(values.map(Number))).toEqual(asHalf(expected));
      const seen = await pixel(at);
      for (const [i, value] of expected.entries()) {
        expect(Math.abs(seen[i]! - 255 * encoded(value)), `${'RGB'[i]} at ${x}, ${y}`).toBeLessThanOrEqual(1.5);
        compared++;
      }
    }
    expect(compared).toBe(12);
  });

  /** What the row below the picture says of a place, once the host has answered. */
  async function probe({ x, y }: Spot): Promise<{ x: number; y: number; values: string[] }> {
    await editor.page.mouse.move(x, y);
    let words: string[] = [];
    await until('the values are exact', async () => {
      words = await editor.page.locator('.readout-point > span').allTextContents();
      return words.length >= 5 && words.slice(2, 5).every((word) => /^[RGB] [-\d]/.test(word));
    });
    const [left, top, ...values] = words.map((word) => word.slice(2).trim());
    return { x: Number(left), y: Number(top), values: values.slice(0, 3) };
  }

  /** The colour of one pixel of the screen. */
  async function pixel({ x, y }: Spot): Promise<readonly number[]> {
    const png = await editor.page.screenshot({ clip: { x, y, width: 1, height: 1 } });
    return [...(await sharp(png).removeAlpha().raw().toBuffer())];
  }

  test('a conflict shows as a problem, and its button settles it', async () => {
    const { page } = editor;
    await page.getByRole('tab', { name: /Problems/ }).click();
    const errors = page.getByRole('region', { name: 'Errors' });
    await errors.getByText(/owner/).first().waitFor();
    const before = await editor.problems();
    expect(before).toBeGreaterThan(0);
    for (let left = before; left > 0; left--) {
      const note = errors.locator('.note').first();
      await note
        .getByRole('button', { name: new RegExp(beauty) })
        .last()
        .click();
      await until('one less', async () => (await editor.problems()) < left);
    }
    const { attributes } = editor.document.nodes['shuffle']!.params as { attributes: { resolve: object } };
    expect(Object.values(attributes.resolve)).toEqual(Array(before).fill(beauty));
  });

  test('Write is added, its path is set, and the graph is saved', async () => {
    const { page } = editor;
    await editor.select('shuffle');
    expect(await editor.add('write', 0.85, 0.85)).toBe('write');
    await editor.until('it is wired', ({ links }) => links.some(({ to }) => to === 'write.image'));
    const path = editor.param('path').getByRole('textbox');
    await path.fill(OUTPUT);
    await path.press('Enter');
    await editor.until('the path is set', ({ nodes }) => nodes['write']?.params['path'] === OUTPUT);
    await page.keyboard.press('Control+s');
    await page.getByRole('dialog').getByLabel('File name').fill('recombined.sluice.json');
    await editor.button('Save', page.getByRole('dialog')).click();
    await page.getByRole('heading', { name: 'recombined.sluice.json' }).waitFor();
    await until('it is saved', async () => (await page.getByRole('img', { name: 'not saved' }).count()) === 0);
    expect(readFileSync(join(folder, 'recombined.sluice.json'), 'utf8')).toBe(editor.text);
  });

  test('a run writes all frames, with the bytes of a headless run of the saved graph', async () => {
    const { page } = editor;
    await editor.button('Run').click();
    const part = page.getByRole('region', { name: 'The run' });
    await until('it is over', async () => /8 of 8 frames, exit code 0/.test((await part.textContent()) ?? ''));
    const made = join(folder, 'out');
    const here = join(folder, 'here');
    renameSync(made, here);
    const graph = join(folder, 'recombined.sluice.json');
    await run(process.execPath, [LAUNCHER, 'run', graph], { cwd: folder });
    const names = readdirSync(made).filter((name) => name.endsWith('.exr'));
    expect(names).toHaveLength(FRAMES);
    expect(readdirSync(here).sort()).toEqual(readdirSync(made).sort());
    for (const name of names) {
      expect(readFileSync(join(here, name)).equals(readFileSync(join(made, name))), name).toBe(true);
    }
    expect(saveDocument(editor.document)).toBe(readFileSync(graph, 'utf8'));
    expect(host.isAlive()).toBe(true);
  });
});

const asHalf = (values: readonly number[]): number[] => [
  ...convertSamples(Float32Array.from(values), 'float', 'half').samples,
];

/** IEC 61966-2-1: scene-linear as sRGB shows it, cut off at 0 and 1. */
function encoded(value: number): number {
  const v = Math.max(0, Math.min(1, value));
  return v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055;
}
