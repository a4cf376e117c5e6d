// The saved graph: its form as types, and its limits.
import type { Json } from '../base/canonical.ts';
import type { Animations } from './animation.ts';

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

/** An id that no node has yet: the stem, or else the first of stem_2, stem_3, … that is free. */
export function freeId({ nodes }: Pick<Document, 'nodes'>, stem: string): string {
  for (let n = 1; ; n++) {
    const id = n === 1 ? stem : `${stem}_${n}`;
    // Names that every object has are refused by the document, so they count as taken.
    if (!(id in nodes)) return id;
  }
}

// Names that every JavaScript object answers to: refused, so that no look-up can find what the document does not hold.
const RESERVED = new Set(Object.getOwnPropertyNames(Object.prototype).concat('prototype'));
const FORM = /^[A-Za-z][A-Za-z0-9_-]{0,127}$/;

/** Whether a text can be the id of a node, the name of one of many inputs and the like. */
export const isName = (text: string): boolean => FORM.test(text) && !RESERVED.has(text);

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
