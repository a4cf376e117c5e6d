// DWA packed: lossy channels as quantised frequencies, alpha as run lengths, everything else deflated as it is.
import {
  differenceEncode,
  floatToHalf,
  huffmanEncode,
  huffmanWork,
  runEncode,
  scratch,
  splitBytes,
} from '../../../pixels/kernels.ts';
import { DWA_WORK, dwaEncode, limitHalves } from '../../../pixels/lossy.ts';
import { sampleBytes, samplesOn } from '../../../pixels/plane.ts';
import { type DwaGrid, dwaSquares, runBound } from '../../../pixels/reference.ts';
import { type Block, type BlockChannel, blockRows, type Pack } from '../block.ts';
import { finite, perceptual } from '../curve.ts';
import { deflated, deflateRoom } from '../deflated.ts';
import { splitSamples } from './bytes.ts';
import { type Classified, classify, encodeRules, RULES, type Scheme } from './rules.ts';
import { encodeSizes } from './sizes.ts';

const TABLE_BYTES = 65536 * 2;
/** Larger blocks are stored as they are: the bits of their Huffman data might not fit the 31 bits of their count. */
const GREATEST_BLOCK = 2 ** 27;
/** Below so many words Huffman's table costs more than it saves. */
const HUFFMAN_WORDS = 8192;

/** JPEG's tables for luma and chroma, each divided by its least entry: how little of each frequency is seen. */
const LUMA = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51,
  87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101,
  72, 92, 95, 98, 112, 100, 103, 99,
];
const CHROMA_CORNER = [
  [17, 18, 24, 47],
  [18, 21, 26, 66],
  [24, 26, 56, 99],
  [47, 66, 99, 99],
];
const CHROMA = LUMA.map((_, i) => CHROMA_CORNER[i >> 3]?.[i & 7] ?? 99);

/** How far frequencies may be off: 64 of luma, 64 of chroma. A level of 100000 stands for 1 (OpenEXR's internal_dwa_encoder.h). */
function tolerancesOf(level: number): Float32Array {
  const base = Math.fround(Math.fround(level) / 100000);
  const times = (entry: number, least: number): number => Math.fround(Math.fround(base * entry) / least);
  return Float32Array.from([...LUMA.map((entry) => times(entry, 10)), ...CHROMA.map((entry) => times(entry, 17))]);
}

const bytesOf = ({ type, columns, rows }: BlockChannel): number => columns * rows * sampleBytes(type);

/** Where the samples of each channel lie among those of its scheme; lossy ones as halves, group by group. */
interface Laid {
  readonly starts: readonly number[];
  readonly totals: Readonly<Record<Scheme, number>>;
}

function lay({ channels }: Block, { schemes, groups }: Classified): Laid {
  const totals = { plain: 0, lossy: 0, runs: 0 };
  const starts: number[] = [];
  const put = (place: number, bytes: number): void => {
    const scheme = schemes[place]!;
    starts[place] = totals[scheme];
    totals[scheme] += bytes;
  };
  for (const place of groups.flat()) put(place, channels[place]!.columns * channels[place]!.rows * 2);
  for (const [place, channel] of channels.entries()) if (schemes[place] !== 'lossy') put(place, bytesOf(channel));
  return { starts, totals };
}

/** Arrays in scratch space for the samples of each scheme, laid as `lay` has them, and one for a row. */
interface Samples {
  readonly plain: Uint8Array;
  readonly lossy: Uint8Array;
  readonly runs: Uint8Array;
  readonly line: Uint8Array;
}

/** Sorts the rows of a block by their schemes. Floats become halves, the greatest where they are beyond. */
function gather(raw: Uint8Array, block: Block, schemes: readonly Scheme[], { starts }: Laid, to: Samples): void {
  const halves = halfWords(to.lossy);
  for (const { channel, row, start, end } of blockRows(block)) {
    const { type, columns } = block.channels[channel]!;
    const scheme = schemes[channel]!;
    const samples = raw.subarray(start, end);
    if (scheme === 'lossy' && type !== 'half') {
      to.line.set(samples);
      const at = starts[channel]! / 2 + row * columns;
      const rounded = halves.subarray(at, at + columns);
      floatToHalf(samplesOn(to.line, 'float', columns) as Float32Array, rounded);
      limitHalves(rounded);
    } else {
      to[scheme].set(samples, starts[channel]! + row * (end - start));
    }
  }
}

const halfWords = (bytes: Uint8Array): Uint16Array => samplesOn(bytes, 'half', bytes.length >> 1) as Uint16Array;

export const packDwa: Pack = (raw, block, { zipLevel, dwaLevel }) => {
  const { channels } = block;
  if (raw.length > GREATEST_BLOCK) return raw.slice();
  // The rules that are written name each colour once, so that there is always a classification.
  const classified = classify(channels, RULES)!;
  const { schemes, groups } = classified;
  const laid = lay(block, classified);
  const { starts, totals } = laid;
  const grids = groups.map((group): DwaGrid => {
    const { columns, rows } = channels[group[0]!]!;
    return { columns, rows, planes: group.length === 3 ? 3 : 1 };
  });
  const squares = grids.reduce((sum, grid) => sum + dwaSquares(grid) * grid.planes, 0);
  const most = squares * 63;
  const runsMost = runBound(totals.runs);
  const deflatedMost = Math.max(totals.plain, runsMost, squares * 2, Math.min(most, HUFFMAN_WORDS) * 2);
  const tables = squares > 0 ? TABLE_BYTES : 0;
  const [line, lossy, plain, runs, split, spare, run, ac, dc, dcSplit, bend, keep, work, huffman, deflating, target] =
    scratch(
      Math.max(0, ...channels.map(({ columns, type }) => columns * sampleBytes(type))),
      totals.lossy,
      totals.plain,
      totals.runs,
      totals.runs,
      totals.runs,
      runsMost,
      most * 2,
      squares * 2,
      squares * 2,
      tables,
      tables,
      DWA_WORK,
      huffmanWork(most),
      ...deflateRoom(deflatedMost, zipLevel),
    );
  gather(raw, block, schemes, laid, { plain, lossy, runs, line });

  const tolerances = tolerancesOf(dwaLevel);
  if (squares > 0) {
    halfWords(bend).set(perceptual());
    halfWords(keep).set(finite());
  }
  let [acWords, dcWords] = [0, 0];
  for (const [i, group] of groups.entries()) {
    const grid = grids[i]!;
    const table = group.length === 1 && channels[group[0]!]!.linear ? keep : bend;
    const planes = halfWords(lossy).subarray(starts[group[0]!]! / 2);
    const [others, first] = [halfWords(ac).subarray(acWords), halfWords(dc).subarray(dcWords)];
    acWords += dwaEncode(planes, grid, halfWords(table), tolerances, others, first, work);
    dcWords += dwaSquares(grid) * grid.planes;
  }
  splitBytes(dc, dcSplit);
  differenceEncode(dcSplit, dc);
  for (const [place, channel] of channels.entries()) {
    if (schemes[place] !== 'runs') continue;
    const [from, size] = [starts[place]!, bytesOf(channel)];
    const [samples, apart] = [runs.subarray(from, from + size), split.subarray(from, from + size)];
    splitSamples(samples, sampleBytes(channel.type), apart, spare.subarray(0, size));
  }
  const runsBytes = totals.runs === 0 ? 0 : runEncode(split, run);

  const packed = (source: Uint8Array): Uint8Array =>
    source.length === 0 ? source : deflated(source, zipLevel, deflating, target);
  const byHuffman = acWords >= HUFFMAN_WORDS;
  const others = ac.subarray(0, acWords * 2);
  const plainPart = packed(plain);
  const acPart = byHuffman ? huffmanEncode(halfWords(others), huffman) : packed(others);
  const dcPart = packed(dc);
  const runsPart = packed(run.subarray(0, runsBytes));
  const sizes = encodeSizes({
    version: 2,
    plainBytes: totals.plain,
    plainPacked: plainPart.length,
    acPacked: acPart.length,
    dcPacked: dcPart.length,
    runsPacked: runsPart.length,
    runsBytes,
    runsUnpacked: totals.runs,
    acWords,
    dcWords,
    acMethod: byHuffman ? 0 : 1,
  });
  return new Uint8Array(Buffer.concat([sizes, encodeRules(channels), plainPart, acPart, dcPart, runsPart]));
};
