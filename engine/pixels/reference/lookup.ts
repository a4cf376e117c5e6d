// The plain definition of samples through tables: rows of equal steps, cubes of colours, and splines, in single precision.
// The tables are described in engine/pixels/lookup.ts.

const round = Math.fround;

interface Words {
  readonly floats: Float32Array;
  readonly whole: Int32Array;
}

const wordsOf = (table: Uint8Array): Words => ({
  floats: new Float32Array(table.buffer, table.byteOffset, table.byteLength >> 2),
  whole: new Int32Array(table.buffer, table.byteOffset, table.byteLength >> 2),
});

/** The place of a sample in a table, from 0 to `last`; a NaN stays one. */
function placeOf(x: number, least: number, factor: number, last: number): number {
  const p = round(round(x - least) * factor);
  return p < 0 ? 0 : p > last ? last : p;
}

const cellOf = (place: number, greatest: number): number =>
  Number.isNaN(place) ? 0 : Math.min(Math.trunc(place), greatest);

const between = (a: number, b: number, f: number): number => round(round(a * round(1 - f)) + round(b * f));

/** Each sample by a row of equal steps, straight from entry to entry. */
export function lookSamples(samples: Float32Array, table: Uint8Array): void {
  const { floats, whole } = wordsOf(table);
  for (let i = 0; i < samples.length; i++) {
    const place = placeOf(samples[i]!, floats[0]!, floats[1]!, floats[2]!);
    const k = cellOf(place, whole[3]!);
    samples[i] = between(floats[4 + k]!, floats[5 + k]!, round(place - k));
  }
}

/** What both ways through a cube share: the entry at the first corner, the fractions and the steps in entries. */
interface Entered {
  readonly first: number;
  readonly f: readonly [number, number, number];
}

function enter({ floats, whole }: Words, colour: readonly [number, number, number]): Entered {
  let first = 16;
  const f = colour.map((x, axis) => {
    const place = placeOf(x, floats[axis]!, floats[3 + axis]!, floats[6 + axis]!);
    const k = cellOf(place, whole[9 + axis]!);
    first += (k * whole[12 + axis]!) >> 2;
    return round(place - k);
  });
  return { first, f: f as unknown as Entered['f'] };
}

const stepsOf = ({ whole }: Words): readonly [number, number, number] => [
  whole[12]! >> 2,
  whole[13]! >> 2,
  whole[14]! >> 2,
];

/** Each colour from the four corners of the tetrahedron in which it lies: the axes in the order of their fractions. */
export function cubeTetrahedral(r: Float32Array, g: Float32Array, b: Float32Array, table: Uint8Array): void {
  const words = wordsOf(table);
  const { floats } = words;
  const [sx, sy, sz] = stepsOf(words);
  const planes = [r, g, b];
  for (let i = 0; i < r.length; i++) {
    const { first, f } = enter(words, [r[i]!, g[i]!, b[i]!]);
    const [x, y, z] = f;
    const most = x >= y && x >= z ? sx : y >= z ? sy : sz;
    const least = x >= z && y >= z ? sz : x >= y ? sy : sx;
    const greatest = Math.max(x, y, z);
    const smallest = Math.min(x, y, z);
    const middle = Math.max(Math.min(x, y), Math.min(Math.max(x, y), z));
    const weights = [round(1 - greatest), round(greatest - middle), round(middle - smallest), smallest];
    const corners = [first, first + most, first + sx + sy + sz - least, first + sx + sy + sz];
    for (const [c, plane] of planes.entries()) {
      let sum = round(floats[corners[0]! + c]! * weights[0]!);
      for (let n = 1; n < 4; n++) sum = round(sum + round(floats[corners[n]! + c]! * weights[n]!));
      plane[i] = sum;
    }
  }
}

/** Each colour from the eight corners of the box in which it lies: along red first, then green, then blue. */
export function cubeTrilinear(r: Float32Array, g: Float32Array, b: Float32Array, table: Uint8Array): void {
  const words = wordsOf(table);
  const { floats } = words;
  const [sx, sy, sz] = stepsOf(words);
  for (let i = 0; i < r.length; i++) {
    const { first, f } = enter(words, [r[i]!, g[i]!, b[i]!]);
    const [x, y, z] = f;
    for (const [c, plane] of [r, g, b].entries()) {
      const along = (corner: number): number => between(floats[corner + c]!, floats[corner + sx + c]!, x);
      const across = (corner: number): number => between(along(corner), along(corner + sy), y);
      plane[i] = between(across(first), across(first + sz), z);
    }
  }
}

/** Each sample by the cubic of the stretch in which it lies. */
export function splineSamples(samples: Float32Array, table: Uint8Array): void {
  const { floats, whole } = wordsOf(table);
  const half = whole[0]!;
  const rows = 4 + half * 2;
  for (let i = 0; i < samples.length; i++) {
    const x = samples[i]!;
    if (Math.abs(x) === Number.POSITIVE_INFINITY) {
      samples[i] = x > 0 ? floats[1]! : floats[2]!;
      continue;
    }
    let place = 0;
    for (let step = half; step > 0; step >>= 1) if (x >= floats[4 + place + step]!) place += step;
    const row = rows + place * 8;
    const t = round(round(x - floats[row + 4]!) * floats[row + 5]!);
    let y = round(floats[row + 3]! * t);
    y = round(round(y + floats[row + 2]!) * t);
    y = round(round(y + floats[row + 1]!) * t);
    samples[i] = round(y + floats[row]!);
  }
}
