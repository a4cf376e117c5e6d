// The curl of slopes: what is left of them on a way around the corner between four pixels.
import type { Slopes } from './solve.ts';

/**
 * For each pixel the sum of the rises on the way around the corner to its lower right: to the right, down, to the left and
 * up. It is 0 where slopes are those of any height, and where the four pixels are not of one island.
 */
export function curlOf({ columns, rows, p, q, islands, wrap }: Slopes): Float32Array {
  const curl = new Float32Array(columns * rows);
  const across = wrap.columns ? columns : columns - 1;
  const down = wrap.rows ? rows : rows - 1;
  for (let y = 0; y < down; y++) {
    const [upper, lower] = [y * columns, (y + 1 === rows ? 0 : y + 1) * columns];
    for (let x = 0; x < across; x++) {
      const right = x + 1 === columns ? 0 : x + 1;
      const [a, b, c, d] = [upper + x, upper + right, lower + x, lower + right];
      if (islands) {
        const own = islands[a]!;
        if (own === 0 || islands[b] !== own || islands[c] !== own || islands[d] !== own) continue;
      }
      curl[a] = (p[a]! + p[b]! + (q[b]! + q[d]!) - (p[c]! + p[d]!) - (q[a]! + q[c]!)) / 2;
    }
  }
  return curl;
}
