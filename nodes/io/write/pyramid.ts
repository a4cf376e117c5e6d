// The pyramid of a part: its levels as rungs, which of their rows and chunks each band holds, and the rows that those are made of.
import {
  boxHeight,
  boxWidth,
  type Level,
  type LevelFilter,
  layoutOf,
  levelAxis,
  type PartShape,
  type Span,
  sampleBytes,
  type Wrap,
  wrapped,
} from '../../../engine/authoring.ts';

/** How levels are made, one from the one above it. */
export interface LevelMaking {
  readonly filter: LevelFilter;
  readonly wrapX: Wrap;
  readonly wrapY: Wrap;
  /** Channels that are never averaged: of each two samples the first is taken. */
  readonly unfiltered: ReadonlySet<string>;
}

/** The levels of one height: one of a mip map, all widths of a rip map. The first is the widest, of which the others are made. */
export interface Rung {
  readonly levels: readonly Level[];
  readonly width: number;
  readonly height: number;
}

/**
 * The full resolution is cut into bands, each so many rows of chunks tall that the first rungs can be packed from it. What is
 * left of it then is so little that the other rungs are made of the whole of it.
 */
export interface Pyramid {
  readonly rungs: readonly Rung[];
  /** How many rungs bands pack. */
  readonly packed: number;
  readonly bands: number;
  /** Rows of chunks in a band of the first rung. */
  readonly chunkRows: number;
  readonly chunkHeight: number;
}

/** A part no larger than this is one band. */
const SMALL_BYTES = 2 ** 22;
/** Samples of the full resolution in a band, but for a single row of chunks that is larger. */
const BAND_BYTES = 2 ** 24;
/** A larger part has at least about so many bands, so that workers can share them. */
const FEWEST_BANDS = 8;

const pyramids = new WeakMap<PartShape, Pyramid>();

/** The pyramid of a part in tiles. */
export function pyramidOf(shape: PartShape): Pyramid {
  const known = pyramids.get(shape);
  if (known) return known;
  const { levels, chunkHeight } = layoutOf(shape);
  const rungs = [...Map.groupBy(levels, ({ y }) => y).values()].map((all) => {
    const { box } = all[0]!;
    return { levels: all, width: boxWidth(box), height: boxHeight(box) };
  });
  const { width, height } = rungs[0]!;
  const rows = levels[0]!.rows;
  const rowBytes = width * shape.channels.reduce((sum, { type }) => sum + sampleBytes(type), 0);
  let packed = 1;
  if (rowBytes * height <= SMALL_BYTES) packed = rungs.length;
  else {
    const most = Math.min(BAND_BYTES / rowBytes, height / FEWEST_BANDS);
    while (packed < rungs.length && chunkHeight * 2 ** packed <= most) packed++;
  }
  const chunkRows = Math.min(rows, 2 ** (packed - 1));
  const pyramid = { rungs, packed, bands: Math.ceil(rows / chunkRows), chunkRows, chunkHeight };
  pyramids.set(shape, pyramid);
  return pyramid;
}

/** The rows of chunks of a rung that a band packs; none where `to` is less than `from`. */
export function chunkRowsIn({ rungs, bands, chunkRows }: Pyramid, rung: number, band: number): Span {
  const { rows } = rungs[rung]!.levels[0]!;
  const each = bands === 1 ? rows : chunkRows / 2 ** rung;
  return { from: Math.min(rows, band * each), to: Math.min(rows, (band + 1) * each) - 1 };
}

/**
 * The rows of a rung, counted from its top, that a band makes for their own sake: those of the chunks that it packs, and of
 * the first rung that bands do not pack a part that begins about where the band does.
 */
export function rowsIn(pyramid: Pyramid, rung: number, band: number): Span {
  const { packed, bands, chunkRows, chunkHeight, rungs } = pyramid;
  const { height } = rungs[rung]!;
  if (rung < packed) {
    const { from, to } = chunkRowsIn(pyramid, rung, band);
    return { from: from * chunkHeight, to: Math.min(height, (to + 1) * chunkHeight) - 1 };
  }
  const each = (chunkRows * chunkHeight) / 2 ** packed;
  const at = (place: number): number => (place === bands ? height : Math.min(height, Math.floor(place * each)));
  return { from: at(band), to: at(band + 1) - 1 };
}

/**
 * The rows of each rung that a band needs, the first that bands do not pack included, where there is one: its own, and
 * those that rows of the next rung are made of. In ascending order, and apart from each other.
 */
export function rowsNeeded(pyramid: Pyramid, band: number, making: LevelMaking): Span[][] {
  const last = Math.min(pyramid.packed, pyramid.rungs.length - 1);
  const needed: Span[][] = [];
  for (let rung = last; rung >= 0; rung--) {
    const own = rowsIn(pyramid, rung, band);
    const made = needed[0]?.flatMap((rows) => sourceRows(pyramid.rungs, rung, rows, making)) ?? [];
    needed.unshift(joined(own.to < own.from ? made : [own, ...made]));
  }
  return needed;
}

/** The rows of a rung of which rows of the next one are made. */
function sourceRows(rungs: Pyramid['rungs'], rung: number, rows: Span, { filter, wrapY }: LevelMaking): Span[] {
  const size = rungs[rung]!.height;
  const into = rungs[rung + 1]!.height;
  if (size === into) return [rows];
  const { from, to } = levelAxis({ size, into }, filter, rows);
  const outside: Span[] = [];
  for (let y = from; y <= to; y++) {
    if (y >= 0 && y < size) continue;
    const row = wrapped(y, size, wrapY);
    if (row !== undefined) outside.push({ from: row, to: row });
  }
  return [{ from: Math.max(0, from), to: Math.min(size - 1, to) }, ...outside];
}

/** The same rows, in ascending order and apart from each other. */
function joined(spans: readonly Span[]): Span[] {
  const apart: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = apart.at(-1);
    if (last && span.from <= last.to + 1) apart[apart.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else apart.push(span);
  }
  return apart;
}

/** Indices of the chunks of a level that a band packs, in the order in which they go to the file. */
export function chunksOf(shape: PartShape, level: Level, { from, to }: Span): number[] {
  const rows = Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
  if (shape.lineOrder === 'decreasing') rows.reverse();
  return rows.flatMap((row) =>
    Array.from({ length: level.columns }, (_, column) => level.firstChunk + row * level.columns + column),
  );
}

/** Chunks of all levels in the order in which they go to the file where that is by lines: level by level. */
export function inLineOrder<C extends { readonly index: number }>(shape: PartShape, chunks: readonly C[]): C[] {
  const { levels } = layoutOf(shape);
  const sorted = chunks.toSorted((a, b) => a.index - b.index);
  if (shape.lineOrder !== 'decreasing') return sorted;
  return levels.flatMap(({ firstChunk, columns, rows }) => {
    const own = sorted.filter(({ index }) => index >= firstChunk && index < firstChunk + columns * rows);
    const row = ({ index }: C): number => Math.floor((index - firstChunk) / columns);
    return own.sort((a, b) => row(b) - row(a) || a.index - b.index);
  });
}
