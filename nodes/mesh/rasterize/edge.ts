// Edges: which pixels of an island lie at its border.

/** 1 for pixels of an island of which one of the four neighbours is not of it, or lies outside of the picture. */
export function edgesOf(ids: Uint32Array, columns: number, rows: number): Uint8Array {
  const edges = new Uint8Array(ids.length);
  for (let y = 0, k = 0; y < rows; y++) {
    const inner = y > 0 && y < rows - 1;
    for (let x = 0; x < columns; x++, k++) {
      const id = ids[k]!;
      if (id === 0) continue;
      const within =
        inner &&
        x > 0 &&
        x < columns - 1 &&
        ids[k - 1] === id &&
        ids[k + 1] === id &&
        ids[k - columns] === id &&
        ids[k + columns] === id;
      if (!within) edges[k] = 1;
    }
  }
  return edges;
}
