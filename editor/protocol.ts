// The protocol between the session host and its clients: every message as a zod schema, checked on both sides.
import { z } from 'zod';
import {
  type CatalogueEntry,
  type CurveValue,
  type Document,
  editSchema,
  type ImageSpec,
  type LedgerEntry,
  type Problem,
} from '../engine/browser.ts';

/** Raised when messages change in a way that an older client would misread. */
export const PROTOCOL_VERSION = 1;

/** Bytes of one message from a client; a longer one closes the connection. */
export const LARGEST_MESSAGE = 8 * 1024 * 1024;

/** Where the socket is, on the address that served the page. */
export const SOCKET_PATH = '/socket';

/**
 * The subprotocol that the host chooses. A client offers it and beside it `token.` and the token of the page's address
 * (`?token=…`): a browser can send no other header with a socket.
 */
export const SUBPROTOCOL = 'sluice';

/** What the history calls the edit that a save makes, so that the document's paths name the same files as before. */
export const PATHS_INTENT = 'Keep the paths right';

const id = z.int().min(0);
const nodeId = z.string().min(1).max(128);
const frame = z.int().min(-2_147_483_648).max(2_147_483_647);
const path = z.string().min(1).max(4096);
const endings = z.array(z.string().min(1).max(32)).max(64);
const coordinate = z.int().min(-2_147_483_648).max(2_147_483_647);
const box = z.strictObject({ minX: coordinate, minY: coordinate, maxX: coordinate, maxY: coordinate });

/**
 * What is seen of the charts of a mesh: the number of a tile of textures, the first one that has charts where it is left out
 * or has none; and how many texels the tile has across and down, as a node's `charts` has it where it is left out.
 */
const chartsSeen = z.strictObject({
  tile: z.int().min(1001).max(9999).optional(),
  texels: z.tuple([z.int().min(1).max(8192), z.int().min(1).max(8192)]).optional(),
});

/** What one viewer slot shows: up to four channels of a part, of which a region, at how many pixels of the screen. */
export const viewSchema = z.strictObject({
  node: nodeId,
  frame,
  part: z.int().min(0).max(4096),
  /** Names in the order red, green, blue, alpha; null where nothing goes. */
  channels: z.array(z.string().max(255).nullable()).min(1).max(4),
  /** The region of image pixels wanted. */
  box,
  /** Pixels that the answer should have at most; it never has more than the region. */
  width: z.int().min(1).max(8192),
  height: z.int().min(1).max(8192),
  /** Of the samples in the answer; half where it is left out. See picture.ts. */
  type: z.enum(['float', 'uint']).optional(),
  charts: chartsSeen.optional(),
});
export type View = z.output<typeof viewSchema>;

export const runOptionsSchema = z.strictObject({
  sinks: z.array(nodeId).max(1000),
  range: z.string().max(4096).optional(),
  jobs: z.int().min(1).max(256),
  resume: z.boolean(),
  failOnLoss: z.boolean(),
});
export type RunOptions = z.output<typeof runOptionsSchema>;

/** What a client may ask. Those with an `id` are answered by a `reply` or a `refused` with the same id. */
export const requestSchema = z.discriminatedUnion('kind', [
  /** Changes the document. `intent` names the step in the history; edits with the same `group` become one step. */
  z.strictObject({
    kind: z.literal('edit'),
    id,
    revision: z.int().min(0),
    edit: editSchema,
    intent: z.string().max(200),
    group: z.string().max(200).optional(),
  }),
  z.strictObject({ kind: z.literal('undo'), id }),
  z.strictObject({ kind: z.literal('redo'), id }),
  /** The frame that the client looks at: descriptions and problems follow it. */
  z.strictObject({ kind: z.literal('seek'), frame }),
  /** Shows something in a slot (0 is A, 1 is B), or nothing. The newest request of a slot cancels the older ones. */
  z.strictObject({ kind: z.literal('view'), slot: z.int().min(0).max(9), serial: id, view: viewSchema.nullable() }),
  /** The node that the viewer is about, whose frames the timeline tells of; that of slot 0 to a client that never says. */
  z.strictObject({ kind: z.literal('lead'), node: nodeId.nullable() }),
  /** Small pictures on nodes: which nodes want one. */
  z.strictObject({ kind: z.literal('thumbnails'), nodes: z.array(nodeId).max(200) }),
  /** A picture has come. To a client that tells this no more than two are on their way, so that it never sees old ones. */
  z.strictObject({ kind: z.literal('taken') }),
  /** All channels of a region in their own types: the probe. At most 4096 pixels. */
  z.strictObject({
    kind: z.literal('probe'),
    id,
    node: nodeId,
    frame,
    part: z.int().min(0),
    box,
    charts: chartsSeen.optional(),
  }),
  /** Every sample of a region in a few channels, as text in their own types. At most 4096 pixels. */
  z.strictObject({
    kind: z.literal('samples'),
    id,
    node: nodeId,
    frame,
    part: z.int().min(0),
    channels: z.array(z.string().max(255)).min(1).max(4),
    box,
    charts: chartsSeen.optional(),
  }),
  /** A display transform as a cube, by the name that the node Display has for it. */
  z.strictObject({ kind: z.literal('cube'), id, transform: z.string().max(64) }),
  /** Attributes of a node's image, with typed values. */
  z.strictObject({ kind: z.literal('attributes'), id, node: nodeId, frame }),
  /** What is in a folder: folders and sequences; and files with these endings where any are named, `*` for all. */
  z.strictObject({ kind: z.literal('browse'), id, folder: z.string().max(4096), extensions: endings.optional() }),
  /** Where files and folders lie of which only the names are known, such as those dropped on a browser. */
  z.strictObject({ kind: z.literal('lookUp'), id, names: z.array(z.string().min(1).max(255)).min(1).max(100) }),
  /** Parts, channels and attributes of a file or a sequence on disk. */
  z.strictObject({ kind: z.literal('inspect'), id, path, frame: frame.optional() }),
  /** A graph on disk, such as a template, without opening it. */
  z.strictObject({ kind: z.literal('readGraph'), id, path }),
  /** Writes a graph to a file of its own; the open document stays what it is. `text` as `saveDocument` makes it. */
  z.strictObject({
    kind: z.literal('writeGraph'),
    id,
    path,
    text: z.string(),
    overwrite: z.boolean(),
    makeFolder: z.boolean().optional(),
  }),
  z.strictObject({ kind: z.literal('new'), id }),
  z.strictObject({ kind: z.literal('open'), id, path }),
  /** Opens a document given as text, such as one dropped on the window. */
  z.strictObject({ kind: z.literal('openText'), id, text: z.string(), name: z.string().max(255) }),
  /**
   * In another folder than before, relative paths are rewritten to name the same files, as an edit of its own. A folder
   * that does not exist is made where `makeFolder` says so.
   */
  z.strictObject({
    kind: z.literal('save'),
    id,
    path: path.optional(),
    overwrite: z.boolean(),
    makeFolder: z.boolean().optional(),
  }),
  /** Takes up, or throws away, what was saved by itself before a crash. */
  z.strictObject({ kind: z.literal('recover'), id, accept: z.boolean() }),
  z.strictObject({ kind: z.literal('run'), id, options: runOptionsSchema }),
  z.strictObject({ kind: z.literal('cancel'), id }),
]);
export type Request = z.output<typeof requestSchema>;

/** What is known of one node at the present frame. */
export interface NodeView {
  /** Its image, without attributes, which are asked for, and what is said of the colours of each part. Absent in error. */
  readonly image?: ImageSpec;
  readonly colours?: readonly string[];
  /** Of a node that gives a mesh: the picture of its charts on a tile, as a viewer can ask for it. */
  readonly charts?: ImageSpec;
  /** Descriptions of what its inputs bring, by port (`sources.beauty`). */
  readonly inputs: Readonly<Record<string, ImageSpec>>;
  /** One quiet line on what the node does with its present parameters. */
  readonly summary?: string;
  /** What its animated parameters are, by path such as `size.0`. */
  readonly driven?: Readonly<Record<string, CurveValue>>;
  /** Milliseconds that its own work took in the last picture, where it did any. */
  readonly spent?: number;
  readonly state: 'idle' | 'computing' | 'cached' | 'disabled' | 'error';
}

/** The frames of the graph as far as the viewed node has any, as `formatFrames` writes them: for the timeline. */
export interface TimelineView {
  readonly first: number;
  readonly last: number;
  readonly missing: string;
  readonly substituted: string;
  readonly cached: string;
}

export interface FileState {
  /** Absolute path; absent for a document that was never saved. */
  readonly path?: string;
  readonly saved: boolean;
  /** The file on disk is not the one that was opened or saved last. */
  readonly changedOnDisk: boolean;
  /** The file is on disk no more: the document is saved nowhere. */
  readonly gone?: true;
  /** Something newer than the file was kept by autosave before a crash. */
  readonly recoverable?: { readonly savedAt: string };
}

export interface HistoryState {
  readonly undo?: string;
  readonly redo?: string;
  readonly depth: number;
}

export interface AttributeRow {
  readonly part: number;
  readonly name: string;
  readonly type: string;
  /** Typed value as JSON; absent for an opaque type. */
  readonly value?: unknown;
  /** Short text of the value, or of the bytes. */
  readonly text: string;
  readonly source?: string;
  /** The node that owns it where it describes the file itself and cannot be edited as an attribute. */
  readonly owner?: string;
}

export interface ProbeRow {
  readonly channel: string;
  readonly type: 'half' | 'float' | 'uint';
  /** Of a single pixel: its value as text in its own type; of a region: the mean. */
  readonly value: string;
  readonly min?: string;
  readonly max?: string;
}

/** A display transform for the viewer: what `Cube` of the viewer has, its codes as base64 of uint16, little-endian. */
export interface CubeView {
  readonly size: number;
  readonly foot: number;
  readonly most: number;
  readonly low: number;
  readonly high: number;
  readonly codes: string;
}

export interface FolderView {
  /** Absolute, as the parent is; the parent is absent where it may not be shown. */
  readonly folder: string;
  readonly parent?: string;
  /** Names, as patterns are: a path begins with the folder. */
  readonly folders: readonly string[];
  readonly sequences: readonly {
    readonly pattern: string;
    readonly frames?: string;
    readonly gaps?: string;
    readonly document?: boolean;
  }[];
  /** Names of the files with the endings that were asked for; absent where none were. */
  readonly files?: readonly string[];
  /** The folders that this host may show at all. */
  readonly roots: readonly string[];
}

/** A file or a folder of a name that was looked for: its absolute path, its bytes, and whole milliseconds since 1970. */
export interface NamedThing {
  readonly path: string;
  readonly folder: boolean;
  readonly size: number;
  readonly modified: number;
}

export interface SequenceView {
  readonly path: string;
  readonly frames: string;
  readonly gaps: string;
  readonly image: ImageSpec;
  readonly attributes: readonly AttributeRow[];
}

export interface RunState {
  readonly options: RunOptions;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  readonly done: number;
  readonly total: number;
  readonly startedAt: string;
  /** Seconds to go, once that can be told. */
  readonly left?: number;
  readonly ledger: readonly LedgerEntry[];
  readonly exitCode?: number;
}

export interface LogLine {
  readonly at: string;
  readonly level: 'info' | 'warning' | 'error';
  readonly text: string;
  readonly node?: string;
  readonly frame?: number;
}

/** What the `value` of a `reply` is, by the kind of the request. A `refused` comes instead where it cannot be done. */
export interface Replies {
  readonly edit: { readonly revision: number };
  readonly undo: { readonly revision: number };
  readonly redo: { readonly revision: number };
  readonly probe: readonly ProbeRow[];
  /** By channel, as asked for: a text for each pixel, row by row. */
  readonly samples: readonly (readonly string[])[];
  readonly cube: CubeView;
  readonly attributes: readonly AttributeRow[];
  readonly browse: FolderView;
  /** The places of each name, as asked for. `complete` is false where there were too many folders to look into all. */
  readonly lookUp: { readonly places: readonly (readonly NamedThing[])[]; readonly complete: boolean };
  readonly inspect: SequenceView;
  readonly readGraph: { readonly path: string; readonly document: Document };
  readonly writeGraph: { readonly path: string };
  readonly new: null;
  /** `hints` say what is good to know of what was opened; the log has them too. */
  readonly open: { readonly path: string; readonly hints?: readonly string[] };
  /** Problems of the text that keep nothing from being shown; a text that is no graph is refused. */
  readonly openText: null;
  /** `paths` tells how many were rewritten, in an edit with the intent `PATHS_INTENT`; absent where none was. */
  readonly save: { readonly path: string; readonly paths?: number };
  readonly recover: null;
  /** Answered when the run has begun. */
  readonly run: null;
  readonly cancel: null;
}

/** What the host sends. Pictures go as binary messages: see picture.ts. */
export type Event =
  | {
      readonly kind: 'welcome';
      readonly protocol: number;
      readonly version: string;
      readonly catalogue: readonly CatalogueEntry[];
      readonly roots: readonly string[];
      readonly processors: number;
    }
  /** The whole document: at first, after opening another, and where a client's own copy went astray. */
  | {
      readonly kind: 'document';
      readonly revision: number;
      readonly document: Document;
      /** True where it is another document than before, not the same one told anew. */
      readonly reset: boolean;
      /** The frame at which the host describes it: at first one that the graph has. */
      readonly frame: number;
    }
  /**
   * One edit, by whichever client, undo and redo too. `revision` is the one after it. `origin` is the id of the request
   * that made it, told only to the client that sent that one.
   */
  | { readonly kind: 'edited'; readonly revision: number; readonly edit: unknown; readonly origin?: number }
  | { readonly kind: 'history'; readonly history: HistoryState }
  | { readonly kind: 'file'; readonly file: FileState }
  /** Graphs that were opened or saved last and that this host may open, newest first. */
  | { readonly kind: 'recent'; readonly paths: readonly string[] }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] }
  /** Only nodes whose view changed; null for nodes that are gone. */
  | { readonly kind: 'nodes'; readonly nodes: Readonly<Record<string, NodeView | null>> }
  | { readonly kind: 'timeline'; readonly timeline: TimelineView | null }
  | { readonly kind: 'viewing'; readonly slot: number; readonly serial: number; readonly progress: number }
  | {
      readonly kind: 'viewFailed';
      readonly slot: number;
      readonly serial: number;
      readonly code: string;
      readonly message: string;
      readonly node?: string;
    }
  | { readonly kind: 'run'; readonly run: RunState | null }
  | { readonly kind: 'log'; readonly lines: readonly LogLine[] }
  | { readonly kind: 'reply'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'refused'; readonly id: number; readonly code: string; readonly message: string };
