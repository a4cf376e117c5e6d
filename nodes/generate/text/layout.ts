// Layout: lines of text placed within a format, as edges in pixels and the window that holds them.
import { type Box, box, boxIntersection, boxIsEmpty } from '../../../engine/authoring.ts';
import { edgesOf } from './coverage.ts';
import { typeface, type Weight } from './font.ts';

export interface TextOptions {
  readonly text: string;
  readonly weight: Weight;
  /** Pixels an em. */
  readonly size: number;
  /** Shares of the format. */
  readonly position: readonly [number, number];
  readonly across: 'left' | 'centre' | 'right';
  readonly down: 'top' | 'middle' | 'bottom';
  /** Sizes from line to line. */
  readonly leading: number;
  /** Ems between glyphs besides their own. */
  readonly tracking: number;
}

export interface Layout {
  readonly edges: readonly number[];
  /** All pixels that the text touches, whatever the format. */
  readonly bounds: Box;
  /** Characters that the font does not have. */
  readonly missing: readonly string[];
}

const known = new Map<string, Promise<Layout>>();
/** Layouts that are kept: bands of one frame ask for the same. */
const MOST_LAYOUTS = 8;

/** The layout within a format of so many pixels. */
export function layoutText(options: TextOptions, format: readonly [number, number]): Promise<Layout> {
  const key = JSON.stringify([options, format]);
  const found = known.get(key);
  if (found) return found;
  if (known.size >= MOST_LAYOUTS) known.clear();
  const made = make(options, format);
  known.set(key, made);
  return made;
}

async function make(options: TextOptions, format: readonly [number, number]): Promise<Layout> {
  const { text, size, position, across, down, leading, tracking } = options;
  const face = await typeface(options.weight);
  const lines = text.split('\n').map((line) => face.line(line, tracking));
  const { ascent, descent } = face.metrics;
  const height = (ascent - descent + (lines.length - 1) * leading) * size;
  const raised = { top: 0, middle: height / 2, bottom: height }[down];
  const first = position[1] * format[1] - raised + ascent * size;
  const edges: number[] = [];
  for (const [i, { glyphs, width }] of lines.entries()) {
    const shift = { left: 0, centre: width / 2, right: width }[across] * size;
    const left = position[0] * format[0] - shift;
    for (const { x, outline } of glyphs) {
      for (const edge of edgesOf(outline, size, left + x * size, first + i * leading * size)) edges.push(edge);
    }
  }
  return { edges, bounds: boundsOf(edges), missing: [...new Set(lines.flatMap((line) => line.missing))] };
}

function boundsOf(edges: readonly number[]): Box {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < edges.length; i += 2) {
    minX = Math.min(minX, edges[i]!);
    maxX = Math.max(maxX, edges[i]!);
    minY = Math.min(minY, edges[i + 1]!);
    maxY = Math.max(maxY, edges[i + 1]!);
  }
  if (edges.length === 0) return box(0, 0, -1, -1);
  return box(Math.floor(minX), Math.floor(minY), Math.ceil(maxX) - 1, Math.ceil(maxY) - 1);
}

/** The part of the text within a format; one pixel where there is none of it, since OpenEXR knows no empty window. */
export function windowOf({ bounds }: Layout, format: Box): Box {
  const shared = boxIntersection(bounds, format);
  return boxIsEmpty(shared) ? box(format.minX, format.minY, format.minX, format.minY) : shared;
}
