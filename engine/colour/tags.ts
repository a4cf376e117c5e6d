// The attributes by which an OpenEXR file states its colours: reading them, and setting them so that they are true.
import { decodeAttribute, encodeAttribute } from '../exr/attribute.ts';
import {
  type Attribute,
  type AttributeSet,
  findAttribute,
  withAttribute,
  withoutAttribute,
} from '../image/attribute.ts';
import { rgbToXyz } from './matrix.ts';
import { type Chromaticity, type Primaries, samePrimaries } from './primaries.ts';
import { SPACES, type Space, spaceOfId } from './space.ts';

/** Set where the file is an ACES container, SMPTE ST 2065-4: always with the value 1. */
const CONTAINER = 'acesImageContainerFlag';
const ID = 'colorInteropID';
const CHROMATICITIES = 'chromaticities';

/** A tag that contradicts, and the linear space of the primaries that it names. */
export interface Against {
  readonly by: string;
  readonly space: Space;
}

/** What the tags of a part say. */
export type Tagged =
  | { readonly says: 'space'; readonly space: Space; readonly by: string; readonly against?: Against }
  /** The part holds no colour. */
  | { readonly says: 'data' }
  /** `reason`: why nothing follows from the tags, as a sentence. */
  | { readonly says: 'nothing'; readonly reason: string };

/**
 * What the attributes of a part state, in the order of precedence of the ASWF Color Interop Forum ("Identifying the
 * Color Space of OpenEXR Files", reading): the ACES container flag, the interop ID, then the chromaticities, whose space
 * is linear. The flag and the ID of the first part hold for parts without their own. `against` names what contradicts.
 */
export function readTags(attributes: AttributeSet, first: AttributeSet): Tagged {
  const lights = primariesIn(attributes);
  if (isContainer(attributes) || isContainer(first)) return settle(SPACES.lin_ap0_scene, CONTAINER, lights);
  const id = textIn(attributes, ID) ?? textIn(first, ID);
  if (id === 'data') return { says: 'data' };
  if (id !== undefined && id !== 'unknown') {
    const space = spaceOfId(id);
    if (space) return settle(space, `${ID} "${id}"`, lights);
    return { says: 'nothing', reason: `Its ${ID} is "${id}", which is not known here.` };
  }
  if (!lights) return { says: 'nothing', reason: `It has neither ${ID} nor ${CHROMATICITIES}.` };
  if (!rgbToXyz(lights) && !samePrimaries(lights, SPACES.lin_ciexyzd65_scene.primaries)) {
    return { says: 'nothing', reason: `Its ${CHROMATICITIES} span no space of colours.` };
  }
  return { says: 'space', space: linearSpace(lights), by: CHROMATICITIES };
}

function settle(space: Space, by: string, lights: Primaries | undefined): Tagged {
  if (!lights || samePrimaries(lights, space.primaries)) return { says: 'space', space, by };
  return { says: 'space', space, by, against: { by: CHROMATICITIES, space: linearSpace(lights) } };
}

/** The linear space of these primaries: a named one that is not a camera's where they are near, else one of their own. */
function linearSpace(lights: Primaries): Space {
  const near = Object.values(SPACES).find((s) => !s.encoding && samePrimaries(s.primaries, lights));
  return near ?? { name: 'custom', title: 'Linear, primaries of its own', primaries: lights };
}

const isContainer = (set: AttributeSet): boolean => {
  const flag = findAttribute(set, CONTAINER);
  return flag?.type === 'int' && decoded(flag) === 1;
};

function textIn(set: AttributeSet, name: string): string | undefined {
  const attribute = findAttribute(set, name);
  const value = attribute?.type === 'string' ? decoded(attribute) : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function primariesIn(set: AttributeSet): Primaries | undefined {
  const attribute = findAttribute(set, CHROMATICITIES);
  const value = attribute?.type === CHROMATICITIES ? decoded(attribute) : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  const { red, green, blue, white } = value as Record<string, Chromaticity>;
  return red && green && blue && white ? { red, green, blue, white } : undefined;
}

/** The value, or undefined where the bytes do not hold one: a broken tag says nothing. */
function decoded(attribute: Attribute): unknown {
  try {
    return decodeAttribute(attribute);
  } catch {
    return undefined;
  }
}

/**
 * The attributes of a part whose colours are now of this space: `chromaticities` are its primaries and `colorInteropID`
 * names it, or is gone where it has no ID. The container flag stays only where it is still true. What was true before
 * stays byte for byte; `source` is the node that sets the rest.
 */
export function writeTags(set: AttributeSet, space: Space, source: string): AttributeSet {
  const { red, green, blue, white } = space.primaries;
  let tagged = set;
  const lights = primariesIn(set);
  if (!lights || !samePrimaries(lights, space.primaries)) {
    tagged = withAttribute(tagged, {
      ...encodeAttribute(CHROMATICITIES, CHROMATICITIES, { red, green, blue, white }),
      source,
    });
  }
  if (space.interopId === undefined) tagged = withoutAttribute(tagged, ID);
  else if (textIn(set, ID) !== space.interopId) {
    tagged = withAttribute(tagged, { ...encodeAttribute(ID, 'string', space.interopId), source });
  }
  return space.interopId === SPACES.lin_ap0_scene.interopId ? tagged : withoutAttribute(tagged, CONTAINER);
}

/** Names of the attributes that `writeTags` may set or take away. */
export const TAGS = [CHROMATICITIES, ID, CONTAINER] as const;

/** What tags say, in words: `ACEScg (colorInteropID "lin_ap1_scene")`, `data`, `unknown: it has neither …`. */
export function taggedText(tagged: Tagged): string {
  if (tagged.says === 'data') return 'data';
  if (tagged.says === 'nothing') return `unknown: ${tagged.reason[0]!.toLowerCase()}${tagged.reason.slice(1, -1)}`;
  const { space, by, against } = tagged;
  return `${space.title} (${by})${against ? `, and ${againstText(against)}` : ''}`;
}

/** `chromaticities name the primaries of Linear Rec.709`. */
export const againstText = ({ by, space }: Against): string =>
  `${by} name ${space.name === 'custom' ? 'other primaries' : `the primaries of ${space.title}`}`;

/** The same of a part, or undefined where it has no R and nothing is said of it: then there is nothing to wonder about. */
export function colourStatement(
  part: { readonly attributes: AttributeSet; readonly channels: readonly { readonly name: string }[] },
  first: AttributeSet,
): string | undefined {
  const tagged = readTags(part.attributes, first);
  const coloured = part.channels.some(({ name }) => name === 'R' || name.endsWith('.R'));
  return tagged.says === 'nothing' && !coloured ? undefined : taggedText(tagged);
}
