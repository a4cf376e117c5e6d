// Finding charts: the islands of a UV set with their tiles, sides and oddities.
import {
  type Chart,
  type Charts,
  didYouMean,
  EngineError,
  listNames,
  type Mesh,
  type UvSet,
} from '../../../engine/authoring.ts';
import { tilesOf } from '../tile/tile.ts';
import { joinFaces, layoutOf } from './join.ts';
import { findOverlaps } from './overlap.ts';

export interface ChartChoice {
  /** Empty for the first one. */
  readonly uvSet: string;
  /** Empty for all. */
  readonly material: string;
  readonly tolerance: number;
}

/** Throws `mesh-no-uvs`, `mesh-uv-set-unknown`, `mesh-material-unknown`. */
export function findCharts(mesh: Mesh, choice: ChartChoice): Charts {
  const set = chosenSet(mesh, choice.uvSet);
  const material = choice.material === '' ? -1 : mesh.materials.indexOf(choice.material);
  if (choice.material !== '' && material < 0) {
    const message = `${mesh.source.file} has no material ${choice.material}; it has ${listNames(mesh.materials)}.${didYouMean(choice.material, mesh.materials)}`;
    throw new EngineError('invalid', 'mesh-material-unknown', message, { param: 'material' });
  }
  const count = mesh.faces.length / 3;
  const wanted = (face: number): boolean => material < 0 || mesh.faceMaterials[face] === material;
  const taken = Uint8Array.from({ length: count }, (_, face) => (wanted(face) && set.has[face] === 1 ? 1 : 0));
  const layout = layoutOf(mesh, set, taken);
  const roots = joinFaces(mesh, set, layout, choice.tolerance);
  const found = gather(mesh, set, { taken, layout, roots });
  const { pairs, own, complete } = findOverlaps(set.coordinates, found.faceCharts, choice.tolerance);
  let missing = 0;
  for (let face = 0; face < count; face++) if (wanted(face) && set.has[face] === 0) missing += 1;
  return {
    uvSet: set.name,
    ...(choice.material === '' ? {} : { material: choice.material }),
    tolerance: choice.tolerance,
    ...found,
    missing,
    overlaps: pairs,
    selfOverlaps: own,
    overlapsComplete: complete,
  };
}

function chosenSet({ uvSets, source }: Mesh, name: string): UvSet {
  const [first] = uvSets;
  if (!first) {
    const message = `${source.file} has no UV set, and charts need one. Unfold the mesh and export it with its UVs.`;
    throw new EngineError('invalid', 'mesh-no-uvs', message);
  }
  const set = name === '' ? first : uvSets.find((one) => one.name === name);
  if (set) return set;
  const names = uvSets.map((one) => one.name);
  const message = `${source.file} has no UV set ${name}; it has ${listNames(names)}.${didYouMean(name, names)}`;
  throw new EngineError('invalid', 'mesh-uv-set-unknown', message, { param: 'uvSet' });
}

interface Facts {
  readonly taken: Uint8Array;
  readonly layout: ReturnType<typeof layoutOf>;
  readonly roots: Int32Array;
}

interface Growing {
  readonly tiles: Set<number>;
  readonly sides: [number, number];
  readonly counts: [number, number];
  readonly bounds: [number, number, number, number];
  rise: number;
}

function gather(
  mesh: Mesh,
  { coordinates: uv }: UvSet,
  { taken, layout, roots }: Facts,
): Pick<Charts, 'charts' | 'faceCharts' | 'tiles' | 'crossing' | 'flat' | 'outside'> {
  const { turns, areas, rises } = layout;
  const count = mesh.faces.length / 3;
  const faceCharts = new Uint32Array(count);
  const growing: Growing[] = [];
  const ids = new Map<number, number>();
  const [crossing, flat]: [number[], number[]] = [[], []];
  const tiles = new Set<number>();
  let outside = 0;
  for (let face = 0; face < count; face++) {
    if (taken[face] === 0) continue;
    if (turns[face] === 0) {
      flat.push(face);
      continue;
    }
    const root = roots[face]!;
    let id = ids.get(root);
    if (id === undefined) {
      id = growing.push({
        tiles: new Set(),
        sides: [0, 0],
        counts: [0, 0],
        bounds: [Infinity, Infinity, -Infinity, -Infinity],
        rise: 0,
      });
      ids.set(root, id);
    }
    faceCharts[face] = id;
    const chart = growing[id - 1]!;
    const side = turns[face]! > 0 ? 0 : 1;
    chart.sides[side] += areas[face]!;
    chart.counts[side] += 1;
    chart.rise += rises[face]!;
    const at = face * 6;
    for (let i = 0; i < 6; i += 2) {
      const [u, v] = [uv[at + i]!, uv[at + i + 1]!];
      const { bounds } = chart;
      bounds[0] = Math.min(bounds[0], u);
      bounds[1] = Math.min(bounds[1], v);
      bounds[2] = Math.max(bounds[2], u);
      bounds[3] = Math.max(bounds[3], v);
    }
    const on = tilesOf([uv[at]!, uv[at + 1]!, uv[at + 2]!, uv[at + 3]!, uv[at + 4]!, uv[at + 5]!]);
    for (const tile of on.tiles) {
      tiles.add(tile);
      chart.tiles.add(tile);
    }
    if (on.tiles.length > 1) crossing.push(face);
    if (on.outside) outside += 1;
  }
  return {
    charts: growing.map((chart, i) => finished(chart, i + 1)),
    faceCharts,
    tiles: [...tiles].sort((a, b) => a - b),
    crossing,
    flat,
    outside,
  };
}

function finished({ tiles, sides, counts, bounds, rise }: Growing, id: number): Chart {
  const mirrored = sides[1] > sides[0];
  return {
    id,
    faces: counts[0] + counts[1],
    tiles: [...tiles].sort((a, b) => a - b),
    flipU: mirrored && rise >= 0,
    flipV: mirrored && rise < 0,
    folded: counts[mirrored ? 0 : 1],
    area: sides[0] + sides[1],
    bounds,
  };
}
