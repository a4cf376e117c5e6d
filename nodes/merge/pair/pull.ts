// The samples of merged channels: asked for part by part, merged with the alphas that channels share.
import {
  type Box,
  boxIntersection,
  boxIsEmpty,
  boxWidth,
  createPlane,
  type ImageSource,
  type MergeChannel,
  type Plane,
  type Planes,
  runMerge,
  type Want,
} from '../../../engine/authoring.ts';
import { type MergedChannel, maskOrigin, type Origin, type PairInputs, type PairOptions, planPair } from './plan.ts';

interface Pulling {
  readonly options: PairOptions;
  readonly inputs: PairInputs;
  readonly sources: { readonly A: ImageSource; readonly B: ImageSource; readonly mask: ImageSource | undefined };
}

/** Planes of the wanted channels, all of which are merged. */
export async function pullPair({ options, inputs, sources }: Pulling, want: Want): Promise<Planes> {
  const merged = planPair(options, inputs, want.part).merged.filter(({ name }) => want.channels.includes(name));
  const mask = maskOrigin(options, inputs.mask);
  const origins = merged.flatMap(({ a, b, alphaA, alphaB }) => [a, b, alphaA, alphaB]);
  const planes = await fetch({ inputs, sources }, [...origins, mask], want.box);
  const found = (origin: Origin | undefined): Plane | undefined => origin && planes.get(keyOf(origin));

  const groups = new Map<string, MergedChannel[]>();
  for (const channel of merged) {
    const key = [channel.alphaA, channel.alphaB].map((origin) => (origin ? keyOf(origin) : '')).join('|');
    groups.set(key, [...(groups.get(key) ?? []), channel]);
  }
  const answer = new Map<string, Plane>();
  for (const group of groups.values()) {
    const [{ alphaA, alphaB }] = group as [MergedChannel];
    const given = { alphaA: found(alphaA), alphaB: found(alphaB), mask: found(mask) };
    const made = runMerge({
      channels: group.map((channel) => withPlanes(channel, found(channel.a), found(channel.b))),
      ...(given.alphaA ? { alphaA: given.alphaA } : {}),
      ...(given.alphaB ? { alphaB: given.alphaB } : {}),
      ...(given.mask ? { mask: given.mask } : {}),
      invert: options.invertMask,
      mix: options.mix,
    });
    for (const [i, { name }] of group.entries()) answer.set(name, made[i]!);
  }
  return answer;
}

const withPlanes = ({ operation, type }: MergedChannel, a: Plane | undefined, b: Plane | undefined): MergeChannel => ({
  operation,
  type,
  ...(a ? { a } : {}),
  ...(b ? { b } : {}),
});

const keyOf = ({ side, part, channel }: Origin): string =>
  `${side}/${part}/${channel === 'opaque' ? '' : channel.name}`;

async function fetch(
  { inputs, sources }: Pick<Pulling, 'inputs' | 'sources'>,
  origins: readonly (Origin | undefined)[],
  box: Box,
): Promise<Map<string, Plane>> {
  const planes = new Map<string, Plane>();
  const asked = new Map<string, { readonly first: Origin; readonly channels: Set<string> }>();
  for (const origin of origins) {
    if (!origin) continue;
    if (origin.channel === 'opaque') {
      const { dataWindow } = inputs[origin.side]!.parts[origin.part]!;
      planes.set(keyOf(origin), opaquePlane(box, dataWindow));
      continue;
    }
    const key = `${origin.side}/${origin.part}`;
    const entry = asked.get(key) ?? { first: origin, channels: new Set() };
    asked.set(key, entry);
    entry.channels.add(origin.channel.name);
  }
  for (const [key, { first, channels }] of asked) {
    const given = await sources[first.side]!.planes({ part: first.part, channels: [...channels], box });
    for (const name of channels) planes.set(`${key}/${name}`, given.get(name)!);
  }
  return planes;
}

/** 1 within the window, 0 outside. */
function opaquePlane(box: Box, window: Box): Plane {
  const plane = createPlane('float', box);
  const inner = boxIntersection(box, window);
  if (boxIsEmpty(inner)) return plane;
  const start = inner.minX - box.minX;
  for (let y = inner.minY - box.minY; y <= inner.maxY - box.minY; y++) {
    const row = y * plane.columns + start;
    plane.samples.fill(1, row, row + boxWidth(inner));
  }
  return plane;
}
