// The parameters of Write EXR.
import { z } from 'zod';
import { COMPRESSIONS, LEVEL_FILTERS, WRAPS } from '../../../engine/authoring.ts';
import { createFoldersParam, overwriteParam } from '../target/target.ts';

const wrapParam = (way: 'across' | 'down') =>
  z
    .enum(['keep', ...WRAPS])
    .default('keep')
    .meta({
      title: `Wrap ${way}`,
      advanced: true,
      description: `What four taps find beyond the ${way === 'across' ? 'left and right' : 'upper and lower'} border; box looks at nothing there. keep: what the attribute wrapmodes says, else clamp. A choice is written into wrapmodes where levels are made.`,
    });

export const writeParams = z.strictObject({
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
        'keep: as each part was stored, ZIP where it comes from no file. Parts that nobody changed are then copied without being unpacked. Deep parts take none, rle and zips; htj2k32 and htj2k256 are opened by programs with OpenEXR 3.4 or later.',
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
  levels: z.enum(['keep', 'one', 'mipmap', 'ripmap']).default('keep').meta({
    title: 'Levels',
    description:
      'Lower resolutions in the file, for tiles. keep: those that a part has where nobody changed it, else the full resolution alone. one: the full resolution alone. mipmap halves both sides from level to level, ripmap each side by itself. Levels are made of the one above in floats and rounded once; whole numbers, ids and Cryptomattes take every other sample and are not averaged.',
  }),
  levelRounding: z.enum(['keep', 'down', 'up']).default('keep').meta({
    title: 'Level rounding',
    advanced: true,
    description: 'How odd sizes are halved. keep: as the part was stored where it has levels, else down.',
  }),
  levelFilter: z.enum(LEVEL_FILTERS).default('box').meta({
    title: 'Level filter',
    advanced: true,
    description:
      'Of levels that are made. box: the mean by area. four-taps: 1/8, 3/8, 3/8, 1/8 as exrmaketiled has it, softer.',
  }),
  wrapX: wrapParam('across'),
  wrapY: wrapParam('down'),
  unfiltered: z.array(z.string().min(1)).default([]).meta({
    title: 'Not averaged',
    advanced: true,
    description:
      'More channels of which levels take every other sample, by name, * for any text. Whole numbers, ids and Cryptomattes always do.',
  }),
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
