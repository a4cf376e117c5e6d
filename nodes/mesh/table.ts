// Write chart table: one JSON file for each tile that lists its islands.
import { dirname } from 'node:path';
import { z } from 'zod';
import {
  type Chart,
  type Delivery,
  type DeliveryWriter,
  defineNode,
  EngineError,
  type ImageSpec,
  image,
  listNames,
  mesh,
  type NodeProblem,
  OutputFile,
  type Piece,
  workProblems,
} from '../../engine/authoring.ts';
import { makeFolder, targetPath, write as writeFrames } from '../io/write.ts';
import { asTiles, requireTile } from '../udim/write.ts';
import { type Extent, extentsOf } from './table/extent.ts';
import { tableText } from './table/text.ts';

const { overwrite, createFolders } = writeFrames.params.shape;

const params = z.strictObject({
  path: z.string().min(1, 'Expected where to write').meta({
    title: 'File',
    widget: 'save-sequence',
    description:
      'A pattern such as out/islands.<UDIM>.json, out/islands.%04d.json or out/islands.u<u>_v<v>.json. Several tiles need a token.',
  }),
  y: z.enum(['up', 'down']).default('up').meta({
    title: 'Green',
    description: 'What y_channel says of the normal map: up is +Y (OpenGL), down is -Y (DirectX).',
  }),
  idChannel: z.string().min(1).default('id').meta({
    title: 'Island channel',
    advanced: true,
    description: 'The channel of the image that holds the numbers of islands.',
  }),
  overwrite,
  createFolders,
});

export const table = defineNode({
  type: 'mesh.table',
  version: 1,
  title: 'Write chart table',
  doc: `Writes each tile's islands as a JSON file: { tile, uv_set, charts: [{ id, flip_u, flip_v, pixel_count, bbox_uv, bbox_px }], y_channel }. The frame is the number of the tile. The charts are those that lie on the tile or have pixels in the image, which Rasterize charts draws of the same mesh.

flip_u and flip_v say whether the texture runs against the surface; bbox_uv is the least u and v and the greatest of the whole island, as the mesh has them; bbox_px the first column and row and the last of its pixels, in pixels of the image, null where it has none. y_channel is +Y or -Y. The text is the same for the same input, one line an island. A file is whole or absent; an input is never written over.`,
  keywords: ['uv', 'udim', 'island', 'json', 'sidecar', 'save', 'output', 'list'],
  params,
  inputs: {
    image: image('The numbers of islands, from Rasterize charts.'),
    mesh: mesh('The mesh with charts of which it was made.'),
  },
  cosmetic: ['createFolders', 'overwrite'],
  summary: ({ path, y }) => `${path.slice(path.lastIndexOf('/') + 1)}, ${y === 'up' ? '+Y' : '-Y'}`,

  deliver: {
    plan: (ctx): Delivery => {
      const { inputs, params, report } = ctx;
      requireTile(ctx.frame, 'render the frame of one, such as 1001');
      const path = targetPath(ctx, 'json', (problem) => report(asTiles(params.path, problem, 'json')));
      if (!inputs.mesh.charts) {
        const message = `${inputs.mesh.source.file} comes without charts. Put Find charts between it and this node.`;
        report({ severity: 'error', code: 'mesh-no-charts', message });
      }
      const index = idPart(inputs.image, params.idChannel);
      const part = inputs.image.parts[index];
      if (!part) {
        report(missingIds(inputs.image, params.idChannel));
        return { path, pieces: [], written: { parts: [] }, changes: [] };
      }
      const channels = new Set([params.idChannel]);
      const on = { part, index, title: 'Write chart table', channels, types: ['uint'] as const, param: 'idChannel' };
      for (const problem of workProblems(on)) report(problem);
      const { kind, dataWindow, displayWindow } = part;
      const ids = part.channels.filter(({ name }) => channels.has(name));
      return {
        path,
        pieces: [{ part: 0, box: dataWindow, direct: false, data: {} }],
        written: { parts: [{ kind, dataWindow, displayWindow, channels: ids, attributes: [] }] },
        taken: [{ port: 'image', part: index, channels: [...channels] }],
        changes: [{ name: 'file', reason: 'written as a table of islands, JSON' }],
      };
    },

    pack: async ({ params, inputs, sources, frame }, { box }: Piece): Promise<Uint8Array[]> => {
      const part = idPart(inputs.image, params.idChannel);
      const planes = await sources.image.planes({ part, channels: [params.idChannel], box });
      const extents = extentsOf(planes.get(params.idChannel)!);
      const { charts, source } = inputs.mesh;
      const listed = listedCharts(charts!.charts, extents, frame, source.file);
      const text = tableText({ tile: frame, uvSet: charts!.uvSet, charts: listed, extents, y: params.y });
      return [new TextEncoder().encode(text)];
    },

    open: async ({ params }, { path }): Promise<DeliveryWriter> => {
      if (params.createFolders) makeFolder(dirname(path));
      const file = await OutputFile.create(path, { replace: params.overwrite === 'replace' });
      return {
        put: async (_, packed) => {
          for (const bytes of packed) await file.append(bytes);
        },
        finish: () => file.finish(new Uint8Array(0)),
        abort: () => file.abort(),
      };
    },
  },
});

const idPart = ({ parts }: ImageSpec, name: string): number =>
  parts.findIndex(({ channels }) => channels.some((c) => c.name === name));

function missingIds({ parts }: ImageSpec, name: string): NodeProblem {
  const found = listNames(parts.flatMap((part) => part.channels.map((c) => c.name)));
  const message = `Expected the numbers of islands in the channel ${name}, found ${found}. Connect Rasterize charts.`;
  return { severity: 'error', code: 'channel-unknown', message, where: { param: 'idChannel' } };
}

/** Those on the tile, and those that reach into it by less than counts and have pixels none the less. */
function listedCharts(
  charts: readonly Chart[],
  extents: ReadonlyMap<number, Extent>,
  tile: number,
  file: string,
): Chart[] {
  const wrong = (message: string): EngineError =>
    new EngineError('invalid', 'mesh-charts-mismatch', message, { param: 'idChannel' });
  const unknown = [...extents.keys()].find((id) => id > charts.length);
  if (unknown !== undefined) {
    const has = `has ${charts.length}`;
    throw wrong(
      `The image shows island ${unknown}, and ${file} ${has}. Draw it with Rasterize charts of the same mesh.`,
    );
  }
  const onTile = charts.filter((chart) => chart.tiles.includes(tile));
  if (extents.size > 0 && !onTile.some(({ id }) => extents.has(id))) {
    const shown = listNames([...extents.keys()].slice(0, 3).map(String));
    const way = 'Let the expression frame drive the tile of Rasterize charts.';
    throw wrong(`The image shows islands of another tile than ${tile}: ${shown}. ${way}`);
  }
  return charts.filter((chart) => onTile.includes(chart) || extents.has(chart.id));
}
