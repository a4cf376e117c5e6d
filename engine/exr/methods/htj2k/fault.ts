// The two ways in which a codestream is refused: it is damaged, or it uses what OpenEXR does not write.
import { EngineError } from '../../../base/error.ts';
import type { Compression } from '../../compression.ts';
import { damaged } from '../block.ts';

export type Htj2k = Extract<Compression, 'htj2k32' | 'htj2k256'>;

/** Makes the errors of one chunk. `reason` is a sentence without its full stop. */
export interface Fault {
  /** 'exr-compressed-data'. */
  damaged(reason: string): EngineError;
  /** 'exr-compression-unsupported': JPEG 2000 has it, OpenEXR's own writer does not make it. `what` is a noun phrase. */
  foreign(what: string): EngineError;
}

export const faultOf = (method: Htj2k): Fault => ({
  damaged: (reason) => damaged(method, reason),
  foreign: (what) =>
    new EngineError(
      'unsupported',
      'exr-compression-unsupported',
      `The ${method} data of a chunk has ${what}: JPEG 2000 knows it, OpenEXR does not write it, and it is not read here. ` +
        'Copy the part untouched, or convert the file to zip or piz with the program that wrote it.',
    ),
});
