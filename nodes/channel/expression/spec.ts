// Describing the rows of an expression: the part that they make of the one that comes in, and what is wrong with them.
import {
  asEngineError,
  type ChannelSpec,
  FULL_SAMPLING,
  listNames,
  type NodeProblem,
  nameText,
  nameTrouble,
  nearNames,
  type PartSpec,
  parseExpression,
  passPart,
  recomputePart,
  sortChannels,
  workProblems,
} from '../../../engine/authoring.ts';
import { channelsOf, meaningOf, type Params, type Target, targetsOf, typeOf } from './rows.ts';

interface Context {
  readonly params: Params;
  report(problem: NodeProblem): void;
}

const TITLE = 'Expression';

/** True where samples change with the frame by themselves. */
export const framesMatter = ({ rows }: Params): boolean =>
  rows.some(({ expression }) => {
    try {
      return parseExpression(expression).names.some(({ name, quoted }) => name === 'frame' && !quoted);
    } catch {
      return false; // told by the spec
    }
  });

export function describeRows(ctx: Context, part: PartSpec, index: number): PartSpec {
  const targets = ctx.params.rows.flatMap((_, row) => soundTargets(ctx, part, row));
  const first = new Map<string, Target>();
  for (const target of targets) {
    const other = first.get(target.name);
    if (!other) first.set(target.name, target);
    else {
      const message = `Rows ${other.row + 1} and ${target.row + 1} both make ${target.name}. Remove one, or let it make another channel.`;
      ctx.report(problem('channel-duplicate', message, `rows[${target.row}].to`));
    }
  }
  if (first.size === 0) return passPart(part, 'image', index);
  const touched = new Set(
    [...first.values()].flatMap((target) => channelsOf(target, part, ctx.params)).map((c) => c.name),
  );
  const work = { part, index, title: TITLE, types: ['half', 'float', 'uint'], param: 'rows' } as const;
  for (const found of workProblems({ ...work, channels: new Set([...touched, ...first.keys()]) })) ctx.report(found);
  if (part.kind === 'deep' && touched.size === 0) {
    const message = `${TITLE} works on flat parts, and this one is deep. Put Flatten deep before, or choose another part.`;
    ctx.report(problem('deep-unsupported', message, 'part'));
  }
  const others = part.channels.filter((c) => !first.has(c.name));
  const made = [...first.values()].map(
    (target): ChannelSpec => ({
      ...(target.before ?? { name: target.name, sampling: FULL_SAMPLING, pLinear: 0 }),
      type: typeOf(target, part, ctx.params),
      origin: { from: 'computed' },
    }),
  );
  const whole = { ...part, channels: sortChannels([...others, ...made]) };
  return recomputePart(whole, 'image', index, new Set(first.keys()));
}

/** The targets of a row; none where it is wrong, which is reported. */
function soundTargets(ctx: Context, part: PartSpec, row: number): Target[] {
  const { to, expression } = ctx.params.rows[row]!;
  const places = { to: `rows[${row}].to`, expression: `rows[${row}].expression` };
  let targets: Target[];
  try {
    targets = targetsOf(ctx.params.rows[row]!, row, part);
  } catch (thrown) {
    const { code, message } = asEngineError(thrown);
    ctx.report(problem(code, `Row ${row + 1}: ${message}`, places.expression));
    return [];
  }
  const known = part.channels.map((c) => c.name);
  if (targets.length === 0) {
    const message = `No channel fits ${to}, so that row ${row + 1} makes none. Channels: ${listNames(known)}.`;
    ctx.report({ ...problem('channel-unknown', message, places.to), severity: 'warning' });
    return [];
  }
  const trouble = nameTrouble(to);
  if (trouble !== undefined) {
    ctx.report(problem('channel-name', `The channel name in row ${row + 1} ${trouble}.`, places.to));
    return [];
  }
  for (const name of targets[0]!.expression.names) {
    const wrong = wrongName(ctx, part, targets[0]!, name);
    if (wrong === undefined) continue;
    const message = `Row ${row + 1}: ${wrong} (column ${name.start + 1} of ${expression}).`;
    const near = nearNames(name.name, known);
    const fixes = near.map((other) => ({
      title: `Use ${other}`,
      set: {
        rows: withExpression(
          ctx.params,
          row,
          expression.slice(0, name.start) + nameText(other) + expression.slice(name.end),
        ),
      },
    }));
    ctx.report({ ...problem('channel-unknown', message, places.expression), fixes });
    return [];
  }
  return targets;
}

function wrongName(
  { params }: Context,
  part: PartSpec,
  { before, name: to }: Target,
  syntax: Target['expression']['names'][number],
): string | undefined {
  const named = meaningOf(syntax, part, params);
  if (named.kind === 'both') return `${syntax.name} is a channel and a value of this node; give the value another name`;
  if (named.kind === 'own' && named.name === 'this' && !before)
    return `there is no channel ${to} yet, so that this stands for nothing`;
  if (named.kind !== 'none') return undefined;
  return `there is no channel ${syntax.name}; there are: ${listNames(part.channels.map((c) => c.name))}`;
}

const withExpression = (params: Params, row: number, expression: string) =>
  params.rows.map(({ to, expression: before, type }, i) => ({
    to,
    expression: i === row ? expression : before,
    ...(type ? { type } : {}),
  }));

const problem = (code: NodeProblem['code'], message: string, param: string): NodeProblem => ({
  severity: 'error',
  code,
  message,
  where: { param },
});
