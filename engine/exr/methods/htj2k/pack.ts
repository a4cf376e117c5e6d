// HTJ2K packed: the channels of a block as the components of a codestream.
import { type Block, type BlockChannel, blockRows, type Pack } from '../block.ts';
import type { Codestream, Component } from './codestream.ts';
import { writeCodestream } from './codestream-pack.ts';
import { HEAD_BYTES, MAGIC } from './layout.ts';
import { type Resolution, resolutionsOf } from './packet.ts';
import { writePackets } from './packet-pack.ts';
import { packBlock } from './quad-pack.ts';
import { createGrid, type Grid, halved, mixed } from './wavelet.ts';

/** OpenEXR's choices. */
const LEVELS = 5;
const BLOCK = { across: 7, down: 5 };
/** JPEG 2000 has no more components, and no greater steps between samples. */
const MOST_COMPONENTS = 16_384;
const GREATEST_STEP = 255;

/** The endings of names that are taken for colours, whatever their case. */
const COLOURS = [
  ['r', 'g', 'b'],
  ['red', 'green', 'blue'],
];

/** The places of red, green and blue of one layer, of one type and one sampling; undefined where there are none. */
function coloursOf(channels: readonly BlockChannel[]): number[] | undefined {
  const places = new Map(channels.map(({ name }, i) => [endingInLowerCase(name), i]));
  for (const endings of COLOURS) {
    for (const { name, type, sampling } of channels) {
      const layer = name.slice(0, name.lastIndexOf('.') + 1);
      const found = endings.map((ending) => places.get(layer + ending));
      const alike = (place: number | undefined): place is number => {
        const other = place === undefined ? undefined : channels[place];
        return other?.type === type && other.sampling.x === sampling.x && other.sampling.y === sampling.y;
      };
      if (found.every(alike)) return found;
    }
  }
  return undefined;
}

function endingInLowerCase(name: string): string {
  const dot = name.lastIndexOf('.') + 1;
  return name.slice(0, dot) + name.slice(dot).toLowerCase();
}

/** The size of the image of a block; undefined where its channels do not fill it as components must. */
function sizeOf({ channels, minY, maxY }: Block): { readonly columns: number; readonly rows: number } | undefined {
  const columns = channels.reduce((most, channel) => Math.max(most, channel.columns * channel.sampling.x), 0);
  const rows = maxY - minY + 1;
  const fills = (channel: BlockChannel): boolean =>
    channel.columns * channel.sampling.x === columns &&
    channel.rows * channel.sampling.y === rows &&
    channel.sampling.x <= GREATEST_STEP &&
    channel.sampling.y <= GREATEST_STEP;
  return columns > 0 && rows > 0 && channels.length <= MOST_COMPONENTS && channels.every(fills)
    ? { columns, rows }
    : undefined;
}

/**
 * How many bits a coefficient has at most, by subband: those of its samples, one for differences of colours, and what the
 * wavelet adds, which is less for the finest and the coarsest.
 */
function depthsOf(bits: number): number[] {
  return Array.from({ length: LEVELS * 3 + 1 }, (_, i) => (i === 0 || i > LEVELS * 3 - 3 ? bits + 1 : bits + 2));
}

function componentOf({ type, sampling, columns, rows }: BlockChannel, isColour: boolean): Component {
  const bits = type === 'half' ? 16 : 32;
  const signed = type !== 'uint';
  const depths = depthsOf(isColour ? bits + 1 : bits);
  return { columns, rows, step: sampling, bits, signed, folded: signed, depths };
}

/** The samples of all channels as whole numbers: halves and floats by sign and magnitude, uint about its middle. */
function gridsOf(raw: Uint8Array, block: Block): Grid[] {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const grids = block.channels.map(({ columns, rows, type }) => createGrid(columns, rows, type === 'half'));
  for (const { channel, row, start } of blockRows(block)) {
    const { type, columns } = block.channels[channel]!;
    const { values } = grids[channel]!;
    for (let x = 0, to = row * columns; x < columns; x++, to++) {
      if (type === 'uint') {
        values[to] = view.getUint32(start + x * 4, true) - 2 ** 31;
        continue;
      }
      const sample = type === 'half' ? view.getInt16(start + x * 2, true) : view.getInt32(start + x * 4, true);
      values[to] = sample < 0 ? -sample - (type === 'half' ? 2 ** 15 : 2 ** 31) - 1 : sample;
    }
  }
  return grids;
}

/** Packs a component into the blocks of its subbands. The grid is worked in. */
function packGrid(grid: Grid, component: Component): Resolution[] {
  const resolutions = resolutionsOf(component, LEVELS);
  let rest = grid;
  for (let level = LEVELS; level > 0; level--) {
    const { small, detail } = halved(rest);
    const [across, down, both] = resolutions[level]!.subbands;
    for (const [band, values] of [
      [across!, detail.across],
      [down!, detail.down],
      [both!, detail.both],
    ] as const) {
      fill(band, values);
    }
    rest = small;
  }
  fill(resolutions[0]!.subbands[0]!, rest);
  return resolutions;
}

/** Packs the blocks of a subband; those that are all zero are left out. */
function fill({ blocks }: Resolution['subbands'][number], { columns, rows, values }: Grid): void {
  for (let top = 0; top < rows; top += 1 << BLOCK.down) {
    for (let left = 0; left < columns; left += 1 << BLOCK.across) {
      const size = {
        columns: Math.min(1 << BLOCK.across, columns - left),
        rows: Math.min(1 << BLOCK.down, rows - top),
      };
      const bytes = packBlock(values, { at: top * columns + left, stride: columns, ...size });
      if (bytes) blocks.push({ left, top, ...size, bytes });
    }
  }
}

/** A block that JPEG 2000 cannot hold, because its channels do not fill their grid, stays as it is. */
export const packHtj2k: Pack = (raw, block) => {
  const size = sizeOf(block);
  if (!size) return raw.slice();
  const { channels } = block;
  const plain = channels.every(({ sampling }) => sampling.x === 1 && sampling.y === 1);
  const colours = plain ? coloursOf(channels) : undefined;
  const order = [...(colours ?? []), ...channels.keys().filter((i) => !colours?.includes(i))];
  const components = order.map((channel, i) => componentOf(channels[channel]!, colours !== undefined && i < 3));
  const grids = gridsOf(raw, block);
  const ordered = order.map((channel) => grids[channel]!);
  if (colours) mixed([ordered[0]!, ordered[1]!, ordered[2]!]);
  const resolutions = ordered.map((grid, i) => packGrid(grid, components[i]!));
  const coding: Omit<Codestream, 'packets'> = {
    ...size,
    components,
    levels: LEVELS,
    block: BLOCK,
    mixed: colours !== undefined,
  };
  const codestream = writeCodestream({ ...coding, packets: writePackets(resolutions, coding) });
  const head = new DataView(new ArrayBuffer(HEAD_BYTES + 2 + order.length * 2));
  head.setUint16(0, MAGIC);
  head.setUint32(2, head.byteLength - HEAD_BYTES);
  head.setUint16(HEAD_BYTES, order.length);
  for (const [i, channel] of order.entries()) head.setUint16(HEAD_BYTES + 2 + i * 2, channel);
  const packed = new Uint8Array(head.byteLength + codestream.length);
  packed.set(new Uint8Array(head.buffer));
  packed.set(codestream, head.byteLength);
  return packed;
};
