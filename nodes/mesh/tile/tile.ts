// Tiles: which UDIM tiles a triangle lies on.

/** A face that reaches less far than this into a tile, in UV, does not lie on it. */
export const TILE_EDGE = 1e-6;

const COLUMNS = 10;
const ROWS = 900;
/** Faces that span more tiles than these are not laid out for tiles. */
const MOST_TILES = 256;

/** The number of the tile at column u and row v. Source of the scheme: The Foundry, UDIM. */
export const tileNumber = (column: number, row: number): number => 1001 + column + COLUMNS * row;

/** Column and row of a tile. */
export const tilePlace = (tile: number): readonly [column: number, row: number] => [
  (tile - 1001) % COLUMNS,
  Math.floor((tile - 1001) / COLUMNS),
];

/** u0, v0, u1, v1, u2, v2. */
export type Triangle = readonly [number, number, number, number, number, number];

/** The tiles that a triangle lies on, ascending, and whether some of it lies beside all of them. */
export function tilesOf(t: Triangle): { readonly tiles: readonly number[]; readonly outside: boolean } {
  const [left, right] = [Math.min(t[0], t[2], t[4]), Math.max(t[0], t[2], t[4])];
  const [low, high] = [Math.min(t[1], t[3], t[5]), Math.max(t[1], t[3], t[5])];
  const first = (from: number): number => Math.floor(from + TILE_EDGE);
  const last = (from: number, to: number): number => Math.max(first(from), Math.ceil(to - TILE_EDGE) - 1);
  const [x0, x1, y0, y1] = [first(left), last(left, right), first(low), last(low, high)];
  const outside = x0 < 0 || y0 < 0 || x1 >= COLUMNS || y1 >= ROWS;
  if (!((x1 - x0 + 1) * (y1 - y0 + 1) <= MOST_TILES)) return { tiles: [], outside: true };
  const tiles: number[] = [];
  for (let y = Math.max(0, y0); y <= Math.min(ROWS - 1, y1); y++) {
    for (let x = Math.max(0, x0); x <= Math.min(COLUMNS - 1, x1); x++) {
      if ((x0 === x1 && y0 === y1) || reaches(t, x, y)) tiles.push(tileNumber(x, y));
    }
  }
  return { tiles, outside };
}

/** Whether a triangle reaches into a tile: no edge of it has the whole tile on its outer side. */
function reaches(t: Triangle, x: number, y: number): boolean {
  const turn = (t[2] - t[0]) * (t[5] - t[1]) - (t[4] - t[0]) * (t[3] - t[1]) < 0 ? -1 : 1;
  for (let i = 0; i < 6; i += 2) {
    const [ax, ay, bx, by] = [t[i]!, t[i + 1]!, t[(i + 2) % 6]!, t[(i + 3) % 6]!];
    const [nx, ny] = [(ay - by) * turn, (bx - ax) * turn];
    const farthest = nx * ((nx > 0 ? x + 1 : x) - ax) + ny * ((ny > 0 ? y + 1 : y) - ay);
    if (farthest <= TILE_EDGE * Math.hypot(nx, ny)) return false;
  }
  return true;
}
