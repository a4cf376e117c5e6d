// Descriptions of images: parts, channels and where each channel's samples come from. No pixels.
import type { Box } from '../base/box.ts';
import type { Compression } from '../exr/compression.ts';
import type { LineOrder, TileDescription } from '../exr/header.ts';
import type { SampleType, Sampling } from '../pixels/plane.ts';
import type { AttributeSet } from './attribute.ts';
import type { Quality } from './quality.ts';
import type { Role } from './role.ts';

/**
 * Where the samples of a channel are made.
 * - `input`: that channel of that part of the image on that port, untouched but for a stated change of type;
 *   pixels outside the source's data window read as `fill` (0 where it is not given).
 * - `constant`: one value everywhere.
 * - `computed`: the node's own `pull` makes them.
 */
export type Origin =
  | {
      readonly from: 'input';
      readonly port: string;
      readonly part: number;
      readonly channel: string;
      readonly fill?: number;
    }
  | { readonly from: 'constant'; readonly value: number }
  | { readonly from: 'computed' };

export interface ChannelSpec {
  readonly name: string;
  readonly type: SampleType;
  readonly sampling: Sampling;
  /** OpenEXR's byte `pLinear`, kept as it was found (0 or 1 in sound files). */
  readonly pLinear: number;
  /** The three bytes that OpenEXR reserves, kept as they were found; left out where they are 0. */
  readonly reserved?: number;
  /** What its numbers are, where a node has set it; guessed by `rolesOf` where it is left out. Never written to a file. */
  readonly role?: Role;
  readonly origin: Origin;
}

/** The encoded chunks behind a part that was read from a file, so that a sink can copy them. */
export interface ChunkReference {
  /** Absolute path. */
  readonly file: string;
  readonly part: number;
}

/** How a part was stored in the file it was read from. */
export interface Stored {
  readonly compression: Compression;
  readonly lineOrder: LineOrder;
  readonly tiles?: TileDescription;
  /** Names of all header attributes in the order of the file, those included that the spec states itself. */
  readonly headerOrder: readonly string[];
  readonly chunks?: ChunkReference;
  /** True where the samples can only be copied, because the method or the deep kind cannot be unpacked here. */
  readonly copyOnly?: boolean;
}

export interface PartSpec {
  readonly name?: string;
  readonly view?: string;
  readonly kind: 'flat' | 'deep';
  readonly dataWindow: Box;
  readonly displayWindow: Box;
  /** Sorted by name, byte-wise, as OpenEXR requires. */
  readonly channels: readonly ChannelSpec[];
  /** Every header attribute but those that the spec states itself (`STRUCTURAL_ATTRIBUTES`). */
  readonly attributes: AttributeSet;
  readonly stored?: Stored;
  /** The picture file that the part was read from, where it is no EXR file: such a file is unpacked as a whole. */
  readonly picture?: PictureReference;
  /** What keeps it from being of the best tier; left out where nothing does. No part gets better than what it is made of. */
  readonly quality?: Quality;
}

/** A picture file, such as a PNG. */
export interface PictureReference {
  /** Absolute path. */
  readonly file: string;
  /** In words: `PNG, RGB of 8 bits`. */
  readonly stored: string;
  /** How it keeps samples. */
  readonly depth: 'uint8' | 'uint16' | 'float';
}

/** A frame that stands in for the one that was asked for. */
export interface Substitution {
  readonly node: string;
  readonly asked: number;
  /** The frame used instead; absent where a black frame was made. */
  readonly used?: number;
  readonly reason: string;
  /** True for a frame that lies before or after the sequence, where the graph says how to go on; false for a gap in it. */
  readonly extended: boolean;
}

export interface ImageSpec {
  readonly parts: readonly PartSpec[];
  readonly substitutions?: readonly Substitution[];
}

/** Header attributes that a part spec states itself; nodes that edit attributes refuse them. Value: who owns it. */
export const STRUCTURAL_ATTRIBUTES: Readonly<Record<string, string>> = {
  channels: 'Shuffle channels',
  compression: 'Write EXR',
  dataWindow: 'Shuffle channels (windows)',
  displayWindow: 'Shuffle channels (windows)',
  lineOrder: 'Write EXR',
  tiles: 'Write EXR',
  name: 'Assemble parts',
  type: 'Write EXR',
  version: 'Write EXR',
  chunkCount: 'Write EXR',
  maxSamplesPerPixel: 'Write EXR',
  view: 'Assemble parts',
};

/** OpenEXR's order of channels: by the bytes of their UTF-8 names. */
export function compareChannelNames(a: string, b: string): number {
  const x = encoder.encode(a);
  const y = encoder.encode(b);
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const d = x[i]! - y[i]!;
    if (d !== 0) return d;
  }
  return x.length - y.length;
}

const encoder = new TextEncoder();

export const sortChannels = (channels: readonly ChannelSpec[]): ChannelSpec[] =>
  channels.toSorted((a, b) => compareChannelNames(a.name, b.name));
