// Attributes of several sources become one set; where they disagree a choice is asked for, and nothing is chosen silently.
import {
  type Attribute,
  type AttributeSet,
  asEngineError,
  attributeSummary,
  encodeAttribute,
  findAttribute,
  type Json,
  type Loss,
  listNames,
  type NodeProblem,
  nearNames,
  REQUIRED_ATTRIBUTES,
  STRUCTURAL_ATTRIBUTES,
  sameAttribute,
} from '../../../engine/authoring.ts';
import { type SourcePart, type Sources, sourcePartLabel } from './address.ts';
import type { Params, Resolution } from './params.ts';

interface Context {
  readonly node: string;
  readonly params: Params;
  report(problem: NodeProblem): void;
  lose(loss: Loss): void;
}

/** A part that gives attributes, under the name by which a choice can name it. */
interface Giver extends SourcePart {
  readonly label: string;
}

interface Holder {
  readonly giver: Giver;
  readonly attribute: Attribute;
}

/** What is taken, or why nothing is. */
type Choice = { readonly attribute: Attribute; readonly reason: string } | { readonly reason: string };

/**
 * Merges the attributes of `parts`. Those that the parameters leave aside give nothing, and what only they have is
 * listed as lost. Attributes stand in the order of the first giver, then those that only later ones have.
 */
export function mergeAttributes(ctx: Context, sources: Sources, parts: readonly SourcePart[]): AttributeSet {
  const givers = parts.map((at): Giver => ({ ...at, label: sourcePartLabel(sources, at) }));
  const order = giverNames(ctx, sources);
  const giving = order.flatMap((source) => givers.filter((g) => g.source === source));
  checkChoices(ctx, sources, giving);

  const holders = new Map<string, Holder[]>();
  for (const giver of giving) {
    for (const attribute of giver.part.attributes) {
      const held = holders.get(attribute.name);
      if (held) held.push({ giver, attribute });
      else holders.set(attribute.name, [{ giver, attribute }]);
    }
  }
  const merged: Attribute[] = [];
  for (const [name, held] of holders) {
    const choice = choose(ctx, name, held);
    if ('attribute' in choice) merged.push(choice.attribute);
    for (const { giver, attribute } of held) loseUnless(ctx, giver, attribute, choice);
  }
  for (const giver of givers) {
    if (order.includes(giver.source)) continue;
    for (const attribute of giver.part.attributes) {
      const standing = findAttribute(merged, attribute.name);
      const reason = `attributes are taken from ${listNames(order)} only`;
      loseUnless(ctx, giver, attribute, standing ? { attribute: standing, reason } : { reason });
    }
  }
  return merged;
}

/** The names of the sources that give attributes, in order. */
export function giverNames(ctx: Pick<Context, 'params' | 'report'>, sources: Sources): string[] {
  const connected = Object.keys(sources);
  const wanted = ctx.params.attributes.from;
  if (wanted === undefined) return connected;
  for (const [index, name] of wanted.entries()) {
    if (Object.hasOwn(sources, name)) continue;
    unknownSource(ctx, name, connected, `attributes.from[${index}]`, (near) => ({
      ...ctx.params.attributes,
      from: wanted.with(index, near),
    }));
  }
  return [...new Set(wanted)].filter((name) => Object.hasOwn(sources, name));
}

function checkChoices(ctx: Context, sources: Sources, giving: readonly Giver[]): void {
  const { attributes } = ctx.params;
  const connected = Object.keys(sources);
  const known = (label: string): boolean => Object.hasOwn(sources, label) || giving.some((g) => g.label === label);
  if (typeof attributes.resolveAll === 'string' && !known(attributes.resolveAll)) {
    unknownSource(ctx, attributes.resolveAll, connected, 'attributes.resolveAll', (near) => ({
      ...attributes,
      resolveAll: near,
    }));
  }
  const held = new Set(giving.flatMap((g) => g.part.attributes.map((a) => a.name)));
  for (const [name, resolution] of Object.entries(attributes.resolve)) {
    const param = `attributes.resolve.${name}`;
    if (Object.hasOwn(STRUCTURAL_ATTRIBUTES, name)) {
      const message = `${name} describes the file itself and belongs to ${STRUCTURAL_ATTRIBUTES[name]}.`;
      ctx.report({ severity: 'error', code: 'attribute-structural', message, where: { param, attribute: name } });
    } else if (typeof resolution === 'string' && !known(resolution)) {
      unknownSource(ctx, resolution, connected, param, (near) => withResolution(attributes, name, near));
    } else if (!held.has(name)) {
      const near = nearNames(name, held);
      const hint = near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : '';
      const message = `A choice is made for the attribute ${name}, which no source has.${hint}`;
      ctx.report({ severity: 'warning', code: 'attribute-unknown', message, where: { param, attribute: name } });
    }
  }
}

function choose(ctx: Context, name: string, held: readonly Holder[]): Choice {
  const { resolve, resolveAll } = ctx.params.attributes;
  const asked = Object.hasOwn(resolve, name) ? resolve[name] : undefined;
  const chosen = asked === undefined ? undefined : follow(ctx, name, held, asked);
  if (chosen) return chosen;
  const first = held[0]!;
  if (held.every((h) => sameAttribute(h.attribute, first.attribute))) return taken(first, 'all sources agree');
  const general = resolveAll === undefined ? undefined : follow(ctx, name, held, resolveAll);
  if (general) return general;
  reportConflict(ctx, name, held);
  return taken(first, 'sources disagree');
}

const taken = ({ giver, attribute }: Holder, reason: string): Choice => ({
  attribute: { ...attribute, source: giver.label },
  reason,
});

/** What a stated choice gives; undefined where it cannot be followed, which is reported where it was asked by name. */
function follow(ctx: Context, name: string, held: readonly Holder[], resolution: Resolution): Choice | undefined {
  if (typeof resolution === 'string') {
    const holder = held.find((h) => h.giver.label === resolution) ?? held.find((h) => h.giver.source === resolution);
    return holder && taken(holder, `the value of ${resolution} was chosen`);
  }
  const where = { param: `attributes.resolve.${name}`, attribute: name };
  if ('leaveOut' in resolution) {
    if (!Object.hasOwn(REQUIRED_ATTRIBUTES, name)) return { reason: 'left out, as chosen' };
    if (!Object.hasOwn(ctx.params.attributes.resolve, name)) return undefined;
    const message = `Every OpenEXR file needs ${name}, so it cannot be left out. Choose a source or a value.`;
    ctx.report({ severity: 'error', code: 'attribute-structural', message, where });
    return undefined;
  }
  const type = resolution.type ?? held[0]!.attribute.type;
  if (Object.hasOwn(REQUIRED_ATTRIBUTES, name) && type !== REQUIRED_ATTRIBUTES[name]) {
    const message = `Expected type ${REQUIRED_ATTRIBUTES[name]} for ${name}, found ${type}.`;
    ctx.report({ severity: 'error', code: 'attribute-value', message, where });
    return undefined;
  }
  try {
    const attribute = { ...encodeAttribute(name, type, resolution.value), source: ctx.node };
    return { attribute, reason: 'a custom value was chosen' };
  } catch (thrown) {
    const { code, message } = asEngineError(thrown);
    ctx.report({ severity: 'error', code, message, where });
    return undefined;
  }
}

function loseUnless(ctx: Context, giver: Giver, attribute: Attribute, choice: Choice): void {
  const standing = 'attribute' in choice ? choice.attribute : undefined;
  if (standing && sameAttribute(standing, attribute)) return;
  ctx.lose({
    kind: 'attribute',
    port: `sources.${giver.source}`,
    part: giver.index,
    name: attribute.name,
    reason: choice.reason,
    replaced: standing !== undefined,
  });
}

function reportConflict(ctx: Context, name: string, held: readonly Holder[]): void {
  const { attributes } = ctx.params;
  const labels = held.map((h) => h.giver.label);
  const set = (value: Resolution): Record<string, Json> => ({ attributes: withResolution(attributes, name, value) });
  ctx.report({
    severity: 'error',
    code: 'attribute-conflict',
    message:
      `Sources disagree on ${name}: ${held.map((h) => `${h.giver.label} has ${attributeSummary(h.attribute)}`).join('; ')}. ` +
      `Choose a source, a value of your own ("attributes": { "resolve": { "${name}": { "value": … } } }), or leave it out.`,
    where: { param: `attributes.resolve.${name}`, attribute: name },
    fixes: [
      ...labels.map((label) => ({ title: `${name}: take that of ${label}`, set: set(label) })),
      ...(Object.hasOwn(REQUIRED_ATTRIBUTES, name)
        ? []
        : [{ title: `${name}: leave it out`, set: set({ leaveOut: true }) }]),
      ...labels.map((label) => ({
        title: `All such attributes: take those of ${label}`,
        set: { attributes: { ...attributes, resolveAll: label } as Json },
      })),
      {
        title: 'All such attributes: leave them out',
        set: { attributes: { ...attributes, resolveAll: { leaveOut: true } } as Json },
      },
    ],
  });
}

const withResolution = (attributes: Params['attributes'], name: string, value: Resolution): Json =>
  ({ ...attributes, resolve: { ...attributes.resolve, [name]: value } }) as Json;

function unknownSource(
  ctx: Pick<Context, 'report'>,
  name: string,
  connected: readonly string[],
  param: string,
  fixed: (near: string) => unknown,
): void {
  ctx.report({
    severity: 'error',
    code: 'source-unknown',
    message: `There is no source ${name}. Connected: ${listNames(connected)}.`,
    where: { param },
    fixes: connected.map((near) => ({ title: `Use ${near}`, set: { attributes: fixed(near) as Json } })),
  });
}
