// A node pack for tests of values: a mesh of one square that leaves a line in a file each time it is made.
import { appendFileSync } from 'node:fs';
import { z } from 'zod';
import { type AnyNode, defineNode } from '../../engine/authoring.ts';

const square = defineNode({
  type: 'test.square',
  version: 1,
  title: 'Square',
  doc: 'Gives a square that covers a tile.',
  params: z.strictObject({ log: z.string() }),
  inputs: {},
  outputs: { mesh: { kind: 'mesh', doc: 'The square.' } },
  compute: ({ params, services }) => {
    appendFileSync(services.resolve(params.log, 'write'), 'made\n');
    return Promise.resolve({
      positions: Float32Array.of(0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0),
      faces: Uint32Array.of(0, 1, 2, 0, 2, 3),
      polygons: Uint32Array.of(0, 0),
      uvSets: [
        { name: 'uv', coordinates: Float32Array.of(0, 0, 1, 0, 1, 1, 0, 0, 1, 1, 0, 1), has: Uint8Array.of(1, 1) },
      ],
      materials: ['grey'],
      faceMaterials: Uint32Array.of(0, 0),
      objects: [{ name: 'square', first: 0, count: 2 }],
      space: { stated: 'nowhere' },
      source: { file: 'square', format: 'none', loader: 'assimp' },
    });
  },
});

export const nodes: readonly AnyNode[] = [square as AnyNode];
