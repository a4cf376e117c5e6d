// Select view: one view of an image of several, whether they are parts or channels of one part.
import { z } from 'zod';
import {
  type ChannelSpec,
  defineNode,
  type ImageSpec,
  image,
  type Loss,
  listNames,
  type NodeProblem,
  nameAlone,
  nearNames,
  type PartSpec,
  partLabel,
  passPart,
  sortChannels,
  VIEWS_ATTRIBUTE,
  viewOf,
  viewsIn,
  withoutAttribute,
} from '../../engine/authoring.ts';

const params = z.strictObject({
  view: z.string().default('').meta({
    title: 'View',
    description: 'The name of the view, such as left. Left empty it is the default view, the first that is named.',
  }),
  shared: z.enum(['keep', 'drop']).default('keep').meta({
    title: 'Shared',
    description: 'Whether parts and channels that belong to no view come along.',
  }),
});

interface Context {
  readonly params: z.output<typeof params>;
  readonly inputs: { readonly image: ImageSpec };
  report(problem: NodeProblem): void;
  lose(loss: Loss): void;
}

export const select = defineNode({
  type: 'view.select',
  version: 1,
  title: 'Select view',
  doc: `Keeps one view of an image of several. Of parts that state a view those of the chosen one stay. Of a part that names its views in multiView the channels of the chosen one stay, under the names that they have alone: left.R becomes R, spec.left.R becomes spec.R; a name without a dot belongs to the first view, and one like disparityL.x to none. The part states the view that it is of. Windows, samples and types stay as they are; alpha and depth of a view go with it. Like OneView in Nuke and Select View in Gaffer.`,
  keywords: ['stereo', 'multi-view', 'multiview', 'left', 'right', 'eye', 'one view', 'split'],
  params,
  inputs: { image: image('The image that holds several views.') },

  summary: ({ view }) => view || 'the default view',

  spec(ctx) {
    const { image } = ctx.inputs;
    const views = viewsOf(image);
    const view = ctx.params.view || views[0];
    if (view === undefined || !views.includes(view)) {
      reportUnknown(ctx, views);
      return { ...image, parts: image.parts.map((part, index) => passPart(part, 'image', index)) };
    }
    const parts = image.parts.flatMap((part, index) => partOf(ctx, part, index, view) ?? []);
    return { ...image, parts };
  },
});

/** All views of an image in the order in which they are named. */
const viewsOf = ({ parts }: ImageSpec): string[] => [
  ...new Set(parts.flatMap((part) => [...viewsIn(part.attributes), ...(part.view === undefined ? [] : [part.view])])),
];

function reportUnknown({ params, report }: Context, views: readonly string[]): void {
  const fixes = [...new Set([...nearNames(params.view, views), ...views])].slice(0, 3).map((view) => ({
    title: `Use ${view}`,
    set: { view },
  }));
  const message =
    views.length === 0
      ? 'The image has no views: no part states one, and none names several in multiView. Take the node out.'
      : `There is no view ${params.view}. Views: ${listNames(views)}.`;
  report({ severity: 'error', code: 'view-unknown', message, where: { param: 'view' }, fixes });
}

/** What of a part is of the view; undefined where nothing is. */
function partOf(ctx: Context, part: PartSpec, index: number, view: string): PartSpec | undefined {
  const passed = passPart(part, 'image', index);
  const views = viewsIn(part.attributes);
  if (views.length > 0) return channelsOf(ctx, passed, index, { view, views });
  if (part.view === view || (part.view === undefined && ctx.params.shared === 'keep')) return passed;
  const reason = part.view === undefined ? 'belongs to no view' : `belongs to view ${part.view}`;
  ctx.lose({ kind: 'part', port: 'image', part: index, name: partLabel(part, index), reason });
  return undefined;
}

interface Chosen {
  readonly view: string;
  /** All of the part, the default one first. */
  readonly views: readonly string[];
}

function channelsOf(ctx: Context, part: PartSpec, index: number, { view, views }: Chosen): PartSpec | undefined {
  const lost = { port: 'image', part: index } as const;
  const channels: ChannelSpec[] = [];
  const taken = new Map<string, string>();
  for (const channel of part.channels) {
    const own = viewOf(channel.name, views);
    if (own === undefined ? ctx.params.shared === 'drop' : own !== view) {
      const reason = own === undefined ? 'belongs to no view' : `belongs to view ${own}`;
      ctx.lose({ ...lost, kind: 'channel', name: channel.name, reason });
      continue;
    }
    const name = own === undefined ? channel.name : nameAlone(channel.name, view);
    const other = taken.get(name);
    if (other !== undefined) reportTwice(ctx, index, name, [other, channel.name]);
    else channels.push({ ...channel, name });
    taken.set(name, channel.name);
  }
  if (channels.length === 0) {
    ctx.lose({ ...lost, kind: 'part', name: partLabel(part, index), reason: `has no channel of view ${view}` });
    return undefined;
  }
  const changed = channels.length < part.channels.length || channels.some((c, i) => c.name !== part.channels[i]!.name);
  if (changed && part.stored?.copyOnly) {
    const code = part.kind === 'deep' ? 'deep-unsupported' : 'exr-compression-unsupported';
    const message = `${partLabel(part, index)} can only be copied whole, and its views are channels of it. Take one view of other parts.`;
    ctx.report({ severity: 'error', code, message, where: { part: part.name ?? index } });
  }
  ctx.lose({ ...lost, kind: 'attribute', name: VIEWS_ATTRIBUTE, reason: `only view ${view} is kept`, replaced: true });
  const attributes = withoutAttribute(part.attributes, VIEWS_ATTRIBUTE);
  return { ...part, view, channels: sortChannels(channels), attributes };
}

function reportTwice(ctx: Context, part: number, name: string, channels: readonly string[]): void {
  ctx.report({
    severity: 'error',
    code: 'channel-duplicate',
    message: `${listNames(channels)} would both be ${name} in the view alone. Leave out what belongs to no view, or rename one of them before.`,
    where: { param: 'shared', channel: name, part },
    fixes: [{ title: 'Leave out what belongs to no view', set: { shared: 'drop' } }],
  });
}
