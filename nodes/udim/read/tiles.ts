// Which tiles there are on disk, which are wanted, and which one stands in for another.
import {
  asEngineError,
  EngineError,
  FIRST_TILE,
  type FrameList,
  findSequence,
  formatFrames,
  LAST_TILE,
  type Mesh,
  type NodeProblem,
  PICTURE_ENDINGS,
  parseFrames,
  type Sequence,
  type Services,
} from '../../../engine/authoring.ts';

export interface TileParams {
  readonly path: string;
  readonly tiles: string;
  readonly replicate: string;
}

export interface Tiles {
  /** Those that have files, rising; at least one. */
  readonly present: FrameList;
  /** Those that the parameter demands, or else the mesh, rising. */
  readonly wanted: FrameList;
  /** Those that can be rendered, where their number is limited. */
  readonly frames: FrameList;
  readonly replicatesAll: boolean;
  replicates(tile: number): boolean;
  /** The absolute path of a tile that is present. */
  file(tile: number): string;
}

/**
 * Looks at the folder once. A mesh without charts demands no tile. Throws as `findSequence` does, `frames-syntax`,
 * `tile-outside`, and `sequence-empty`.
 */
export function tilesOf(params: TileParams, services: Services, mesh?: Mesh): Tiles {
  const path = services.resolve(params.path, 'read');
  const { sequence } = services.share(`tiles ${path}`, () => new Listed(path));
  const present = sequence.still ? [FIRST_TILE] : sequence.frames.filter((n) => n >= FIRST_TILE && n <= LAST_TILE);
  if (present.length === 0) {
    const found = formatFrames(sequence.frames);
    const message = `Expected tiles from ${FIRST_TILE} on of ${params.path}, found ${found}. For frames take Read sequence.`;
    throw new EngineError('invalid', 'sequence-empty', message, { param: 'path', file: path });
  }
  const listed = listOf(params.tiles, 'tiles');
  const wanted = listed.length > 0 ? listed : (mesh?.charts?.tiles ?? []);
  const replicatesAll = params.replicate.trim() === 'all';
  const named = new Set(replicatesAll ? [] : listOf(params.replicate, 'replicate'));
  const all = wanted.length > 0 ? wanted : [...new Set([...present, ...named])].sort((a, b) => a - b);
  return {
    present,
    wanted,
    frames: all,
    replicatesAll,
    replicates: (tile) => replicatesAll || named.has(tile),
    file: (tile) => services.resolve(sequence.files(tile)!, 'read'),
  };
}

/** The file that answers for a tile, and whose it is: that of the first one where it has none. */
export function chosenTile(params: TileParams, services: Services, tile: number): { file: string; used: number } {
  const tiles = tilesOf(params, services);
  const used = tiles.present.includes(tile) ? tile : tiles.present[0]!;
  return { file: tiles.file(used), used };
}

/** Throws `tile-missing` for a tile that nothing answers for. Of those that are wanted `missingTiles` tells, all at once. */
export function requireTile(params: TileParams, services: Services, tile: number, mesh: Mesh | undefined): void {
  const tiles = tilesOf(params, services, mesh);
  if (!tiles.present.includes(tile) && !tiles.replicates(tile) && !tiles.wanted.includes(tile)) {
    const message = `Tile ${tile} of ${params.path} has no file; there are ${formatFrames(tiles.present)}. Make it, render other tiles, or name it in replicate.`;
    throw new EngineError('invalid', 'tile-missing', message, { param: 'path', frame: tile });
  }
}

/** What is wrong where wanted tiles have no file and nothing stands in for them. */
export function missingTiles(params: TileParams, services: Services, mesh: Mesh | undefined): NodeProblem | undefined {
  const { wanted, present, replicates } = tilesOf(params, services, mesh);
  const missing = wanted.filter((tile) => !present.includes(tile) && !replicates(tile));
  if (missing.length === 0) return undefined;
  const list = formatFrames(missing);
  const named = params.replicate.trim();
  const listed = params.tiles.trim() !== '';
  const whose = mesh && !listed ? `, on which ${mesh.source.file} lies,` : '';
  return {
    severity: 'error',
    code: 'tile-missing',
    message: `${missing.length === 1 ? `Tile ${list}${whose} has` : `Tiles ${list}${whose} have`} no file of ${params.path}; there are ${formatFrames(present)}.`,
    where: { param: listed ? 'tiles' : 'path' },
    fixes: [
      {
        title: `Show tile ${present[0]} there`,
        set: {
          replicate: formatFrames([...(named === '' ? [] : parseFrames(named)), ...missing].sort((a, b) => a - b)),
        },
      },
      ...(missing.length < wanted.length
        ? [{ title: 'Leave them out', set: { tiles: formatFrames(wanted.filter((tile) => !missing.includes(tile))) } }]
        : []),
    ],
  };
}

function listOf(text: string, param: string): FrameList {
  if (text.trim() === '') return [];
  const list = parsed(text, param).toSorted((a, b) => a - b);
  const outside = list.find((tile) => tile < FIRST_TILE || tile > LAST_TILE);
  if (outside === undefined) return list;
  const message = `Expected tiles from ${FIRST_TILE} to ${LAST_TILE}, found ${outside}.`;
  throw new EngineError('invalid', 'tile-outside', message, { param });
}

function parsed(text: string, param: string): FrameList {
  try {
    return parseFrames(text);
  } catch (thrown) {
    throw asEngineError(thrown, { param });
  }
}

/** The files of a pattern as they were when they were first looked for. */
class Listed {
  readonly #path: string;
  #sequence: Sequence | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  get sequence(): Sequence {
    this.#sequence ??= findSequence(this.#path, { otherwise: PICTURE_ENDINGS });
    return this.#sequence;
  }

  close(): void {}
}
