// The markers of a JPEG 2000 codestream: what they say of its components, how these are coded, and where the packets are.
import type { Fault } from './fault.ts';

/** One component, which stands for one channel of the block. */
export interface Component {
  readonly columns: number;
  readonly rows: number;
  readonly step: { readonly x: number; readonly y: number };
  readonly bits: number;
  readonly signed: boolean;
  /** Negative samples are stored as sign and magnitude (marker NLT, type 3). */
  readonly folded: boolean;
  /** The greatest number of bits of a coefficient, for each subband in the order of the file. */
  readonly depths: readonly number[];
}

/** What a codestream states, held to what OpenEXR writes: one tile, one layer, HT blocks, whole numbers. */
export interface Codestream {
  readonly columns: number;
  readonly rows: number;
  readonly components: readonly Component[];
  /** How often the image is halved. */
  readonly levels: number;
  /** Logarithms to base 2 of the size of a block. */
  readonly block: { readonly across: number; readonly down: number };
  /** The first three components are a luminance and two differences. */
  readonly mixed: boolean;
  readonly packets: Uint8Array;
}

/** Markers (Rec. ITU-T T.800, Annex A; CAP and CPF from T.814; NLT from T.801). */
export const MARKERS = {
  SOC: 0xff4f,
  CAP: 0xff50,
  SIZ: 0xff51,
  COD: 0xff52,
  TLM: 0xff55,
  PLM: 0xff57,
  PLT: 0xff58,
  CPF: 0xff59,
  QCD: 0xff5c,
  QCC: 0xff5d,
  CRG: 0xff63,
  COM: 0xff64,
  NLT: 0xff76,
  SOT: 0xff90,
  SOD: 0xff93,
  EOC: 0xffd9,
} as const;

const { SOC, CAP, SIZ, COD, TLM, PLM, PLT, CPF, QCD, QCC, CRG, COM, NLT, SOT, SOD, EOC } = MARKERS;
/** What tells a reader nothing that it needs. */
const PASSED_OVER: ReadonlySet<number> = new Set([CAP, TLM, PLM, PLT, CPF, CRG, COM]);
/** The two bytes of a marker and the length of a start of a tile part. */
const SOT_BYTES = 12;
/** The greatest depth of a subband: T.800 has 5 bits for what adds to up to 7 guard bits, less one. */
const GREATEST_DEPTH = 38;
const GREATEST_LEVELS = 32;
const ALL_COMPONENTS = 0xffff;

interface Size {
  readonly columns: number;
  readonly rows: number;
  readonly components: readonly Pick<Component, 'columns' | 'rows' | 'step' | 'bits' | 'signed'>[];
}

/** Reads `bytes` with a check of every place. */
class Marked {
  readonly #view: DataView;
  readonly #fault: Fault;
  at = 0;

  constructor(bytes: Uint8Array, fault: Fault) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#fault = fault;
  }

  get left(): number {
    return this.#view.byteLength - this.at;
  }

  #take(size: number): number {
    if (size > this.left) throw this.#fault.damaged('its codestream ends inside a marker');
    this.at += size;
    return this.at - size;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2));
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4));
  }

  /** The rest of a marker segment, whose length comes first and counts itself. */
  segment(): Marked {
    const length = this.u16();
    if (length < 2) throw this.#fault.damaged(`a marker states a length of ${length} bytes`);
    const start = this.#take(length - 2);
    const { buffer, byteOffset } = this.#view;
    return new Marked(new Uint8Array(buffer, byteOffset + start, length - 2), this.#fault);
  }
}

function readSize(segment: Marked, fault: Fault): Size {
  segment.u16();
  const [columns, rows, left, top, tileColumns, tileRows, tileLeft, tileTop] = [
    segment.u32(),
    segment.u32(),
    segment.u32(),
    segment.u32(),
    segment.u32(),
    segment.u32(),
    segment.u32(),
    segment.u32(),
  ];
  if (left !== 0 || top !== 0 || tileLeft !== 0 || tileTop !== 0)
    throw fault.foreign('an offset of its image or tiles');
  if (tileColumns < columns || tileRows < rows) throw fault.foreign('several tiles in one codestream');
  if (columns === 0 || rows === 0) throw fault.damaged('its image is empty');
  const count = segment.u16();
  if (count === 0 || segment.left !== count * 3) throw fault.damaged(`${count} components do not fill its marker SIZ`);
  const components = Array.from({ length: count }, () => {
    const depth = segment.u8();
    const [x, y] = [segment.u8(), segment.u8()];
    if (x === 0 || y === 0) throw fault.damaged('a component has no samples');
    const size = { columns: Math.ceil(columns / x), rows: Math.ceil(rows / y) };
    return { ...size, step: { x, y }, bits: (depth & 0x7f) + 1, signed: depth >= 0x80 };
  });
  return { columns, rows, components };
}

function readCoding(segment: Marked, fault: Fault): Pick<Codestream, 'levels' | 'block' | 'mixed'> {
  const style = segment.u8();
  const progression = segment.u8();
  const layers = segment.u16();
  const mixed = segment.u8();
  const levels = segment.u8();
  const [across, down] = [segment.u8() + 2, segment.u8() + 2];
  const blockStyle = segment.u8();
  const kernel = segment.u8();
  if (style !== 0) throw fault.foreign('precincts or markers between its packets');
  if (progression !== 2) throw fault.foreign('an order of packets other than by resolution');
  if (layers !== 1) throw fault.foreign('several layers');
  if (mixed > 1 || levels > GREATEST_LEVELS) throw fault.damaged('its marker COD is out of range');
  if (across > 10 || down > 10 || across + down > 12) throw fault.damaged('its blocks are larger than they may be');
  if (blockStyle !== 0x40) throw fault.foreign('blocks of another coding than HT');
  if (kernel !== 1) throw fault.foreign('a wavelet with losses');
  if (segment.left !== 0) throw fault.damaged('its marker COD is too long');
  return { levels, block: { across, down }, mixed: mixed === 1 };
}

/** Depths of all subbands: what a coefficient has at most, guard bits included (T.800, equation E-2). */
function readDepths(segment: Marked, fault: Fault): number[] {
  const style = segment.u8();
  if ((style & 31) !== 0) throw fault.foreign('quantised samples');
  return Array.from({ length: segment.left }, () => Math.max(0, (segment.u8() >> 3) - 1) + (style >> 5));
}

/** The packets of all tile parts, one after the other. */
function readTileParts(bytes: Uint8Array, from: number, fault: Fault): Uint8Array {
  const marked = new Marked(bytes, fault);
  marked.at = from;
  const parts: Uint8Array[] = [];
  for (;;) {
    const start = marked.at;
    const marker = marked.u16();
    if (marker === EOC) break;
    if (marker !== SOT) throw fault.damaged('its tile parts do not follow each other');
    if (marked.u16() !== 10 || marked.u16() !== 0) throw fault.damaged('a tile part states another tile');
    const stated = marked.u32();
    marked.u16();
    const end = stated === 0 ? bytes.length - 2 : start + stated;
    for (let inside = marked.u16(); inside !== SOD; inside = marked.u16()) {
      if (!PASSED_OVER.has(inside)) throw fault.damaged('a tile part has a marker that it may not have');
      marked.segment();
    }
    if (end < Math.max(marked.at, start + SOT_BYTES) || end > bytes.length) {
      throw fault.damaged(`a tile part states ${stated} bytes of ${bytes.length - start}`);
    }
    parts.push(bytes.subarray(marked.at, end));
    marked.at = end;
  }
  if (parts.length === 1) return parts[0]!;
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let to = 0;
  for (const part of parts) {
    all.set(part, to);
    to += part.length;
  }
  return all;
}

/** Reads a codestream. It must have its end: a chunk that is cut short is damaged. */
export function readCodestream(bytes: Uint8Array, fault: Fault): Codestream {
  const marked = new Marked(bytes, fault);
  if (marked.u16() !== SOC || marked.u16() !== SIZ) throw fault.damaged('it does not start as a codestream does');
  const size = readSize(marked.segment(), fault);
  const wide = size.components.length > 256;
  const depths: number[][] = [];
  const folded: boolean[] = [];
  let plain: number[] | undefined;
  let coding: Pick<Codestream, 'levels' | 'block' | 'mixed'> | undefined;
  let marker = marked.u16();
  for (; marker !== SOT; marker = marked.u16()) {
    const segment = marked.segment();
    if (marker === COD) coding = readCoding(segment, fault);
    else if (marker === QCD) plain = readDepths(segment, fault);
    else if (marker === QCC) depths[componentOf(wide ? segment.u16() : segment.u8())] = readDepths(segment, fault);
    else if (marker === NLT) {
      const component = segment.u16();
      const depth = segment.u8();
      const type = segment.u8();
      if (type !== 0 && type !== 3) throw fault.foreign('a curve between its numbers and its samples');
      for (const [i, { bits, signed }] of size.components.entries()) {
        if (component !== ALL_COMPONENTS && component !== i) continue;
        if (depth !== bits - 1 + (signed ? 0x80 : 0)) throw fault.damaged('its marker NLT is of another depth');
        folded[i] = type === 3 && signed;
      }
    } else if (!PASSED_OVER.has(marker)) throw fault.foreign(`a marker ${marker.toString(16)}`);
  }
  function componentOf(index: number): number {
    if (index >= size.components.length) throw fault.damaged(`a marker is of component ${index}`);
    return index;
  }
  if (!coding || !plain) throw fault.damaged('it lacks a marker COD or QCD');
  const { levels } = coding;
  const components = size.components.map((component, i) => {
    const own = depths[i] ?? plain;
    if (own.length < levels * 3 + 1) throw fault.damaged(`it has depths of ${own.length} subbands only`);
    if (Math.max(...own) > GREATEST_DEPTH) throw fault.foreign(`coefficients of more than ${GREATEST_DEPTH} bits`);
    return { ...component, folded: folded[i] === true, depths: own };
  });
  return { ...size, ...coding, components, packets: readTileParts(bytes, marked.at - 2, fault) };
}
