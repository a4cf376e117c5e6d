// What is wrong between the tiles of a mesh and those on disk, but for tiles that are missing.
import { formatFrames, type Mesh, type NodeProblem, type Services } from '../../../engine/authoring.ts';
import { type TileParams, tilesOf } from './tiles.ts';

/** A mesh of no use, and tiles on disk that it does not need. Throws as `tilesOf` does. */
export function meshProblems(params: TileParams, services: Services, mesh: Mesh | undefined): NodeProblem[] {
  if (!mesh) return [];
  const { file } = mesh.source;
  const needed = mesh.charts?.tiles;
  if (!needed) {
    const message = `${file} comes without charts. Put Find charts between it and this node.`;
    return [{ severity: 'error', code: 'mesh-no-charts', message }];
  }
  if (needed.length === 0) {
    const message = `No island of ${file} lies on a tile, so that no tile is needed. Look at its UV set.`;
    return [{ severity: 'error', code: 'mesh-tile-empty', message }];
  }
  if (params.tiles.trim() !== '') return [];
  const spare = tilesOf(params, services, mesh).present.filter((tile) => !needed.includes(tile));
  if (spare.length === 0) return [];
  const [tiles, needless] = spare.length === 1 ? ['tile', 'it is not'] : ['tiles', 'they are not'];
  const message = `${params.path} has the ${tiles} ${formatFrames(spare)}, on which no island of ${file} lies; ${needless} needed.`;
  return [{ severity: 'warning', code: 'mesh-tile-empty', message, where: { param: 'path' } }];
}
