// Whether a message is small enough to be sent at all.
import { LARGEST_MESSAGE } from '../../protocol.ts';
import { Refusal } from './refusal.ts';

/** Bytes of a message around what it is about. */
const ENVELOPE = 4096;
const MEGABYTE = 1024 * 1024;

/** Throws a `Refusal` for content at whose size the host would end the connection. */
export function checkSize(content: unknown): void {
  const text = JSON.stringify(content);
  // No letter takes more than three bytes for each unit of its text.
  if (text.length * 3 + ENVELOPE < LARGEST_MESSAGE) return;
  const size = new TextEncoder().encode(text).length;
  if (size + ENVELOPE < LARGEST_MESSAGE) return;
  const [found, most] = [size, LARGEST_MESSAGE].map((bytes) => Math.ceil(bytes / MEGABYTE));
  throw new Refusal('document-too-large', `Expected at most ${most} MB at once, found ${found} MB. Do it in pieces.`);
}
