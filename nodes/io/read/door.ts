// The door: in which space the colours of a file are, and what becomes of them before they enter the graph.
import {
  COLOUR_CHANNELS,
  type ConversionParams,
  contradiction,
  describeConversion,
  exrQuality,
  type ImageSpec,
  type Loss,
  layersOf,
  lowerQuality,
  type NodeProblem,
  type PartSpec,
  type Planes,
  pictureQuality,
  planPart,
  readTags,
  runPointwise,
  SPACE_NAMES,
  SPACES,
  type SpaceName,
  type Want,
} from '../../../engine/authoring.ts';

/** The parameters of Read sequence that this file is about. */
export interface DoorParams {
  readonly inputSpace: SpaceName | 'auto';
  readonly workingSpace: SpaceName | 'off';
}

/** The linear spaces of scenes: colours come out of the door as light, or as they are. */
export const WORKING_SPACES = SPACE_NAMES.filter((name) => !SPACES[name].encoding);

interface Context {
  readonly node: string;
  readonly params: DoorParams;
  report(problem: NodeProblem): void;
  lose(loss: Loss): void;
  found(parts: readonly PartSpec[]): void;
}

/** What Color convert does with its defaults. Undefined where colours and tags stay as they are. */
function conversionOf({ inputSpace, workingSpace }: DoorParams): ConversionParams | undefined {
  const to = workingSpace === 'off' ? inputSpace : workingSpace;
  if (to === 'auto') return undefined;
  return {
    from: inputSpace,
    to,
    adaptation: 'bradford',
    unpremultiply: false,
    channels: COLOUR_CHANNELS,
    notColour: 'leave',
    exposureIndex: 800,
  };
}

/** The parts of a file as they enter the graph. Tells what the tags do not agree on, and the ledger what is changed. */
export function throughDoor(ctx: Context, parts: readonly PartSpec[]): readonly PartSpec[] {
  const stated = statedParts(ctx.params, parts);
  const settled = parts.map((part, i) => lowerQuality(part, qualityOf(stated[i]!, stated[0]!, ctx.node)));
  const params = conversionOf(ctx.params);
  if (!params) {
    for (const [index, part] of parts.entries()) {
      const disagree = contradiction(part, index, readTags(part.attributes, parts[0]!.attributes));
      if (disagree && isColour({ parts }, index)) ctx.report(asOwn(ctx.params, disagree));
    }
    return settled;
  }
  ctx.found(parts);
  const made = describeConversion({
    node: ctx.node,
    params,
    inputs: { image: { parts: settled } },
    report: (problem) => ctx.report(asOwn(ctx.params, problem)),
    lose: (loss) => ctx.lose({ ...loss, port: '' }),
  });
  return made.parts.map((part) => ({
    ...part,
    channels: part.channels.map((channel) => ({ ...channel, origin: { from: 'computed' } })),
  }));
}

const isColour = (image: ImageSpec, index: number): boolean =>
  layersOf(image, index).some(({ doubt }) => doubt === undefined);

/** The parts with tags that say what the parameter says, or as they are where it says nothing. */
function statedParts({ inputSpace }: DoorParams, parts: readonly PartSpec[]): readonly PartSpec[] {
  const params = conversionOf({ inputSpace, workingSpace: 'off' });
  if (!params) return parts;
  return describeConversion({ node: '', params, inputs: { image: { parts } }, report: () => {}, lose: () => {} }).parts;
}

function qualityOf({ attributes, channels, stored, picture }: PartSpec, first: PartSpec, by: string) {
  const tagged = readTags(attributes, first.attributes);
  const found = picture ? pictureQuality(picture.depth, tagged) : exrQuality(tagged, channels, stored!.compression);
  return found && { ...found, by };
}

/** A problem of the conversion with the parameters of this node. What it has no parameter for cannot be mended here. */
function asOwn({ workingSpace }: DoorParams, { where, fixes = [], ...problem }: NodeProblem): NodeProblem {
  const param = where?.param === 'from' || workingSpace === 'off' ? 'inputSpace' : 'workingSpace';
  const own = fixes.flatMap(({ title, set }) =>
    set?.from === undefined ? [] : [{ title, set: { inputSpace: set.from } }],
  );
  return { ...problem, where: { ...where, param }, ...(own.length > 0 ? { fixes: own } : {}) };
}

/** The samples of a want of what `throughDoor` gave for these parts; `take` gives those of the file. */
export async function planesThroughDoor(
  params: DoorParams,
  parts: () => readonly PartSpec[],
  want: Want,
  take: (want: Want) => Planes | Promise<Planes>,
): Promise<Planes> {
  const conversion = conversionOf(params);
  // To state a space is no work on samples.
  if (!conversion || params.workingSpace === 'off') return take(want);
  const { layers, program } = planPart({ params: conversion, inputs: { image: { parts: parts() } } }, want.part);
  const wanted = layers.filter(({ channels }) => channels.some(({ name }) => want.channels.includes(name)));
  if (program.length === 0 || wanted.length === 0) return take(want);
  const names = new Set([...want.channels, ...wanted.flatMap(({ channels }) => channels.map(({ name }) => name))]);
  const planes = new Map(await take({ ...want, channels: [...names] }));
  for (const { channels } of wanted) {
    const made = runPointwise(program, {
      channels: channels.map(({ name }) => planes.get(name)!),
      types: channels.map(({ type }) => type),
    });
    for (const [i, { name }] of channels.entries()) planes.set(name, made[i]!);
  }
  return planes;
}
