// Pad: islands grown outwards by the samples at their borders.
import { z } from 'zod';
import {
  type Box,
  createPlane,
  defineNode,
  type ImageSource,
  type ImageSpec,
  image,
  listChannels,
  listNames,
  matchesName,
  type NodeProblem,
  optionalImage,
  type PartSpec,
  type Plane,
  partLabel,
  passPart,
  recomputePart,
  windowProblem,
  workProblems,
} from '../../engine/authoring.ts';
import { within } from './choice/choice.ts';
import { type Covered, nearest, OWN } from './pad/near.ts';

const params = z.strictObject({
  size: z.int().min(0).max(256).default(8).meta({
    title: 'Size',
    unit: 'px',
    widget: 'slider',
    max: 64,
    description: 'How far islands grow.',
  }),
  channels: z.array(z.string().min(1)).default(['*']).meta({
    title: 'Channels',
    widget: 'channels',
    description: 'Names of the channels to fill, * for any text. The island channel itself is never filled.',
  }),
  idChannel: z.string().min(1).default('id').meta({
    title: 'Island channel',
    description: 'The channel of charts, or of the image itself, that holds the numbers of islands; 0 is none.',
  }),
});

interface Context {
  readonly params: z.output<typeof params>;
  readonly inputs: { readonly image: ImageSpec; readonly charts: ImageSpec | undefined };
  report(problem: NodeProblem): void;
}

/** The part of charts, or of the image where there are none, that has the numbers of islands. */
const idPart = ({ params, inputs }: Pick<Context, 'params' | 'inputs'>, index: number): number => {
  const has = (part: PartSpec | undefined): boolean => part?.channels.some((c) => c.name === params.idChannel) ?? false;
  if (inputs.charts) return inputs.charts.parts.findIndex(has);
  return has(inputs.image.parts[index]) ? index : inputs.image.parts.findIndex(has);
};

function chosenIn({ params, inputs }: Pick<Context, 'params' | 'inputs'>, { channels }: PartSpec): string[] {
  return channels
    .map((c) => c.name)
    .filter((name) => inputs.charts !== undefined || name !== params.idChannel)
    .filter((name) => params.channels.some((pattern) => matchesName(pattern, name)));
}

function padded(ctx: Context, part: PartSpec, index: number): PartSpec {
  const names = chosenIn(ctx, part);
  if (ctx.params.size === 0 || names.length === 0) return passPart(part, 'image', index);
  const ids = (ctx.inputs.charts ?? ctx.inputs.image).parts[idPart(ctx, index)];
  if (!ids) return passPart(part, 'image', index);
  const types = ['half', 'float', 'uint'] as const;
  const on = { part, index, title: 'Pad', channels: new Set(names), types, param: 'channels' };
  const idOn = { part: ids, index, title: 'Pad', channels: new Set([ctx.params.idChannel]), types, param: 'idChannel' };
  for (const problem of [...workProblems(on), ...workProblems(idOn)]) ctx.report(problem);
  const expected = `numbers of islands in a window of the size of ${partLabel(part, index)}`;
  const problem = windowProblem(part.dataWindow, ids.dataWindow, expected);
  if (problem) ctx.report(problem);
  return recomputePart(part, 'image', index, new Set(names));
}

function describe(ctx: Context): ImageSpec {
  const { image, charts } = ctx.inputs;
  const all = (charts ?? image).parts.flatMap((part) => part.channels.map((c) => c.name));
  if (!all.includes(ctx.params.idChannel)) {
    const message = `Expected the numbers of islands in the channel ${ctx.params.idChannel} of ${charts ? 'charts' : 'the image'}, found ${listNames(all)}.`;
    ctx.report({ severity: 'error', code: 'channel-unknown', message, where: { param: 'idChannel' } });
  }
  if (image.parts.every((part) => chosenIn(ctx, part).length === 0)) {
    const names = image.parts.flatMap((part) => part.channels.map((c) => c.name));
    const message = `No channel fits ${listNames(ctx.params.channels)}, so nothing is changed.${listChannels(names)}`;
    ctx.report({ severity: 'warning', code: 'channel-unknown', message, where: { param: 'channels' } });
  }
  return { ...image, parts: image.parts.map((part, index) => padded(ctx, part, index)) };
}

export const pad = defineNode({
  type: 'filter.pad',
  version: 1,
  title: 'Pad',
  doc: 'Grows the islands of a texture outwards: a pixel of no island gets the samples of the nearest pixel of one, bit for bit, where that is at most so many pixels away; of several the uppermost and then the leftmost. So filters and lower levels of a renderer find no black beside an island. Pixels of islands keep what they hold, and so does what is further away. The numbers of islands come from charts or, where there are none, from the image itself, and stay. A number that is 0, negative or no number is none. The window does not grow; alpha is a channel like others. In Nuke and Gaffer one does that with blurs and unpremultiplication, which changes samples.',
  keywords: ['dilate', 'bleed', 'edge', 'padding', 'island', 'margin', 'texture', 'udim', 'uv', 'gutter', 'seam'],
  params,
  inputs: {
    image: image('The image to fill.'),
    charts: optionalImage('Which island each pixel belongs to, where the image itself does not say.'),
  },
  access: ({ size }) => ({ margin: size }),
  summary: ({ size }) => `${size} px`,

  spec: (ctx) => describe(ctx),

  async pull({ params, inputs, sources, signal }, want) {
    const { size } = params;
    const { dataWindow } = inputs.image.parts[want.part]!;
    const region = within(want.box, [size, size], dataWindow);
    const part = idPart({ params, inputs }, want.part);
    const covered = await coveredIn(sources.charts ?? sources.image, { part, name: params.idChannel, box: region });
    signal.throwIfAborted();
    const from = nearest(covered, want.box, size);
    const planes = await sources.image.planes({ ...want, box: region });
    return new Map(
      want.channels.map((name): [string, Plane] => {
        signal.throwIfAborted();
        return [name, filled(planes.get(name)!, want.box, from)];
      }),
    );
  },
});

async function coveredIn(
  source: ImageSource,
  { part, name, box }: { readonly part: number; readonly name: string; readonly box: Box },
): Promise<Covered> {
  const plane = (await source.planes({ part, channels: [name], box })).get(name)!;
  // Above zero as a half: neither the sign nor more than infinity.
  const isOne = plane.type === 'half' ? (bits: number) => bits > 0 && bits <= 0x7c00 : (id: number) => id > 0;
  const pixels = new Uint8Array(plane.samples.length);
  for (let i = 0; i < pixels.length; i++) pixels[i] = isOne(plane.samples[i]!) ? 1 : 0;
  return { box, pixels };
}

/** The samples of a region, of which some are those at other places of the plane. */
function filled(plane: Plane, box: Box, from: Int32Array): Plane {
  const made = createPlane(plane.type, box);
  const { columns, rows } = made;
  // As bits, since a float that is no number may lose its payload on the way through a variable.
  const [given, samples] = [bitsOf(plane), bitsOf(made)];
  const start = (box.minY - plane.box.minY) * plane.columns + (box.minX - plane.box.minX);
  for (let y = 0, i = 0; y < rows; y++) {
    const own = start + y * plane.columns;
    samples.set(given.subarray(own, own + columns), i);
    for (const end = i + columns; i < end; i++) if (from[i] !== OWN) samples[i] = given[from[i]!]!;
  }
  return made;
}

const bitsOf = ({ samples: { buffer, byteOffset, length }, type }: Plane): Uint16Array | Uint32Array =>
  type === 'half' ? new Uint16Array(buffer, byteOffset, length) : new Uint32Array(buffer, byteOffset, length);
