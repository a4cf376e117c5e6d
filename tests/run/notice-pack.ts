// A node pack for tests of what is found in samples: a node that tells of samples above a limit, and one on whole frames.
import { z } from 'zod';
import { type AnyNode, defineNode, image, passImage, recomputePart } from '../../engine/authoring.ts';

const params = z.strictObject({
  limit: z.number().default(0.5),
  /** How many samples of a frame are too many. */
  most: z.number().default(0),
  /** Told of each region with its first row, as an author should not. */
  rows: z.boolean().default(false),
  on: z.boolean().default(true),
});

const found = (access: 'pixel' | 'frame') =>
  defineNode({
    type: `test.notice.${access}`,
    version: 1,
    title: 'Notice',
    doc: 'Tells of samples of R above a limit, and counts them.',
    params,
    inputs: { image: image('Any.') },
    access,
    spec: ({ inputs, params: { on } }) =>
      on
        ? { parts: inputs.image.parts.map((part, i) => recomputePart(part, 'image', i, new Set(['R']))) }
        : passImage(inputs.image, 'image'),
    pull: async ({ params, sources, report, measure }, want) => {
      const planes = await sources.image.planes({ ...want, channels: ['R'] }, 'float');
      const { samples, columns, box } = planes.get('R')!;
      const rows = Array.from({ length: samples.length / columns }, (_, row): [number, number, number] => {
        const own = [...samples.subarray(row * columns, (row + 1) * columns)];
        return [box.minY + row, own.length, own.filter((sample) => sample > params.limit).length];
      });
      if (rows.some(([, , above]) => above > 0)) {
        const message = `Samples are above ${params.limit}${params.rows ? ` from row ${box.minY}` : ''}.`;
        report({ severity: 'warning', code: 'param-invalid', message, fixes: [{ title: 'Off', set: { on: false } }] });
      }
      measure({ part: want.part, name: 'above', from: box.minX, to: box.maxX, rows });
      return sources.image.planes({ ...want, channels: ['R'] });
    },
    judge: ({ params, frame }, measured) =>
      measured.flatMap(({ name, sums: [all = 0, above = 0] }) =>
        above > params.most
          ? [
              {
                severity: 'info',
                code: 'param-invalid',
                message: `${name}: ${above} of ${all}${params.rows ? ` at ${frame}` : ''}.`,
                where: { param: 'limit' },
                fixes: [{ title: 'Raise the limit', set: { limit: 10 } }],
              },
            ]
          : [],
      ),
  });

export const nodes: readonly AnyNode[] = [found('pixel'), found('frame')];
