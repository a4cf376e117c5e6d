// Integrate normals: the height of a surface from its slopes, by Poisson's equation on each island.
import { z } from 'zod';
import { boxHeight, boxWidth, defineNode, image, optionalImage, type Plane } from '../../engine/authoring.ts';
import { heightsOf, residualsOf } from './poisson/constants.ts';
import { curlOf } from './poisson/curl.ts';
import { describeHeight, HEIGHT, LEFT_CURL, LEFT_RESIDUAL, slopesIn } from './poisson/describe.ts';
import { islandsIn, metricIn, risesOf } from './poisson/input.ts';
import { pause } from './poisson/pause.ts';
import { solve } from './poisson/solve.ts';

const name = (preferred: string) => z.string().min(1).default(preferred);

const params = z.strictObject({
  slopeU: name('slope.u').meta({
    title: 'Slope across',
    description: 'The channel of how far the surface rises for each texel to the right.',
  }),
  slopeV: name('slope.v').meta({
    title: 'Slope up',
    description: 'The channel of how far it rises for each texel upwards.',
  }),
  wrap: z.enum(['none', 'across', 'down', 'both']).default('none').meta({
    title: 'Wrap around',
    description: 'Whether the picture goes on at its other side, as a tiling texture does: its heights then tile too.',
  }),
  zero: z.enum(['anchor', 'mean']).default('anchor').meta({
    title: 'Zero',
    description:
      'What has the height 0 on each island, as slopes alone do not tell: the flattest pixel, the first of several (anchor), or the mean of all.',
  }),
  units: z.enum(['texel', 'mm']).default('texel').meta({
    title: 'Units',
    description:
      'Of heights: texels, as if the texture lay on the surface evenly, or millimetres, by the metric of the mesh that Rasterize charts adds to charts.',
  }),
  amplitude: z
    .number()
    .min(-1e6)
    .max(1e6)
    .default(1)
    .meta({ title: 'Amplitude', description: 'What heights are multiplied by.' }),
  checks: z.boolean().default(true).meta({
    title: 'Checks',
    description:
      'Adds check.residual, what is left of the equations, and check.curl, how far the slopes around each corner are from closing, which no height can have.',
  }),
  tolerance: z.number().min(1e-10).max(0.1).default(1e-6).meta({
    title: 'Tolerance',
    advanced: true,
    description: 'How small the residual must become, relative to the right side of the equations.',
  }),
  maxIterations: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(10_000)
    .meta({ title: 'Most iterations', advanced: true, description: 'More than these are an error.' }),
  idChannel: name('id').meta({
    title: 'Island channel',
    advanced: true,
    description: 'The channel of charts that holds the numbers of islands; 0 is none.',
  }),
  metricLayer: name('metric').meta({
    title: 'Metric layer',
    advanced: true,
    description: 'The layer of charts with uu, vu and vv: what a texel is on the surface, for millimetres.',
  }),
  maskChannel: z.string().default('').meta({
    title: 'Mask channel',
    advanced: true,
    description: 'A channel of charts: pixels where it is below one half belong to no island. None where it is empty.',
  }),
});

export const poisson = defineNode({
  type: 'integrate.poisson',
  version: 1,
  title: 'Integrate normals',
  doc: `Makes the height of a surface, in texels or millimetres, of the slopes that Normal decode gives, in the channel height, a float. Other channels pass. Heights are those whose differences between neighbouring pixels come nearest to the mean of the slopes of both, in the sense of least squares; on an island's border nothing is demanded. For millimetres, slopes are taken as those of the surface itself along its tangent frame, which Rasterize charts measures where Metric is on: heights are then the same whatever the size of the texture, however it is stretched.

Charts say which pixels belong together: pixels of the same number that touch at a side. Islands do not know of each other, and pixels outside of all are 0; so is an island of one pixel. Without charts the whole data window is one island. Slopes that are no numbers count as 0, and the ledger counts them.

The attributes n2d:space, n2d:units and n2d:amplitude say what the heights are, Software what made them, and SourceMesh, where charts have it, of which mesh.

The whole frame is needed at once. The result is the same on every machine and with any number of workers. It is made by conjugate gradients that multigrid preconditions, so that the number of iterations does not grow with the picture. If the tolerance is not reached there is an error and no picture. Nuke and Gaffer have no such node.`,
  keywords: ['displacement', 'height', 'normal', 'poisson', 'integrate', 'depth', 'multigrid', 'bump', 'relief'],
  params,
  inputs: {
    image: image('Slopes, from Normal decode.'),
    charts: optionalImage('Which island each pixel belongs to.'),
  },
  access: 'frame',
  summary: ({ amplitude, units, wrap, zero }) =>
    [
      zero,
      ...(units === 'mm' ? ['mm'] : []),
      ...(wrap === 'none' ? [] : [`wraps ${wrap}`]),
      ...(amplitude === 1 ? [] : [`× ${amplitude}`]),
    ].join(', '),

  spec: (ctx) => describeHeight(ctx),

  async pull(ctx, want) {
    const { params, inputs, sources, signal } = ctx;
    const { part, box } = want;
    const names = slopesIn(params, inputs.image.parts[part]!)!;
    const planes = await sources.image.planes({ part, channels: names, box }, 'float');
    const metric = await metricIn(params, inputs.charts, sources.charts, box);
    await pause(signal);
    const { p, q } = risesOf(planes, names, metric, (rows) =>
      ctx.note({ kind: 'counted', part, name: names.join(', '), reason: 'no number, taken as 0', rows }),
    );
    const islands = await islandsIn(params, inputs.charts, sources.charts, box);
    await pause(signal);
    const wrap = {
      columns: params.wrap === 'across' || params.wrap === 'both',
      rows: params.wrap === 'down' || params.wrap === 'both',
    };
    const slopes = { columns: boxWidth(box), rows: boxHeight(box), p, q, islands, wrap };
    const { tolerance, maxIterations, zero, amplitude } = params;
    const solution = await solve(slopes, { tolerance, maxIterations, signal });
    const made = new Map<string, Plane>();
    const add = (channel: string, samples: Float32Array): void => {
      made.set(channel, { ...planes.get(names[0])!, type: 'float', samples });
    };
    await pause(signal);
    if (params.checks) {
      add(LEFT_RESIDUAL, residualsOf(solution, slopes));
      add(LEFT_CURL, curlOf(slopes));
      await pause(signal);
    }
    add(HEIGHT, await heightsOf(solution, slopes, { zero, amplitude, signal }));
    return made;
  },
});
