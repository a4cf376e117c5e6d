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

/** The parts of a file at a level. Reports those that have no such level, and tells the ledger what is left out. */
export function partsAtLevel(
  ctx: Context,
  stored: readonly ExrPart[],
  parts: readonly PartSpec[],
  numbers: LevelNumbers,
): readonly PartSpec[] {
  if (isFullLevel(numbers)) return parts;
  ctx.found(parts);
  const [x, y] = numbers;
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
      dataWindow: level.box,
      displayWindow: reduced(part.displayWindow, part.dataWindow, numbers, part.stored.tiles.rounding),
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

/** The display window in the same proportion: levels keep the upper left corner of the data window. */
function reduced(display: Box, data: Box, [x, y]: LevelNumbers, rounding: TileDescription['rounding']): Box {
  const minX = data.minX + Math.floor((display.minX - data.minX) / 2 ** x);
  const minY = data.minY + Math.floor((display.minY - data.minY) / 2 ** y);
  const width = levelSize(boxWidth(display), x, rounding);
  const height = levelSize(boxHeight(display), y, rounding);
  return box(minX, minY, minX + width - 1, minY + height - 1);
}
