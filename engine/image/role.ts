// Roles: what the numbers of a channel are, by one table of names, types and attributes, unless a node has said it.
import type { SampleType } from '../pixels/plane.ts';
import type { AttributeSet } from './attribute.ts';
import { cryptomatteHeaders, placeInCryptomatte } from './cryptomatte.ts';

export const ROLES = ['colour', 'alpha', 'depth', 'normal', 'vector', 'id', 'mask', 'other'] as const;
export type Role = (typeof ROLES)[number];

/** A channel as far as its role goes. */
interface RoleChannel {
  readonly name: string;
  readonly type: SampleType;
  /** As a node has set it. */
  readonly role?: Role;
}

/**
 * Names that renderers give to layers of numbers which are no light: in lower case, the last piece of a layer, or of a
 * channel without one. The first that fits holds.
 */
const LAYERS: readonly (readonly [role: Role, names: RegExp])[] = [
  ['normal', /^(n|ng|ns|normals?|(world|camera|eye|object|smooth|bump|geo|shading)?_?normals?(world|camera|eye)?)\d*$/],
  ['vector', /^(p|pw|pref|pnt|pos|positions?|point|(world|camera|object)?_?position|pworld|wpp?)\d*$/],
  ['vector', /^(uvw?|st|texcoords?|tangents?|bitangents?|barycentric)\d*$/],
  ['vector', /^(motion|motion_?vectors?|mv|velocity|vectors?|optical_?flow|flow|forward|backward|disparity)\d*$/],
  ['depth', /^(depth|zdepth|z|deep)\d*$/],
  ['id', /^((object|material|asset|instance|node|prim|face|element)?_?ids?|crypto.*|(object|material)?_?index)\d*$/],
  ['mask', /^(mattes?|masks?|(rgb|puzzle)_?(mattes?|masks?)|ao_?mask)\d*$/],
  ['other', /^(curvature|facing_?ratio)\d*$/],
];

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

/** The role of a layer by its name, where that is one of data; undefined for light and for names that say nothing. */
export function layerRole(layer: string): Role | undefined {
  return fitting(LAYERS, layer.slice(layer.lastIndexOf('.') + 1).toLowerCase());
}

/**
 * The role of every channel of a part, by name. What a node has set goes first; then Cryptomattes that the header of the part
 * or of the first part tells of, of which ids are ids and coverages masks; whole numbers are ids; then the name decides.
 */
export function rolesOf(
  { channels, attributes }: { readonly channels: readonly RoleChannel[]; readonly attributes: AttributeSet },
  first: AttributeSet = [],
): Map<string, Role> {
  const crypto = new Set([...cryptomatteHeaders(attributes).keys(), ...cryptomatteHeaders(first).keys()]);
  return new Map(channels.map((channel) => [channel.name, channel.role ?? guessed(channel, crypto)]));
}

function guessed({ name, type }: RoleChannel, crypto: ReadonlySet<string>): Role {
  for (const title of crypto) {
    const place = placeInCryptomatte(title, name);
    if (place && place.level >= 0) return place.place % 2 === 0 ? 'id' : 'mask';
    if (place) return 'colour';
  }
  if (type === 'uint') return 'id';
  const dot = name.lastIndexOf('.');
  const letter = name.slice(dot + 1).toLowerCase();
  const ofLetter = fitting(LETTERS, letter);
  const ofLayer = dot < 0 ? undefined : layerRole(name.slice(0, dot));
  if (ofLayer !== undefined) return ofLetter === 'alpha' && !WITH_ALPHA.has(ofLayer) ? 'alpha' : ofLayer;
  return ofLetter ?? fitting(LAYERS, letter) ?? 'other';
}
