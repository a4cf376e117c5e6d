// The picture of a tile, before there are pixels: its windows and channels, and what is wrong with what it is made of.
import {
  type Box,
  box,
  boxHeight,
  boxWidth,
  type ChannelSpec,
  encodeAttribute,
  FULL_SAMPLING,
  type ImageSpec,
  type Loss,
  listNames,
  type Mesh,
  type NodeProblem,
  sortChannels,
} from '../../../engine/authoring.ts';

/** The numbers of islands, as Integrate normals and Normal decode look for them. */
export const ID = 'id';
/** 1 at the border of an island. */
export const BOUNDARY = 'boundary';
/** 1 where u is mirrored, 2 where v is. */
export const MIRROR = 'mirror';
/** What a texel is on the surface, in millimetres, as Integrate normals looks for it. */
export const METRIC = ['metric.uu', 'metric.vu', 'metric.vv'] as const;

export interface Params {
  readonly tile: number;
  readonly size: readonly [number, number];
  readonly mirror: boolean;
  readonly metric: boolean;
  readonly millimetres: number;
}

interface Context {
  readonly node: string;
  readonly params: Params;
  readonly inputs: { readonly mesh: Mesh; readonly image: ImageSpec | undefined };
  report(problem: NodeProblem): void;
  lose(loss: Loss): void;
}

/** The window of the pixels, and that of the whole tile. */
export function windowsOf({ size }: Params, image: ImageSpec | undefined): { readonly data: Box; readonly tile: Box } {
  const part = image?.parts[0];
  if (part) return { data: part.dataWindow, tile: part.displayWindow };
  const window = box(0, 0, size[0] - 1, size[1] - 1);
  return { data: window, tile: window };
}

/** How many millimetres a unit of the mesh is; undefined where nobody says. */
export const unitOf = ({ millimetres }: Params, { space }: Mesh): number | undefined =>
  millimetres > 0 ? millimetres : space.millimetres;

/** More pixels than these take more than a gigabyte for their ids. */
const MOST_PIXELS = 2 ** 28;

export function describeTile(ctx: Context): ImageSpec {
  const { node, params, inputs } = ctx;
  const { data, tile } = windowsOf(params, inputs.image);
  reportProblems(ctx, data);
  for (const [index, part] of (inputs.image?.parts ?? []).entries()) {
    const gone = { port: 'image', part: index, reason: 'only its size is taken' };
    for (const { name } of part.channels) ctx.lose({ ...gone, kind: 'channel', name, replaced: true });
    for (const { name } of part.attributes) ctx.lose({ ...gone, kind: 'attribute', name, cleared: true });
  }
  const channel = (name: string, type: ChannelSpec['type']): ChannelSpec => ({
    name,
    type,
    sampling: FULL_SAMPLING,
    pLinear: 0,
    origin: { from: 'computed' },
  });
  return {
    parts: [
      {
        kind: 'flat',
        dataWindow: data,
        displayWindow: tile,
        channels: sortChannels([
          channel(ID, 'uint'),
          channel(BOUNDARY, 'half'),
          ...(params.mirror ? [channel(MIRROR, 'uint')] : []),
          ...(params.metric ? METRIC.map((name) => channel(name, 'float')) : []),
        ]),
        attributes: [
          encodeAttribute('pixelAspectRatio', 'float', 1),
          encodeAttribute('screenWindowCenter', 'v2f', [0, 0]),
          encodeAttribute('screenWindowWidth', 'float', 1),
          { ...encodeAttribute('SourceMesh', 'string', inputs.mesh.source.file), source: node },
        ],
      },
    ],
  };
}

function reportProblems({ params, inputs, report }: Context, data: Box): void {
  const { charts, source } = inputs.mesh;
  if (!charts) {
    const message = `${source.file} comes without charts. Put Find charts before this node.`;
    report({ severity: 'error', code: 'mesh-no-charts', message });
    return;
  }
  const pixels = boxWidth(data) * boxHeight(data);
  if (pixels > MOST_PIXELS) {
    const message = `Expected at most ${MOST_PIXELS} pixels, found ${pixels}. Make the tile smaller.`;
    report({ severity: 'error', code: 'image-too-large', message, where: { param: 'size' } });
  }
  if (params.metric && unitOf(params, inputs.mesh) === undefined) {
    const message = `Expected ${source.file} to say how long its unit is, for millimetres; ${inputs.mesh.space.stated}. Say how many millimetres a unit is.`;
    const fixes = (
      [
        [1, 'a millimetre'],
        [10, 'a centimetre'],
        [1000, 'a metre'],
      ] as const
    ).map(([millimetres, name]) => ({ title: `A unit is ${name}`, set: { millimetres } }));
    report({ severity: 'error', code: 'mesh-unit-unknown', message, where: { param: 'millimetres' }, fixes });
  }
  if (charts.tiles.includes(params.tile)) return;
  const message = `No island of ${source.file} lies on the tile ${params.tile}, which stays empty; they lie on ${listNames(charts.tiles.map(String))}.`;
  const fixes = charts.tiles.slice(0, 4).map((tile) => ({ title: `Take the tile ${tile}`, set: { tile } }));
  report({ severity: 'warning', code: 'mesh-tile-empty', message, where: { param: 'tile' }, fixes });
}
