// npm run screenshots: the editor's main states, and three comps, as pictures for the README, made in a real window on the fixture shot.
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { type Document, saveDocument } from '../../engine/index.ts';
import { renderShot, SEQUENCES } from '../../fixtures/render.ts';
import { displacement, writeDisplaced } from './displaced.ts';
import { openEditor } from './latency/window.ts';
import { conflicting, deliveries, example, longRun, recombine } from './scenes.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    width: { type: 'string', default: '1600' },
    height: { type: 'string', default: '1000' },
    out: { type: 'string', default: fileURLToPath(new URL('../../editor/screenshots/', import.meta.url)) },
  },
});

/** A window on a small screen: whoever widens one column there hides another. */
const NARROW = Number(values.width) < 1400;

/** Bytes of one picture at most. */
const LARGEST = 400_000;

interface State {
  readonly name: string;
  readonly graph: () => Document;
  /** What is kept of the window's layout before it opens. */
  readonly layout?: Readonly<Record<string, unknown>>;
  /** Brings the window into the state. */
  arrange(page: Page): Promise<void>;
}

const node = (page: Page, id: string) => page.locator(`[data-node="${id}"]`);

/** Selects the node as a user would in a graph too large to read: on a small screen its nodes are plain boxes at first. */
async function find(page: Page, id: string): Promise<void> {
  const canvas = page.locator('.canvas');
  await canvas.focus();
  await page.keyboard.press('Control+f');
  const field = page.getByRole('textbox', { name: 'Find node' });
  await field.fill(id);
  await field.press('Escape');
  await canvas.focus();
}

async function view(page: Page, id: string, key = '1'): Promise<void> {
  await find(page, id);
  await page.keyboard.press(key);
  await settled(page);
  await page.keyboard.press('a');
}

/** Nothing is awaited any more, and what was told about nodes has been drawn. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('.viewer-progress') === null);
  await page.waitForTimeout(700);
}

async function showPictures(page: Page): Promise<void> {
  await page.locator('.canvas').hover();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('p');
  await page.keyboard.press('Escape');
  await page.keyboard.press('a');
}

/** A comp with its pictures, one node in the viewer and one in the form. */
const comp = (name: string, viewed: string, selected: string): State => ({
  name,
  graph: () => example(name),
  layout: { hidden: ['left', 'drawer'], centreSplit: 0.5 },
  arrange: async (page) => {
    await showPictures(page);
    await view(page, viewed);
    await find(page, selected);
    await page.keyboard.press('a');
  },
});

const STATES: readonly State[] = [
  {
    name: 'recombine',
    graph: recombine,
    arrange: async (page) => {
      await showPictures(page);
      await view(page, 'shuffle');
      await node(page, 'tag').click({ position: { x: 60, y: 12 } });
    },
  },
  {
    name: 'shuffle',
    graph: recombine,
    layout: { right: NARROW ? 440 : 520, rightSplit: 0.75, ...(NARROW ? { hidden: ['left', 'drawer'] } : {}) },
    arrange: async (page) => {
      await view(page, 'shuffle');
    },
  },
  {
    name: 'conflict',
    graph: conflicting,
    layout: { right: NARROW ? 440 : 460, rightSplit: 0.3, ...(NARROW ? { hidden: ['left', 'drawer'] } : {}) },
    arrange: async (page) => {
      await view(page, 'readBeauty');
      await node(page, 'shuffle').click({ position: { x: 60, y: 12 } });
      await page.getByRole('button', { name: 'One by one…' }).click();
    },
  },
  {
    name: 'run',
    graph: longRun,
    layout: { hidden: [], drawer: NARROW ? 220 : 320 },
    arrange: async (page) => {
      await view(page, 'tag');
      await page.getByRole('button', { name: 'Run', exact: true }).first().click();
      await page.getByRole('tab', { name: /^Ledger/ }).click();
      await page
        .getByText(/^[6-9]\d of 240 frames/)
        .first()
        .waitFor();
    },
  },
  {
    name: 'search',
    graph: deliveries,
    layout: { centreSplit: 0.3 },
    arrange: async (page) => {
      await view(page, 'parts');
      await page.locator('.canvas').hover({ position: { x: 420, y: 60 } });
      await page.keyboard.press('a');
      await page.keyboard.press('Tab');
      await page.keyboard.type('set', { delay: 30 });
    },
  },
  {
    name: 'viewer',
    graph: deliveries,
    arrange: async (page) => {
      await view(page, 'beauty');
      await view(page, 'keyLight', 'Shift+Digit2');
      const stage = page.locator('.stage');
      await stage.hover();
      for (const key of ['w', 'v', 's', 'Control+Space']) await page.keyboard.press(key);
      await settled(page);
      const { width, height } = (await stage.boundingBox())!;
      await stage.hover({ position: { x: width * 0.57, y: height * 0.62 } });
    },
  },
  {
    name: 'displacement',
    graph: () => displacement({ turned: false }),
    layout: { hidden: ['left', 'drawer'], centreSplit: 0.66 },
    arrange: async (page) => {
      await view(page, 'charts');
      await view(page, 'height', 'Shift+Digit2');
      const stage = page.locator('.stage');
      await stage.hover();
      await page.keyboard.press('w');
      await settled(page);
      const { width, height } = (await stage.boundingBox())!;
      await stage.hover({ position: { x: width * 0.38, y: height * 0.32 } });
    },
  },
  comp('slap-comp', 'burn', 'grade'),
  comp('conform', 'tag', 'linear'),
  comp('rebuild', 'rebuilt', 'specularLevel'),
];

async function shoot(folder: string, { name, graph, layout, arrange }: State): Promise<void> {
  const file = join(folder, `${name}.sluice.json`);
  writeFileSync(file, saveDocument(graph()));
  const [width, height] = [Number(values.width), Number(values.height)];
  const window = await openEditor({ graph: file, width, height });
  try {
    const { page } = window;
    if (layout) {
      await page.evaluate((kept) => localStorage.setItem('sluice.layout', kept), JSON.stringify(layout));
      await page.reload();
    }
    await page
      .locator('.status-bar')
      .getByText(/^[1-9]\d* nodes?/)
      .waitFor();
    await settled(page);
    await arrange(page);
    await settled(page);
    await page.evaluate(() => document.fonts.ready);
    // A frame around the graph says that it has the keyboard, which a picture has no use for.
    await page.evaluate(() => {
      const focused = document.activeElement;
      if (focused instanceof HTMLElement && focused.matches('.canvas')) focused.blur();
    });
    const picture = await sharp(await page.screenshot())
      .png({ palette: true, effort: 10, compressionLevel: 9 })
      .toBuffer();
    if (picture.length > LARGEST) throw new Error(`${name} has ${picture.length} bytes, more than ${LARGEST}.`);
    writeFileSync(join(values.out, `${name}.png`), picture);
    console.log(`${name}.png  ${Math.round(statSync(join(values.out, `${name}.png`)).size / 1024)} KiB`);
  } finally {
    await window.close();
  }
}

// Paths are seen in the pictures: the same ones every time.
const folder = join(tmpdir(), 'larkfield');
const shot = join(folder, 'sh010');
rmSync(folder, { recursive: true, force: true });
mkdirSync(values.out, { recursive: true });
try {
  await renderShot({ folder: join(shot, 'in'), sequences: SEQUENCES });
  await writeDisplaced(shot, 1024);
  for (const state of STATES)
    if (values.only === undefined || values.only.split(',').includes(state.name)) await shoot(shot, state);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
