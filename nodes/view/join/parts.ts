// Views as parts: each part under its view, with a name that no other part has.
import {
  boxEquals,
  boxText,
  findAttribute,
  nameTrouble,
  type PartSpec,
  partLabel,
  passPart,
  SHARED_ATTRIBUTES,
  sameAttribute,
  VIEWS_ATTRIBUTE,
  withoutAttribute,
} from '../../../engine/authoring.ts';
import { type Context, refuse, type View } from './view.ts';

interface Entry {
  readonly view: View;
  readonly index: number;
  readonly part: PartSpec;
}

/** All parts of all views. */
export function joinParts(ctx: Context, views: readonly View[]): PartSpec[] {
  const entries = views.flatMap((view) => view.image.parts.map((part, index): Entry => ({ view, index, part })));
  checkShared(ctx, entries);
  const wanted = entries.map(({ part }) => part.name);
  const taken = new Set<string>();
  return entries.map(({ view, index, part }) => {
    const own = part.name || undefined;
    const alone = own !== undefined && wanted.filter((name) => name === own).length === 1;
    const name = alone ? own : own === undefined ? plainName(view, index) : `${own}.${view.name}`;
    const trouble = nameTrouble(name);
    if (trouble !== undefined) refuse(ctx, 'part-name', `The name of a part of view ${view.name} ${trouble}.`);
    else if (taken.has(name)) refuse(ctx, 'part-duplicate', `Two parts would be named ${name}. Rename one before.`);
    taken.add(name);
    tell(ctx, view, index, part, { name, view: view.name });
    const passed = passPart(part, view.port, index);
    return { ...passed, name, view: view.name, attributes: withoutAttribute(part.attributes, VIEWS_ATTRIBUTE) };
  });
}

const plainName = ({ name, image }: View, index: number): string =>
  image.parts.length === 1 ? name : `${name}.${index}`;

function tell(ctx: Context, { port }: View, index: number, part: PartSpec, now: { name: string; view: string }): void {
  const loss = { kind: 'attribute', port, part: index, replaced: true } as const;
  for (const field of ['name', 'view'] as const) {
    if (part[field] === undefined || part[field] === now[field]) continue;
    ctx.lose({ ...loss, name: field, reason: `changed to ${now[field]}` });
  }
  if (findAttribute(part.attributes, VIEWS_ATTRIBUTE)) {
    ctx.lose({ ...loss, name: VIEWS_ATTRIBUTE, reason: `the part states view ${now.view}` });
  }
}

/** Reports what OpenEXR demands to be the same in all parts and is not. */
function checkShared(ctx: Context, entries: readonly Entry[]): void {
  const first = entries[0]!;
  const advice = 'Make them equal before, or use Assemble parts, where you say whose value is taken.';
  for (const { view, index, part } of entries.slice(1)) {
    const label = `${partLabel(part, index)} of ${view.input}`;
    for (const name of SHARED_ATTRIBUTES) {
      if (name === 'displayWindow') {
        if (boxEquals(part.displayWindow, first.part.displayWindow)) continue;
        const message = `${label} has display window ${boxText(part.displayWindow)}, the first part ${boxText(first.part.displayWindow)}; all parts of a file have the same. ${advice}`;
        refuse(ctx, 'window-mismatch', message);
        continue;
      }
      const own = findAttribute(part.attributes, name);
      const common = findAttribute(first.part.attributes, name);
      if (own === undefined || (common !== undefined && sameAttribute(own, common))) continue;
      const message = `${label} has another ${name} than the first part; all parts of a file have the same. ${advice}`;
      refuse(ctx, 'attribute-conflict', message);
    }
  }
}
