// Mesh charts: the islands of a UV set, with tiles, mirroring and what is odd about them.
import { z } from 'zod';
import { defineNode, mesh } from '../../engine/authoring.ts';
import { findCharts } from './charts/find.ts';
import { chartProblems } from './charts/problems.ts';

export const charts = defineNode({
  type: 'mesh.charts',
  version: 1,
  title: 'Find charts',
  doc: `Finds the islands of a UV set: faces that share an edge of the surface are joined where the ends of that edge lie together on the texture, within the tolerance. Islands that merely touch there stay apart. They are numbered from 1 in the order of their first faces, over all tiles. A tile is 1001 + floor(u) + 10 floor(v); a face that reaches less than 1e-6 into a tile does not lie on it.

An island is mirrored where det(T, B, N) is negative on most of its area, with T and B the directions of u and v on the surface and N the normal of the file (that of the corners' order where it has none). The axis is V where v runs down the mesh on the whole, else U. An island of which more than a tenth of the area is turned the other way is cut there. Overlaps, faces across tiles, faces without area and faces outside of all tiles are told as warnings.`,
  keywords: ['uv', 'island', 'shell', 'udim', 'tile', 'mirror', 'overlap', 'unwrap'],
  params: z.strictObject({
    uvSet: z.string().default('').meta({ title: 'UV set', description: 'Its name; the first one where empty.' }),
    material: z.string().default('').meta({
      title: 'Material',
      description: 'The name of the material whose faces count; those of all where empty.',
    }),
    tolerance: z.number().min(0).max(0.01).default(1e-5).meta({
      title: 'Tolerance',
      advanced: true,
      description:
        'How far apart, in UV, the ends of two edges may lie to be one edge, and how far islands must reach into one another to overlap.',
    }),
  }),
  inputs: { mesh: mesh('A mesh with UVs.') },
  outputs: { mesh: { kind: 'mesh', doc: 'The same mesh with its charts.' } },
  summary: ({ uvSet, material }) => [uvSet || 'first UV set', ...(material === '' ? [] : [material])].join(', '),

  compute: ({ params, inputs, report }) => {
    const charts = findCharts(inputs.mesh, params);
    for (const problem of chartProblems(charts)) report(problem);
    return { ...inputs.mesh, charts };
  },
});
