// Places: where samples of the output lie in the input along each axis, windows that follow, and parts made of both.
import {
  type AxisMap,
  type Box,
  box,
  boxEquals,
  boxIsEmpty,
  boxText,
  type ImageSpec,
  type Loss,
  type NodeProblem,
  type PartSpec,
  passPart,
  recomputePart,
  workProblems,
} from '../../../engine/authoring.ts';

/** Where the output's pixels lie in the input. */
export interface Placement {
  readonly columns: AxisMap;
  readonly rows: AxisMap;
}

/** The edge of the output at an edge of the input, both counted from the near edge of sample 0. */
const outwards = ({ scale, offset, over }: AxisMap, edge: number): number =>
  (2 * (edge * over - offset) + scale) / (2 * scale);

/** Differences of edges less than this come from arithmetic in floating point. */
const HAIR = 1e-7;

function span(map: AxisMap, min: number, max: number): [number, number] {
  const ends = [outwards(map, min), outwards(map, max + 1)];
  const from = Math.floor(Math.min(...ends) + HAIR);
  return [from, Math.max(from, Math.ceil(Math.max(...ends) - HAIR) - 1)];
}

/** The window of the output in which an input's window lies, rounded outwards to whole pixels; empty for an empty one. */
export function placed(window: Box, { columns, rows }: Placement): Box {
  if (boxIsEmpty(window)) return window;
  const [minX, maxX] = span(columns, window.minX, window.maxX);
  const [minY, maxY] = span(rows, window.minY, window.maxY);
  return box(minX, minY, maxX, maxY);
}

/** The map under which samples from `first` on, `count` of them, become `made` samples from `start` on. */
export const stretch = (first: number, count: number, start: number, made: number): AxisMap => ({
  scale: 2 * count,
  offset: 2 * first * made + count - 2 * start * count,
  over: 2 * made,
});

const isSame = ({ scale, offset, over }: AxisMap): boolean => scale === over && 2 * offset === over;

/** True where samples are moved by whole pixels and no more. */
export const movesWhole = ({ columns, rows }: Placement): boolean =>
  [columns, rows].every(({ scale, offset, over }) => scale === over && Number.isInteger(offset / over - 0.5));

/** True where every sample stays where it is. */
export const staysPut = ({ columns, rows }: Placement): boolean => isSame(columns) && isSame(rows);

/** A part that a node moves: how, and the windows that it gets. */
export interface Move {
  /** Left out where columns and rows do not stay what they are. */
  readonly placement?: Placement;
  readonly dataWindow: Box;
  readonly displayWindow: Box;
}

export interface MoveContext {
  readonly inputs: { readonly image: ImageSpec };
  report(problem: NodeProblem): void;
  lose(loss: Loss): void;
}

/** The image with each part moved. A part whose samples and windows stay as they are is handed on untouched. */
export function movedImage(
  ctx: MoveContext,
  title: string,
  moveOf: (part: PartSpec, index: number) => Move,
): ImageSpec {
  const parts = ctx.inputs.image.parts.map((part, index): PartSpec => {
    const { placement, dataWindow, displayWindow } = moveOf(part, index);
    const put = placement !== undefined && staysPut(placement) && boxEquals(dataWindow, part.dataWindow);
    if (put) return { ...passPart(part, 'image', index), displayWindow };
    const names = new Set(part.channels.map((c) => c.name));
    const problems = workProblems({ part, index, title, channels: names, types: ['half', 'float', 'uint'] });
    for (const problem of problems) ctx.report(problem);
    const reason = `${title} moved it from ${boxText(part.dataWindow)}`;
    ctx.lose({ kind: 'window', port: 'image', part: index, name: 'dataWindow', reason, replaced: true });
    return { ...recomputePart(part, 'image', index, names), dataWindow, displayWindow };
  });
  return { ...ctx.inputs.image, parts };
}
