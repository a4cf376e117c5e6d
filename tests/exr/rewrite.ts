// Writes a file again from its samples, with parts changed on the way.
import { packChunk } from '../../engine/exr/chunk.ts';
import type { ExrFile } from '../../engine/exr/file.ts';
import type { WritePart } from '../../engine/exr/header.ts';
import { chunkPlace, layoutOf } from '../../engine/exr/layout.ts';
import { ExrWriter } from '../../engine/exr/writer.ts';
import { random } from '../base/random.ts';
import { unedited } from './corpus.ts';

/** Chunk indices in the order in which the part's line order has them in the file. */
function fileOrder(part: WritePart): number[] {
  const layout = layoutOf(part);
  const order = Array.from({ length: layout.chunkCount }, (_, index) => index);
  if (part.lineOrder === 'decreasing') {
    const row = (index: number): number => chunkPlace(layout, index).row;
    const level = (index: number): number => layout.levels.indexOf(chunkPlace(layout, index).level);
    return order.sort((a, b) => level(a) - level(b) || row(b) - row(a) || a - b);
  }
  if (part.lineOrder === 'random') {
    const { int } = random(3);
    for (let i = order.length - 1; i > 0; i--) {
      const other = int(0, i);
      [order[i], order[other]] = [order[other]!, order[i]!];
    }
  }
  return order;
}

/** Unpacks every level of every part and packs it again as `change` says. */
export async function rewrite(
  source: ExrFile,
  target: string,
  change: (part: WritePart) => WritePart,
  options: { readonly zipLevel: number } = { zipLevel: 1 },
): Promise<void> {
  const parts = unedited(source.header).map(change);
  const writer = await ExrWriter.create(target, parts, source.header);
  for (const [number, part] of parts.entries()) {
    const layout = layoutOf(part);
    for (const level of layout.levels) {
      const planes = source.readPart(number, { level });
      const end = level.firstChunk + level.columns * level.rows;
      for (const index of fileOrder(part)) {
        if (index < level.firstChunk || index >= end) continue;
        await writer.put(number, index, packChunk(part, index, planes, options));
      }
    }
  }
  await writer.finish();
}
