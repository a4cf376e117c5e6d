// The kernels' WebAssembly module and its memory, one a thread: loading, scratch space and addresses.
import { existsSync, readFileSync } from 'node:fs';
import { EngineError } from '../base/error.ts';

/** The part of the global WebAssembly that is used here; the compiler's library for Node does not declare it. */
declare const WebAssembly: {
  Memory: new (limits: { readonly initial: number }) => { readonly buffer: ArrayBuffer; grow(pages: number): number };
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/** The exports of the module; pointers and lengths are plain numbers. */
interface KernelExports {
  readonly calls: { readonly value: number };
  firstFree(): number;
  halfToFloat(source: number, target: number, count: number): number;
  floatToHalf(source: number, target: number, count: number): number;
  halfToUint(source: number, target: number, count: number): number;
  floatToUint(source: number, target: number, count: number): number;
  uintToHalf(source: number, target: number, count: number): number;
  uintToFloat(source: number, target: number, count: number): number;
  differenceEncode(source: number, target: number, length: number): void;
  differenceDecode(bytes: number, length: number): void;
  splitBytes(source: number, target: number, length: number): void;
  joinBytes(source: number, target: number, length: number, start: number, end: number): void;
  runEncode(source: number, target: number, length: number): number;
  runDecode(source: number, sourceLength: number, target: number, targetLength: number): number;
  deflateWork(): number;
  deflate(source: number, length: number, work: number, target: number): number;
  inflate(source: number, length: number, target: number, room: number): number;
  pxrSplit16(source: number, count: number, target: number): void;
  pxrSplit24(source: number, count: number, target: number): void;
  pxrSplit32(source: number, count: number, target: number): void;
  pxrJoin16(source: number, count: number, target: number): void;
  pxrJoin24(source: number, count: number, target: number): void;
  pxrJoin32(source: number, count: number, target: number): void;
  b44Pack(
    source: number,
    columns: number,
    rows: number,
    table: number,
    target: number,
    flat: number,
    exact: number,
  ): number;
  b44Unpack(source: number, size: number, columns: number, rows: number, table: number, target: number): number;
  dwaSkip(ac: number, acCount: number, squares: number): number;
  dwaDecode(
    ac: number,
    acCount: number,
    dc: number,
    planes: number,
    columns: number,
    rows: number,
    table: number,
    target: number,
  ): number;
  dwaEncode(
    source: number,
    planes: number,
    columns: number,
    rows: number,
    table: number,
    tolerances: number,
    ac: number,
    dc: number,
  ): number;
  limitHalves(halves: number, count: number): void;
  waveletDecode(words: number, columns: number, rows: number, planes: number, small: number): void;
  waveletEncode(words: number, columns: number, rows: number, planes: number, small: number): void;
  countWords(words: number, count: number, counts: number): void;
  mapWords(source: number, target: number, count: number, table: number): void;
  huffmanPut(words: number, count: number, codes: number, runCode: number, target: number): number;
  huffmanDecode(stream: number, size: number, words: number, count: number): number;
  mixColours(r: number, g: number, b: number, count: number, matrix: number): void;
  scaleSamples(samples: number, count: number, by: number, plus: number): void;
  gainSamples(samples: number, count: number, by: number): void;
  limitSamples(samples: number, count: number, least: number, greatest: number): void;
  divideSamples(samples: number, alpha: number, count: number): void;
  multiplySamples(samples: number, alpha: number, count: number): void;
  coverSamples(samples: number, alpha: number, count: number): void;
  halveSamples(samples: number, count: number): void;
  settleSamples(samples: number, count: number): void;
  bendSamples(samples: number, count: number, table: number): void;
  lookSamples(samples: number, count: number, table: number): void;
  cubeTetrahedral(r: number, g: number, b: number, count: number, table: number): void;
  cubeTrilinear(r: number, g: number, b: number, count: number, table: number): void;
  splineSamples(samples: number, count: number, table: number): void;
  weighRows(
    source: number,
    rowBytes: number,
    target: number,
    width: number,
    places: number,
    outputs: number,
    weights: number,
  ): void;
  standUp(source: number, rowBytes: number, target: number, columns: number): void;
  layDown(source: number, target: number, rowBytes: number, columns: number): void;
  gatherRow(
    source: number,
    rowBytes: number,
    target: number,
    count: number,
    places: number,
    columns: number,
    across: number,
    rows: number,
    down: number,
    work: number,
  ): void;
  leastRows(source: number, target: number, width: number, outputs: number, size: number, work: number): void;
  greatestRows(source: number, target: number, width: number, outputs: number, size: number, work: number): void;
  medianRow(
    source: number,
    rowBytes: number,
    target: number,
    columns: number,
    size: number,
    pairs: number,
    count: number,
    work: number,
  ): void;
  sharpenSamples(samples: number, blurred: number, count: number, amount: number, threshold: number): void;
  relaxFine(u: number, f: number, flags: number, stride: number, columns: number, rows: number, first: number): void;
  startFine(u: number, f: number, flags: number, stride: number, columns: number, rows: number, first: number): void;
  relaxCoarse(
    u: number,
    f: number,
    east: number,
    south: number,
    sum: number,
    stride: number,
    columns: number,
    rows: number,
    first: number,
  ): void;
  startCoarse(
    u: number,
    f: number,
    east: number,
    south: number,
    sum: number,
    stride: number,
    columns: number,
    rows: number,
    first: number,
  ): void;
  restrictFine(
    u: number,
    f: number,
    flags: number,
    stride: number,
    parents: number,
    into: number,
    parentStride: number,
    columns: number,
    rows: number,
    work: number,
  ): void;
  restrictCoarse(
    u: number,
    f: number,
    flags: number,
    east: number,
    south: number,
    stride: number,
    parents: number,
    into: number,
    parentStride: number,
    columns: number,
    rows: number,
    work: number,
  ): void;
  prolong(
    from: number,
    parents: number,
    parentStride: number,
    columns: number,
    rows: number,
    u: number,
    flags: number,
    stride: number,
  ): void;
  energyFine(c: number, d: number, flags: number, stride: number, columns: number, rows: number): number;
  energyCoarse(
    c: number,
    d: number,
    east: number,
    south: number,
    stride: number,
    columns: number,
    rows: number,
  ): number;
  advanceFine(
    x: number,
    r: number,
    d: number,
    flags: number,
    stride: number,
    columns: number,
    rows: number,
    step: number,
  ): number;
  turnFine(d: number, z: number, count: number, keep: number): void;
  dotFine(x: number, y: number, count: number): number;
  residualFine(
    x: number,
    r: number,
    flags: number,
    stride: number,
    columns: number,
    first: number,
    rows: number,
    p: number,
    q: number,
  ): number;
  slopesOfNormals(
    x: number,
    y: number,
    z: number,
    count: number,
    scale: number,
    offset: number,
    turn: number,
    least: number,
    way: number,
  ): number;
  mergeSamples(operation: number, x: number, y: number, a: number, b: number, target: number, count: number): void;
  weighSamples(mask: number, count: number, invert: number, mix: number): void;
  mixSamples(samples: number, from: number, weight: number, count: number): void;
}

const PAGE = 65536;
/** The arena never asks for more than this, so that every address and length is a positive signed 32-bit number. */
const GREATEST = 2 ** 31 - PAGE;
/** Kernels read whole vectors, so each region is followed by at least this many bytes that may be read. */
const MARGIN = 32;
/** Samples that convert through the tiles at once. */
export const TILE_SAMPLES = 16384;

/** Pages that the module demands. */
const FEWEST = 16;

const memory = new WebAssembly.Memory({ initial: FEWEST });

/** The module of this thread: its kernels by address, two fixed tiles for samples in conversion, and the arena's start. */
interface Kernels {
  readonly module: object;
  readonly run: KernelExports;
  readonly tileSource: number;
  readonly tileTarget: number;
  readonly arenaStart: number;
}

let loaded: Kernels | undefined;

/** Loads the module on first use, so that a program that only describes images does not pay for it. */
export function kernels(): Kernels {
  loaded ??= load();
  return loaded;
}

function load(): Kernels {
  const url = new URL('./kernels.wasm', import.meta.url);
  if (!existsSync(url)) {
    throw new EngineError(
      'io',
      'file-not-found',
      'Expected the compiled kernels beside the engine, found none. Run `npm run kernels` once.',
      { file: 'kernels.wasm' },
    );
  }
  const module = new WebAssembly.Module(readFileSync(url));
  const run = new WebAssembly.Instance(module, { env: { memory } }).exports as KernelExports;
  const tileSource = align(run.firstFree());
  const tileTarget = tileSource + TILE_SAMPLES * 4;
  const arenaStart = tileTarget + TILE_SAMPLES * 4;
  grow(arenaStart);
  return { module, run, tileSource, tileTarget, arenaStart };
}

const align = (address: number): number => Math.ceil(address / 64) * 64;

/** How many kernels ran on this thread so far. For tests that prove that the fast path was taken. */
export const kernelCalls = (): number => kernels().run.calls.value;

let bytes = new Uint8Array(memory.buffer);

/** All of the memory. Growing it makes older views empty. */
export function arenaBytes(): Uint8Array<ArrayBuffer> {
  if (bytes.buffer !== memory.buffer) bytes = new Uint8Array(memory.buffer);
  return bytes;
}

function grow(end: number): void {
  const missing = end - memory.buffer.byteLength;
  if (missing <= 0) return;
  try {
    if (end > GREATEST) throw new RangeError('beyond the range of the kernels');
    memory.grow(Math.ceil(missing / PAGE));
  } catch (error) {
    throw new EngineError(
      'unsupported',
      'memory-budget',
      `A block of samples needs ${end} bytes of working memory at once, more than there are. Use smaller tiles.`,
      {},
      error,
    );
  }
}

/**
 * Working memory of this thread that the kernels reach without a copy: one region for each size in bytes, aligned to 64
 * and with undefined content. There is one arena a thread, so the views stay good only until the next call on this
 * thread: keep none, and ask for all that is needed together at once. Conversions of samples do not disturb them. The
 * memory stays as large as the largest demand so far. Error: 'memory-budget'.
 */
export function scratch<const Sizes extends readonly number[]>(
  ...sizes: Sizes
): { readonly [Index in keyof Sizes]: Uint8Array<ArrayBuffer> } {
  let end = kernels().arenaStart;
  const starts = sizes.map((size) => {
    const start = end;
    end = align(start + size + MARGIN);
    return start;
  });
  grow(end);
  const views = starts.map((start, i) => new Uint8Array(memory.buffer, start, sizes[i]!));
  return views as unknown as { readonly [Index in keyof Sizes]: Uint8Array<ArrayBuffer> };
}

/** Addresses have 32 bits. */
const MOST = 2 ** 32 - PAGE;

/**
 * The kernels with another memory than the arena, for work that needs much of it and goes on over several turns: so many
 * bytes of zeros from `start` on. It is given back when nothing refers to it. Its calls are not
 * among those that `kernelCalls` tells. Error: 'memory-budget'.
 */
export function ownKernels(size: number): { run: KernelExports; buffer: ArrayBuffer; start: number } {
  const { module, arenaStart: start } = kernels();
  const end = start + size + MARGIN;
  try {
    if (end > MOST) throw new RangeError('beyond the range of the kernels');
    const own = new WebAssembly.Memory({ initial: Math.max(FEWEST, Math.ceil(end / PAGE)) });
    const run = new WebAssembly.Instance(module, { env: { memory: own } }).exports as KernelExports;
    return { run, buffer: own.buffer, start };
  } catch (error) {
    throw new EngineError(
      'unsupported',
      'memory-budget',
      `Expected ${end} bytes of working memory, found less. Use smaller images.`,
      {},
      error,
    );
  }
}

/** Whether a view shows working memory that the next call of `scratch` gives away again. */
export const inScratch = (view: ArrayBufferView): boolean =>
  view.buffer === memory.buffer && view.byteOffset >= kernels().arenaStart;

/** The address of a view into scratch space. Any other array is a mistake of the caller. */
export function addressOf(view: ArrayBufferView): number {
  if (!inScratch(view)) {
    throw new EngineError('invalid', 'internal', 'A kernel was given an array that is not in scratch space.');
  }
  return view.byteOffset;
}
