// defineNode: the contract between a node's author and the engine.
import type { z } from 'zod';
import type { Box } from '../base/box.ts';
import type { Json } from '../base/canonical.ts';
import type { FrameSupply } from '../image/frames.ts';
import type { Mesh } from '../image/mesh.ts';
import type { ChannelSpec, ImageSpec, PartSpec } from '../image/spec.ts';
import type { ImageSource, Planes, Want } from '../image/want.ts';
import type { DeepPlanes } from '../pixels/deep.ts';
import type { PointwiseProgram } from '../pixels/step.ts';
import type { InputPort, OutputPort } from './port.ts';
import type { Fix, Insertion, NodeProblem } from './problem.ts';

export type MaybePromise<T> = T | Promise<T>;

/** Why something of an input is not in the node's output; kept for the ledger. */
export interface Loss {
  readonly kind: 'part' | 'channel' | 'attribute' | 'window' | 'level';
  /** Input port, such as `image` or `sources.beauty`. */
  readonly port: string;
  readonly part: number;
  readonly name: string;
  readonly reason: string;
  /**
   * True where the graph puts something else in its place (a new value, a new name): listed, but no loss. Of a channel: true
   * where what the node computes in the part of the same number is made of it, which counts where any of that is written.
   */
  readonly replaced?: boolean;
  /** Of an attribute: true where it would be true no more, so that it is taken away: listed, but no loss. */
  readonly cleared?: boolean;
}

/** Something that happened to pixels while they were made, for the ledger. */
export interface Note {
  readonly kind: 'filled' | 'counted';
  readonly part: number;
  readonly name: string;
  readonly reason: string;
  /** Of `counted`: in how many samples of a channel it happened. */
  readonly rows?: CountedRows;
}

/**
 * Samples of a channel that were changed, row by row, so that a row that is made twice counts once: the columns from
 * `from` to `to` were looked at, and each row that had such samples is given with their number.
 */
export interface CountedRows {
  readonly from: number;
  readonly to: number;
  readonly counts: readonly (readonly [row: number, samples: number])[];
}

/** Something wrong that a node found in samples. What keeps it from making them is no notice: it is thrown. */
export interface Notice extends NodeProblem {
  readonly severity: 'warning' | 'info';
}

/**
 * Sums over samples, row by row, so that a row that is measured twice counts once: over the columns from `from` to `to`, of
 * each row as many numbers as the node likes, always the same ones.
 */
export interface Measure {
  readonly part: number;
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly rows: readonly (readonly [row: number, ...sums: number[]])[];
}

/** A measure of all rows of a frame that were made, added up. */
export interface Measured {
  readonly part: number;
  readonly name: string;
  readonly sums: readonly number[];
}

/** What a node tells of the samples of one region. */
export type Finding = { readonly notice: Notice } | { readonly measure: Measure };

/** What a node may touch outside the graph. Paths are checked against the allowed roots here and nowhere else. */
export interface Services {
  /** The absolute path for a path in a parameter (relative to the document). Throws `outside-roots`. */
  resolve(path: string, use: 'read' | 'write'): string;
  /** A shared open thing (a file, a decoder), made once for a key and closed when it is not used for a while. */
  share<T extends { close(): void }>(key: string, make: () => T): T;
}

/** How the frames of a run map to the frames of its inputs. */
export interface Timeline {
  readonly align: 'number' | 'index';
  readonly mismatch: 'stop-at-shortest' | 'hold-last' | 'process-available';
  /**
   * By index: the frame that index 0 stands for, whichever frames of the graph a run picks, so that a run in several
   * chunks shows what one run would. By number: the first frame of the run.
   */
  readonly start: number;
  /** How many frames the run has. */
  readonly count: number;
}

/** `One` is what stands for an image on a port, `Other` what stands for a mesh. */
type ValueOf<P extends InputPort, One, Other> =
  P extends InputPort<'mesh', false, infer O>
    ? Other | (O extends true ? undefined : never)
    : P extends InputPort<infer _K, true, infer _O>
      ? Readonly<Record<string, One>>
      : P extends InputPort<infer _K, infer _M, true>
        ? One | undefined
        : One;

export type Inputs = Readonly<Record<string, InputPort>>;
type ValuesOf<I extends Inputs, One, Other = undefined> = { readonly [K in keyof I]: ValueOf<I[K], One, Other> };

/** What every function of a node gets. */
export interface BaseContext<P, I extends Inputs> {
  /** The node's id in the document. */
  readonly node: string;
  /** Validated parameters, `${variable}` and `${frame}` filled in. */
  readonly params: P;
  readonly frame: number;
  readonly timeline: Timeline;
  readonly services: Services;
  readonly signal: AbortSignal;
  /** Descriptions of the images on the inputs at this frame; meshes are there whole. */
  readonly inputs: ValuesOf<I, ImageSpec, Mesh>;
}

/** What tells the frames of a source gets. */
export interface FramesContext<P, I extends Inputs> extends Omit<BaseContext<P, I>, 'inputs' | 'frame'> {
  /** The meshes on the inputs that have one, by port; none where it cannot be made. */
  readonly meshes: Readonly<Record<string, Mesh>>;
}

/** What makes an output that is no image gets. It is called once for a fingerprint, whatever the frame. */
export interface ComputeContext<P, I extends Inputs> extends BaseContext<P, I> {
  /** Tells what is wrong. An `error` blocks rendering. */
  report(problem: NodeProblem): void;
}

export interface SpecContext<P, I extends Inputs> extends BaseContext<P, I> {
  /** Tells what is wrong. An `error` blocks rendering; the spec returned is still shown. */
  report(problem: NodeProblem): void;
  /** Gives the reason why something of an input ends here. Where none is given the ledger names the node. */
  lose(loss: Loss): void;
  /**
   * Of a source that changes what it finds in a file: the parts as they were found. The ledger compares with
   * them, and takes what the node says that it loses (with an empty `port`) as reasons.
   */
  found(parts: readonly PartSpec[]): void;
}

export interface PullContext<P, I extends Inputs> extends BaseContext<P, I> {
  /** This node's own description at this frame, as `spec` gave it. */
  readonly spec: ImageSpec;
  /** The images on the inputs. */
  readonly sources: ValuesOf<I, ImageSource>;
  /** Tells the ledger what happened to these pixels. The same note may be given again for another region. */
  note(note: Note): void;
  /**
   * Tells what is wrong with these pixels. It becomes a problem of the run and of the editor, once where the same words
   * are told of several regions and frames.
   */
  report(notice: Notice): void;
  /** Tells what was measured in these pixels: `judge` gets it with that of the frame's other regions. */
  measure(measure: Measure): void;
}

/** One piece of a sink's frame. Pieces are delivered in order. */
export interface Piece {
  readonly part: number;
  /** The region of pixels it covers. */
  readonly box: Box;
  /** True: the writer does it alone (a copy); nothing is packed in a worker. */
  readonly direct: boolean;
  /** True: it asks for its samples once, and no other piece asks for them. */
  readonly apart?: boolean;
  /** Whatever the sink needs to find its place again; plain data. */
  readonly data: Json;
}

/** What one frame of a sink will make, decided from descriptions alone. Plain data. */
export interface Delivery {
  /** Absolute path of the file. */
  readonly path: string;
  readonly pieces: readonly Piece[];
  /** What the file will hold, after the sink's own parameters: used by the ledger. */
  readonly written: ImageSpec;
  /** Changes that a parameter of the sink asked for, such as another compression: of what, and what became what. */
  readonly changes: readonly { readonly name: string; readonly reason: string }[];
  /** Channels that packing may change, and by what, for a run that makes no pixels; one that does counts them. */
  readonly losing?: readonly { readonly channel: string; readonly reason: string }[];
  /** Of which channels of the input the parts in `written` are made, in their order; left out where it is all of it. */
  readonly taken?: readonly Taken[];
  /** Why the file does not hold something of the input. */
  readonly losses?: readonly Loss[];
}

/** What one written part is made of. */
export interface Taken {
  readonly port: string;
  readonly part: number;
  /** In the order of the channels of the written part. */
  readonly channels: readonly string[];
}

/** Samples of a channel that a sink did not keep as they were, for the ledger; adds up over pieces. */
export interface SampleCount {
  readonly channel: string;
  /** What became of them. */
  readonly reason: string;
  readonly samples: number;
  /** Those of them that are another value now. */
  readonly altered: number;
}

/** Receives the pieces of one frame in order, on the main thread. Nothing is at `path` until `finish`. */
export interface DeliveryWriter {
  put(piece: Piece, packed: readonly Uint8Array[]): Promise<void>;
  /** Completes the file and puts it in its place. */
  finish(): Promise<void>;
  /** Removes what was begun. */
  abort(): Promise<void>;
}

/** A part whose encoded chunks hold exactly the samples that are asked for. */
export interface EncodedPart {
  /** Absolute path. */
  readonly file: string;
  readonly part: number;
}

/** Channels of a part that a program changes together. */
export interface PointwiseGroup {
  /** Their names, the same before and after; three where the program mixes. */
  readonly channels: readonly string[];
  /** What the program divides and multiplies by: a channel of a part of the same input. */
  readonly alpha?: { readonly part: number; readonly channel: string };
  readonly program: PointwiseProgram;
}

/** Where the samples of a channel are made: read from a file, or computed. */
export interface Maker {
  readonly part: PartSpec;
  readonly channel: ChannelSpec;
}

export interface SinkContext<P, I extends Inputs> extends BaseContext<P, I> {
  /**
   * The encoded part behind a part of an input, where every channel passes straight through to it: same channels in
   * the same order, same types, same sampling, same data window, nothing left out. Its chunks may be copied.
   */
  encoded(port: keyof I & string, part: number): EncodedPart | undefined;
  /** The most rows above and below a region that the nodes above look at for it, one after the other. */
  readonly margin: number;
  /** The parts, as read from files, that the samples of a part of an input come from, in a fixed order. */
  origins(port: keyof I & string, part: number): readonly PartSpec[];
  /** The channel, as its maker describes it, whose samples a channel of an input is handed, with the maker's part. */
  maker(port: keyof I & string, part: number, channel: string): Maker | undefined;
  /**
   * The recipe of this frame, one text: the graph as it was given, what the run chose and the files that it reads. The
   * same for the same graph and inputs. Throws `document-too-large`, and where an input is gone meanwhile.
   */
  recipe(): string;
}

/** A sink: describes, packs (in workers) and writes (on the main thread) one frame. */
export interface Sink<P, I extends Inputs> {
  plan(ctx: SinkContext<P, I> & Pick<SpecContext<P, I>, 'report'>): MaybePromise<Delivery>;
  pack(
    ctx: SinkContext<P, I> & {
      readonly sources: ValuesOf<I, ImageSource>;
      count(samples: SampleCount): void;
      /** Says that planes which a source gave are not looked at again, so that others may have their memory. */
      giveBack(planes: Planes): void;
    },
    piece: Piece,
    delivery: Delivery,
  ): Promise<Uint8Array[]>;
  open(ctx: SinkContext<P, I>, delivery: Delivery): MaybePromise<DeliveryWriter>;
  /**
   * How it writes these channels as float, of a sink that can make them half; `inMethod`: and by a method that does not
   * store floats as half.
   */
  asFloat?(params: P, channels: readonly string[], inMethod: boolean): Fix;
  /** What makes these channels sound on their way into it, where they hold what is no number, or what is infinite. */
  asFinite?(kind: 'nan' | 'infinite', channels: readonly string[]): Omit<Insertion, 'port'>;
}

/** A graph that stands for a node: its nodes take the node's place before links are resolved. */
export interface Expansion {
  /** A whole document as it is saved, of any version. It is checked before it is used. */
  readonly graph: Json;
  /** Values by the names of what the graph promotes, or else of its variables. */
  readonly values: Readonly<Record<string, Json>>;
  /** Nodes of this type bring what is linked to the node's many-input `port` under the name in their parameter `param`. */
  readonly inputs: { readonly type: string; readonly port: string; readonly param: string };
  /** The one node of this type, where there is one, takes the node's own id: its outputs are the node's outputs. */
  readonly output: { readonly type: string };
  /** The parameters of the node that hold the graph and the values: places of problems. */
  readonly params: { readonly graph: string; readonly values: string };
}

/** Looks at so many rows of its input above and below a region; bands are made tall enough that it pays. */
export interface MarginAccess {
  readonly margin: number;
}

/** How much of an input a region of the output needs. */
export type Access = 'pixel' | 'frame' | MarginAccess;

export interface NodeDefinition<Schema extends z.ZodObject = z.ZodObject, I extends Inputs = Inputs> {
  /** `category.name`, unique. */
  readonly type: string;
  readonly version: number;
  readonly title: string;
  /** What it does, in a sentence or two: shown in the editor, the CLI and the reference. */
  readonly doc: string;
  readonly keywords?: readonly string[];
  readonly params: Schema;
  readonly inputs: I;
  /** Defaults to one image called `image`; a sink has none. */
  readonly outputs?: Readonly<Record<string, OutputPort>>;
  readonly access?: Access | ((params: z.output<Schema>) => MarginAccess);
  /** True where the result depends on the frame by more than its inputs and `${frame}` in parameters. */
  readonly timed?: boolean;
  /** Names of parameters that never change a sample or an attribute. */
  readonly cosmetic?: readonly string[];
  /** Names of parameters whose texts are left alone: placeholders in them belong to a graph that they hold. */
  readonly verbatim?: readonly string[];
  /** Older version → function from its parameters to those of the next version. */
  readonly upgrade?: Readonly<Record<number, (params: Readonly<Record<string, Json>>) => Record<string, Json>>>;
  /** One quiet line on what the node does with these parameters, for the canvas. */
  summary?(params: z.output<Schema>): string;
  /** The frames that a source has, where it has a list of its own. */
  frames?(ctx: FramesContext<z.output<Schema>, I>): MaybePromise<FrameSupply | undefined>;
  /** Every file that a run may read through this node, absolute; a run never writes over one of them. */
  files?(ctx: Omit<BaseContext<z.output<Schema>, I>, 'inputs' | 'frame'>): MaybePromise<readonly string[]>;
  /** Waits for what the frame needs, before it is described for rendering (not for mere validation). */
  prepare?(ctx: Omit<BaseContext<z.output<Schema>, I>, 'inputs'>): Promise<void>;
  /** The frame at which an input is needed for a frame of the output; the same one by default. */
  frameOf?(ctx: { readonly params: z.output<Schema>; readonly frame: number }, port: string): number;
  /**
   * The frames of the output that come of those that a source above an input can give; the same ones by default.
   * Undefined where the source limits them in no way.
   */
  framesOf?(ctx: { readonly params: z.output<Schema> }, supply: FrameSupply, port: string): FrameSupply | undefined;
  /**
   * Of the inputs that are connected, many-input ones as `port.name`, those that a frame needs; all by default. What
   * feeds only the others is neither described nor made.
   */
  uses?(
    ctx: { readonly params: z.output<Schema>; readonly frame: number },
    ports: readonly string[],
  ): readonly string[];
  /** Names of the outside things (files with size and time) that the frame is made from. */
  identity?(ctx: Omit<BaseContext<z.output<Schema>, I>, 'inputs'>): MaybePromise<Json>;
  /**
   * The graph that stands for the node, for one that has neither `spec` nor `compute` nor `deliver`. Parameters are checked,
   * and their texts are not yet filled in. Throws what is wrong with them.
   */
  expand?(ctx: { readonly id: string; readonly params: z.output<Schema> }): Expansion;
  spec?(ctx: SpecContext<z.output<Schema>, I>): MaybePromise<ImageSpec>;
  /**
   * In place of `spec`, for a node whose one output is a mesh. It is made when the graph is described, so that what is wrong
   * with it is told before anything is rendered, and kept by the fingerprint.
   */
  compute?(ctx: ComputeContext<z.output<Schema>, I>): MaybePromise<Mesh>;
  pull?(ctx: PullContext<z.output<Schema>, I>, want: Want): Promise<Planes>;
  /** True where planes of `pull` are made for who asks, and nobody else keeps them or what they lie on. */
  readonly fresh?: boolean;
  /**
   * What is wrong with a frame by what `pull` measured in it: in all of its pixels where a run made them, in those that
   * were looked at in the editor.
   */
  judge?(ctx: Omit<BaseContext<z.output<Schema>, I>, 'inputs'>, measured: readonly Measured[]): readonly Notice[];
  /** Makes the samples of deep parts, as `pull` makes those of flat ones. */
  pullDeep?(ctx: PullContext<z.output<Schema>, I>, want: Want): MaybePromise<DeepPlanes>;
  /**
   * In place of `pull`, for a node whose computed samples come of those of the same channels, at the same places of the
   * same part of its one input `image`: what is done to them. Such nodes in a row run as one program. Channels that are
   * in no group are left to `pull`.
   */
  pointwise?(ctx: BaseContext<z.output<Schema>, I>, part: number): readonly PointwiseGroup[];
  readonly deliver?: Sink<z.output<Schema>, I>;
}

/** A node definition with its types erased, as registries hold it. */
// biome-ignore lint/suspicious/noExplicitAny: parameters are checked by the node's own schema before they reach its functions
export type AnyNode = NodeDefinition<any, any>;

/** Declares a node. Returns what it was given; the call exists for its types. */
export function defineNode<Schema extends z.ZodObject, const I extends Inputs>(
  definition: NodeDefinition<Schema, I>,
): NodeDefinition<Schema, I> {
  return definition;
}
