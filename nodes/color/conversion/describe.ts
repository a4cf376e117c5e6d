// What a conversion does to each part, decided from descriptions: the layers, the spaces and the tags.
import {
  type ImageSpec,
  type Loss,
  listNames,
  type NodeProblem,
  type PartSpec,
  type PointwiseProgram,
  partLabel,
  passPart,
  recomputePart,
  sameAttribute,
  withHeaderNames,
} from '../../../engine/authoring.ts';
import { checkReadable, placeOf, reportChoice } from '../layer/check.ts';
import { type Choice, chooseLayers, type Layer, layerLabel, layersOf } from '../layer/layer.ts';
import { logC3 } from '../space/camera.ts';
import { convertProgram } from '../space/program.ts';
import { SPACES, type Space, type SpaceName } from '../space/space.ts';
import { readTags, TAGS, type Tagged, writeTags } from '../space/tags.ts';
import type { Params } from './params.ts';

interface Context {
  readonly node: string;
  readonly params: Params;
  readonly inputs: { readonly image: ImageSpec };
  report(problem: NodeProblem): void;
  lose(loss: Loss): void;
}

/** What is done to the colours of a part. */
export interface PartPlan {
  readonly layers: readonly Layer[];
  /** The space that the colours are in, where it is known. */
  readonly from?: Space;
  readonly program: PointwiseProgram;
}

/** The plan of a part, as `pull` needs it; nothing is reported. */
export function planPart({ params, inputs }: Pick<Context, 'params' | 'inputs'>, index: number): PartPlan {
  const found = examine(params, inputs.image, index);
  const from = sourceSpace(params, found.tagged);
  return { layers: found.choice.layers, ...(from ? { from, program: programOf(params, from) } : { program: [] }) };
}

interface Found {
  readonly tagged: Tagged;
  /** Layers of the part that are colours as far as can be told, chosen or not. */
  readonly layers: readonly Layer[];
  readonly choice: Choice;
}

function examine(params: Params, image: ImageSpec, index: number): Found {
  const part = image.parts[index]!;
  const tagged = readTags(part.attributes, image.parts[0]!.attributes);
  const layers = layersOf(image, index).map(
    (layer): Layer => (tagged.says === 'data' ? { ...layer, doubt: 'lies in a part that is tagged as data' } : layer),
  );
  const choice = chooseLayers(layers, part, params.channels, params.notColour === 'convert' ? 'certain' : 'doubt');
  return { tagged, layers, choice };
}

const arri = new Map<number, Space>();

/** The named space; LogC3 at the exposure index that was set, which has an ID for 800 only. */
function spaceNamed(name: SpaceName, { exposureIndex }: Params): Space {
  if (name !== 'arrilogc3_awg3_scene' || exposureIndex === 800) return SPACES[name];
  const { interopId: _, ...space } = SPACES[name];
  const known = arri.get(exposureIndex) ?? {
    ...space,
    title: `ARRI LogC3 (EI ${exposureIndex})`,
    encoding: logC3(exposureIndex),
  };
  arri.set(exposureIndex, known);
  return known;
}

function sourceSpace(params: Params, tagged: Tagged): Space | undefined {
  if (params.from !== 'auto') return spaceNamed(params.from, params);
  return tagged.says === 'space' ? tagged.space : undefined;
}

const programOf = (params: Params, from: Space): PointwiseProgram =>
  convertProgram(from, spaceNamed(params.to, params), params);

/** The image that comes out. Reports what is wrong with the choice of channels and what is not known of the colours. */
export function describeConversion(ctx: Context): ImageSpec {
  const { parts } = ctx.inputs.image;
  const found = parts.map((_, index) => examine(ctx.params, ctx.inputs.image, index));
  const converted = found.map(({ choice }) => choice.layers.length > 0);
  reportChoice(
    ctx,
    found.map(({ choice }) => choice),
    'converted',
  );
  const made = parts.map((part, index): PartSpec => {
    const { layers, choice } = found[index]!;
    if (converted[index]) return describePart(ctx, part, index, found[index]!);
    const colours = layers.filter((layer) => layer.doubt === undefined && !choice.layers.includes(layer));
    // All parts of a file share their chromaticities, so those of parts without colours follow.
    const follows = converted.includes(true) && colours.length === 0 && part.attributes.some((a) => isTag(a.name));
    const passed = passPart(part, 'image', index);
    return follows && found[index]!.tagged.says !== 'data' ? retag(ctx, passed, index) : passed;
  });
  return { ...ctx.inputs.image, parts: made };
}

const isTag = (name: string): boolean => TAGS.some((tag) => tag === name);

function describePart(ctx: Context, part: PartSpec, index: number, { tagged, layers, choice }: Found): PartSpec {
  const passed = passPart(part, 'image', index);
  const from = reportSpace(ctx, part, index, tagged);
  if (!from) return passed;
  const program = programOf(ctx.params, from);
  const others = layers.filter((layer) => layer.doubt === undefined && !choice.layers.includes(layer));
  if (others.length > 0) {
    ctx.report({
      severity: 'warning',
      code: 'color-mixed',
      message: `${partLabel(part, index)} has layers that are not converted (${listNames(others.map(layerLabel))}), but its tags can name one space for all. Convert them too, or put them into a part of their own.`,
      where: placeOf(part, index, 'channels'),
    });
  }
  if (program.length === 0) return retag(ctx, passed, index);
  if (!checkReadable(ctx, index, choice.layers, program)) return passed;
  const names = new Set(choice.layers.flatMap((layer) => layer.channels.map((c) => c.name)));
  return retag(ctx, recomputePart(part, 'image', index, names), index);
}

/** The part with tags of the space that comes out, and the ledger told of what they replace. */
function retag(ctx: Context, part: PartSpec, index: number): PartSpec {
  const to = spaceNamed(ctx.params.to, ctx.params);
  const attributes = writeTags(part.attributes, to, ctx.node);
  for (const before of part.attributes) {
    const after = attributes.find((a) => a.name === before.name);
    if (after && sameAttribute(after, before)) continue;
    const reason = after ? `the colours are now ${to.title}` : `no longer true: the colours are now ${to.title}`;
    const replaced = true;
    ctx.lose({ kind: 'attribute', port: 'image', part: index, name: before.name, reason, replaced });
  }
  if (!part.stored) return { ...part, attributes };
  const names = attributes.map((a) => a.name);
  return { ...part, attributes, stored: withHeaderNames(part.stored, names) };
}

/** The spaces offered where one must be named: those that files without tags are most often in. */
const OFFERED: readonly SpaceName[] = ['lin_rec709_scene', 'lin_ap1_scene', 'lin_ap0_scene', 'srgb_rec709_scene'];

function reportSpace(ctx: Context, part: PartSpec, index: number, tagged: Tagged): Space | undefined {
  const space = sourceSpace(ctx.params, tagged);
  const where = placeOf(part, index, 'from');
  const label = partLabel(part, index);
  if (!space) {
    const reason = tagged.says === 'nothing' ? tagged.reason : 'It is tagged as data.';
    ctx.report({
      severity: 'error',
      code: 'color-space-unknown',
      message: `The colour space of ${label} is not known. ${reason} Say which one it is in; it is never guessed.`,
      where,
      fixes: OFFERED.map((name) => ({ title: `It is ${SPACES[name].title}`, set: { from: name } })),
    });
    return undefined;
  }
  if (tagged.says === 'space' && tagged.space.name !== space.name) {
    ctx.report({
      severity: 'warning',
      code: 'color-tags-disagree',
      message: `${label} says that it is ${tagged.space.title} (${tagged.by}), and is taken as ${space.title}, as the parameter says.`,
      where,
      fixes: [{ title: `Take it as ${tagged.space.title}, as its tags say`, set: { from: 'auto' } }],
    });
  } else if (tagged.says === 'space' && tagged.against !== undefined && ctx.params.from === 'auto') {
    ctx.report({
      severity: 'warning',
      code: 'color-tags-disagree',
      message: `The tags of ${label} contradict each other: ${tagged.by} says ${tagged.space.title}, ${tagged.against} name other primaries. The first is believed.`,
      where,
      fixes: [{ title: `It is ${tagged.space.title}`, set: { from: space.name } }],
    });
  }
  return space;
}
