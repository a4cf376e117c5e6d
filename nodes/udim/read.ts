// Read tiles: the tiles of a texture, one at each frame.
import { z } from 'zod';
import { defineNode, type FrameSupply, optionalMesh } from '../../engine/authoring.ts';
import { read as readFile } from '../io/read.ts';
import { meshProblems } from './read/mesh.ts';
import { chosenTile, missingTiles, requireTile, tilesOf } from './read/tiles.ts';

const params = z.strictObject({
  path: z.string().min(1, 'Expected the path of the tiles').meta({
    title: 'File',
    widget: 'sequence',
    description:
      'A pattern such as skin.<UDIM>.exr or skin.%04d.png, where 1001 is the first tile; skin.<u>_<v>.exr with column and row from 0, <U> and <V> from 1. A file without a token is tile 1001.',
  }),
  tiles: z.string().default('').meta({
    title: 'Tiles',
    description:
      'The tiles that are wanted, such as 1001-1003, 1011: of these none may be missing. Where it is empty those of the mesh, or, without one, those that have files.',
  }),
  replicate: z.string().default('').meta({
    title: 'Replicate',
    description:
      'Tiles without a file that show the picture of the first tile that has one: a list such as 1002, 1011, or all.',
  }),
  missingChunks: readFile.params.shape.missingChunks,
});

type Params = z.output<typeof params>;

/** The parameters with which Read sequence reads one file; samples stay as they are. */
const asFile = ({ missingChunks }: Params, path: string) => readFile.params.parse({ path, missingChunks });

export const read = defineNode({
  type: 'udim.read',
  version: 1,
  title: 'Read tiles',
  doc: `Reads the tiles of a texture: the frame is the number of the tile, 1001 + column + 10 × row, so that a run renders tiles side by side, resumes, and accounts for each as it does for frames. Parts, channels and attributes come as Read sequence gives them. Numbers of PNG, TIFF and other pictures stay as they are stored, from 0 to 1, whatever curve their tags name, as normals and displacement need it; for colours put Color convert behind.

With a mesh the tiles are those on which its islands lie, and files of others are told as a warning. A tile that is wanted and has no file is an error, unless Replicate says that another one stands in for it, which the ledger lists. In Nuke tiles are separate Read nodes; Gaffer leaves them to renderers.`,
  keywords: ['udim', 'texture', 'tile', 'uv', 'mari', 'open', 'load', 'input', 'normal', 'displacement'],
  params,
  inputs: { mesh: optionalMesh('A mesh with charts, from Find charts, whose tiles are wanted.') },
  summary: ({ path, tiles }) => path.slice(path.lastIndexOf('/') + 1) + (tiles === '' ? '' : `, ${tiles}`),

  frames: ({ params, services, meshes }): FrameSupply => {
    const { frames, replicatesAll } = tilesOf(params, services, meshes.mesh);
    return { frames, before: replicatesAll, after: replicatesAll, missing: replicatesAll, sparse: true };
  },

  files: ({ params, services }) => {
    const { present, file } = tilesOf(params, services);
    return present.map(file);
  },

  identity: (ctx) => {
    const { file } = chosenTile(ctx.params, ctx.services, ctx.frame);
    return readFile.identity!({ ...ctx, params: asFile(ctx.params, file) });
  },

  spec: async (ctx) => {
    const { mesh } = ctx.inputs;
    for (const problem of meshProblems(ctx.params, ctx.services, mesh)) ctx.report(problem);
    const missing = missingTiles(ctx.params, ctx.services, mesh);
    if (missing) ctx.report(missing);
    requireTile(ctx.params, ctx.services, ctx.frame, mesh);
    const { file, used } = chosenTile(ctx.params, ctx.services, ctx.frame);
    const spec = await readFile.spec!({ ...ctx, params: asFile(ctx.params, file) });
    if (used === ctx.frame) return spec;
    const reason = 'replicated, as the graph says';
    return { ...spec, substitutions: [{ node: ctx.node, asked: ctx.frame, used, reason, extended: true }] };
  },

  pull: (ctx, want) => {
    const { file } = chosenTile(ctx.params, ctx.services, ctx.frame);
    return readFile.pull!({ ...ctx, params: asFile(ctx.params, file) }, want);
  },

  pullDeep: (ctx, want) => {
    const { file } = chosenTile(ctx.params, ctx.services, ctx.frame);
    return readFile.pullDeep!({ ...ctx, params: asFile(ctx.params, file) }, want);
  },
});
