// Curves: a value at every frame, from keys and the way from each key to the next.

/** How a value goes from a key to the next one. */
export const INTERPOLATIONS = ['constant', 'linear', 'smooth', 'bezier'] as const;
export type Interpolation = (typeof INTERPOLATIONS)[number];

/** An arm of a key: how far its end lies from the key, in frames and in values. */
export type Handle = readonly [frames: number, value: number];

/** What a curve can give: numbers, or by `constant` alone switches and choices. */
export type CurveValue = number | boolean | string;

/**
 * A key as it is saved. `bezier` uses the second handle of the key and the first one of the next key, whatever way goes on
 * from there; handles that are left out, or null, point at the other key, a third of the way.
 */
export type Key =
  | readonly [frame: number, value: CurveValue, interpolation: Interpolation]
  | readonly [
      frame: number,
      value: CurveValue,
      interpolation: Interpolation,
      before: Handle | null,
      after: Handle | null,
    ];

/**
 * The value of a curve at a frame; `keys` are in ascending order of frames, and there is at least one. At a key it is the
 * key's own value, exactly. Before the first and after the last key their values hold. Between two keys at frames f0 and
 * f1 with values v0 and v1, where t = (f - f0) / (f1 - f0):
 *
 * - `constant`: v0.
 * - `linear`: v0 + (v1 - v0) t.
 * - `smooth`: Hermite's cubic v0 (2t³ - 3t² + 1) + s0 (f1 - f0) (t³ - 2t² + t) + v1 (3t² - 2t³) + s1 (f1 - f0) (t³ - t²), with
 *   the slopes of monotone cubics after Fritsch and Butland (1984), so that the curve never leaves the values of the two
 *   keys: at a key between a stretch of h frames and slope d and one of H frames and slope D it is
 *   (3h + 3H) / ((h + 2H) / d + (2h + H) / D), and 0 where the two have not the same sign. At the first and last key it is
 *   0, since the value holds beyond them: two keys alone give the ease 3t² - 2t³.
 * - `bezier`: the cubic Bézier with the points (f0, v0), (f0, v0) + the handle after, (f1, v1) + the handle before, (f1, v1).
 *   A handle that reaches beyond the other key is shortened in both directions, and one to the wrong side is left out, so
 *   that the curve has one value at every frame.
 */
export function curveAt(keys: readonly Key[], frame: number): CurveValue {
  const next = keys.findIndex((key) => key[0] > frame);
  const i = next < 0 ? keys.length - 1 : Math.max(0, next - 1);
  const from = keys[i]!;
  const to = keys[i + 1];
  if (frame <= from[0] || !to) return from[1];
  const [f0, v0, way] = from;
  const [f1, v1] = to;
  if (typeof v0 !== 'number' || typeof v1 !== 'number') return v0;
  const t = (frame - f0) / (f1 - f0);
  switch (way) {
    case 'constant':
      return v0;
    case 'linear':
      return v0 + (v1 - v0) * t;
    case 'smooth':
      return hermite(v0, v1, slopeAt(keys, i) * (f1 - f0), slopeAt(keys, i + 1) * (f1 - f0), t);
    case 'bezier':
      return bezier(from, to, frame);
  }
}

function hermite(v0: number, v1: number, s0: number, s1: number, t: number): number {
  const u = 1 - t;
  // Grouped so that equal ends give that value exactly.
  const value = v0 + (v1 - v0) * t * t * (3 - 2 * t) + t * u * (s0 * u - s1 * t);
  return Math.min(Math.max(value, Math.min(v0, v1)), Math.max(v0, v1));
}

/** The slope of the monotone cubic at a key, in values a frame. */
function slopeAt(keys: readonly Key[], i: number): number {
  const [before, key, after] = [keys[i - 1], keys[i]!, keys[i + 1]];
  if (!before || !after) return 0;
  const h = key[0] - before[0];
  const H = after[0] - key[0];
  const d = ((key[1] as number) - (before[1] as number)) / h;
  const D = ((after[1] as number) - (key[1] as number)) / H;
  return d * D > 0 ? (3 * h + 3 * H) / ((h + 2 * H) / d + (2 * h + H) / D) : 0;
}

function bezier(from: Key, to: Key, frame: number): number {
  const [f0, v0] = [from[0], from[1] as number];
  const [f1, v1] = [to[0], to[1] as number];
  const length = f1 - f0;
  const third: Handle = [length / 3, (v1 - v0) / 3];
  const [a, p] = within(from[4] ?? third, length);
  const [b, q] = within(flipped(to[3] ?? flipped(third)), length);
  // With both handles inside the stretch the frame grows with s, so that halving finds the one s for it.
  let low = 0;
  let high = 1;
  for (let s = 0.5; s > low && s < high; s = (low + high) / 2) {
    if (cubic(0, a, length - b, length, s) < frame - f0) low = s;
    else high = s;
  }
  return cubic(v0, v0 + p, v1 - q, v1, low);
}

const flipped = ([frames, value]: Handle): Handle => [-frames, -value];

/** A handle that leads from 0 to `length` at most. */
function within([frames, value]: Handle, length: number): Handle {
  if (frames < 0) return [0, 0];
  return frames > length ? [length, (value / frames) * length] : [frames, value];
}

const cubic = (a: number, b: number, c: number, d: number, t: number): number => {
  const u = 1 - t;
  return a * u * u * u + 3 * b * u * u * t + 3 * c * u * t * t + d * t * t * t;
};

/** The most keys of one curve. */
export const MOST_KEYS = 10_000;
/** Frames of keys lie between the two. */
const FARTHEST = 1e9;

/** What is wrong with the keys of a curve, as they were read; undefined for sound ones. */
export function keysTrouble(keys: unknown): string | undefined {
  if (!Array.isArray(keys) || keys.length === 0) return 'Expected a list of keys such as [1001, 0, "linear"]';
  if (keys.length > MOST_KEYS) return `Expected at most ${MOST_KEYS} keys, found ${keys.length}`;
  let last = Number.NEGATIVE_INFINITY;
  for (const [i, key] of (keys as readonly unknown[]).entries()) {
    const trouble = keyTrouble(key, last);
    if (trouble !== undefined) return `Key ${i + 1}: ${trouble}`;
    const [frame, value, way] = key as Key;
    if (typeof value !== typeof (keys[0] as Key)[1]) return `Key ${i + 1}: expected a value of the same kind as before`;
    if (typeof value !== 'number' && way !== 'constant')
      return `Key ${i + 1}: only numbers go over into each other; expected "constant"`;
    last = frame;
  }
  return undefined;
}

function keyTrouble(key: unknown, last: number): string | undefined {
  if (!Array.isArray(key) || (key.length !== 3 && key.length !== 5))
    return 'expected [frame, value, interpolation], and after them both handles or none';
  const [frame, value, way, ...handles] = key as readonly unknown[];
  if (!isNumber(frame) || Math.abs(frame) > FARTHEST) return 'expected a frame, a number';
  if (frame <= last) return `expected a frame after ${last}, found ${frame}`;
  if (!isNumber(value) && typeof value !== 'boolean' && typeof value !== 'string')
    return 'expected a number, true, false or a text for its value';
  if (!INTERPOLATIONS.some((known) => known === way)) return `expected ${INTERPOLATIONS.join(', ')} for the way on`;
  for (const handle of handles) {
    const sound = handle === null || (Array.isArray(handle) && handle.length === 2 && handle.every(isNumber));
    if (!sound) return 'expected a handle [frames, value] or null';
  }
  return undefined;
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
