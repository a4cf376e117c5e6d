// Numbers of islands and the like as colours, with borders between them, and mirrored ones hatched.

import { OUTSIDE } from './paint.ts';
import { borderColour, numberColour, pack } from './palette.ts';

/** Numbers and where they fall on the screen. */
export interface PlacedIds {
  /** The number of each pixel, and behind it how it is mirrored where `count` is 2: 1 across, 2 down. */
  readonly numbers: Uint32Array;
  readonly count: number;
  /** Pixels in a row. */
  readonly width: number;
  readonly columns: Uint16Array;
  readonly rows: Uint16Array;
  /** Screen pixels for one pixel of the page. */
  readonly ratio: number;
}

/** Pixels of the page from one stripe to the next, and how many of them a stripe has. */
const PERIOD = 9;
const STRIPE = 2.5;

/** How much of its lightness a colour keeps where stripes are. */
const HATCHED = 0.72;

const dimmed = (pixel: number, share: number): number => {
  const of = (shift: number): number => Math.round(((pixel >>> shift) & 0xff) * share) << shift;
  return (0xff000000 | of(16) | of(8) | of(0)) >>> 0;
};

interface Tint {
  readonly plain: number;
  readonly hatched: number;
  readonly border: number;
}

const tints = new Map<number, Tint>();

function tintOf(number: number): Tint {
  const known = tints.get(number);
  if (known) return known;
  const plain = pack(numberColour(number));
  const tint = { plain, hatched: dimmed(plain, HATCHED), border: pack(borderColour(number)) };
  if (tints.size > 100_000) tints.clear();
  tints.set(number, tint);
  return tint;
}

/** What a line holds where nothing of the picture is. */
const NONE = -1;

/** The numbers along a row of the screen. */
function fillLine({ numbers, count, width, columns, rows }: PlacedIds, y: number, line: Float64Array): void {
  const row = rows[y] ?? OUTSIDE;
  if (row === OUTSIDE) {
    line.fill(NONE);
    return;
  }
  const start = row * width;
  for (let x = 0; x < line.length; x++) {
    const column = columns[x]!;
    line[x] = column === OUTSIDE ? NONE : numbers[(start + column) * count]!;
  }
}

/** Paints the columns `from` to `to`, not included, into pixels of RGBA bytes, as many in a row as the screen has columns. */
export function paintIds(
  placed: PlacedIds,
  { from, to }: { readonly from: number; readonly to: number },
  pixels: Uint32Array,
): void {
  const { numbers, count, columns, rows, ratio } = placed;
  const screen = columns.length;
  const period = Math.round(PERIOD * ratio);
  const stripe = STRIPE * ratio;
  let [above, line, below] = [0, 1, 2].map(() => new Float64Array(screen)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  above.fill(NONE);
  fillLine(placed, 0, line);
  let last = NONE;
  let tint = tintOf(0);
  for (let y = 0; y < rows.length; y++) {
    fillLine(placed, y + 1, below);
    const start = rows[y]! * placed.width;
    for (let x = from; x < to; x++) {
      const number = line[x]!;
      if (number === NONE) continue;
      if (number !== last) tint = tintOf(number);
      last = number;
      let pixel = tint.plain;
      if (number !== 0) {
        const left = x > 0 ? line[x - 1]! : NONE;
        const right = x + 1 < screen ? line[x + 1]! : NONE;
        const differs =
          (left !== number && left !== NONE) ||
          (right !== number && right !== NONE) ||
          (above[x] !== number && above[x] !== NONE) ||
          (below[x] !== number && below[x] !== NONE);
        const side = count > 1 ? numbers[(start + columns[x]!) * count + 1]! : 0;
        if (differs) pixel = tint.border;
        else if (side !== 0 && (side === 1 ? x + y : x - y + period * 65_536) % period < stripe) pixel = tint.hatched;
      }
      pixels[y * screen + x] = pixel;
    }
    [above, line, below] = [line, below, above];
  }
}
