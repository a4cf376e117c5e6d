// What Erode and Dilate share: parameters, the description and the pixels; each is the other by a negative size.
import { z } from 'zod';
import {
  type Box,
  type Edge,
  extreme,
  type ImageSource,
  type ImageSpec,
  type NodeProblem,
  type PartSpec,
  type Plane,
  type Planes,
  type Want,
} from '../../../engine/authoring.ts';
import { changedImage, channelsParam, edgesParam, within } from '../choice/choice.ts';

const reach = z.int().min(-1000).max(1000);

export const extremeParams = (other: string, edges: 'black' | 'repeat') =>
  z.strictObject({
    size: z
      .tuple([reach, reach])
      .default([0, 0])
      .meta({
        title: 'Size',
        unit: 'px',
        description: `Whole pixels to each side, across and down. A negative number does what ${other} does in that direction.`,
      }),
    edges: edgesParam(edges),
    grow: z.boolean().default(false).meta({
      title: 'Grow window',
      description: 'Makes the data window larger by what dilating carries beyond it.',
    }),
    channels: channelsParam,
  });

export interface ExtremeParams {
  readonly size: readonly [number, number];
  readonly edges: Edge;
  readonly grow: boolean;
  readonly channels: readonly string[];
}

export const sizeText = ({ size: [x, y] }: ExtremeParams): string => `${x === y ? x : `${x}, ${y}`} px`;

/** The most rows that are looked at around a region. */
export const extremeMargin = ({ size }: ExtremeParams): number => Math.abs(size[1]);

interface Context {
  readonly params: ExtremeParams;
  readonly inputs: { readonly image: ImageSpec };
  report(problem: NodeProblem): void;
}

export interface Kind {
  readonly title: string;
  /** What a positive size looks for. */
  readonly which: 'least' | 'greatest';
}

const opposite = { least: 'greatest', greatest: 'least' } as const;

/** What is looked for in a direction of that size. */
const towards = ({ which }: Kind, size: number): Kind['which'] => (size < 0 ? opposite[which] : which);

export function describeExtreme(ctx: Context, kind: Kind): ImageSpec {
  const { size, grow } = ctx.params;
  const carried = size.map((s) => (grow && towards(kind, s) === 'greatest' ? Math.abs(s) : 0)) as [number, number];
  return changedImage(ctx, { title: kind.title, active: size.some((s) => s !== 0), grow: carried });
}

export interface Pulling {
  readonly params: ExtremeParams;
  readonly source: ImageSource;
  readonly part: PartSpec;
  readonly signal: AbortSignal;
}

export async function pullExtreme({ params, source, part, signal }: Pulling, want: Want, kind: Kind): Promise<Planes> {
  const { size, edges: edge } = params;
  const [across, down] = [Math.abs(size[0]), Math.abs(size[1])];
  const region = within(want.box, [across, down], part.dataWindow);
  const planes = await source.planes({ ...want, box: region });
  return new Map(
    want.channels.map((name): [string, Plane] => {
      signal.throwIfAborted();
      const plane = planes.get(name)!;
      const [first, second] = [towards(kind, size[0]), towards(kind, size[1])];
      if (first === second || across === 0 || down === 0) {
        const which = across === 0 ? second : first;
        return [name, extreme(plane, which, { reach: [across, down], edge, into: want.box })];
      }
      const rows = within(want.box, [0, down], fullWidth(part.dataWindow, want.box));
      const between = extreme(plane, first, { reach: [across, 0], edge, into: rows });
      return [name, extreme(between, second, { reach: [0, down], edge, into: want.box })];
    }),
  );
}

/** The rows of a window with the columns of a region. */
const fullWidth = ({ minY, maxY }: Box, { minX, maxX }: Box): Box => ({ minX, minY, maxX, maxY });
