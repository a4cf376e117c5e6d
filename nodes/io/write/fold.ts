// The names that Nuke gives to channels of a file, and which channels it therefore takes for one.

/** Last pieces of names that Nuke reads as red, green, blue and alpha, in any case. */
const COLOURS: Readonly<Record<string, string>> = { r: 'red', g: 'green', b: 'blue', a: 'alpha' };

/**
 * `layer.channel` as Nuke's reader names it: everything but letters, digits and _ becomes _, dots inside a layer too; a
 * layer that begins with a digit gets a _ before it; R, r and red are red; a name without a layer is one of rgba, and Z is
 * depth.Z. (Foundry, "Nuke Online Help", "Channels", and the names that its reader shows.)
 */
export function foldedName(name: string): string {
  const dot = name.lastIndexOf('.');
  const last = name.slice(dot + 1);
  const letter =
    COLOURS[last.toLowerCase()] ?? (Object.values(COLOURS).find((c) => c === last.toLowerCase()) || undefined);
  const channel = letter ?? plain(last);
  if (dot < 0) return channel === 'Z' || channel === 'z' ? 'depth.Z' : `rgba.${channel}`;
  const layer = plain(name.slice(0, dot));
  return `${layer}.${layer === 'depth' && channel === 'z' ? 'Z' : channel}`;
}

function plain(text: string): string {
  const folded = text.replace(/[^A-Za-z0-9_]/g, '_');
  return /^\d/.test(folded) ? `_${folded}` : folded;
}

/** Names of channels of one part that become the same, in groups of two and more. */
export const foldedNames = (channels: readonly { readonly name: string }[]): string[][] =>
  [...Map.groupBy(channels, ({ name }) => foldedName(name)).values()]
    .filter(({ length }) => length > 1)
    .map((group) => group.map(({ name }) => name));
