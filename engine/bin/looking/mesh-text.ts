// A mesh in words and as JSON: sizes, materials, and of each UV set the tiles and islands.
import type { Charts, Mesh } from '../../index.ts';
import { columns, printable } from '../terminal.ts';

export interface FoundCharts {
  readonly charts: Charts;
  /** In words, as the node tells them. */
  readonly oddities: readonly string[];
}

export const meshTitle = ({ source }: Mesh): string =>
  `${printable(source.file)}  ${source.format}, read by ${source.loader === 'blender' ? 'Blender' : 'assimp'}`;

const some = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

const facesOf = (mesh: Mesh, material: number): number =>
  mesh.faceMaterials.reduce((sum, at) => sum + (at === material ? 1 : 0), 0);

const polygonsOf = ({ polygons }: Mesh): number => (polygons.at(-1) ?? -1) + 1;

/** More names than these are a list that nobody reads. */
const MOST_NAMES = 12;

export function meshLines(mesh: Mesh, found: readonly FoundCharts[]): string[] {
  const { positions, faces, objects, materials, normals, space } = mesh;
  return [
    ...columns(
      [
        ['space', printable(space.stated)],
        ['vertices', `${positions.length / 3}`],
        ['faces', `${faces.length / 3} triangles of ${some(polygonsOf(mesh), 'polygon')}`],
        ['normals', normals ? 'at corners' : 'none'],
        ['objects', `${objects.length}: ${named(objects.map(({ name }) => name))}`],
      ],
      2,
    ),
    '  materials',
    ...columns(
      materials.map((name, i) => [printable(name), some(facesOf(mesh, i), 'face')]),
      4,
    ),
    ...(found.length === 0 ? ['  UV sets  none'] : found.flatMap((one) => chartLines(mesh, one))),
  ];
}

function chartLines(mesh: Mesh, { charts: found, oddities }: FoundCharts): string[] {
  const { charts, tiles, uvSet } = found;
  const covered = mesh.uvSets.find(({ name }) => name === uvSet)!.has.reduce((sum, has) => sum + has, 0);
  const across = charts.filter(({ flipU }) => flipU).map(({ id }) => `${id}`);
  const down = charts.filter(({ flipV }) => flipV).map(({ id }) => `${id}`);
  const on = (tile: number): number => charts.filter((chart) => chart.tiles.includes(tile)).length;
  const mirrored = [
    ...(across.length > 0 ? [`${across.length} in u (${named(across)})`] : []),
    ...(down.length > 0 ? [`${down.length} in v (${named(down)})`] : []),
  ];
  return [
    `  UV set ${printable(uvSet)}  ${some(covered, 'face')}, ${some(charts.length, 'island')}`,
    ...columns(
      [...tiles.map((tile) => [`tile ${tile}`, some(on(tile), 'island')]), ['mirrored', mirrored.join(', ') || 'none']],
      4,
    ),
    ...oddities.map((text) => `    ${printable(text)}`),
  ];
}

const named = (names: readonly string[]): string =>
  `${names.slice(0, MOST_NAMES).map(printable).join(', ')}${names.length > MOST_NAMES ? ', …' : ''}`;

/** Everything but the numbers of corners, as plain data. */
export function meshJson(mesh: Mesh, found: readonly FoundCharts[]): object {
  const { source, space, positions, faces, normals, objects, materials } = mesh;
  return {
    mesh: source.file,
    format: source.format,
    loader: source.loader,
    space,
    vertices: positions.length / 3,
    faces: faces.length / 3,
    polygons: polygonsOf(mesh),
    normals: normals !== undefined,
    objects: objects.map(({ name, count }) => ({ name, faces: count })),
    materials: materials.map((name, i) => ({ name, faces: facesOf(mesh, i) })),
    uv_sets: found.map(({ charts: of, oddities }) => ({
      name: of.uvSet,
      tolerance: of.tolerance,
      tiles: of.tiles,
      charts: of.charts.map(({ id, faces: count, tiles, flipU, flipV, folded, area, bounds }) => ({
        id,
        faces: count,
        tiles,
        flip_u: flipU,
        flip_v: flipV,
        folded,
        area,
        bbox_uv: bounds,
      })),
      crossing_faces: of.crossing.length,
      flat_faces: of.flat.length,
      missing_faces: of.missing,
      outside_faces: of.outside,
      overlaps: of.overlaps,
      self_overlapping_faces: of.selfOverlaps.length,
      overlaps_complete: of.overlapsComplete,
      oddities,
    })),
  };
}
