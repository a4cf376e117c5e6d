// What a picture says besides its pixels: the attributes that its format can hold, and the reasons why others are lost.
import {
  type Attribute,
  type AttributeSet,
  colourOfId,
  decodeAttribute,
  findAttribute,
  type Loss,
  makeProfile,
  type NodeProblem,
  type PictureColour,
  type PictureTags,
  type Primaries,
  pngCanState,
  sameLights,
} from '../../../engine/authoring.ts';
import { type Choice, TITLES } from './choice.ts';
import type { Params } from './params.ts';

export interface Tagged {
  readonly tags: PictureTags;
  /** Of the alpha channel, where one is written: whether the colour of the input is multiplied by it. */
  readonly straight: boolean;
  /** The attributes of the input that the file holds. */
  readonly held: AttributeSet;
  readonly losses: readonly Loss[];
}

const ID = 'colorInteropID';
const CHROMATICITIES = 'chromaticities';
const CONTAINER = 'acesImageContainerFlag';
const STRAIGHT = 'oiio:UnassociatedAlpha';

/** `first` are the attributes of the first part, whose ID holds for parts without their own. */
export function tagsOf(
  choice: Choice,
  first: AttributeSet,
  params: Params,
  report: (problem: NodeProblem) => void,
): Tagged {
  const { format, part } = choice;
  const set = part.attributes;
  const colour = params.colour === 'tag' ? colourTag(choice, first, report) : undefined;
  const density = numberIn(set, 'xDensity');
  const aspect = numberIn(set, 'pixelAspectRatio') ?? 1;
  const straight = numberIn(set, STRAIGHT) === 1;
  const shaped = format !== 'webp' && aspect > 0;
  const tags: PictureTags = {
    ...(colour ? { colour } : {}),
    ...(density !== undefined && density > 0 && shaped ? { density: [density, density * aspect] } : {}),
    ...(aspect !== 1 && shaped ? { pixelAspect: aspect } : {}),
  };
  const holds = (attribute: Attribute): boolean => {
    const { name } = attribute;
    if (name === ID || name === CHROMATICITIES) return colour !== undefined;
    if (name === 'xDensity') return tags.density !== undefined;
    if (name === 'pixelAspectRatio') return aspect === 1 || shaped;
    if (name === STRAIGHT) return straight && choice.alpha;
    // The values that a picture has by being one.
    const value = Object.hasOwn(PLAIN, name) ? decoded(attribute) : undefined;
    return value !== undefined && JSON.stringify(value) === PLAIN[name];
  };
  return {
    tags,
    straight,
    held: set.filter(holds),
    losses: set
      .filter((attribute) => !holds(attribute))
      .map(({ name }) => ({
        kind: 'attribute',
        port: 'image',
        part: choice.index,
        name,
        reason: reasonFor(name, choice),
      })),
  };
}

const PLAIN: Readonly<Record<string, string>> = { screenWindowCenter: '[0,0]', screenWindowWidth: '1' };

const reasonFor = (name: string, { format }: Choice): string =>
  name === ID || name === CHROMATICITIES ? 'the file does not say it' : `${TITLES[format]} holds no such attribute`;

/** The colour to state; undefined where the input says nothing, or what the format cannot say. */
function colourTag(
  { format, part, depth, channels }: Choice,
  first: AttributeSet,
  report: (problem: NodeProblem) => void,
): PictureColour | undefined {
  const stated = statedColour(part.attributes, first);
  const where = { param: 'colour' };
  if (!stated) return undefined;
  const { by, colour, against } = stated;
  if (against) {
    report({
      severity: 'error',
      code: 'picture-tags',
      message: `${by} and ${CHROMATICITIES} of the image contradict each other, so that no colour tag would be true. Set them right with Color convert or Set attribute, or write none.`,
      where,
      fixes: [{ title: 'Write no colour tag', set: { colour: 'none' } }],
    });
    return undefined;
  }
  const grey = channels.length < 3;
  const can = colour && (format === 'png' ? pngCanState(colour, grey) : makeProfile(colour, grey ? 'grey' : 'rgb'));
  if (!colour || !can) {
    report({
      severity: 'warning',
      code: 'picture-tags',
      message: `${by} of the image is nothing that ${TITLES[format]} files can say, so that the file says nothing of its colours.`,
      where,
    });
    return undefined;
  }
  if (typeof colour.transfer === 'object' && colour.transfer.gamma === 1 && depth === 'uint8') {
    report({
      severity: 'warning',
      code: 'picture-tags',
      message: `The image is linear light (${by}), of which 8 bits keep little in the dark. Encode it before, for instance with Color convert, or write more bits.`,
      where: { param: 'bits' },
    });
  }
  return colour;
}

interface Stated {
  readonly by: string;
  /** Left out where it is a space that no picture can state. */
  readonly colour?: PictureColour;
  readonly against: boolean;
}

/** In the order of the ASWF Color Interop Forum: the ID, then the chromaticities, whose space is linear. */
function statedColour(set: AttributeSet, first: AttributeSet): Stated | undefined {
  const lights = lightsIn(set);
  const id = textIn(set, ID) ?? textIn(first, ID);
  if (numberIn(set, CONTAINER) !== 1 && numberIn(first, CONTAINER) !== 1) {
    if (id === 'data') return undefined;
    if (id === undefined || id === 'unknown')
      return lights && { by: CHROMATICITIES, colour: { lights, transfer: { gamma: 1 } }, against: false };
  }
  const name = id === undefined || numberIn(set, CONTAINER) === 1 ? 'lin_ap0_scene' : id;
  const colour = colourOfId(name);
  const by = name === id ? `${ID} "${id}"` : CONTAINER;
  return { by, ...(colour ? { colour } : {}), against: !!colour && !!lights && !sameLights(colour.lights, lights) };
}

function textIn(set: AttributeSet, name: string): string | undefined {
  const value = valueIn(set, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function numberIn(set: AttributeSet, name: string): number | undefined {
  const value = valueIn(set, name);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function lightsIn(set: AttributeSet): Primaries | undefined {
  const attribute = findAttribute(set, CHROMATICITIES);
  const value = attribute?.type === CHROMATICITIES ? decoded(attribute) : undefined;
  return typeof value === 'object' && value !== null ? (value as unknown as Primaries) : undefined;
}

const valueIn = (set: AttributeSet, name: string): unknown => {
  const attribute = findAttribute(set, name);
  return attribute && decoded(attribute);
};

/** A broken attribute says nothing. */
function decoded(attribute: Attribute): unknown {
  try {
    return decodeAttribute(attribute);
  } catch {
    return undefined;
  }
}
