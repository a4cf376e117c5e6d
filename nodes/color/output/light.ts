// What the numbers of a part are, as far as a viewer has to know: light, and how it becomes ACEScg, or codes already.
import {
  convertPrimaries,
  type ImageSpec,
  PRIMARIES,
  readTags,
  SPACES,
  type Space,
} from '../../../engine/authoring.ts';

export interface PartLight {
  /** The space that the part is taken to be in. */
  readonly title: string;
  /** False where its tags do not say: it is then taken for linear Rec.709, as OpenEXR has it. */
  readonly stated: boolean;
  /** From its numbers to linear ACEScg, nine numbers row by row; none where they are codes or data and no light. */
  readonly toAcescg: readonly number[];
}

const matrixOf = ({ primaries, encoding }: Space): readonly number[] =>
  encoding ? [] : (convertPrimaries(primaries, PRIMARIES.ap1, 'bradford') ?? []);

export function lightOf({ parts }: ImageSpec, index: number): PartLight {
  const tagged = readTags(parts[index]!.attributes, parts[0]!.attributes);
  if (tagged.says === 'data') return { title: 'data', stated: true, toAcescg: [] };
  const space = tagged.says === 'space' ? tagged.space : SPACES.lin_rec709_scene;
  return { title: space.title, stated: tagged.says === 'space', toAcescg: matrixOf(space) };
}
