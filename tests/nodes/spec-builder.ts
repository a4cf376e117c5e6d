// Builds image specs by hand and describes single nodes with them, for tests of nodes that never touch pixels.
import { expect } from 'vitest';
import {
  type AnyNode,
  type Attribute,
  type Box,
  box,
  type ChannelSpec,
  encodeAttribute,
  type ImageSpec,
  type Json,
  type Loss,
  type NodeProblem,
  type PartSpec,
  type SampleType,
  type Stored,
  sortChannels,
} from '../../engine/authoring.ts';

export const HD = box(0, 0, 63, 35);

/** `R` is half, `Z:float` and `id:uint` say their type. */
export function channel(text: string, more: Partial<ChannelSpec> = {}): ChannelSpec {
  const [name = '', type = 'half'] = text.split(':');
  return {
    name,
    type: type as SampleType,
    sampling: { x: 1, y: 1 },
    pLinear: 0,
    origin: { from: 'computed' },
    ...more,
  };
}

export const attribute = (name: string, type: string, value: Json): Attribute => encodeAttribute(name, type, value);
export const text = (name: string, value: string): Attribute => attribute(name, 'string', value);
export const blob = (name: string, ...bytes: number[]): Attribute => ({
  name,
  type: 'blob',
  bytes: Uint8Array.from(bytes),
});

export interface PartParts {
  readonly name?: string;
  readonly view?: string;
  readonly kind?: 'flat' | 'deep';
  readonly channels?: readonly (string | ChannelSpec)[];
  readonly attributes?: readonly Attribute[];
  readonly data?: Box;
  readonly display?: Box;
  readonly stored?: Partial<Stored>;
}

/** A part as a reader gives it, with the attributes that every file has. */
export function part(parts: PartParts = {}): PartSpec {
  const {
    name,
    view,
    kind = 'flat',
    channels = ['R', 'G', 'B', 'A'],
    attributes = [],
    data = HD,
    display = HD,
  } = parts;
  const all = [
    ...attributes,
    attribute('pixelAspectRatio', 'float', 1),
    attribute('screenWindowCenter', 'v2f', [0, 0]),
    attribute('screenWindowWidth', 'float', 1),
  ];
  const set = all.filter((a, i) => all.findIndex((b) => b.name === a.name) === i);
  return {
    ...(name === undefined ? {} : { name }),
    ...(view === undefined ? {} : { view }),
    kind,
    dataWindow: data,
    displayWindow: display,
    channels: sortChannels(channels.map((c) => (typeof c === 'string' ? channel(c) : c))),
    attributes: set,
    stored: {
      compression: 'zip',
      lineOrder: 'increasing',
      headerOrder: ['channels', 'compression', 'dataWindow', 'displayWindow', ...set.map((a) => a.name)],
      chunks: { file: `/${name ?? 'file'}.exr`, part: 0 },
      ...parts.stored,
    },
  };
}

export const picture = (...parts: readonly (PartSpec | PartParts)[]): ImageSpec => ({
  parts: parts.map((p) => ('dataWindow' in p ? p : part(p))),
});

export interface Description {
  readonly spec: ImageSpec;
  readonly problems: readonly NodeProblem[];
  readonly losses: readonly Loss[];
}

/** What a node says of these inputs under these parameters, which must satisfy its schema. */
export async function describeNode(
  node: AnyNode,
  params: Readonly<Record<string, unknown>>,
  inputs: unknown,
): Promise<Description> {
  const problems: NodeProblem[] = [];
  const losses: Loss[] = [];
  const refuse = (): never => expect.unreachable('a description needs nothing outside the graph');
  const spec = (await node.spec!({
    node: 'node1',
    params: node.params.parse(params),
    frame: 1001,
    timeline: { align: 'number', mismatch: 'stop-at-shortest', start: 1001, count: 8 },
    services: { resolve: refuse, share: refuse },
    signal: new AbortController().signal,
    inputs: inputs as never,
    report: (problem: NodeProblem) => problems.push(problem),
    lose: (loss: Loss) => losses.push(loss),
    found: () => {},
  })) as ImageSpec;
  return { spec, problems, losses };
}

/** `error channel-unknown rows[0].from` for each problem. */
export const problemLines = ({ problems }: Description): string[] =>
  problems.map((p) => `${p.severity} ${p.code}${p.where?.param === undefined ? '' : ` ${p.where.param}`}`);

/** `channel sources.a #0 R: reason` for each loss, with `~` before those that are only replaced. */
export const lossLines = ({ losses }: Description): string[] =>
  losses.map((l) => `${l.replaced ? '~' : l.cleared ? '^' : ''}${l.kind} ${l.port} #${l.part} ${l.name}: ${l.reason}`);

/** `Z:float ← sources.utility #0 Z` for each channel of a part. */
export const channelLines = (spec: ImageSpec, index = 0): string[] =>
  spec.parts[index]!.channels.map((c) => {
    const o = c.origin;
    const from =
      o.from === 'input'
        ? `${o.port} #${o.part} ${o.channel}${o.fill ? ` fill ${o.fill}` : ''}`
        : o.from === 'constant'
          ? `${o.value}`
          : '?';
    return `${c.name}:${c.type} ← ${from}`;
  });

/** Applies every fix of every problem with this code; each must satisfy the schema and make that problem go away. */
export async function provenFixes(
  node: AnyNode,
  params: Readonly<Record<string, unknown>>,
  inputs: unknown,
  code: NodeProblem['code'],
): Promise<string[]> {
  const { problems } = await describeNode(node, params, inputs);
  const titles: string[] = [];
  for (const problem of problems.filter((p) => p.code === code)) {
    for (const fix of problem.fixes ?? []) {
      const after = await describeNode(node, { ...params, ...fix.set }, inputs);
      const left = after.problems.filter((p) => p.code === code && p.message === problem.message);
      expect(left, fix.title).toEqual([]);
      titles.push(fix.title);
    }
  }
  return titles;
}

/** A small generator of repeatable numbers (mulberry32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A whole number from 0 to below `sides`. */
  roll(sides: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % sides;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.roll(items.length)]!;
  }

  /** Some of the items, in order. */
  some<T>(items: readonly T[]): T[] {
    return items.filter(() => this.roll(2) === 1);
  }
}

/** A random image of one to three parts, whose names, values and windows often clash with those of another one. */
export function randomPicture(dice: Dice): ImageSpec {
  const count = dice.pick([1, 1, 1, 2, 3]);
  const parts = Array.from({ length: count }, (_, i) => {
    const names = dice.some(['R', 'G', 'B', 'A', 'Z:float', 'id:uint', 'spec.R', 'spec.G', 'N.X:float', 'a/b']);
    const attributes = dice
      .some(['owner', 'comment', 'shot', 'constructor'])
      .map((name) => text(name, dice.pick(['x', 'y'])));
    if (dice.roll(3) === 0) attributes.push(blob('odd', dice.roll(3)));
    if (dice.roll(3) === 0) attributes.push(attribute('pixelAspectRatio', 'float', 1 + dice.roll(2)));
    return part({
      ...(count > 1 || dice.roll(3) === 0 ? { name: dice.pick(['main', 'left']) + (count > 1 ? i : '') } : {}),
      channels: names.length > 0 ? names : ['Y'],
      attributes,
      data: dice.pick([HD, HD, HD, box(-4, 0, 40, 20)]),
    });
  });
  return { parts };
}
