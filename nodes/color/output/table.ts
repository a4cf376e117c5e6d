// Functions of one positive number in tables of cubics, in double precision: quicker than powers, and near enough.

/** Segments of each octave: 2 to this power. */
const BITS = 6;
const SHIFT = 20 - BITS;
/** Numbers in a row: where the segment begins, then the cubic of what lies above that, the constant first. */
const ROW = 5;

const place = new Float64Array(1);
const words = new Int32Array(place.buffer);
/** The word of a double that holds sign, exponent and the first bits of the fraction. */
const HIGH = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;

export interface Table {
  readonly rows: Float64Array;
  /** Number of the first segment, and how many there are. */
  readonly first: number;
  readonly count: number;
  /** Asked outside of the range. */
  readonly exact: (x: number) => number;
}

function segmentOf(x: number): number {
  place[0] = x;
  return words[HIGH]! >> SHIFT;
}

function startOf(segment: number): number {
  words[1 - HIGH] = 0;
  words[HIGH] = segment << SHIFT;
  return place[0]!;
}

/** The table of a smooth function between two positive numbers. A power is off by less than 1e-9 of its value. */
export function tableOf(exact: (x: number) => number, least: number, most: number): Table {
  const first = segmentOf(least);
  const count = segmentOf(most) - first + 1;
  const rows = new Float64Array(count * ROW);
  for (let i = 0; i < count; i++) {
    const start = startOf(first + i);
    rows.set([start, ...cubicThrough(exact, start, startOf(first + i + 1) - start)], i * ROW);
  }
  return { rows, first, count, exact };
}

/** The cubic through four Chebyshev nodes of a segment, in what lies above its start. */
function cubicThrough(f: (x: number) => number, start: number, width: number): number[] {
  const nodes = [7, 5, 3, 1].map((k) => (1 + Math.cos((k * Math.PI) / 8)) / 2);
  // Divided differences, then multiplied out.
  const steps = nodes.map((t) => f(start + t * width));
  for (let level = 1; level < 4; level++) {
    for (let i = 3; i >= level; i--) steps[i] = (steps[i]! - steps[i - 1]!) / (nodes[i]! - nodes[i - level]!);
  }
  let cubic = [steps[3]!, 0, 0, 0];
  for (let i = 2; i >= 0; i--) {
    const shifted = [0, cubic[0]!, cubic[1]!, cubic[2]!];
    cubic = shifted.map((c, k) => c - nodes[i]! * cubic[k]! + (k === 0 ? steps[i]! : 0));
  }
  return cubic.map((c, k) => c / width ** k);
}

/** The function at a number; outside of the table's range the function itself is asked. */
export function look({ rows, first, count, exact }: Table, x: number): number {
  place[0] = x;
  const i = (words[HIGH]! >> SHIFT) - first;
  if (i < 0 || i >= count) return exact(x);
  const at = i * ROW;
  const d = x - rows[at]!;
  return ((rows[at + 4]! * d + rows[at + 3]!) * d + rows[at + 2]!) * d + rows[at + 1]!;
}
