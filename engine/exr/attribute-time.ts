// Attribute types of film and video: time code, key code and rational.
import type { Json } from '../base/canonical.ts';
import type { AttributeForm } from './attribute-form.ts';
import { isInt32, isRecord, isUint32 } from './attribute-plain.ts';

/**
 * Flags of a time code with the bit that each has in OpenEXR's packing for 60-field television (ImfTimeCode.h). Drop
 * frame (bit 6) is told by a `;` before the frames. Files do not say which packing they use, so these names are those
 * of the default one.
 */
const TIME_FLAGS = { colorFrame: 7, fieldPhase: 15, bgf0: 23, bgf1: 30, bgf2: 31 } as const;
const DROP_FRAME = 6;

type TimeFlag = keyof typeof TIME_FLAGS;
const TIME_FLAG_NAMES = Object.keys(TIME_FLAGS) as TimeFlag[];

/** Two binary-coded decimal digits from bit `shift` on, the tens having `tensBits` bits; undefined beyond `max`. */
function decimalField(word: number, shift: number, tensBits: number, max: number): string | undefined {
  const units = (word >>> shift) & 15;
  const tens = (word >>> (shift + 4)) & ((1 << tensBits) - 1);
  return units > 9 || tens * 10 + units > max ? undefined : `${tens}${units}`;
}

function timeText(word: number): string | undefined {
  const hours = decimalField(word, 24, 2, 23);
  const minutes = decimalField(word, 16, 3, 59);
  const seconds = decimalField(word, 8, 3, 59);
  const frames = decimalField(word, 0, 2, 39);
  if (!hours || !minutes || !seconds || !frames) return undefined;
  return `${hours}:${minutes}:${seconds}${(word >>> DROP_FRAME) & 1 ? ';' : ':'}${frames}`;
}

function timeWord(text: string): number | undefined {
  const match = /^([01]\d|2[0-3]):([0-5]\d):([0-5]\d)([:;])([0-3]\d)$/.exec(text);
  if (!match) return undefined;
  const [, hours, minutes, seconds, mark, frames] = match as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  // A field of decimal digits read as hexadecimal is its binary-coded decimal.
  const coded = (field: string, shift: number): number => Number.parseInt(field, 16) << shift;
  const drop = mark === ';' ? 1 << DROP_FRAME : 0;
  return coded(hours, 24) | coded(minutes, 16) | coded(seconds, 8) | coded(frames, 0) | drop;
}

const timecode: AttributeForm = {
  doc:
    'A time "hh:mm:ss:ff" (";" before the frames: drop frame, at most 39 frames), or an object with that time, ' +
    `flags out of ${TIME_FLAG_NAMES.join(', ')}, and userData (the eight binary groups as one number).`,
  example: { time: '01:02:03:04', flags: ['colorFrame'], userData: 0 },
  decode: (reader) => {
    const word = reader.u32();
    const userData = reader.u32();
    const time = timeText(word);
    if (time === undefined) return { raw: [word, userData] };
    const flags = TIME_FLAG_NAMES.filter((flag) => (word >>> TIME_FLAGS[flag]) & 1);
    return { time, flags, userData };
  },
  encode: (writer, value) => {
    if (isRecord(value, ['raw'])) {
      const { raw } = value;
      if (!Array.isArray(raw) || raw.length !== 2) return false;
      const [word, userData] = raw as unknown[];
      if (!isUint32(word) || !isUint32(userData)) return false;
      writer.u32(word).u32(userData);
      return true;
    }
    const whole: unknown = typeof value === 'string' ? { time: value } : value;
    if (!isRecord(whole, ['time'], ['flags', 'userData']) || typeof whole.time !== 'string') return false;
    const { flags = [], userData = 0 } = whole as { flags?: unknown; userData?: unknown };
    let word = timeWord(whole.time);
    if (word === undefined || !Array.isArray(flags) || !isUint32(userData)) return false;
    for (const flag of flags) {
      if (!TIME_FLAG_NAMES.includes(flag)) return false;
      word |= 1 << TIME_FLAGS[flag as TimeFlag];
    }
    writer.u32(word >>> 0).u32(userData);
    return true;
  },
};

/** Fields of a key code in the order of the file (ImfKeyCode.h). */
const KEY_CODE_FIELDS = [
  'filmMfcCode',
  'filmType',
  'prefix',
  'count',
  'perfOffset',
  'perfsPerFrame',
  'perfsPerCount',
] as const;

const keycode: AttributeForm = {
  doc: 'The seven numbers of a film key code.',
  example: Object.fromEntries(KEY_CODE_FIELDS.map((field, i) => [field, [1, 52, 123456, 1234, 0, 4, 64][i]!])),
  decode: (reader) => {
    const value: Record<string, Json> = {};
    for (const field of KEY_CODE_FIELDS) value[field] = reader.i32();
    return value;
  },
  encode: (writer, value) =>
    isRecord(value, KEY_CODE_FIELDS) &&
    KEY_CODE_FIELDS.every((field) => {
      const number = value[field];
      return isInt32(number) && Boolean(writer.i32(number));
    }),
};

const rational: AttributeForm = {
  doc: 'A fraction "n/d": a whole number, and a whole number that is not negative; "/1" may be left out.',
  example: '24000/1001',
  decode: (reader) => {
    const numerator = reader.i32();
    return `${numerator}/${reader.u32()}`;
  },
  encode: (writer, value) => {
    const match = typeof value === 'string' ? /^(-?\d{1,10})(?:\/(\d{1,10}))?$/.exec(value) : null;
    if (!match) return false;
    const numerator = Number(match[1]);
    const denominator = Number(match[2] ?? 1);
    if (!isInt32(numerator) || !isUint32(denominator)) return false;
    writer.i32(numerator).u32(denominator);
    return true;
  },
};

/** Forms of the types of film and video, by OpenEXR's type name. */
export const TIME_FORMS: Readonly<Record<string, AttributeForm>> = { timecode, keycode, rational };
