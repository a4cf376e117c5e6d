// Joining: faces that share an edge of the surface and lie together on the texture are one island.
import type { Mesh, UvSet } from '../../../engine/authoring.ts';

/** Faces with less than twice this area on the texture have none. */
const NO_AREA = 5e-13;
/** Where the lesser side of an island has more than this part of its area, it is cut where it changes sides. */
const LESSER = 0.1;
/** More faces than these on one edge are compared with the last of them only. */
const MOST_ON_EDGE = 64;

/** How each face lies on the texture. */
export interface Layout {
  /** 1: u, v and the normal turn as on paper; -1: mirrored; 0: without area, or not taken. */
  readonly turns: Int8Array;
  /** Area on the texture, never negative. */
  readonly areas: Float64Array;
  /** How far v runs up the mesh on the face, weighed by its area on the texture. */
  readonly rises: Float64Array;
}

/** Looks at each face alone. `taken` has 1 for the faces that count. */
export function layoutOf(mesh: Mesh, { coordinates: uv }: UvSet, taken: Uint8Array): Layout {
  const { positions, faces, normals, space } = mesh;
  const count = faces.length / 3;
  const [turns, areas, rises] = [new Int8Array(count), new Float64Array(count), new Float64Array(count)];
  const axis = { x: 0, y: 1, z: 2 }[(space.up ?? 'y').at(-1) as 'x' | 'y' | 'z'];
  const sense = space.up?.startsWith('-') ? -1 : 1;
  const [a, b] = [new Float64Array(3), new Float64Array(3)];
  for (let face = 0; face < count; face++) {
    if (taken[face] === 0) continue;
    const c = face * 6;
    const [du1, dv1] = [uv[c + 2]! - uv[c]!, uv[c + 3]! - uv[c + 1]!];
    const [du2, dv2] = [uv[c + 4]! - uv[c]!, uv[c + 5]! - uv[c + 1]!];
    const twice = du1 * dv2 - du2 * dv1;
    areas[face] = Math.abs(twice) / 2;
    if (!(areas[face]! > NO_AREA)) continue;
    const base = faces[face * 3]! * 3;
    for (let k = 0; k < 3; k++) {
      a[k] = positions[faces[face * 3 + 1]! * 3 + k]! - positions[base + k]!;
      b[k] = positions[faces[face * 3 + 2]! * 3 + k]! - positions[base + k]!;
    }
    let against = 0;
    if (normals) {
      for (let k = 0; k < 3; k++) {
        const [p, q] = [(k + 1) % 3, (k + 2) % 3];
        const across = a[p]! * b[q]! - a[q]! * b[p]!;
        against += across * (normals[face * 9 + k]! + normals[face * 9 + 3 + k]! + normals[face * 9 + 6 + k]!);
      }
    }
    // det(T, B, N) is (a × b) · N over the area on the texture.
    turns[face] = (twice < 0 ? -1 : 1) * (against < 0 ? -1 : 1);
    rises[face] = (Math.sign(twice) * sense * (b[axis]! * du1 - a[axis]! * du2)) / 2;
  }
  return { turns, areas, rises };
}

/** For each face with area a face that stands for its island; -1 for the others. */
export function joinFaces(
  mesh: Mesh,
  { coordinates: uv }: UvSet,
  { turns, areas }: Layout,
  tolerance: number,
): Int32Array {
  const { faces } = mesh;
  const count = faces.length / 3;
  const [all, alike] = [new Sets(count), new Sets(count)];
  const edges = new Edges(count * 3);
  const near = (i: number, j: number): boolean =>
    Math.abs(uv[i * 2]! - uv[j * 2]!) <= tolerance && Math.abs(uv[i * 2 + 1]! - uv[j * 2 + 1]!) <= tolerance;
  for (let face = 0; face < count; face++) {
    if (turns[face] === 0) continue;
    for (let side = 0; side < 3; side++) {
      const from = face * 3 + side;
      const to = face * 3 + ((side + 1) % 3);
      const forward = faces[from]! < faces[to]!;
      const [low, high] = forward ? [from, to] : [to, from];
      let seen = 0;
      for (let other = edges.add(faces[low]!, faces[high]!, from); other >= 0; other = edges.next[other]!) {
        if (seen++ >= MOST_ON_EDGE) break;
        const beside = Math.floor(other / 3);
        const end = beside * 3 + ((other + 1) % 3);
        const [otherLow, otherHigh] = faces[other] === faces[low] ? [other, end] : [end, other];
        if (!near(low, otherLow) || !near(high, otherHigh)) continue;
        all.join(face, beside);
        if (turns[face] === turns[beside]) alike.join(face, beside);
      }
    }
  }
  const sides = [new Float64Array(count), new Float64Array(count)] as const;
  for (let face = 0; face < count; face++) {
    if (turns[face] !== 0) sides[turns[face]! > 0 ? 0 : 1]![all.find(face)]! += areas[face]!;
  }
  return Int32Array.from({ length: count }, (_, face) => {
    if (turns[face] === 0) return -1;
    const root = all.find(face);
    const [up, down] = [sides[0][root]!, sides[1][root]!];
    return Math.min(up, down) > LESSER * (up + down) ? alike.find(face) : root;
  });
}

/** Disjoint sets of faces, each named by its least face. */
class Sets {
  readonly #above: Int32Array;

  constructor(count: number) {
    this.#above = Int32Array.from({ length: count }, (_, i) => i);
  }

  find(face: number): number {
    const above = this.#above;
    let at = face;
    while (above[at] !== at) {
      above[at] = above[above[at]!]!;
      at = above[at]!;
    }
    return at;
  }

  join(a: number, b: number): void {
    const [x, y] = [this.find(a), this.find(b)];
    if (x < y) this.#above[y] = x;
    else this.#above[x] = y;
  }
}

/** The sides of faces by the two vertices that they join. */
class Edges {
  /** For each side the one before it on the same edge; -1 where it is the first. */
  readonly next: Int32Array;
  readonly #last: Int32Array;
  readonly #lows: Uint32Array;
  readonly #highs: Uint32Array;
  readonly #mask: number;

  constructor(sides: number) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(4, sides * 2)));
    this.#mask = size - 1;
    this.next = new Int32Array(sides).fill(-1);
    this.#last = new Int32Array(size).fill(-1);
    this.#lows = new Uint32Array(size);
    this.#highs = new Uint32Array(size);
  }

  /** Puts a side on the edge of two vertices, and gives the one that was put there before it, or -1. */
  add(low: number, high: number, side: number): number {
    let hash = Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca77);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    for (let slot = (hash ^ (hash >>> 13)) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const last = this.#last[slot]!;
      if (last >= 0 && (this.#lows[slot] !== low || this.#highs[slot] !== high)) continue;
      this.#lows[slot] = low;
      this.#highs[slot] = high;
      this.#last[slot] = side;
      this.next[side] = last;
      return last;
    }
  }
}
