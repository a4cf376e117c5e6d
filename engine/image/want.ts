// Wants: which samples are asked of an image; and the planes that answer.
import type { Box } from '../base/box.ts';
import type { DeepPlanes } from '../pixels/deep.ts';
import type { Plane, SampleType } from '../pixels/plane.ts';

/** Channels of one part in one region. Frame and node are known to whoever passes the want on. */
export interface Want {
  readonly part: number;
  readonly channels: readonly string[];
  readonly box: Box;
}

/** Planes by channel name. An answer may hold more channels than were asked for. */
export type Planes = ReadonlyMap<string, Plane>;

/** The image on an input port as a node sees it. */
export interface ImageSource {
  /** Planes that cover the want's box, in the channels' own types, or converted where `as` is given. */
  planes(want: Want, as?: SampleType): Promise<Planes>;
  /** Samples of a deep part in the want's box, which lies in its data window, in the channels' own types. */
  deep(want: Want): Promise<DeepPlanes>;
}
