// The samples of a band as a picture holds them: alpha as the format wants it, whole numbers where it has those, counted.
import {
  convertPlane,
  type PictureDepth,
  type Plane,
  type Planes,
  quantize,
  type SampleCount,
} from '../../../engine/authoring.ts';

export interface Sampling {
  readonly names: readonly string[];
  readonly depth: PictureDepth;
  /** Divides colour by the last channel, which is alpha. */
  readonly divides: boolean;
}

/** Pixel by pixel, in the order of `names`. */
export function pictureSamples(
  planes: Planes,
  { names, depth, divides }: Sampling,
  count: (samples: SampleCount) => void,
): Uint8Array | Uint16Array | Float32Array {
  const floats = names.map((name) => floatsOf(planes.get(name)!));
  const alpha = divides ? floats.at(-1)! : undefined;
  const ready = floats.map((samples, i) => (alpha && i < floats.length - 1 ? divided(samples, alpha) : samples));
  const stride = names.length;
  const size = floats[0]!.length * stride;
  if (depth === 'float') {
    const made = new Float32Array(size);
    for (const [place, samples] of ready.entries())
      for (let i = 0; i < samples.length; i++) made[i * stride + place] = samples[i]!;
    return made;
  }
  const made = depth === 'uint8' ? new Uint8Array(size) : new Uint16Array(size);
  for (const [place, samples] of ready.entries()) {
    const channel = names[place]!;
    const total = samples.length;
    const { clamped, nan, rounded } = quantize(samples, made, { place, stride });
    const bits = depth === 'uint8' ? 8 : 16;
    count({ channel, reason: `rounded to ${bits} bits`, samples: total, altered: rounded });
    count({ channel, reason: 'below 0 or above 1: clamped', samples: total, altered: clamped });
    count({ channel, reason: 'no number: became 0', samples: total, altered: nan });
  }
  return made;
}

const floatsOf = (plane: Plane): Float32Array => convertPlane(plane, 'float').plane.samples as Float32Array;

/** Where alpha is 0 there is nothing to divide by, and colour stays as it is. */
function divided(samples: Float32Array, alpha: Float32Array): Float32Array {
  const made = new Float32Array(samples.length);
  for (let i = 0; i < made.length; i++) made[i] = alpha[i] === 0 ? samples[i]! : samples[i]! / alpha[i]!;
  return made;
}
