// Fingerprints: SHA-256 over canonical JSON, so that equal work has one name on every machine.
import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from './canonical.ts';

/** 32 hexadecimal digits (128 bits) that name a value; equal values give equal names whatever their key order. */
export function fingerprint(value: Json): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, 32);
}
