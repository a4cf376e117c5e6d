// Cryptomattes that a shuffle would take apart: channels without their attributes, under another name, or not all of them.
import {
  type AttributeSet,
  type ChannelSpec,
  type Cryptomatte,
  cryptomatteHeaders,
  cryptomattesOf,
  listNames,
  type NodeProblem,
  placeInCryptomatte,
} from '../../../engine/authoring.ts';
import type { Sources } from './address.ts';

/** Warns of every Cryptomatte of which channels go out so that nobody can tell what their ids mean. */
export function reportSplit(
  report: (problem: NodeProblem) => void,
  sources: Sources,
  { channels, attributes }: { readonly channels: readonly ChannelSpec[]; readonly attributes: AttributeSet },
): void {
  const kept = cryptomatteHeaders(attributes);
  for (const [source, { parts }] of Object.entries(sources)) {
    for (const crypto of cryptomattesOf(parts)) {
      const taken = takenFrom(source, crypto, channels);
      const trouble = taken.length === 0 ? undefined : troubleOf(crypto, taken, new Set(kept.keys()));
      if (trouble === undefined) continue;
      report({
        severity: 'warning',
        code: 'cryptomatte-split',
        message: `The Cryptomatte ${crypto.name} of ${source} ${trouble}`,
        where: { param: 'rows', channel: taken[0]!.to },
      });
    }
  }
}

/** A channel of a Cryptomatte with its name in the output. */
interface Taken {
  readonly from: string;
  readonly to: string;
}

/** Channels of levels, previews left out: those are pictures. */
function takenFrom(source: string, crypto: Cryptomatte, channels: readonly ChannelSpec[]): Taken[] {
  return levelsOf(crypto).flatMap(({ part, channel }) =>
    channels.flatMap(({ name, origin }) => {
      const same =
        origin.from === 'input' &&
        origin.port === `sources.${source}` &&
        origin.part === part &&
        origin.channel === channel;
      return same ? [{ from: channel, to: name }] : [];
    }),
  );
}

const levelsOf = ({ name, channels }: Cryptomatte) =>
  channels.filter(({ channel }) => (placeInCryptomatte(name, channel)?.level ?? -1) >= 0);

/** What is wrong, as the end of a sentence, and what to do. */
function troubleOf(crypto: Cryptomatte, taken: readonly Taken[], headers: ReadonlySet<string>): string | undefined {
  const { name } = crypto;
  const left = levelsOf(crypto).filter(({ channel }) => !taken.some(({ from }) => from === channel));
  if (left.length > 0) {
    return `would lose ${listNames(left.map(({ channel }) => channel))}: the things that these channels hold would be missing from mattes. Take all of its channels, or none.`;
  }
  const names = new Set(taken.map(({ from, to }) => renamedTo(name, from, to)));
  const [to] = names;
  if (names.size > 1 || to === undefined) {
    return `would be under names that no Cryptomatte has, such as ${taken.find(({ from, to }) => from !== to)?.to}. Rename it with Cryptomatte select.`;
  }
  if (headers.has(to)) return undefined;
  return to === name
    ? 'would lose its attributes, which say what its ids mean. Take the attributes of that source too.'
    : `would be called ${to} while its attributes call it ${name}. Rename it with Cryptomatte select, which does both.`;
}

/** `asset` for `crypto00.R` that becomes `asset00.R`; undefined for a name of another form. */
function renamedTo(name: string, from: string, to: string): string | undefined {
  const rest = from.slice(name.length);
  return to.endsWith(rest) && to.length > rest.length ? to.slice(0, -rest.length) : undefined;
}
