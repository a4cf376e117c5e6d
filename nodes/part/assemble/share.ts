// Sharing: the attributes that all parts of a file must agree on, checked and, where asked, taken from one input.
import {
  type Attribute,
  attributeSummary,
  boxEquals,
  boxText,
  findAttribute,
  type Json,
  listNames,
  type NodeProblem,
  type PartSpec,
  type SHARED_ATTRIBUTES,
  sameAttribute,
  withAttribute,
  withHeaderNames,
} from '../../../engine/authoring.ts';
import { type Context, type Entry, entryPort } from './collect.ts';

type Shared = (typeof SHARED_ATTRIBUTES)[number];

/**
 * The parts with one shared attribute made equal where the parameters say whose value is taken. Otherwise reports parts
 * that have another value than the first part, or one where the first part has none.
 */
export function shareAttributes<E extends Entry>(ctx: Context, entries: readonly E[], name: Shared): E[] {
  const told = ctx.params.shared[name];
  if (told === undefined) {
    reportDifference(ctx, entries, name);
    return [...entries];
  }
  const model = entries.find((e) => e.input === told && has(e.part, name)) ?? entries.find((e) => e.input === told);
  if (!model) {
    const inputs = inputNames(entries);
    const message = `There is no input ${told} to take ${name} from. Connected: ${listNames(inputs)}.`;
    report(ctx, 'source-unknown', name, message, inputs);
    return [...entries];
  }
  if (!has(model.part, name)) {
    const holders = inputNames(entries.filter((e) => has(e.part, name)));
    const severity = holders.length > 0 ? 'error' : 'warning';
    report(ctx, 'attribute-unknown', name, `${told} has no ${name} that all parts could take.`, holders, severity);
    return [...entries];
  }
  return entries.map((entry) => take(ctx, entry, model.part, name));
}

const has = (part: PartSpec, name: Shared): boolean =>
  name === 'displayWindow' || findAttribute(part.attributes, name) !== undefined;

const inputNames = (entries: readonly Entry[]): string[] => [...new Set(entries.map((e) => e.input))];

function same(a: PartSpec, b: PartSpec, name: Shared): boolean {
  if (name === 'displayWindow') return boxEquals(a.displayWindow, b.displayWindow);
  const x = findAttribute(a.attributes, name);
  const y = findAttribute(b.attributes, name);
  return y === undefined || (x !== undefined && sameAttribute(x, y));
}

function reportDifference(ctx: Context, entries: readonly Entry[], name: Shared): void {
  const first = entries[0]!.part;
  if (entries.every((entry) => same(first, entry.part, name))) return;
  const text = ({ input, part }: Entry): string => {
    if (name === 'displayWindow') return `${input} ${boxText(part.displayWindow)}`;
    const attribute = findAttribute(part.attributes, name);
    return `${input} ${attribute ? attributeSummary(attribute) : 'none'}`;
  };
  const values = listNames([...new Set(entries.map(text))]);
  const message = `The parts of a file share ${name}, but they differ: ${values}. Say whose value all parts take.`;
  const holders = inputNames(entries.filter((entry) => has(entry.part, name)));
  report(ctx, name === 'displayWindow' ? 'window-mismatch' : 'attribute-conflict', name, message, holders);
}

function report(
  ctx: Context,
  code: NodeProblem['code'],
  name: Shared,
  message: string,
  inputs: readonly string[],
  severity: NodeProblem['severity'] = 'error',
): void {
  ctx.report({
    severity,
    code,
    message,
    where: { param: `shared.${name}`, attribute: name },
    fixes: inputs.map((input) => ({
      title: `${name}: take that of ${input} for all`,
      set: { shared: { ...ctx.params.shared, [name]: input } as Json },
    })),
  });
}

function take<E extends Entry>(ctx: Context, entry: E, model: PartSpec, name: Shared): E {
  if (has(entry.part, name) && same(model, entry.part, name)) return entry;
  const kind = name === 'displayWindow' ? 'window' : 'attribute';
  if (has(entry.part, name)) {
    const reason = 'replaced, since all parts share it';
    ctx.lose({ kind, port: entryPort(entry), part: entry.index, name, reason, replaced: true });
  }
  if (name === 'displayWindow') return { ...entry, part: { ...entry.part, displayWindow: model.displayWindow } };
  const shared: Attribute = { ...findAttribute(model.attributes, name)!, source: ctx.node };
  const { stored } = entry.part;
  const part: PartSpec = {
    ...entry.part,
    attributes: withAttribute(entry.part.attributes, shared),
    ...(stored ? { stored: withHeaderNames(stored, [name]) } : {}),
  };
  return { ...entry, part };
}
