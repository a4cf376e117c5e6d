// Views: the eyes or cameras that one part holds side by side, and how the names of its channels tell them apart.
import { ByteReader } from '../base/bytes.ts';
import { decodeTexts } from '../base/text.ts';
import type { AttributeSet } from './attribute.ts';
import { layeredName } from './parts.ts';
import type { PartSpec } from './spec.ts';

/** The attribute in which one part names its views, the default one first: a stringvector. */
export const VIEWS_ATTRIBUTE = 'multiView';

/**
 * The views that a part names in `multiView`, the default one first (OpenEXR, "Storing Multi-View Images"); none where
 * it has no such attribute or one of another form.
 */
export function viewsIn(attributes: AttributeSet): readonly string[] {
  const attribute = attributes.find(({ name }) => name === VIEWS_ATTRIBUTE);
  if (attribute?.type !== 'stringvector') return [];
  try {
    return [...new Set(decodeTexts(new ByteReader(attribute.bytes)))];
  } catch {
    return []; // bytes that are no list of texts name no view
  }
}

/**
 * The view that a channel belongs to, by its name: the default one where the name has no dot, else what stands before
 * its last piece where that is a view. Undefined for channels that belong to no view, such as `disparityL.x`.
 */
export function viewOf(channel: string, views: readonly string[]): string | undefined {
  const pieces = channel.split('.');
  if (pieces.length === 1) return views[0];
  const piece = pieces.at(-2)!;
  return views.includes(piece) ? piece : undefined;
}

/** The name of a channel of a view beside others: `R` of the default view stays, `spec.R` becomes `spec.left.R`. */
export function nameAmongViews(channel: string, view: string, standing: 'default' | 'other'): string {
  const at = channel.lastIndexOf('.') + 1;
  return at === 0 && standing === 'default' ? channel : `${channel.slice(0, at)}${view}.${channel.slice(at)}`;
}

/** The name of a channel of a view where there is no other: `spec.left.R` becomes `spec.R`. */
export function nameAlone(channel: string, view: string): string {
  const pieces = channel.split('.');
  return pieces.length > 1 && pieces.at(-2) === view ? pieces.toSpliced(-2, 1).join('.') : channel;
}

/** What a channel of a part is in its view. */
export interface InView {
  /** The view that its name says, or else that of the part; undefined where it belongs to none. */
  readonly view: string | undefined;
  /** Its name where there is no other view. */
  readonly alone: string;
  /** That name with its layer: that which it has, or else that of the part. */
  readonly layered: string;
}

/**
 * Tells of each channel of a part, by name, what it is in its view. In a part that states a view and names some in `multiView`
 * too, names without a dot are of the stated one.
 */
export function inViews(part: Pick<PartSpec, 'name' | 'view' | 'attributes'>): (channel: string) => InView {
  const views = viewsIn(part.attributes);
  return (channel) => {
    const isOfPart = part.view !== undefined && !channel.includes('.');
    const named = isOfPart ? undefined : viewOf(channel, views);
    const alone = named === undefined ? channel : nameAlone(channel, named);
    return { view: named ?? part.view, alone, layered: layeredName(alone, part) };
  };
}
