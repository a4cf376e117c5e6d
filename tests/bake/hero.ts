// The model of the tests of bakes: two nodes, two materials that share a tile, two UV sets, three tiles, mirrored islands.
import type { ModelPart, Patch } from './model.ts';

/** Where an island lies on a texture: left, bottom, right and top, and which of its axes run backwards. */
export interface Place {
  readonly rect: readonly [number, number, number, number];
  readonly backwards?: 'u' | 'v';
}

interface Piece {
  readonly node: 'body' | 'cape';
  readonly material: 'skin' | 'cloth';
  readonly map1: Place;
  readonly light: Place;
  /** Turns it about its middle on the texture, in radians. */
  readonly turn?: number;
}

/** Cloth covers skin on tile 1001, as materials with textures of their own may. */
export const PIECES: readonly Piece[] = [
  {
    node: 'body',
    material: 'skin',
    map1: { rect: [0.05, 0.05, 0.45, 0.45] },
    light: { rect: [0.05, 0.05, 0.3, 0.45], backwards: 'u' },
  },
  {
    node: 'body',
    material: 'skin',
    map1: { rect: [0.55, 0.05, 0.95, 0.45], backwards: 'v' },
    light: { rect: [0.35, 0.05, 0.6, 0.45] },
  },
  {
    node: 'body',
    material: 'skin',
    map1: { rect: [0.25, 0.6, 0.75, 0.9] },
    light: { rect: [0.65, 0.05, 0.95, 0.45] },
    turn: 0.2,
  },
  {
    node: 'body',
    material: 'skin',
    map1: { rect: [1.05, 0.1, 1.45, 0.9], backwards: 'u' },
    light: { rect: [0.05, 0.55, 0.45, 0.95] },
  },
  {
    node: 'body',
    material: 'cloth',
    map1: { rect: [0.1, 0.1, 0.9, 0.7] },
    light: { rect: [0.55, 0.55, 0.95, 0.95] },
  },
  {
    node: 'cape',
    material: 'cloth',
    map1: { rect: [0.05, 1.05, 0.9, 1.45] },
    light: { rect: [1.1, 0.1, 1.9, 0.9], backwards: 'v' },
  },
];

export const SETS = ['map1', 'light'] as const;

const onto =
  ({ rect: [u0, v0, u1, v1], backwards }: Place, turn = 0) =>
  (s: number, t: number): readonly [number, number] => {
    const [x, y] = [
      (u1 - u0) * ((backwards === 'u' ? 1 - s : s) - 0.5),
      (v1 - v0) * ((backwards === 'v' ? 1 - t : t) - 0.5),
    ];
    const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
    return [(u0 + u1) / 2 + x * cos - y * sin, (v0 + v1) / 2 + x * sin + y * cos];
  };

const patches = (node: string): Patch[] =>
  PIECES.filter((piece) => piece.node === node).map(
    ({ material, map1, light, turn }, i): Patch => ({
      columns: 5,
      rows: 4,
      material,
      uvs: { map1: onto(map1, turn), light: onto(light) },
      at: (s, t) => [i * 3 + 2 * s, 0.3 * s * t, 3 * t],
    }),
  );

/** The cape stands aside, at half the size. */
export const HERO: readonly ModelPart[] = [
  { name: 'body', patches: patches('body') },
  { name: 'cape', patches: patches('cape'), scale: [0.5, 0.5, 0.5], translation: [20, 5, 1] },
];

/** Which components of normals bakers turn at a place of a texture: those of the island of the material that is near. */
export function turnedAt(
  set: (typeof SETS)[number],
  material: string,
  u: number,
  v: number,
): readonly [number, number] {
  const near = 0.02;
  const piece = PIECES.find((one) => {
    const [u0, v0, u1, v1] = one[set].rect;
    return (
      (material === '' || one.material === material) && u > u0 - near && u < u1 + near && v > v0 - near && v < v1 + near
    );
  });
  const backwards = piece?.[set].backwards;
  return [backwards === 'u' ? -1 : 1, backwards === 'v' ? -1 : 1];
}
