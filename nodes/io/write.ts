// Write EXR: one file for each frame, whole or absent.
import { dirname } from 'node:path';
import type { z } from 'zod';
import {
  type ChunkLoss,
  convertPlane,
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
import { asFinite } from './target/finite.ts';
import { makeFolder } from './target/folder.ts';
import { targetPath } from './target/target.ts';
import { type Band, bandsOf } from './write/bands.ts';
import { copyPart } from './write/copy.ts';
import { type LevelBand, LevelWriter, levelPieces, packLevels } from './write/levels.ts';
import { asFloat, lint } from './write/lint.ts';
import { levelChanges, levelProblems, lostLevels, makesLevels, makingsOf, withWraps } from './write/making.ts';
import { reportNames } from './write/names.ts';
import { writeParams } from './write/params.ts';
import type { LevelMaking } from './write/pyramid.ts';
import { withRecipe } from './write/recipe.ts';
import { sparseProblems } from './write/sparse.ts';
import {
  asksLevels,
  losingChannels,
  oneLevel,
  type Planned,
  packingProblems,
  planPart,
  withLevel,
} from './write/storage.ts';

/** For other nodes that write files. */
export { makeFolder } from './target/folder.ts';
export { targetPath } from './target/target.ts';

type Params = z.output<typeof writeParams>;
type Inputs = { readonly image: ReturnType<typeof image> };
type Context = SinkContext<Params, Inputs>;

export const write = defineNode({
  type: 'io.write',
  version: 1,
  title: 'Write EXR',
  doc: 'Writes each frame as an EXR file with all parts, channels and attributes of the image, and nothing else. A file is whole or absent; an input is never written over.',
  keywords: ['save', 'output', 'render', 'export', 'file', 'exr'],
  params: writeParams,
  inputs: { image: image('The image to write.') },
  cosmetic: ['createFolders', 'overwrite'],
  summary: ({ path, compression }) =>
    `${path.slice(path.lastIndexOf('/') + 1)}${compression === 'keep' ? '' : `, ${compression}`}`,

  deliver: {
    asFloat,
    asFinite,
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
        maker: (part, channel) => ctx.maker('image', part, channel),
        report: ctx.report,
      });
      const pieces: Piece[] = planned.flatMap(({ copied, write, making }, index): Piece[] => {
        if (copied) return [{ part: index, box: write.dataWindow, direct: true, data: {} }];
        if (making) return levelPieces(write, index);
        return bandsOf(write, index, ctx.origins('image', index), ctx.margin);
      });
      const written: ImageSpec = { parts: planned.map(({ spec }) => settled(spec, planned[0]!.spec, ctx.node)) };
      const losing = planned.flatMap(({ copied, write }) => (copied ? [] : losingChannels(write)));
      return { path, pieces, written, changes: planned.flatMap((p) => p.changes), losing };
    },

    pack: async (ctx, piece): Promise<Uint8Array[]> => {
      const { write, spec, making } = plannedParts(ctx)[piece.part]!;
      const { zipLevel, dwaLevel } = ctx.params;
      const onLoss = (loss: ChunkLoss): void => ctx.count({ ...loss, reason: `packed as ${write.compression}` });
      const packing = { zipLevel, dwaLevel, onLoss };
      if (making) {
        const { band } = piece.data as unknown as LevelBand;
        return packLevels({ write, making, packing }, band, ({ from, to }, own) => {
          const { minY } = write.dataWindow;
          const box = { ...write.dataWindow, minY: minY + from, maxY: minY + to };
          return wantedPlanes(ctx, ctx.sources.image, { part: piece.part, box, counted: own }, write.channels);
        });
      }
      const indices = chunkIndices(write, piece.data as unknown as Band);
      if (spec.kind === 'deep') {
        const channels = write.channels.map(({ name }) => name);
        const deep = await ctx.sources.image.deep({ part: piece.part, channels, box: piece.box });
        return indices.map((index) => packDeepChunk(write, index, deep, ctx.params));
      }
      const planes = await wantedPlanes(ctx, ctx.sources.image, { ...piece, counted: true }, write.channels);
      const packed = indices.map((index) => packChunk(write, index, planes, packing));
      ctx.giveBack(planes);
      return packed;
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
      const leveled = planned.map(({ write, making }, part) =>
        making ? new LevelWriter({ write, making, packing: ctx.params }, writer, part) : undefined,
      );
      return {
        put: async (piece, packed) => {
          if (piece.direct) {
            const source = ctx.encoded('image', piece.part)!;
            return copyPart(ctx.services, writer, piece.part, source);
          }
          const levels = leveled[piece.part];
          if (levels) return levels.put((piece.data as unknown as LevelBand).band, packed);
          const indices = chunkIndices(planned[piece.part]!.write, piece.data as unknown as Band);
          for (const [i, index] of indices.entries()) await writer.put(piece.part, index, packed[i]!);
        },
        finish: () => writer.finish(),
        abort: async () => {
          try {
            await Promise.all(leveled.map((levels) => levels?.abort()));
          } finally {
            await writer.abort();
          }
        },
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

/** A part as it will be stored. */
interface PlannedPart extends Planned {
  /** Whether its chunks are copied. */
  readonly copied: boolean;
  /** How its levels are made, where they are. */
  readonly making?: LevelMaking;
}

/** Each part as it will be stored. What is wrong is looked for where it is reported, and not again for each piece. */
function plannedParts(ctx: Context, report?: (problem: NodeProblem) => void): readonly PlannedPart[] {
  const { params, inputs, node } = ctx;
  const { parts } = inputs.image;
  const all = parts.map((part, index) => planPart(part, index, params, report ?? (() => {})));
  const written = all.map(({ spec }) => spec);
  const makings = asksLevels(params) ? makingsOf(parts, written, params) : [];
  return parts.map((part, index) => {
    const planned = all[index]!;
    // Scan lines have no levels: a part for which some are asked is not as it is stored.
    const asStored = planned.asStored && (planned.write.tiles !== undefined || !asksLevels(params));
    if (asStored && ctx.encoded('image', index)) return { ...planned, copied: true };
    if (report) {
      const sparse = sparseProblems(part, index, planned, params);
      const problems = [
        ...packingProblems(part, planned),
        ...(sparse.length > 0 ? sparse : levelProblems(part, index, planned, params)),
        ...(params.levels === 'keep' ? lostLevels(part, index, oneLevel(planned), ctx.origins('image', index)) : []),
      ];
      for (const problem of problems) report(problem);
    }
    const making = makings[index];
    if (!making || part.kind === 'deep' || !makesLevels(planned)) {
      return { ...withLevel(oneLevel(planned), node, params.dwaLevel), copied: false };
    }
    const changes = [...planned.changes, ...levelChanges(planned, making)];
    const leveled = withLevel(withWraps(planned, making, params, node), node, params.dwaLevel);
    return { ...leveled, changes, copied: false, making };
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

/**
 * Planes of a region: as they are, but for the channels that a row of `types` converts. What is not `counted` is another
 * band's as well, whose conversions are told once.
 */
async function wantedPlanes(
  ctx: Context,
  source: ImageSource,
  { part, box, counted }: Pick<Piece, 'part' | 'box'> & { readonly counted: boolean },
  channels: Planned['write']['channels'],
): Promise<Map<string, Plane>> {
  const own = ctx.inputs.image.parts[part]!.channels;
  const planes = new Map<string, Plane>();
  for (const type of [undefined, 'half', 'float', 'uint'] as const) {
    const names = own
      .filter((c, i) => (channels[i]!.type === c.type ? type === undefined : channels[i]!.type === type))
      .map((c) => c.name);
    if (names.length === 0) continue;
    const got = await source.planes({ part, channels: names, box }, counted ? type : undefined);
    for (const name of names) {
      const plane = got.get(name)!;
      planes.set(name, type && !counted ? convertPlane(plane, type).plane : plane);
    }
  }
  return planes;
}
