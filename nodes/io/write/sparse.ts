// Channels with fewer samples than pixels: which layouts cannot hold them.
import { listNames, type NodeProblem, type PartSpec, partLabel, type WritePart } from '../../../engine/authoring.ts';
import { asksLevels, type Planned, type StorageParams } from './storage.ts';

/** The names of channels that have no sample at some pixels. */
export const sparseChannels = ({ channels }: Pick<WritePart, 'channels'>): string[] =>
  channels.filter(({ sampling: { x, y } }) => x !== 1 || y !== 1).map(({ name }) => name);

/** The error of a part with such channels for which tiles, or levels, are asked: OpenEXR has neither (ImfHeader.cpp). */
export function sparseProblems(
  part: PartSpec,
  index: number,
  { write }: Planned,
  params: Pick<StorageParams, 'levels'>,
): NodeProblem[] {
  const names = sparseChannels(write);
  const leveled = asksLevels(params);
  if (names.length === 0 || (!write.tiles && !leveled)) return [];
  const are = names.length === 1 ? 'is' : 'are';
  const [advice, title] = write.tiles
    ? ['Write scan lines', leveled ? 'Write scan lines without levels' : 'Write scan lines']
    : ['Write no levels', 'Write no levels'];
  return [
    {
      severity: 'error',
      code: 'exr-cannot-write',
      message: `${partLabel(part, index)}: OpenEXR has channels with fewer samples than pixels in scan lines alone, and ${listNames(names)} ${are} such. ${advice}, or make R, G, B of them with Luminance-chroma to RGB.`,
      where: { param: write.tiles ? 'layout' : 'levels', part: part.name ?? index },
      fixes: [
        { title, set: { ...(write.tiles ? { layout: 'scanlines' } : {}), ...(leveled ? { levels: 'keep' } : {}) } },
      ],
    },
  ];
}
