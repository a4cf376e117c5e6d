// Taking samples at new places: asks for the region that they are made of, and weighs it.
import {
  type Axes,
  type Axis,
  type AxisMap,
  box,
  createPlane,
  type ImageSource,
  onePass,
  type PartSpec,
  type Plane,
  type Planes,
  regionOf,
  resamplePlane,
  type Span,
  stretched,
  type Want,
} from '../../../engine/authoring.ts';
import { chosenFilter, type SamplingParams } from './params.ts';
import { movesWhole, type Placement } from './place.ts';

export interface Taking {
  readonly source: ImageSource;
  /** The part of the input. */
  readonly part: PartSpec;
  readonly placement: Placement;
  readonly params: SamplingParams;
  /** Channels that take the nearest sample. */
  readonly nearest: ReadonlySet<string>;
  readonly signal: AbortSignal;
}

/** The planes of a want, each in its channel's own type. Samples that are moved by whole pixels are copied. */
export async function takeSamples(taking: Taking, want: Want): Promise<Planes> {
  const { part, nearest } = taking;
  const channels = part.channels.filter((c) => want.channels.includes(c.name));
  const whole = movesWhole(taking.placement);
  const near = channels.filter((c) => whole || nearest.has(c.name)).map((c) => c.name);
  const mixed = channels.filter((c) => !near.includes(c.name)).map((c) => c.name);
  return new Map([
    ...(await takeMixed(taking, { ...want, channels: mixed })),
    ...(await takeNearest(taking, { ...want, channels: near })),
  ]);
}

async function takeMixed({ source, part, placement, params, signal }: Taking, want: Want): Promise<[string, Plane][]> {
  if (want.channels.length === 0) return [];
  const { dataWindow: window } = part;
  const axis = (map: AxisMap, wanted: Span, bounds: Span): Axis => {
    const filter = stretched(chosenFilter(params), Math.max(1, Math.abs(map.scale / map.over)));
    return onePass({ wanted, bounds, map, filter, edge: params.edges });
  };
  const axes: Axes = {
    columns: axis(
      placement.columns,
      { from: want.box.minX, to: want.box.maxX },
      { from: window.minX, to: window.maxX },
    ),
    rows: axis(placement.rows, { from: want.box.minY, to: want.box.maxY }, { from: window.minY, to: window.maxY }),
  };
  const planes = await source.planes({ ...want, box: regionOf(axes) });
  return want.channels.map((name): [string, Plane] => {
    signal.throwIfAborted();
    return [name, resamplePlane(planes.get(name)!, axes, want.box)];
  });
}

/** Zeros for every channel. */
const emptyPlanes = (part: PartSpec, want: Want): [string, Plane][] =>
  want.channels.map((name) => [name, createPlane(part.channels.find((c) => c.name === name)!.type, want.box)]);

/** For each wanted sample the source sample in which its centre lies; -1 for none. */
function nearestPlaces({ scale, offset, over }: AxisMap, wanted: Span, bounds: Span, edges: SamplingParams['edges']) {
  const places: number[] = [];
  for (let o = wanted.from; o <= wanted.to; o++) {
    const at = Math.floor((scale * o + offset) / over);
    const inside = Math.min(Math.max(at, bounds.from), bounds.to);
    places.push(inside === at || edges === 'repeat' ? inside : Number.NaN);
  }
  // They go one way, up or down.
  const real = places.filter((p) => !Number.isNaN(p));
  const [first = 0, last = -1] = [real[0], real.at(-1)];
  return { places, from: Math.min(first, last), to: real.length > 0 ? Math.max(first, last) : -Infinity };
}

async function takeNearest(
  { source, part, placement, params, signal }: Taking,
  want: Want,
): Promise<[string, Plane][]> {
  if (want.channels.length === 0) return [];
  const { minX, minY, maxX, maxY } = part.dataWindow;
  const columns = nearestPlaces(
    placement.columns,
    { from: want.box.minX, to: want.box.maxX },
    { from: minX, to: maxX },
    params.edges,
  );
  const rows = nearestPlaces(
    placement.rows,
    { from: want.box.minY, to: want.box.maxY },
    { from: minY, to: maxY },
    params.edges,
  );
  if (columns.to < columns.from || rows.to < rows.from) return emptyPlanes(part, want);
  const region = box(columns.from, rows.from, columns.to, rows.to);
  const planes = await source.planes({ ...want, box: region });
  return want.channels.map((name): [string, Plane] => {
    signal.throwIfAborted();
    const plane = planes.get(name)!;
    const target = createPlane(plane.type, want.box);
    let i = 0;
    for (const y of rows.places) {
      const row = (y - rows.from) * plane.columns - columns.from;
      // Nothing is found at a place that is no number, and nothing is 0.
      for (const x of columns.places) target.samples[i++] = plane.samples[row + x] ?? 0;
    }
    return [name, target];
  });
}
