// Rasterize charts: which island each pixel of a tile belongs to, and where islands end.
import { z } from 'zod';
import {
  boxHeight,
  boxWidth,
  defineNode,
  FULL_SAMPLING,
  mesh,
  optionalImage,
  type Plane,
  type Samples,
  type SampleType,
} from '../../engine/authoring.ts';
import { BOUNDARY, describeTile, ID, METRIC, MIRROR, unitOf, windowsOf } from './rasterize/describe.ts';
import { edgesOf } from './rasterize/edge.ts';
import { metricAt, metricOf } from './rasterize/metric.ts';
import { type Canvas, idsOf, paintFaces } from './rasterize/paint.ts';
import { tilePlace } from './tile/tile.ts';

const edge = z.int().min(1).max(65_536);
const HALF_ONE = 0x3c00;

export const rasterize = defineNode({
  type: 'mesh.rasterize',
  version: 1,
  title: 'Rasterize charts',
  doc: `Draws the islands of one UDIM tile as the channels that Integrate normals and Normal decode read: id, a uint, is the number of the island, 0 where there is none; boundary is 1 at pixels of an island that have a neighbour which is not of it; mirror is 1 on islands mirrored across, 2 on those mirrored down. With Metric the floats metric.uu, metric.vu and metric.vv say what a texel of this tile is on the surface, in millimetres: slopes s and t of a tangent-space map are rises of s · uu for a texel across and s · vu + t · vv for one up, by the face that the pixel lies on.

A pixel belongs to the island that covers its centre. Pixels whose centres are free belong to an island that reaches at least 1/256 pixel into them, so that no island loses its edge. Of several islands the one with the least number takes a pixel. The upper left corner of the picture is u = 0, v = 1 of the tile; with a reference image the tile fills its display window and the picture has its data window. Where the expression frame drives the tile, a run makes one tile a frame. The attribute SourceMesh is the name of the mesh's file. There is no such node in Nuke or Gaffer.`,
  keywords: ['uv', 'udim', 'mask', 'island', 'id', 'bake', 'boundary'],
  params: z.strictObject({
    tile: z
      .int()
      .min(1001)
      .max(9999)
      .default(1001)
      .meta({ title: 'Tile', description: 'The number of the UDIM tile.' }),
    size: z.tuple([edge, edge]).default([1024, 1024]).meta({
      title: 'Size',
      unit: 'px',
      description: 'Width and height of the tile, where no reference image gives them.',
    }),
    mirror: z.boolean().default(true).meta({
      title: 'Mirror channel',
      description:
        'Adds the channel by which Normal decode turns mirrored islands. Switch it off for maps baked in a tangent space that follows the texture on mirrored islands too, as MikkTSpace does.',
    }),
    metric: z.boolean().default(false).meta({
      title: 'Metric',
      description:
        'Adds the channels by which Integrate normals makes heights in millimetres. They hold for maps baked in MikkTSpace or alike, of which x runs along u on the surface and y stands upright on it.',
    }),
    millimetres: z.number().min(0).max(1e6).default(0).meta({
      title: 'Millimetres a unit',
      description: 'How long a unit of the mesh is, for Metric; 0 is as its file says, which OBJ does not.',
    }),
  }),
  inputs: {
    mesh: mesh('A mesh with charts, from Find charts.'),
    image: optionalImage('An image of which the size is taken, such as the normal map.'),
  },
  access: 'frame',
  summary: ({ tile, size }) => `${tile}, ${size.join(' × ')}`,

  spec: (ctx) => describeTile(ctx),

  async pull({ params, inputs, signal }, want) {
    const { charts, uvSets } = inputs.mesh;
    const { box } = want;
    const { tile } = windowsOf(params, inputs.image);
    const canvas: Canvas = {
      columns: boxWidth(box),
      rows: boxHeight(box),
      width: boxWidth(tile),
      height: boxHeight(tile),
      left: tile.minX - box.minX,
      top: tile.minY - box.minY,
      tile: tilePlace(params.tile),
    };
    const set = uvSets.find(({ name }) => name === charts!.uvSet)!;
    const owners = await paintFaces(set.coordinates, charts!.faceCharts, canvas, signal);
    const metric = METRIC.filter((name) => want.channels.includes(name));
    const ids = idsOf(owners, charts!.faceCharts, metric.length > 0 ? new Uint32Array(owners.length) : owners);
    const { columns, rows } = canvas;
    const plane = (type: SampleType, samples: Samples): Plane => {
      return { type, box, sampling: FULL_SAMPLING, columns, rows, samples };
    };
    const planes = new Map<string, Plane>([[ID, plane('uint', ids)]]);
    if (want.channels.includes(BOUNDARY)) {
      const edges = new Uint16Array(edgesOf(ids, columns, rows));
      for (let i = 0; i < edges.length; i++) edges[i]! *= HALF_ONE;
      planes.set(BOUNDARY, plane('half', edges));
    }
    if (want.channels.includes(MIRROR)) {
      const sides = charts!.charts.map(({ flipU, flipV }) => (flipU ? 1 : 0) + (flipV ? 2 : 0));
      const byId = Uint32Array.from([0, ...sides]);
      const mirror = new Uint32Array(ids.length);
      if (sides.some((side) => side > 0)) for (let i = 0; i < mirror.length; i++) mirror[i] = byId[ids[i]!]!;
      planes.set(MIRROR, plane('uint', mirror));
    }
    if (metric.length > 0) {
      const faces = metricOf(inputs.mesh, set.coordinates, canvas, unitOf(params, inputs.mesh)!);
      for (const name of metric) {
        signal.throwIfAborted();
        planes.set(name, plane('float', metricAt(owners, faces, METRIC.indexOf(name))));
      }
    }
    return planes;
  },
});
