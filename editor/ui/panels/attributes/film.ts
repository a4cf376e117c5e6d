// Values of film and video as people type them: time codes with few digits, fractions as decimals.
import type { Json } from '../../../../engine/browser.ts';
import { isRecord } from '../parameters/value.ts';

export interface TimeCode {
  /** `hh:mm:ss:ff`, with `;` before the frames for drop frame. */
  readonly time: string;
  readonly flags: readonly string[];
  readonly userData: number;
}

/** The whole time code of a value, a bare time included; undefined for bits that are no time. */
export function timeOf(value: Json): TimeCode | undefined {
  if (typeof value === 'string') return { time: value, flags: [], userData: 0 };
  if (!isRecord(value) || typeof value['time'] !== 'string') return undefined;
  const { time, flags, userData } = value;
  return {
    time,
    flags: Array.isArray(flags) ? (flags as readonly Json[]).map(String) : [],
    userData: typeof userData === 'number' ? userData : 0,
  };
}

/** `1:2:3` as `00:01:02:03`, `01020304` as `01:02:03:04`; undefined where the text is no time of at most four fields. */
export function asTime(text: string): string | undefined {
  const trimmed = text.trim();
  const digits = /^\d{1,8}$/.exec(trimmed)?.[0].padStart(8, '0');
  if (digits !== undefined) return digits.replace(/^(..)(..)(..)(..)$/, '$1:$2:$3:$4');
  if (!/^\d{1,2}(?:[:;.]\d{1,2}){1,3}$/.test(trimmed)) return undefined;
  const fields = trimmed.split(/[:;.]/).map((field) => field.padStart(2, '0'));
  const whole = [...Array<string>(4 - fields.length).fill('00'), ...fields].join(':');
  return withDrop(whole, { drop: /;\d+$/.test(trimmed) });
}

/** The time as drop frame, or not. */
export const withDrop = (time: string, { drop }: { readonly drop: boolean }): string =>
  time.replace(/[:;](\d+)$/, `${drop ? ';' : ':'}$1`);

/** What a fraction is as a decimal; empty where it is none or has no value. */
export function rateText(text: string): string {
  const match = /^(-?\d+)(?:\/(\d+))?$/.exec(text);
  const value = match ? Number(match[1]) / Number(match[2] ?? 1) : Number.NaN;
  return Number.isFinite(value) ? `= ${Number(value.toFixed(5))}` : '';
}
