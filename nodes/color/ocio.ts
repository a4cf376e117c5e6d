// OCIO: conversions, looks, displays and views, and named transforms of an OpenColorIO config.
import { defineNode, type ImageSpec, image, type PointwiseProgram, type Services } from '../../engine/authoring.ts';
import { retagImage } from './layer/retag.ts';
import { describeLayers, groupsOf } from './layer/run.ts';
import { UnknownName } from './ocio/config/names.ts';
import { type Params, params } from './ocio/params.ts';
import { configPath, identityOf, makeProgram } from './ocio/program.ts';

function programOf(params: Params, services: Services): PointwiseProgram {
  const { program } = makeProgram(params, services);
  if (program.length === 0 || !params.unpremultiply) return program;
  return [{ do: 'divide' }, ...program, { do: 'multiply' }];
}

/** What the operation of a summary is between. */
function wordsOf({ operation, from, to, display, view, looks, named }: Params): string {
  if (operation === 'named') return named;
  if (operation === 'look') return `${from}: ${looks}`;
  return `${from} → ${operation === 'convert' ? to : `${display || 'display'}, ${view || 'view'}`}`;
}

export const ocio = defineNode({
  type: 'color.ocio',
  version: 1,
  title: 'OCIO',
  doc: 'Converts R, G and B of every layer as an OpenColorIO config says: between its colour spaces, through its looks, to its displays and views, or by its named transforms. Of the transforms of a config those are done that the reference lists, in the precision of a float; any other one is a problem that names it. Where the space that comes out is known by an interop ID or a common name, chromaticities and colorInteropID are set to it; otherwise they go. Alpha and windows stay as they are. A NaN stays one, and in a 3D table makes all of its colour NaN. Sample types stay as they are.',
  keywords: [
    'colour',
    'OpenColorIO',
    'OCIOColorSpace',
    'OCIODisplay',
    'OCIOLookTransform',
    'config',
    'look',
    'view',
    'display',
    'CLF',
    'LUT',
  ],
  params,
  inputs: { image: image('The image, in the space that From names.') },
  summary: (params) => `${wordsOf(params)}${params.direction === 'inverse' ? ', inverse' : ''}`,

  files({ params, services }) {
    const config = configPath(params.config, services);
    try {
      return [...makeProgram(params, services).seen.keys()];
    } catch {
      // What is wrong with it is said where the image is described.
      return [config];
    }
  },

  identity({ params, services }) {
    try {
      return identityOf(makeProgram(params, services));
    } catch (thrown) {
      // The image is described all the same, so that other names can be offered.
      if (thrown instanceof UnknownName) return thrown.message;
      throw thrown;
    }
  },

  spec(ctx): ImageSpec {
    try {
      const made = describeLayers(ctx, programOf(ctx.params, ctx.services));
      return retagImage(ctx, made, makeProgram(ctx.params, ctx.services).space);
    } catch (thrown) {
      if (!(thrown instanceof UnknownName)) throw thrown;
      const { param } = thrown.unknown;
      const fixes = thrown.offered.map((name) => ({ title: `Use ${name}`, set: { [param]: name } }));
      const { code, message, where } = thrown;
      ctx.report({ severity: 'error', code, message, where, fixes });
      return ctx.inputs.image;
    }
  },

  pointwise: (ctx, part) => groupsOf(ctx, programOf(ctx.params, ctx.services), part),
});
