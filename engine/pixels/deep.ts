// Deep samples: any number of them at each pixel of a region, of several channels that share the same counts.
import { type Box, boxHeight, boxIsEmpty, boxWidth } from '../base/box.ts';
import { allocateSamples, type Samples, type SampleType } from './plane.ts';

/** The samples of one channel, pixel by pixel, row by row from the top of the region. */
export interface DeepChannel {
  readonly type: SampleType;
  readonly samples: Samples;
}

/** Channels of a deep part in a region. Every pixel has as many samples in one channel as in any other. */
export interface DeepPlanes {
  /** The pixels covered, in image coordinates. */
  readonly box: Box;
  readonly columns: number;
  readonly rows: number;
  /**
   * One more than there are pixels: the samples of pixel i, counted row by row, are those from `offsets[i]` up to but not
   * including `offsets[i + 1]`. Rises from 0 to the number of samples of a channel.
   */
  readonly offsets: Uint32Array;
  /** By name. */
  readonly channels: ReadonlyMap<string, DeepChannel>;
}

/** Offsets of pixels from their numbers of samples; undefined where they are more than an offset can say. */
export function offsetsOf(counts: ArrayLike<number>): Uint32Array | undefined {
  const offsets = new Uint32Array(counts.length + 1);
  let total = 0;
  for (let i = 0; i < counts.length; i++) {
    total += counts[i]!;
    offsets[i + 1] = total;
  }
  return total > 0xffffffff ? undefined : offsets;
}

/** The number of samples at each pixel, row by row. */
export function countsOf({ offsets }: DeepPlanes): Uint32Array {
  const counts = new Uint32Array(offsets.length - 1);
  for (let i = 0; i < counts.length; i++) counts[i] = offsets[i + 1]! - offsets[i]!;
  return counts;
}

/** A region of which no pixel has a sample: what stands for black. */
export function emptyDeep(
  box: Box,
  channels: Iterable<{ readonly name: string; readonly type: SampleType }>,
): DeepPlanes {
  const [columns, rows] = boxIsEmpty(box) ? [0, 0] : [boxWidth(box), boxHeight(box)];
  const made = [...channels].map(({ name, type }) => [name, { type, samples: allocateSamples(type, 0) }] as const);
  return { box, columns, rows, offsets: new Uint32Array(columns * rows + 1), channels: new Map(made) };
}
