// What the threads that make pictures are told and what they answer: plain data.
import type { Box, Document, NodeFindings, PlainError, Timeline } from '../../../engine/index.ts';
import type { ProbeRow } from '../../protocol.ts';
import type { BandRows, Raster } from './resample.ts';

/** The state of the document that tasks work on. */
export interface WorkOrder {
  readonly document: Document;
  readonly folder: string;
  readonly roots: readonly string[];
  readonly timeline: Timeline;
  /** Grows when files are to be looked at anew. */
  readonly look: number;
}

/** Rows of the image for a picture. */
export interface BandTask {
  readonly kind: 'band';
  readonly node: string;
  readonly frame: number;
  readonly part: number;
  readonly channels: readonly (string | null)[];
  readonly raster: Raster;
  /** The data window, whose corner the grid of cells begins at. */
  readonly dataWindow: Box;
  /** The image pixels wanted: inside the raster's box and the data window, in one band. */
  readonly region: Box;
}

/** All channels of a small region. */
export interface ProbeTask {
  readonly kind: 'probe';
  readonly node: string;
  readonly frame: number;
  readonly part: number;
  readonly box: Box;
}

/** Every sample of a small region in a few channels. */
export interface SamplesTask extends Omit<ProbeTask, 'kind'> {
  readonly kind: 'samples';
  readonly channels: readonly string[];
}

/** Which of the descriptions' keys there are samples of in the cache. */
export interface HeldTask {
  readonly kind: 'held';
}

export type Task = BandTask | ProbeTask | SamplesTask | HeldTask;

/** A node that made samples, with the milliseconds that its own work took. */
export interface Spent {
  readonly node: string;
  readonly milliseconds: number;
}

export type Answer =
  | {
      readonly kind: 'band';
      readonly rows: BandRows;
      readonly spent: readonly Spent[];
      /** What nodes found in the samples that were made for it. */
      readonly findings: readonly NodeFindings[];
    }
  | { readonly kind: 'probe'; readonly rows: readonly ProbeRow[] }
  | { readonly kind: 'samples'; readonly texts: readonly (readonly string[])[] }
  | { readonly kind: 'held'; readonly keys: readonly string[] };

/** Main thread → worker. */
export type Order =
  | { readonly kind: 'work'; readonly work: WorkOrder }
  | { readonly kind: 'task'; readonly id: number; readonly task: Task }
  | { readonly kind: 'cancel'; readonly id: number };

/** Worker → main thread. */
export type Outcome =
  | { readonly id: number; readonly answer: Answer }
  | { readonly id: number; readonly error: PlainError };

/** What a worker is started with. */
export interface PainterSettings {
  readonly cacheBytes: number;
  /** Modules of node packs, absolute. */
  readonly packs: readonly string[];
}

/** Rows of a band and columns of a cell: cells are what is asked of a node, so that pictures of other regions find them in the cache. */
export const BAND_ROWS = 128;
export const CELL_COLUMNS = 2048;
/** Cells of a band that are asked for in one go at most: in between a task can be cancelled. */
export const MOST_CELLS = 4;
