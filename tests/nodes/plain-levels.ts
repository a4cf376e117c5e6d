// The levels of a channel made in the plainest way, of the whole level above at once: what those in files must be, bit by bit.
import type { TileDescription } from '../../engine/exr/header.ts';
import { levelSize } from '../../engine/exr/layout.ts';
import type { LevelFilter, Wrap } from '../../engine/pixels/level.ts';

/** A level in floats. */
export interface PlainLevel {
  readonly width: number;
  readonly height: number;
  readonly samples: Float32Array | Uint32Array | Uint16Array;
}

export interface PlainMaking {
  readonly filter: LevelFilter;
  readonly wrap: readonly [Wrap, Wrap];
  readonly averages: boolean;
}

function stand(place: number, size: number, wrap: Wrap): number {
  if (wrap === 'clamp') return Math.min(Math.max(place, 0), size - 1);
  if (wrap === 'black') return place < 0 || place >= size ? -1 : place;
  const period = wrap === 'mirror' ? 2 * size : size;
  const rest = ((place % period) + period) % period;
  return rest < size ? rest : period - 1 - rest;
}

/** Place → weight, in ascending order. */
function weightsOf(size: number, into: number, o: number, filter: LevelFilter): Map<number, number> {
  const weights = new Map<number, number>();
  if (filter === 'box') {
    const first = Math.floor((o * size) / into);
    for (let i = Math.max(0, first - 1); i < Math.min(size, first + 4); i++) {
      const covered = Math.min((i + 1) * into, (o + 1) * size) - Math.max(i * into, o * size);
      if (covered > 0) weights.set(i, covered / size);
    }
    return weights;
  }
  const at = into > 1 ? (o * (size - 2)) / (into - 1) : 0;
  for (const [tap, weight] of [0.125, 0.375, 0.375, 0.125].entries()) {
    const whole = Math.floor(at);
    for (const [place, part] of [
      [whole - 1 + tap, 1 - (at - whole)],
      [whole + tap, at - whole],
    ] as const) {
      if (part !== 0) weights.set(place, (weights.get(place) ?? 0) + weight * part);
    }
  }
  return weights;
}

/** A level with one side halved. */
function halved(from: PlainLevel, axis: 'x' | 'y', into: number, { filter, wrap, averages }: PlainMaking): PlainLevel {
  const across = axis === 'x';
  const size = across ? from.width : from.height;
  const result = { width: across ? into : from.width, height: across ? from.height : into };
  const make = from.samples.constructor as new (length: number) => Float32Array;
  const samples = new make(result.width * result.height);
  for (let o = 0; o < into; o++) {
    const weights = averages ? [...weightsOf(size, into, o, filter)] : [];
    for (let line = 0; line < (across ? from.height : from.width); line++) {
      const sample = (place: number): number =>
        from.samples[across ? line * from.width + place : place * from.width + line]!;
      let sum = 0;
      for (const [place, weight] of weights) {
        const at = stand(place, size, wrap[across ? 0 : 1]);
        sum = Math.fround(sum + Math.fround(Math.fround(weight) * (at < 0 ? 0 : sample(at))));
      }
      samples[across ? line * into + o : o * from.width + line] = !averages
        ? sample(2 * o)
        : Number.isNaN(sum)
          ? NaN
          : sum;
    }
  }
  return { ...result, samples };
}

/** All levels by their numbers, `x,y`: floats where they average, else samples as they are. */
export function plainLevels(
  full: PlainLevel,
  { levels, rounding }: Pick<TileDescription, 'levels' | 'rounding'>,
  making: PlainMaking,
): Map<string, PlainLevel> {
  const found = new Map([['0,0', full]]);
  const count = (size: number): number => (rounding === 'up' ? Math.ceil : Math.floor)(Math.log2(size)) + 1;
  const make = (x: number, y: number, from: PlainLevel): PlainLevel => {
    const [width, height] = [levelSize(full.width, x, rounding), levelSize(full.height, y, rounding)];
    const down = height === from.height ? from : halved(from, 'y', height, making);
    const level = width === down.width ? down : halved(down, 'x', width, making);
    found.set(`${x},${y}`, level);
    return level;
  };
  if (levels === 'mip') {
    const most = count(Math.max(full.width, full.height));
    for (let n = 1; n < most; n++) make(n, n, found.get(`${n - 1},${n - 1}`)!);
  } else if (levels === 'rip') {
    for (let y = 0; y < count(full.height); y++) {
      if (y > 0) make(0, y, found.get(`0,${y - 1}`)!);
      for (let x = 1; x < count(full.width); x++) make(x, y, found.get(`${x - 1},${y}`)!);
    }
  }
  return found;
}
