// The markers of a JPEG 2000 codestream written, as OpenEXR's own writer has them.
import { type Codestream, type Component, MARKERS } from './codestream.ts';

const two = (value: number): number[] => [(value >> 8) & 255, value & 255];
const four = (value: number): number[] => [...two(value >>> 16), ...two(value & 0xffff)];

/** A marker, the length of what follows, and that. */
const segment = (marker: number, ...content: number[]): number[] => [
  ...two(marker),
  ...two(content.length + 2),
  ...content,
];

/** Depths take 5 bits each, less one; those of 32-bit samples are greater, and the guard bits make up for it. */
function depthsText(depths: readonly number[]): number[] {
  const guard = Math.max(1, Math.max(...depths) - 30);
  return [guard << 5, ...depths.map((depth) => (depth + 1 - guard) << 3)];
}

/** The 5 bits by which CAP states the greatest depth (T.814, Annex A.3: MAGB). */
const magnitudes = (depth: number): number => (depth <= 8 ? 0 : depth < 28 ? depth - 8 : 13 + (depth >> 2));

const sameDepths = (a: Component, b: Component): boolean => a.depths.every((depth, i) => depth === b.depths[i]);

/** What a part 1 decoder must know that it does not (CAP), and that NLT of part 2 is there. */
const CAPABILITIES = 0x4000;
const EXTENSIONS = 0x8200;
/** Of 32 parts of JPEG 2000 part 15, HT. */
const PART_15 = 0x20000;
const TILE_PART_HEAD = 14;

/** The bytes of a codestream. */
export function writeCodestream(stream: Codestream): Uint8Array {
  const { columns, rows, components, levels, block, mixed, packets } = stream;
  const [first] = components;
  const folds = components.some(({ folded }) => folded);
  const index = (i: number): number[] => (components.length > 256 ? two(i) : [i]);
  const depth = components.reduce((most, { depths }) => Math.max(most, ...depths), 0);
  const main = [
    ...two(MARKERS.SOC),
    ...segment(
      MARKERS.SIZ,
      ...two(CAPABILITIES | (folds ? EXTENSIONS : 0)),
      ...[columns, rows, 0, 0, columns, rows, 0, 0].flatMap(four),
      ...two(components.length),
      ...components.flatMap(({ bits, signed, step }) => [(bits - 1) | (signed ? 0x80 : 0), step.x, step.y]),
    ),
    ...segment(MARKERS.CAP, ...four(PART_15), ...two(magnitudes(depth))),
    // No precincts, by resolution, one layer; blocks of HT, the reversible wavelet.
    ...segment(MARKERS.COD, 0, 2, ...two(1), mixed ? 1 : 0, levels, block.across - 2, block.down - 2, 0x40, 1),
    ...segment(MARKERS.QCD, ...depthsText(first!.depths)),
    ...components.flatMap((component, i) =>
      sameDepths(component, first!) ? [] : segment(MARKERS.QCC, ...index(i), ...depthsText(component.depths)),
    ),
    ...components.flatMap(({ folded, bits }, i) =>
      folded ? segment(MARKERS.NLT, ...two(i), (bits - 1) | 0x80, 3) : [],
    ),
    ...segment(MARKERS.SOT, ...two(0), ...four(TILE_PART_HEAD + packets.length), 0, 1),
    ...two(MARKERS.SOD),
  ];
  const bytes = new Uint8Array(main.length + packets.length + 2);
  bytes.set(main);
  bytes.set(packets, main.length);
  bytes.set(two(MARKERS.EOC), main.length + packets.length);
  return bytes;
}
