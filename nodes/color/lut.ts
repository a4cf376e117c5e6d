// LUT: looks colours up in the table of a file.
import { z } from 'zod';
import {
  defineNode,
  image,
  type PointwiseProgram,
  type Services,
  SPACE_NAMES,
  SPACE_TITLES,
} from '../../engine/authoring.ts';
import { mainLayerParams, unpremultiply } from './layer/params.ts';
import { retagImage } from './layer/retag.ts';
import { describeLayers, groupsOf } from './layer/run.ts';
import { openTable, tableIdentity } from './table/file.ts';

const params = z.strictObject({
  path: z
    .string()
    .min(1, 'Expected the path of a table')
    .meta({
      title: 'File',
      widget: 'file',
      extensions: ['cube', 'spi1d', 'spi3d', 'csp'],
      description: 'A table in a .cube, .spi1d, .spi3d or .csp file.',
    }),
  interpolation: z.enum(['tetrahedral', 'trilinear']).default('tetrahedral').meta({
    title: 'Interpolation',
    description:
      'How colours between the entries of a cube are found. Tetrahedral keeps greys between greys, and is what graders use.',
    advanced: true,
  }),
  result: z
    .enum(['unknown', 'same', ...SPACE_NAMES])
    .default('unknown')
    .meta({
      title: 'Result',
      description:
        'The space that comes out, which a table does not say. unknown takes the tags of colour away, same keeps them, since the table is a look within one space.',
      titles: SPACE_TITLES,
    }),
  unpremultiply,
  ...mainLayerParams,
});

type Params = z.output<typeof params>;

/** The steps of the table. Throws what is wrong with its file. */
function programOf({ path, interpolation, unpremultiply: divides }: Params, services: Services): PointwiseProgram {
  const steps = openTable(services, path).program.map((step) =>
    step.do === 'cube' ? { ...step, way: interpolation } : step,
  );
  return divides ? [{ do: 'divide' }, ...steps, { do: 'multiply' }] : steps;
}

export const lut = defineNode({
  type: 'color.lut',
  version: 1,
  title: 'LUT',
  doc: 'Looks red, green and blue up in a table: 1D, 3D, or 1D before 3D, straight between entries in 1D and by tetrahedra in 3D. Colours outside of the domain of the table become what its nearest end or side gives, so that light above it is lost: tables are for logarithmic and display codes, and Color convert makes such of linear light. A NaN stays one, and in 3D makes all of its colour NaN. Alpha, windows and sample types stay as they are. What a file does not hold, such as the space that it is for, has to be said.',
  keywords: [
    'colour',
    'look-up table',
    'lookup',
    'cube',
    'spi1d',
    'spi3d',
    'csp',
    '3D LUT',
    '1D LUT',
    'look',
    'film print',
  ],
  params,
  inputs: { image: image('The image, in the space that the table was made for.') },
  summary: ({ path }) => path.slice(path.lastIndexOf('/') + 1),

  files: ({ params, services }) => [services.resolve(params.path, 'read')],
  identity: ({ params, services }) => tableIdentity(services, params.path),

  spec(ctx) {
    const { params, services } = ctx;
    const made = describeLayers(ctx, programOf(params, services));
    return params.result === 'same' ? made : retagImage(ctx, made, params.result);
  },

  pointwise: (ctx, part) => groupsOf(ctx, programOf(ctx.params, ctx.services), part),
});
