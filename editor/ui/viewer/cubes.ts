// The cubes that this page holds: asked for when a display transform is chosen, and kept.
import type { CubeView } from '../../protocol.ts';
import type { Store } from '../store/store.ts';
import type { Cube } from './cube.ts';
import { needsCube } from './transform.ts';

export function cubeFrom({ codes, ...rest }: CubeView): Cube {
  const text = atob(codes);
  const bytes = new DataView(new ArrayBuffer(text.length));
  for (let i = 0; i < text.length; i++) bytes.setUint8(i, text.charCodeAt(i));
  return { ...rest, codes: Uint16Array.from({ length: text.length / 2 }, (_, i) => bytes.getUint16(i * 2, true)) };
}

export class Cubes {
  readonly #store: Store;
  readonly #held = new Map<string, Cube>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** The cube of a transform; undefined for one with a curve, or while it has not come. */
  find(transform: string): Cube | undefined {
    return needsCube(transform) ? this.#held.get(transform) : undefined;
  }

  /** Waits until a transform can be drawn. Rejects where the host cannot tell of it. */
  async need(transform: string): Promise<void> {
    if (!needsCube(transform) || this.#held.has(transform)) return;
    this.#held.set(transform, cubeFrom(await this.#store.request<CubeView>({ kind: 'cube', transform })));
  }
}
