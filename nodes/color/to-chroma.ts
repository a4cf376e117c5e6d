// RGB to luminance-chroma: Y, RY and BY out of red, green and blue.
import { z } from 'zod';
import {
  boxText,
  type ChannelSpec,
  createPlane,
  cutPlane,
  defineNode,
  type ImageSpec,
  image,
  type Layer,
  type Loss,
  layerLabel,
  layersOf,
  listNames,
  lowerQuality,
  matchesName,
  type NodeProblem,
  type PartSpec,
  type Plane,
  partLabel,
  passPart,
  type Stored,
  sortChannels,
  storedAnew,
  workProblems,
} from '../../engine/authoring.ts';
import { REACH } from './luminance/filter.ts';
import { chromaIn, luminanceIn, regionFor, split, unsoundRows } from './luminance/split.ts';
import { noWeights, weightsOf } from './luminance/weights.ts';

const bits = (title: string, usual: number) =>
  z
    .int()
    .min(1)
    .max(10)
    .default(10)
    .meta({
      title,
      unit: 'bits',
      advanced: true,
      description: `How many bits after the point halves keep; fewer pack better, and programs that write with OpenEXR's RgbaOutputFile keep ${usual}. Floats are not rounded.`,
    });

const params = z.strictObject({
  channels: z.array(z.string().min(1)).default(['R', 'G', 'B']).meta({
    title: 'Channels',
    description: 'Names of the channels to convert, * for any text; R, G and B of a layer go together.',
    widget: 'channels',
  }),
  chroma: z.enum(['quarter', 'none']).default('quarter').meta({
    title: 'Chroma',
    description: 'quarter: at every second pixel of every second line. none: luminance alone, a grey image.',
  }),
  luminanceBits: bits('Luminance bits', 7),
  chromaBits: bits('Chroma bits', 5),
});

interface Context {
  readonly node: string;
  readonly params: z.output<typeof params>;
  readonly inputs: { readonly image: ImageSpec };
  report(problem: NodeProblem): void;
  lose(loss: Loss): void;
}

export const toChroma = defineNode({
  type: 'color.toChroma',
  version: 1,
  title: 'RGB to luminance-chroma',
  doc: `Makes Y, RY and BY of R, G and B: Y is the luminance by the chromaticities of the image, of Rec. 709 where it names none, RY = (R - Y) / Y and BY = (B - Y) / Y at every second pixel of every second line, after OpenEXR's windowed sinc of 27 pixels, as its RgbaOutputFile makes them. What lies between is lost. Negative samples and those that are no finite number count as 0, which the ledger counts. Halves give halves, anything else floats. The data window must begin at even numbers and be even in size, and the part is stored as scan lines, since tiles hold no channels of fewer samples; outermost samples stand for those beyond the edges. Alpha is left alone, as are all other channels. OpenImageIO, by which Gaffer reads, refuses such files.`,
  keywords: ['luminance', 'chroma', 'YC', 'YCA', 'RY', 'BY', 'grey', 'gray', 'subsampled', '4:2:0'],
  params,
  inputs: { image: image('The image, scene-linear.') },
  access: { margin: REACH },
  summary: ({ channels, chroma }) => `${listNames(channels, 4)}${chroma === 'none' ? ', luminance alone' : ''}`,

  spec(ctx) {
    const { image } = ctx.inputs;
    const chosen = image.parts.map((_, index) => chooseIn(ctx, index));
    if (chosen.every((layers) => layers.length === 0)) {
      const names = image.parts.flatMap((part) => part.channels.map((c) => c.name));
      const message = `No layer's R, G and B fit ${listNames(ctx.params.channels)}, so nothing is changed. Channels: ${listNames(names)}.`;
      ctx.report({ severity: 'warning', code: 'channel-unknown', message, where: { param: 'channels' } });
    }
    return { ...image, parts: image.parts.map((part, index) => partOf(ctx, part, index, chosen[index]!)) };
  },

  async pull({ params, inputs, sources, signal, note }, want) {
    const { dataWindow: window } = inputs.image.parts[want.part]!;
    const weights = weightsOf(inputs.image, want.part)!;
    const planes = new Map<string, Plane>();
    for (const layer of chooseIn({ params, inputs }, want.part)) {
      const [light, ...chroma] = ['Y', 'RY', 'BY'].map((letters) => prefixOf(layer) + letters) as [
        string,
        string,
        string,
      ];
      const names = layer.channels.map((c) => c.name);
      const type = typeOf(layer);
      const lit = want.channels.includes(light);
      const coloured = chroma.some((name) => want.channels.includes(name));
      if (!lit && !coloured) continue;
      const around = coloured ? regionFor(window, want.box) : undefined;
      signal.throwIfAborted();
      const region = around ?? want.box;
      const found = await sources.image.planes({ ...want, channels: names, box: region });
      const colour = names.map((name) => found.get(name)!) as [Plane, Plane, Plane];
      const parts = split({ colour, weights, type });
      if (lit) {
        planes.set(light, luminanceIn(parts, want.box, params.luminanceBits));
        for (const [i, name] of names.entries()) {
          const counts = unsoundRows(cutPlane(colour[i]!, want.box));
          const rows = { from: want.box.minX, to: want.box.maxX, counts };
          const reason = 'negative or no finite number: counted as 0';
          if (counts.length > 0) note({ kind: 'counted', part: want.part, name, reason, rows });
        }
      }
      if (!coloured) continue;
      const made = around
        ? chromaIn(parts, window, want.box, params.chromaBits)
        : chroma.map(() => createPlane(type, want.box, { x: 2, y: 2 }));
      for (const [i, name] of chroma.entries()) planes.set(name, made[i]!);
    }
    return planes;
  },
});

const typeOf = ({ channels }: Layer): 'half' | 'float' => (channels.every((c) => c.type === 'half') ? 'half' : 'float');
const prefixOf = ({ channels }: Layer): string => channels[0].name.slice(0, -1);

const chooseIn = ({ params, inputs }: Pick<Context, 'params' | 'inputs'>, index: number): Layer[] =>
  layersOf(inputs.image, index).filter(({ channels }) =>
    channels.every(({ name }) => params.channels.some((pattern) => matchesName(pattern, name))),
  );

function partOf(ctx: Context, part: PartSpec, index: number, layers: readonly Layer[]): PartSpec {
  const passed = passPart(part, 'image', index);
  if (layers.length === 0) return passed;
  const gone = new Set(layers.flatMap(({ channels }) => channels.map((c) => c.name)));
  const made = layers.flatMap((layer) => channelsOf(ctx, layer));
  check(ctx, part, index, gone);
  const others = passed.channels.filter((c) => !gone.has(c.name));
  for (const { name } of made) {
    if (!others.some((c) => c.name === name)) continue;
    const message = `${partLabel(part, index)} has ${name} already. Take it away with Shuffle channels before, or leave ${layerLabel(layers[0]!)} out.`;
    ctx.report({ severity: 'error', code: 'channel-duplicate', message, where: { param: 'channels', channel: name } });
  }
  for (const layer of layers) {
    const names = listNames(channelsOf(ctx, layer).map((c) => c.name));
    const grey = ctx.params.chroma === 'none';
    const reason = grey ? `only luminance is kept, as ${names}` : `became ${names}`;
    for (const { name } of layer.channels) {
      ctx.lose({ kind: 'channel', port: 'image', part: index, name, reason, replaced: !grey });
    }
  }
  const channels = sortChannels([...others, ...made]);
  const described = { ...passed, channels, ...(part.stored ? { stored: storedFor(ctx, part.stored) } : {}) };
  if (ctx.params.chroma === 'none') return described;
  return lowerQuality(described, { tier: 'capture', reason: 'chroma at every second pixel', by: ctx.node });
}

function channelsOf({ params }: Context, layer: Layer): ChannelSpec[] {
  const prefix = prefixOf(layer);
  const common = { type: typeOf(layer), origin: { from: 'computed' } } as const;
  const light = { ...common, name: `${prefix}Y`, sampling: { x: 1, y: 1 }, pLinear: 0 };
  if (params.chroma === 'none') return [light];
  // OpenEXR's own files state that chroma is perceived linearly, which B44 goes by.
  const chroma = ['RY', 'BY'].map((letters): ChannelSpec => {
    return { ...common, name: prefix + letters, sampling: { x: 2, y: 2 }, pLinear: 1 };
  });
  return [light, ...chroma];
}

/** Tiles cannot hold channels of fewer samples. */
function storedFor({ params }: Context, stored: Stored): Stored {
  const anew = storedAnew(stored);
  if (params.chroma === 'none') return anew;
  const { tiles: _, ...lines } = anew;
  return { ...lines, lineOrder: lines.lineOrder === 'random' ? 'increasing' : lines.lineOrder };
}

function check(ctx: Context, part: PartSpec, index: number, channels: ReadonlySet<string>): void {
  const title = 'RGB to luminance-chroma';
  for (const problem of workProblems({ part, index, title, channels, types: ['half', 'float'], param: 'channels' })) {
    ctx.report(problem);
  }
  const label = partLabel(part, index);
  if (!weightsOf(ctx.inputs.image, index)) ctx.report(noWeights(label, part.name ?? index));
  const { minX, minY, maxX, maxY } = part.dataWindow;
  if (ctx.params.chroma === 'none' || [minX, minY, maxX + 1, maxY + 1].every((edge) => edge % 2 === 0)) return;
  ctx.report({
    severity: 'error',
    code: 'sampling-mismatch',
    message: `${label} has data window ${boxText(part.dataWindow)}: chroma at every second pixel needs one that begins at even numbers and is even in size. Crop it before.`,
    where: { param: 'chroma', part: part.name ?? index },
    fixes: [{ title: 'Make luminance alone', set: { chroma: 'none' } }],
  });
}
