// How the levels of a part are made: wrap modes, channels that do not average, and what there is to say about it.
import {
  type Attribute,
  type AttributeSet,
  cryptomattesOf,
  decodeAttribute,
  encodeAttribute,
  findAttribute,
  type LevelFilter,
  listNames,
  matchesName,
  type NodeProblem,
  type PartSpec,
  partLabel,
  rolesOf,
  sameAttribute,
  WRAPS,
  type Wrap,
  withAttribute,
} from '../../../engine/authoring.ts';
import type { LevelMaking } from './pyramid.ts';
import { sparseChannels } from './sparse.ts';
import { asksLevels, type Planned, type StorageParams } from './storage.ts';

export interface MakingParams extends Pick<StorageParams, 'levels'> {
  readonly levelFilter: LevelFilter;
  readonly wrapX: Wrap | 'keep';
  readonly wrapY: Wrap | 'keep';
  readonly unfiltered: readonly string[];
}

/** OpenEXR's attribute that says how a texture goes on beyond its borders: across, a comma, down. */
const WRAP_ATTRIBUTE = 'wrapmodes';

/** Whether levels below the full resolution are to be made for a part that is not copied. */
export const makesLevels = ({ write }: Planned): boolean => write.tiles !== undefined && write.tiles.levels !== 'one';

/**
 * How the levels of each part are made; `written` are the same parts with the types that the file gets. Cryptomattes may lie in
 * several parts, so that all are looked at together.
 */
export function makingsOf(
  parts: readonly PartSpec[],
  written: readonly PartSpec[],
  params: MakingParams,
): LevelMaking[] {
  const crypto = new Set(
    cryptomattesOf(parts).flatMap(({ channels }) => channels.map(({ part, channel }) => `${part}/${channel}`)),
  );
  const first = parts[0]?.attributes ?? [];
  return parts.map((part, index) => {
    const roles = rolesOf(part, first);
    const exact = part.channels.filter(
      ({ name, type }, i) =>
        type === 'uint' ||
        written[index]!.channels[i]!.type === 'uint' ||
        roles.get(name) === 'id' ||
        (crypto.has(`${index}/${name}`) && roles.get(name) !== 'colour') ||
        params.unfiltered.some((pattern) => matchesName(pattern, name)),
    );
    const [wrapX, wrapY] = wrapsOf(part.attributes, params);
    return { filter: params.levelFilter, wrapX, wrapY, unfiltered: new Set(exact.map(({ name }) => name)) };
  });
}

/** Those that are chosen, or else those that the attribute says, or else clamp. */
function wrapsOf(attributes: AttributeSet, { wrapX, wrapY }: Pick<MakingParams, 'wrapX' | 'wrapY'>): [Wrap, Wrap] {
  const stated = findAttribute(attributes, WRAP_ATTRIBUTE);
  const words = stated?.type === 'string' ? (decodeAttribute(stated) as string).split(',') : [];
  const said = (word: string | undefined): Wrap => WRAPS.find((wrap) => wrap === word?.trim()) ?? 'clamp';
  return [wrapX === 'keep' ? said(words[0]) : wrapX, wrapY === 'keep' ? said(words[1]) : wrapY];
}

/** The same part with the attribute that says its wrap modes, where they were chosen; nothing is added otherwise. */
export function withWraps<P extends Planned>(planned: P, making: LevelMaking, params: MakingParams, node: string): P {
  if (params.wrapX === 'keep' && params.wrapY === 'keep') return planned;
  const { spec, write } = planned;
  const attribute: Attribute = encodeAttribute(WRAP_ATTRIBUTE, 'string', `${making.wrapX},${making.wrapY}`);
  const stated = findAttribute(spec.attributes, WRAP_ATTRIBUTE);
  if (stated && sameAttribute(stated, attribute)) return planned;
  const attributes = withAttribute(spec.attributes, { ...attribute, source: node });
  return { ...planned, spec: { ...spec, attributes }, write: { ...write, attributes } };
}

/** What the ledger says of levels that are made. */
export function levelChanges({ write }: Planned, { filter, unfiltered }: LevelMaking): Planned['changes'] {
  const { levels } = write.tiles!;
  const way = filter === 'box' ? 'means by area' : 'four taps, 1/8 3/8 3/8 1/8';
  const changes = [{ name: 'levels', reason: `${levels} levels are made, each of the one above it: ${way}` }];
  const names = write.channels.map(({ name }) => name).filter((name) => unfiltered.has(name));
  if (names.length === 0) return changes;
  const reason = `${listNames(names)}: of each two samples across and down the first, since they do not average`;
  return [...changes, { name: 'levels', reason }];
}

/** Problems of levels that are asked for and cannot be made, or would not be what is expected. */
export function levelProblems(part: PartSpec, index: number, planned: Planned, params: MakingParams): NodeProblem[] {
  if (!asksLevels(params)) return [];
  const label = partLabel(part, index);
  const where = { param: 'levels', part: part.name ?? index };
  const without = { title: 'Write no levels', set: { levels: 'keep' } };
  if (part.kind === 'deep') {
    return [
      {
        severity: 'error',
        code: 'deep-unsupported',
        message: `${label} is deep: lists of samples have no mean, so that no levels can be made. Write the full resolution, or flatten it first.`,
        where,
        fixes: [without],
      },
    ];
  }
  if (!planned.write.tiles) {
    return [
      {
        severity: 'error',
        code: 'param-invalid',
        message: `${label} would be written as scan lines, which have no levels. Write tiles.`,
        where,
        fixes: [{ title: 'Write tiles of 64 x 64', set: { layout: 'tiles', tileSize: [64, 64] } }, without],
      },
    ];
  }
  if (!findAttribute(part.attributes, 'envmap')) return [];
  return [
    {
      severity: 'warning',
      code: 'param-invalid',
      message: `${label} is an environment map. Its levels are made as those of a flat picture, which shows at its seams and poles.`,
      where,
      fixes: [without],
    },
  ];
}

/** Tells of levels that the sources of a part have and the file will not have. */
export function lostLevels(
  part: PartSpec,
  index: number,
  planned: Planned,
  origins: readonly PartSpec[],
): NodeProblem[] {
  if (part.kind === 'deep' || makesLevels(planned)) return [];
  const mode = origins.map(({ stored }) => stored?.tiles?.levels).find((found) => found && found !== 'one');
  if (!mode) return [];
  const tiles = planned.write.tiles ? {} : { layout: 'tiles' };
  const sparse = sparseChannels(planned.write);
  const [why, advice] =
    sparse.length > 0
      ? [`OpenEXR has none with channels of fewer samples than pixels (${listNames(sparse)})`, '']
      : ['it is stored anew', ' Make levels anew where they are needed.'];
  return [
    {
      severity: 'warning',
      code: 'levels-lost',
      message: `${partLabel(part, index)}: the ${mode} levels of its source are left out, since ${why}; only the full resolution is written.${advice}`,
      where: { param: 'levels', part: part.name ?? index },
      ...(sparse.length > 0
        ? {}
        : { fixes: [{ title: `Make ${mode} levels`, set: { levels: `${mode}map`, ...tiles } }] }),
    },
  ];
}
