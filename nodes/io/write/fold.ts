// The names that Nuke gives to the channels of a file: which it takes for one, and of which it cuts something off.
import { type AttributeSet, decodeAttribute, findAttribute, viewsIn } from '../../../engine/authoring.ts';

/** A part as far as the names of its channels go. */
export interface NamedPart {
  readonly name?: string;
  readonly view?: string;
  readonly channels: readonly { readonly name: string }[];
  readonly attributes: AttributeSet;
}

/** A channel of a file, and what Nuke makes of its name. */
export interface NukeChannel {
  readonly part: number;
  readonly channel: string;
  /** `layer.channel`, where each channel without a layer has one of Nuke's own. */
  readonly folded: string;
  /** In a file of several views; channels of different views are never one. */
  readonly view: string;
  /** True where a piece of the name loses something, or a layer goes to its channel, so that it is another name. */
  readonly isCut: boolean;
}

/** Spellings of the channels of a colour. */
const COLOURS: Readonly<Record<string, string>> = {
  ...{ R: 'red', r: 'red', Red: 'red', RED: 'red' },
  ...{ G: 'green', g: 'green', Green: 'green', GREEN: 'green' },
  ...{ B: 'blue', b: 'blue', Blue: 'blue', BLUE: 'blue' },
  ...{ A: 'alpha', a: 'alpha', Alpha: 'alpha', ALPHA: 'alpha' },
};

/** Channels without a layer that Nuke has a layer for; a luminance becomes red, green and blue. All else is in `other`. */
const MAIN: Readonly<Record<string, string>> = {
  ...{ red: 'rgba.red', green: 'rgba.green', blue: 'rgba.blue', alpha: 'rgba.alpha' },
  ...{ Y: 'rgba.red', y: 'rgba.red', Z: 'depth.Z' },
};

/**
 * The channels of a file as Nuke names them, after the reader that Foundry publishes with its developer kit
 * (`ExrChannelNameToNuke.cpp` and `exrReader.cpp` among the examples of "Nuke NDK Reference", 11.3 to 17.1):
 * - a name is parted at its first two dots alone, so that `a.b.c.R` is the channel `c_R` of the layer `a_b`;
 * - of each piece digits at the front are cut off, empty pieces are left out, and all but letters and digits becomes `_`;
 * - a piece that is a view is no layer; other layers are joined by `_`; the layer `Ci` is the main one;
 * - R, r, Red and RED are red; case counts in all else, so that `RGBA.R` is not in `rgba` (Autodesk/arnold-usd, issue 2115);
 * - in a file of several parts the part's name stands before that of a channel, unless any channel of the file has a dot
 *   or `nuke/full_layer_names` is set: then parts play no role.
 * Names without a layer that Nuke does not know come into `other` (Zarxrax/Sammie-Roto-2, issue 68). Nuke 17.1 keeps `x.R`
 * and `x.red` of one layer apart, earlier ones do not.
 */
export function nukeChannels(parts: readonly NamedPart[]): NukeChannel[] {
  const byPart = parts.length > 1 && partsAreLayers(parts);
  const views: string[] = [];
  let main = '';
  return parts.flatMap((part, index) => {
    views.push(...viewsIn(part.attributes).filter((view) => view !== ''));
    const ofPart = parts.length > 1 ? (part.view ?? '') : '';
    if (ofPart !== '') views.push(ofPart);
    main ||= views[0] ?? '';
    return part.channels.map(({ name: channel }): NukeChannel => {
      const label = byPart && part.name ? `${part.name}.` : '';
      const view = ofPart === '' || label.endsWith(`.${ofPart}.`) ? '' : `${ofPart}.`;
      const named = nukeName(label + view + channel, views);
      return { part: index, channel, folded: named.folded, view: named.view ?? main, isCut: named.isCut };
    });
  });
}

/** Whether names of parts are layers: where the header says so, or else where no channel has a layer of its own. */
function partsAreLayers(parts: readonly NamedPart[]): boolean {
  const stated = findAttribute(parts[0]!.attributes, 'nuke/full_layer_names');
  if (stated?.type === 'int') return decodeAttribute(stated) === 0;
  return !parts.some(({ channels }) => channels.some(({ name }) => name.includes('.')));
}

function nukeName(
  name: string,
  views: readonly string[],
): { readonly folded: string; readonly view?: string; readonly isCut: boolean } {
  const [first = '', second, ...others] = name.split('.');
  const given = [first, ...(second === undefined ? [] : [second]), ...(others.length > 0 ? [others.join('.')] : [])];
  const pieces = given.map((piece) => piece.replace(/^\d+/, '')).filter((piece) => piece !== '');
  const plain = pieces.map((piece) =>
    piece.replace(/[^A-Za-z0-9]/gu, (letter) => '_'.repeat(encoder.encode(letter).length)),
  );
  const last = plain.pop() ?? 'unnamed';
  const layers = plain.filter((piece) => !views.includes(piece));
  const view = plain.findLast((piece) => views.includes(piece));
  const channel = COLOURS[last] ?? last;
  const layer = layers.join('_');
  const isMain = layer === '' || layer === 'Ci';
  return {
    folded: isMain ? (MAIN[channel] ?? `other.${channel}`) : `${layer}.${channel}`,
    ...(view === undefined ? {} : { view }),
    isCut: others.length > 1 || given.some((piece) => /^\d/.test(piece)),
  };
}

const encoder = new TextEncoder();

/** The channels that become one, in groups of two and more. */
export const foldedNames = (channels: readonly NukeChannel[]): NukeChannel[][] =>
  [...Map.groupBy(channels, ({ view, folded }) => `${view}\0${folded}`).values()].filter(({ length }) => length > 1);
