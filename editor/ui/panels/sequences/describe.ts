// The words for what is in a file: parts, windows, channels by layer, and attributes that answer a search.
import {
  type Box,
  boxEquals,
  boxHeight,
  boxText,
  boxWidth,
  type ChannelSpec,
  type PartSpec,
  parseFrames,
} from '../../../../engine/browser.ts';
import type { AttributeRow } from '../../../protocol.ts';

/** Channels of one layer and one type that stand beside each other. */
export interface ChannelGroup {
  /** What stands before the last dot; empty for channels without a layer. */
  readonly layer: string;
  /** What stands after it, in the order in which people say them. */
  readonly names: readonly string[];
  readonly type: ChannelSpec['type'];
  /** Such as `1/2 x 1/2`; absent where every pixel has a sample. */
  readonly sampling?: string;
}

const SAID = ['R', 'G', 'B', 'A', 'r', 'g', 'b', 'a', 'red', 'green', 'blue', 'alpha', 'X', 'Y', 'Z', 'x', 'y', 'z'];

const said = (name: string): number => {
  const index = SAID.indexOf(name);
  return index < 0 ? SAID.length : index;
};

/** Channels by layer and type: layers in the order of the file, those without a layer first. */
export function channelGroups(channels: readonly ChannelSpec[]): ChannelGroup[] {
  const groups = new Map<string, { layer: string; names: string[]; type: ChannelSpec['type']; sampling: string }>();
  for (const { name, type, sampling } of channels) {
    const dot = name.lastIndexOf('.');
    const layer = name.slice(0, Math.max(0, dot));
    const sparse = sampling.x === 1 && sampling.y === 1 ? '' : `1/${sampling.x} x 1/${sampling.y}`;
    const key = JSON.stringify([layer, type, sparse]);
    const group = groups.get(key) ?? { layer, names: [], type, sampling: sparse };
    group.names.push(name.slice(dot + 1));
    groups.set(key, group);
  }
  return [...groups.values()]
    .sort((a, b) => Number(a.layer !== '') - Number(b.layer !== ''))
    .map(({ layer, names, type, sampling }) => ({
      layer,
      names: names.toSorted((a, b) => said(a) - said(b) || (a < b ? -1 : 1)),
      type,
      ...(sampling === '' ? {} : { sampling }),
    }));
}

const sizeOf = (box: Box): string => `${boxWidth(box)} x ${boxHeight(box)}`;

/** Size, kind and compression of a part in one line. */
export function partLine({ kind, dataWindow, stored, view }: PartSpec): string {
  const tiles = stored?.tiles ? `tiles ${stored.tiles.width} x ${stored.tiles.height}` : undefined;
  return [sizeOf(dataWindow), kind === 'deep' ? 'deep' : undefined, tiles, stored?.compression, view && `view ${view}`]
    .filter((text) => text !== undefined && text !== '')
    .join(', ');
}

/** The windows, where the picture is not simply as large as its display window. */
export function windowLines({ dataWindow, displayWindow }: PartSpec): string[] {
  if (boxEquals(dataWindow, displayWindow) && dataWindow.minX === 0 && dataWindow.minY === 0) return [];
  return [`data ${boxText(dataWindow)}`, `display ${boxText(displayWindow)}`];
}

/** The attributes of a part whose name, type or value hold a text; the ones that its lines state already are left out. */
export function attributesOf(rows: readonly AttributeRow[], part: number, query: string): AttributeRow[] {
  const wanted = query.trim().toLowerCase();
  return rows.filter(
    (row) =>
      row.part === part &&
      row.name !== 'channels' &&
      [row.name, row.type, row.text].some((text) => text.toLowerCase().includes(wanted)),
  );
}

/** First and last frame and how many there are; undefined for a single file and for what is no list of frames. */
export function extentOf(frames: string): { first: number; last: number; count: number } | undefined {
  if (frames === '') return undefined;
  try {
    const list = parseFrames(frames);
    return { first: list[0]!, last: list.at(-1)!, count: list.length };
  } catch {
    return undefined;
  }
}

/** The frames in a few letters: from the first to the last; the whole list says where gaps are. */
export function spanText(frames: string): string {
  const extent = extentOf(frames);
  if (!extent) return frames;
  return extent.first === extent.last ? `${extent.first}` : `${extent.first}-${extent.last}`;
}
