// The painters of the graphics card, in Chromium under the page's content policy, against the painter of the processor.
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { paint } from '../../editor/ui/viewer/paint.ts';
import { CHROMIUM, openViewerPage } from './viewer-page.ts';
import { makePaintings } from './viewer-pictures.ts';

const runs = process.env['CI'] === 'true' || existsSync(CHROMIUM);

const KINDS = [
  { kind: 'webgl2', flags: ['--enable-unsafe-swiftshader'] },
  { kind: 'webgpu', flags: ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'] },
] as const;

/** Runs in the page: paints everything with a painter of the graphics card, and gives the pixels back. */
const IN_PAGE = `async ([kind, seeds]) => {
  const { createGpuPainter, makePaintings } = globalThis.viewer;
  const painter = await createGpuPainter(kind);
  if (!painter) return null;
  const target = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const results = [];
  for (const painting of seeds.flatMap(makePaintings)) {
    Object.assign(target.canvas, { width: painting.width, height: painting.height });
    await painter.paint(painting, target);
    const { data } = target.getImageData(0, 0, painting.width, painting.height);
    results.push(btoa(String.fromCharCode(...data)));
  }
  painter.destroy();
  return results;
}`;

describe.skipIf(!runs)(`the graphics card (needs ${CHROMIUM})`, () => {
  test.each(KINDS)(
    '$kind gives the picture of the processor within one level',
    { timeout: 120_000 },
    async ({ kind, flags }) => {
      const { page, close } = await openViewerPage({ flags });
      try {
        const seeds = [21, 22];
        const results = (await page.evaluate(`(${IN_PAGE})(${JSON.stringify([kind, seeds])})`)) as string[] | null;
        expect(results, 'the painter could be made').not.toBeNull();
        const paintings = seeds.flatMap(makePaintings);
        expect(results).toHaveLength(60);
        for (const [i, painting] of paintings.entries()) {
          const pixels = new Uint32Array(painting.width * painting.height);
          paint(painting, pixels);
          const here = new Uint8Array(pixels.buffer);
          const there = Buffer.from(results![i]!, 'base64');
          expect(there).toHaveLength(here.length);
          const worst = here.reduce((most, byte, at) => Math.max(most, Math.abs(byte - there[at]!)), 0);
          expect(worst, JSON.stringify(painting.settings)).toBeLessThanOrEqual(1);
        }
      } finally {
        await close();
      }
    },
  );
});
