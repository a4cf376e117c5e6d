// Merging planes of two images: tile by tile, so that the samples stay in cache, with the alphas loaded once for all channels.
import { EngineError } from '../base/error.ts';
import { addressOf, kernels, scratch } from './arena.ts';
import { MERGE_OPERATIONS, type MergeOperation } from './operation.ts';
import { allocateSamples, type Plane, type Samples } from './plane.ts';

export { MERGE_OPERATIONS, type MergeOperation, USES_ALPHA_OF_A, USES_ALPHA_OF_B } from './operation.ts';

/** Samples of each register that are in work at once: a multiple of 8, small enough for the first caches. */
const TILE = 8192;

/** A channel in both images. One that an image lacks counts as 0 there. */
export interface MergeChannel {
  readonly a?: Plane;
  readonly b?: Plane;
  readonly operation: MergeOperation;
  /** Of the result. */
  readonly type: 'half' | 'float';
}

/** What is merged. All planes are half or float and cover the same box with the same sampling. */
export interface MergeInput {
  readonly channels: readonly MergeChannel[];
  /** Count as 0 where they are left out. */
  readonly alphaA?: Plane;
  readonly alphaB?: Plane;
  /** Limited to 0 … 1: where it is 0 the result is B, where it is 1 it is that of the operation. */
  readonly mask?: Plane;
  /** The mask turned round: 1 minus what it holds. */
  readonly invert?: boolean;
  /** How much of the operation there is in the result, from 0 to 1, besides the mask. All of it where left out. */
  readonly mix?: number;
}

const REGISTERS = ['x', 'y', 'a', 'b', 'weight', 'target', 'zero'] as const;
type Register = (typeof REGISTERS)[number];

/**
 * A fresh plane for each channel. Samples become floats, are merged in single precision and become samples of the
 * wanted types, a NaN the quiet one. The results do not depend on where planes were cut, and are those of the plain
 * twins in reference.ts, bit by bit.
 */
export function runMerge(input: MergeInput): Plane[] {
  const { channels, alphaA, alphaB, mask, mix = 1 } = input;
  const planes = [...channels.flatMap(({ a, b }) => [a, b]), alphaA, alphaB, mask].filter((p) => p !== undefined);
  const [model] = planes;
  const fits = planes.every((p) => p.samples.length === model?.samples.length && p.type !== 'uint');
  if (!fits || !model || channels.some(({ a, b }) => !a && !b)) {
    throw new EngineError('invalid', 'internal', 'Planes to merge do not fit each other.');
  }
  const count = model.samples.length;
  const targets = channels.map(({ type }) => allocateSamples(type, count));
  const tile = new Tile();
  const { run } = kernels();
  const weighed = mask !== undefined || mix !== 1;
  for (let start = 0; start < count; start += TILE) {
    tile.length = Math.min(TILE, count - start);
    const part = (plane: Plane): Samples => plane.samples.subarray(start, start + tile.length);
    if (alphaA) tile.load('a', part(alphaA));
    if (alphaB) tile.load('b', part(alphaB));
    if (mask) {
      tile.load('weight', part(mask));
      run.weighSamples(tile.address('weight'), tile.whole, input.invert ? 1 : 0, mix);
    } else if (weighed) tile.fill('weight', mix);
    for (const [i, { a, b, operation }] of channels.entries()) {
      // The alphas are there already.
      const x = !a ? 'zero' : a === alphaA ? 'a' : 'x';
      const y = !b ? 'zero' : b === alphaB ? 'b' : 'y';
      if (a && x === 'x') tile.load(x, part(a));
      if (b && y === 'y') tile.load(y, part(b));
      const target = tile.address('target');
      const code = MERGE_OPERATIONS.indexOf(operation);
      const [alpha, beta] = [tile.address(alphaA ? 'a' : 'zero'), tile.address(alphaB ? 'b' : 'zero')];
      run.mergeSamples(code, tile.address(x), tile.address(y), alpha, beta, target, tile.whole);
      if (weighed) run.mixSamples(target, tile.address(y), tile.address('weight'), tile.whole);
      tile.store(targets[i]!.subarray(start, start + tile.length));
    }
  }
  return channels.map(({ type }, i) => ({ ...model, type, samples: targets[i]! }));
}

/** One tile of each register in the kernels' memory. */
class Tile {
  /** Samples in the tile. */
  length = 0;
  readonly #memory: Uint8Array<ArrayBuffer>;
  readonly #staging: Uint8Array<ArrayBuffer>;
  readonly #run = kernels().run;
  readonly #start: number;

  constructor() {
    const [memory, staging] = scratch(REGISTERS.length * TILE * 4, TILE * 4);
    this.#memory = memory;
    this.#staging = staging;
    this.#start = addressOf(memory);
    this.#memory.fill(0);
  }

  /** Filled up to whole vectors. */
  get whole(): number {
    return (this.length + 7) & ~7;
  }

  address(register: Register): number {
    return this.#start + REGISTERS.indexOf(register) * TILE * 4;
  }

  load(register: Register, samples: Samples): void {
    if (samples instanceof Uint16Array) {
      this.#staging.set(bytesOf(samples));
      this.#staging.fill(0, samples.byteLength, this.whole * 2);
      this.#run.halfToFloat(addressOf(this.#staging), this.address(register), this.whole);
      return;
    }
    const at = this.address(register) - this.#start;
    this.#memory.set(bytesOf(samples), at);
    this.#memory.fill(0, at + samples.byteLength, at + this.whole * 4);
  }

  fill(register: Register, value: number): void {
    const { buffer } = this.#memory;
    new Float32Array(buffer, this.address(register), this.whole).fill(value);
  }

  store(samples: Samples): void {
    const target = this.address('target');
    this.#run.settleSamples(target, this.whole);
    if (samples instanceof Uint16Array) {
      this.#run.floatToHalf(target, addressOf(this.#staging), this.whole);
      bytesOf(samples).set(this.#staging.subarray(0, samples.byteLength));
      return;
    }
    const at = target - this.#start;
    bytesOf(samples).set(this.#memory.subarray(at, at + samples.byteLength));
  }
}

const bytesOf = (samples: Samples): Uint8Array =>
  new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
