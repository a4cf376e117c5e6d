// How much a blur blurs: sizes as people give them, and the sigma, reach and passes that they stand for.
import { z } from 'zod';
import {
  type Axes,
  type Axis,
  type BlurAxis,
  type Box,
  boxAxis,
  type Edge,
  gaussianAxis,
  gaussianReach,
  type Span,
  untouched,
} from '../../../engine/authoring.ts';

/** The size that a Gaussian of sigma 1 has: Natron's Blur node says that its sigma is size / 2.4, to be like Nuke's. */
const SIZE_OF_SIGMA = 2.4;
/** Sigmas less than this change no half: the weight of a neighbour is below 4e-6. */
const LEAST_SIGMA = 0.2;

const amount = z.number().min(0).max(2000);

export const amountParams = (size: [number, number]) => ({
  size: z.tuple([amount, amount]).default(size).meta({
    title: 'Size',
    unit: 'px',
    description: 'Across and down. 0 leaves that direction as it is.',
  }),
  measure: z.enum(['size', 'sigma']).default('size').meta({
    title: 'Size means',
    description:
      "size as in Nuke, where a Gaussian's standard deviation is the size divided by 2.4, about its width at half its height; or sigma, the standard deviation itself.",
    advanced: true,
  }),
});

export interface Amount {
  readonly kernel: 'gaussian' | 'box';
  readonly size: readonly [number, number];
  readonly measure: 'size' | 'sigma';
}

/** Sigma of a Gaussian, width of a box; 0 where the direction stays as it is. */
function widthOf({ kernel, measure }: Amount, size: number): number {
  if (kernel === 'box') {
    // A box of the same spread: its variance is a twelfth of its width squared.
    const width = measure === 'sigma' ? Math.sqrt(12) * size : size;
    return width > 1 ? width : 0;
  }
  const sigma = measure === 'sigma' ? size : size / SIZE_OF_SIGMA;
  return sigma < LEAST_SIGMA ? 0 : sigma;
}

export const blursNothing = (amount: Amount): boolean => amount.size.every((size) => widthOf(amount, size) === 0);

/** How far samples across and down reach the result, in whole pixels. Of a Gaussian at five sigmas a millionth is left. */
export const spreadOf = (amount: Amount): [number, number] =>
  amount.size.map((size) => {
    const width = widthOf(amount, size);
    return Math.ceil(amount.kernel === 'box' ? Math.max(0, (width - 1) / 2) : 5 * width);
  }) as [number, number];

/** How many rows above and below a region are looked at for it. */
export function marginOf(amount: Amount): number {
  const width = widthOf(amount, amount.size[1]);
  return amount.kernel === 'box' || width === 0 ? Math.ceil(width / 2) : gaussianReach(width);
}

/** The passes that blur what lies in `wanted`, from the samples in `bounds`. */
export function blurAxes(amount: Amount, wanted: Box, bounds: Box, edge: Edge): Axes {
  const along = (size: number, want: Span, there: Span): Axis => {
    const width = widthOf(amount, size);
    const blur: BlurAxis = { wanted: want, bounds: there, edge };
    if (width > 0) return amount.kernel === 'box' ? boxAxis(width, blur) : gaussianAxis(width, blur);
    if (want.from >= there.from && want.to <= there.to) return untouched(want);
    return boxAxis(1, blur);
  };
  const [across, down] = amount.size;
  return {
    columns: along(across, { from: wanted.minX, to: wanted.maxX }, { from: bounds.minX, to: bounds.maxX }),
    rows: along(down, { from: wanted.minY, to: wanted.maxY }, { from: bounds.minY, to: bounds.maxY }),
  };
}
