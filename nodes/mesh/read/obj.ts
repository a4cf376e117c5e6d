// OBJ: looks through the lines for what assimp would pass over in silence. Source: Wavefront, Object Files (.obj).
import { type Claims, EXPORT_ANEW, isSound, wrong } from './claims.ts';

const SPACE = 32;
const TAB = 9;
const NEWLINE = 10;
const SLASH = 47;

/**
 * Checks every number and every index. Throws `mesh-uvs` for texture coordinates that are no numbers, `mesh-invalid` for
 * all else that is wrong.
 */
export function readObjClaims(file: string, bytes: Uint8Array): Claims {
  // v, vt and vn so far.
  const counts = [0, 0, 0];
  const named = ['vertex', 'texture coordinate', 'normal'];
  let [polygons, triangles] = [0, 0];
  let textured = false;
  let odd = false;
  let line = 0;
  const refuse = (code: 'mesh-invalid' | 'mesh-uvs', expected: string, found: string): never => {
    throw wrong(code, `${file}, line ${line}`, expected, found, EXPORT_ANEW);
  };
  const reader = new Lines(bytes);
  while (reader.next()) {
    line = reader.line;
    const words = reader.words;
    const head = words[0]!;
    const kind = head === 'v' ? 0 : head === 'vt' ? 1 : head === 'vn' ? 2 : -1;
    if (kind >= 0) {
      counts[kind]! += 1;
      odd ||= reader.commented;
      const needed = kind === 1 ? 1 : 3;
      const used = kind === 1 ? Math.min(words.length - 1, 2) : 3;
      if (words.length - 1 < needed)
        refuse('mesh-invalid', `${needed} numbers of a ${named[kind]}`, `${words.length - 1}`);
      for (let i = 1; i <= used; i++) {
        odd ||= BARE.test(words[i]!);
        if (!isNumber(words[i]!))
          refuse(
            kind === 1 ? 'mesh-uvs' : 'mesh-invalid',
            `numbers of a ${named[kind]}`,
            JSON.stringify(words[i]!.slice(0, 40)),
          );
      }
    } else if (head === 'f') {
      if (words.length < 4) refuse('mesh-invalid', 'three corners of a face or more', `${words.length - 1}`);
      polygons += 1;
      triangles += words.length - 3;
      for (let i = 1; i < words.length; i++) {
        const word = words[i]!;
        let [start, place] = [0, 0];
        for (let k = 0; k <= word.length; k++) {
          if (k < word.length && word.charCodeAt(k) !== SLASH) continue;
          if (k > start) {
            const index = Number(word.slice(start, k));
            const count = counts[place] ?? 0;
            const at = index < 0 ? count + index : index - 1;
            if (!(Number.isInteger(at) && at >= 0 && at < count))
              refuse('mesh-invalid', `the number of one of ${count} of kind ${named[place] ?? '?'}`, word.slice(0, 40));
            if (place === 1) textured = true;
          }
          start = k + 1;
          place += 1;
        }
      }
    }
  }
  return {
    format: 'OBJ',
    space: { stated: 'OBJ says nothing of units or axes' },
    // Faces of one file may have coordinates or not.
    uvSets: () => (textured ? [['uv'], []] : [[]]),
    polygons,
    triangles,
    ...(odd ? { instead: { name: file, bytes: withoutOddities(bytes) } } : {}),
  };
}

/** Numbers that begin with their point, as some programs write them; assimp refuses them. */
const BARE = /^\+?\.\d/;

/** The file with a 0 before such points, and without comments behind numbers, of which assimp takes each word for one more. */
function withoutOddities(bytes: Uint8Array): Uint8Array {
  const text = latin(bytes, 0, bytes.length);
  const numbers = /^[ \t]*v[tn]?[ \t][^\r\n]*/gm;
  const mended = (line: string): string => line.replace(/#.*/, '').replace(/([ \t])(\+?)\.(?=\d)/g, '$1$20.');
  return Buffer.from(text.replace(numbers, mended), 'latin1');
}

/** Number() takes 0x10 for one. */
const isNumber = (word: string): boolean => isSound(Number(word)) && word !== '' && !/^0[xob]/i.test(word);

/** The lines of a file that begin with v or f, cut into words. Lines that end with a backslash go on in the next one. */
class Lines {
  readonly #bytes: Uint8Array;
  #at = 0;
  line = 0;
  words: string[] = [];
  /** Whether a comment follows them. */
  commented = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  next(): boolean {
    const bytes = this.#bytes;
    while (this.#at < bytes.length) {
      this.line += 1;
      let start = this.#at;
      let end = bytes.indexOf(NEWLINE, start);
      if (end < 0) end = bytes.length;
      while (start < end && (bytes[start] === SPACE || bytes[start] === TAB)) start += 1;
      this.#at = end + 1;
      const first = bytes[start];
      if (first !== 0x76 && first !== 0x66) continue;
      let text = latin(bytes, start, end);
      while (/\\\r?$/.test(text) && this.#at < bytes.length) {
        let more = bytes.indexOf(NEWLINE, this.#at);
        if (more < 0) more = bytes.length;
        text = `${text.replace(/\\\r?$/, ' ')}${latin(bytes, this.#at, more)}`;
        this.#at = more + 1;
        this.line += 1;
      }
      const comment = text.indexOf('#');
      this.commented = comment >= 0;
      this.words = (comment < 0 ? text : text.slice(0, comment)).trim().split(/\s+/);
      return true;
    }
    return false;
  }
}

const latin = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1');
