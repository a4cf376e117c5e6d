// The packets of a codestream: which blocks of which subband they hold, and the bytes of each.
import type { Codestream, Component } from './codestream.ts';
import type { Fault } from './fault.ts';

/** One block of coefficients of a subband that is not all zero. */
export interface CodedBlock {
  /** Place and size in the subband. */
  readonly left: number;
  readonly top: number;
  readonly columns: number;
  readonly rows: number;
  readonly bytes: Uint8Array;
}

/** One subband of one resolution of one component. */
export interface Subband {
  readonly columns: number;
  readonly rows: number;
  /** The greatest number of bits of a coefficient. */
  readonly depth: number;
  readonly blocks: CodedBlock[];
}

/** One resolution: LL alone for the smallest, else HL, LH and HH (T.800, Annex B.5). */
export interface Resolution {
  readonly columns: number;
  readonly rows: number;
  readonly subbands: readonly Subband[];
}

/** Precincts are as large as they can be, 2^15 samples each way of a resolution. */
const PRECINCT_BITS = 15;
/** A length has so many bits at least. */
export const LENGTH_BITS = 3;
/** T.814: a block's first pass has 2 to 65534 bytes. */
const FEWEST_BYTES = 2;
const MOST_BYTES = 65534;

const halved = (size: number, times: number): number => Math.ceil(size / 2 ** times);

/** The resolutions of a component, from the smallest, with no blocks yet. */
export function resolutionsOf(
  { columns, rows, depths }: Pick<Component, 'columns' | 'rows' | 'depths'>,
  levels: number,
): Resolution[] {
  return Array.from({ length: levels + 1 }, (_, level) => {
    const size = { columns: halved(columns, levels - level), rows: halved(rows, levels - level) };
    if (level === 0) return { ...size, subbands: [{ ...size, depth: depths[0]!, blocks: [] }] };
    const [lowColumns, lowRows] = [Math.ceil(size.columns / 2), Math.ceil(size.rows / 2)];
    const [highColumns, highRows] = [size.columns - lowColumns, size.rows - lowRows];
    const sizes = [
      { columns: highColumns, rows: lowRows },
      { columns: lowColumns, rows: highRows },
      { columns: highColumns, rows: highRows },
    ];
    return {
      ...size,
      subbands: sizes.map((of, i) => ({ ...of, depth: depths[level * 3 - 2 + i]!, blocks: [] })),
    };
  });
}

/** Reads the bits of a packet's header, the highest first; a byte after 255 has 7 (T.800, B.10.1). */
class HeaderBits {
  readonly #bytes: Uint8Array;
  readonly #fault: Fault;
  #at: number;
  #byte = 0;
  #left = 0;

  constructor(bytes: Uint8Array, at: number, fault: Fault) {
    this.#bytes = bytes;
    this.#at = at;
    this.#fault = fault;
  }

  bit(): number {
    if (this.#left === 0) {
      if (this.#at >= this.#bytes.length) throw this.#fault.damaged('its packets end inside a header');
      this.#left = this.#byte === 255 ? 7 : 8;
      this.#byte = this.#bytes[this.#at++]!;
    }
    this.#left--;
    return (this.#byte >> this.#left) & 1;
  }

  number(bits: number): number {
    let value = 0;
    for (let i = 0; i < bits; i++) value = value * 2 + this.bit();
    return value;
  }

  /** The place after the header, which does not end with a byte of 255. */
  end(): number {
    return this.#byte === 255 ? this.#at + 1 : this.#at;
  }
}

/** A tree of minima over the blocks of a precinct (T.800, B.10.2), read value by value. */
class TagTree {
  readonly #levels: { readonly columns: number; readonly values: Int16Array }[] = [];

  constructor(columns: number, rows: number) {
    for (let [across, down] = [columns, rows]; ; across = (across + 1) >> 1, down = (down + 1) >> 1) {
      this.#levels.push({ columns: across, values: new Int16Array(across * down).fill(-1) });
      if (across <= 1 && down <= 1) break;
    }
  }

  /** The value of a block, at most `most`: from there on it does not matter how large it is. */
  value(x: number, y: number, most: number, bits: HeaderBits): number {
    let least = 0;
    for (let i = this.#levels.length - 1; i >= 0; i--) {
      const { columns, values } = this.#levels[i]!;
      const place = (y >> i) * columns + (x >> i);
      if (values[place] === -1) {
        while (least < most && bits.bit() === 0) least++;
        values[place] = least;
      }
      least = values[place]!;
      if (least >= most) return most;
    }
    return least;
  }
}

/** The rectangle of one subband in one precinct. */
export interface Precinct {
  readonly subband: Subband;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Reads one packet and returns the place after it. */
function readPacket(
  bytes: Uint8Array,
  at: number,
  precincts: readonly Precinct[],
  block: Codestream['block'],
  fault: Fault,
): number {
  const bits = new HeaderBits(bytes, at, fault);
  const found: { readonly subband: Subband; readonly length: number; readonly place: Omit<CodedBlock, 'bytes'> }[] = [];
  if (bits.bit() === 1) {
    for (const { subband, left, top, right, bottom } of precincts) {
      const across = Math.ceil((right - left) / 2 ** block.across);
      const down = Math.ceil((bottom - top) / 2 ** block.down);
      if (across <= 0 || down <= 0) continue;
      const inclusion = new TagTree(across, down);
      const emptiness = new TagTree(across, down);
      for (let y = 0; y < down; y++) {
        for (let x = 0; x < across; x++) {
          if (inclusion.value(x, y, 1, bits) !== 0) continue;
          const empty = emptiness.value(x, y, subband.depth + 1, bits);
          if (empty !== subband.depth - 1) throw fault.foreign('blocks that are not coded to their last bit');
          const length = readLength(bits, fault);
          const [x0, y0] = [left + (x << block.across), top + (y << block.down)];
          const size = {
            columns: Math.min(1 << block.across, right - x0),
            rows: Math.min(1 << block.down, bottom - y0),
          };
          found.push({ subband, length, place: { left: x0, top: y0, ...size } });
        }
      }
    }
  }
  let from = bits.end();
  for (const { subband, length, place } of found) {
    if (from + length > bytes.length) throw fault.damaged('its packets end inside a block');
    subband.blocks.push({ ...place, bytes: bytes.subarray(from, from + length) });
    from += length;
  }
  return from;
}

/** The length of a block in bytes. A block has one pass; more would refine bits that one pass leaves out. */
function readLength(bits: HeaderBits, fault: Fault): number {
  if (bits.bit() === 1) throw fault.foreign('blocks of several passes');
  let width = LENGTH_BITS;
  while (bits.bit() === 1) width++;
  if (width > 32) throw fault.damaged('a length has too many bits');
  const length = bits.number(width);
  if (length < FEWEST_BYTES || length > MOST_BYTES) throw fault.damaged(`a block states ${length} bytes`);
  return length;
}

/**
 * The subbands of each packet, in the order of the packets: by resolution, then place, then component (RPCL). Of a
 * component without samples there are none.
 */
export function* packetsOf(
  resolutions: readonly (readonly Resolution[])[],
  steps: readonly { readonly x: number; readonly y: number }[],
): Generator<readonly Precinct[], void, undefined> {
  const levels = resolutions[0]!.length - 1;
  for (let level = 0; level <= levels; level++) {
    const scale = 2 ** (PRECINCT_BITS + levels - level);
    const subBits = level === 0 ? PRECINCT_BITS : PRECINCT_BITS - 1;
    const packets = resolutions.flatMap((own, component) => {
      const { columns, rows, subbands } = own[level]!;
      const across = Math.ceil(columns / 2 ** PRECINCT_BITS);
      const down = Math.ceil(rows / 2 ** PRECINCT_BITS);
      return Array.from({ length: across * down }, (_, i) => {
        const [px, py] = [i % across, Math.floor(i / across)];
        const precincts = subbands.map((subband) => ({
          subband,
          left: px << subBits,
          top: py << subBits,
          right: Math.min((px + 1) << subBits, subband.columns),
          bottom: Math.min((py + 1) << subBits, subband.rows),
        }));
        return { x: px * scale * steps[component]!.x, y: py * scale * steps[component]!.y, component, precincts };
      });
    });
    packets.sort((a, b) => a.y - b.y || a.x - b.x || a.component - b.component);
    for (const { precincts } of packets) yield precincts;
  }
}

/** Reads all packets. Returns the resolutions of each component. */
export function readPackets({ components, levels, packets, block }: Codestream, fault: Fault): Resolution[][] {
  const resolutions = components.map((component) => resolutionsOf(component, levels));
  const steps = components.map(({ step }) => step);
  let at = 0;
  for (const precincts of packetsOf(resolutions, steps)) at = readPacket(packets, at, precincts, block, fault);
  return resolutions;
}
