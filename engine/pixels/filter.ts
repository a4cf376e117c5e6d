// Filters: weights by distance, for resampling and blurring.

/** A weight for each distance in samples; 0 beyond the radius. Weights are scaled to sum up to 1 where they are used. */
export interface Filter {
  readonly radius: number;
  at(x: number): number;
}

/** All samples within half a sample count the same; the upper end is not within. */
export const BOX: Filter = { radius: 0.5, at: (x) => (x >= -0.5 && x < 0.5 ? 1 : 0) };

/** Falls to 0 on a straight line within one sample. */
export const TRIANGLE: Filter = { radius: 1, at: (x) => Math.max(0, 1 - Math.abs(x)) };

/**
 * The family of cubics of Mitchell and Netravali, "Reconstruction Filters in Computer Graphics" (SIGGRAPH 1988),
 * equation 8: (0, 1/2) is Catmull and Rom's, (1, 0) the B-spline, (1/3, 1/3) the one that they recommend.
 */
export function cubic(b: number, c: number): Filter {
  const near = [(6 - 2 * b) / 6, (-18 + 12 * b + 6 * c) / 6, (12 - 9 * b - 6 * c) / 6] as const;
  const far = [(8 * b + 24 * c) / 6, (-12 * b - 48 * c) / 6, (6 * b + 30 * c) / 6, (-b - 6 * c) / 6] as const;
  return {
    radius: 2,
    at: (distance) => {
      const x = Math.abs(distance);
      if (x < 1) return near[0] + x * x * (near[1] + x * near[2]);
      return x < 2 ? far[0] + x * (far[1] + x * (far[2] + x * far[3])) : 0;
    },
  };
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

/** The sinc under a wider sinc, three lobes on each side (Duchon, "Lanczos Filtering in One and Two Dimensions", 1979). */
export const LANCZOS3: Filter = { radius: 3, at: (x) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0) };

/** How many sigmas a Gaussian reaches: what lies beyond is 6 parts in 10 million of its sum. */
export const GAUSS_REACH = 5;

/** The Gaussian of a standard deviation above 0, in samples, cut off at five of them. */
export function gaussian(sigma: number): Filter {
  return { radius: GAUSS_REACH * sigma, at: (x) => Math.exp(-0.5 * (x / sigma) ** 2) };
}

/** The filter made wider by a factor. */
export const stretched = ({ radius, at }: Filter, by: number): Filter => ({
  radius: radius * by,
  at: (x) => at(x / by),
});

/** The filters that people choose by name; `cubic` takes its two numbers. */
export const FILTER_NAMES = ['box', 'triangle', 'catmull-rom', 'b-spline', 'mitchell', 'cubic', 'lanczos3'] as const;
export type FilterName = (typeof FILTER_NAMES)[number];

/** The filter of a name; `b` and `c` are those of `cubic`. */
export function filterOf(name: FilterName, b = 0, c = 0.5): Filter {
  switch (name) {
    case 'box':
      return BOX;
    case 'triangle':
      return TRIANGLE;
    case 'catmull-rom':
      return cubic(0, 0.5);
    case 'b-spline':
      return cubic(1, 0);
    case 'mitchell':
      return cubic(1 / 3, 1 / 3);
    case 'cubic':
      return cubic(b, c);
    case 'lanczos3':
      return LANCZOS3;
  }
}
