// What slopes become: the part with heights, and with what is left over, in their place.
import {
  encodeAttribute,
  findAttribute,
  type ImageSpec,
  type Loss,
  listNames,
  type NodeProblem,
  type PartSpec,
  passPart,
  product,
  replaceChannels,
  windowProblem,
  withAttribute,
  withHeaderNames,
  workProblems,
} from '../../../engine/authoring.ts';

export const HEIGHT = 'height';
export const LEFT_RESIDUAL = 'check.residual';
export const LEFT_CURL = 'check.curl';

export interface Params {
  readonly slopeU: string;
  readonly slopeV: string;
  readonly units: 'texel' | 'mm';
  readonly amplitude: number;
  readonly checks: boolean;
  readonly idChannel: string;
  readonly metricLayer: string;
  readonly maskChannel: string;
}

/** The channels of charts that say what a texel is on the surface. */
export const metricNames = ({ metricLayer }: Pick<Params, 'metricLayer'>): string[] =>
  ['uu', 'vu', 'vv'].map((name) => `${metricLayer}.${name}`);

interface Context {
  readonly node: string;
  readonly params: Params;
  readonly inputs: { readonly image: ImageSpec; readonly charts: ImageSpec | undefined };
  report(problem: NodeProblem): void;
  lose(loss: Loss): void;
}

/** The channels of slopes, where a part has both. */
export function slopesIn({ slopeU, slopeV }: Params, part: PartSpec): [string, string] | undefined {
  const has = (name: string): boolean => part.channels.some((c) => c.name === name);
  return has(slopeU) && has(slopeV) ? [slopeU, slopeV] : undefined;
}

export function describeHeight(ctx: Context): ImageSpec {
  const { image, charts } = ctx.inputs;
  if (!image.parts.some((part) => slopesIn(ctx.params, part))) {
    const names = listNames(image.parts.flatMap((part) => part.channels.map((c) => c.name)));
    ctx.report({
      severity: 'error',
      code: 'channel-unknown',
      message: `Expected slopes in the channels ${ctx.params.slopeU} and ${ctx.params.slopeV}, found ${names}. Put Normal decode before this node.`,
      where: { param: 'slopeU' },
    });
  }
  if (charts) reportCharts(ctx, charts);
  if (ctx.params.units === 'mm') reportMetric(ctx, charts);
  return { ...image, parts: image.parts.map((part, index) => heightPart(ctx, part, index)) };
}

function heightPart(ctx: Context, part: PartSpec, index: number): PartSpec {
  const slopes = slopesIn(ctx.params, part);
  if (!slopes) return passPart(part, 'image', index);
  const problems = workProblems({
    part,
    index,
    title: 'Integrate normals',
    channels: new Set(slopes),
    types: ['half', 'float'],
    param: 'slopeU',
  });
  for (const problem of problems) ctx.report(problem);
  const names = [HEIGHT, ...(ctx.params.checks ? [LEFT_RESIDUAL, LEFT_CURL] : [])];
  const made = replaceChannels(ctx, { part, index, from: slopes, to: names, reason: 'integrated' });
  return tagged(ctx, made);
}

/** What a program needs to know of a displacement map. */
function tagged({ node, params, inputs }: Context, part: PartSpec): PartSpec {
  const mesh = inputs.charts?.parts.map((one) => findAttribute(one.attributes, 'SourceMesh')).find(Boolean);
  const told = [
    encodeAttribute('n2d:space', 'string', 'tangent'),
    encodeAttribute('n2d:units', 'string', params.units),
    encodeAttribute('n2d:amplitude', 'float', params.amplitude),
    encodeAttribute('Software', 'string', product()),
    ...(mesh ? [mesh] : []),
  ];
  const attributes = told.reduce((set, one) => withAttribute(set, { ...one, source: node }), part.attributes);
  const { stored } = part;
  const names = told.map((one) => one.name);
  return { ...part, attributes, ...(stored ? { stored: withHeaderNames(stored, names) } : {}) };
}

function reportMetric({ params, report }: Context, charts: ImageSpec | undefined): void {
  const names = metricNames(params);
  const has = (part: PartSpec): boolean => names.every((name) => part.channels.some((c) => c.name === name));
  if (charts?.parts.some(has)) return;
  const found = charts ? listNames(charts.parts.flatMap((part) => part.channels.map((c) => c.name))) : 'no charts';
  report({
    severity: 'error',
    code: charts ? 'channel-unknown' : 'input-missing',
    message: `Expected charts with ${listNames(names)} for heights in millimetres, found ${found}. Switch Metric on in Rasterize charts and connect it.`,
    where: { param: 'units' },
    fixes: [{ title: 'Make heights in texels', set: { units: 'texel' } }],
  });
}

function reportCharts(ctx: Context, charts: ImageSpec): void {
  const { idChannel, maskChannel } = ctx.params;
  const channels = charts.parts.flatMap((part) => part.channels);
  const missing = (name: string, param: string): void => {
    const message = `Expected the channel ${name} in charts, found ${listNames(channels.map((c) => c.name))}.`;
    ctx.report({ severity: 'error', code: 'channel-unknown', message, where: { param } });
  };
  const has = (name: string): boolean => channels.some((c) => c.name === name);
  if (maskChannel !== '' && !has(maskChannel)) missing(maskChannel, 'maskChannel');
  // A mask alone will do: its pieces are the islands.
  if (!has(idChannel) && maskChannel === '') missing(idChannel, 'idChannel');
  const wanted = new Set([idChannel, maskChannel, ...(ctx.params.units === 'mm' ? metricNames(ctx.params) : [])]);
  for (const [index, part] of charts.parts.entries()) {
    const read = new Set(part.channels.map((c) => c.name).filter((name) => wanted.has(name)));
    const types = ['half', 'float', 'uint'] as const;
    for (const problem of workProblems({
      part,
      index,
      title: 'Integrate normals',
      channels: read,
      types,
      param: 'idChannel',
    }))
      ctx.report(problem);
    if (read.size === 0) continue;
    for (const map of ctx.inputs.image.parts) {
      if (!slopesIn(ctx.params, map)) continue;
      const problem = windowProblem(map.dataWindow, part.dataWindow, 'charts of the size of the map');
      if (problem) ctx.report(problem);
    }
  }
}
