// Finding what a config calls by a name: spaces by their names, aliases and roles, displays, views and looks.
import { EngineError, listNames, nearNames } from '../../../../engine/authoring.ts';
import {
  type ColourSpace,
  type Config,
  type Display,
  type Look,
  type NamedTransform,
  sameName,
  type View,
} from './config.ts';

const byName = <T extends { readonly name: string }>(all: readonly T[], name: string): T | undefined =>
  all.find((one) => sameName(one.name, name));

const byAlias = <T extends { readonly name: string; readonly aliases: readonly string[] }>(
  all: readonly T[],
  name: string,
): T | undefined => byName(all, name) ?? all.find(({ aliases }) => aliases.some((alias) => sameName(alias, name)));

/** A space by its name, an alias or a role. */
export function findSpace({ spaces, roles }: Config, name: string): ColourSpace | undefined {
  const role = roles.get(name.toLowerCase());
  return byAlias(spaces, name) ?? (role === undefined ? undefined : byAlias(spaces, role));
}

export const findNamed = ({ namedTransforms }: Config, name: string): NamedTransform | undefined =>
  byAlias(namedTransforms, name);

export const findLook = ({ looks }: Config, name: string): Look | undefined => byName(looks, name);

export const findDisplay = ({ displays }: Config, name: string): Display | undefined => byName(displays, name);

export const findView = ({ views }: Display, name: string): View | undefined => byName(views, name);

/** The displays that people are offered, those that are active in the order of that list. */
export const shownDisplays = ({ displays, activeDisplays }: Config): readonly Display[] =>
  pick(displays, activeDisplays);

export const shownViews = ({ activeViews }: Config, { views }: Display): readonly View[] => pick(views, activeViews);

function pick<T extends { readonly name: string }>(all: readonly T[], active: readonly string[]): readonly T[] {
  const chosen = active.flatMap((name) => byName(all, name) ?? []);
  return chosen.length > 0 ? chosen : all;
}

/** Names of spaces that people are offered: roles first, then those that are not put away. */
export const shownSpaces = ({ spaces, roles, inactive }: Config): readonly string[] => [
  ...roles.keys(),
  ...spaces.map(({ name }) => name).filter((name) => !inactive.some((other) => sameName(other, name))),
];

/** What a parameter may be, and which of it could have been meant. */
export interface Unknown {
  readonly param: string;
  readonly wanted: string;
  readonly names: readonly string[];
}

/** A name that the config does not have; `names` of what it has. */
export class UnknownName extends EngineError {
  readonly unknown: Unknown;

  /** Engine errors are all known by one brand; this one by what it holds besides. */
  static override [Symbol.hasInstance](thrown: unknown): boolean {
    return thrown instanceof EngineError && 'unknown' in thrown;
  }

  constructor(file: string, what: string, unknown: Unknown) {
    const { wanted, names, param } = unknown;
    const found = names.length === 0 ? 'It has none.' : `It has ${listNames(names)}.`;
    const said =
      wanted === ''
        ? `Say which ${what} of ${file} is meant.`
        : `${file} has no ${what} ${JSON.stringify(wanted.slice(0, 100))}.`;
    super('invalid', 'ocio-unknown', `${said} ${found}`, { param, file });
    this.unknown = unknown;
  }

  /** Names to offer: the nearest, or the first where none is near. */
  get offered(): readonly string[] {
    const { wanted, names } = this.unknown;
    const near = wanted === '' ? [] : nearNames(wanted, names, 4);
    return near.length > 0 ? near : names.slice(0, 12);
  }
}
