// Mirror: turns the image round within its display window.
import { z } from 'zod';
import {
  type AxisMap,
  type Box,
  box,
  createPlane,
  defineNode,
  image,
  type PartSpec,
  type Plane,
} from '../../engine/authoring.ts';
import { type Move, movedImage, placed } from './sampling/place.ts';

const params = z.strictObject({
  horizontal: z.boolean().default(true).meta({
    title: 'Horizontal',
    description: 'Left and right change places. Flop in Nuke.',
  }),
  vertical: z.boolean().default(false).meta({
    title: 'Vertical',
    description: 'Top and bottom change places. Flip in Nuke.',
  }),
});

type Params = z.output<typeof params>;

export const mirror = defineNode({
  type: 'transform.mirror',
  version: 1,
  title: 'Mirror',
  doc: 'Turns every part round about the middle of its display window; the data window follows. Every sample of every type is kept bit by bit. What samples mean is not changed: normals and motion vectors still point where they did. As Mirror in Nuke and Gaffer.',
  keywords: ['flip', 'flop', 'reflect', 'invert', 'turn'],
  params,
  inputs: { image: image('The image to turn round.') },
  summary: ({ horizontal, vertical }) =>
    horizontal ? (vertical ? 'both ways' : 'left and right') : vertical ? 'top and bottom' : 'nothing',

  spec: (ctx) => movedImage(ctx, 'Mirror', (part) => turned(part, ctx.params)),

  async pull({ params, inputs, sources }, want) {
    const { displayWindow } = inputs.image.parts[want.part]!;
    const planes = await sources.image.planes({ ...want, box: reflected(want.box, displayWindow, params) });
    return new Map([...planes].map(([name, plane]): [string, Plane] => [name, reverse(plane, want.box, params)]));
  },
});

const SAME: AxisMap = { scale: 2, offset: 1, over: 2 };

/** The pixel at `sum` minus its place changes places with it. */
const about = (sum: number): AxisMap => ({ scale: -2, offset: 2 * sum + 1, over: 2 });

function turned({ displayWindow, dataWindow }: PartSpec, { horizontal, vertical }: Params): Move {
  const placement = {
    columns: horizontal ? about(displayWindow.minX + displayWindow.maxX) : SAME,
    rows: vertical ? about(displayWindow.minY + displayWindow.maxY) : SAME,
  };
  return { placement, dataWindow: placed(dataWindow, placement), displayWindow };
}

function reflected(window: Box, display: Box, { horizontal, vertical }: Params): Box {
  const [across, down] = [display.minX + display.maxX, display.minY + display.maxY];
  const [minX, maxX] = horizontal ? [across - window.maxX, across - window.minX] : [window.minX, window.maxX];
  const [minY, maxY] = vertical ? [down - window.maxY, down - window.minY] : [window.minY, window.maxY];
  return box(minX, minY, maxX, maxY);
}

function reverse(plane: Plane, place: Box, { horizontal, vertical }: Params): Plane {
  const made = createPlane(plane.type, place);
  const { columns, rows } = made;
  for (let row = 0; row < rows; row++) {
    const from = (vertical ? rows - 1 - row : row) * columns;
    const target = made.samples.subarray(row * columns, (row + 1) * columns);
    target.set(plane.samples.subarray(from, from + columns));
    if (horizontal) target.reverse();
  }
  return made;
}
