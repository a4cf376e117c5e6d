// Losses: the reasons why parts, channels and names of the sources are not in the output.
import { type ChannelSpec, type Loss, listNames, partLabel } from '../../../engine/authoring.ts';
import { type SourcePart, type Sources, sourcePartLabel } from './address.ts';
import { channelKey, type Selection } from './rows.ts';

export interface Outcome {
  /** Every part of every source. */
  readonly all: readonly SourcePart[];
  /** Those that give channels. */
  readonly giving: readonly SourcePart[];
  /** Those whose attributes are looked at. */
  readonly describing: readonly SourcePart[];
  /** The one whose name and view the output has. */
  readonly leading: SourcePart;
  readonly channels: readonly ChannelSpec[];
  readonly reasons: Selection['reasons'];
}

/** Gives the reason for everything but attributes, windows and levels, which are told where they are decided. */
export function loseRest(ctx: { lose(loss: Loss): void }, sources: Sources, outcome: Outcome): void {
  const { all, giving, describing, leading, channels, reasons } = outcome;
  const kept = new Set<string>();
  for (const { origin } of channels) {
    if (origin.from === 'input') kept.add(`${origin.port}\0${origin.part}\0${origin.channel}`);
  }
  const names = listNames(giving.map((at) => sourcePartLabel(sources, at)));
  for (const at of all) {
    const { source, index, part } = at;
    const port = `sources.${source}`;
    if (!describing.includes(at)) {
      const reason = `only ${names} gives channels`;
      ctx.lose({ kind: 'part', port, part: index, name: partLabel(part, index), reason });
      continue;
    }
    for (const { name } of part.channels) {
      if (kept.has(`${port}\0${index}\0${name}`)) continue;
      const known = reasons.get(channelKey(source, index, name));
      const { reason, replaced } = known ?? { reason: 'no row takes it', replaced: false };
      ctx.lose({ kind: 'channel', port, part: index, name, reason, replaced });
    }
    for (const field of ['name', 'view'] as const) {
      if (part[field] === undefined || part[field] === leading.part[field]) continue;
      const taken = leading.part[field];
      const reason = taken === undefined ? `the output has no ${field}` : `the ${field} of the output is ${taken}`;
      ctx.lose({ kind: 'attribute', port, part: index, name: field, reason, replaced: taken !== undefined });
    }
  }
}
