// Curves of one sample, and the tables of cubics from which the kernels evaluate them.
import { EngineError } from '../base/error.ts';

/** One stretch of a curve, smooth from `from` to where the next one begins. */
export interface CurvePiece {
  readonly from: number;
  at(x: number): number;
}

/**
 * A continuous curve of one number, defined for every finite one. It is made of one to four pieces.
 *
 * Where it has a `centre`, it is odd about that point: the pieces tell of what lies above `centre.x`, the first one
 * begins there, and the rest is mirrored. Otherwise the first piece begins at -Infinity, and below `origin` (0 where it
 * is not given) it is a straight line.
 */
export interface Curve {
  readonly centre?: { readonly x: number; readonly y: number };
  readonly origin?: number;
  readonly pieces: readonly [CurvePiece, ...CurvePiece[]];
}

/**
 * A curve as cubics, ready for `bendSamples`; little endian.
 *
 * A sample x becomes u = x - before; m is u, or its magnitude where the curve is odd. The bits of the float m, shifted
 * right by `shift`, are the number k of a segment: each octave has 2^(23 - shift) of them. Row k - low has the
 * coefficients of the cubic in t, the place in the segment from 0 to 1. Everything up to `low` is row 0 and everything from
 * `high` on is the last row, both with t = m.
 * Where a cut is passed all rows move on by one, so that a segment with a cut in it has a row for each side. The sign is
 * put back and `after` is added.
 *
 * Bytes 0 before, 4 after, 8 the bits of u that are its sign, 12 shift, 16 low, 20 high, 24 to 35 three cuts, 36 and 40
 * the limits at plus and minus infinity, 44 the bits of m inside a segment, 48 the width of one of those steps in t, 64
 * rows of four floats, the constant first.
 */
export interface CurveTable {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Segments in an octave. */
  readonly segments: number;
}

/** What the table may be off by, of the value, before it is rounded to single precision. */
const TOLERANCE = 2 ** -26;
/** What it may be off by where the value is beyond `USUAL`, which no picture reaches. */
const LOOSE = 2 ** -12;
const USUAL = 2 ** 20;
/** Values nearer to 0 are held to this one's tolerance, where the curve crosses 0 on its way. */
const FLOOR = 2 ** -10;
const GREATEST = 3.4028234663852886e38;
const FEWEST_BITS = 3;
const MOST_BITS = 11;

const single = new Float32Array(1);
const bitsOfSingle = new Int32Array(single.buffer);

/** The value of a curve at a finite number, in double precision: what its table is held to. */
export function evaluateCurve(curve: Curve, x: number): number {
  const { centre, pieces } = curve;
  if (centre && x < centre.x) return 2 * centre.y - evaluateCurve(curve, 2 * centre.x - x);
  let piece = pieces[0];
  for (const next of pieces) if (x >= next.from) piece = next;
  return piece.at(x);
}

/** The table of a curve. It is off by less than 2^-26 of a value up to 2^20, and single precision adds less than 2^-22. */
export function tabulate(curve: Curve): CurveTable {
  const local = localise(curve);
  const [first, second] = local.pieces;
  const sound = local.odd
    ? first?.from === 0
    : first?.from === Number.NEGATIVE_INFINITY && !(second && second.from < 0);
  if (!sound || local.pieces.length > 4) {
    throw new EngineError('invalid', 'internal', 'A curve has more than four pieces, or bends below its origin.');
  }
  for (let bits = FEWEST_BITS; ; bits++) {
    const table = attempt(local, bits, bits === MOST_BITS);
    if (table) return table;
  }
}

/** A curve as the kernel sees it: of u, with what is added afterwards taken away. */
interface Local {
  readonly before: number;
  readonly after: number;
  readonly odd: boolean;
  readonly floor: number;
  /** Ascending, by u; the first one from 0 or -Infinity. */
  readonly pieces: readonly CurvePiece[];
}

function localise({ centre, origin = 0, pieces }: Curve): Local {
  const before = Math.fround(centre?.x ?? origin);
  const after = Math.fround(centre?.y ?? 0);
  // About a centre the curve is moved by what single precision cannot hold of it, so that it stays exactly odd.
  const x = centre?.x ?? before;
  const y = centre?.y ?? 0;
  const moved = pieces.map(
    ({ from, at }): CurvePiece => ({
      // An origin in single precision is not quite where its piece begins.
      from: Math.abs(from - x) <= Math.abs(x) * 2 ** -23 ? 0 : Math.fround(from - x),
      at: (u) => at(u + x) - y,
    }),
  );
  const passesZero = after === 0 && moved.findLast(({ from }) => from <= 0)?.at(0) === 0;
  return { before, after, odd: centre !== undefined, floor: passesZero ? 0 : FLOOR, pieces: moved };
}

/** The float that begins a segment. */
function startOf(segment: number, shift: number): number {
  bitsOfSingle[0] = segment << shift;
  return single[0]!;
}

function segmentOf(value: number, shift: number): number {
  single[0] = value;
  return bitsOfSingle[0]! >> shift;
}

type Cubic = readonly [number, number, number, number];

/** The table with so many segments in an octave, or undefined where they are too few and it is not the last resort. */
function attempt(local: Local, bits: number, last: boolean): CurveTable | undefined {
  const shift = 23 - bits;
  const bottom = findBottom(local, shift);
  const rows: Cubic[] = [...bottom.rows];
  const cuts = local.pieces.slice(1).map(({ from }) => from);
  const top = segmentOf(GREATEST, shift);
  let piece = bottom.rows.length - 1;
  let segment = bottom.segment;
  for (; segment <= top; segment++) {
    const start = startOf(segment, shift);
    const end = segment === top ? start * 2 - startOf(segment - 1, shift) : startOf(segment + 1, shift);
    // A cut at the very start of a segment leaves the row of the piece before it unused.
    while (piece < cuts.length && cuts[piece]! <= start) {
      rows.push([0, 0, 0, 0]);
      piece++;
    }
    const reached = local.pieces[piece]!.at(Math.min(end, GREATEST));
    if (piece === cuts.length && (!(Math.abs(reached) <= GREATEST) || runsStraight(local.pieces[piece]!, start))) break;
    for (let from = start; ; piece++) {
      const to = Math.min(end, cuts[piece] ?? Number.POSITIVE_INFINITY);
      const fit = fitCubic(local.pieces[piece]!, { from, to, zero: start, unit: end - start });
      if (!last && !holds(local, piece, fit, { from, to, zero: start, unit: end - start })) return undefined;
      rows.push(fit);
      if (piece === cuts.length || cuts[piece]! >= end) break;
      from = cuts[piece]!;
    }
  }
  rows.push(topRow(local.pieces.at(-1)!, startOf(segment, shift)));
  return { bytes: pack(local, rows, { shift, low: bottom.segment - 1, high: segment }), segments: 2 ** bits };
}

/** Whether a piece is a straight line from here on; asked at the starts of octaves, where the line loses nothing. */
function runsStraight({ at }: CurvePiece, start: number): boolean {
  if ((segmentOf(start, 0) & 0x7fffff) !== 0) return false;
  const [a, b, c] = [at(start), at(2 * start), at(4 * start)];
  return Math.abs(c - b - 2 * (b - a)) <= 1e-12 * Math.abs(c);
}

/** The row of everything from `start` on: a straight line, or what is beyond all floats. */
function topRow(piece: CurvePiece, start: number): Cubic {
  if (!Number.isFinite(start) || !runsStraight(piece, start)) return [limitOf(piece, 1, 0), 0, 0, 0];
  const slope = (piece.at(2 * start) - piece.at(start)) / start;
  return [piece.at(start) - slope * start, slope, 0, 0];
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  /** t is 0 at `zero` and 1 at `zero + unit`. */
  readonly zero: number;
  readonly unit: number;
}

/** The cubic in t that meets the piece at both ends of a stretch and a quarter of the way from them. */
function fitCubic({ at }: CurvePiece, { from, to, zero, unit }: Stretch): Cubic {
  const xs = [0, 0.25, 0.75, 1].map((place) => from + (to - from) * place);
  const t = xs.map((x) => (x - zero) / unit);
  const d = xs.map((x) => at(x));
  for (let order = 1; order < 4; order++) {
    for (let i = 3; i >= order; i--) d[i] = (d[i]! - d[i - 1]!) / (t[i]! - t[i - order]!);
  }
  // Newton's form, multiplied out.
  let cubic: [number, number, number, number] = [d[3]!, 0, 0, 0];
  for (let i = 2; i >= 0; i--) {
    const [a, b, c] = cubic;
    cubic = [d[i]! - a * t[i]!, a - b * t[i]!, b - c * t[i]!, c];
  }
  return cubic;
}

/** Whether a cubic keeps to a piece within the tolerance between the places where they meet. */
function holds(local: Local, piece: number, [a, b, c, d]: Cubic, { from, to, zero, unit }: Stretch): boolean {
  return [0.125, 0.5, 0.875].every((place) => {
    const x = from + (to - from) * place;
    const t = (x - zero) / unit;
    const wanted = local.pieces[piece]!.at(x);
    const error = Math.abs(((d * t + c) * t + b) * t + a - wanted);
    const value = Math.abs(wanted + local.after);
    return error <= (value > USUAL ? LOOSE : TOLERANCE) * Math.max(value, local.floor);
  });
}

/** The first segment of its own, and the rows of what lies below it, one for each piece that begins there. */
function findBottom(local: Local, shift: number): { readonly segment: number; readonly rows: readonly Cubic[] } {
  const cuts = local.pieces.slice(1).map(({ from }) => from);
  const candidates = cuts.filter((cut) => cut > 2 ** -126).map((cut) => segmentOf(cut, shift));
  for (let exponent = 3; exponent > -126; exponent--) candidates.push(segmentOf(2 ** exponent, shift));
  for (const segment of candidates.sort((a, b) => b - a)) {
    const rows = bottomRows(local, startOf(segment, shift), 'within tolerance');
    if (rows) return { segment, rows };
  }
  const segment = segmentOf(2 ** -126, shift);
  return { segment, rows: bottomRows(local, startOf(segment, shift), 'straight')! };
}

function bottomRows(local: Local, end: number, how: 'within tolerance' | 'straight'): Cubic[] | undefined {
  const rows: Cubic[] = [];
  for (const [index, piece] of local.pieces.entries()) {
    if (index > 0 && piece.from >= end) break;
    const next = Math.min(local.pieces[index + 1]?.from ?? end, end);
    if (piece.from === Number.NEGATIVE_INFINITY) {
      const slope = piece.at(0) - piece.at(-1);
      rows.push([piece.at(0), slope, 0, 0]);
      const stretch = { from: 0, to: next, zero: 0, unit: 1 };
      if (next > 0 && !holds(local, index, rows[index]!, stretch)) return undefined;
      continue;
    }
    const stretch = { from: piece.from, to: next, zero: 0, unit: 1 };
    if (how === 'straight') {
      rows.push([piece.at(piece.from), (piece.at(next) - piece.at(piece.from)) / (next - piece.from), 0, 0]);
      continue;
    }
    const cubic = fitCubic(piece, stretch);
    if (!cubic.every((c) => Math.abs(c) < GREATEST) || !holds(local, index, cubic, stretch)) return undefined;
    rows.push(cubic);
  }
  return rows;
}

function pack(
  local: Local,
  rows: readonly Cubic[],
  { shift, low, high }: { readonly shift: number; readonly low: number; readonly high: number },
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(64 + rows.length * 16);
  const floats = new Float32Array(bytes.buffer);
  const whole = new Int32Array(bytes.buffer);
  const above = limitOf(local.pieces.at(-1)!, 1, local.after);
  const cuts = local.pieces.slice(1).map(({ from }) => from);
  floats[0] = local.before;
  // Minus zero, so that a zero keeps its sign.
  floats[1] = local.after === 0 ? -0 : local.after;
  whole[2] = local.odd ? 0x80000000 | 0 : 0;
  whole[3] = shift;
  whole[4] = low;
  whole[5] = high;
  for (let i = 0; i < 3; i++) floats[6 + i] = cuts[i] ?? Number.POSITIVE_INFINITY;
  floats[9] = above;
  floats[10] = local.odd ? 2 * local.after - above : limitOf(local.pieces[0]!, -1, local.after);
  whole[11] = (1 << shift) - 1;
  floats[12] = 2 ** -shift;
  floats.set(rows.flat(), 16);
  return bytes;
}

/** What a piece becomes at infinity, on the side of `sign`: infinite where it still rises or falls out there. */
function limitOf({ at }: CurvePiece, sign: 1 | -1, after: number): number {
  const far = at(sign * GREATEST);
  if (!Number.isFinite(far)) return far;
  const rise = far - at((sign * GREATEST) / 2);
  return rise === 0 ? far + after : Math.sign(rise) * Number.POSITIVE_INFINITY;
}
