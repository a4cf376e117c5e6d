// Views and pictures for tests of the viewer.
import type { PictureHeader } from '../../editor/picture.ts';
import type { View } from '../../editor/protocol.ts';
import type { Picture } from '../../editor/ui/store/link.ts';
import { box } from '../../engine/browser.ts';

export const HD = box(0, 0, 1919, 1079);

/** The first hundred by fifty pixels of a node, at their own resolution. */
export const view = (change: Partial<View> = {}): View => ({
  node: 'grade',
  frame: 1,
  part: 0,
  channels: ['R', 'G', 'B'],
  box: box(0, 0, 99, 49),
  width: 100,
  height: 50,
  ...change,
});

/** An answer to a view, all black. */
export const pictureOf = (from: View, serial = 0): Picture => {
  const { type, charts: _, ...rest } = from;
  const windows = { dataWindow: HD, displayWindow: HD, pixelAspect: 1 };
  const header: PictureHeader = { slot: 0, serial, ...windows, ...rest, ...(type ? { type } : {}) };
  return { header, samples: new Uint16Array(from.width * from.height * from.channels.length) };
};
