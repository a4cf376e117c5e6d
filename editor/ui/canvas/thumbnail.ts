// Small pictures on nodes: half floats turned into an image of the screen.
import type { Picture } from '../store/link.ts';
import { FINITE_VALUES } from '../viewer/half.ts';

let table: Uint8Array | undefined;

/** Screen values of all 65,536 halves: linear light to sRGB, below zero and not a number to black. */
function screenTable(): Uint8Array {
  table ??= Uint8Array.from(FINITE_VALUES, toScreen);
  return table;
}

/** IEC 61966-2-1, in eight bits. */
function toScreen(linear: number): number {
  if (!(linear > 0)) return 0;
  if (linear >= 1) return 255;
  const encoded = linear <= 0.003_130_8 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
  return Math.round(encoded * 255);
}

/** Eight-bit RGBA of a picture with one to four channels; a single channel is grey. Opaque. */
export function screenPixels({ header, samples }: Picture): Uint8ClampedArray<ArrayBuffer> {
  const values = screenTable();
  const { width, height, channels } = header;
  const count = channels.length;
  const pixels = new Uint8ClampedArray(width * height * 4);
  const at = (pixel: number, channel: number): number =>
    channels[channel] === null ? 0 : values[samples[pixel * count + channel] ?? 0]!;
  for (let pixel = 0; pixel < width * height; pixel++) {
    const first = at(pixel, 0);
    pixels[pixel * 4] = first;
    pixels[pixel * 4 + 1] = count < 3 ? first : at(pixel, 1);
    pixels[pixel * 4 + 2] = count < 3 ? first : at(pixel, 2);
    pixels[pixel * 4 + 3] = 255;
  }
  return pixels;
}

/** The picture as something to draw; undefined where it has no pixels. */
export function drawable(picture: Picture): HTMLCanvasElement | undefined {
  const { width, height } = picture.header;
  if (width < 1 || height < 1) return undefined;
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d')?.putImageData(new ImageData(screenPixels(picture), width, height), 0, 0);
  return canvas;
}
