// Lint: attributes that say different things of the colours of a part, and what the container of ACES demands.
import {
  type AttributeSet,
  type Fix,
  findAttribute,
  type Json,
  partLabel,
  readTags,
  type Space,
  TAGS,
  withoutAttribute,
} from '../../../engine/authoring.ts';
import type { FilePlan } from './misread.ts';

const [CHROMATICITIES, ID, FLAG] = TAGS;

/** A part that is about to be written, with the attributes of the first one, whose flag and ID hold for it too. */
export function contradictions({ planned, report }: FilePlan, index: number, first: AttributeSet): void {
  const { spec, write } = planned[index]!;
  const tagged = readTags(spec.attributes, first);
  if (tagged.says !== 'space') return;
  const label = partLabel(spec, index);
  const { space, by, against } = tagged;
  const isContainer = by === FLAG;
  const others = new Map<string, string>();
  if (against) others.set(CHROMATICITIES, `${against.by} say ${against.space.title}`);
  const [own, shared] = [spec.attributes, first].map((set) => withoutAttribute(set, FLAG));
  const without = readTags(own!, shared!);
  if (isContainer && without.says === 'space' && without.space.name !== space.name && without.by !== CHROMATICITIES) {
    others.set(ID, `${without.by} says ${without.space.title}`);
  }
  if (others.size > 0) {
    const believed = isContainer ? FLAG : ID;
    const holder = findAttribute(spec.attributes, believed) ? index : 0;
    report({
      severity: 'warning',
      code: 'color-tags-disagree',
      message: `${label}: its attributes contradict each other. ${by} says ${space.title}, ${[...others.values()].join(', ')}. Set them right with Color convert or Set attribute.`,
      where: { part: spec.name ?? index },
      fixes: [
        setting(`Believe ${believed}: set ${[...others.keys()].join(' and ')} to ${space.title}`, [
          ...[...others.keys()].map((name) => ({ op: 'set', name, ...statementOf(name, space), part: index })),
        ]),
        setting(`Believe ${[...others.keys()].join(' and ')}: leave out ${believed}`, [
          { op: 'delete', name: believed, part: holder },
        ]),
      ],
    });
  }
  if (isContainer && write.compression !== 'none') {
    report({
      severity: 'warning',
      code: 'color-tags-disagree',
      message: `${label} says that it is a container of ACES (${FLAG}), which SMPTE ST 2065-4 has without compression, and would be written as ${write.compression}.`,
      where: { param: 'compression', part: spec.name ?? index },
      fixes: [{ title: 'Write none', set: { compression: 'none' } }],
    });
  }
}

/** What an attribute says of a space. The flag is believed of ACES2065-1 alone, which has an ID. */
function statementOf(name: string, { primaries, interopId }: Space): { readonly type: string; readonly value: Json } {
  if (name === ID) return { type: 'string', value: interopId! };
  const { red, green, blue, white } = primaries;
  return { type: 'chromaticities', value: { red: [...red], green: [...green], blue: [...blue], white: [...white] } };
}

const setting = (title: string, edits: Json): Fix => ({
  title,
  insert: { port: 'image', type: 'metadata.set', version: 1, params: { edits } },
});
