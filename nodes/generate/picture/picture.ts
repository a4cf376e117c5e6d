// What all generated images have: a format, a sample type, channels, and the frames that they are meant for.
import { z } from 'zod';
import {
  type Box,
  box,
  type ChannelSpec,
  convertPlane,
  createPlane,
  EngineError,
  encodeAttribute,
  type FrameSupply,
  FULL_SAMPLING,
  type ImageSpec,
  type NodeProblem,
  nameTrouble,
  type Origin,
  type Plane,
  type Planes,
  parseFrames,
  sortChannels,
  type Want,
} from '../../../engine/authoring.ts';

const MOST_PIXELS = 65_536;
const edge = z.int().min(1).max(MOST_PIXELS);

/** Red, green, blue and alpha. */
export const colour = z.tuple([z.number(), z.number(), z.number(), z.number()]);
export type Colour = z.output<typeof colour>;

/** The parameters that every generator has after its own. */
export const pictureParams = {
  format: z
    .tuple([edge, edge])
    .default([1920, 1080])
    .meta({ title: 'Format', unit: 'px', description: 'Width and height. The image begins at (0, 0).' }),
  pixelAspect: z.number().min(0.01).max(100).default(1).meta({
    title: 'Pixel aspect',
    description: 'Width of a pixel divided by its height.',
    advanced: true,
  }),
  type: z
    .enum(['half', 'float'])
    .default('half')
    .meta({ title: 'Type', description: 'The sample type of all channels.' }),
  channels: z.enum(['rgba', 'rgb', 'alpha']).default('rgba').meta({
    title: 'Channels',
    description: 'Colour and alpha, colour alone, or alpha alone.',
  }),
  layer: z.string().default('').meta({
    title: 'Layer',
    description:
      'The layer of the channels: with diffuse they are called diffuse.R and so on. Empty is the main layer.',
    advanced: true,
  }),
  frames: z.string().default('').meta({
    title: 'Frames',
    description:
      'The frames of a run that nothing else limits, such as 1001-1100. The image is there at every other frame too.',
    advanced: true,
  }),
};

const schema = z.strictObject(pictureParams);
export type Picture = z.output<typeof schema>;

const LETTERS = { rgba: 'RGBA', rgb: 'RGB', alpha: 'A' } as const;

/** The names of the channels, each with its place in a colour. */
export const channelPlaces = ({ channels, layer }: Pick<Picture, 'channels' | 'layer'>): Map<string, number> =>
  new Map(
    [...LETTERS[channels]].map((letter) => [layer === '' ? letter : `${layer}.${letter}`, 'RGBA'.indexOf(letter)]),
  );

/** The whole window. */
export const formatBox = ({ format: [width, height] }: Pick<Picture, 'format'>): Box =>
  box(0, 0, width - 1, height - 1);

/**
 * One part with these channels. `colours` are checked to fit the sample type; `origin` says where the samples of a
 * channel come from, by its place in a colour.
 */
export function describePicture(
  ctx: { readonly params: Picture; report(problem: NodeProblem): void },
  colours: Readonly<Record<string, Colour>>,
  origin: (place: number) => Origin,
): ImageSpec {
  const { params } = ctx;
  for (const [param, values] of Object.entries(colours)) {
    if (params.type === 'float' || values.every((value) => Math.abs(value) < BEYOND_HALF)) continue;
    const message = `Half holds numbers up to 65504, found ${values.join(', ')}. Take float.`;
    const fixes = [{ title: 'Make the channels float', set: { type: 'float' } }];
    ctx.report({ severity: 'error', code: 'param-invalid', message, where: { param }, fixes });
  }
  const places = channelPlaces(params);
  const trouble = [...places.keys()].map(nameTrouble).find((text) => text !== undefined);
  if (trouble !== undefined) {
    const message = `The name of a channel of layer ${params.layer} ${trouble}.`;
    ctx.report({ severity: 'error', code: 'channel-name', message, where: { param: 'layer' } });
  }
  const channels = [...places].map(([name, place]): ChannelSpec => {
    return { name, type: params.type, sampling: FULL_SAMPLING, pLinear: 0, origin: origin(place) };
  });
  const window = formatBox(params);
  return {
    parts: [
      {
        kind: 'flat',
        dataWindow: window,
        displayWindow: window,
        channels: sortChannels(channels),
        attributes: [
          encodeAttribute('pixelAspectRatio', 'float', params.pixelAspect),
          encodeAttribute('screenWindowCenter', 'v2f', [0, 0]),
          encodeAttribute('screenWindowWidth', 'float', 1),
        ],
      },
    ],
  };
}

/** From here on the nearest half is infinite. */
const BEYOND_HALF = 65_520;

/** The frames that a run takes where nothing else limits it. Throws `frames-syntax`. */
export function pictureFrames({ params }: { readonly params: Pick<Picture, 'frames'> }): FrameSupply | undefined {
  if (params.frames.trim() === '') return undefined;
  try {
    const frames = parseFrames(params.frames).toSorted((a, b) => a - b);
    return { frames, before: true, after: true, missing: true };
  } catch (thrown) {
    if (!(thrown instanceof EngineError)) throw thrown;
    throw new EngineError(thrown.kind, thrown.code, thrown.message, { param: 'frames' }, thrown);
  }
}

/** Planes of the wanted channels: `paint` fills floats with those of the channel at a place in a colour. */
export function paintPlanes(
  params: Picture,
  want: Want,
  paint: (floats: Float32Array, columns: number, place: number) => void,
): Planes {
  const places = channelPlaces(params);
  return new Map(
    want.channels.map((name): [string, Plane] => {
      const plane = createPlane('float', want.box);
      paint(plane.samples as Float32Array, plane.columns, places.get(name)!);
      return [name, convertPlane(plane, params.type).plane];
    }),
  );
}
