// What a config holds: spaces, roles, looks, displays, views, and where their files and variables are looked for.
import { asList, asMap, asText, Fields, fault, type Origin, refuse } from './read.ts';
import { type Mapping, parseYaml, type Value } from './yaml.ts';

/** What the numbers of a space stand for: the light of a scene, or of a display. */
export type Reference = 'scene' | 'display';

/** Two transforms of which each is the inverse of the other; where one is missing the other is turned round. */
export interface Pair {
  readonly forward?: Mapping;
  readonly inverse?: Mapping;
}

export interface ColourSpace {
  readonly name: string;
  readonly aliases: readonly string[];
  /** `forward` is to the reference. */
  readonly transforms: Pair;
  readonly reference: Reference;
  readonly data: boolean;
  /** Spaces of one group are equal; empty for none. */
  readonly equal: string;
  /** The interop ID that the config gives (OpenColorIO 2.5), empty for none. */
  readonly interopId: string;
}

export interface Look {
  readonly name: string;
  readonly processSpace: string;
  readonly transforms: Pair;
}

export interface ViewTransform {
  readonly name: string;
  /** Of the side from which it comes; it goes to displays. */
  readonly reference: Reference;
  /** `forward` is from that reference. */
  readonly transforms: Pair;
}

export interface NamedTransform {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly transforms: Pair;
}

export interface View {
  readonly name: string;
  /** A colour space, or a named transform; the display's where there is a view transform. */
  readonly space: string;
  readonly viewTransform: string;
  readonly looks: string;
}

export interface Display {
  readonly name: string;
  readonly views: readonly View[];
}

export interface Config {
  readonly file: string;
  readonly major: number;
  /** Defaults by name; undefined where the config has no such section, and every variable may be meant. */
  readonly environment: ReadonlyMap<string, string> | undefined;
  readonly searchPath: readonly string[];
  /** By name in lower case. */
  readonly roles: ReadonlyMap<string, string>;
  readonly spaces: readonly ColourSpace[];
  readonly inactive: readonly string[];
  readonly looks: readonly Look[];
  readonly displays: readonly Display[];
  readonly activeDisplays: readonly string[];
  readonly activeViews: readonly string[];
  readonly viewTransforms: readonly ViewTransform[];
  readonly defaultViewTransform: string;
  readonly namedTransforms: readonly NamedTransform[];
}

/** Reads a config, OpenColorIO 1 or 2. Throws `ocio-config` and `ocio-unsupported`. */
export function parseConfig(text: string, file: string): Config {
  const top: Origin = { file, of: '' };
  const fields = new Fields(parseYaml(text, file), top);
  const profile = fields.text('ocio_profile_version');
  const [, major = ''] = /^(\d+)(?:\.\d+)?$/.exec(profile ?? '') ?? [];
  if (profile === undefined) fault(top, 'has no ocio_profile_version, so it is no config of OpenColorIO.');
  if (major !== '1' && major !== '2') refuse(top, `says version ${profile}; 1 and 2 are known here.`);
  const each = <T>(key: string, read: (map: Mapping) => T): T[] =>
    asList(fields.get(key) ?? NOTHING, top, key).items.map((item) => read(asMap(item, top, `an entry of ${key}`)));
  const map = (key: string): Mapping => asMap(fields.get(key) ?? NOTHING, top, key);
  const texts = (of: Mapping, what: string): [string, string][] =>
    [...of.entries].map(([name, value]) => [name, asText(value, top, `${name} in ${what}`)]);
  const shared = each('shared_views', (view) => readView(view, top));
  const spaces = [
    ...each('colorspaces', (space) => readSpace(space, file, 'scene')),
    ...each('display_colorspaces', (space) => readSpace(space, file, 'display')),
  ];
  return {
    file,
    major: Number(major),
    environment: fields.get('environment') ? new Map(texts(map('environment'), 'environment')) : undefined,
    searchPath: searchPathOf(fields),
    roles: new Map(texts(map('roles'), 'roles').map(([name, space]) => [name.toLowerCase(), space])),
    spaces,
    inactive: fields.texts('inactive_colorspaces') ?? [],
    looks: each('looks', (look) => readLook(look, file)),
    displays: [...map('displays').entries].map(([name, views]) => readDisplay(name, views, shared, top)),
    activeDisplays: fields.texts('active_displays') ?? [],
    activeViews: fields.texts('active_views') ?? [],
    viewTransforms: each('view_transforms', (view) => readViewTransform(view, file)),
    defaultViewTransform: fields.text('default_view_transform') ?? '',
    namedTransforms: each('named_transforms', (named) => readNamed(named, file)),
  };
}

const NOTHING: Value = { kind: 'text', tag: '', line: 0, text: '' };

/** Folders with colons between them, or a list. Windows' drives are no separators. */
function searchPathOf(fields: Fields): string[] {
  const value = fields.get('search_path') ?? NOTHING;
  if (value.kind === 'list') return value.items.map((item) => asText(item, fields.origin, 'search_path'));
  return asText(value, fields.origin, 'search_path')
    .split(/:(?![\\/])|:(?=\/)/)
    .map((path) => path.trim())
    .filter((path) => path !== '');
}

const transformIn = (fields: Fields, keys: readonly string[]): Mapping | undefined => {
  const key = keys.find((name) => fields.get(name) !== undefined);
  return key === undefined ? undefined : asMap(fields.get(key)!, fields.origin, key);
};

const pairOf = (fields: Fields, forward: readonly string[], inverse: readonly string[]): Pair => {
  const [there, back] = [transformIn(fields, forward), transformIn(fields, inverse)];
  return { ...(there ? { forward: there } : {}), ...(back ? { inverse: back } : {}) };
};

function named(map: Mapping, file: string, what: string): Fields {
  const name = new Fields(map, { file, of: '' }).text('name') ?? '';
  if (name === '') fault({ file, of: '' }, `a ${what} has no name.`, map.line);
  return new Fields(map, { file, of: `${what} "${name}"` });
}

function readSpace(map: Mapping, file: string, listed: Reference): ColourSpace {
  const fields = named(map, file, 'colour space');
  const forDisplay = ['to_display_reference', 'from_display_reference'].some((key) => fields.get(key) !== undefined);
  const reference = forDisplay ? 'display' : listed;
  const keys = (way: 'to' | 'from'): string[] =>
    reference === 'display' ? [`${way}_display_reference`] : [`${way}_scene_reference`, `${way}_reference`];
  return {
    name: fields.text('name')!,
    aliases: fields.texts('aliases') ?? [],
    transforms: pairOf(fields, keys('to'), keys('from')),
    reference,
    data: fields.switch('isdata') ?? false,
    equal: fields.text('equalitygroup') ?? '',
    interopId: fields.text('interop_id') ?? '',
  };
}

function readLook(map: Mapping, file: string): Look {
  const fields = named(map, file, 'look');
  return {
    name: fields.text('name')!,
    processSpace: fields.text('process_space') ?? '',
    transforms: pairOf(fields, ['transform'], ['inverse_transform']),
  };
}

function readViewTransform(map: Mapping, file: string): ViewTransform {
  const fields = named(map, file, 'view transform');
  const shown = ['to_display_reference', 'from_display_reference'].some((key) => fields.get(key) !== undefined);
  const reference = shown ? 'display' : 'scene';
  return {
    name: fields.text('name')!,
    reference,
    transforms: pairOf(fields, [`from_${reference}_reference`], [`to_${reference}_reference`]),
  };
}

function readNamed(map: Mapping, file: string): NamedTransform {
  const fields = named(map, file, 'named transform');
  return {
    name: fields.text('name')!,
    aliases: fields.texts('aliases') ?? [],
    transforms: pairOf(fields, ['transform'], ['inverse_transform']),
  };
}

function readView(map: Mapping, top: Origin): View {
  const fields = new Fields(map, top);
  return {
    name: fields.text('name') ?? fault(top, 'a view has no name.', map.line),
    space: fields.text('colorspace') ?? fields.text('display_colorspace') ?? '',
    viewTransform: fields.text('view_transform') ?? '',
    looks: fields.text('looks') ?? fields.text('look') ?? '',
  };
}

/** Views of its own as `!<View> {...}`, and `!<Views> [...]` with names of shared ones. */
function readDisplay(name: string, value: Value, shared: readonly View[], top: Origin): Display {
  const views = asList(value, top, `display "${name}"`).items.flatMap((item): View[] => {
    if (item.kind === 'map') return [readView(item, top)];
    return asList(item, top, `an entry of display "${name}"`).items.map((entry) => {
      const wanted = asText(entry, top, 'a shared view');
      return (
        shared.find((view) => sameName(view.name, wanted)) ??
        fault(top, `display "${name}" has the shared view "${wanted}", which there is not.`, item.line)
      );
    });
  });
  return { name, views };
}

/** OpenColorIO does not tell capital letters from small ones. */
export const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
