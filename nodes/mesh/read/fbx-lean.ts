// A binary FBX file without the pictures in it, since assimp takes a file byte by byte and has no use for them here.

/** Fewer bytes than these are not worth a copy. */
const WORTH = 2 ** 16;
/** From this version on numbers of a record's head have 8 bytes. */
const WIDE = 7500;
const HEAD = 27;
/** Records that hold a picture, by their names from the top. */
const PICTURE = ['Objects', 'Video', 'Content'];

interface RecordAt {
  readonly start: number;
  readonly end: number;
  readonly name: string;
  readonly childrenAt: number;
}

/** The same file without its pictures; undefined where it has none to speak of. The records of `bytes` are sound. */
export function withoutPictures(bytes: Uint8Array): Uint8Array | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = view.getUint32(23, true) >= WIDE;
  const width = wide ? 8 : 4;
  const emptyLength = 3 * width + 1;
  const number = (at: number): number => (wide ? Number(view.getBigUint64(at, true)) : view.getUint32(at, true));
  const recordsIn = (from: number, to: number): { records: RecordAt[]; ended: number } => {
    const records: RecordAt[] = [];
    let at = from;
    while (at < to && number(at) !== 0) {
      const nameAt = at + emptyLength;
      const name = Buffer.from(bytes.buffer, bytes.byteOffset + nameAt, bytes[nameAt - 1]!).toString('latin1');
      const childrenAt = nameAt + name.length + number(at + 2 * width);
      records.push({ start: at, end: number(at), name, childrenAt });
      at = number(at);
    }
    return { records, ended: at };
  };
  const kept: Uint8Array[] = [bytes.subarray(0, HEAD)];
  let length = HEAD;
  let dropped = 0;
  const keep = (piece: Uint8Array): void => {
    kept.push(piece);
    length += piece.length;
  };
  const copy = ({ start, end, name, childrenAt }: RecordAt, depth: number, inPicture: boolean): void => {
    const onWay = inPicture && name === PICTURE[depth];
    if (onWay && depth === PICTURE.length - 1) {
      dropped += end - start;
      return;
    }
    // Its first number says where it ends. Not slice(), which makes no copy of a Buffer.
    const own = Uint8Array.from(bytes.subarray(start, childrenAt));
    keep(own);
    const { records, ended } = recordsIn(childrenAt, end);
    for (const record of records) copy(record, depth + 1, onWay);
    keep(bytes.subarray(ended, end));
    const head = new DataView(own.buffer);
    if (wide) head.setBigUint64(0, BigInt(length), true);
    else head.setUint32(0, length, true);
  };
  const { records, ended } = recordsIn(HEAD, bytes.length);
  for (const record of records) copy(record, 0, true);
  keep(bytes.subarray(ended));
  return dropped < WORTH ? undefined : Buffer.concat(kept, length);
}
