// Repairs planes: finds samples that are no numbers, infinite or negative, and puts something else in their place.
import {
  type Box,
  box,
  type CountedRows,
  convertPlane,
  createPlane,
  cutPlane,
  type Plane,
} from '../../../engine/authoring.ts';

/** What is done to a kind of samples. */
export type Cure = { readonly way: 'keep' } | { readonly way: 'value' | 'median'; readonly value: number };

/** Kinds of samples, in the order of their numbers below. */
export const KINDS = ['nan', 'infinity', 'negativeInfinity', 'negative'] as const;
export type Kind = (typeof KINDS)[number];
export type Cures = Readonly<Record<Kind, Cure>>;

const NONE = -1;
/** Places in KINDS. */
const [NAN, INFINITY, NEGATIVE_INFINITY, NEGATIVE] = [0, 1, 2, 3] as const;

/** The bits of the samples of a type: where those of infinity and of minus zero lie. */
const BITS = {
  half: { infinity: 0x7c00, minus: 0x8000 },
  float: { infinity: 0x7f800000, minus: 0x80000000 },
} as const;

/** The kind of a sample by its bits, or NONE for what is sound. */
function kindOf(bits: number, { infinity, minus }: (typeof BITS)['half' | 'float']): number {
  const magnitude = bits >= minus ? bits - minus : bits;
  if (magnitude > infinity) return NAN;
  if (magnitude === infinity) return bits === magnitude ? INFINITY : NEGATIVE_INFINITY;
  return bits > minus ? NEGATIVE : NONE;
}

export interface Repaired {
  readonly plane: Plane;
  /** For each kind that was cured the rows with such samples. */
  readonly found: readonly { readonly kind: Kind; readonly rows: CountedRows }[];
}

/**
 * The samples of a region of a plane of halves or floats, cured. For medians the plane has all neighbours that there are
 * around the region. Neighbours that are to be cured themselves, or are not finite, count for nothing; of an even number
 * of them the lower one in the middle is the median, and where there is none the value of the cure takes its place.
 */
export function repair(plane: Plane, region: Box, cures: Cures): Repaired {
  const type = plane.type === 'half' ? 'half' : 'float';
  const form = BITS[type];
  const source = bitsOf(plane);
  const cured = KINDS.map((kind) => cures[kind].way !== 'keep');
  const found = KINDS.map((): [number, number][] => []);
  const [left, top] = [region.minX - plane.box.minX, region.minY - plane.box.minY];
  const width = Math.max(0, region.maxX - region.minX + 1);
  const made = cutPlane(plane, region);
  let target: Plane | undefined;
  let bits: Uint16Array | Uint32Array | undefined;
  const median = new Median(source, plane, form, cured);
  const values = valuesOf(cures, type);
  for (let y = 0; y < made.rows; y++) {
    const start = (top + y) * plane.columns + left;
    const counts = [0, 0, 0, 0];
    for (let x = 0; x < width; x++) {
      const sample = source[start + x]!;
      // Most samples are finite and positive.
      if (sample < form.infinity) continue;
      const kind = kindOf(sample, form);
      if (kind === NONE || !cured[kind]) continue;
      if (!target || !bits) {
        target = { ...made, samples: made.samples.slice() };
        bits = bitsOf(target);
      }
      const value = values[kind]!;
      bits[y * width + x] = cures[KINDS[kind]!].way === 'median' ? (median.around(left + x, top + y) ?? value) : value;
      counts[kind]! += 1;
    }
    for (const [kind, count] of counts.entries()) if (count > 0) found[kind]!.push([region.minY + y, count]);
  }
  return {
    // Fresh, since what is known of a plane is kept by its object.
    plane: target ?? { ...made },
    found: KINDS.flatMap((kind, i) =>
      found[i]!.length > 0 ? { kind, rows: { from: region.minX, to: region.maxX, counts: found[i]! } } : [],
    ),
  };
}

function bitsOf({ type, samples }: Plane): Uint16Array | Uint32Array {
  if (type === 'half') return samples as Uint16Array;
  return new Uint32Array(samples.buffer, samples.byteOffset, samples.length);
}

/** The values of the cures as bits of the type. */
function valuesOf(cures: Cures, type: 'half' | 'float'): readonly number[] {
  const floats = createPlane('float', box(0, 0, KINDS.length - 1, 0));
  for (const [i, kind] of KINDS.entries()) {
    const cure = cures[kind];
    floats.samples[i] = cure.way === 'keep' ? 0 : cure.value;
  }
  return [...bitsOf(convertPlane(floats, type).plane)];
}

/** Medians of sound neighbours. */
class Median {
  readonly #source: Uint16Array | Uint32Array;
  readonly #plane: Plane;
  readonly #form: (typeof BITS)['half' | 'float'];
  readonly #cured: readonly boolean[];

  constructor(
    source: Uint16Array | Uint32Array,
    plane: Plane,
    form: (typeof BITS)['half' | 'float'],
    cured: readonly boolean[],
  ) {
    this.#source = source;
    this.#plane = plane;
    this.#form = form;
    this.#cured = cured;
  }

  /** The bits of the median of the eight samples around a place, of those that are sound. */
  around(x: number, y: number): number | undefined {
    const { columns, rows } = this.#plane;
    const keys: number[] = [];
    for (let j = Math.max(0, y - 1); j <= Math.min(rows - 1, y + 1); j++) {
      for (let i = Math.max(0, x - 1); i <= Math.min(columns - 1, x + 1); i++) {
        const bits = this.#source[j * columns + i]!;
        const kind = kindOf(bits, this.#form);
        const sound = kind === NONE || (kind === NEGATIVE && !this.#cured[NEGATIVE]);
        if (sound && (i !== x || j !== y)) keys.push(this.#turned(bits));
      }
    }
    if (keys.length === 0) return undefined;
    keys.sort((a, b) => a - b);
    return this.#turned(keys[(keys.length - 1) >> 1]!);
  }

  /** Bits as a number that rises with the sample, and that number as bits: what is negative runs down from zero. */
  #turned(value: number): number {
    const { minus } = this.#form;
    return value >= minus || value < 0 ? minus - 1 - value : value;
  }
}
