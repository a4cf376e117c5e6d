// Frame lists: the frames of a run or a sequence, as people type them.

/** Whole numbers in rising order without repeats, or in the order typed where a run asks for one. */
export type FrameList = readonly number[];

/** The frames that a source can give. */
export interface FrameSupply {
  /** Frames of the run (after offset and alignment) for which a file exists, rising. */
  readonly frames: FrameList;
  /** True where a policy answers for frames before the first, after the last, or missing between. */
  readonly before: boolean;
  readonly after: boolean;
  readonly missing: boolean;
}
