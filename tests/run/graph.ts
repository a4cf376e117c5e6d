// Small graphs for tests: a document from nodes and links, a source node that makes pixels by formula, and an evaluator.
import { z } from 'zod';
import {
  type AnyNode,
  createPlane,
  defineNode,
  type PartSpec,
  type Plane,
  type SampleType,
} from '../../engine/authoring.ts';
import type { Json } from '../../engine/base/canonical.ts';
import type { Animations } from '../../engine/document/animation.ts';
import { type Document, emptyDocument } from '../../engine/document/schema.ts';
import { PlaneCache } from '../../engine/evaluate/cache.ts';
import { Evaluator, type Observer } from '../../engine/evaluate/evaluator.ts';
import { createRegistry } from '../../engine/node/registry.ts';
import { Descriptions } from '../../engine/plan/describe.ts';
import { makePlan } from '../../engine/plan/plan.ts';
import { FileServices } from '../../engine/run/services.ts';
import { nodes as builtIn } from '../../nodes/index.ts';

export interface NodeSketch {
  readonly type: string;
  readonly params?: Readonly<Record<string, Json>>;
  readonly disabled?: true;
  readonly animation?: Animations;
}

/** A document from node sketches and links written `from > to`. */
export function graph(
  nodes: Readonly<Record<string, NodeSketch>>,
  links: readonly string[],
  more: Partial<Document> = {},
): Document {
  return {
    ...emptyDocument('test'),
    ...more,
    nodes: Object.fromEntries(
      Object.entries(nodes).map(([id, { type, params = {}, disabled, animation }]) => [
        id,
        {
          type,
          version: 1,
          params,
          at: [0, 0] as const,
          ...(disabled ? { disabled } : {}),
          ...(animation ? { animation } : {}),
        },
      ]),
    ),
    links: links.map((link) => {
      const [from = '', to = ''] = link.split(' > ');
      return { from, to };
    }),
  };
}

/** The sample of `test.pattern`: a whole number that half holds exactly, different for each channel, place and seed. */
export function patternSample(channel: string, x: number, y: number, seed: number): number {
  let hash = seed | 0;
  for (const c of channel) hash = (Math.imul(hash, 31) + c.charCodeAt(0)) | 0;
  return ((hash ^ Math.imul(x, 73) ^ Math.imul(y, 151)) & 0x3ff) + 1;
}

const TYPES = ['half', 'float', 'uint'] as const;

/** Counts its pulls, so that tests can tell what was asked of it. */
export const pulls: { node: string; channels: readonly string[]; rows: number }[] = [];

export const pattern = defineNode({
  type: 'test.pattern',
  version: 1,
  title: 'Pattern',
  doc: 'Makes pixels by formula.',
  params: z.strictObject({
    seed: z.int().default(0),
    channels: z.array(z.strictObject({ name: z.string(), type: z.enum(TYPES) })).default([
      { name: 'A', type: 'half' },
      { name: 'B', type: 'half' },
      { name: 'G', type: 'half' },
      { name: 'R', type: 'half' },
      { name: 'Z', type: 'float' },
      { name: 'id', type: 'uint' },
    ]),
    window: z.tuple([z.int(), z.int(), z.int(), z.int()]).default([-3, -2, 40, 37]),
    parts: z.int().min(1).max(4).default(1),
    moving: z.boolean().default(false),
  }),
  inputs: {},
  timed: true,
  spec: ({ params }) => {
    const [minX, minY, maxX, maxY] = params.window;
    const part = (index: number): PartSpec => ({
      ...(params.parts > 1 ? { name: `part${index}` } : {}),
      kind: 'flat',
      dataWindow: { minX, minY, maxX, maxY },
      displayWindow: { minX: 0, minY: 0, maxX: 31, maxY: 31 },
      channels: params.channels.map(({ name, type }) => ({
        name,
        type,
        sampling: { x: 1, y: 1 },
        pLinear: 0,
        origin: { from: 'computed' },
      })),
      attributes: [
        { name: 'owner', type: 'string', bytes: new TextEncoder().encode(`seed ${params.seed}`), source: 'pattern' },
      ],
    });
    return { parts: Array.from({ length: params.parts }, (_, i) => part(i)) };
  },
  pull: async ({ params, frame, node }, want) => {
    pulls.push({ node, channels: want.channels, rows: want.box.maxY - want.box.minY + 1 });
    const seed = params.seed + (params.moving ? frame : 0) + want.part * 7;
    return new Map(
      want.channels.map((name): [string, Plane] => {
        const type = params.channels.find((c) => c.name === name)!.type;
        return [name, fill(type, want.box, (x, y) => patternSample(name, x, y, seed))];
      }),
    );
  },
});

/** A plane by formula; half samples are given as numbers and must be whole and below 2049. */
export function fill(type: SampleType, box: Plane['box'], sample: (x: number, y: number) => number): Plane {
  const plane = createPlane(type, box);
  let i = 0;
  for (let y = box.minY; y <= box.maxY; y++) {
    for (let x = box.minX; x <= box.maxX; x++)
      plane.samples[i++] = type === 'half' ? halfBits(sample(x, y)) : sample(x, y);
  }
  return plane;
}

/** The half of a whole number from 0 to 2048. */
export function halfBits(value: number): number {
  if (value === 0) return 0;
  const exponent = 31 - Math.clz32(value);
  return ((exponent + 15) << 10) | ((value << (10 - exponent)) & 0x3ff);
}

export const registry = createRegistry([...builtIn, pattern as AnyNode]);

export interface Bench {
  readonly descriptions: Descriptions;
  readonly evaluator: Evaluator;
  readonly services: FileServices;
}

/** Descriptions and an evaluator for a document; `more` are nodes besides the built-in ones. */
export function bench(
  document: Document,
  options: {
    readonly more?: readonly AnyNode[];
    readonly observer?: Observer;
    readonly cache?: PlaneCache;
    readonly cacheBytes?: number;
    readonly folder?: string;
    readonly services?: FileServices;
  } = {},
): Bench {
  const known = options.more ? createRegistry([...builtIn, pattern as AnyNode, ...options.more]) : registry;
  const services = options.services ?? new FileServices({ folder: options.folder ?? '.' });
  const descriptions = new Descriptions(makePlan(document, known), {
    services,
    timeline: { align: 'number', mismatch: 'stop-at-shortest', start: 1, count: 1 },
    signal: new AbortController().signal,
  });
  const evaluator = new Evaluator(descriptions, {
    cache: options.cache ?? new PlaneCache(options.cacheBytes ?? 0),
    ...(options.observer ? { observer: options.observer } : {}),
  });
  return { descriptions, evaluator, services };
}

export const never = new AbortController().signal;
