// One file as people and scripts read it: parts, windows, storage, channels, attributes.
import {
  type Attribute,
  type AttributeValue,
  attributeSummary,
  colourStatement,
  decodeAttribute,
  type ExrFile,
  type ExrPart,
  exrQuality,
  layoutOf,
  type PlainError,
  type Role,
  readTags,
  rolesOf,
  viewOf,
  viewsIn,
} from '../../files.ts';
import { columns, printable } from '../terminal.ts';
import { tilesText, windowText } from './header-diff.ts';
import type { Statistics } from './statistics.ts';

/** What was found out about the samples of a part. */
export interface Findings {
  readonly statistics?: ReadonlyMap<string, Statistics>;
  /** Of a deep part: of the numbers of samples at its pixels. */
  readonly counts?: Statistics;
  readonly checksums?: readonly LevelChecksums[];
  /** Why there are none. */
  readonly error?: PlainError;
}

export interface LevelChecksums {
  readonly level: readonly [x: number, y: number];
  /** Of a deep part: SHA-256 of the number of samples at each pixel. */
  readonly counts?: string;
  /** SHA-256 by channel. */
  readonly channels: ReadonlyMap<string, string>;
}

/** The header of a file, and what was found out about its samples, as plain JSON. Boxes are [minX, minY, maxX, maxY]. */
export function fileJson(file: ExrFile, findings: readonly Findings[]): object {
  return {
    file: file.path,
    bytes: file.identity.size,
    parts: file.header.parts.map((part, index) => partJson(part, file.header.parts[0]!, findings[index] ?? {})),
  };
}

function partJson(part: ExrPart, first: ExrPart, { statistics, counts, checksums, error }: Findings): object {
  const { name, view, type, dataWindow, displayWindow, compression, lineOrder, tiles } = part;
  const roles = rolesOf(part, first.attributes);
  const views = viewsIn(part.attributes);
  return {
    ...(name === undefined ? {} : { name }),
    ...(view === undefined ? {} : { view }),
    ...(views.length > 0 ? { views } : {}),
    type,
    dataWindow: Object.values(dataWindow),
    displayWindow: Object.values(displayWindow),
    compression,
    lineOrder,
    ...(tiles ? { tiles } : {}),
    chunks: layoutOf(part).chunkCount,
    ...(counts ? { samplesPerPixel: { min: counts.min, max: counts.max, mean: counts.mean } } : {}),
    ...meaningOf(part, first),
    channels: part.channels.map(({ name, type, sampling, pLinear }) => ({
      name,
      type,
      sampling: [sampling.x, sampling.y],
      pLinear,
      role: roles.get(name),
      ...(views.length > 0 ? { view: viewOf(name, views) ?? null } : {}),
      ...(statistics ? { stats: statistics.get(name) } : {}),
    })),
    attributes: part.attributes.map(attributeJson),
    ...(checksums
      ? {
          checksums: checksums.map(({ level, counts, channels }) => ({
            level,
            ...(counts === undefined ? {} : { sampleCounts: counts }),
            channels: Object.fromEntries(channels),
          })),
        }
      : {}),
    ...(error ? { error } : {}),
  };
}

/** With its value where the type is known, else with its bytes in base64. */
function attributeJson(attribute: Attribute): object {
  const { name, type } = attribute;
  const value = typedValue(attribute);
  return value === undefined
    ? { name, type, bytes: Buffer.from(attribute.bytes).toString('base64') }
    : { name, type, value };
}

function typedValue(attribute: Attribute): AttributeValue | undefined {
  try {
    return decodeAttribute(attribute);
  } catch {
    return undefined; // bytes that do not hold what the type says are shown as bytes
  }
}

/** Values in a list are cut to this many characters. */
const SHORT = 60;

/** The same as lines of text. */
export function fileLines(file: ExrFile, findings: readonly Findings[], full: boolean): string[] {
  const { parts } = file.header;
  return parts.flatMap((part, index) => {
    const found = findings[index] ?? {};
    const roles = rolesOf(part, parts[0]!.attributes);
    const title =
      parts.length > 1 || part.name !== undefined
        ? [`part ${index}${part.name === undefined ? '' : `  ${printable(part.name)}`}`]
        : [];
    return [
      ...title,
      ...columns(factsOf(part, parts[0]!, found), 2),
      '  channels',
      ...columns(
        part.channels.map((channel) => channelRow(channel, roles.get(channel.name)!, found)),
        4,
      ),
      ...checksumLines(found, layoutOf(part).levels.length > 1),
      '  attributes',
      ...columns(
        part.attributes.map((attribute) => [
          printable(attribute.name),
          printable(attribute.type),
          printable(
            attributeSummary(attribute, full ? Number.POSITIVE_INFINITY : SHORT).slice(attribute.type.length + 1),
          ),
        ]),
        4,
      ),
    ];
  });
}

function factsOf(part: ExrPart, first: ExrPart, { counts }: Findings): string[][] {
  const { colours, tier, because } = meaningOf(part, first);
  const tiles = tilesText(part);
  return [
    ['type', part.type],
    ...(part.view === undefined ? [] : [['view', printable(part.view)]]),
    ...viewsRow(part),
    ['data window', windowText(part.dataWindow)],
    ['display window', windowText(part.displayWindow)],
    ['compression', part.compression],
    ['line order', part.lineOrder],
    ...(tiles === undefined ? [] : [['tiles', tiles]]),
    ['chunks', String(layoutOf(part).chunkCount)],
    ...(counts ? [['samples', `${counts.min} to ${counts.max} at a pixel, mean ${shown(counts.mean)}`]] : []),
    ...(colours === undefined ? [] : [['colours', printable(colours)]]),
    ['quality', because === undefined ? tier : `${tier}: ${because}`],
  ];
}

/** The views that are channels of the part, each with how many it has. */
function viewsRow({ attributes, channels }: ExrPart): string[][] {
  const views = viewsIn(attributes);
  if (views.length === 0) return [];
  const count = (view?: string): number => channels.filter(({ name }) => viewOf(name, views) === view).length;
  const texts = views.map((view, i) => `${count(view)} of ${printable(view)}${i === 0 ? ' (default)' : ''}`);
  const shared = count();
  return [['views', `channels: ${[...texts, ...(shared > 0 ? [`${shared} of none`] : [])].join(', ')}`]];
}

/** What its numbers are, and what they are good for. */
function meaningOf(
  part: ExrPart,
  first: ExrPart,
): { readonly colours?: string; readonly tier: string; readonly because?: string } {
  const colours = colourStatement(part, first.attributes);
  const quality = exrQuality(readTags(part.attributes, first.attributes), part.channels, part.compression);
  return {
    ...(colours === undefined ? {} : { colours }),
    tier: quality?.tier ?? 'reference',
    ...(quality ? { because: quality.reason } : {}),
  };
}

function channelRow(
  { name, type, sampling }: ExrPart['channels'][number],
  role: Role,
  { statistics }: Findings,
): string[] {
  const row: string[] = [printable(name), type, role];
  if (sampling.x !== 1 || sampling.y !== 1) row.push(`every ${sampling.x}, ${sampling.y}`);
  else if (statistics) row.push('');
  const stats = statistics?.get(name);
  if (stats) {
    const { min, max, mean, nan, infinite } = stats;
    row.push(`min ${shown(min)}`, `max ${shown(max)}`, `mean ${shown(mean)}`, `nan ${nan}`, `inf ${infinite}`);
  }
  return row;
}

/** Whole numbers in full, since they may be ids; others in seven digits. */
const shown = (value: number | undefined): string =>
  value === undefined ? '-' : String(Number.isInteger(value) ? value : Number(value.toPrecision(7)));

function checksumLines({ checksums }: Findings, levels: boolean): string[] {
  if (!checksums) return [];
  const rows = checksums.flatMap(({ level, counts, channels }) =>
    [...(counts === undefined ? [] : [['sample counts', counts] as const]), ...channels].map(([name, sum]) => [
      ...(levels ? [`level ${level[0]}, ${level[1]}`] : []),
      printable(name),
      sum,
    ]),
  );
  return ['  checksums', ...columns(rows, 4)];
}
