// Windows: the data and display window of the output where sources have different ones.
import {
  type Box,
  boxContains,
  boxEquals,
  boxIntersection,
  boxIsEmpty,
  boxText,
  boxUnion,
  type ChannelSpec,
  EMPTY_BOX,
  type Loss,
  type NodeProblem,
} from '../../../engine/authoring.ts';
import { type SourcePart, type Sources, sourcePartLabel } from './address.ts';
import { constantTrouble } from './constant.ts';
import type { Params } from './params.ts';
import type { Made } from './rows.ts';

export interface Windows {
  readonly dataWindow: Box;
  readonly displayWindow: Box;
}

interface Context {
  readonly params: Params;
  report(problem: NodeProblem): void;
  lose(loss: Loss): void;
}

/** Decides the windows from the parts that give channels, in the order of the sources. */
export function decideWindows(ctx: Context, sources: Sources, parts: readonly SourcePart[]): Windows {
  const first = parts[0]?.part;
  if (!first) return { dataWindow: EMPTY_BOX, displayWindow: EMPTY_BOX };
  const windows = combine(ctx, sources, parts) ?? first;
  for (const { source, index, part } of parts) {
    const loss = { kind: 'window', port: `sources.${source}`, part: index, replaced: true } as const;
    if (!boxContains(windows.dataWindow, part.dataWindow)) {
      const reason = `pixels outside ${boxText(windows.dataWindow)} are cut off`;
      ctx.lose({ ...loss, name: 'dataWindow', reason, replaced: false });
    }
    if (!boxEquals(windows.displayWindow, part.displayWindow)) {
      ctx.lose({ ...loss, name: 'displayWindow', reason: `the display window is ${boxText(windows.displayWindow)}` });
    }
  }
  return { dataWindow: windows.dataWindow, displayWindow: windows.displayWindow };
}

function combine(ctx: Context, sources: Sources, parts: readonly SourcePart[]): Windows | undefined {
  const rule = ctx.params.windows;
  const where = { param: 'windows' };
  if (typeof rule === 'object') {
    if (!Object.hasOwn(sources, rule.source)) {
      const fixes = Object.keys(sources).map((source) => ({
        title: `Use the windows of ${source}`,
        set: { windows: { source } },
      }));
      ctx.report({
        severity: 'error',
        code: 'source-unknown',
        message: `There is no source ${rule.source} to take the windows of.`,
        where,
        fixes,
      });
      return undefined;
    }
    return parts.find((p) => p.source === rule.source)?.part ?? sources[rule.source]!.parts[0];
  }
  const first = parts[0]!.part;
  const differ = parts.some(
    ({ part }) => !boxEquals(part.dataWindow, first.dataWindow) || !boxEquals(part.displayWindow, first.displayWindow),
  );
  if (!differ) return undefined;
  if (rule === 'same') {
    const text = (at: SourcePart): string =>
      `${sourcePartLabel(sources, at)} has data window ${boxText(at.part.dataWindow)} in display window ${boxText(at.part.displayWindow)}`;
    const names = [...new Set(parts.map((p) => p.source))];
    ctx.report({
      severity: 'error',
      code: 'window-mismatch',
      message: `${parts.map(text).join('; ')}. Say which windows the output has.`,
      where,
      fixes: [
        { title: 'Use the union', set: { windows: 'union' } },
        { title: 'Use the intersection', set: { windows: 'intersection' } },
        ...names.map((source) => ({ title: `Use the windows of ${source}`, set: { windows: { source } } })),
      ],
    });
    return undefined;
  }
  const join = rule === 'union' ? boxUnion : boxIntersection;
  const dataWindow = parts.map((p) => p.part.dataWindow).reduce(join);
  const displayWindow = parts.map((p) => p.part.displayWindow).reduce(join);
  if (boxIsEmpty(dataWindow) || boxIsEmpty(displayWindow)) {
    const text = parts.map((p) => `${sourcePartLabel(sources, p)} ${boxText(p.part.dataWindow)}`).join(', ');
    ctx.report({
      severity: 'error',
      code: 'window-mismatch',
      message: `The windows have nothing in common: ${text}.`,
      where,
      fixes: [{ title: 'Use the union', set: { windows: 'union' } }],
    });
    return undefined;
  }
  return { dataWindow, displayWindow };
}

/**
 * The channels with the fill set where their source does not cover the window. A subsampled channel needs a window that
 * begins at a multiple of its sampling and is a multiple of it in size (OpenEXR's rule for data windows).
 */
export function fillChannels(ctx: Context, made: readonly Made[], window: Box): ChannelSpec[] {
  return made.map(({ channel, of }) => {
    const { origin, name, type } = channel;
    if (!of || origin.from !== 'input' || boxEquals(of.part.dataWindow, window)) return channel;
    checkSampling(ctx, channel, window);
    const { fill } = ctx.params;
    if (boxContains(of.part.dataWindow, window) || fill === 0) return channel;
    const trouble = constantTrouble(fill, type);
    if (trouble !== undefined) {
      ctx.report({
        severity: 'error',
        code: 'param-invalid',
        message: `Fill of ${name}: ${trouble}`,
        where: { param: 'fill', channel: name },
      });
      return channel;
    }
    return { ...channel, origin: { ...origin, fill } };
  });
}

function checkSampling(ctx: Context, channel: ChannelSpec, window: Box): void {
  const { x, y } = channel.sampling;
  const fits = (min: number, max: number, step: number): boolean => min % step === 0 && (max - min + 1) % step === 0;
  if (fits(window.minX, window.maxX, x) && fits(window.minY, window.maxY, y)) return;
  ctx.report({
    severity: 'error',
    code: 'sampling-mismatch',
    message: `${channel.name} has a sample at every ${x} by ${y} pixels, which the window ${boxText(window)} does not allow. Use the windows of its source.`,
    where: { param: 'windows', channel: channel.name },
  });
}
