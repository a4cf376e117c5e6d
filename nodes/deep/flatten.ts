// Flatten deep: one sample for each pixel of deep parts, as they look from the front.
import { z } from 'zod';
import {
  type ChannelSpec,
  convertSamples,
  createPlane,
  type DeepPlanes,
  defineNode,
  type ImageSpec,
  image,
  type NodeProblem,
  type PartSpec,
  type Plane,
  partLabel,
  passPart,
  storedAnew,
} from '../../engine/authoring.ts';
import { BACK, DEPTH, partChannels } from './flatten/channels.ts';
import { Flattener, type Shown } from './flatten/stack.ts';

/** Attributes that state something of deep samples. */
const OF_DEEP = ['deepImageState', 'maxSamplesPerPixel'];

const params = z.strictObject({
  over: z.array(z.string().min(1)).default([]).meta({
    title: 'Lay over',
    description:
      'Patterns of further channels that are laid over each other as colours are, such as a layer of shadow. * stands for any text.',
  }),
});

interface Context {
  readonly inputs: { readonly image: ImageSpec };
  report(problem: NodeProblem): void;
  lose(loss: { kind: 'attribute'; port: string; part: number; name: string; reason: string; cleared: true }): void;
}

export const flatten = defineNode({
  type: 'deep.flatten',
  version: 1,
  title: 'Flatten deep',
  doc: `Makes flat parts of deep ones by the rules of "Interpreting OpenEXR Deep Pixels" (Florian Kainz, 2013). Flat parts pass.

Samples are sorted by Z. One whose ZBack lies behind its Z is a volume that absorbs alike at every depth: volumes are split where others begin and end, pieces at the same depths are merged, and all are laid over each other from the front. Without ZBack, or where it is no number, infinite or not behind Z, a sample is a point; points at one depth are merged. Where opaque samples meet, their colours are averaged.

So it is with channels whose role is colour or alpha (see the node Role), and with what Lay over names. A colour is covered by its own opacity (AR, AG, AB), else by the A of its layer, else by A; alpha is held between 0 and 1. Colours are premultiplied, as OpenEXR has them. Z is the depth of the nearest sample that is not wholly transparent, ZBack the farthest depth that is seen, and every channel of another role (ids, normals, masks) has the value of that nearest sample: numbers that are mixed would be those of nothing. oiiotool and OpenEXR's own compositing mix depths as well, and do not split what overlaps. A pixel without samples is 0 in every channel. Samples keep their types.`,
  keywords: ['deep', 'composite', 'merge', 'DeepToImage', 'over', 'volume', 'ZBack'],
  params,
  inputs: { image: image('An image with deep parts.') },
  summary: ({ over }) => (over.length === 0 ? '' : `and ${over.join(', ')}`),

  spec(ctx) {
    const parts = ctx.inputs.image.parts.map((part, index) =>
      part.kind === 'deep' ? flatPart(ctx, part, index) : passPart(part, 'image', index),
    );
    return { ...ctx.inputs.image, parts };
  },

  async pull({ params, inputs, sources, signal }, want) {
    const part = inputs.image.parts[want.part]!;
    const { covered, picked } = partChannels(inputs.image, want.part, params.over);
    const wanted = new Set(want.channels);
    const isWanted = (name: string | undefined): boolean => name !== undefined && wanted.has(name);
    // The first coverage says which sample is the nearest; others are left out where nobody asks for them.
    const laid = covered.filter(({ alpha, colours }, i) => i === 0 || isWanted(alpha) || colours.some(isWanted));
    const kept = laid.map(({ alpha, colours }) => ({ alpha, colours: colours.filter(isWanted) }));
    const names = new Set([...wanted, DEPTH, ...kept.flatMap(({ alpha }) => alpha ?? [])]);
    if (part.channels.some(({ name }) => name === BACK)) names.add(BACK);
    const deep = await sources.image.deep({ ...want, channels: [...names] });

    const front = floats(deep, DEPTH)!;
    const back = floats(deep, BACK);
    const flattener = new Flattener({
      front,
      ...(back ? { back } : {}),
      coverages: kept.map(({ alpha, colours }) => ({
        ...(alpha === undefined ? {} : { alpha: floats(deep, alpha)! }),
        colours: colours.map((name) => floats(deep, name)!),
      })),
    });
    const results: { name: string; of: (shown: Shown) => number; into: Float32Array }[] = [];
    const pixels = deep.columns * deep.rows;
    const add = (name: string | undefined, of: (shown: Shown) => number): void => {
      if (name !== undefined && wanted.has(name)) results.push({ name, of, into: new Float32Array(pixels) });
    };
    for (const [c, { alpha, colours }] of kept.entries()) {
      add(alpha, ({ alphas }) => alphas[c]!);
      for (const [n, name] of colours.entries()) add(name, (shown) => shown.colours[c]![n]!);
    }
    add(DEPTH, (shown) => shown.front);
    add(BACK, (shown) => shown.back);
    const picks = picked
      .filter(isWanted)
      .map((name) => ({ plane: planeOf(part, want.box, name), from: deep.channels.get(name)!.samples }));

    for (let row = 0; row < deep.rows; row++) {
      signal.throwIfAborted();
      for (let i = row * deep.columns; i < (row + 1) * deep.columns; i++) {
        const [start, end] = [deep.offsets[i]!, deep.offsets[i + 1]!];
        if (start === end) continue;
        const shown = flattener.flatten(start, end);
        for (const { of, into } of results) into[i] = of(shown);
        for (const { plane, from } of picks) plane.samples[i] = from[shown.sample]!;
      }
    }
    const planes = new Map<string, Plane>();
    for (const { name, into } of results) {
      const plane = planeOf(part, want.box, name);
      planes.set(name, { ...plane, samples: convertSamples(into, 'float', plane.type).samples });
    }
    const pickedNames = picked.filter(isWanted);
    for (const [n, { plane }] of picks.entries()) planes.set(pickedNames[n]!, plane);
    return planes;
  },
});

const planeOf = ({ channels }: PartSpec, box: Plane['box'], name: string): Plane =>
  createPlane(channels.find((c) => c.name === name)!.type, box);

function floats(deep: DeepPlanes, name: string): Float32Array | undefined {
  const channel = deep.channels.get(name);
  return channel && (convertSamples(channel.samples, channel.type, 'float').samples as Float32Array);
}

function flatPart(ctx: Context, part: PartSpec, index: number): PartSpec {
  const label = partLabel(part, index);
  const where = { part: part.name ?? index };
  const has = (name: string): boolean => part.channels.some((c) => c.name === name && c.type !== 'uint');
  if (!has(DEPTH)) {
    const message = `${label} has no channel ${DEPTH} of half or float, by which deep samples are sorted. Rename the one that holds depth with Shuffle channels.`;
    ctx.report({ severity: 'error', code: 'channel-unknown', message, where });
  }
  if (partChannels(ctx.inputs.image, index, []).covered[0]!.alpha === undefined) {
    const message = `${label} has no alpha: its samples are taken to be opaque where their layer has none either, so that the nearest hides the others.`;
    ctx.report({ severity: 'warning', code: 'channel-unknown', message, where });
  }
  if (part.stored?.copyOnly) {
    const message = `${label} is compressed with ${part.stored.compression}, which cannot be unpacked here.`;
    ctx.report({ severity: 'error', code: 'exr-compression-unsupported', message, where });
  }
  for (const { name } of part.attributes) {
    if (!OF_DEEP.includes(name)) continue;
    const reason = 'it speaks of deep samples';
    ctx.lose({ kind: 'attribute', port: 'image', part: index, name, reason, cleared: true });
  }
  const channels = part.channels.map((c): ChannelSpec => ({ ...c, origin: { from: 'computed' } }));
  return {
    ...part,
    kind: 'flat',
    channels,
    attributes: part.attributes.filter(({ name }) => !OF_DEEP.includes(name)),
    ...(part.stored ? { stored: storedAnew(part.stored) } : {}),
  };
}
