// EXIF blocks (CIPA DC-008): how a picture wants to be turned, and whether it says that it is sRGB.
import { EngineError } from '../base/error.ts';
import { type ColourStatement, LIGHTS } from './colour.ts';
import { DirectoryReader } from './directory.ts';
import { bytesOf } from './source.ts';

export interface ExifFacts {
  /** 2 to 8; left out where nothing is to be turned. */
  readonly orientation?: number;
  readonly colour?: ColourStatement;
}

const ORIENTATION = 274;
const EXIF_DIRECTORY = 34665;
const COLOUR_SPACE = 40961;

/** A block that is damaged says nothing: the picture itself may be sound. */
export function exifFacts(block: Uint8Array): ExifFacts {
  const prefixed = Buffer.from(block.subarray(0, 6)).toString('latin1') === 'Exif\0\0';
  try {
    const reader = new DirectoryReader(bytesOf(prefixed ? block.subarray(6) : block));
    const { entries } = reader.at(reader.first);
    const turned = orientationOf(reader.number(entries.get(ORIENTATION), 1));
    const inner = entries.get(EXIF_DIRECTORY);
    const space = inner && reader.number(reader.at(reader.number(inner, 0)).entries.get(COLOUR_SPACE), 0);
    return {
      ...(turned === undefined ? {} : { orientation: turned }),
      ...(space === 1
        ? { colour: { by: 'EXIF', says: 'sRGB', colour: { lights: LIGHTS.rec709, transfer: 'srgb' as const } } }
        : {}),
    };
  } catch (thrown) {
    if (thrown instanceof EngineError && thrown.kind === 'invalid') return {};
    throw thrown;
  }
}

export const orientationOf = (value: number): number | undefined => (value >= 2 && value <= 8 ? value : undefined);
