// Fingerprints: SHA-256 over canonical JSON, so that equal work has one name on every machine.
import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from './canonical.ts';
import { sha256 } from './sha256.ts';

/** Shorter texts are digested sooner than Node has loaded what it does it with. */
const SHORT = 4096;

/** 32 hexadecimal digits (128 bits) that name a value; equal values give equal names whatever their key order. */
export function fingerprint(value: Json): string {
  const text = canonicalJson(value);
  const digest = text.length < SHORT ? sha256(text) : createHash('sha256').update(text).digest('hex');
  return digest.slice(0, 32);
}
