// Lint of pictures: numbers that are no picture, and a format that would change them. Warnings only.
import {
  EXACT_ROLES,
  type ImageSpec,
  listNames,
  type NodeProblem,
  partLabel,
  rolesOf,
} from '../../../engine/authoring.ts';
import { type Choice, TITLES } from './choice.ts';
import type { Params } from './params.ts';

/** Tells of depth, normals, vectors and ids that losses would spoil. That 8 and 16 bits round them is what was asked for. */
export function lintPicture(
  { format, part, index, channels }: Choice,
  params: Params,
  { parts }: ImageSpec,
  report: (problem: NodeProblem) => void,
): void {
  if (format !== 'jpeg' && (format !== 'webp' || params.lossless)) return;
  const roles = rolesOf(part, parts[0]!.attributes);
  const spoilt = channels.map(({ name }) => name).filter((name) => EXACT_ROLES.has(roles.get(name)!));
  if (spoilt.length === 0) return;
  report({
    severity: 'warning',
    code: 'lossy-data',
    message: `${partLabel(part, index)}: ${TITLES[format]} would change the numbers of ${listNames(spoilt)}, which are no picture. Write PNG or TIFF, which keep what their bits hold.`,
    where: { param: format === 'webp' ? 'lossless' : 'format', part: part.name ?? index, channel: spoilt[0]! },
    fixes: format === 'webp' ? [{ title: 'Write without losses', set: { lossless: true } }] : [pngOf(params)],
  });
}

const pngOf = ({ path }: Params): NonNullable<NodeProblem['fixes']>[number] => ({
  title: 'Write PNG',
  set: { format: 'png', path: path.replace(/\.jpe?g$/i, '.png') },
});
