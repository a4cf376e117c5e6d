// What a conversion does to each part, decided from descriptions: the layers, the spaces and the tags.
import { partLabel, passPart, recomputePart } from '../image/parts.ts';
import type { ImageSpec, PartSpec } from '../image/spec.ts';
import type { Loss } from '../node/define.ts';
import type { NodeProblem } from '../node/problem.ts';
import type { PointwiseProgram } from '../pixels/step.ts';
import { logC3 } from './camera.ts';
import { checkReadable, placeOf, reportChoice } from './check.ts';
import { type Choice, chooseIn, type Layer, type LayerParams, layersOf } from './layer.ts';
import { type Conversion, convertProgram } from './program.ts';
import { retagMixed, retagPart } from './retag.ts';
import { SPACES, type Space, type SpaceName } from './space.ts';
import { againstText, readTags, TAGS, type Tagged } from './tags.ts';

/** What to convert from which space to which, as the node Color convert has it. */
export interface ConversionParams extends LayerParams, Conversion {
  readonly from: SpaceName | 'auto';
  readonly to: SpaceName;
  /** Of ARRI LogC3 alone: 160 to 1600. */
  readonly exposureIndex: number;
}

interface Context {
  readonly node: string;
  readonly params: ConversionParams;
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

function examine(params: ConversionParams, image: ImageSpec, index: number): Found {
  const part = image.parts[index]!;
  const tagged = readTags(part.attributes, image.parts[0]!.attributes);
  const layers = layersOf(image, index).map(
    (layer): Layer => (tagged.says === 'data' ? { ...layer, doubt: 'lies in a part that is tagged as data' } : layer),
  );
  const choice = chooseIn(part, layers, params);
  return { tagged, layers, choice };
}

const arri = new Map<number, Space>();

/** The named space; LogC3 at the exposure index that was set, which has an ID for 800 only. */
function spaceNamed(name: SpaceName, { exposureIndex }: ConversionParams): Space {
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

function sourceSpace(params: ConversionParams, tagged: Tagged): Space | undefined {
  if (params.from !== 'auto') return spaceNamed(params.from, params);
  return tagged.says === 'space' ? tagged.space : undefined;
}

const programOf = (params: ConversionParams, from: Space): PointwiseProgram =>
  convertProgram(from, spaceNamed(params.to, params), params);

/** The image that comes out. Reports what is wrong with the choice of channels and what is not known of the colours. */
export function describeConversion(ctx: Context): ImageSpec {
  const { parts } = ctx.inputs.image;
  const to = spaceNamed(ctx.params.to, ctx.params);
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
    return follows && found[index]!.tagged.says !== 'data' ? retagPart(ctx, passed, index, to) : passed;
  });
  return { ...ctx.inputs.image, parts: made };
}

const isTag = (name: string): boolean => TAGS.some((tag) => tag === name);

function describePart(ctx: Context, part: PartSpec, index: number, { tagged, layers, choice }: Found): PartSpec {
  const passed = passPart(part, 'image', index);
  const from = reportSpace(ctx, part, index, tagged);
  if (!from) return passed;
  const to = spaceNamed(ctx.params.to, ctx.params);
  const program = programOf(ctx.params, from);
  const mixture = { part, index, tagged, layers, changed: choice.layers, space: to };
  if (program.length === 0) return retagMixed(ctx, passed, mixture);
  if (!checkReadable(ctx, index, choice.layers, program)) return passed;
  const names = new Set(choice.layers.flatMap((layer) => layer.channels.map((c) => c.name)));
  return retagMixed(ctx, recomputePart(part, 'image', index, names), mixture);
}

/** The spaces offered where one must be named: those that files without tags are most often in, by how they are stored. */
const OFFERED: Readonly<Record<'reference' | 'lower', readonly SpaceName[]>> = {
  reference: ['lin_rec709_scene', 'lin_ap1_scene', 'lin_ap0_scene', 'srgb_rec709_scene'],
  lower: ['srgb_rec709_scene', 'srgb_rec709_display', 'g24_rec709_display', 'lin_rec709_scene'],
};

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
      fixes: OFFERED[part.quality ? 'lower' : 'reference'].map((name) => ({
        title: `It is ${SPACES[name].title}`,
        set: { from: name },
      })),
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
  } else if (ctx.params.from === 'auto') {
    const disagree = contradiction(part, index, tagged);
    if (disagree) ctx.report(disagree);
  }
  return space;
}

/** What the tags of a part do not agree on; undefined where they do. */
export function contradiction(part: PartSpec, index: number, tagged: Tagged): NodeProblem | undefined {
  if (tagged.says !== 'space' || tagged.against === undefined) return undefined;
  const { space, by, against } = tagged;
  // The primaries are those of a linear space: another answer only where the first is linear as well.
  const answers = space.encoding ? [space] : [space, against.space];
  return {
    severity: 'warning',
    code: 'color-tags-disagree',
    message: `The tags of ${partLabel(part, index)} contradict each other: ${by} says ${space.title}, ${againstText(against)}. The first is believed.`,
    where: placeOf(part, index, 'from'),
    fixes: answers.flatMap(({ name, title }) =>
      name === 'custom' ? [] : [{ title: `It is ${title}`, set: { from: name } }],
    ),
  };
}
