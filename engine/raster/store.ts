// Unpacked pictures that are kept for the bands that follow, within a budget of memory.
import { decodePicture, type PictureFile, type PicturePixels } from './picture.ts';

/** The latest picture stays whatever its size; older ones as far as all together keep to this. */
const BUDGET = 256 * 2 ** 20;

export class PictureStore {
  readonly #kept = new Map<string, { readonly pixels: Promise<PicturePixels>; bytes: number }>();

  /** The pixels of a picture, unpacked once for all that ask while it is kept. Throws as `decodePicture`. */
  pixels(file: PictureFile): Promise<PicturePixels> {
    const key = `${file.path}\0${file.identity.size}\0${file.identity.mtimeNs}`;
    const known = this.#kept.get(key);
    const entry = known ?? { pixels: decodePicture(file), bytes: 0 };
    this.#kept.delete(key);
    this.#kept.set(key, entry);
    if (known) return known.pixels;
    return entry.pixels.then(
      (pixels) => {
        entry.bytes = pixels.samples.byteLength;
        this.#shrink();
        return pixels;
      },
      (thrown: unknown) => {
        // A picture that could not be unpacked may be whole by the next time.
        if (this.#kept.get(key) === entry) this.#kept.delete(key);
        throw thrown;
      },
    );
  }

  close(): void {
    this.#kept.clear();
  }

  #shrink(): void {
    let sum = [...this.#kept.values()].reduce((total, { bytes }) => total + bytes, 0);
    for (const [key, { bytes }] of [...this.#kept].slice(0, -1)) {
      if (sum <= BUDGET) return;
      this.#kept.delete(key);
      sum -= bytes;
    }
  }
}
