// Levels: one level of a mip or rip map read as the image, with windows to fit.
import {
  type Box,
  box,
  boxHeight,
  boxWidth,
  type ExrPart,
  type Level,
  type Loss,
  layoutOf,
  levelSize,
  type NodeProblem,
  type PartSpec,
  partLabel,
  storedAnew,
  type TileDescription,
} from '../../../engine/authoring.ts';

/** Numbers of a level across and down; those of a mip map are equal. */
export type LevelNumbers = readonly [x: number, y: number];

interface Context {
  report(problem: NodeProblem): void;
  lose(loss: Loss): void;
  found(parts: readonly PartSpec[]): void;
}

export const isFullLevel = ([x, y]: LevelNumbers): boolean => x === 0 && y === 0;

/**
 * The parts of a file at a level. Reports those that have no such level, and tells the ledger what is left out.
 *
 * OpenEXR has a level begin at the upper left corner of its part's data window, whatever its size. Were parts with different
 * corners left there, they would lie apart by distances of full resolution, and no display window would fit them all, as a
 * file wants it. So the level of the first part lies where OpenEXR has it, and corners of all others and of the display
 * window are nearer to its corner by as many halvings, rounded down to whole pixels: parts may be off by less than one
 * pixel of the level. The display window is rounded as the first part's levels are.
 */
export function partsAtLevel(
  ctx: Context,
  stored: readonly ExrPart[],
  parts: readonly PartSpec[],
  numbers: LevelNumbers,
): readonly PartSpec[] {
  if (isFullLevel(numbers)) return parts;
  ctx.found(parts);
  const [x, y] = numbers;
  const corner = parts[0]!.dataWindow;
  const rounding = parts[0]!.stored?.tiles?.rounding ?? 'down';
  return parts.map((part, index) => {
    const { levels } = layoutOf(stored[index]!);
    const level = levels.find((one) => one.x === x && one.y === y);
    if (!level || !part.stored?.tiles) {
      ctx.report(lacking(part, index, numbers, levels));
      return part;
    }
    const reason = `level ${x}, ${y} is read`;
    const loss = { port: '', part: index, reason } as const;
    ctx.lose({ ...loss, kind: 'window', name: 'dataWindow' });
    ctx.lose({ ...loss, kind: 'level', name: part.stored.tiles.levels });
    return {
      ...part,
      dataWindow: moved(level.box, shiftOf(part.dataWindow, corner, numbers)),
      displayWindow: reduced(part.displayWindow, corner, numbers, rounding),
      stored: storedAnew(part.stored),
    };
  });
}

function lacking(part: PartSpec, index: number, [x, y]: LevelNumbers, levels: readonly Level[]): NodeProblem {
  const last = levels.at(-1)!;
  const found = levels.length === 1 ? 'no other than the full one' : `those up to ${last.x}, ${last.y}`;
  return {
    severity: 'error',
    code: 'exr-level-missing',
    message: `${partLabel(part, index)} has no level ${x}, ${y}, but ${found}.`,
    where: { param: 'level', part: part.name ?? index },
    fixes: [
      { title: 'Read full resolution', set: { level: [0, 0] } },
      ...(levels.length === 1 ? [] : [{ title: `Read level ${last.x}, ${last.y}`, set: { level: [last.x, last.y] } }]),
    ],
  };
}

/** The display window at a level, as large as the level of a data window of its size. */
function reduced(display: Box, corner: Box, numbers: LevelNumbers, rounding: TileDescription['rounding']): Box {
  const { minX, minY } = display;
  const width = levelSize(boxWidth(display), numbers[0], rounding);
  const height = levelSize(boxHeight(display), numbers[1], rounding);
  return moved(box(minX, minY, minX + width - 1, minY + height - 1), shiftOf(display, corner, numbers));
}

/** Pixels across and down. */
type Shift = readonly [x: number, y: number];

/** What takes the corner of a window so much nearer to another one as a level is smaller. */
const shiftOf = ({ minX, minY }: Box, corner: Box, [x, y]: LevelNumbers): Shift => [
  corner.minX + Math.floor((minX - corner.minX) / 2 ** x) - minX,
  corner.minY + Math.floor((minY - corner.minY) / 2 ** y) - minY,
];

const moved = ({ minX, minY, maxX, maxY }: Box, [x, y]: Shift): Box => box(minX + x, minY + y, maxX + x, maxY + y);

/** Between where a file has the level of a part and where it lies in the image. */
export class LevelPlace {
  readonly #shift: Shift;

  constructor(stored: readonly ExrPart[], part: number, numbers: LevelNumbers) {
    this.#shift = shiftOf(stored[part]!.dataWindow, stored[0]!.dataWindow, numbers);
  }

  /** A region of the image as the file has it. */
  inFile(region: Box): Box {
    const [x, y] = this.#shift;
    return moved(region, [-x, -y]);
  }

  /** Samples of the file where they lie in the image. */
  inImage<T extends { readonly box: Box }>(samples: T): T {
    return { ...samples, box: moved(samples.box, this.#shift) };
  }
}
