// Write EXR: one file for each frame, whole or absent.
import { dirname } from 'node:path';
import { z } from 'zod';
import {
  type ChunkLoss,
  COMPRESSIONS,
  type Delivery,
  type DeliveryWriter,
  defineNode,
  ExrWriter,
  exrQuality,
  formatOfName,
  type ImageSource,
  type ImageSpec,
  image,
  layoutOf,
  lowerQuality,
  type NodeProblem,
  type PartSpec,
  type Piece,
  type Plane,
  packChunk,
  packDeepChunk,
  readTags,
  type SinkContext,
} from '../../engine/authoring.ts';
import { makeFolder } from './target/folder.ts';
import { createFoldersParam, overwriteParam, targetPath } from './target/target.ts';
import { type Band, bandsOf } from './write/bands.ts';
import { copyPart } from './write/copy.ts';
import { asFloat, lint } from './write/lint.ts';
import { reportNames } from './write/names.ts';
import { withRecipe } from './write/recipe.ts';
import { losingChannels, oneLevel, type Planned, packingProblems, planPart, withLevel } from './write/storage.ts';

/** For other nodes that write files. */
export { makeFolder } from './target/folder.ts';
export { targetPath } from './target/target.ts';

const params = z.strictObject({
  path: z.string().min(1, 'Expected where to write').meta({
    title: 'File',
    widget: 'save-sequence',
    description: 'A pattern such as out/shot.%04d.exr. Several frames need a frame token.',
  }),
  compression: z
    .enum(['keep', ...COMPRESSIONS])
    .default('keep')
    .meta({
      title: 'Compression',
      description:
        'keep: as each part was stored, ZIP where it comes from no file. Parts that nobody changed are then copied without being unpacked. Deep parts take none, rle and zips.',
    }),
  zipLevel: z.int().min(1).max(9).default(4).meta({
    title: 'ZIP level',
    widget: 'slider',
    description:
      'Of zip, zips, pxr24 and what DWA keeps exactly: 1 is fast, 9 is small. 4 is packed by Sluice itself, faster than zlib packs at 4, and smaller.',
  }),
  dwaLevel: z.number().min(0).max(100_000).default(45).meta({
    title: 'DWA level',
    widget: 'slider',
    min: 0,
    max: 500,
    description:
      'Of dwaa and dwab: how far their colours may be off. 45 is hardly seen, 200 is small; other channels are kept exactly. An attribute dwaCompressionLevel of the image follows it.',
  }),
  lineOrder: z.enum(['keep', 'increasing', 'decreasing', 'random']).default('keep').meta({
    title: 'Line order',
    advanced: true,
    description: 'Order of chunks in the file; random is for tiles only.',
  }),
  layout: z
    .enum(['keep', 'scanlines', 'tiles'])
    .default('keep')
    .meta({ title: 'Layout', description: 'Scan lines or tiles.' }),
  tileSize: z
    .tuple([z.int().min(1).max(8192), z.int().min(1).max(8192)])
    .default([64, 64])
    .meta({ title: 'Tile size', unit: 'px', description: 'Width and height of tiles, where Layout is tiles.' }),
  partNames: z.array(z.string().min(1)).default([]).meta({
    title: 'Part names',
    advanced: true,
    description: 'Names for the parts in order; their own names where the list is shorter.',
  }),
  types: z
    .array(z.strictObject({ channels: z.string().min(1), type: z.enum(['half', 'float', 'uint']) }))
    .default([])
    .meta({
      title: 'Types',
      advanced: true,
      description:
        'Sample types by channel name, * for any text. Without a row a channel keeps its type. The ledger counts what is converted.',
    }),
  overwrite: overwriteParam,
  embedRecipe: z.boolean().default(false).meta({
    title: 'Embed recipe',
    advanced: true,
    description:
      'Puts the graph, what this run chose and the names of the inputs into the attribute sluiceRecipe of the first part. Such a file can be opened as a graph.',
  }),
  createFolders: createFoldersParam,
});

type Params = z.output<typeof params>;
type Inputs = { readonly image: ReturnType<typeof image> };
type Context = SinkContext<Params, Inputs>;

export const write = defineNode({
  type: 'io.write',
  version: 1,
  title: 'Write EXR',
  doc: 'Writes each frame as an EXR file with all parts, channels and attributes of the image, and nothing else. A file is whole or absent; an input is never written over.',
  keywords: ['save', 'output', 'render', 'export', 'file', 'exr'],
  params,
  inputs: { image: image('The image to write.') },
  cosmetic: ['createFolders', 'overwrite'],
  summary: ({ path, compression }) =>
    `${path.slice(path.lastIndexOf('/') + 1)}${compression === 'keep' ? '' : `, ${compression}`}`,

  deliver: {
    asFloat,
    plan: (ctx): Delivery => {
      const path = targetPath(ctx, 'exr', ctx.report);
      if (formatOfName(path)) ctx.report(wrongEnding(path));
      const { parts } = ctx.inputs.image;
      if (parts.length === 0 || parts.some((p) => p.channels.length === 0)) {
        ctx.report({
          severity: 'error',
          code: 'channel-none',
          message: 'There is no channel to write. Keep at least one in every part.',
          where: {},
        });
      }
      reportNames(parts, ctx.params.partNames, ctx.report);

      const planned = writtenParts(ctx, ctx.report);
      lint({
        path,
        params: ctx.params,
        planned,
        given: ctx.inputs.image,
        origins: (part) => ctx.origins('image', part),
        report: ctx.report,
      });
      const pieces: Piece[] = planned.flatMap(({ copied, write }, index): Piece[] => {
        if (copied) return [{ part: index, box: write.dataWindow, direct: true, data: {} }];
        return bandsOf(write, index, ctx.origins('image', index), ctx.margin);
      });
      const written: ImageSpec = { parts: planned.map(({ spec }) => settled(spec, planned[0]!.spec, ctx.node)) };
      const losing = planned.flatMap(({ copied, write }) => (copied ? [] : losingChannels(write)));
      return { path, pieces, written, changes: planned.flatMap((p) => p.changes), losing };
    },

    pack: async (ctx, piece): Promise<Uint8Array[]> => {
      const { write, spec } = plannedParts(ctx)[piece.part]!;
      const indices = chunkIndices(write, piece.data as unknown as Band);
      if (spec.kind === 'deep') {
        const channels = write.channels.map(({ name }) => name);
        const deep = await ctx.sources.image.deep({ part: piece.part, channels, box: piece.box });
        return indices.map((index) => packDeepChunk(write, index, deep, ctx.params));
      }
      const planes = await wantedPlanes(ctx, ctx.sources.image, piece, write.channels);
      const { zipLevel, dwaLevel } = ctx.params;
      const onLoss = (loss: ChunkLoss): void => ctx.count({ ...loss, reason: `packed as ${write.compression}` });
      const options = { zipLevel, dwaLevel, onLoss };
      return indices.map((index) => packChunk(write, index, planes, options));
    },

    open: async (ctx, delivery): Promise<DeliveryWriter> => {
      const { path } = delivery;
      if (ctx.params.createFolders) makeFolder(dirname(path));
      const planned = writtenParts(ctx);
      const writer = await ExrWriter.create(
        path,
        planned.map((p) => p.write),
        { replace: ctx.params.overwrite === 'replace' },
      );
      return {
        put: async (piece, packed) => {
          if (piece.direct) {
            const source = ctx.encoded('image', piece.part)!;
            return copyPart(ctx.services, writer, piece.part, source);
          }
          const indices = chunkIndices(planned[piece.part]!.write, piece.data as unknown as Band);
          for (const [i, index] of indices.entries()) await writer.put(piece.part, index, packed[i]!);
        },
        finish: () => writer.finish(),
        abort: () => writer.abort(),
      };
    },
  },
});

/** Other programs go by the name. */
const wrongEnding = (path: string): NodeProblem => ({
  severity: 'warning',
  code: 'picture-format',
  message: `${path} would be an EXR file with the ending of a picture. Use Write picture, or end the name in .exr.`,
  where: { param: 'path', file: path },
});

/** Each part as it will be stored, and whether its chunks are copied. */
function plannedParts(
  ctx: Context,
  report: (problem: NodeProblem) => void = () => {},
): readonly (Planned & { readonly copied: boolean })[] {
  return ctx.inputs.image.parts.map((part, index) => {
    const planned = planPart(part, index, ctx.params, report);
    if (planned.asStored && ctx.encoded('image', index)) return { ...planned, copied: true };
    for (const problem of packingProblems(part, planned)) report(problem);
    return { ...withLevel(oneLevel(planned), ctx.node, ctx.params.dwaLevel), copied: false };
  });
}

/** The part with what its storage makes of its quality: no file is better than what reading it would say. */
function settled(part: PartSpec, first: PartSpec, by: string): PartSpec {
  const tagged = readTags(part.attributes, first.attributes);
  const found = exrQuality(tagged, part.channels, part.stored!.compression);
  return lowerQuality(part, found && { ...found, by });
}

/** The parts as the file will have them; chunks do not depend on the recipe, so packing goes without. */
function writtenParts(ctx: Context, report?: (problem: NodeProblem) => void): ReturnType<typeof plannedParts> {
  const parts = plannedParts(ctx, report);
  return ctx.params.embedRecipe ? withRecipe(parts, ctx.node, ctx.recipe()) : parts;
}

/** Chunk indices of a band in the order in which they go to the file. */
function chunkIndices(write: Planned['write'], band: Band): number[] {
  const { columns } = layoutOf(write).levels[0]!;
  const rows = Array.from({ length: band.count }, (_, i) => band.row + i);
  if (write.lineOrder === 'decreasing') rows.reverse();
  return rows.flatMap((row) => Array.from({ length: columns }, (_, column) => row * columns + column));
}

/** The planes of a piece: as they are, but for the channels that a row of `types` converts. */
async function wantedPlanes(
  ctx: Context,
  source: ImageSource,
  piece: Piece,
  channels: Planned['write']['channels'],
): Promise<Map<string, Plane>> {
  const own = ctx.inputs.image.parts[piece.part]!.channels;
  const planes = new Map<string, Plane>();
  for (const type of [undefined, 'half', 'float', 'uint'] as const) {
    const names = own
      .filter((c, i) => (channels[i]!.type === c.type ? type === undefined : channels[i]!.type === type))
      .map((c) => c.name);
    if (names.length === 0) continue;
    const got = await source.planes({ part: piece.part, channels: names, box: piece.box }, type);
    for (const name of names) planes.set(name, got.get(name)!);
  }
  return planes;
}
