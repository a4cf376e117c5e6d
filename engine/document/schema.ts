// The saved graph: its form as types and as a schema, and its limits.
import { z } from 'zod';
import type { Json } from '../base/canonical.ts';
import { type Animation, type Animations, animationTrouble } from './animation.ts';

/** The version of the format that is written; older ones are brought up to it by migrations. */
export const DOCUMENT_VERSION = 1;

/** What a document may hold at most. Checked before anything is trusted. */
export const LIMITS = {
  /** Bytes, or UTF-16 units where a string is given. */
  text: 16 * 1024 * 1024,
  /** Objects and arrays inside each other. */
  depth: 64,
  nodes: 20_000,
  links: 100_000,
  promoted: 10_000,
  variables: 10_000,
  /** Backdrops, and notes. */
  canvas: 10_000,
} as const;

/** A value of a parameter may be nested this deep, so that the document around it stays within `LIMITS.depth`. */
export const VALUE_DEPTH = LIMITS.depth - 4;

/** Which frames a graph renders by default and how inputs of different lengths are treated. */
export interface FrameSettings {
  /** As `parseFrames` reads it, variables allowed; absent where the frames follow from the inputs. */
  readonly range?: string;
  readonly mismatch: 'stop-at-shortest' | 'hold-last' | 'process-available';
  readonly align: 'number' | 'index';
}

export type Variable =
  | { readonly type: 'string'; readonly default: string }
  | { readonly type: 'number'; readonly default: number };

/** A parameter offered by the graph as a whole: one value that goes to one or more parameters of its nodes. */
export interface Promoted {
  readonly name: string;
  readonly title: string;
  readonly doc?: string;
  /** `node.param`, or `node.param.piece` to reach into an object. */
  readonly to: readonly string[];
}

/** Values by name, in the order in which they were set. */
export type Params = Readonly<Record<string, Json>>;

/** A place on the canvas. */
export type Position = readonly [x: number, y: number];

/** A coloured field with a title behind nodes. */
export interface Backdrop {
  readonly title: string;
  /** `#rrggbb` */
  readonly colour: string;
  readonly at: Position;
  /** Width and height, not negative. */
  readonly size: Position;
}

/** A text that stands beside nodes. */
export interface Note {
  readonly text: string;
  readonly at: Position;
  /** Width and height, not negative. */
  readonly size: Position;
}

/** What people put on the canvas besides nodes; by id, in the order in which it is drawn. It has no part in the picture. */
export interface Canvas {
  readonly backdrops: Readonly<Record<string, Backdrop>>;
  readonly notes: Readonly<Record<string, Note>>;
}

export interface DocumentNode {
  readonly type: string;
  readonly version: number;
  readonly title?: string;
  /** Present where the node is bypassed. */
  readonly disabled?: true;
  readonly params: Params;
  /** What makes values at each frame in place of those in `params`; absent where nothing does. */
  readonly animation?: Animations;
  readonly at: Position;
}

export interface Link {
  /** `node.port` */
  readonly from: string;
  /** `node.port`, or `node.port.name` at a port that takes many. */
  readonly to: string;
}

/** A graph as it is saved. Plain data, never changed in place. The order of nodes, links and all else is kept. */
export interface Document {
  readonly sluice: typeof DOCUMENT_VERSION;
  readonly name: string;
  readonly doc?: string;
  readonly frames: FrameSettings;
  readonly variables: Readonly<Record<string, Variable>>;
  readonly promoted: readonly Promoted[];
  readonly nodes: Readonly<Record<string, DocumentNode>>;
  readonly links: readonly Link[];
  /** Absent where there is neither a backdrop nor a note. */
  readonly canvas?: Canvas;
}

/** One end of a link, or the target of a promoted parameter, taken apart. */
export interface LinkEnd {
  readonly node: string;
  readonly port: string;
  /** The user's name for one of many at a port. */
  readonly name?: string;
}

/** `node.port` or `node.port.name` taken apart; the schema has checked its form. */
export function parseLinkEnd(text: string): LinkEnd {
  const [node = '', port = '', name] = text.split('.');
  return name === undefined ? { node, port } : { node, port, name };
}

/** The id of the node that a link end or a promoted target names. */
export const nodeOf = (end: string): string => end.slice(0, end.indexOf('.'));

// Names that every JavaScript object answers to: refused, so that no look-up can find what the document does not hold.
const RESERVED = new Set(Object.getOwnPropertyNames(Object.prototype).concat('prototype'));
const MOST_PIECES = 8;
const NAME = '[A-Za-z][A-Za-z0-9_-]{0,127}';
const IDENTIFIER = new RegExp(`^${NAME}$`);
const FRAME = 'frame';

const isName = (text: string): boolean => IDENTIFIER.test(text) && !RESERVED.has(text);
const pieces = (text: string, least: number, most: number): boolean => {
  const names = text.split('.', most + 1);
  return names.length >= least && names.length <= most && names.every(isName);
};

/** True for plain JSON with finite numbers, nested at most `depth` deep, without a `__proto__` key. */
export function isPlainJson(value: unknown, depth: number): value is Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || depth === 0) return false;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) if (!isPlainJson(value[i], depth - 1)) return false;
    return true;
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return Object.entries(value).every(([key, inner]) => key !== '__proto__' && isPlainJson(inner, depth - 1));
}

const nameText = z.string().refine(isName, {
  error: 'Expected a name: a letter, then letters, digits, _ or -, and no word that JavaScript reserves',
});
const variableName = nameText.refine((name) => name !== FRAME, {
  error: 'The name frame stands for the frame number and cannot be defined',
});
const typeText = z
  .string()
  .max(256)
  .refine((text) => pieces(text, 2, 8), { error: 'Expected a node type such as color.exposure' });
const targetText = z
  .string()
  .max(1024)
  .refine((text) => pieces(text, 2, 8), { error: 'Expected node.param' });
const value = z.custom<Json>((v) => isPlainJson(v, VALUE_DEPTH), {
  error: `Expected plain JSON with finite numbers, nested at most ${VALUE_DEPTH} deep`,
});
const isAnimatedPath = (text: string): boolean => {
  const [first = '', ...further] = text.split('.', MOST_PIECES + 1);
  const fits = (piece: string): boolean => isName(piece) || /^\d{1,6}$/.test(piece);
  return text.length <= 1024 && isName(first) && further.length < MOST_PIECES && further.every(fits);
};
const animatedPath = z
  .string()
  .refine(isAnimatedPath, { error: 'Expected a parameter such as stops, or a piece of one such as size.0' });
const animation = z
  .custom<Animation>(
    (v) => isPlainJson(v, VALUE_DEPTH - 1) && typeof v === 'object' && v !== null && !Array.isArray(v),
    {
      error: 'Expected an animation: keys or an expression',
    },
  )
  .superRefine((form, ctx) => {
    const message = animationTrouble(form as Readonly<Record<string, Json>>);
    if (message !== undefined) ctx.addIssue({ code: 'custom', message });
  });
const positive = z.int().min(1).max(1_000_000);
const position = z.tuple([z.number(), z.number()]).readonly();
const size = z.tuple([z.number().min(0), z.number().min(0)]).readonly();

/** The schemas of the pieces: strict, without defaults. Edits and documents are made of them. */
export const parts = {
  id: nameText,
  variableName,
  value,
  type: typeText,
  version: positive,
  params: z.record(nameText, value),
  animatedPath,
  animation,
  animations: z
    .record(animatedPath, animation)
    .refine((all) => Object.keys(all).length > 0, { error: 'Expected an animated parameter, or no animation' }),
  position,
  from: z
    .string()
    .max(512)
    .refine((text) => pieces(text, 2, 2), { error: 'Expected node.port' }),
  to: z
    .string()
    .max(512)
    .refine((text) => pieces(text, 2, 3), { error: 'Expected node.port or node.port.name' }),
  frames: z.strictObject({
    range: z.string().exactOptional(),
    mismatch: z.enum(['stop-at-shortest', 'hold-last', 'process-available']),
    align: z.enum(['number', 'index']),
  }),
  variable: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('string'), default: z.string() }),
    z.strictObject({ type: z.literal('number'), default: z.number() }),
  ]),
  promoted: z.strictObject({
    name: nameText,
    title: z.string(),
    doc: z.string().exactOptional(),
    to: z.array(targetText).min(1).max(1000),
  }),
  backdrop: z.strictObject({
    title: z.string(),
    colour: z.string().regex(/^#[0-9a-fA-F]{6}$/, { error: 'Expected a colour such as #33556a' }),
    at: position,
    size,
  }),
  note: z.strictObject({ text: z.string(), at: position, size }),
} as const;

const nodeShape = {
  type: parts.type,
  version: parts.version,
  title: z.string().exactOptional(),
  disabled: z.literal(true).exactOptional(),
  params: parts.params,
  animation: parts.animations.exactOptional(),
  at: parts.position,
};

export const nodeSchema = z.strictObject(nodeShape);
export const linkSchema = z.strictObject({ from: parts.from, to: parts.to });

/** A document of the current version. What a person may leave out when writing by hand has a default. */
export const documentSchema: z.ZodType<Document> = z.strictObject({
  sluice: z.literal(DOCUMENT_VERSION),
  name: z.string().default('untitled'),
  doc: z.string().exactOptional(),
  frames: parts.frames
    .extend({
      mismatch: parts.frames.shape.mismatch.default('stop-at-shortest'),
      align: parts.frames.shape.align.default('number'),
    })
    .prefault({}),
  variables: z.record(variableName, parts.variable).default({}),
  promoted: z.array(parts.promoted).max(LIMITS.promoted).default([]),
  nodes: z.record(
    nameText,
    z.strictObject({ ...nodeShape, params: parts.params.default({}), at: parts.position.default([0, 0]) }),
  ),
  links: z.array(linkSchema).max(LIMITS.links).default([]),
  canvas: z
    .strictObject({
      backdrops: z.record(nameText, parts.backdrop).default({}),
      notes: z.record(nameText, parts.note).default({}),
    })
    .exactOptional(),
});

/** A document with nothing in it. */
export const emptyDocument = (name = 'untitled'): Document => ({
  sluice: DOCUMENT_VERSION,
  name,
  frames: { mismatch: 'stop-at-shortest', align: 'number' },
  variables: {},
  promoted: [],
  nodes: {},
  links: [],
});
