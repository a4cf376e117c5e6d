// What a path on the command line stands for: one file, or the frames of a sequence.
import { ExrFile, findSequence, PICTURE_ENDINGS, type Sequence } from '../../files.ts';

/** The files that a path stands for, in the order of their frames; a single file has no frame. */
export interface Looked {
  readonly sequence: Sequence;
  readonly files: readonly { readonly frame?: number; readonly path: string }[];
}

/** Throws as `findSequence`. */
export function look(path: string): Looked {
  const sequence = findSequence(path, { otherwise: PICTURE_ENDINGS });
  return {
    sequence,
    files: sequence.still
      ? [{ path: sequence.files(0)! }]
      : sequence.frames.map((frame) => ({ frame, path: sequence.files(frame)! })),
  };
}

/** Opens a file for as long as it is used. Throws as `ExrFile.open`. */
export function withFile<T>(path: string, use: (file: ExrFile) => T): T {
  const file = ExrFile.open(path);
  try {
    return use(file);
  } finally {
    file.close();
  }
}
