// FBX: the tree of records in a binary file. Source of the layout: Blender, "FBX binary file format specification" (2013).
import { inflateSync } from 'node:zlib';
import { EngineError } from '../../../engine/authoring.ts';
import { EXPORT_ANEW, wrong } from './claims.ts';

export type FbxNumbers = Float64Array | Float32Array | Int32Array | BigInt64Array | Uint8Array;
export type FbxValue = number | bigint | string | FbxNumbers;

export interface FbxNode {
  readonly name: string;
  readonly values: readonly FbxValue[];
  readonly children: readonly FbxNode[];
}

export interface FbxFile {
  /** Such as 7400. */
  readonly version: number;
  readonly kind: 'binary' | 'ASCII';
  readonly nodes: readonly FbxNode[];
}

const MAGIC = 'Kaydara FBX Binary  \0';
/** From this version on offsets have 8 bytes. */
const WIDE = 7500;
const MOST_DEPTH = 64;
const MOST_RECORDS = 4_000_000;
/** Deflate makes at most 1032 bytes of one. */
const MOST_RATIO = 1032;
/** Bytes of all arrays together; assimp has 4 GiB for them and for what it makes of them. */
const MOST_UNPACKED = 2 ** 31;

export const isBinaryFbx = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, MAGIC.length)).toString('latin1') === MAGIC;

/** Names whose arrays are looked at; those of others are stepped over. */
export const WANTED = new Set(['Vertices', 'PolygonVertexIndex', 'UV', 'UVIndex', 'Materials']);

/** The records of a binary file. Throws `mesh-truncated` and `mesh-invalid`. */
export function readBinaryFbx(file: string, bytes: Uint8Array): FbxFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const cut = (): EngineError =>
    wrong(
      'mesh-truncated',
      file,
      'all records of an FBX file',
      `the end after ${bytes.length} bytes`,
      'The file was cut off: copy or export it anew.',
    );
  const unsound = (what: string, at: number): EngineError =>
    wrong('mesh-invalid', file, 'sound FBX records', `${what} at byte ${at}`, EXPORT_ANEW);
  if (bytes.length < 27) throw cut();
  const version = view.getUint32(23, true);
  const wide = version >= WIDE;
  const width = wide ? 8 : 4;
  let records = 0;
  let unpackedBytes = 0;
  let sentinel = false;

  const offset = (at: number): number => {
    if (at + width > bytes.length) throw cut();
    return wide ? Number(view.getBigUint64(at, true)) : view.getUint32(at, true);
  };

  /** The records from `at` to `end`, or up to the empty one. */
  const list = (start: number, end: number, depth: number): FbxNode[] => {
    if (depth > MOST_DEPTH) throw unsound('records too deep in each other', start);
    const nodes: FbxNode[] = [];
    let at = start;
    while (at < end) {
      const [next, count, size] = [offset(at), offset(at + width), offset(at + 2 * width)];
      const nameAt = at + 3 * width;
      if (nameAt >= bytes.length) throw cut();
      if (next === 0) {
        if (depth === 0) sentinel = true;
        return nodes;
      }
      const nameLength = bytes[nameAt]!;
      const valuesAt = nameAt + 1 + nameLength;
      if (next > bytes.length) throw cut();
      if (next <= at || next > end || valuesAt + size > next) throw unsound('a record that ends nowhere', at);
      records += 1;
      if (records > MOST_RECORDS) throw unsound(`more than ${MOST_RECORDS} records`, at);
      const name = text(bytes, nameAt + 1, nameLength);
      const values = valuesOf(valuesAt, valuesAt + size, count, WANTED.has(name));
      nodes.push({ name, values, children: list(valuesAt + size, next, depth + 1) });
      at = next;
    }
    return nodes;
  };

  const valuesOf = (start: number, end: number, count: number, wanted: boolean): FbxValue[] => {
    const values: FbxValue[] = [];
    let at = start;
    const take = (size: number): number => {
      const from = at;
      at += size;
      if (at > end) throw unsound('a value that is longer than its record', from);
      return from;
    };
    for (let i = 0; i < count && at < end; i++) {
      const kind = String.fromCharCode(bytes[take(1)]!);
      if (kind === 'C') values.push(bytes[take(1)]!);
      else if (kind === 'Y') values.push(view.getInt16(take(2), true));
      else if (kind === 'I') values.push(view.getInt32(take(4), true));
      else if (kind === 'F') values.push(view.getFloat32(take(4), true));
      else if (kind === 'D') values.push(view.getFloat64(take(8), true));
      else if (kind === 'L') values.push(view.getBigInt64(take(8), true));
      else if (kind === 'S' || kind === 'R') {
        const length = view.getUint32(take(4), true);
        const from = take(length);
        values.push(kind === 'S' ? text(bytes, from, length) : '');
      } else {
        const size = ARRAYS[kind];
        if (size === undefined) throw unsound(`a value of unknown kind ${JSON.stringify(kind)}`, at - 1);
        const [length, encoding, stored] = [0, 4, 8].map((k) => view.getUint32(at + k, true)) as [
          number,
          number,
          number,
        ];
        take(12);
        const from = take(encoding === 1 ? stored : length * size);
        if (length * size > Math.max(64, (at - from) * MOST_RATIO))
          throw unsound('an array larger than its bytes', from);
        unpackedBytes += length * size;
        if (unpackedBytes > MOST_UNPACKED) {
          const message = `${file}: expected at most ${MOST_UNPACKED} bytes of arrays, found more. Cut the mesh into several.`;
          throw new EngineError('invalid', 'mesh-too-large', message);
        }
        if (!wanted) continue;
        const raw = encoding === 1 ? unpacked(bytes.subarray(from, at), length * size) : bytes.slice(from, at);
        if (raw?.length !== length * size) throw unsound('an array that cannot be unpacked', from);
        values.push(numbersOf(kind, raw));
      }
    }
    return values;
  };

  const nodes = list(27, bytes.length, 0);
  if (!sentinel) throw cut();
  return { version, kind: 'binary', nodes };
}

/** Bytes of one number in an array, by its kind. */
const ARRAYS: Readonly<Record<string, number>> = { f: 4, d: 8, l: 8, i: 4, b: 1, c: 1 };

function numbersOf(kind: string, raw: Uint8Array): FbxNumbers {
  const buffer = raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.byteLength) as ArrayBuffer;
  if (kind === 'f') return new Float32Array(buffer);
  if (kind === 'd') return new Float64Array(buffer);
  if (kind === 'l') return new BigInt64Array(buffer);
  return kind === 'i' ? new Int32Array(buffer) : new Uint8Array(buffer);
}

function unpacked(bytes: Uint8Array, size: number): Uint8Array | undefined {
  try {
    return inflateSync(bytes, { maxOutputLength: Math.max(1, size) });
  } catch {
    return undefined;
  }
}

const text = (bytes: Uint8Array, from: number, length: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + from, length).toString('utf8');
