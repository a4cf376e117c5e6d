// What is different between the headers of two files: parts, channels, windows, storage and attributes.
import { type Attribute, attributeSummary, type Box, boxText, type ExrChannel, type ExrPart } from '../../files.ts';

/** One thing that is different. */
export interface Difference {
  readonly what: 'part' | 'channel' | 'window' | 'storage' | 'attribute' | 'level' | 'samples' | 'frame';
  /** The part it is about, where a file has several. */
  readonly part?: string;
  readonly name: string;
  /** As text; absent where there is no such thing in the first, or the second, file. */
  readonly a?: string;
  readonly b?: string;
  /**
   * Of samples: how many there are in both, how many differ, and by how much at most. Absent where they cannot be compared,
   * since they are of the kinds that `a` and `b` say.
   */
  readonly samples?: number;
  readonly differing?: number;
  readonly greatest?: number | 'inf' | 'nan';
  /** The pixel of the greatest difference. */
  readonly at?: readonly [x: number, y: number];
}

/** Two parts that stand for each other, with their numbers in their files. */
export interface PartPair {
  /** Absent where both files have one part. */
  readonly label?: string;
  readonly a: { readonly index: number; readonly part: ExrPart };
  readonly b: { readonly index: number; readonly part: ExrPart };
}

/** Which aspects to compare besides parts, channels and data windows. */
export interface Aspects {
  readonly attributes: boolean;
}

/** Pairs parts by name where all have one, else by place. What has no other half is a difference. */
export function pairParts(
  a: readonly ExrPart[],
  b: readonly ExrPart[],
): { readonly pairs: readonly PartPair[]; readonly differences: readonly Difference[] } {
  const several = a.length > 1 || b.length > 1;
  const named = several && [...a, ...b].every(({ name }) => name !== undefined);
  const labelOf = (part: ExrPart, index: number): string => part.name ?? `#${index}`;
  const pairs: PartPair[] = [];
  const differences: Difference[] = [];
  const taken = new Set<number>();
  for (const [index, part] of a.entries()) {
    const other = named ? b.findIndex(({ name }) => name === part.name) : index;
    const found = b[other];
    const label = labelOf(part, index);
    if (found) {
      taken.add(other);
      pairs.push({ ...(several ? { label } : {}), a: { index, part }, b: { index: other, part: found } });
    } else differences.push({ what: 'part', name: label, a: part.type });
  }
  for (const [index, part] of b.entries()) {
    if (!taken.has(index)) differences.push({ what: 'part', name: labelOf(part, index), b: part.type });
  }
  return { pairs, differences };
}

/** Attributes that the fields of a part state, and that are compared as such. */
export const STATED: ReadonlySet<string> = new Set([
  'channels',
  'dataWindow',
  'displayWindow',
  'compression',
  'lineOrder',
  'tiles',
  'type',
  'name',
]);

/** What is different between two parts, apart from samples. Attributes are compared byte for byte. */
export function compareParts({ label, a, b }: PartPair, { attributes }: Aspects): Difference[] {
  const found: Difference[] = [];
  const add = (what: Difference['what'], name: string, from: string | undefined, to: string | undefined): void => {
    if (from === to) return;
    found.push({
      what,
      name,
      ...(label === undefined ? {} : { part: label }),
      ...(from === undefined ? {} : { a: from }),
      ...(to === undefined ? {} : { b: to }),
    });
  };
  const [p, q] = [a.part, b.part];
  add('part', 'type', p.type, q.type);
  for (const [name, one, other] of joined(p.channels, q.channels)) {
    add('channel', name, one && channelText(one), other && channelText(other));
  }
  add('window', 'dataWindow', boxText(p.dataWindow), boxText(q.dataWindow));
  if (!attributes) return found;
  add('part', 'name', p.name, q.name);
  add('window', 'displayWindow', boxText(p.displayWindow), boxText(q.displayWindow));
  add('storage', 'compression', p.compression, q.compression);
  add('storage', 'lineOrder', p.lineOrder, q.lineOrder);
  add('storage', 'tiles', tilesText(p), tilesText(q));
  for (const [name, one, other] of joined(p.attributes, q.attributes)) {
    if (STATED.has(name) || (one && other && sameBytes(one, other))) continue;
    const [from, to] = [one && attributeSummary(one), other && attributeSummary(other)];
    if (from !== to) add('attribute', name, from, to);
    else add('attribute', name, from, `the same at first, different from byte ${firstDifference(one!, other!)} on`);
  }
  return found;
}

/** Such as `half`, or `float sampled every 2, 2 pixels`. */
export function channelText({ type, sampling, pLinear }: ExrChannel): string {
  const sampled = sampling.x === 1 && sampling.y === 1 ? '' : ` sampled every ${sampling.x}, ${sampling.y} pixels`;
  return `${type}${sampled}${pLinear === 0 ? '' : ', pLinear'}`;
}

/** Such as `64 x 64, mip levels rounded down`; undefined for scan lines. */
export function tilesText({ tiles }: ExrPart): string | undefined {
  if (!tiles) return undefined;
  const levels = tiles.levels === 'one' ? 'one level' : `${tiles.levels} levels rounded ${tiles.rounding}`;
  return `${tiles.width} x ${tiles.height}, ${levels}`;
}

/** Such as `(0, 0) - (479, 269), 480 x 270`. */
export const windowText = (box: Box): string =>
  `${boxText(box)}, ${box.maxX - box.minX + 1} x ${box.maxY - box.minY + 1}`;

/** Things of two lists by name, those of the first list first. */
function joined<T extends { readonly name: string }>(
  a: readonly T[],
  b: readonly T[],
): [name: string, a: T | undefined, b: T | undefined][] {
  const others = new Map(b.map((thing) => [thing.name, thing]));
  const first = a.map((thing): [string, T, T | undefined] => [thing.name, thing, others.get(thing.name)]);
  const names = new Set(a.map(({ name }) => name));
  return [
    ...first,
    ...b.filter(({ name }) => !names.has(name)).map((thing): [string, undefined, T] => [thing.name, undefined, thing]),
  ];
}

const sameBytes = (a: Attribute, b: Attribute): boolean => a.type === b.type && Buffer.compare(a.bytes, b.bytes) === 0;

function firstDifference(a: Attribute, b: Attribute): number {
  const at = a.bytes.findIndex((byte, i) => byte !== b.bytes[i]);
  return at < 0 ? a.bytes.length : at;
}
