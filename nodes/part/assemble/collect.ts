// Collecting: the parts of all inputs in order, each with its name and view in the assembled image.
import {
  type ImageSpec,
  type Json,
  type Loss,
  listNames,
  type NodeProblem,
  nameTrouble,
  nearNames,
  type PartSpec,
  partLabel,
  passPart,
} from '../../../engine/authoring.ts';

/** What the functions of this folder need of the node's context. */
export interface Context {
  readonly node: string;
  readonly params: {
    readonly order: readonly string[];
    readonly names: Readonly<Record<string, string>>;
    readonly views: Readonly<Record<string, string>>;
    readonly shared: Readonly<Record<string, string | undefined>>;
  };
  readonly inputs: { readonly parts: Readonly<Record<string, ImageSpec>> };
  report(problem: NodeProblem): void;
  lose(loss: Loss): void;
}

/** A part on its way, with the input and the part of it that it comes from. */
export interface Entry {
  readonly input: string;
  readonly index: number;
  /** True where its input has no other part. */
  readonly only: boolean;
  readonly part: PartSpec;
}

export const entryPort = (entry: Entry): string => `parts.${entry.input}`;

/** The key under which `names` and `views` speak of a part beside the name of the input alone. */
const entryKey = (entry: Entry, own: PartSpec): string => `${entry.input}/${partLabel(own, entry.index)}`;

/** All parts in order, handed on untouched. Reports inputs and keys that do not exist. */
export function collectParts(ctx: Context): Entry[] {
  const { parts: inputs } = ctx.inputs;
  const connected = Object.keys(inputs);
  const { order } = ctx.params;
  for (const [index, name] of order.entries()) {
    if (!Object.hasOwn(inputs, name)) {
      const near = nearNames(name, connected);
      ctx.report({
        severity: 'error',
        code: 'source-unknown',
        message: `There is no input ${name} to put in order. Connected: ${listNames(connected)}.`,
        where: { param: `order[${index}]` },
        fixes: [
          ...near.map((other) => ({ title: `Use ${other}`, set: { order: order.with(index, other) } })),
          { title: `Remove ${name} from the order`, set: { order: order.toSpliced(index, 1) } },
        ],
      });
    } else if (order.indexOf(name) !== index) {
      const message = `${name} stands in the order twice. Its parts can be in the image once.`;
      const fixes = [{ title: 'Remove the second', set: { order: order.toSpliced(index, 1) } }];
      ctx.report({ severity: 'error', code: 'part-duplicate', message, where: { param: `order[${index}]` }, fixes });
    }
  }
  const sorted = [...new Set([...order.filter((name) => Object.hasOwn(inputs, name)), ...connected])];
  const entries = sorted.flatMap((input) =>
    inputs[input]!.parts.map((part, index, all): Entry => {
      return { input, index, only: all.length === 1, part: passPart(part, `parts.${input}`, index) };
    }),
  );
  for (const param of ['names', 'views'] as const) checkKeys(ctx, entries, param);
  return entries;
}

function checkKeys(ctx: Context, entries: readonly Entry[], param: 'names' | 'views'): void {
  const keys = new Set(entries.flatMap((e) => [...(e.only ? [e.input] : []), entryKey(e, e.part)]));
  for (const key of Object.keys(ctx.params[param])) {
    if (keys.has(key)) continue;
    const own = entries.filter((e) => e.input === key).map((e) => entryKey(e, e.part));
    const message =
      own.length > 0
        ? `${key} has several parts; give a value for ${listNames(own)}.`
        : `There is no input or part ${key}. There are: ${listNames([...keys])}.`;
    ctx.report({
      severity: 'error',
      code: own.length > 0 ? 'part-unknown' : 'source-unknown',
      message,
      where: { param: `${param}.${key}` },
    });
  }
}

/** The part under its name and view in the assembled image: as told, its own, or its input's name where one is needed. */
export function namePart(ctx: Context, entry: Entry, needsName: boolean): PartSpec {
  const { name: ownName, view: ownView, ...rest } = entry.part;
  const name = told(ctx.params.names, entry) ?? (needsName ? ownName || entry.input : ownName);
  const view = told(ctx.params.views, entry) ?? ownView;
  const trouble = name === undefined ? undefined : nameTrouble(name);
  if (trouble !== undefined && (needsName || name !== ownName)) {
    const fixes = [
      { title: `Name it ${entry.input}`, set: { names: { ...ctx.params.names, [keyFor(entry)]: entry.input } } },
    ];
    const message = `The name of part ${entryKey(entry, entry.part)} ${trouble}. Give it a name in "names".`;
    ctx.report({ severity: 'error', code: 'part-name', message, where: { param: 'names' }, fixes });
  }
  loseField(ctx, entry, 'name', ownName, name);
  loseField(ctx, entry, 'view', ownView, view);
  return { ...(name === undefined ? {} : { name }), ...(view === undefined ? {} : { view }), ...rest };
}

const keyFor = (entry: Entry): string => (entry.only ? entry.input : entryKey(entry, entry.part));

function told(values: Readonly<Record<string, string>>, entry: Entry): string | undefined {
  const exact = entryKey(entry, entry.part);
  if (Object.hasOwn(values, exact)) return values[exact];
  return entry.only && Object.hasOwn(values, entry.input) ? values[entry.input] : undefined;
}

function loseField(
  ctx: Context,
  entry: Entry,
  name: string,
  before: string | undefined,
  after: string | undefined,
): void {
  if (before === undefined || before === after) return;
  const reason = `changed to ${after}`;
  ctx.lose({ kind: 'attribute', port: entryPort(entry), part: entry.index, name, reason, replaced: true });
}

/** `named` holds the parts under their final names, in order. Reports names that two of them have. */
export function refuseDuplicates(ctx: Context, named: readonly Entry[]): void {
  const first = new Map<string, Entry>();
  const taken = new Set(named.map((entry) => entry.part.name));
  for (const entry of named) {
    const { name } = entry.part;
    if (name === undefined) continue;
    const before = first.get(name);
    if (!before) {
      first.set(name, entry);
      continue;
    }
    const own = ctx.inputs.parts[entry.input]!.parts[entry.index]!;
    const key = entry.only ? entry.input : entryKey(entry, own);
    const free = [entry.input, `${entry.input}.${name}`].find((candidate) => !taken.has(candidate));
    const names = (value: string): Json => ({ ...ctx.params.names, [key]: value });
    ctx.report({
      severity: 'error',
      code: 'part-duplicate',
      message: `${before.input} and ${entry.input} both have a part named ${name}. Give one of them another name.`,
      where: { param: 'names', part: name },
      fixes:
        free === undefined ? [] : [{ title: `Name the part of ${entry.input} ${free}`, set: { names: names(free) } }],
    });
  }
}
