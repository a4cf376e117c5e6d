// Reading values out of a picture: one pixel, or the mean, least and greatest of a region.
import { type Box, boxContains, boxHeight, boxIntersection, boxWidth } from '../../../engine/browser.ts';
import type { Picture } from '../store/link.ts';
import { numberAt } from './numbers.ts';

/** True where the picture has fewer samples than the image has pixels: its values are means. */
export const isReduced = ({ header }: Picture): boolean =>
  header.width < boxWidth(header.box) || header.height < boxHeight(header.box);

/** The values at an image pixel, one for each channel of the picture; undefined outside of it. */
export function valuesAt(picture: Picture, x: number, y: number): readonly number[] | undefined {
  const { box, width, channels } = picture.header;
  if (!boxContains(box, { minX: x, minY: y, maxX: x, maxY: y })) return undefined;
  const { column, row } = placeOf(picture, x, y);
  const at = (row * width + column) * channels.length;
  return channels.map((_, i) => numberAt(picture, at + i));
}

/** The sample of the picture that stands for an image pixel which it covers. */
export function placeOf({ header }: Picture, x: number, y: number): { readonly column: number; readonly row: number } {
  const { box, width, height } = header;
  return {
    column: Math.min(width - 1, Math.floor(((x - box.minX + 0.5) * width) / boxWidth(box))),
    row: Math.min(height - 1, Math.floor(((y - box.minY + 0.5) * height) / boxHeight(box))),
  };
}

export interface Spread {
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

/** Mean, least and greatest of each channel over the part of a region that the picture covers; undefined where none is. */
export function spreadOver(picture: Picture, region: Box): readonly Spread[] | undefined {
  const { box, width, height, channels } = picture.header;
  const seen = boxIntersection(box, region);
  if (boxWidth(seen) === 0) return undefined;
  const scaleX = width / boxWidth(box);
  const scaleY = height / boxHeight(box);
  const fromX = Math.floor((seen.minX - box.minX) * scaleX);
  const fromY = Math.floor((seen.minY - box.minY) * scaleY);
  const toX = Math.max(fromX + 1, Math.ceil((seen.maxX + 1 - box.minX) * scaleX));
  const toY = Math.max(fromY + 1, Math.ceil((seen.maxY + 1 - box.minY) * scaleY));
  const count = (toX - fromX) * (toY - fromY);
  return channels.map((_, channel) => {
    let sum = 0;
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    for (let y = fromY; y < toY; y++) {
      for (let x = fromX; x < toX; x++) {
        const value = numberAt(picture, (y * width + x) * channels.length + channel);
        sum += value;
        if (value < min) min = value;
        if (value > max) max = value;
      }
    }
    return min > max ? { mean: Number.NaN, min: Number.NaN, max: Number.NaN } : { mean: sum / count, min, max };
  });
}

/** A value in at most `length` characters (more only where a power of ten needs them), for a column of figures. */
export function shortText(value: number, length = 7): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const magnitude = Math.abs(value);
  const room = length - (value < 0 ? 1 : 0);
  if (magnitude !== 0 && (magnitude >= 10 ** room || magnitude < 10 ** -Math.max(2, room - 4))) {
    const power = value.toExponential(Math.max(0, room - 5)).replace('e+', 'e');
    return power.length <= length ? power : value.toExponential(0).replace('e+', 'e');
  }
  const whole = Math.max(1, Math.floor(Math.log10(Math.max(1, magnitude))) + 1);
  return value.toFixed(Math.max(0, Math.min(5, room - whole - 1)));
}
