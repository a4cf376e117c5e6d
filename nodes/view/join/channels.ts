// Views as channels: one part whose channels carry the names of their views, and multiView, which names them.
import {
  boxEquals,
  boxText,
  boxUnion,
  type ChannelSpec,
  encodeAttribute,
  findAttribute,
  lowerQuality,
  nameAmongViews,
  type PartSpec,
  partLabel,
  passChannels,
  REQUIRED_ATTRIBUTES,
  sameAttribute,
  sortChannels,
  storedAnew,
  VIEWS_ATTRIBUTE,
  withAttribute,
  withHeaderNames,
} from '../../../engine/authoring.ts';
import { type Context, refuse, type View } from './view.ts';

/** The one part that holds all views. */
export function joinChannels(ctx: Context, views: readonly View[]): PartSpec[] {
  for (const { input, image } of views) {
    if (image.parts.length === 1) continue;
    const message = `${input} has ${image.parts.length} parts, and views that are channels come of one part each. Choose one with Select parts before, or join views as parts.`;
    ctx.report({
      severity: 'error',
      code: 'part-unknown',
      message,
      where: { param: 'layout' },
      fixes: [{ title: 'Join views as parts', set: { layout: 'parts' } }],
    });
  }
  const [first, ...others] = views.flatMap(({ image }) => image.parts.slice(0, 1));
  if (!first) return [];
  for (const [at, part] of others.entries()) checkFit(ctx, views[at + 1]!, part, first);
  const dataWindow = others.reduce((window, part) => boxUnion(window, part.dataWindow), first.dataWindow);
  const channels = views.flatMap((view, at) => named(view, at === 0 ? 'default' : 'other'));
  checkChannels(ctx, channels, dataWindow);
  checkCopies(ctx, views);
  tell(ctx, views, first);
  const names = encodeAttribute(
    VIEWS_ATTRIBUTE,
    'stringvector',
    views.map((view) => view.name),
  );
  const { view: _, ...rest } = first;
  const joint: PartSpec = {
    ...rest,
    dataWindow,
    channels: sortChannels(channels),
    attributes: withAttribute(first.attributes, { ...names, source: ctx.node }),
    ...(first.stored ? { stored: withHeaderNames(storedAnew(first.stored), [VIEWS_ATTRIBUTE]) } : {}),
  };
  return [others.reduce((part, { quality }) => lowerQuality(part, quality), joint)];
}

const named = ({ name, port, image }: View, standing: 'default' | 'other'): ChannelSpec[] =>
  image.parts
    .slice(0, 1)
    .flatMap((part) => passChannels(part, port, 0))
    .map((channel) => ({ ...channel, name: nameAmongViews(channel.name, name, standing) }));

function checkFit(ctx: Context, view: View, part: PartSpec, first: PartSpec): void {
  if (boxEquals(part.displayWindow, first.displayWindow)) return;
  const message = `${view.input} has display window ${boxText(part.displayWindow)}, the default view ${boxText(first.displayWindow)}. Make them equal with Reformat before.`;
  refuse(ctx, 'window-mismatch', message);
}

function checkChannels(ctx: Context, channels: readonly ChannelSpec[], window: PartSpec['dataWindow']): void {
  const seen = new Set<string>();
  for (const { name, sampling } of channels) {
    if (seen.has(name)) {
      const message = `Two channels would be named ${name}. Rename one with Shuffle channels before, or join views as parts.`;
      refuse(ctx, 'channel-duplicate', message, 'layout');
    }
    seen.add(name);
    const fits = (min: number, max: number, step: number): boolean => min % step === 0 && (max - min + 1) % step === 0;
    if (fits(window.minX, window.maxX, sampling.x) && fits(window.minY, window.maxY, sampling.y)) continue;
    const message = `${name} has a sample at every ${sampling.x} by ${sampling.y} pixels, which the window of all views ${boxText(window)} does not allow. Join views as parts.`;
    refuse(ctx, 'sampling-mismatch', message, 'layout');
  }
}

/** Parts that can only be copied whole give no channels to another part. */
function checkCopies(ctx: Context, views: readonly View[]): void {
  for (const { input, image } of views) {
    const part = image.parts[0];
    if (!part || (part.kind === 'flat' && !part.stored?.copyOnly)) continue;
    const code = part.kind === 'deep' ? 'deep-unsupported' : 'exr-compression-unsupported';
    const message = `${partLabel(part, 0)} of ${input} can only be copied whole: its channels cannot be put beside others. Join views as parts.`;
    refuse(ctx, code, message, 'layout');
  }
}

/** What of the views is not in the part that holds them all. */
function tell(ctx: Context, views: readonly View[], first: PartSpec): void {
  for (const { name, port, image } of views) {
    const part = image.parts[0];
    if (!part) continue;
    const loss = { kind: 'attribute', port, part: 0 } as const;
    if (part.view !== undefined) {
      ctx.lose({ ...loss, name: 'view', reason: `view ${name} of ${VIEWS_ATTRIBUTE}`, replaced: true });
    }
    if (part.name !== undefined && part.name !== first.name) {
      const now = first.name;
      const reason = now === undefined ? 'the part has no name' : `changed to ${now}`;
      ctx.lose({ ...loss, name: 'name', reason, replaced: now !== undefined });
    }
    for (const attribute of part.attributes) {
      const standing = findAttribute(first.attributes, attribute.name);
      if (part === first || (standing && sameAttribute(standing, attribute))) continue;
      const replaced = standing !== undefined || Object.hasOwn(REQUIRED_ATTRIBUTES, attribute.name);
      ctx.lose({ ...loss, name: attribute.name, reason: 'the attributes of the default view are kept', replaced });
    }
  }
}
