// Values that are no images, such as meshes: made once for a key and kept for whoever asks again.
import type { Mesh } from '../image/mesh.ts';
import type { NodeProblem, Services } from '../node/define.ts';

/** A value with what its maker had to tell. */
export interface ComputedValue {
  readonly value: Mesh;
  readonly problems: readonly NodeProblem[];
}

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
}

const caches = new WeakMap<Services, ValueCache>();

/** The cache of whoever has these services: checking a graph, rendering it and editing it find the same values. */
export function valuesOf(services: Services): ValueCache {
  const known = caches.get(services) ?? new ValueCache();
  caches.set(services, known);
  return known;
}
