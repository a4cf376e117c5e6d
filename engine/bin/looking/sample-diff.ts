// How the samples of two parts differ: bit by bit, channel by channel, level by level.
import {
  asEngineError,
  type Box,
  boxEquals,
  boxIntersection,
  boxIsEmpty,
  countsOf,
  type ExrFile,
  type ExrPart,
  isDeep,
  type Level,
  layoutOf,
  type Plane,
} from '../../files.ts';
import { bandsOf } from './bands.ts';
import type { Difference, PartPair } from './header-diff.ts';
import { allHalves } from './statistics.ts';

/**
 * Compares the channels that both parts have where both have pixels. Samples of one type are compared bit by bit, of
 * different types by value; of deep parts those of pixels that have as many in both. Those of a deep and a flat part are not
 * compared, which is one difference. Memory is bounded by bands. Parts whose samples cannot be read here are the same where
 * their chunks are; where those differ, the error that kept them from being read is thrown. Errors as for
 * `ExrFile.readPart`.
 */
export function compareSamples(a: ExrFile, b: ExrFile, pair: PartPair): Difference[] {
  try {
    return comparePlanes(a, b, pair);
  } catch (thrown) {
    const error = asEngineError(thrown);
    if (error.kind === 'unsupported' && sameChunks(a, b, pair)) return [];
    throw error;
  }
}

/** What is known of a channel's differences so far. */
interface Tally {
  samples: number;
  differing: number;
  greatest: number;
  at: readonly [number, number];
}

const newTally = (): Tally => ({ samples: 0, differing: 0, greatest: 0, at: [0, 0] });

function comparePlanes(a: ExrFile, b: ExrFile, pair: PartPair): Difference[] {
  const [deep, otherDeep] = [isDeep(pair.a.part), isDeep(pair.b.part)];
  const channels = deep === otherDeep ? sharedChannels(pair.a.part, pair.b.part) : [];
  const others = new Map(layoutOf(pair.b.part).levels.map((level) => [`${level.x}, ${level.y}`, level]));
  const label = pair.label === undefined ? {} : { part: pair.label };
  const found: Difference[] = [];
  const compare = deep ? compareDeep : compareLevel;
  for (const level of layoutOf(pair.a.part).levels) {
    const numbers = `${level.x}, ${level.y}`;
    const other = others.get(numbers);
    others.delete(numbers);
    if (!other) found.push({ what: 'level', ...label, name: numbers, a: 'present' });
    else if (channels.length > 0) {
      const top = level.x === 0 && level.y === 0;
      for (const [name, tally] of compare(a, b, pair, level, other, channels)) {
        const { samples, differing, greatest, at } = tally;
        if (differing === 0) continue;
        const shown = Number.isNaN(greatest) ? 'nan' : Number.isFinite(greatest) ? greatest : 'inf';
        const place = top ? name : `${name} at level ${numbers}`;
        found.push({ what: 'samples', ...label, name: place, samples, differing, greatest: shown, at });
      }
    }
  }
  for (const numbers of others.keys()) found.push({ what: 'level', ...label, name: numbers, b: 'present' });
  if (deep !== otherDeep) {
    const kind = (isOne: boolean): string => (isOne ? 'deep' : 'flat');
    found.push({ what: 'samples', ...label, name: 'all channels', a: kind(deep), b: kind(otherDeep) });
  }
  return found;
}

/** Bands of a level of the first file, as far as the level of the other one has them. */
function* sharedBands(pair: PartPair, level: Level, other: Level): Generator<Box> {
  for (const band of bandsOf(pair.a.part, level)) {
    const box = boxIntersection(band, other.box);
    if (!boxIsEmpty(box)) yield box;
  }
}

function compareLevel(
  a: ExrFile,
  b: ExrFile,
  pair: PartPair,
  level: Level,
  other: Level,
  channels: readonly string[],
): Map<string, Tally> {
  const tallies = new Map(channels.map((name) => [name, newTally()]));
  const numbers = { x: level.x, y: level.y };
  for (const box of sharedBands(pair, level, other)) {
    const ours = a.readPart(pair.a.index, { channels, box, level: numbers });
    const theirs = b.readPart(pair.b.index, { channels, box, level: numbers });
    for (const name of channels) comparePlane(ours.get(name)!, theirs.get(name)!, tallies.get(name)!);
  }
  return tallies;
}

/** Channels of the same name and sampling. */
function sharedChannels(a: ExrPart, b: ExrPart): string[] {
  return a.channels
    .filter(({ name, sampling }) => {
      const other = b.channels.find((channel) => channel.name === name);
      return other && other.sampling.x === sampling.x && other.sampling.y === sampling.y;
    })
    .map(({ name }) => name);
}

function comparePlane(a: Plane, b: Plane, tally: Tally): void {
  tally.samples += a.samples.length;
  const sameType = a.type === b.type;
  const [p, q] = [bits(a), bits(b)];
  if (sameType && Buffer.compare(bytes(p), bytes(q)) === 0) return;
  const [valueOfA, valueOfB] = [reader(a), reader(b)];
  for (let i = 0; i < p.length; i++) {
    if (sameType && p[i] === q[i]) continue;
    const [x, y] = [valueOfA(i), valueOfB(i)];
    if (sameType || !Object.is(x, y)) enter(tally, x, y, () => placeOf(a, i));
  }
}

/** Counts two samples that differ. */
function enter(tally: Tally, x: number, y: number, place: () => [number, number]): void {
  tally.differing += 1;
  const distance = distanceOf(x, y);
  const worse = Number.isNaN(distance) ? !Number.isNaN(tally.greatest) : distance > tally.greatest;
  if (tally.differing > 1 && !worse) return;
  tally.greatest = distance;
  tally.at = place();
}

/** The name of differences of the numbers of samples, beside those of channels. */
const COUNTS = 'sample counts';

/** As `compareLevel`, of deep parts. Pixels that have another number of samples are counted as such, and not compared. */
function compareDeep(
  a: ExrFile,
  b: ExrFile,
  pair: PartPair,
  level: Level,
  other: Level,
  channels: readonly string[],
): Map<string, Tally> {
  const tallies = new Map([COUNTS, ...channels].map((name) => [name, newTally()]));
  const numbers = { x: level.x, y: level.y };
  for (const box of sharedBands(pair, level, other)) {
    const ours = a.readDeep(pair.a.index, { channels, box, level: numbers });
    const theirs = b.readDeep(pair.b.index, { channels, box, level: numbers });
    const [counts, others] = [countsOf(ours), countsOf(theirs)];
    const place = (pixel: number): [number, number] => [
      box.minX + (pixel % ours.columns),
      box.minY + Math.floor(pixel / ours.columns),
    ];
    tallies.get(COUNTS)!.samples += counts.length;
    for (const [pixel, count] of counts.entries()) {
      if (count !== others[pixel]) enter(tallies.get(COUNTS)!, count, others[pixel]!, () => place(pixel));
    }
    for (const name of channels) {
      const tally = tallies.get(name)!;
      const [p, q] = [ours.channels.get(name)!, theirs.channels.get(name)!];
      const [m, n, valueOfA, valueOfB] = [bits(p), bits(q), reader(p), reader(q)];
      for (const [pixel, count] of counts.entries()) {
        if (count !== others[pixel]) continue;
        tally.samples += count;
        for (let s = 0; s < count; s++) {
          const [i, j] = [ours.offsets[pixel]! + s, theirs.offsets[pixel]! + s];
          if (p.type === q.type ? m[i] === n[j] : Object.is(valueOfA(i), valueOfB(j))) continue;
          enter(tally, valueOfA(i), valueOfB(j), () => place(pixel));
        }
      }
    }
  }
  return tallies;
}

/** NaN where one is a NaN and the other is not; infinite where one is. Two NaN with different bits are no distance apart. */
function distanceOf(x: number, y: number): number {
  if (Number.isNaN(x) && Number.isNaN(y)) return 0;
  return x === y ? 0 : Math.abs(x - y);
}

/** The pixel of a sample. */
function placeOf({ box, sampling, columns }: Plane, index: number): [number, number] {
  const row = Math.floor(index / columns);
  const first = (min: number, step: number): number => Math.ceil(min / step) * step;
  return [
    first(box.minX, sampling.x) + (index - row * columns) * sampling.x,
    first(box.minY, sampling.y) + row * sampling.y,
  ];
}

/** Samples as whole numbers of their bits. */
const bits = ({ samples }: Pick<Plane, 'samples'>): Uint16Array | Uint32Array =>
  samples instanceof Float32Array ? new Uint32Array(samples.buffer, samples.byteOffset, samples.length) : samples;

const bytes = (array: Uint16Array | Uint32Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

function reader({ type, samples }: Pick<Plane, 'type' | 'samples'>): (index: number) => number {
  if (type !== 'half') return (index) => samples[index]!;
  const values = allHalves();
  return (index) => values[samples[index]!]!;
}

/** Whether both hold the same chunks, as they are stored. Known only where both are laid out and packed alike. */
function sameChunks(a: ExrFile, b: ExrFile, pair: PartPair): boolean {
  const [p, q] = [pair.a.part, pair.b.part];
  const { chunkCount } = layoutOf(p);
  const alike =
    p.type === q.type &&
    p.compression === q.compression &&
    boxEquals(p.dataWindow, q.dataWindow) &&
    JSON.stringify([p.channels, p.tiles]) === JSON.stringify([q.channels, q.tiles]) &&
    chunkCount === layoutOf(q).chunkCount;
  if (!alike) return false;
  for (let chunk = 0; chunk < chunkCount; chunk++) {
    const one = a.chunk(pair.a.index, chunk).payload;
    if (Buffer.compare(one, b.chunk(pair.b.index, chunk).payload) !== 0) return false;
  }
  return true;
}
