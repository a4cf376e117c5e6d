// Rows of expressions: which channel each makes, what its names stand for, and its samples.
import {
  boxHeight,
  boxWidth,
  type ChannelSpec,
  compileExpression,
  convertPlane,
  createPlane,
  type Expression,
  findPart,
  type ImageSource,
  type ImageSpec,
  type Meaning,
  matchesName,
  type NameSyntax,
  type PartSpec,
  type Plane,
  type Planes,
  type Program,
  parseExpression,
  type SampleType,
  TILE,
  type Want,
} from '../../../engine/authoring.ts';

export interface Row {
  readonly to: string;
  readonly expression: string;
  readonly type?: SampleType | undefined;
}

export interface Params {
  readonly rows: readonly Row[];
  readonly part: string;
  readonly values: Readonly<Record<string, number>>;
}

/** The number of the part to work on; undefined where there is none. */
export const chosenPart = ({ part }: Params, parts: readonly PartSpec[]): number | undefined =>
  findPart(parts, part === '' ? 0 : part);

/** A channel that a row makes. */
export interface Target {
  readonly name: string;
  /** The row's number. */
  readonly row: number;
  readonly expression: Expression;
  /** The channel of that name as it comes in. */
  readonly before?: ChannelSpec;
}

/** What the names of a row can stand for besides channels and the node's values. */
const OWN = ['x', 'y', 'width', 'height', 'frame', 'this'] as const;
export type OwnName = (typeof OWN)[number];

/** A name in a row, told apart. */
export type Named =
  | { readonly kind: 'own'; readonly name: OwnName }
  | { readonly kind: 'channel'; readonly channel: ChannelSpec }
  | { readonly kind: 'value'; readonly value: number }
  /** It would be a channel as well as a value. */
  | { readonly kind: 'both' }
  | { readonly kind: 'none' };

export function meaningOf({ name, quoted }: NameSyntax, part: PartSpec, { values }: Pick<Params, 'values'>): Named {
  const own = quoted ? undefined : OWN.find((known) => known === name);
  if (own) return { kind: 'own', name: own };
  const channel = part.channels.find((c) => c.name === name);
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (channel) return value === undefined ? { kind: 'channel', channel } : { kind: 'both' };
  return value === undefined ? { kind: 'none' } : { kind: 'value', value };
}

/** The channels that a row makes. Throws `expression-syntax`. */
export function targetsOf({ to, expression }: Row, row: number, part: PartSpec): Target[] {
  const read = parseExpression(expression);
  const found = part.channels.filter((c) => (to.includes('*') ? matchesName(to, c.name) : c.name === to));
  if (found.length === 0 && !to.includes('*')) return [{ name: to, row, expression: read }];
  return found.map((before) => ({ name: before.name, row, expression: read, before }));
}

/** The channels of the part whose samples a target is made of. */
export function channelsOf({ expression, before }: Target, part: PartSpec, params: Params): ChannelSpec[] {
  return expression.names.flatMap((name) => {
    const named = meaningOf(name, part, params);
    if (named.kind === 'channel') return [named.channel];
    return named.kind === 'own' && named.name === 'this' && before ? [before] : [];
  });
}

/** The type of what a target makes. */
export function typeOf(target: Target, part: PartSpec, params: Params): SampleType {
  const asked = params.rows[target.row]!.type ?? target.before?.type;
  if (asked) return asked;
  const channels = channelsOf(target, part, params);
  return channels.length > 0 && channels.every((c) => c.type === 'half') ? 'half' : 'float';
}

interface Pull {
  readonly params: Params;
  readonly frame: number;
  readonly inputs: { readonly image: ImageSpec };
  readonly sources: { readonly image: ImageSource };
  readonly signal: AbortSignal;
}

/** The wanted channels of the chosen part. */
export async function makeChannels(ctx: Pull, want: Want): Promise<Planes> {
  const { params, sources } = ctx;
  const part = ctx.inputs.image.parts[want.part]!;
  const targets = params.rows
    .flatMap((row, i) => targetsOf(row, i, part))
    .filter((target) => want.channels.includes(target.name));
  const names = new Set(targets.flatMap((target) => channelsOf(target, part, params)).map((c) => c.name));
  const planes =
    names.size === 0
      ? new Map<string, Plane>()
      : await sources.image.planes({ part: want.part, channels: [...names], box: want.box });
  const numbers = new Map([...names].map((name) => [name, numbersOf(planes.get(name)!)]));
  return new Map(
    targets.map((target): [string, Plane] => {
      ctx.signal.throwIfAborted();
      return [target.name, fill(ctx, target, part, want, numbers)];
    }),
  );
}

/** Samples as numbers: half as float, whole numbers as they are. */
const numbersOf = (plane: Plane): Plane['samples'] =>
  plane.type === 'half' ? convertPlane(plane, 'float').plane.samples : plane.samples;

function fill(
  ctx: Pull,
  target: Target,
  part: PartSpec,
  { box }: Want,
  numbers: ReadonlyMap<string, Plane['samples']>,
): Plane {
  const type = typeOf(target, part, ctx.params);
  const made = createPlane(type === 'half' ? 'float' : type, box);
  const program = compileExpression(target.expression, (name) => resolve(name, ctx, target, part));
  for (let at = 0; at < made.samples.length; at += TILE) {
    const count = Math.min(TILE, made.samples.length - at);
    feed(program, made, at, count, numbers);
    const results = program.run(count);
    if (type === 'uint') for (let i = 0; i < count; i++) made.samples[at + i] = whole(results[i]!);
    else made.samples.set(results.subarray(0, count), at);
  }
  return type === 'half' ? convertPlane(made, 'half').plane : made;
}

function resolve(name: NameSyntax, { params, frame }: Pull, { before }: Target, part: PartSpec): Meaning {
  const named = meaningOf(name, part, params);
  if (named.kind === 'value') return { value: named.value };
  if (named.kind === 'channel') return { array: channelKey(named.channel.name) };
  if (named.kind !== 'own') throw new RangeError(`${name.name} stands for nothing.`);
  switch (named.name) {
    case 'frame':
      return { value: frame };
    case 'width':
      return { value: boxWidth(part.displayWindow) };
    case 'height':
      return { value: boxHeight(part.displayWindow) };
    case 'this':
      return { array: channelKey(before!.name) };
    default:
      return { array: named.name };
  }
}

/** Apart from `x` and `y`, which a channel may be called as well. */
const channelKey = (name: string): string => `channel ${name}`;

/** Puts the samples from `at` on into the inputs of the program. */
function feed(
  { inputs }: Program,
  { box, columns }: Plane,
  at: number,
  count: number,
  numbers: ReadonlyMap<string, Plane['samples']>,
): void {
  for (const [key, buffer] of inputs) {
    if (key === 'x') for (let i = 0; i < count; i++) buffer[i] = box.minX + ((at + i) % columns);
    else if (key === 'y') for (let i = 0; i < count; i++) buffer[i] = box.minY + Math.floor((at + i) / columns);
    else buffer.set(numbers.get(key.slice(channelKey('').length))!.subarray(at, at + count));
  }
}

/** The nearest whole number from 0 to 4294967295; 0 for what is none. */
const whole = (value: number): number => (value > 0 ? Math.min(0xffffffff, Math.round(value)) : 0);
