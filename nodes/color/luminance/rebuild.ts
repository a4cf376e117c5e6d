// Red, green and blue out of luminance and chroma, in the steps of OpenEXR's RgbaInputFile.
import {
  type Box,
  box,
  convertPlane,
  type Plane,
  resample,
  type Span,
  type Vector,
} from '../../../engine/authoring.ts';
import { type Grid, gridOf, planeOf, reconstruction, settled, spread } from './filter.ts';

const round = Math.fround;

export interface Rebuilding {
  /** The data window: even, and of even size. */
  readonly window: Box;
  /** What is wanted, inside it. */
  readonly box: Box;
  /** Whether saturations far above those around them are lowered. */
  readonly limit: boolean;
}

/** Columns and rows of pixels that are made before saturations are limited; rows may lie one beyond the window. */
const madeFor = ({ window, box: wanted, limit }: Rebuilding): { x: Span; y: Span } => {
  const more = limit ? 1 : 0;
  return {
    x: { from: Math.max(window.minX, wanted.minX - more), to: Math.min(window.maxX, wanted.maxX + more) },
    y: { from: wanted.minY - more, to: wanted.maxY + more },
  };
};

/** The pixels of luminance and of chroma that are needed. */
export function regionsFor(rebuilding: Rebuilding): { readonly luminance: Box; readonly chroma: Box } {
  const { window } = rebuilding;
  const { x, y } = madeFor(rebuilding);
  const [columns, rows] = [reconstruction(x), reconstruction(y)];
  const inside = ({ from, to }: Span, min: number, max: number): Span => ({
    from: Math.max(min, 2 * from),
    to: Math.min(max, 2 * to + 1),
  });
  const across = inside(columns, window.minX, window.maxX);
  const down = inside(rows, window.minY, window.maxY);
  return {
    luminance: box(x.from, Math.max(window.minY, y.from), x.to, Math.min(window.maxY, y.to)),
    chroma: box(across.from, down.from, across.to, down.to),
  };
}

export interface Parts {
  readonly luminance: Plane;
  readonly chroma: readonly [ry: Plane, by: Plane];
  readonly weights: Vector;
  readonly type: 'half' | 'float';
}

/** Planes of red, green and blue in the box. The parts cover `regionsFor`. */
export function rebuild(rebuilding: Rebuilding, { luminance, chroma, weights, type }: Parts): Plane[] {
  const { window, box: wanted } = rebuilding;
  const { x, y } = madeFor(rebuilding);
  // A row before the first is the first; one after the last is the last that has chroma of its own.
  const line = (row: number): number => (row < window.minY ? window.minY : row > window.maxY ? window.maxY - 1 : row);
  const column = (at: number): number => at;
  const light = spread(gridOf(luminance), x, y, column, line).samples;
  const [ry, by] = chroma.map((plane) => filled(gridOf(plane), { x, y, window, type }));
  const colour = mix(light, ry!, by!, weights).map((samples) => settled(samples, type));
  const made = rebuilding.limit ? limited(colour, { x, y, weights, wanted, type }) : colour;
  return made.map((one) => {
    const grid: Grid = {
      x: { from: wanted.minX, to: wanted.maxX },
      y: { from: wanted.minY, to: wanted.maxY },
      samples: one,
    };
    return convertPlane(planeOf(grid), type).plane;
  });
}

/** Chroma at every pixel of the spans. */
function filled(
  grid: Grid,
  { x, y, window, type }: { readonly x: Span; readonly y: Span; readonly window: Box; readonly type: 'half' | 'float' },
): Float32Array {
  const [columns, rows] = [reconstruction(x), reconstruction(y)];
  const near = (min: number, max: number) => (at: number) => Math.min(Math.max(at, min / 2), (max - 1) / 2);
  const padded = spread(grid, columns, rows, near(window.minX, window.maxX), near(window.minY, window.maxY));
  const all = { from: rows.from, to: rows.to, outputs: rows.to - rows.from + 1, stages: [] };
  const across = settled(resample(planeOf(padded), { columns, rows: all }), type);
  const wide = { x, y: rows, samples: across };
  const kept = { ...x, outputs: x.to - x.from + 1, stages: [] };
  return settled(resample(planeOf(wide), { columns: kept, rows }), type);
}

/** `R = (RY + 1) Y`, `B = (BY + 1) Y`, and `G` such that the weighted sum is `Y`. */
function mix(light: Float32Array, ry: Float32Array, by: Float32Array, [wr, wg, wb]: Vector): Float32Array[] {
  const red = new Float32Array(light.length);
  const green = new Float32Array(light.length);
  const blue = new Float32Array(light.length);
  for (let i = 0; i < light.length; i++) {
    const l = light[i]!;
    const cr = ry[i]!;
    const cb = by[i]!;
    if (cr === 0 && cb === 0) {
      // Grey stays exactly what it is.
      red[i] = l;
      green[i] = l;
      blue[i] = l;
    } else {
      const r = round(round(cr + 1) * l);
      const b = round(round(cb + 1) * l);
      red[i] = r;
      green[i] = round(round(round(l - round(r * wr)) - round(b * wb)) / wg);
      blue[i] = b;
    }
  }
  return [red, green, blue];
}

interface Limiting {
  readonly x: Span;
  readonly y: Span;
  readonly weights: Vector;
  readonly wanted: Box;
  readonly type: 'half' | 'float';
}

/** Saturations that are far above the mean of those at the four corners around are lowered; luminance stays. */
function limited(colour: readonly Float32Array[], { x, y, weights, wanted, type }: Limiting): Float32Array[] {
  const [red, green, blue] = colour as readonly [Float32Array, Float32Array, Float32Array];
  const width = x.to - x.from + 1;
  const saturation = new Float32Array(red.length);
  for (let i = 0; i < saturation.length; i++) saturation[i] = saturationOf(red[i]!, green[i]!, blue[i]!);
  const columns = wanted.maxX - wanted.minX + 1;
  const rows = wanted.maxY - wanted.minY + 1;
  const made = colour.map((samples) => {
    const target = new Float32Array(columns * rows);
    for (let row = 0; row < rows; row++) {
      const start = (wanted.minY + row - y.from) * width + wanted.minX - x.from;
      target.set(samples.subarray(start, start + columns), row * columns);
    }
    return target;
  });
  const over: Over[] = [];
  for (let row = wanted.minY, to = 0; row <= wanted.maxY; row++) {
    for (let column = wanted.minX; column <= wanted.maxX; column++, to++) {
      const from = (row - y.from) * width + column - x.from;
      const own = saturation[from]!;
      const left = column > x.from ? -1 : 0;
      const right = column < x.to ? 1 : 0;
      const above = round(saturation[from - width + left]! + saturation[from - width + right]!);
      const sum = round(round(above + saturation[from + width + left]!) + saturation[from + width + right]!);
      const mean = Math.min(1, round(0.25 * sum));
      const most = Math.min(1, round(1 - round(round(1 - mean) * 0.25)));
      if (own > mean && own > most) over.push({ from, to, by: round(most / own) });
    }
  }
  const lowered = lower(colour, over, weights, type);
  for (const [channel, samples] of lowered.entries()) {
    for (const [k, { to }] of over.entries()) made[channel]![to] = samples[k]!;
  }
  return made;
}

/** A pixel whose saturation is lowered: where it is, where it goes, and to which part of itself. */
interface Over {
  readonly from: number;
  readonly to: number;
  readonly by: number;
}

/** The colours of the pixels, nearer to their greatest channel and scaled to the luminance that they had. */
function lower(
  colour: readonly Float32Array[],
  over: readonly Over[],
  [wr, wg, wb]: Vector,
  type: 'half' | 'float',
): Float32Array[] {
  const [red, green, blue] = colour as readonly [Float32Array, Float32Array, Float32Array];
  const luminance = (r: number, g: number, b: number): number =>
    round(round(round(r * wr) + round(g * wg)) + round(b * wb));
  const nearer = colour.map((samples) => {
    const each = over.map(({ from, by }) => {
      const greatest = Math.max(red[from]!, green[from]!, blue[from]!);
      return Math.max(round(greatest - round(round(greatest - samples[from]!) * by)), 0);
    });
    return settled(Float32Array.from(each), type);
  });
  const ratios = over.map(({ from }, k) => {
    const now = luminance(nearer[0]![k]!, nearer[1]![k]!, nearer[2]![k]!);
    return now > 0 ? round(luminance(red[from]!, green[from]!, blue[from]!) / now) : 1;
  });
  return nearer.map((samples) =>
    settled(
      samples.map((sample, k) => sample * ratios[k]!),
      type,
    ),
  );
}

function saturationOf(r: number, g: number, b: number): number {
  const greatest = Math.max(r, g, b);
  return greatest > 0 ? round(1 - round(Math.min(r, g, b) / greatest)) : 0;
}
