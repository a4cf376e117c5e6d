// Noise: a smooth number from -1 to 1 for every point, the same on every machine and in every run.

/** A whole number from 0 to 2^32 - 1 for a point of the lattice (after the finaliser of MurmurHash3, which is public domain). */
function hash(x: number, y: number, z: number): number {
  let h = 0x27d4eb2f ^ Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca77) ^ Math.imul(z, 0xc2b2ae3d);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** From -1 to 1. */
const lattice = (x: number, y: number, z: number): number => hash(x, y, z) / 2147483647.5 - 1;

const ease = (t: number): number => t * t * t * (t * (t * 6 - 15) + 10);
const between = (a: number, b: number, t: number): number => a + (b - a) * t;

/**
 * Value noise: at whole coordinates a number of its own, eased between them with 6t⁵ - 15t⁴ + 10t³. Coordinates are taken
 * modulo 2^32; where one is not finite the result is NaN. Another seed is another z.
 */
export function noise(x: number, y = 0, z = 0): number {
  if (!Number.isFinite(x + y + z)) return Number.NaN;
  const [x0, y0, z0] = [Math.floor(x), Math.floor(y), Math.floor(z)];
  const [u, v, w] = [ease(x - x0), ease(y - y0), ease(z - z0)];
  const row = (dy: number, dz: number): number =>
    between(lattice(x0, y0 + dy, z0 + dz), lattice(x0 + 1, y0 + dy, z0 + dz), u);
  const plane = (dz: number): number => (v === 0 ? row(0, dz) : between(row(0, dz), row(1, dz), v));
  return w === 0 ? plane(0) : between(plane(0), plane(1), w);
}
