// The packets of a codestream written: which blocks each of them holds, how long these are, and their bytes.
import type { Codestream } from './codestream.ts';
import { LENGTH_BITS, type Precinct, packetsOf, type Resolution } from './packet.ts';

/** Collects the bits of a packet's header, the highest first; a byte after 255 has 7 (T.800, B.10.1). */
class HeaderBits {
  readonly #bytes: number[] = [];
  #held = 0;
  #room = 8;

  bit(bit: number): void {
    this.#room--;
    this.#held |= bit << this.#room;
    if (this.#room > 0) return;
    this.#bytes.push(this.#held);
    this.#room = this.#held === 255 ? 7 : 8;
    this.#held = 0;
  }

  number(value: number, bits: number): void {
    for (let i = bits - 1; i >= 0; i--) this.bit((value >> i) & 1);
  }

  end(): Uint8Array {
    if (this.#room < 8) this.#bytes.push(this.#held);
    return Uint8Array.from(this.#bytes);
  }
}

/** A tree of minima over the blocks of a precinct (T.800, B.10.2), written value by value. */
class TagTree {
  readonly #levels: { readonly columns: number; readonly values: Uint8Array; readonly known: Uint8Array }[] = [];

  /** `values` are those of the blocks, row by row. */
  constructor(columns: number, rows: number, values: Uint8Array) {
    let [across, down, least] = [columns, rows, values];
    for (;;) {
      this.#levels.push({ columns: across, values: least, known: new Uint8Array(least.length) });
      if (across <= 1 && down <= 1) break;
      const [halfAcross, halfDown] = [(across + 1) >> 1, (down + 1) >> 1];
      const above = new Uint8Array(halfAcross * halfDown).fill(255);
      for (const [i, value] of least.entries()) {
        const place = (Math.floor(i / across) >> 1) * halfAcross + ((i % across) >> 1);
        above[place] = Math.min(above[place]!, value);
      }
      [across, down, least] = [halfAcross, halfDown, above];
    }
  }

  /** Writes what is not known yet of the value of a block, up to that it is at least `most`. */
  put(x: number, y: number, most: number, bits: HeaderBits): void {
    let least = 0;
    for (let i = this.#levels.length - 1; i >= 0 && least < most; i--) {
      const { columns, values, known } = this.#levels[i]!;
      const place = (y >> i) * columns + (x >> i);
      const value = values[place]!;
      if (known[place] === 0) {
        for (let step = least; step < Math.min(value, most); step++) bits.bit(0);
        if (value < most) bits.bit(1);
        known[place] = 1;
      }
      least = value;
    }
  }
}

/** The pieces of one packet: its header, then its blocks. */
function packetOf(precincts: readonly Precinct[], block: Codestream['block']): Uint8Array[] {
  if (precincts.every(({ subband }) => subband.blocks.length === 0)) return [Uint8Array.of(0)];
  const bits = new HeaderBits();
  const pieces: Uint8Array[] = [];
  bits.bit(1);
  for (const { subband, left, top, right, bottom } of precincts) {
    const across = Math.ceil((right - left) / 2 ** block.across);
    const down = Math.ceil((bottom - top) / 2 ** block.down);
    if (across <= 0 || down <= 0) continue;
    const places = new Map(subband.blocks.map(({ left: x, top: y, bytes }) => [y * subband.columns + x, bytes]));
    const cells = Array.from({ length: across * down }, (_, i) => {
      const [x, y] = [left + ((i % across) << block.across), top + (Math.floor(i / across) << block.down)];
      return places.get(y * subband.columns + x);
    });
    const inclusion = new TagTree(
      across,
      down,
      Uint8Array.from(cells, (bytes) => (bytes ? 0 : 1)),
    );
    // All blocks are coded to their last bit: they leave out as many as there are before it.
    const emptiness = new TagTree(across, down, new Uint8Array(cells.length).fill(subband.depth - 1));
    for (const [i, bytes] of cells.entries()) {
      const [x, y] = [i % across, Math.floor(i / across)];
      inclusion.put(x, y, 1, bits);
      if (!bytes) continue;
      emptiness.put(x, y, subband.depth, bits);
      bits.bit(0);
      const width = Math.max(LENGTH_BITS, 32 - Math.clz32(bytes.length));
      for (let more = LENGTH_BITS; more < width; more++) bits.bit(1);
      bits.bit(0);
      bits.number(bytes.length, width);
      pieces.push(bytes);
    }
  }
  return [bits.end(), ...pieces];
}

/** All packets, in the order in which `readPackets` reads them. */
export function writePackets(
  resolutions: readonly (readonly Resolution[])[],
  { components, block }: Pick<Codestream, 'components' | 'block'>,
): Uint8Array {
  const steps = components.map(({ step }) => step);
  return Buffer.concat([...packetsOf(resolutions, steps)].flatMap((precincts) => packetOf(precincts, block)));
}
