// The frames of a sequence on disk, listed once and listed anew when a frame turns up that was not there.
import { existsSync } from 'node:fs';
import {
  EngineError,
  type FrameList,
  findSequence,
  formatFrame,
  PICTURE_ENDINGS,
  parsePattern,
  type Sequence,
  type Services,
} from '../../../engine/authoring.ts';

export class Listing {
  readonly #path: string;
  #sequence: Sequence | undefined;

  /** `path` is absolute: a pattern, a file or a folder. */
  constructor(path: string) {
    this.#path = path;
  }

  /** Throws `sequence-empty`, `sequence-ambiguous`, `pattern-syntax`, `file-not-found`. */
  get sequence(): Sequence {
    this.#sequence ??= findSequence(this.#path, { otherwise: PICTURE_ENDINGS });
    return this.#sequence;
  }

  /** True where the path names one file and no frames. */
  get single(): boolean {
    return this.sequence.still;
  }

  /** Whether there is a file at all; looks again until there is one. Other errors than that are thrown. */
  get begun(): boolean {
    try {
      return this.sequence !== undefined;
    } catch (thrown) {
      if (thrown instanceof EngineError && (thrown.code === 'sequence-empty' || thrown.code === 'file-not-found'))
        return false;
      throw thrown;
    }
  }

  /** The frames known; looks again where the one in question is not among them but has a file by now. */
  framesWith(frame: number): FrameList {
    if (!this.sequence.frames.includes(frame) && existsSync(formatFrame(this.sequence.pattern, frame))) this.refresh();
    return this.sequence.frames;
  }

  refresh(): void {
    this.#sequence = undefined;
  }

  /** Where a frame's file is, or would be before the sequence has a first file. */
  file(frame: number): string {
    return this.sequence.files(frame) ?? formatFrame(parsePattern(this.#path), frame);
  }

  close(): void {}
}

/** The listing behind a path, shared by all nodes of a run that read it. */
export const listingOf = (services: Services, absolute: string): Listing =>
  services.share(`listing ${absolute}`, () => new Listing(absolute));
