// The bytes of samples apart: all first ones, all second ones and so on, as DWA packs what it keeps exactly.
import { joinBytes, splitBytes } from '../../../pixels/kernels.ts';

/** Splits samples of two or four bytes. All arrays are of one length, in scratch space; `spare` is overwritten. */
export function splitSamples(samples: Uint8Array, size: 2 | 4, target: Uint8Array, spare: Uint8Array): void {
  if (size === 2) {
    splitBytes(samples, target);
    return;
  }
  const [half, quarter] = [samples.length / 2, samples.length / 4];
  splitBytes(samples, spare);
  splitBytes(spare.subarray(0, half), target.subarray(0, half));
  splitBytes(spare.subarray(half), target.subarray(half));
  exchange(target, quarter, spare);
}

/** Undoes `splitSamples`; `split` is overwritten too. */
export function joinSamples(split: Uint8Array, size: 2 | 4, target: Uint8Array, spare: Uint8Array): void {
  if (size === 2) {
    joinBytes(split, target, 0, target.length);
    return;
  }
  const [half, quarter] = [split.length / 2, split.length / 4];
  exchange(split, quarter, spare);
  joinBytes(split.subarray(0, half), spare.subarray(0, half), 0, half);
  joinBytes(split.subarray(half), spare.subarray(half), 0, half);
  joinBytes(spare, target, 0, target.length);
}

/** Exchanges the second and the third quarter: splitting twice brings the bytes 0, 2, 1 and 3 of each sample. */
function exchange(bytes: Uint8Array, quarter: number, spare: Uint8Array): void {
  spare.set(bytes.subarray(quarter, quarter * 2));
  bytes.copyWithin(quarter, quarter * 2, quarter * 3);
  bytes.set(spare.subarray(0, quarter), quarter * 2);
}
