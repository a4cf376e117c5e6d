// The parameters of Write picture.
import { z } from 'zod';
import { createFoldersParam, overwriteParam } from '../target/target.ts';

export const params = z.strictObject({
  path: z.string().min(1, 'Expected where to write').meta({
    title: 'File',
    widget: 'save-sequence',
    description: 'A pattern such as review/shot.%04d.png. Several frames need a frame token.',
  }),
  format: z
    .enum(['ending', 'png', 'tiff', 'jpeg', 'webp'])
    .default('ending')
    .meta({ title: 'Format', description: 'ending: by the ending of the file.' }),
  bits: z.enum(['8', '16', '32']).default('8').meta({
    title: 'Bits',
    description:
      'Of a sample. 8 for all formats, 16 for PNG and TIFF, 32 (float) for TIFF. Whole numbers are the nearest to 255 or 65535 times the sample, clamped to 0 and 1, without dither.',
  }),
  part: z.string().default('').meta({
    title: 'Part',
    description: 'The name of the part that is written, or its number as #1. Empty: the first that has the channels.',
  }),
  channels: z.array(z.string().min(1)).max(4).default([]).meta({
    title: 'Channels',
    widget: 'channels',
    description:
      'One for grey, two for grey and alpha, three for RGB, four for RGBA, in that order. Empty: R, G, B and A, or Y and A.',
  }),
  alpha: z.enum(['auto', 'keep', 'drop']).default('auto').meta({
    title: 'Alpha',
    description:
      'auto: PNG and WebP hold colour that is not multiplied by alpha, so it is divided by it; TIFF keeps it and says how it is; JPEG holds none. keep: nothing is divided. drop: no alpha is written.',
  }),
  window: z.enum(['display', 'data']).default('display').meta({
    title: 'Window',
    description: 'Which window becomes the picture. What it has beyond the data window is 0.',
  }),
  colour: z.enum(['tag', 'none']).default('tag').meta({
    title: 'Colour tag',
    description:
      'tag: what colorInteropID and chromaticities say is written where the format can say it. none: nothing is said. Samples stay as they are.',
  }),
  quality: z.int().min(1).max(100).default(90).meta({
    title: 'Quality',
    widget: 'slider',
    min: 1,
    max: 100,
    description: 'Of JPEG, and of WebP with losses.',
  }),
  subsampling: z
    .enum(['4:4:4', '4:2:0'])
    .default('4:4:4')
    .meta({ title: 'Colour resolution', advanced: true, description: 'Of JPEG: 4:2:0 has a quarter of the colour.' }),
  lossless: z
    .boolean()
    .default(false)
    .meta({ title: 'Lossless', advanced: true, description: 'Of WebP: every sample is kept.' }),
  pngLevel: z
    .int()
    .min(0)
    .max(9)
    .default(6)
    .meta({ title: 'PNG level', widget: 'slider', advanced: true, description: '1 is fast, 9 is small.' }),
  tiffCompression: z
    .enum(['deflate', 'none'])
    .default('deflate')
    .meta({ title: 'TIFF compression', advanced: true, description: 'Both keep every sample.' }),
  overwrite: overwriteParam,
  createFolders: createFoldersParam,
});

export type Params = z.output<typeof params>;
