// Shuffle channels: recombines channels and attributes of any number of sources into one part, without touching pixels.
import {
  defineNode,
  type ImageSpec,
  images,
  mergeSubstitutions,
  type PartSpec,
  sortChannels,
} from '../../engine/authoring.ts';
import { allParts, type Sources } from './shuffle/address.ts';
import { loseRest } from './shuffle/losses.ts';
import { mergeAttributes } from './shuffle/merge.ts';
import { params } from './shuffle/params.ts';
import { selectChannels } from './shuffle/rows.ts';
import { reportSplit } from './shuffle/split.ts';
import { isWhole, onlyPart, refuseUnreadable, storedAs } from './shuffle/storage.ts';
import { decideWindows, fillChannels } from './shuffle/windows.ts';

export const shuffle = defineNode({
  type: 'channel.shuffle',
  version: 1,
  title: 'Shuffle channels',
  doc: 'Makes one part out of channels of any number of named sources: takes, renames, drops and adds channels, and merges attributes. Samples and their types stay as they are unless a row says otherwise.',
  keywords: ['recombine', 'rename', 'copy', 'merge', 'layer', 'remove', 'constant', 'AOV'],
  params,
  inputs: { sources: images('The images whose channels and attributes are recombined, each under a name of its own.') },

  summary({ rows, others }) {
    const [first] = rows;
    if (!first) return others === 'keep' ? 'all channels' : 'no channels';
    const left = `${first.to} ← ${'from' in first ? first.from : first.value}`;
    return rows.length > 1 ? `${left}, +${rows.length - 1} more` : left;
  },

  spec(ctx) {
    const sources: Sources = ctx.inputs.sources;
    const all = allParts(sources);
    if (all.length === 0) {
      const message = 'Shuffle channels needs at least one source. Connect an image to its port sources.';
      ctx.report({ severity: 'error', code: 'input-missing', message });
      return { parts: [] };
    }
    const { made, reasons } = selectChannels(ctx, sources);
    if (made.length === 0) {
      const fixes = ctx.params.others === 'drop' ? [{ title: 'Keep what no row takes', set: { others: 'keep' } }] : [];
      const message = 'No channel is left. Add a row, or keep the channels that no row takes.';
      ctx.report({ severity: 'error', code: 'channel-none', message, where: { param: 'rows' }, fixes });
    }
    const giving = all.filter((at) => made.some(({ of }) => of?.source === at.source && of.index === at.index));
    const leading = giving[0] ?? all[0]!;
    const shown = giving.length > 0 ? giving : [leading];

    const windows = decideWindows(ctx, sources, shown);
    const channels = sortChannels(fillChannels(ctx, made, windows.dataWindow));
    const describing = all.filter((at) => {
      const fellow = giving.some((g) => g.source === at.source);
      return fellow ? giving.includes(at) : true;
    });
    const attributes = mergeAttributes(ctx, sources, describing);
    const only = onlyPart(made, windows.dataWindow);
    const whole = only && isWhole(only, channels) ? only : undefined;
    if (!whole) refuseUnreadable(ctx, sources, giving, only);
    const { name, view } = leading.part;
    const called = { ...(name === undefined ? {} : { name }), ...(view === undefined ? {} : { view }) };
    reportSplit(ctx, sources, { ...called, channels, attributes });
    loseRest(ctx, sources, { all, giving, describing, leading, channels, reasons });
    const part: PartSpec = {
      ...called,
      kind: only?.part.kind ?? 'flat',
      ...windows,
      channels,
      attributes,
      ...storedAs(ctx, whole, shown, attributes),
    };
    return { parts: [part], ...mergeSubstitutions(Object.values(sources)) } satisfies ImageSpec;
  },
});
