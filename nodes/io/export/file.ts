// The file of a picture while it is written: strips of a TIFF as they come, rows of the others gathered and packed at the end.
import {
  boxHeight,
  boxWidth,
  type DeliveryWriter,
  OutputFile,
  type PackOptions,
  type PictureDepth,
  packPicture,
  TIFF_HEAD_BYTES,
  type TiffShape,
  tiffEnds,
} from '../../../engine/authoring.ts';

export interface Target {
  readonly path: string;
  readonly replace: boolean;
}

const NOTHING = new Uint8Array(0);

/** `rows` is the height of a strip. */
export async function tiffWriter({ path, replace }: Target, shape: TiffShape, rows: number): Promise<DeliveryWriter> {
  const file = await OutputFile.create(path, { replace });
  const strips: number[] = [];
  await file.append(new Uint8Array(TIFF_HEAD_BYTES));
  return {
    put: async (_, packed) => {
      for (const strip of packed) {
        strips.push(strip.length);
        await file.append(strip);
      }
    },
    finish: async () => {
      const { head, tail } = tiffEnds(shape, rows, strips);
      await file.append(tail);
      await file.finish(head);
    },
    abort: () => file.abort(),
  };
}

/** The frame is held as a whole from its first band to its last. */
export async function pictureWriter(
  { path, replace }: Target,
  depth: PictureDepth,
  options: PackOptions,
): Promise<DeliveryWriter> {
  const file = await OutputFile.create(path, { replace });
  const count = options.width * options.height * options.channels;
  let samples: Uint8Array | Uint16Array | undefined;
  let bytes: Uint8Array = NOTHING;
  let filled = 0;
  return {
    put: async (_, packed) => {
      if (!samples) {
        samples = depth === 'uint16' ? new Uint16Array(count) : new Uint8Array(count);
        bytes = new Uint8Array(samples.buffer);
      }
      for (const rows of packed) {
        bytes.set(rows, filled);
        filled += rows.length;
      }
    },
    finish: async () => {
      await file.append(await packPicture(samples!, options));
      await file.finish(NOTHING);
    },
    abort: async () => {
      samples = undefined;
      await file.abort();
    },
  };
}

/** A band has about so many bytes of samples, as floats. */
const BAND_BYTES = 2 ** 21;
/** The tallest chunk of an EXR file, so that few chunks are unpacked twice. */
const STEP = 32;

/** Rows of a band of a picture of this window. */
export function bandRows(window: Parameters<typeof boxWidth>[0], channels: number): number {
  const row = boxWidth(window) * channels * 4;
  return Math.min(boxHeight(window), STEP * Math.max(1, Math.floor(BAND_BYTES / row / STEP)));
}
