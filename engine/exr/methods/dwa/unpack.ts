// DWA unpacked: by the sizes and rules that a chunk states, which are held against what its block must hold.
import {
  differenceDecode,
  halfToFloat,
  huffmanDecode,
  joinBytes,
  runDecode,
  scratch,
} from '../../../pixels/kernels.ts';
import { dwaDecode, dwaSkip } from '../../../pixels/lossy.ts';
import { sampleBytes, samplesOn } from '../../../pixels/plane.ts';
import { type DwaGrid, dwaSquares, HUFFMAN_FAULTS, HUFFMAN_RATIO } from '../../../pixels/reference.ts';
import { type Block, type BlockChannel, type BlockRow, damaged, type Unpack, wantedRows } from '../block.ts';
import { linear } from '../curve.ts';
import { INFLATE_RATIO, inflateInto, inflateRoom } from '../deflated.ts';
import { joinSamples } from './bytes.ts';
import { type Classified, classify, LEGACY_RULES, readRules, type Scheme } from './rules.ts';
import { type DwaSizes, readSizes, SIZES_BYTES } from './sizes.ts';

const TABLE_BYTES = 65536 * 2;
/** Two bytes of run lengths stand for at most 128. */
const RUN_RATIO = 64;

type Method = 'dwaa' | 'dwab';

/** A chunk taken apart; its sizes fit its block. */
interface Chunk extends Classified {
  readonly sizes: DwaSizes;
  readonly grids: readonly DwaGrid[];
  readonly plain: Uint8Array;
  readonly ac: Uint8Array;
  readonly dc: Uint8Array;
  readonly runs: Uint8Array;
}

const bytesOf = ({ type, columns, rows }: BlockChannel): number => columns * rows * sampleBytes(type);

function takeApart(method: Method, packed: Uint8Array, { channels, rawBytes }: Block): Chunk {
  const sizes = readSizes(method, packed);
  const after = packed.subarray(SIZES_BYTES);
  const { rules, size } = sizes.version < 2 ? { rules: LEGACY_RULES, size: 0 } : readRules(method, after);
  const classified = classify(channels, rules);
  if (!classified) throw damaged(method, 'its rules put a channel that is not lossy among the colours');
  const { schemes, groups } = classified;
  const grids = groups.map((group): DwaGrid => {
    const { columns, rows } = channels[group[0]!]!;
    return { columns, rows, planes: group.length === 3 ? 3 : 1 };
  });
  const total = { plain: 0, lossy: 0, runs: 0 };
  for (const [place, channel] of channels.entries()) total[schemes[place]!] += bytesOf(channel);
  if (total.plain + total.lossy + total.runs !== rawBytes) {
    throw damaged(method, `its channels do not make ${rawBytes} bytes`);
  }
  const { plainBytes, runsUnpacked, runsBytes, runsPacked, acWords, acPacked, acMethod, dcWords, dcPacked } = sizes;
  if (plainBytes !== total.plain) throw damaged(method, `it states ${plainBytes} bytes, not ${total.plain}`);
  if (runsUnpacked !== total.runs || runsBytes > total.runs * 2 || runsUnpacked > runsBytes * RUN_RATIO) {
    throw damaged(method, `it states ${runsUnpacked} bytes of run lengths in ${runsBytes}, not ${total.runs}`);
  }
  const squares = grids.reduce((sum, grid) => sum + dwaSquares(grid) * grid.planes, 0);
  if (dcWords < squares || dcWords * 2 > rawBytes + squares * 2) {
    throw damaged(method, `it states ${dcWords} first frequencies for ${squares} squares`);
  }
  if (acWords < squares || acWords > squares * 63) {
    throw damaged(method, `it states ${acWords} other frequencies for ${squares} squares`);
  }
  const acMost = acPacked * (acMethod === 0 ? 8 * HUFFMAN_RATIO : INFLATE_RATIO / 2);
  if (acWords > acMost || dcWords * 2 > dcPacked * INFLATE_RATIO || runsBytes > runsPacked * INFLATE_RATIO) {
    throw damaged(method, `${packed.length} bytes cannot hold ${rawBytes}`);
  }
  let left = after.subarray(size);
  const take = (length: number): Uint8Array => {
    if (length > left.length) throw damaged(method, `it states ${length} bytes and has ${left.length} left`);
    const piece = left.subarray(0, length);
    left = left.subarray(length);
    return piece;
  };
  // In the order of the file.
  const [plain, ac, dc, runs] = [take(sizes.plainPacked), take(acPacked), take(dcPacked), take(runsPacked)];
  return { ...classified, sizes, grids, plain, ac, dc, runs };
}

const halfWords = (bytes: Uint8Array): Uint16Array => samplesOn(bytes, 'half', bytes.length >> 1) as Uint16Array;

/** The wanted rows of each channel that has some. */
function rowsByChannel(block: Block, wanted: Parameters<Unpack>[2]): Map<number, BlockRow[]> {
  const rows = new Map<number, BlockRow[]>();
  for (const row of wantedRows(block, wanted)) {
    const known = rows.get(row.channel);
    if (known) known.push(row);
    else rows.set(row.channel, [row]);
  }
  return rows;
}

/** What the three ways of unpacking fill: the rows that are wanted, in the bytes of the block. */
interface Target {
  readonly method: Method;
  readonly chunk: Chunk;
  readonly channels: readonly BlockChannel[];
  readonly rows: ReadonlyMap<number, readonly BlockRow[]>;
  readonly raw: Uint8Array;
}

/** The channels of a scheme in their order, and where the bytes of each begin among theirs. */
function* channelsOf({ channels, chunk }: Target, scheme: Scheme): Generator<[place: number, start: number]> {
  let start = 0;
  for (const [place, channel] of channels.entries()) {
    if (chunk.schemes[place] !== scheme) continue;
    yield [place, start];
    start += bytesOf(channel);
  }
}

function putPlain(target: Target, plain: Uint8Array): void {
  for (const [place, from] of channelsOf(target, 'plain')) {
    for (const { row, start, end } of target.rows.get(place) ?? []) {
      const at = from + row * (end - start);
      target.raw.set(plain.subarray(at, at + end - start), start);
    }
  }
}

/** `run` holds the run lengths; three arrays as long as what they stand for are worked in. */
function putRuns(target: Target, run: Uint8Array, split: Uint8Array, joint: Uint8Array, spare: Uint8Array): void {
  if (!runDecode(run, split)) throw damaged(target.method, `its runs do not make ${split.length} bytes`);
  for (const [place, from] of channelsOf(target, 'runs')) {
    const rows = target.rows.get(place);
    if (!rows) continue;
    const channel = target.channels[place]!;
    const size = bytesOf(channel);
    const samples = joint.subarray(0, size);
    joinSamples(split.subarray(from, from + size), sampleBytes(channel.type), samples, spare.subarray(0, size));
    for (const { row, start, end } of rows) {
      target.raw.set(samples.subarray(row * (end - start), (row + 1) * (end - start)), start);
    }
  }
}

/** Arrays in scratch space: words of frequencies, halves of the planes of one group, a row, and the curve. */
interface LossySpace {
  readonly ac: Uint16Array;
  readonly dc: Uint16Array;
  readonly planes: Uint8Array;
  readonly line: Uint8Array;
  readonly curve: Uint16Array;
}

/** Unpacks `groups` in their order. */
function putLossy(target: Target, groups: readonly (readonly number[])[], space: LossySpace): void {
  const { method, chunk, channels, rows, raw } = target;
  const { planes, line, curve } = space;
  const halves = halfWords(planes);
  curve.set(linear());
  let { ac, dc } = space;
  for (const [i, group] of groups.entries()) {
    const grid = chunk.grids[i]!;
    const { columns } = grid;
    const squares = dwaSquares(grid) * grid.planes;
    const bent = group.length === 3 || !channels[group[0]!]!.linear;
    const used = group.some((channel) => rows.has(channel))
      ? dwaDecode(ac, dc, grid, halves, bent ? curve : undefined)
      : dwaSkip(ac, squares);
    if (used < 0) throw damaged(method, 'its frequencies end before all of its samples');
    ac = ac.subarray(used);
    dc = dc.subarray(squares);
    for (const [plane, channel] of group.entries()) {
      for (const { row, start } of rows.get(channel) ?? []) {
        const at = (plane * grid.rows + row) * columns;
        if (channels[channel]!.type === 'half') {
          raw.set(planes.subarray(at * 2, (at + columns) * 2), start);
        } else {
          halfToFloat(halves.subarray(at, at + columns), samplesOn(line, 'float', columns) as Float32Array);
          raw.set(line.subarray(0, columns * 4), start);
        }
      }
    }
  }
}

/** The method by its name. Only the pieces that wanted channels need are unpacked. */
export const unpackDwaAs =
  (method: Method): Unpack =>
  (packed, block, wanted) => {
    if (block.rawBytes === 0) return new Uint8Array(0);
    const { channels, rawBytes } = block;
    const chunk = takeApart(method, packed, block);
    const { sizes, schemes, grids } = chunk;
    const rows = rowsByChannel(block, wanted);
    const has = (scheme: Scheme): boolean => [...rows.keys()].some((place) => schemes[place] === scheme);
    const groups = chunk.groups.slice(
      0,
      1 + chunk.groups.findLastIndex((group) => group.some((place) => rows.has(place))),
    );
    const lossy = groups.length > 0;
    const byHuffman = sizes.acMethod === 0;

    const plainBytes = has('plain') ? sizes.plainBytes : 0;
    const runsBytes = has('runs') ? sizes.runsBytes : 0;
    const runsUnpacked = has('runs') ? sizes.runsUnpacked : 0;
    const acBytes = lossy ? sizes.acWords * 2 : 0;
    const dcBytes = lossy ? sizes.dcWords * 2 : 0;
    const stream = Math.max(
      plainBytes > 0 ? inflateRoom(method, chunk.plain, plainBytes) : 0,
      runsBytes > 0 ? inflateRoom(method, chunk.runs, runsBytes) : 0,
      lossy && !byHuffman ? inflateRoom(method, chunk.ac, acBytes) : 0,
      lossy ? inflateRoom(method, chunk.dc, dcBytes) : 0,
    );
    const [raw, line, plain, acPacked, acWords, dcCoded, dcWords, planes, curve, run, split, joint, spare, room] =
      scratch(
        rawBytes,
        Math.max(...channels.map(({ columns, type }) => columns * sampleBytes(type))),
        plainBytes,
        lossy && byHuffman ? chunk.ac.length : 0,
        acBytes,
        dcBytes,
        dcBytes,
        lossy ? Math.max(...grids.map((grid) => grid.columns * grid.rows * grid.planes * 2)) : 0,
        lossy ? TABLE_BYTES : 0,
        runsBytes,
        runsUnpacked,
        runsUnpacked,
        runsUnpacked,
        stream,
      );
    const target: Target = { method, chunk, channels, rows, raw };

    if (plainBytes > 0) {
      inflateInto(plain, method, chunk.plain, room);
      putPlain(target, plain);
    }
    if (runsBytes > 0) {
      inflateInto(run, method, chunk.runs, room);
      putRuns(target, run, split, joint, spare);
    }
    if (lossy) {
      if (byHuffman) {
        acPacked.set(chunk.ac);
        const fault = huffmanDecode(acPacked, halfWords(acWords));
        if (fault !== 0) throw damaged(method, HUFFMAN_FAULTS[fault]!);
      } else inflateInto(acWords, method, chunk.ac, room);
      inflateInto(dcCoded, method, chunk.dc, room);
      differenceDecode(dcCoded);
      joinBytes(dcCoded, dcWords, 0, dcWords.length);
      putLossy(target, groups, {
        ac: halfWords(acWords),
        dc: halfWords(dcWords),
        planes,
        line,
        curve: halfWords(curve),
      });
    }
    return raw;
  };
