// Images for tests of Set attribute, and the node described with edits.
import { decodeAttribute, type ImageSpec, REQUIRED_ATTRIBUTES } from '../../engine/authoring.ts';
import { set } from '../../nodes/metadata/set.ts';
import { attribute, blob, describeNode, part, picture, text } from './spec-builder.ts';

export const image = picture(
  part({
    attributes: [
      text('owner', 'Vera'),
      attribute('gain', 'float', 0.5),
      blob('odd', 1, 2, 3),
      attribute('timeCode', 'timecode', { time: '01:02:03:04' }),
      attribute('notes', 'stringvector', ['a', 'b']),
    ],
  }),
);
export const utility = picture(part({ attributes: [text('owner', 'Uma'), text('shot', 'sh010'), blob('weird', 9)] }));
const strange = picture(part({ attributes: [text('nuke/a:b.c', 'deep')] }));
export type Edits = readonly Record<string, unknown>[];
/** Describes Set attribute with some edits. */
export const run = (
  edits: Edits,
  main: ImageSpec = image,
  others: Readonly<Record<string, ImageSpec>> = { utility, strange },
) => describeNode(set, { edits }, { image: main, others });
/** The values of a part's attributes by name, but for those that every part has; bytes where the type is unknown. */
export const values = (spec: ImageSpec, index = 0): Record<string, unknown> =>
  Object.fromEntries(
    spec.parts[index]!.attributes.filter((a) => !Object.hasOwn(REQUIRED_ATTRIBUTES, a.name)).map((a) => [
      a.name,
      decodeAttribute(a) ?? [...a.bytes],
    ]),
  );
export const kept = values(image);
