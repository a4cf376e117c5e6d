// Canonical JSON: one text for one value, whatever the order in which its keys were made.

/** What canonical JSON can hold. `undefined` members are left out, as in JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * Keys sorted by UTF-16 code unit, no white space, numbers as JSON writes them, -0 kept apart from 0.
 * NaN and infinities, which JSON cannot hold, become strings with a leading #.
 */
export function canonicalJson(value: Json): string {
  if (typeof value === 'number')
    return Object.is(value, -0) ? '-0' : Number.isFinite(value) ? String(value) : JSON.stringify(`#${value}`);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((v) => canonicalJson(v as Json)).join(',')}]`;
  const record = value as { readonly [key: string]: Json | undefined };
  const pairs = Object.keys(record)
    .sort()
    .filter((key) => record[key] !== undefined)
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(record[key] as Json)}`);
  return `{${pairs.join(',')}}`;
}
