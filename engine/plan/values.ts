// Values that are no images, such as meshes: made once for a key and kept for whoever asks again.
import type { Mesh } from '../image/mesh.ts';
import type { Services } from '../node/define.ts';
import type { NodeProblem } from '../node/problem.ts';

/** A value with what its maker had to tell. */
export interface ComputedValue {
  readonly value: Mesh;
  readonly problems: readonly NodeProblem[];
}

/** A value under its key, as another thread is given it. */
export type KeptValue = readonly [key: string, made: ComputedValue];

/** Keys name the values themselves, so that a cache outlives the plan that filled it. */
export class ValueCache {
  readonly #most: number;
  /** Insertion order is order of use. */
  readonly #values = new Map<string, Promise<ComputedValue>>();

  /** Keeps so many values; those used longest ago go first. */
  constructor(most = 16) {
    this.#most = most;
  }

  /** The value of a key; `make` is called where there is none. What failed is made anew by the next who asks. */
  get(key: string, make: () => Promise<ComputedValue>): Promise<ComputedValue> {
    const known = this.#values.get(key);
    const value = known ?? make();
    this.#values.delete(key);
    this.#values.set(key, value);
    if (!known) {
      value.catch(() => {
        if (this.#values.get(key) === value) this.#values.delete(key);
      });
      if (this.#values.size > this.#most) this.#values.delete(this.#values.keys().next().value!);
    }
    return value;
  }

  /** What is in it, without what failed. Waits for what is being made. */
  async kept(): Promise<KeptValue[]> {
    const all = await Promise.allSettled(
      [...this.#values].map(async ([key, made]): Promise<KeptValue> => [key, await made]),
    );
    return all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  }

  /** Takes values that another cache kept. */
  adopt(values: readonly KeptValue[]): void {
    for (const [key, made] of values) this.#values.set(key, Promise.resolve(made));
  }

  /** The same as `kept`, with arrays in memory that threads share instead of copying it. They stay so in this cache. */
  async shared(): Promise<KeptValue[]> {
    const values = (await this.kept()).map(([key, made]): KeptValue => [key, inSharedMemory(made)]);
    this.adopt(values);
    return values;
  }
}

function inSharedMemory<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, byteLength, constructor: Kind } = value as unknown as Uint8Array;
    if (buffer instanceof SharedArrayBuffer) return value;
    const memory = new SharedArrayBuffer(byteLength);
    new Uint8Array(memory).set(new Uint8Array(buffer, byteOffset, byteLength));
    return new (Kind as new (memory: SharedArrayBuffer) => T)(memory);
  }
  if (Array.isArray(value)) return value.map(inSharedMemory) as T;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, inSharedMemory(one)])) as T;
}

const caches = new WeakMap<Services, ValueCache>();

/** The cache of whoever has these services: checking a graph, rendering it and editing it find the same values. */
export function valuesOf(services: Services): ValueCache {
  const known = caches.get(services) ?? new ValueCache();
  caches.set(services, known);
  return known;
}
