// Edits of Cryptomattes carried out on the parts of an image: channels, attributes and the order of the header.
import {
  type Attribute,
  type ChannelSpec,
  cryptomatteHeaders,
  cryptomatteKey,
  EngineError,
  encodeAttribute,
  type ImageSpec,
  inViews,
  type Loss,
  type NodeProblem,
  nameAmongViews,
  type PartSpec,
  partLabel,
  placeInCryptomatte,
  type Services,
  sortChannels,
} from '../../../engine/authoring.ts';
import { manifestOf } from '../manifest/manifest.ts';

/** One edit of one Cryptomatte by its name at that time. */
export type Edit =
  | { readonly op: 'rename' | 'copy'; readonly name: string; readonly to: string }
  | { readonly op: 'drop'; readonly name: string };

interface Context {
  readonly node: string;
  readonly inputs: { readonly image: ImageSpec };
  readonly services: Services;
  report(problem: NodeProblem): void;
  lose(loss: Loss): void;
}

/** What a part holds while edits are carried out: each thing with the name that it came in under. */
interface Held {
  /** Of the part: where it names the layer of channels that have none, it is renamed with their Cryptomatte. */
  readonly name?: string;
  readonly view?: string;
  readonly channels: readonly { readonly channel: ChannelSpec; readonly from: string }[];
  readonly attributes: readonly { readonly attribute: Attribute; readonly from: string }[];
}

/** The image after the edits. Reports what stands in the way, and gives the reason for what is lost. */
export function editParts(ctx: Context, edits: readonly Edit[], sidecars: 'keep' | 'embed'): ImageSpec {
  const { image } = ctx.inputs;
  const parts = image.parts.flatMap((part, index): PartSpec[] => {
    const given: Held = {
      ...(part.name === undefined ? {} : { name: part.name }),
      ...(part.view === undefined ? {} : { view: part.view }),
      channels: part.channels.map((channel) => ({ channel, from: channel.name })),
      attributes: part.attributes.map((attribute) => ({ attribute, from: attribute.name })),
    };
    const edited = edits.reduce((held, edit) => carryOut(ctx, held, edit), given);
    const made = sidecars === 'embed' ? embedManifests(ctx, edited, index) : edited;
    tellLosses(ctx, part, index, made);
    if (made.channels.length > 0) return [partOf(ctx, part, index, made)];
    const reason = 'all of its channels are dropped';
    ctx.lose({ kind: 'part', port: 'image', part: index, name: partLabel(part, index), reason });
    return [];
  });
  if (parts.length === 0 && image.parts.length > 0) {
    const message = 'No channel is left. Drop fewer Cryptomattes.';
    ctx.report({ severity: 'error', code: 'channel-none', message, where: { param: 'edits' } });
  }
  return { ...image, parts };
}

function carryOut(ctx: Context, held: Held, edit: Edit): Held {
  let { name: partName } = held;
  const inView = inViews({ ...held, attributes: attributesOf(held) });
  const channels = held.channels.flatMap((item) => {
    const { channel, from } = item;
    const { view, alone, layered } = inView(channel.name);
    if (!placeInCryptomatte(edit.name, layered)) return [item];
    if (edit.op === 'drop') return [];
    if (edit.op === 'rename' && layered !== alone && held.name) {
      partName = edit.to + held.name.slice(edit.name.length);
      return [item];
    }
    const toAlone = edit.to + layered.slice(edit.name.length);
    const name = view === undefined || view === held.view ? toAlone : nameAmongViews(toAlone, view, 'other');
    const renamed = { channel: { ...channel, name }, from };
    return edit.op === 'copy' ? [item, renamed] : [renamed];
  });
  const made = { ...held, ...(partName === undefined ? {} : { name: partName }), channels };
  const header = headersOf(held).get(edit.name);
  if (!header) return made;
  const stem = `cryptomatte/${header.key}/`;
  const attributes = held.attributes.flatMap((item) => {
    const { attribute, from } = item;
    if (!attribute.name.startsWith(stem)) return [item];
    if (edit.op === 'drop') return [];
    const name = `cryptomatte/${cryptomatteKey(edit.to)}/${attribute.name.slice(stem.length)}`;
    const value = attribute.name === `${stem}name` ? encodeAttribute(name, 'string', edit.to) : attribute;
    const moved = { attribute: { ...value, name, source: ctx.node }, from };
    return edit.op === 'copy' ? [item, moved] : [moved];
  });
  return { ...made, attributes };
}

const attributesOf = ({ attributes }: Held): Attribute[] => attributes.map(({ attribute }) => attribute);

const headersOf = (held: Held) => cryptomatteHeaders(attributesOf(held));

/** Puts the manifests that a header names as files into it. */
function embedManifests(ctx: Context, held: Held, index: number): Held {
  let { attributes } = held;
  for (const [name, header] of headersOf(held)) {
    const beside = header.fields.get('manif_file');
    if (!beside || header.fields.has('manifest')) continue;
    try {
      const { parts } = ctx.inputs.image;
      const manifest = manifestOf(ctx.services, parts, { name, headers: [{ ...header, part: index }] });
      if (!manifest) continue;
      const inside: Attribute = {
        name: `cryptomatte/${header.key}/manifest`,
        type: 'string',
        bytes: manifest.bytes,
        source: ctx.node,
      };
      attributes = attributes.map((item) => (item.attribute === beside ? { ...item, attribute: inside } : item));
    } catch (thrown) {
      if (!(thrown instanceof EngineError)) throw thrown;
      const { code, message, where } = thrown;
      const fixes = [{ title: 'Go on naming the file', set: { sidecars: 'keep' } }];
      ctx.report({ severity: 'error', code, message, where: { ...where, param: 'sidecars' }, fixes });
    }
  }
  return { ...held, attributes };
}

/** What of the part that came in is not in what goes out under its own name. */
function tellLosses({ lose }: Context, part: PartSpec, index: number, held: Held): void {
  const at = { port: 'image', part: index } as const;
  const reason = 'dropped with its Cryptomatte';
  for (const { name } of part.channels) {
    if (!held.channels.some(({ from }) => from === name)) lose({ ...at, kind: 'channel', name, reason });
  }
  for (const given of part.attributes) {
    const { name } = given;
    const heirs = held.attributes.filter(({ from }) => from === name).map(({ attribute }) => attribute);
    const [heir] = heirs;
    if (heirs.some((one) => one.name === name)) continue;
    if (!heir) lose({ ...at, kind: 'attribute', name, reason });
    else {
      // The name, and the name of a file, would be true no more.
      const way = heir.bytes === given.bytes ? { replaced: true } : { cleared: true };
      lose({ ...at, kind: 'attribute', name, reason: `became ${heir.name}`, ...way });
    }
  }
}

function partOf(ctx: Context, part: PartSpec, index: number, held: Held): PartSpec {
  const label = partLabel(part, index);
  if (held.channels.length !== part.channels.length && part.stored?.copyOnly) {
    const code = part.kind === 'deep' ? 'deep-unsupported' : 'exr-compression-unsupported';
    const message = `${label} can only be copied whole. Rename its Cryptomattes, and neither copy nor drop them.`;
    ctx.report({ severity: 'error', code, message, where: { param: 'edits', part: part.name ?? index } });
  }
  const channels = new Map<string, ChannelSpec>();
  for (const { channel, from } of held.channels) {
    if (channels.has(channel.name)) {
      const message = `${label} has a channel ${channel.name} already, which belongs to no Cryptomatte. Choose another name.`;
      const where = { param: 'edits', channel: channel.name };
      ctx.report({ severity: 'error', code: 'channel-duplicate', message, where });
    }
    channels.set(channel.name, { ...channel, origin: { from: 'input', port: 'image', part: index, channel: from } });
  }
  const attributes = held.attributes.map(({ attribute }) => attribute);
  const { stored } = part;
  const name = held.name === undefined ? {} : { name: held.name };
  const made = { ...part, ...name, channels: sortChannels([...channels.values()]), attributes };
  return stored ? { ...made, stored: { ...stored, headerOrder: orderOf(stored.headerOrder, held) } } : made;
}

/** The order of the header, with what an attribute became in its place. */
function orderOf(order: readonly string[], { attributes }: Held): string[] {
  return order.flatMap((name) => {
    const heirs = attributes.filter(({ from }) => from === name).map(({ attribute }) => attribute.name);
    return heirs.length > 0 ? heirs : [name];
  });
}
