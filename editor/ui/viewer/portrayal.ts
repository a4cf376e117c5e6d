// Portrayals: pictures of data drawn by the processor in their modes, beside what the painters draw as light.
import type { Picture } from '../store/link.ts';
import { heatTints, type Range } from './heat.ts';
import { paintIds } from './ids.ts';
import { numberAt, numbersOf } from './numbers.ts';
import { OUTSIDE } from './paint.ts';
import { numberColour, pack } from './palette.ts';
import { type Light, reliefTints } from './relief.ts';

/** How a picture is drawn. */
export type Manner =
  | { readonly mode: 'relief'; readonly light: Light; readonly steep: number }
  | { readonly mode: 'heat'; readonly range: Range }
  | { readonly mode: 'ids' };

export interface Portrayal {
  readonly picture: Picture;
  readonly manner: Manner;
  /** The column and row of the picture under each of the screen, or `OUTSIDE`. */
  readonly columns: Uint16Array;
  readonly rows: Uint16Array;
  /** Columns of the screen from the first to that after the last. */
  readonly from: number;
  readonly to: number;
}

interface Tinted {
  readonly key: string;
  readonly tints: Uint32Array;
}

/** What was made of pictures in the manner in which they were drawn last: moving them over the screen costs look-ups alone. */
const made = new WeakMap<Picture, Tinted>();

function tintsOf(picture: Picture, manner: Exclude<Manner, { mode: 'ids' }>): Uint32Array {
  const key = JSON.stringify(manner);
  const known = made.get(picture);
  if (known?.key === key) return known.tints;
  const tints =
    manner.mode === 'heat' ? heatTints(picture, manner.range) : reliefTints(picture, manner.light, manner.steep);
  made.set(picture, { key, tints });
  return tints;
}

/** The pixel of RGBA bytes of the sample at a place of the picture, without borders and stripes. */
export function tintAt({ picture, manner }: Portrayal, column: number, row: number): number {
  const at = row * picture.header.width + column;
  if (manner.mode !== 'ids') return tintsOf(picture, manner)[at]!;
  return pack(numberColour(numberAt(picture, at * picture.header.channels.length)));
}

/** Draws a picture into pixels of RGBA bytes, as many in a row as the screen has columns; where it is not they stay. */
export function portray(portrayal: Portrayal, pixels: Uint32Array, ratio: number): void {
  const { picture, manner, columns, rows, from, to } = portrayal;
  const { width, channels } = picture.header;
  if (manner.mode === 'ids') {
    const numbers = numbersOf(picture) as Uint32Array;
    paintIds({ numbers, count: channels.length, width, columns, rows, ratio }, { from, to }, pixels);
    return;
  }
  const tints = tintsOf(picture, manner);
  for (let y = 0; y < rows.length; y++) {
    const row = rows[y]!;
    if (row === OUTSIDE) continue;
    const start = row * width;
    const line = y * columns.length;
    for (let x = from; x < to; x++) {
      const column = columns[x]!;
      if (column !== OUTSIDE) pixels[line + x] = tints[start + column]!;
    }
  }
}
