// Overlaps: which islands lie on one another on the texture, found in a grid of cells.

/** Pairs of triangles that are looked at before it is left at that. */
const MOST_PAIRS = 100_000_000;

export interface Overlaps {
  readonly pairs: readonly (readonly [number, number])[];
  /** Faces that lie on others of their own chart, ascending. */
  readonly own: readonly number[];
  readonly complete: boolean;
}

/**
 * `uv` has three corners for each face, `charts` an id, or 0 for faces that are not looked at. Triangles lie on one another
 * where they reach more than `depth` into each other.
 */
export function findOverlaps(uv: Float32Array, charts: Uint32Array, depth: number): Overlaps {
  const faces: number[] = [];
  for (let face = 0; face < charts.length; face++) if (charts[face] !== 0) faces.push(face);
  const grid = gridOf(uv, faces);
  const pairs = new Set<number>();
  const own = new Uint8Array(charts.length);
  let looked = 0;
  for (let cell = 0; cell + 1 < grid.starts.length; cell++) {
    const [from, to] = [grid.starts[cell]!, grid.starts[cell + 1]!];
    for (let i = from; i < to; i++) {
      const a = grid.members[i]!;
      for (let j = from; j < i; j++) {
        const b = grid.members[j]!;
        const [x, y] = [charts[a]!, charts[b]!];
        const key = Math.min(x, y) * 2 ** 26 + Math.max(x, y);
        looked += 1;
        if (looked > MOST_PAIRS) return result(pairs, own, false);
        if (x === y ? own[a] === 1 && own[b] === 1 : pairs.has(key)) continue;
        if (!meet(uv, a * 6, b * 6, depth)) continue;
        if (x === y) {
          own[a] = 1;
          own[b] = 1;
        } else pairs.add(key);
      }
    }
  }
  return result(pairs, own, true);
}

function result(pairs: ReadonlySet<number>, own: Uint8Array, complete: boolean): Overlaps {
  const sorted = [...pairs].sort((a, b) => a - b).map((key) => [Math.floor(key / 2 ** 26), key % 2 ** 26] as const);
  const faces: number[] = [];
  for (let face = 0; face < own.length; face++) if (own[face] === 1) faces.push(face);
  return { pairs: sorted, own: faces, complete };
}

interface Grid {
  /** Where the members of each cell begin. */
  readonly starts: Uint32Array;
  readonly members: Uint32Array;
}

/** Cells about as large as faces are, and fewer where some faces are much larger than others. */
function gridOf(uv: Float32Array, faces: readonly number[]): Grid {
  const [least, greatest, mean] = [
    new Float64Array(2).fill(Infinity),
    new Float64Array(2).fill(-Infinity),
    new Float64Array(2),
  ];
  const low = (face: number, k: number): number =>
    Math.min(uv[face * 6 + k]!, uv[face * 6 + 2 + k]!, uv[face * 6 + 4 + k]!);
  const high = (face: number, k: number): number =>
    Math.max(uv[face * 6 + k]!, uv[face * 6 + 2 + k]!, uv[face * 6 + 4 + k]!);
  for (const face of faces) {
    for (const k of [0, 1]) {
      least[k] = Math.min(least[k]!, low(face, k));
      greatest[k] = Math.max(greatest[k]!, high(face, k));
      mean[k]! += (high(face, k) - low(face, k)) / faces.length;
    }
  }
  let steps = [0, 1].map((k) => {
    const extent = Math.max(greatest[k]! - least[k]!, 1e-9);
    return extent / Math.max(1, Math.min(2048, Math.floor(extent / Math.max(mean[k]! * 1.5, 1e-9))));
  });
  for (;;) {
    const sizes = steps.map((step, k) => Math.max(1, Math.ceil((greatest[k]! - least[k]!) / step) + 1));
    const cells = faces.length === 0 ? 0 : sizes[0]! * sizes[1]!;
    const cell = (value: number, k: number): number =>
      Math.min(sizes[k]! - 1, Math.floor((value - least[k]!) / steps[k]!));
    let entries = 0;
    const counts = new Uint32Array(cells + 1);
    const visit = (put: (cell: number, face: number) => void): void => {
      for (const face of faces) {
        const [x0, x1] = [cell(low(face, 0), 0), cell(high(face, 0), 0)];
        const [y0, y1] = [cell(low(face, 1), 1), cell(high(face, 1), 1)];
        entries += (x1 - x0 + 1) * (y1 - y0 + 1);
        if (entries > 16 * faces.length + 65_536) return;
        for (let y = y0; y <= y1; y++) for (let x = x0; x <= x1; x++) put(y * sizes[0]! + x, face);
      }
    };
    visit((at) => {
      counts[at + 1]! += 1;
    });
    if (entries > 16 * faces.length + 65_536) {
      steps = steps.map((step) => step * 2);
      continue;
    }
    for (let i = 1; i < counts.length; i++) counts[i]! += counts[i - 1]!;
    const starts = counts.slice();
    const members = new Uint32Array(entries);
    entries = 0;
    visit((at, face) => {
      members[counts[at]!] = face;
      counts[at]! += 1;
    });
    return { starts, members };
  }
}

/** Whether two triangles reach more than `depth` into each other: no side of either keeps them apart. */
function meet(uv: Float32Array, a: number, b: number, depth: number): boolean {
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const) {
    for (let i = 0; i < 3; i++) {
      const p = one + i * 2;
      const q = one + ((i + 1) % 3) * 2;
      const r = one + ((i + 2) % 3) * 2;
      let [nx, ny] = [uv[q + 1]! - uv[p + 1]!, uv[p]! - uv[q]!];
      const length = Math.hypot(nx, ny);
      if (length === 0) return false;
      const own = nx * (uv[r]! - uv[p]!) + ny * (uv[r + 1]! - uv[p + 1]!);
      if (own < 0) [nx, ny] = [-nx, -ny];
      let most = -Infinity;
      for (let k = 0; k < 6; k += 2)
        most = Math.max(most, nx * (uv[other + k]! - uv[p]!) + ny * (uv[other + k + 1]! - uv[p + 1]!));
      if (most <= depth * length) return false;
    }
  }
  return true;
}
