// Histogram, waveform and vectorscope of painted pixels: counts first, then pictures of them.

/** What is on the screen, thinned out: RGBA bytes; pixels of opacity 0 are none of the image's. */
export interface Thinned {
  readonly pixels: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** Counts of 256 levels for red, green and blue, one after the other. */
export function histogramOf({ pixels }: Thinned): Uint32Array {
  const counts = new Uint32Array(768);
  for (let at = 0; at < pixels.length; at += 4) {
    if (pixels[at + 3] === 0) continue;
    counts[pixels[at]!]! += 1;
    counts[256 + pixels[at + 1]!]! += 1;
    counts[512 + pixels[at + 2]!]! += 1;
  }
  return counts;
}

/** For each column, how often red, green and blue lie at each of `levels` heights: `[channel][level from the top][column]`. */
export function waveformOf({ pixels, width, height }: Thinned, columns: number, levels: number): Uint32Array {
  const counts = new Uint32Array(3 * levels * columns);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      if (pixels[at + 3] === 0) continue;
      const column = Math.floor((x * columns) / width);
      for (let channel = 0; channel < 3; channel++) {
        const level = levels - 1 - Math.floor((pixels[at + channel]! * levels) / 256);
        counts[(channel * levels + level) * columns + column]! += 1;
      }
    }
  }
  return counts;
}

/** Blue and red difference of ITU-R BT.709, each from -0.5 to 0.5, of bytes. */
export function chromaOf(r: number, g: number, b: number): readonly [cb: number, cr: number] {
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return [(b - y) / 1.8556 / 255, (r - y) / 1.5748 / 255];
}

export interface Cloud {
  readonly counts: Uint32Array;
  /** Sums of red, green and blue for each place, to show it in the mean of its colours. */
  readonly sums: Float32Array;
}

/** How often each chroma lies at each place of a square: blue difference to the right, red difference up. */
export function vectorsOf({ pixels }: Thinned, size: number): Cloud {
  const counts = new Uint32Array(size * size);
  const sums = new Float32Array(3 * size * size);
  for (let at = 0; at < pixels.length; at += 4) {
    if (pixels[at + 3] === 0) continue;
    const [r, g, b] = [pixels[at]!, pixels[at + 1]!, pixels[at + 2]!];
    const [cb, cr] = chromaOf(r, g, b);
    const x = Math.min(size - 1, Math.floor((cb + 0.5) * size));
    const y = Math.min(size - 1, Math.floor((0.5 - cr) * size));
    const place = y * size + x;
    counts[place]! += 1;
    sums[3 * place]! += r;
    sums[3 * place + 1]! += g;
    sums[3 * place + 2]! += b;
  }
  return { counts, sums };
}

/** Traces brighten quickly and then ever more slowly: from 0 to 255. */
const brightness = (count: number, gain: number): number => 255 * (1 - Math.exp(-count * gain));

/** The counts of `waveformOf` as RGBA pixels. */
export function drawWaveform(counts: Uint32Array, into: Uint8ClampedArray, { gain }: { readonly gain: number }): void {
  const size = counts.length / 3;
  for (let i = 0; i < size; i++) {
    for (let channel = 0; channel < 3; channel++) {
      into[4 * i + channel] = brightness(counts[channel * size + i]!, gain);
    }
    into[4 * i + 3] = 255;
  }
}

/** The places of `vectorsOf` as RGBA pixels, over nothing. */
export function drawVectors(
  { counts, sums }: Cloud,
  into: Uint8ClampedArray,
  { gain }: { readonly gain: number },
): void {
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i]!;
    const opacity = count === 0 ? 0 : 60 + brightness(count, gain);
    for (let channel = 0; channel < 3; channel++) {
      into[4 * i + channel] = count === 0 ? 0 : 80 + 0.68 * (sums[3 * i + channel]! / count);
    }
    into[4 * i + 3] = opacity;
  }
}
