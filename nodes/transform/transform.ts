// Transform: moves, turns, scales and skews the image about a point.
import { z } from 'zod';
import {
  type Affine,
  type Box,
  box,
  boxHeight,
  boxIsEmpty,
  boxWidth,
  createPlane,
  defineNode,
  gather,
  gatherRegion,
  type ImageSource,
  image,
  type PartSpec,
  type Plane,
  type Planes,
  type Want,
} from '../../engine/authoring.ts';
import { chosenFilter, nearestIn, samplingParams } from './sampling/params.ts';
import { type Move, movedImage, type Placement, placed } from './sampling/place.ts';
import { takeSamples } from './sampling/take.ts';

const offset = z.number().min(-1_000_000).max(1_000_000);
const factor = z
  .number()
  .min(-100)
  .max(100)
  .refine((value) => Math.abs(value) >= 0.001, 'Expected a factor that is not 0');
const lean = z.number().min(-10).max(10);
const { edges, ...sampling } = samplingParams('catmull-rom');

const params = z.strictObject({
  translate: z
    .tuple([offset, offset])
    .default([0, 0])
    .meta({ title: 'Translate', unit: 'px', description: 'To the right and down, last of all.' }),
  rotate: z.number().min(-36_000).max(36_000).default(0).meta({
    title: 'Rotate',
    unit: '°',
    description: 'Degrees to the left, against the clock, after skewing.',
    widget: 'slider',
    min: -180,
    max: 180,
    step: 0.1,
  }),
  scale: z
    .tuple([factor, factor])
    .default([1, 1])
    .meta({ title: 'Scale', description: 'Of width and height, first of all. Negative numbers mirror.' }),
  skew: z.tuple([lean, lean]).default([0, 0]).meta({
    title: 'Skew',
    description:
      'How far columns lean to the right for each pixel up, and rows up for each pixel to the right, after scaling.',
    advanced: true,
  }),
  centre: z.tuple([offset, offset]).default([0, 0]).meta({
    title: 'Centre',
    unit: 'px',
    description: 'The point that stays, to the right of and below the middle of the display window.',
  }),
  ...sampling,
  edges: edges.default('black').meta({
    title: 'Edges',
    description:
      'What lies outside the data window for the filter: black, which softens its edges, or its outermost samples.',
  }),
});

type Params = z.output<typeof params>;

/** A square pixel may not become less than this by skewing. */
const LEAST_AREA = 1e-4;

export const transform = defineNode({
  type: 'transform.transform',
  version: 1,
  title: 'Transform',
  doc: "Scales, skews, turns and then moves all channels of every part about a point: the order of Nuke's Transform. Places are those of OpenEXR: y goes down, while Nuke's goes up; turning is against the clock in both. The display window stays; the data window is the smallest that holds the moved one. A move by whole pixels alone copies samples bit for bit. Otherwise each sample is weighed by the filter, wider where the image becomes smaller; when it turns or leans, weights are right within a millionth. Outside of the data window there is black, so edges are smooth, as after Nuke's Black outside. Sample types stay as they are; whole numbers and Cryptomattes take the nearest sample. Alpha is treated like any other channel, so colours should be premultiplied.",
  keywords: ['move', 'translate', 'rotate', 'scale', 'skew', 'shear', 'position', 'mirror', 'flip', 'pan', 'tilt'],
  params,
  inputs: { image: image('The image to transform.') },
  // How far rows lie apart in the source depends on the width, which is not known here.
  access: (params) => ({ margin: isStraight(params) ? 3 : 170 }),
  summary: (params) => said(params).join(', ') || 'nothing',

  spec(ctx) {
    const [leanX, leanY] = ctx.params.skew;
    if (Math.abs(1 - leanX * leanY) < LEAST_AREA) {
      const message = `Skews of ${leanX} and ${leanY} press the image flat. Change one of them.`;
      ctx.report({ severity: 'error', code: 'param-invalid', message, where: { param: 'skew' } });
      return ctx.inputs.image;
    }
    return movedImage(ctx, 'Transform', (part) => moved(part, ctx.params));
  },

  async pull({ params, inputs, sources, signal }, want) {
    const part = inputs.image.parts[want.part]!;
    const taking = { source: sources.image, part, params, nearest: nearestIn(params, inputs.image, want.part), signal };
    if (isStraight(params)) return takeSamples({ ...taking, placement: straight(part, params) }, want);
    return turned(taking, want);
  },
});

function said({ translate, rotate, scale, skew }: Params): string[] {
  const pair = ([x, y]: readonly [number, number]): string => (x === y ? `${x}` : `${x}, ${y}`);
  return [
    ...(scale[0] === 1 && scale[1] === 1 ? [] : [`× ${pair(scale)}`]),
    ...(skew[0] === 0 && skew[1] === 0 ? [] : [`skew ${pair(skew)}`]),
    ...(rotate === 0 ? [] : [`${rotate}°`]),
    ...(translate[0] === 0 && translate[1] === 0 ? [] : [`by ${translate.join(', ')} px`]),
  ];
}

/** Columns stay columns, and rows stay rows. */
const isStraight = ({ rotate, skew }: Params): boolean => rotate % 180 === 0 && skew[0] === 0 && skew[1] === 0;

/** The point that stays. */
function centreOf({ displayWindow: d }: PartSpec, { centre }: Params): [number, number] {
  return [d.minX + boxWidth(d) / 2 + centre[0], d.minY + boxHeight(d) / 2 + centre[1]];
}

function straight(part: PartSpec, params: Params): Placement {
  const centre = centreOf(part, params);
  const half = params.rotate % 360 === 0 ? 1 : -1;
  const [columns, rows] = ([0, 1] as const).map((i) => {
    const scale = 1 / (params.scale[i] * half);
    const [middle, by] = [centre[i], params.translate[i]];
    return { scale, offset: scale === 1 ? 0.5 - by : middle + (0.5 - middle - by) * scale, over: 1 };
  });
  return { columns: columns!, rows: rows! };
}

/** Sine and cosine, exact where they are whole. */
function direction(degrees: number): [sine: number, cosine: number] {
  const quarters = degrees / 90;
  if (Number.isInteger(quarters)) {
    const quarter = ((quarters % 4) + 4) % 4;
    return [[0, 1, 0, -1][quarter]!, [1, 0, -1, 0][quarter]!];
  }
  const radians = (degrees * Math.PI) / 180;
  return [Math.sin(radians), Math.cos(radians)];
}

/** Where a place of the image comes to lie. */
function forth(part: PartSpec, params: Params): Affine {
  const [sine, cosine] = direction(params.rotate);
  const [scaleX, scaleY] = params.scale;
  const [leanX, leanY] = params.skew;
  // Rows go down, so that what goes up has its sign turned.
  const [xx, xy] = [(cosine - sine * leanY) * scaleX, (sine - cosine * leanX) * scaleY];
  const [yx, yy] = [(-sine - cosine * leanY) * scaleX, (cosine + sine * leanX) * scaleY];
  const [x, y] = centreOf(part, params);
  const [byX, byY] = params.translate;
  return { xx, xy, x0: x + byX - (xx * x + xy * y), yx, yy, y0: y + byY - (yx * x + yy * y) };
}

const areaOf = ({ xx, xy, yx, yy }: Affine): number => xx * yy - xy * yx;

/** The way back. */
function inverse(map: Affine): Affine {
  const area = areaOf(map);
  const [xx, xy, yx, yy] = [map.yy / area, -map.xy / area, -map.yx / area, map.xx / area];
  return { xx, xy, yx, yy, x0: -(xx * map.x0 + xy * map.y0), y0: -(yx * map.x0 + yy * map.y0) };
}

/** Differences of edges less than this come from arithmetic in floating point. */
const HAIR = 1e-7;

/** The smallest window that holds a window when it has been moved. */
function around({ minX, minY, maxX, maxY }: Box, map: Affine): Box {
  const corners = [minX, maxX + 1].flatMap((x) => [minY, maxY + 1].map((y) => [x, y] as const));
  const xs = corners.map(([x, y]) => map.xx * x + map.xy * y + map.x0);
  const ys = corners.map(([x, y]) => map.yx * x + map.yy * y + map.y0);
  const [left, top] = [Math.floor(Math.min(...xs) + HAIR), Math.floor(Math.min(...ys) + HAIR)];
  const [right, bottom] = [Math.ceil(Math.max(...xs) - HAIR) - 1, Math.ceil(Math.max(...ys) - HAIR) - 1];
  return box(left, top, Math.max(left, right), Math.max(top, bottom));
}

function moved(part: PartSpec, params: Params): Move {
  const { dataWindow, displayWindow } = part;
  if (isStraight(params)) {
    const placement = straight(part, params);
    return { placement, dataWindow: placed(dataWindow, placement), displayWindow };
  }
  return { dataWindow: boxIsEmpty(dataWindow) ? dataWindow : around(dataWindow, forth(part, params)), displayWindow };
}

interface Turning {
  readonly source: ImageSource;
  readonly part: PartSpec;
  readonly params: Params;
  readonly nearest: ReadonlySet<string>;
  readonly signal: AbortSignal;
}

async function turned({ source, part, params, nearest, signal }: Turning, want: Want): Promise<Planes> {
  const back = inverse(forth(part, params));
  const gathering = { back, filter: chosenFilter(params), bounds: part.dataWindow, edge: params.edges, into: want.box };
  const region = gatherRegion(gathering);
  const channels = part.channels.filter((c) => want.channels.includes(c.name));
  if (boxIsEmpty(region)) return new Map(channels.map((c) => [c.name, createPlane(c.type, want.box)]));
  const planes = await source.planes({ ...want, channels: channels.map((c) => c.name), box: region });
  signal.throwIfAborted();
  const mixed = channels.filter((c) => !nearest.has(c.name)).map((c) => c.name);
  const made = gather(
    mixed.map((name) => planes.get(name)!),
    gathering,
  );
  const near = channels.filter((c) => nearest.has(c.name));
  return new Map([
    ...mixed.map((name, i): [string, Plane] => [name, made[i]!]),
    ...near.map(({ name }): [string, Plane] => [name, nearestOf(planes.get(name)!, back, want.box)]),
  ]);
}

/** The sample in which each place lies; 0 outside. The plane holds all that there are within reach. */
function nearestOf(plane: Plane, back: Affine, into: Box): Plane {
  const target = createPlane(plane.type, into);
  const { minX, minY } = plane.box;
  let i = 0;
  for (let y = into.minY; y <= into.maxY; y++) {
    for (let x = into.minX; x <= into.maxX; x++) {
      const u = Math.floor(back.xx * (x + 0.5) + (back.xy * (y + 0.5) + back.x0)) - minX;
      const v = Math.floor(back.yx * (x + 0.5) + (back.yy * (y + 0.5) + back.y0)) - minY;
      const inside = u >= 0 && v >= 0 && u < plane.columns && v < plane.rows;
      target.samples[i++] = inside ? plane.samples[v * plane.columns + u]! : 0;
    }
  }
  return target;
}
