// Roles: what the numbers of a channel are, by one table of names, types and attributes, unless a node has said it.
import type { SampleType } from '../pixels/plane.ts';
import type { AttributeSet } from './attribute.ts';
import { cryptomatteHeaders, placeInCryptomatte } from './cryptomatte.ts';
import { inViews } from './view.ts';

export const ROLES = ['colour', 'alpha', 'depth', 'normal', 'vector', 'id', 'mask', 'other'] as const;
export type Role = (typeof ROLES)[number];

/** Roles of numbers that the losses of a picture spoil. */
export const EXACT_ROLES: ReadonlySet<Role> = new Set(['depth', 'normal', 'vector', 'id']);

/** A channel as far as its role goes. */
interface RoleChannel {
  readonly name: string;
  readonly type: SampleType;
  /** As a node has set it. */
  readonly role?: Role;
}

/**
 * Names that renderers give to layers of numbers which are no light: in lower case, the last piece of a layer, or of a
 * channel without one. The first that fits holds. Among them are those of Arnold, Karma, Mantra, RenderMan (`__Nworld`),
 * V-Ray (`VRayMtlID`, `MultiMatteElement`), Blender (`IndexOB`, `Denoising Normal`) and Nuke (`forward`, `disparityL`).
 */
const LAYERS: readonly (readonly [role: Role, names: RegExp])[] = [
  ['normal', /^(n|ng|ns|nn|n(world|cam|camera|eye|object)|normals?)\d*$/],
  ['normal', /^(world|camera|eye|object|smooth|bump|geo|shading)?_?normals?(world|camera|eye)?\d*$/],
  ['vector', /^(p|pw|p(world|cam|camera|eye|object)|pref|pnt|pos|positions?|point|wpp?)\d*$/],
  ['vector', /^((world|camera|object)?_?position|uvw?|st|texcoords?|tangents?|bitangents?|barycentric)\d*$/],
  ['vector', /^(motion|motion_?vectors?|mv|velocity|vectors?|optical_?flow|flow|dpdtime)\d*$/],
  ['vector', /^(forward|backward|disparity_?(l|r|left|right)?)\d*$/],
  ['depth', /^(depth|zdepth|z|pz|hitpz|volume_?z|deep)\d*$/],
  ['id', /^((object|material|mtl|render|asset|instance|node|prim|face|element)?_?ids?|crypto.*)\d*$/],
  ['id', /^((object|material|pass)?_?index|index_?(ob|ma))\d*$/],
  ['mask', /^((multi|rgb|puzzle)?_?(mattes?|masks?)(_?element)?|ao_?mask)\d*$/],
  ['other', /^(curvature|facing_?ratio)\d*$/],
];

/** What stands before such names and says nothing. */
const LEAD = /^(vray|denoising_|rs_)?_*(?=.)/;

/** What the last piece of a channel's name says, in lower case, where its layer says nothing. */
const LETTERS: readonly (readonly [role: Role, names: RegExp])[] = [
  ['alpha', /^(a|alpha|ar|ag|ab)$/],
  ['colour', /^(r|g|b|red|green|blue|y|ry|by)$/],
  ['depth', /^(z|zback)$/],
];

/** Roles that hold for the alpha of such a layer as well. */
const WITH_ALPHA: ReadonlySet<Role> = new Set(['id', 'mask']);

const fitting = (table: typeof LAYERS, name: string): Role | undefined =>
  table.find(([, names]) => names.test(name))?.[0];

/** By the table of layers: the name as it is, or else without what says nothing. */
function dataRole(name: string): Role | undefined {
  const joined = name.replaceAll(' ', '_');
  return fitting(LAYERS, joined) ?? fitting(LAYERS, joined.replace(LEAD, ''));
}

/** Views stand behind their layer where one part holds several: `N.left.X`. */
const STEREO: ReadonlySet<string> = new Set(['left', 'right']);

/** The role of a layer by its name, where that is one of data; undefined for light and for names that say nothing. */
export function layerRole(layer: string): Role | undefined {
  const [last = '', before] = layer.toLowerCase().split('.').reverse();
  return dataRole(before !== undefined && STEREO.has(last) ? before : last);
}

/** A part as far as the roles of its channels go. */
interface RolePart {
  readonly name?: string;
  readonly view?: string;
  readonly channels: readonly RoleChannel[];
  readonly attributes: AttributeSet;
}

/**
 * The role of every channel of a part, by name. What a node has set goes first; then Cryptomattes that the header of the part
 * or of the first part tells of, of which ids are ids and coverages masks; whole numbers are ids; then the name decides, in
 * which the part's name is the layer of a channel that has none, and a view of `multiView` says nothing. X and Y of one layer
 * are no luminance but a vector.
 */
export function rolesOf(part: RolePart, first: AttributeSet = []): Map<string, Role> {
  const crypto = new Set([...cryptomatteHeaders(part.attributes).keys(), ...cryptomatteHeaders(first).keys()]);
  const vectors = vectorLayers(part.channels);
  const inView = inViews(part);
  return new Map(
    part.channels.map((channel) => {
      const name = inView(channel.name).layered;
      const inVector = AXES.has(letterOf(channel.name)) && vectors.has(ownLayerOf(channel.name));
      return [channel.name, channel.role ?? guessed({ ...channel, name }, crypto, inVector)];
    }),
  );
}

function guessed({ name, type }: RoleChannel, crypto: ReadonlySet<string>, inVector: boolean): Role {
  for (const title of crypto) {
    const place = placeInCryptomatte(title, name);
    if (place && place.level >= 0) return place.place % 2 === 0 ? 'id' : 'mask';
    if (place) return 'colour';
  }
  if (type === 'uint') return 'id';
  const dot = name.lastIndexOf('.');
  const letter = letterOf(name);
  const ofLetter = fitting(LETTERS, letter);
  const ofLayer = dot < 0 ? undefined : layerRole(name.slice(0, dot));
  if (ofLayer !== undefined) return ofLetter === 'alpha' && !WITH_ALPHA.has(ofLayer) ? 'alpha' : ofLayer;
  if (inVector) return 'vector';
  return ofLetter ?? dataRole(letter) ?? 'other';
}

const letterOf = (name: string): string => name.slice(name.lastIndexOf('.') + 1).toLowerCase();
const ownLayerOf = (name: string): string => name.slice(0, name.lastIndexOf('.') + 1);

const AXES: ReadonlySet<string> = new Set(['x', 'y', 'z', 'w', 'u', 'v']);

/** Layers whose letters are axes: X and Y, or U and V without the Y of a luminance, and no R, G, B. */
function vectorLayers(channels: readonly RoleChannel[]): Set<string> {
  const layers = Map.groupBy(channels, ({ name }) => ownLayerOf(name));
  const found = [...layers].filter(([, own]) => {
    const letters = new Set(own.map(({ name }) => letterOf(name)));
    const has = (...wanted: string[]): boolean => wanted.every((letter) => letters.has(letter));
    return !has('r') && !has('g') && !has('b') && (has('x', 'y') || (has('u', 'v') && !has('y')));
  });
  return new Set(found.map(([layer]) => layer));
}
