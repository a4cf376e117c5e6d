// What Nuke would refuse or read otherwise in a file as it is about to be written: names, windows, orders of lines.
import {
  type Box,
  boxEquals,
  boxText,
  boxUnion,
  type Fix,
  listNames,
  type NodeProblem,
  type PartSpec,
  partLabel,
} from '../../../engine/authoring.ts';
import { foldedNames, type NukeChannel, nukeChannels } from './fold.ts';
import type { Planned } from './storage.ts';

/** A file as it is about to be written. */
export interface FilePlan {
  /** The parts as they will be stored. */
  readonly planned: readonly (Planned & { readonly copied: boolean })[];
  /** The parts, as read from files, that the samples of a part come from. */
  origins(part: number): readonly PartSpec[];
  report(problem: NodeProblem): void;
}

/** Channels that Nuke would take for one, or give another name. What a source has already is no news. */
export function names({ planned, origins, report }: FilePlan): void {
  const specs = planned.map(({ spec }) => spec);
  const key = (channels: readonly NukeChannel[]): string => channels.map(({ channel }) => channel).join('\0');
  const sources = sourcesOf(planned.map((_, index) => origins(index))).map(nukeChannels);
  const known = new Set(sources.flatMap((source) => foldedNames(source).map(key)));
  const found = nukeChannels(specs);
  const groups = foldedNames(found).filter((group) => !known.has(key(group)));
  for (const [part, own] of Map.groupBy(groups, partOf)) {
    const [{ channel }] = own[0] as [NukeChannel];
    const [who, why, how] = part === undefined ? ACROSS : ([partLabel(specs[part]!, part), '', INSIDE] as const);
    const named = own.map((group) => group.map((at) => nameIn(specs, at, part)).join(' and '));
    report({
      severity: 'warning',
      code: 'names-fold',
      message: `${who}: Nuke would read ${listNames(named)} as one channel${why}. ${how} with Shuffle channels, in a row such as { "to": "${spareName(channel)}", "from": "…:${channel}" }.`,
      where: part === undefined ? { channel } : { part: specs[part]!.name ?? part, channel },
      ...(specs.length === 1 ? { fixes: [renaming(own, specs[0]!)] } : {}),
    });
  }
  const before = new Set(sources.flat().map(({ channel }) => channel));
  const cut = found.filter(({ isCut, channel }) => isCut && !before.has(channel));
  for (const [part, own] of Map.groupBy(cut, (at) => at.part)) {
    const becomes = own.map(({ channel, folded }) => `${channel} as ${folded}`);
    report({
      severity: 'warning',
      code: 'names-fold',
      message: `${partLabel(specs[part]!, part)}: Nuke would read ${listNames(becomes, 4)}: it cuts off digits at the front of each piece of a name, and parts names at their first two dots alone. Rename with Shuffle channels where that matters.`,
      where: { part: specs[part]!.name ?? part, channel: own[0]!.channel },
    });
  }
}

/** New names for all but the first of each group. */
function renaming(groups: readonly (readonly NukeChannel[])[], { channels }: PartSpec): Fix {
  const taken = new Set(channels.map(({ name }) => name));
  const renamed = groups
    .flatMap((group) => group.slice(1))
    .map(({ channel }) => {
      let to = spareName(channel);
      while (taken.has(to)) to = spareName(to);
      taken.add(to);
      return { channel, to };
    });
  const rows = renamed.map(({ channel, to }) => ({ to, from: `image:${channel}` }));
  return {
    title: `Rename ${listNames(renamed.map(({ channel, to }) => `${channel} to ${to}`))}`,
    insert: { port: 'image', input: 'sources.image', type: 'channel.shuffle', version: 1, params: { rows } },
  };
}

/** What is said of channels of several parts: in the place of a part, why, and what to do. */
const ACROSS = [
  'The parts',
  ', since it does not look at the names of parts where a channel of the file has a dot',
  'Give them layers',
] as const;
const INSIDE = 'Rename one of each';

/** The part that all channels of a group are in; undefined where they are in several. */
function partOf(group: readonly NukeChannel[]): number | undefined {
  const [first] = group;
  return group.every(({ part }) => part === first!.part) ? first!.part : undefined;
}

const nameIn = (specs: readonly PartSpec[], { part, channel }: NukeChannel, inside: number | undefined): string =>
  inside === undefined ? `${channel} of ${partLabel(specs[part]!, part)}` : channel;

/** `layer.R` for `R`, `spec2.red` for `spec.red`: a name to write into a row. */
function spareName(channel: string): string {
  const dot = channel.lastIndexOf('.');
  return dot < 0 ? `layer.${channel}` : `${channel.slice(0, dot)}2${channel.slice(dot)}`;
}

/** Those parts that come from files, file by file. */
function sourcesOf(origins: readonly (readonly PartSpec[])[]): PartSpec[][] {
  const files = new Map<string, Map<number, PartSpec>>();
  for (const part of origins.flat()) {
    const at = part.stored?.chunks ?? { file: part.picture?.file ?? '', part: 0 };
    files.set(at.file, (files.get(at.file) ?? new Map<number, PartSpec>()).set(at.part, part));
  }
  return [...files.values()].map((parts) => [...parts.values()]);
}

/** Windows that differ: Nuke refuses such files ("Multipart data window size must be consistent", `exrReader.cpp`). */
export function windows({ planned, origins, report }: FilePlan): void {
  const specs = planned.map(({ spec }) => spec);
  const [first] = specs;
  const others = specs
    .entries()
    .filter(([, spec]) => !boxEquals(spec.dataWindow, first!.dataWindow))
    .toArray();
  if (!first || others.length === 0 || asInOneFile(specs, origins)) return;
  const told = others.map(([index, spec]) => `${partLabel(spec, index)} ${boxText(spec.dataWindow)}`);
  const all = specs.map(({ dataWindow }) => dataWindow).reduce(boxUnion);
  report({
    severity: 'warning',
    code: 'windows-differ',
    message: `The parts have different data windows: ${partLabel(first, 0)} ${boxText(first.dataWindow)}, ${listNames(told, 4)}. Nuke refuses such a file, and other programs read all parts with the window of the first. Crop makes them equal, black where there was nothing, with Area box, Box ${Object.values(all).join(', ')} and Outside black.`,
    where: { part: others[0]![1].name ?? others[0]![0] },
    ...(specs.some(({ kind }) => kind === 'deep') ? {} : { fixes: [cropping(all)] }),
  });
}

const cropping = ({ minX, minY, maxX, maxY }: Box): Fix => ({
  title: 'Give all parts the window of all, black where there was nothing',
  insert: {
    port: 'image',
    type: 'transform.crop',
    version: 1,
    params: { area: 'box', box: [minX, minY, maxX, maxY], outside: 'black' },
  },
});

/** Orders of lines that differ: Nuke refuses these too ("Multipart line order must be consistent"). */
export function lineOrders({ planned, origins, report }: FilePlan): void {
  const specs = planned.map(({ spec }) => spec);
  const orders = planned.map(({ write }) => write.lineOrder);
  const other = orders.findIndex((order) => order !== orders[0]);
  const copies = planned.every(({ copied }) => copied);
  if (other < 0 || (copies && asInOneFile(specs, origins))) return;
  report({
    severity: 'warning',
    code: 'line-orders-differ',
    message: `The parts have lines in different orders: ${partLabel(specs[0]!, 0)} ${orders[0]}, ${partLabel(specs[other]!, other)} ${orders[other]}. Nuke refuses such a file.`,
    where: { param: 'lineOrder', part: specs[other]!.name ?? other },
    fixes: [{ title: 'Write increasing lines', set: { lineOrder: 'increasing' } }],
  });
}

/** Whether all parts have the windows that they have in one file that they come from. */
function asInOneFile(specs: readonly PartSpec[], origins: FilePlan['origins']): boolean {
  const files = specs.map((spec, index) => {
    const same = origins(index).find(({ dataWindow }) => boxEquals(dataWindow, spec.dataWindow));
    return same?.stored?.chunks?.file;
  });
  return files[0] !== undefined && files.every((file) => file === files[0]);
}
