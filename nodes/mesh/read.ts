// Read mesh: triangles, corners, UV sets and materials of an FBX, OBJ or glTF file.
import { z } from 'zod';
import { defineNode } from '../../engine/authoring.ts';
import { loadMesh, meshFiles, stateOf } from './read/load.ts';

export const read = defineNode({
  type: 'mesh.read',
  version: 1,
  title: 'Read mesh',
  doc: `Reads the meshes of an FBX (binary or ASCII, from 7.0), OBJ, glTF or GLB file through assimp: all nodes at their places, cut into triangles that know their polygons where that can be told, corner normals, UV sets and materials by their names. Units and axes are told and not converted. OBJ has no name for its UV set, which is called uv here; faces without coordinates among others that have them lie at 0, 0.

What the file announces is counted before assimp reads it and compared with what assimp gives: coordinates that are no numbers, indices out of range, and UV sets and nodes that got lost are errors; triangles that got lost are a warning. Where Blender is on the machine it can read a file in place of assimp, but for FBX in ASCII; Blender turns the scene so that z is up. Animation, bones and curves are not read. A mesh is made when the graph is described, once for all frames.`,
  keywords: ['open', 'load', 'geometry', 'model', '3d', 'fbx', 'obj', 'gltf', 'glb', 'uv', 'blender', 'import'],
  params: z.strictObject({
    path: z
      .string()
      .min(1, 'Expected the path of a mesh')
      .meta({
        title: 'File',
        widget: 'file',
        extensions: ['fbx', 'obj', 'gltf', 'glb'],
        description: 'An FBX, OBJ, glTF or GLB file of at most 384 MiB.',
      }),
    loader: z.enum(['auto', 'assimp', 'blender']).default('auto').meta({
      title: 'Loader',
      advanced: true,
      description:
        'auto: assimp, and Blender where it is on the machine and assimp gives something else than the file announces. blender: Blender without a window.',
    }),
  }),
  inputs: {},
  outputs: { mesh: { kind: 'mesh', doc: 'The mesh.' } },
  summary: ({ path }) => path.slice(path.lastIndexOf('/') + 1),

  files: ({ params, services }) => meshFiles(services, params.path),
  identity: ({ params, services }) => meshFiles(services, params.path).map(stateOf),

  compute: ({ params, services, signal, report }) => loadMesh(params.path, params.loader, { services, signal, report }),
});
