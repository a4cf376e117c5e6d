// Cryptomattes that a shuffle would take apart: channels without attributes, renamed or not all of them, or attributes alone.
import {
  type AttributeSet,
  type ChannelSpec,
  type Cryptomatte,
  type CryptomatteHeader,
  cryptomatteHeaders,
  cryptomattesOf,
  inViews,
  type Json,
  listNames,
  type NodeProblem,
  nameAmongViews,
  type PartSpec,
  partLabel,
  placeInCryptomatte,
} from '../../../engine/authoring.ts';
import type { Sources } from './address.ts';
import type { Params } from './params.ts';

interface Context {
  readonly params: Params;
  report(problem: NodeProblem): void;
}

/** The part that goes out. */
interface Output extends Pick<PartSpec, 'name' | 'view'> {
  readonly channels: readonly ChannelSpec[];
  readonly attributes: AttributeSet;
}

/** A Cryptomatte of a source, and what of it goes out. */
interface Passing {
  readonly source: string;
  readonly parts: readonly PartSpec[];
  readonly crypto: Cryptomatte;
  readonly levels: readonly LevelChannel[];
  readonly taken: readonly Taken[];
}

/** Warns of every Cryptomatte of which channels or attributes go out so that nobody can tell what belongs together. */
export function reportSplit(ctx: Context, sources: Sources, made: Output): void {
  const kept = cryptomatteHeaders(made.attributes);
  const namesOut = namesIn(made);
  const all = Object.entries(sources).flatMap(([source, { parts }]) =>
    cryptomattesOf(parts).map((crypto): Passing => {
      const levels = levelsOf(crypto, parts);
      return {
        source,
        parts,
        crypto,
        levels,
        taken: levels.flatMap((level) => takenFrom(source, level, made.channels, namesOut)),
      };
    }),
  );
  for (const passing of all) {
    const { source, crypto, levels, taken } = passing;
    const found = taken.length === 0 ? undefined : troubleOf(crypto, levels, taken, new Set(kept.keys()));
    if (!found) continue;
    const ofView = levels.some(({ name, among }) => name !== among) ? ` of view ${crypto.view}` : '';
    const fixes = fixesOf(found, ctx.params, passing);
    ctx.report({
      severity: 'warning',
      code: 'cryptomatte-split',
      message: `The Cryptomatte ${crypto.name}${ofView} of ${source} ${found.trouble}`,
      where: { param: 'rows', channel: taken[0]!.shown },
      ...(fixes.length > 0 ? { fixes } : {}),
    });
  }
  for (const [title, header] of kept) {
    // Not where channels go out that may be others in their place.
    if (!made.channels.some(({ name }) => isLevel(title, namesOut(name)))) reportLeft(ctx, title, header, all);
  }
}

/** Warns of attributes that go out without the channels that they came with. */
function reportLeft(
  { params: { attributes }, report }: Context,
  name: string,
  { fields }: CryptomatteHeader,
  all: readonly Passing[],
): void {
  const own = all.filter(({ crypto, levels }) => crypto.name === name && levels.length > 0);
  const giving = own.find(({ source }) => !attributes.from || attributes.from.includes(source));
  if (!giving || own.some(({ taken }) => taken.length > 0)) return;
  const names = [...fields.values()].map((field) => field.name);
  const leftOut = Object.fromEntries(names.map((field) => [field, { leaveOut: true }]));
  const resolve = { ...attributes.resolve, ...leftOut };
  report({
    severity: 'warning',
    code: 'cryptomatte-split',
    message: `The Cryptomatte ${name} of ${giving.source} would leave its attributes behind without any of its channels: programs would find it, and no mattes in it. Leave its attributes out, or take its channels too.`,
    where: { param: 'attributes', attribute: fields.get('name')!.name },
    fixes: [{ title: `Leave out the attributes of ${name}`, set: { attributes: { ...attributes, resolve } as Json } }],
  });
}

/** The names of a channel with the layer that its part gives it. */
interface Names {
  /** As if there were no other view. */
  readonly name: string;
  /** Beside the other views of its part. */
  readonly among: string;
}

/** A channel of a level of a Cryptomatte. */
interface LevelChannel extends Names {
  readonly part: number;
  readonly channel: string;
}

/** One that goes out: its names in the output, and what it is called there. */
interface Taken {
  readonly from: LevelChannel;
  readonly to: Names;
  readonly shown: string;
}

/** Previews are left out: those are pictures. */
function levelsOf({ name: title, channels }: Cryptomatte, parts: readonly PartSpec[]): LevelChannel[] {
  const namesOf = parts.map(namesIn);
  return channels
    .map(({ part, channel }) => ({ part, channel, ...namesOf[part]!(channel) }))
    .filter((names) => isLevel(title, names));
}

const isLevel = (title: string, { name }: Names): boolean => (placeInCryptomatte(title, name)?.level ?? -1) >= 0;

type NamesOf = (channel: string) => Names;

function namesIn(part: Pick<PartSpec, 'name' | 'view' | 'attributes'>): NamesOf {
  const inView = inViews(part);
  return (channel) => {
    const { view, layered: name } = inView(channel);
    const among = view === undefined || view === part.view ? name : nameAmongViews(name, view, 'other');
    return { name, among };
  };
}

const takenFrom = (source: string, from: LevelChannel, out: Output['channels'], namesOf: NamesOf): Taken[] =>
  out.flatMap(({ name, origin }) => {
    const same =
      origin.from === 'input' &&
      origin.port === `sources.${source}` &&
      origin.part === from.part &&
      origin.channel === from.channel;
    return same ? [{ from, to: namesOf(name), shown: name }] : [];
  });

interface Found {
  /** As the end of a sentence, and what to do. */
  readonly trouble: string;
  /** Channels that would be missing, and what to call them, where the others keep their names. */
  readonly missing?: readonly (LevelChannel & { readonly to: string })[];
  /** True where the attributes of the source would mend it. */
  readonly bare?: true;
}

function troubleOf(
  { name }: Cryptomatte,
  levels: readonly LevelChannel[],
  taken: readonly Taken[],
  headers: ReadonlySet<string>,
): Found | undefined {
  const left = levels.filter((level) => !taken.some(({ from }) => from === level));
  if (left.length > 0) {
    const trouble = `would lose ${listNames(left.map((level) => level.among))}: the things that these channels hold would be missing from mattes. Take all of its channels, or none.`;
    const ways = ['among', 'name'] as const;
    const way = ways.find((one) => taken.every(({ from, to }) => from[one] === to.among));
    return { trouble, ...(way ? { missing: left.map((level) => ({ ...level, to: level[way] })) } : {}) };
  }
  const lone = taken.find(({ from, to }) => from.name !== from.among && to.name === from.among);
  if (lone) {
    const trouble = `would lose its attributes, without which ${lone.shown} is of no view. Take the attributes of that source too, or choose its view with Select view before.`;
    return { trouble, bare: true };
  }
  const names = new Set(taken.map(({ from, to }) => renamedTo(name, from.name, to.name)));
  const [to] = names;
  if (names.size > 1 || to === undefined) {
    const odd = taken.find(({ from, to }) => from.name !== to.name)?.shown;
    return {
      trouble: `would be under names that no Cryptomatte has, such as ${odd}. Rename it with Cryptomatte select.`,
    };
  }
  if (headers.has(to)) return undefined;
  if (to === name) {
    const trouble = 'would lose its attributes, which say what its ids mean. Take the attributes of that source too.';
    return { trouble, bare: true };
  }
  return {
    trouble: `would be called ${to} while its attributes call it ${name}. Rename it with Cryptomatte select, which does both.`,
  };
}

/** What mends it in this node. A new name takes Cryptomatte select, which this node cannot put into the graph. */
function fixesOf(
  { missing, bare }: Found,
  { rows, attributes }: Params,
  { source, parts }: Passing,
): NonNullable<NodeProblem['fixes']> {
  if (missing) {
    const address = ({ part, channel }: LevelChannel): string =>
      `${source}:${parts.length > 1 ? `${partLabel(parts[part]!, part)}/` : ''}${channel}`;
    const added = missing.map((level) => ({ to: level.to, from: address(level) }));
    return [{ title: 'Take its other channels too', set: { rows: [...rows, ...added] as unknown as Json } }];
  }
  if (!bare || !attributes.from || attributes.from.includes(source)) return [];
  const from = [...attributes.from, source];
  return [{ title: `Take the attributes of ${source} too`, set: { attributes: { ...attributes, from } as Json } }];
}

/** `asset` for `crypto00.R` that becomes `asset00.R`; undefined for a name of another form. */
function renamedTo(name: string, from: string, to: string): string | undefined {
  const rest = from.slice(name.length);
  return to.endsWith(rest) && to.length > rest.length ? to.slice(0, -rest.length) : undefined;
}
