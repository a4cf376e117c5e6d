// For viewers: the nodes to put behind one whose output is no flat image, so that there is a picture of it.
import { box, type ChannelSpec, FULL_SAMPLING, type ImageSpec, type Json } from '../engine/authoring.ts';

/** A node by its type, with parameters of the present version where they are not the defaults. */
export interface Step {
  readonly type: string;
  readonly params: Readonly<Record<string, Json>>;
}

/** Behind an image with deep parts: those as they look from the front. */
export const FLATTENED: readonly Step[] = [{ type: 'deep.flatten', params: {} }];

/** Behind a mesh without charts: those of its first UV set. */
export const CHARTED: readonly Step[] = [{ type: 'mesh.charts', params: {} }];

/** Texels of a tile across and down: finer than a screen shows it as a whole. */
const TEXELS = [2048, 2048] as const;

/** Behind a mesh with charts: those on one tile. */
export const chartsDrawn = (tile: number, texels: readonly [number, number] = TEXELS): readonly Step[] => [
  { type: 'mesh.rasterize', params: { tile, size: [...texels] } },
];

const channel = (name: string): ChannelSpec => ({
  name,
  type: 'uint',
  sampling: FULL_SAMPLING,
  pLinear: 0,
  origin: { from: 'computed' },
});
const window = box(0, 0, TEXELS[0] - 1, TEXELS[1] - 1);

/** What the picture of charts is whatever the mesh: the number of the chart at each pixel, and how it is mirrored. */
export const CHARTS_IMAGE: ImageSpec = {
  parts: [
    {
      kind: 'flat',
      dataWindow: window,
      displayWindow: window,
      channels: [channel('id'), channel('mirror')],
      attributes: [],
    },
  ],
};
