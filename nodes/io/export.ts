// Write picture: one PNG, TIFF, JPEG or WebP file for each frame, whole or absent.
import { dirname } from 'node:path';
import {
  boxHeight,
  boxWidth,
  type Delivery,
  type DeliveryWriter,
  defineNode,
  image,
  type Loss,
  lowerQuality,
  type NodeProblem,
  type PackOptions,
  type Piece,
  packStrip,
  partLabel,
  pictureQuality,
  readTags,
  type SinkContext,
  type TiffShape,
} from '../../engine/authoring.ts';
import { type Choice, choose, TITLES } from './export/choice.ts';
import { bandRows, pictureWriter, tiffWriter } from './export/file.ts';
import { lintPicture } from './export/lint.ts';
import { type Params, params } from './export/params.ts';
import { pictureSamples } from './export/samples.ts';
import { type Tagged, tagsOf } from './export/tags.ts';
import { asFinite } from './target/finite.ts';
import { makeFolder } from './target/folder.ts';
import { targetPath } from './target/target.ts';

type Inputs = { readonly image: ReturnType<typeof image> };
type Context = SinkContext<Params, Inputs>;

/** All that is decided without pixels. */
interface Planned extends Choice, Tagged {
  /** Whether colour is divided by alpha. */
  readonly divides: boolean;
}

export const exportPicture = defineNode({
  type: 'io.export',
  version: 1,
  title: 'Write picture',
  doc: `Writes each frame as a PNG, TIFF, JPEG or WebP file: grey or RGB, with alpha or without. Samples go through no curve, so encode them before, for instance with Color convert. Whole numbers are rounded to the nearest and clamped, without dither; 32-bit TIFF keeps every float. The ledger says what such a file cannot hold: parts, channels, attributes, range and what is no number.

The picture is the display window; what the data window has outside of it is cut off, and where it has nothing there is 0, in Nuke and Gaffer too. They convert to the file's colour space when they write, which this node leaves to others: it states the colours that the image is tagged with, and says nothing where it has no tag. It divides colour by alpha for PNG and WebP, which hold it that way, as Gaffer does and Nuke does not; where alpha is 0 colour stays as it is.

A file is whole or absent; an input is never written over. A frame is held in memory as a whole while it is packed, except for TIFF.`,
  keywords: ['save', 'output', 'export', 'review', 'png', 'tiff', 'tif', 'jpeg', 'jpg', 'webp', 'preview', 'render'],
  params,
  inputs: { image: image('The image to write.') },
  cosmetic: ['createFolders', 'overwrite'],
  summary: ({ path, bits }) => `${path.slice(path.lastIndexOf('/') + 1)}, ${bits} bits`,

  deliver: {
    asFinite,
    plan: (ctx): Delivery => {
      const path = targetPath(ctx, 'png', ctx.report);
      const planned = plan(ctx, ctx.report);
      if (!planned) return { path, pieces: [], written: { parts: [] }, changes: [] };
      const { part, index, channels, depth, frame, window, held } = planned;
      lintPicture(planned, ctx.params, ctx.inputs.image, ctx.report);
      const quality = pictureQuality(depth, readTags(held, held));
      const rows = bandRows(window, channels.length);
      const pieces: Piece[] = [];
      for (let minY = window.minY; minY <= window.maxY; minY += rows)
        pieces.push({
          part: 0,
          box: { ...window, minY, maxY: Math.min(window.maxY, minY + rows - 1) },
          direct: false,
          data: {},
        });
      return {
        path,
        pieces,
        written: {
          parts: [
            lowerQuality(
              {
                kind: 'flat',
                dataWindow: frame,
                displayWindow: frame,
                channels,
                attributes: held,
                ...(part.quality ? { quality: part.quality } : {}),
              },
              quality && { ...quality, by: ctx.node },
            ),
          ],
        },
        taken: [{ port: 'image', part: index, channels: channels.map((c) => c.name) }],
        changes: changesOf(planned, ctx.params),
        losses: [...planned.losses, ...untaken(ctx, planned, part)],
      };
    },

    pack: async (ctx, piece): Promise<Uint8Array[]> => {
      const planned = plan(ctx)!;
      const { index, depth, divides, format } = planned;
      const names = planned.channels.map((c) => c.name);
      const planes = await ctx.sources.image.planes({ part: index, channels: names, box: piece.box });
      const samples = pictureSamples(planes, { names, depth, divides }, ctx.count);
      if (format === 'tiff') return [packStrip(samples, tiffShape(planned, ctx.params))];
      return [new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)];
    },

    open: async (ctx, { path }): Promise<DeliveryWriter> => {
      if (ctx.params.createFolders) makeFolder(dirname(path));
      const planned = plan(ctx)!;
      const target = { path, replace: ctx.params.overwrite === 'replace' };
      const { format, window, channels, depth } = planned;
      if (format === 'tiff')
        return tiffWriter(target, tiffShape(planned, ctx.params), bandRows(window, channels.length));
      return pictureWriter(target, depth, { ...packOptions(planned, ctx.params), format });
    },
  },
});

/** Undefined where nothing can be written; why has been reported. */
function plan(ctx: Context, report: (problem: NodeProblem) => void = () => {}): Planned | undefined {
  const { parts } = ctx.inputs.image;
  const choice = choose(ctx.params, ctx.inputs.image, report);
  if (!choice) return undefined;
  const tagged = tagsOf(choice, parts[0]!.attributes, ctx.params, report);
  const holdsStraight = choice.format === 'png' || choice.format === 'webp';
  const multiplied = choice.alpha && !tagged.straight && holdsStraight;
  if (multiplied && ctx.params.alpha === 'keep') {
    report({
      severity: 'warning',
      code: 'picture-alpha',
      message: `${TITLES[choice.format]} means colour that is not multiplied by alpha, and that of the image is. Other programs will show its edges too dark.`,
      where: { param: 'alpha' },
      fixes: [{ title: 'Divide by alpha', set: { alpha: 'auto' } }],
    });
  }
  return { ...choice, ...tagged, divides: multiplied && ctx.params.alpha === 'auto' };
}

const countOf = ({ channels }: Choice): 1 | 2 | 3 | 4 => channels.length as 1 | 2 | 3 | 4;

const tiffShape = (planned: Planned, { tiffCompression }: Params): TiffShape => ({
  width: boxWidth(planned.window),
  height: boxHeight(planned.window),
  channels: countOf(planned),
  depth: planned.depth,
  compression: tiffCompression,
  ...(planned.alpha ? { alpha: planned.straight ? 'straight' : 'premultiplied' } : {}),
  tags: planned.tags,
});

const packOptions = (planned: Planned, params: Params): Omit<PackOptions, 'format'> => ({
  width: boxWidth(planned.window),
  height: boxHeight(planned.window),
  channels: countOf(planned),
  quality: params.quality,
  lossless: params.lossless,
  subsampling: params.subsampling,
  level: params.pngLevel,
  tags: planned.tags,
});

function changesOf(planned: Planned, params: Params): Delivery['changes'] {
  const { format, depth, channels, divides, part } = planned;
  const bits = depth === 'float' ? '32-bit float' : `${params.bits} bits`;
  const from = part.picture?.stored ?? (part.stored ? 'OpenEXR' : undefined);
  const file = `${TITLES[format]}, ${bits}`;
  const changes = [{ name: 'file', reason: from === undefined ? `written as ${file}` : `${from} became ${file}` }];
  if (format === 'jpeg' || (format === 'webp' && !params.lossless))
    changes.push({ name: 'samples', reason: `packed with losses, quality ${params.quality}` });
  if (divides) changes.push({ name: 'colour', reason: `divided by ${channels.at(-1)!.name}` });
  if (format === 'webp' && channels.length < 3) changes.push({ name: 'grey', reason: 'became three equal channels' });
  return changes;
}

/** The channels and parts of the input that the picture is not made of. */
function untaken(ctx: Context, { channels, index, format }: Planned, part: Choice['part']): Loss[] {
  const taken = new Set(channels.map((c) => c.name));
  const held = format === 'jpeg' ? 'JPEG holds no alpha' : `the picture is made of ${[...taken].join(', ')}`;
  const losses = part.channels
    .filter((c) => !taken.has(c.name))
    .map(({ name }): Loss => {
      const reason = name === 'A' ? held : `the picture is made of ${[...taken].join(', ')}`;
      return { kind: 'channel', port: 'image', part: index, name, reason };
    });
  for (const [i, other] of ctx.inputs.image.parts.entries()) {
    if (i === index) continue;
    const reason = `the picture is made of part ${partLabel(part, index)}`;
    losses.push({ kind: 'part', port: 'image', part: i, name: partLabel(other, i), reason });
  }
  return losses;
}
