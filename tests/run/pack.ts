// A node pack for tests of runs with workers: a node that works on whole frames and notes each time that it does.
import { appendFileSync } from 'node:fs';
import { z } from 'zod';
import {
  type ChannelSpec,
  createPlane,
  defineNode,
  FULL_SAMPLING,
  image,
  type PartSpec,
  type Plane,
  sortChannels,
} from '../../engine/authoring.ts';

/** Replaces R by R turned upside down, which needs the whole frame, and makes a new channel of rows counted from below. */
export const flip = defineNode({
  type: 'test.flip',
  version: 1,
  title: 'Flip',
  doc: 'Turns R upside down.',
  params: z.strictObject({ log: z.string() }),
  inputs: { image: image('Any.') },
  access: 'frame',
  spec: ({ inputs }) => ({
    parts: inputs.image.parts.map((part, index): PartSpec => {
      const channels = part.channels.map((c): ChannelSpec => {
        const kept = { from: 'input', port: 'image', part: index, channel: c.name } as const;
        return { ...c, origin: c.name === 'R' ? { from: 'computed' } : kept };
      });
      const row: ChannelSpec = {
        name: 'row',
        type: 'uint',
        sampling: FULL_SAMPLING,
        pLinear: 0,
        origin: { from: 'computed' },
      };
      return { ...part, channels: sortChannels([...channels, row]) };
    }),
  }),
  pull: async ({ params, frame, sources, inputs }, want) => {
    appendFileSync(params.log, `${frame}\n`);
    const made = new Map<string, Plane>();
    const { type } = inputs.image.parts[want.part]!.channels.find((c) => c.name === 'R')!;
    if (want.channels.includes('R')) {
      const above = (await sources.image.planes({ ...want, channels: ['R'] })).get('R')!;
      const plane = createPlane(type, want.box);
      for (let y = 0; y < plane.rows; y++) {
        const from = (plane.rows - 1 - y) * plane.columns;
        plane.samples.set(above.samples.subarray(from, from + plane.columns), y * plane.columns);
      }
      made.set('R', plane);
    }
    if (want.channels.includes('row')) {
      const plane = createPlane('uint', want.box);
      for (let y = 0; y < plane.rows; y++)
        plane.samples.fill(plane.rows - y, y * plane.columns, (y + 1) * plane.columns);
      made.set('row', plane);
    }
    return made;
  },
});

export const nodes = [flip];
