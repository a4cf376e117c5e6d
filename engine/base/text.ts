// Text in a header: UTF-8 to strings and back without losing bytes that are not UTF-8.
import type { ByteReader } from './bytes.ts';
import { EngineError } from './error.ts';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** A byte b (128..255) that is not part of sound UTF-8 becomes the lone surrogate U+DC00 + b. */
const ESCAPE = 0xdc00;

/**
 * Text of bytes. Bytes that are not UTF-8 become lone surrogates U+DC80..U+DCFF (as PEP 383 does it), so that
 * `encodeText` gives the same bytes again whatever they were; JSON carries them as `\udcNN`.
 */
export function decodeText(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return decodeEscaped(bytes);
  }
}

/** A list of texts, each behind its length in bytes, to the end of what is read. Errors as for `ByteReader`. */
export function decodeTexts(reader: ByteReader): string[] {
  const texts: string[] = [];
  while (reader.remaining > 0) texts.push(decodeText(reader.take(reader.i32())));
  return texts;
}

function decodeEscaped(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes[at]!);
    const piece = bytes.subarray(at, at + length);
    try {
      text += strict.decode(piece);
      at += length;
    } catch {
      text += String.fromCharCode(ESCAPE + bytes[at]!);
      at += 1;
    }
  }
  return text;
}

/** How many bytes a UTF-8 sequence has that begins with this byte; 1 for a byte that cannot begin one. */
function sequenceLength(lead: number): number {
  if (lead >= 0xf0) return 4;
  if (lead >= 0xe0) return 3;
  return lead >= 0xc2 ? 2 : 1;
}

/** Bytes of a text. Throws `attribute-value` for surrogates that do not stand for a byte. */
export function encodeText(text: string): Uint8Array {
  if (text.isWellFormed()) return encoder.encode(text);
  const pieces: Uint8Array[] = [];
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code < 0xd800 || code > 0xdfff) pieces.push(encoder.encode(character));
    else if (code >= ESCAPE + 0x80 && code <= ESCAPE + 0xff) pieces.push(Uint8Array.of(code - ESCAPE));
    else {
      throw new EngineError(
        'invalid',
        'attribute-value',
        `Expected Unicode text, found the lone surrogate U+${code.toString(16).toUpperCase()}. Remove that character.`,
      );
    }
  }
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** Base64 (RFC 4648, padded) of bytes. */
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x2000) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x2000));
  }
  return btoa(binary);
}

/** Bytes of a base64 text, or undefined where it is none. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  try {
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
    return bytes;
  } catch {
    return undefined;
  }
}
