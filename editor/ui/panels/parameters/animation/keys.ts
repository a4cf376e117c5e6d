// Edits of curves: keys set, moved, taken away; never two at one frame, always in order.
import { type CurveValue, curveAt, type Handle, type Interpolation, type Key } from '../../../../../engine/browser.ts';

/** The place of the key at a frame; -1 where there is none. */
export const keyAt = (keys: readonly Key[], frame: number): number => keys.findIndex((key) => key[0] === frame);

/**
 * The keys with a value at a frame. A key that is there keeps its way and its handles; a new one goes on as the stretch did
 * in which it stands.
 */
export function withKey(keys: readonly Key[], frame: number, value: CurveValue): Key[] {
  const at = keyAt(keys, frame);
  if (at >= 0) return keys.with(at, valued(keys[at]!, value));
  const next = keys.findIndex((key) => key[0] > frame);
  const place = next < 0 ? keys.length : next;
  const way = typeof value === 'number' ? ((keys[place - 1] ?? keys[0])?.[2] ?? 'smooth') : 'constant';
  return keys.toSpliced(place, 0, [frame, value, way]);
}

const valued = (key: Key, value: CurveValue): Key =>
  key.length === 5 ? [key[0], value, key[2], key[3], key[4]] : [key[0], value, key[2]];

/** The keys with one of them elsewhere, as near as its neighbours allow. */
export function withMoved(keys: readonly Key[], index: number, frame: number, value: number): Key[] {
  const least = (keys[index - 1]?.[0] ?? Number.NEGATIVE_INFINITY) + 1;
  const most = (keys[index + 1]?.[0] ?? Number.POSITIVE_INFINITY) - 1;
  const key = keys[index]!;
  const place = least > most ? key[0] : Math.min(Math.max(frame, least), most);
  const [, , ...rest] = key;
  return keys.with(index, [place, value, ...rest] as Key);
}

/** The keys with another way from one of them to the next. */
export const withWay = (keys: readonly Key[], index: number, way: Interpolation): Key[] => {
  const key = keys[index]!;
  return keys.with(index, key.length === 5 ? [key[0], key[1], way, key[3], key[4]] : [key[0], key[1], way]);
};

/** Which handle of a key: the one before it or the one after it. */
export type Side = 'before' | 'after';

/** The keys with the end of a handle elsewhere. It stays on its side of the key. */
export function withHandle(keys: readonly Key[], index: number, side: Side, [frames, value]: Handle): Key[] {
  const [frame, own, way, before = null, after = null] = keys[index]!;
  const handle: Handle = [side === 'before' ? Math.min(0, frames) : Math.max(0, frames), value];
  return keys.with(index, [frame, own, way, side === 'before' ? handle : before, side === 'after' ? handle : after]);
}

/** The handles of a key that have a say, by the way into it and out of it; where none is set, the one that holds then. */
export function handlesOf(keys: readonly Key[], index: number): { readonly side: Side; readonly handle: Handle }[] {
  const key = keys[index]!;
  const third = (other: Key): Handle => [(other[0] - key[0]) / 3, (Number(other[1]) - Number(key[1])) / 3];
  const previous = keys[index - 1];
  const next = keys[index + 1];
  return [
    ...(previous?.[2] === 'bezier' ? [{ side: 'before' as const, handle: key[3] ?? third(previous) }] : []),
    ...(key[2] === 'bezier' && next ? [{ side: 'after' as const, handle: key[4] ?? third(next) }] : []),
  ];
}

/** What is shown of a curve: frames and values, with room around the keys. */
export interface Stretch {
  readonly first: number;
  readonly last: number;
  readonly low: number;
  readonly high: number;
}

/** All keys and all frames between `first` and `last`. */
export function stretchOf(keys: readonly Key[], first: number, last: number): Stretch {
  const from = Math.min(first, keys[0]![0]);
  const to = Math.max(last, keys.at(-1)![0], from + 1);
  const values = samplesOf(keys, from, to, 100).map(([, value]) => value);
  for (const [i, key] of keys.entries()) {
    values.push(Number(key[1]));
    for (const { handle } of handlesOf(keys, i)) values.push(Number(key[1]) + handle[1]);
  }
  const low = Math.min(...values);
  const high = Math.max(...values);
  const room = high > low ? (high - low) * 0.12 : Math.max(1, Math.abs(high)) * 0.5;
  return { first: from, last: to, low: low - room, high: high + room };
}

/** Points of the curve for drawing: evenly spread, and each key. */
export function samplesOf(keys: readonly Key[], first: number, last: number, count: number): [number, number][] {
  const spread = Array.from({ length: count + 1 }, (_, i) => first + ((last - first) * i) / count);
  const frames = [...new Set([...spread, ...keys.flatMap(([frame]) => [frame - 1e-6, frame])])].sort((a, b) => a - b);
  return frames.map((frame) => [frame, Number(curveAt(keys, frame))]);
}
