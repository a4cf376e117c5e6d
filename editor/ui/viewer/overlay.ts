// What is drawn over the picture: windows with their coordinates, values in the pixels, the wipe, the probed region.
import { type Box, boxEquals, boxHeight, boxIntersection, boxText, boxWidth } from '../../../engine/browser.ts';
import { type DisplaySettings, pixelOf } from './display.ts';
import { type Figures, writtenPicture } from './figures.ts';
import { onScreen, toScreen, visible } from './geometry.ts';
import { halfBits } from './half.ts';
import { type Portrayal, tintAt } from './portrayal.ts';
import { placeOf, valuesAt } from './sample.ts';
import type { Scene } from './scene.ts';

export interface OverlayOptions {
  readonly display: DisplaySettings;
  /** Pictures that are drawn as data. */
  readonly portrayals: readonly Portrayal[];
  readonly windows: boolean;
  readonly area?: Box;
  readonly figures: Figures;
  /** Screen pixels for one pixel of the page. */
  readonly ratio: number;
}

const INK = '#c8c8c8';
const SHADE = 'rgba(0, 0, 0, 0.75)';
const ACCENT = '#e0a03c';
const MONO = '"JetBrains Mono", ui-monospace, monospace';

export function drawOverlay(context: CanvasRenderingContext2D, scene: Scene, options: OverlayOptions): void {
  const { screen, displayWindow, dataWindow } = scene;
  context.clearRect(0, 0, screen.width, screen.height);
  context.lineJoin = 'round';
  drawValues(context, scene, options);
  if (options.windows) {
    drawWindow(context, scene, displayWindow, { dashed: false, ratio: options.ratio });
    if (!boxEquals(dataWindow, displayWindow)) {
      drawWindow(context, scene, dataWindow, { dashed: true, ratio: options.ratio });
    }
  }
  if (options.area) drawArea(context, scene, options.area, options.ratio);
  if (options.display.compare === 'wipe') drawWipe(context, scene, options.ratio);
}

interface Line {
  readonly dashed: boolean;
  readonly ratio: number;
}

/** A frame around a window; the display window's coordinates stand below it, the data window's above. */
function drawWindow(context: CanvasRenderingContext2D, scene: Scene, window: Box, { dashed, ratio }: Line): void {
  const { left, top, right, bottom } = onScreen(scene.camera, scene.aspect, scene.screen, window);
  const line = Math.max(1, Math.round(ratio));
  const half = line / 2;
  context.lineWidth = line;
  context.setLineDash([]);
  context.strokeStyle = SHADE;
  if (dashed) context.strokeRect(left - half, top - half, right - left + line, bottom - top + line);
  context.setLineDash(dashed ? [4 * ratio, 4 * ratio] : []);
  context.strokeStyle = dashed ? INK : '#7a7a7a';
  context.strokeRect(left - half, top - half, right - left + line, bottom - top + line);
  context.setLineDash([]);
  const size = dashed ? '' : `${boxWidth(window)}×${boxHeight(window)}  `;
  const charts = (scene.a ?? scene.b)?.header.charts;
  label(context, scene, charts ? tileText(charts.tile) : `${dashed ? 'data ' : size}${boxText(window)}`, {
    x: left,
    y: dashed ? top - 4 * ratio : bottom + 12 * ratio,
    ratio,
  });
}

/** A tile of textures with the coordinates that it has. */
function tileText(tile: number): string {
  const [u, v] = [(tile - 1001) % 10, Math.floor((tile - 1001) / 10)];
  return `${tile}  u ${u} to ${u + 1}, v ${v} to ${v + 1}`;
}

function label(
  context: CanvasRenderingContext2D,
  { screen }: Scene,
  text: string,
  { x, y, ratio }: { readonly x: number; readonly y: number; readonly ratio: number },
): void {
  context.font = `${10 * ratio}px ${MONO}`;
  const width = context.measureText(text).width;
  const at = {
    x: Math.max(4 * ratio, Math.min(screen.width - width - 4 * ratio, x)),
    y: Math.max(12 * ratio, Math.min(screen.height - 5 * ratio, y)),
  };
  context.fillStyle = 'rgba(24, 24, 24, 0.72)';
  context.fillRect(at.x - 3 * ratio, at.y - 10 * ratio, width + 6 * ratio, 13 * ratio);
  context.fillStyle = INK;
  context.textAlign = 'left';
  context.textBaseline = 'alphabetic';
  context.fillText(text, at.x, at.y);
}

function drawValues(
  context: CanvasRenderingContext2D,
  scene: Scene,
  { ratio, display, portrayals, figures }: OverlayOptions,
): void {
  const picture = writtenPicture(scene, ratio);
  if (!picture) return;
  const portrayal = portrayals.find((one) => one.picture === picture);
  const { camera, aspect, screen } = scene;
  const width = camera.zoom * aspect;
  const lines = picture.header.channels.length;
  const size = Math.max(7 * ratio, Math.min(11 * ratio, camera.zoom / (lines * 1.35), width / 5));
  const height = Math.min(size * 1.25, camera.zoom / (lines + 0.3));
  const characters = Math.max(4, Math.min(10, Math.floor((width - 8 * ratio) / (size * 0.62))));
  context.font = `${size}px ${MONO}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const seen = boxIntersection(visible(camera, aspect, screen), picture.header.box);
  for (let y = seen.minY; y <= seen.maxY; y++) {
    for (let x = seen.minX; x <= seen.maxX; x++) {
      const at = toScreen(camera, aspect, screen, x + 0.5, y + 0.5);
      const values = valuesAt(picture, x, y) ?? [];
      const { column, row } = placeOf(picture, x, y);
      const isBright = portrayal ? isLight(tintAt(portrayal, column, row)) : isBrightAs(values, display);
      context.fillStyle = isBright ? '#000' : '#fff';
      values.forEach((value, i) => {
        if (picture.header.channels[i] === null) return;
        const text = figures.text({ picture, index: i, x, y, value, length: characters });
        context.fillText(text, at.x, at.y + (i - (lines - 1) / 2) * height);
      });
    }
  }
}

/** True where black figures are easier to read on a pixel than white ones. */
function isBrightAs(values: readonly number[], display: DisplaySettings): boolean {
  const bits = values.map((value) => (Number.isNaN(value) ? 0x7e00 : halfBits(value)));
  const [r, g, b] = pixelOf(bits, bits, { ...display, compare: 'a', zebra: false }, { x: 0, y: 0, wipe: 0 });
  return 0.3 * r + 0.59 * g + 0.11 * b > 128;
}

const isLight = (pixel: number): boolean =>
  0.3 * (pixel & 0xff) + 0.59 * ((pixel >>> 8) & 0xff) + 0.11 * ((pixel >>> 16) & 0xff) > 128;

function drawArea(context: CanvasRenderingContext2D, scene: Scene, area: Box, ratio: number): void {
  const { left, top, right, bottom } = onScreen(scene.camera, scene.aspect, scene.screen, area);
  for (const [colour, width] of [
    [SHADE, 3 * ratio],
    [ACCENT, ratio],
  ] as const) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.strokeRect(left + 0.5, top + 0.5, Math.max(1, right - left - 1), Math.max(1, bottom - top - 1));
  }
}

function drawWipe(context: CanvasRenderingContext2D, { wipe, screen }: Scene, ratio: number): void {
  const x = Math.round(wipe) + 0.5;
  const middle = screen.height / 2;
  for (const [colour, width] of [
    [SHADE, 3 * ratio],
    [INK, ratio],
  ] as const) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x, screen.height);
    context.stroke();
  }
  context.beginPath();
  context.arc(x, middle, 5 * ratio, 0, 2 * Math.PI);
  context.fillStyle = ACCENT;
  context.fill();
  context.strokeStyle = SHADE;
  context.stroke();
  context.font = `${10 * ratio}px ${MONO}`;
  context.textBaseline = 'middle';
  context.fillStyle = '#f0f0f0';
  context.lineWidth = 2.5 * ratio;
  for (const [text, side] of [
    ['A', -12],
    ['B', 12],
  ] as const) {
    context.textAlign = 'center';
    context.strokeText(text, x + side * ratio, middle);
    context.fillText(text, x + side * ratio, middle);
  }
}
