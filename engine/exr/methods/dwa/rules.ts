// How DWA treats each channel: rules by the last part of its name, and the colours that are packed together.
import { ByteReader, ByteWriter } from '../../../base/bytes.ts';
import type { SampleType } from '../../../pixels/plane.ts';
import { SAMPLE_TYPES } from '../../channel-list.ts';
import type { Compression } from '../../compression.ts';
import { type BlockChannel, damaged } from '../block.ts';

/** In the order of their numbers in the file: deflated as they are, lossy, run lengths. */
const SCHEMES = ['plain', 'lossy', 'runs'] as const;
export type Scheme = (typeof SCHEMES)[number];

/** What happens to channels of a type whose name, behind its last dot, is `suffix`. */
export interface Rule {
  readonly suffix: string;
  readonly scheme: Scheme;
  readonly type: SampleType;
  /** The place among red, green and blue of a colour that is packed together; -1 for none. */
  readonly colour: number;
  readonly anyCase: boolean;
}

/** Rules of suffixes for types, in the order of OpenEXR's (internal_dwa_classifier.h). */
function rulesOf(anyCase: boolean, colours: readonly (readonly string[])[], alpha: string, luma: string[]): Rule[] {
  const lossy = (suffix: string, colour: number): Rule[] =>
    (['half', 'float'] as const).map((type) => ({ suffix, scheme: 'lossy', type, colour, anyCase }));
  return [
    ...colours.flatMap((names, colour) => names.flatMap((suffix) => lossy(suffix, colour))),
    ...luma.flatMap((suffix) => lossy(suffix, -1)),
    ...SAMPLE_TYPES.map((type): Rule => ({ suffix: alpha, scheme: 'runs', type, colour: -1, anyCase })),
  ];
}

/** What is written, and stands in chunks of version 2. */
export const RULES: readonly Rule[] = rulesOf(false, [['R'], ['G'], ['B']], 'A', ['Y', 'BY', 'RY']);

/** What held before chunks told it. */
export const LEGACY_RULES: readonly Rule[] = rulesOf(
  true,
  [
    ['r', 'red'],
    ['g', 'grn', 'green'],
    ['b', 'blu', 'blue'],
  ],
  'a',
  ['y', 'by', 'ry'],
);

const suffixAt = (name: string): number => name.lastIndexOf('.') + 1;

const lower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

function matches(rule: Rule, { name, type }: Pick<BlockChannel, 'name' | 'type'>): boolean {
  if (rule.type !== type) return false;
  const suffix = name.slice(suffixAt(name));
  return rule.anyCase ? lower(suffix) === lower(rule.suffix) : suffix === rule.suffix;
}

/** Whether DWA as it is written here may change samples of a channel. */
export const dwaIsLossy = (channel: Pick<BlockChannel, 'name' | 'type'>): boolean =>
  RULES.findLast((rule) => matches(rule, channel))?.scheme === 'lossy';

/** What becomes of the channels of a block. */
export interface Classified {
  /** For each channel. */
  readonly schemes: readonly Scheme[];
  /** Lossy channels by their places, in the order of the file: red, green and blue together, then single ones. */
  readonly groups: readonly (readonly number[])[];
}

/** The last rule that fits counts. Colours of one layer with one sampling are packed together; undefined where they cannot be. */
export function classify(channels: readonly BlockChannel[], rules: readonly Rule[]): Classified | undefined {
  const schemes = channels.map((): Scheme => 'plain');
  const layers = new Map<string, number[]>();
  for (const [place, channel] of channels.entries()) {
    const layer = channel.name.slice(0, suffixAt(channel.name));
    const colours = layers.get(layer) ?? [];
    layers.set(layer, colours);
    for (const rule of rules) {
      if (!matches(rule, channel)) continue;
      schemes[place] = rule.scheme;
      if (rule.colour >= 0) colours[rule.colour] = place;
    }
  }
  const groups: number[][] = [];
  for (const [red, green, blue] of layers.values()) {
    if (red === undefined || green === undefined || blue === undefined) continue;
    const group = [red, green, blue];
    const { sampling, columns, rows } = channels[red]!;
    if (group.some((place) => !sameSampling(channels[place]!.sampling, sampling))) continue;
    if (new Set(group).size < 3 || group.some((place) => schemes[place] !== 'lossy')) return undefined;
    if (columns > 0 && rows > 0) groups.push(group);
  }
  const together = new Set(groups.flat());
  for (const [place, { columns, rows }] of channels.entries()) {
    if (schemes[place] === 'lossy' && !together.has(place) && columns > 0 && rows > 0) groups.push([place]);
  }
  return { schemes, groups };
}

const sameSampling = (a: BlockChannel['sampling'], b: BlockChannel['sampling']): boolean => a.x === b.x && a.y === b.y;

const LONGEST_SUFFIX = 128;

/** Reads the rules of a chunk of version 2: their size in bytes with these two, then one after the other. */
export function readRules(method: Compression, bytes: Uint8Array): { readonly rules: Rule[]; readonly size: number } {
  if (bytes.length < 2) throw damaged(method, 'its rules are cut short');
  const size = bytes[0]! | (bytes[1]! << 8);
  if (size < 2 || size > bytes.length) throw damaged(method, `its rules state ${size} bytes of ${bytes.length}`);
  const reader = new ByteReader(bytes.subarray(2, size), 'exr-compressed-data');
  const rules: Rule[] = [];
  while (reader.remaining > 0) {
    const suffix = reader.cstring(LONGEST_SUFFIX);
    const flags = reader.u8();
    const type = SAMPLE_TYPES[reader.u8()];
    const scheme = SCHEMES[(flags >> 2) & 3];
    const colour = (flags >> 4) - 1;
    if (!type || !scheme || colour > 2) throw damaged(method, `its rule of ${JSON.stringify(suffix)} has no meaning`);
    rules.push({ suffix, scheme, type, colour, anyCase: (flags & 1) === 1 });
  }
  return { rules, size };
}

/** The rules that fit one of the channels, as they stand in a chunk. */
export function encodeRules(channels: readonly BlockChannel[]): Uint8Array {
  const writer = new ByteWriter();
  for (const rule of RULES) {
    if (!channels.some((channel) => matches(rule, channel))) continue;
    for (const letter of rule.suffix) writer.u8(letter.charCodeAt(0));
    writer.u8(0);
    writer.u8(((rule.colour + 1) << 4) | (SCHEMES.indexOf(rule.scheme) << 2) | (rule.anyCase ? 1 : 0));
    writer.u8(SAMPLE_TYPES.indexOf(rule.type));
  }
  const rules = writer.finish();
  const size = rules.length + 2;
  return Uint8Array.of(size & 255, size >> 8, ...rules);
}
