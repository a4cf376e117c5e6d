// How each part will be stored: compression, tiles, line order and channel types, from the parameters and the input.
import {
  type ChannelSpec,
  type Compression,
  DEEP_METHODS,
  type Delivery,
  decodeAttribute,
  encodeAttribute,
  findAttribute,
  type LineOrder,
  listNames,
  matchesName,
  methodLoses,
  methodTakesDeep,
  type NodeProblem,
  type PartSpec,
  type SampleType,
  sameAttribute,
  type TileDescription,
  type WritePart,
  withAttribute,
} from '../../../engine/authoring.ts';

/** Levels by the names that people know, and as the codec calls them. */
const LEVELS = { one: 'one', mipmap: 'mip', ripmap: 'rip' } as const;
type LevelsAsked = keyof typeof LEVELS;

export interface StorageParams {
  readonly compression: Compression | 'keep';
  readonly lineOrder: LineOrder | 'keep';
  readonly layout: 'keep' | 'scanlines' | 'tiles';
  readonly tileSize: readonly [number, number];
  readonly levels: 'keep' | LevelsAsked;
  readonly levelRounding: TileDescription['rounding'] | 'keep';
  readonly partNames: readonly string[];
  readonly types: readonly { readonly channels: string; readonly type: SampleType }[];
}

/** Whether levels below the full resolution are asked for. */
export const asksLevels = ({ levels }: Pick<StorageParams, 'levels'>): boolean =>
  levels === 'mipmap' || levels === 'ripmap';

/** A part as it will be written, and what about it differs from how its source was stored. */
export interface Planned {
  /** With the types that the file gets. */
  readonly spec: PartSpec;
  readonly write: WritePart;
  /** What the parameters change, one line each. */
  readonly changes: Delivery['changes'];
  /** True where compression, tiles, line order and types are those of the source, so that its chunks may be copied. */
  readonly asStored: boolean;
}

/** Decides the storage of one part. Where the source says nothing, parts are scan lines, ZIP, top to bottom. */
export function planPart(
  part: PartSpec,
  index: number,
  params: StorageParams,
  report: (problem: NodeProblem) => void,
): Planned {
  const { stored } = part;
  const changes: { name: string; reason: string }[] = [];
  const change = (what: string, from: string | undefined, to: string): void => {
    if (from !== undefined && from !== to) changes.push({ name: what, reason: `${from} became ${to}` });
  };

  const name = params.partNames[index] ?? part.name;
  const compression =
    params.compression === 'keep'
      ? (stored?.compression ?? (part.kind === 'deep' ? 'zips' : 'zip'))
      : params.compression;
  change('compression', stored?.compression, compression);
  const tiles = tilesOf(stored?.tiles, params);
  change('layout', stored && layoutText(stored.tiles), layoutText(tiles));
  const asked = params.lineOrder === 'keep' ? (stored?.lineOrder ?? 'increasing') : params.lineOrder;
  const lineOrder = asked === 'random' && !tiles ? 'increasing' : asked;
  change('line order', stored?.lineOrder, lineOrder);
  if (params.lineOrder === 'random' && !tiles) {
    report({
      severity: 'warning',
      code: 'param-invalid',
      message: `Scan lines have no random order, so that part ${name ?? index} is written with increasing lines.`,
      where: { param: 'lineOrder', part: name ?? index },
      fixes: [
        { title: 'Keep the order of lines', set: { lineOrder: 'keep' } },
        { title: 'Write tiles', set: { layout: 'tiles' } },
      ],
    });
  }

  const channels = part.channels.map((channel) => typed(channel, params.types));
  const retyped = channels.some((channel, i) => channel.type !== part.channels[i]!.type);
  for (const { channels: pattern } of params.types) {
    if (!part.channels.some((c) => matchesName(pattern, c.name))) {
      report({
        severity: 'warning',
        code: 'channel-unknown',
        message: `types: no channel of part ${name ?? index} fits ${pattern}.`,
        where: { param: 'types', part: name ?? index },
      });
    }
  }

  const spec: PartSpec = {
    ...part,
    ...(name === undefined ? {} : { name }),
    channels,
    stored: { compression, lineOrder, headerOrder: stored?.headerOrder ?? [], ...(tiles ? { tiles } : {}) },
  };
  const same =
    stored !== undefined &&
    compression === stored.compression &&
    lineOrder === stored.lineOrder &&
    sameTiles(tiles, stored.tiles) &&
    !retyped;
  return { spec, write: writePart(spec, stored?.headerOrder), changes, asStored: same };
}

/** The tiles of a part, with the levels that are asked for. */
function tilesOf(stored: TileDescription | undefined, params: StorageParams): TileDescription | undefined {
  const { layout, tileSize, levels, levelRounding } = params;
  if (layout === 'scanlines') return undefined;
  const tiles: TileDescription | undefined =
    layout === 'keep' ? stored : { width: tileSize[0], height: tileSize[1], levels: 'one', rounding: 'down' };
  if (!tiles || levels === 'keep') return tiles;
  const known = stored && stored.levels !== 'one' ? stored.rounding : 'down';
  const rounding = levels === 'one' ? tiles.rounding : levelRounding === 'keep' ? known : levelRounding;
  return { ...tiles, levels: LEVELS[levels], rounding };
}

/** What the codec is given for a part. */
function writePart(spec: PartSpec, headerOrder: readonly string[] | undefined): WritePart {
  const { compression, lineOrder, tiles } = spec.stored!;
  const type = spec.kind === 'deep' ? (tiles ? 'deeptile' : 'deepscanline') : tiles ? 'tiledimage' : 'scanlineimage';
  return {
    ...(spec.name === undefined ? {} : { name: spec.name }),
    ...(spec.view === undefined ? {} : { view: spec.view }),
    type,
    channels: spec.channels.map(({ origin: _, ...channel }) => channel),
    dataWindow: spec.dataWindow,
    displayWindow: spec.displayWindow,
    compression,
    lineOrder,
    ...(tiles ? { tiles } : {}),
    ...mostSamples(spec),
    attributes: spec.attributes,
    ...(headerOrder ? { headerOrder } : {}),
  };
}

/** What a deep part says of its samples: the reference library keeps it in a field of its own. */
function mostSamples({ kind, attributes }: PartSpec): Pick<WritePart, 'maxSamplesPerPixel'> {
  const stated = kind === 'deep' ? findAttribute(attributes, 'maxSamplesPerPixel') : undefined;
  return stated?.type === 'int' ? { maxSamplesPerPixel: decodeAttribute(stated) as number } : {};
}

/** The same part without its lower levels, for a part whose pixels are rendered. */
export function oneLevel({ spec, write, ...rest }: Planned): Planned {
  if (!write.tiles || write.tiles.levels === 'one') return { spec, write, ...rest };
  const tiles: TileDescription = { ...write.tiles, levels: 'one', rounding: 'down' };
  return { ...rest, spec: { ...spec, stored: { ...spec.stored!, tiles } }, write: { ...write, tiles } };
}

/** Attribute by which OpenEXR says how much DWA may change samples. */
const LEVEL_ATTRIBUTE = 'dwaCompressionLevel';

/** The same part, where it is DWA and says at which level, saying the one at which it is packed; nothing is added. */
export function withLevel(planned: Planned, node: string, level: number): Planned {
  const { spec, write } = planned;
  const stated = findAttribute(spec.attributes, LEVEL_ATTRIBUTE);
  const isDwa = write.compression === 'dwaa' || write.compression === 'dwab';
  if (!isDwa || stated?.type !== 'float') return planned;
  const attribute = encodeAttribute(LEVEL_ATTRIBUTE, 'float', level);
  if (sameAttribute(stated, attribute)) return planned;
  const attributes = withAttribute(spec.attributes, { ...attribute, source: node });
  return { ...planned, spec: { ...spec, attributes }, write: { ...write, attributes } };
}

/** The channels of a part that packing may change, and by what. */
export const losingChannels = ({ compression, channels }: WritePart): NonNullable<Delivery['losing']> =>
  channels
    .filter((channel) => methodLoses(compression, channel))
    .map(({ name }) => ({ channel: name, reason: `would be packed as ${compression}` }));

/** Problems of a part whose samples must be packed: what cannot be packed here, with what could be chosen instead. */
export function packingProblems(part: PartSpec, planned: Planned): NodeProblem[] {
  const label = part.name ?? 'the part';
  if (part.kind === 'deep') return deepProblems(part, planned, label);
  if (part.stored?.copyOnly) {
    return [
      {
        severity: 'error',
        code: 'exr-compression-unsupported',
        message: `${label} is stored as ${part.stored.compression}, which can be copied but not unpacked yet. Keep all of its channels, windows and its compression, or convert the file to zip or piz first.`,
        where: { part: label },
      },
    ];
  }
  return [];
}

function deepProblems(part: PartSpec, { spec, write }: Planned, label: string): NodeProblem[] {
  const problems: NodeProblem[] = [];
  const retyped = spec.channels.filter(({ type }, i) => type !== part.channels[i]!.type).map(({ name }) => name);
  if (retyped.length > 0) {
    problems.push({
      severity: 'error',
      code: 'deep-unsupported',
      message: `${label} is deep: its channels keep their types, and ${listNames(retyped)} would get another one. Leave out the rows of types that fit.`,
      where: { param: 'types', part: label },
    });
  }
  if (!methodTakesDeep(write.compression)) {
    problems.push({
      severity: 'error',
      code: 'exr-compression-unsupported',
      message: `${label} is deep and would be written as ${write.compression}. OpenEXR has ${listNames(DEEP_METHODS)} for deep parts.`,
      where: { param: 'compression', part: label },
      fixes: DEEP_METHODS.toReversed().map((value) => ({ title: `Write ${value}`, set: { compression: value } })),
    });
  }
  return problems;
}

/** The last row that fits a channel says its type. */
const typed = (channel: ChannelSpec, rows: StorageParams['types']): ChannelSpec => {
  const row = rows.findLast((r) => matchesName(r.channels, channel.name));
  return row && row.type !== channel.type ? { ...channel, type: row.type } : channel;
};

const layoutText = (tiles: TileDescription | undefined): string =>
  tiles ? `tiles of ${tiles.width} x ${tiles.height}` : 'scan lines';

const sameTiles = (a: TileDescription | undefined, b: TileDescription | undefined): boolean =>
  a === b ||
  (a !== undefined &&
    b !== undefined &&
    a.width === b.width &&
    a.height === b.height &&
    a.levels === b.levels &&
    a.rounding === b.rounding);
