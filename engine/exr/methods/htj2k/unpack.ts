// HTJ2K unpacked: the channels of a chunk from the components of its codestream.
import { type Block, type BlockChannel, type ByteRange, type Unpack, wantedRows } from '../block.ts';
import { type Codestream, type Component, readCodestream } from './codestream.ts';
import { type Fault, faultOf, type Htj2k } from './fault.ts';
import { HEAD_BYTES, MAGIC, NARROW_DEPTH } from './layout.ts';
import { type Resolution, readPackets, type Subband } from './packet.ts';
import { unpackBlock } from './quad.ts';
import { createGrid, doubled, type Grid, unmixed } from './wavelet.ts';

/** What stands before the codestream: for each of its components the place of its channel in the header. */
function readHead(packed: Uint8Array, count: number, fault: Fault): { channels: number[]; bytes: Uint8Array } {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  if (packed.length < HEAD_BYTES || view.getUint16(0) !== MAGIC) throw fault.damaged('it does not start with "HT"');
  const length = view.getUint32(2);
  if (length > packed.length - HEAD_BYTES || length < 2 + count * 2) {
    throw fault.damaged(`it states ${length} bytes before its codestream`);
  }
  const stated = view.getUint16(HEAD_BYTES);
  if (stated !== count) throw fault.damaged(`it has ${stated} channels, not ${count}`);
  const channels = Array.from({ length: count }, (_, i) => view.getUint16(HEAD_BYTES + 2 + i * 2));
  const all = new Set(channels);
  if (all.size !== count || channels.some((channel) => channel >= count)) {
    throw fault.damaged('it names a channel twice or one that is not there');
  }
  return { channels, bytes: packed.subarray(HEAD_BYTES + length) };
}

/** Holds a codestream against its block, before any memory is taken for it. */
function check(codestream: Codestream, order: readonly number[], { channels }: Block, fault: Fault): void {
  const { components, mixed } = codestream;
  if (components.length !== channels.length) {
    throw fault.damaged(`its codestream has ${components.length} components for ${channels.length} channels`);
  }
  for (const [i, component] of components.entries()) {
    const { type, columns, rows, name } = channels[order[i]!]!;
    if (component.columns !== columns || component.rows !== rows) {
      throw fault.damaged(
        `${component.columns} x ${component.rows} samples stand for ${columns} x ${rows} of "${name}"`,
      );
    }
    if (component.bits !== (type === 'half' ? 16 : 32)) {
      throw fault.damaged(`samples of ${component.bits} bits stand for the type ${type} of "${name}"`);
    }
  }
  if (!mixed) return;
  const [first, ...others] = components.slice(0, 3);
  const alike = ({ columns, rows, bits }: Component): boolean =>
    columns === first!.columns && rows === first!.rows && bits === first!.bits;
  if (others.length < 2 || !others.every(alike)) throw fault.damaged('its colours are not three of a kind');
}

/** The coefficients of a subband. */
function readSubband({ columns, rows, depth, blocks }: Subband, narrow: boolean, fault: Fault): Grid {
  const grid = createGrid(columns, rows, narrow);
  for (const block of blocks) {
    const place = { at: block.top * columns + block.left, stride: columns, columns: block.columns, rows: block.rows };
    const reason = unpackBlock(block.bytes, depth, grid.values, place);
    if (reason) throw fault.damaged(reason);
  }
  return grid;
}

/** All samples of a component as they were before the colour transform. */
function readComponent(resolutions: readonly Resolution[], narrow: boolean, fault: Fault): Grid {
  const read = (subband: Subband): Grid => readSubband(subband, narrow, fault);
  const [smallest, ...others] = resolutions;
  let grid = read(smallest!.subbands[0]!);
  for (const { columns, rows, subbands } of others) {
    const [across, down, both] = [read(subbands[0]!), read(subbands[1]!), read(subbands[2]!)];
    grid = doubled(grid, { across, down, both }, columns, rows);
  }
  return grid;
}

/** Bits of samples from numbers: signed ones may be stored as sign and magnitude, unsigned ones about their middle. */
function settle({ values }: Grid, { bits, signed, folded }: Component): void {
  const middle = 2 ** (bits - 1);
  if (folded) {
    for (let i = 0; i < values.length; i++) if (values[i]! < 0) values[i] = -values[i]! - middle - 1;
  } else if (!signed) {
    for (let i = 0; i < values.length; i++) values[i]! += middle;
  }
}

/** Puts a row of samples into bytes, little-endian; what does not fit its type is cut to it. */
function putRow({ values, columns }: Grid, row: number, { type }: BlockChannel, raw: Uint8Array, start: number): void {
  const from = row * columns;
  let to = start;
  for (let x = 0; x < columns; x++) {
    const sample = values[from + x]! | 0;
    raw[to++] = sample;
    raw[to++] = sample >> 8;
    if (type === 'half') continue;
    raw[to++] = sample >> 16;
    raw[to++] = sample >> 24;
  }
}

/** Components that are read together: colours, and each of the others by itself. */
function groupsOf({ components, mixed }: Codestream): number[][] {
  const alone = mixed ? 3 : 0;
  const others = components.keys().drop(alone);
  return [...(mixed ? [[0, 1, 2]] : []), ...others.map((i) => [i])];
}

const isEmpty = (resolutions: readonly Resolution[]): boolean =>
  resolutions.every(({ subbands }) => subbands.every(({ blocks }) => blocks.length === 0));

export const unpackHtj2kAs =
  (method: Htj2k): Unpack =>
  (packed: Uint8Array, block: Block, wanted?: readonly ByteRange[]) => {
    const fault = faultOf(method);
    const { channels: order, bytes } = readHead(packed, block.channels.length, fault);
    const codestream = readCodestream(bytes, fault);
    check(codestream, order, block, fault);
    const resolutions = readPackets(codestream, fault);
    const raw = new Uint8Array(block.rawBytes);
    const rows = Map.groupBy(wantedRows(block, wanted), ({ channel }) => channel);
    const put = (component: number, grid: Grid): void => {
      const channel = order[component]!;
      settle(grid, codestream.components[component]!);
      for (const { row, start } of rows.get(channel) ?? []) putRow(grid, row, block.channels[channel]!, raw, start);
    };
    for (const group of groupsOf(codestream)) {
      // Where all is black there is nothing to make.
      const black = group.every((i) => codestream.components[i]!.signed && isEmpty(resolutions[i]!));
      if (black || !group.some((i) => rows.has(order[i]!))) continue;
      const grids = group.map((i) => {
        const { depths } = codestream.components[i]!;
        return readComponent(resolutions[i]!, Math.max(...depths) <= NARROW_DEPTH, fault);
      });
      if (grids.length === 3) unmixed([grids[0]!, grids[1]!, grids[2]!]);
      for (const [place, grid] of grids.entries()) put(group[place]!, grid);
    }
    return raw;
  };
