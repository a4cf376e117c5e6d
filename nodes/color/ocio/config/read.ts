// Reading pieces of a config as what they should be, and the error that says where one is not.
import { EngineError } from '../../../../engine/authoring.ts';
import type { List, Mapping, Value } from './yaml.ts';

/** Where something stands, for messages: the file, and the colour space, look or view that it belongs to. */
export interface Origin {
  readonly file: string;
  /** `colour space "ACEScct"`; empty at the top of the config. */
  readonly of: string;
}

const placeText = ({ file, of }: Origin, line?: number): string =>
  `${of === '' ? '' : `${of} in `}${file}${line ? `, line ${line}` : ''}`;

/** Throws `ocio-config`: the config contradicts itself or cannot be read. */
export function fault(origin: Origin, trouble: string, line?: number): never {
  const message = `${placeText(origin, line)}: ${trouble}`;
  throw new EngineError('invalid', 'ocio-config', message, { param: 'config', file: origin.file });
}

/** Throws `ocio-unsupported`: sound as far as can be told, and not known here. */
export function refuse(origin: Origin, trouble: string, line?: number): never {
  const message = `${placeText(origin, line)}: ${trouble}`;
  throw new EngineError('unsupported', 'ocio-unsupported', message, { param: 'config', file: origin.file });
}

export function asText(value: Value, origin: Origin, what: string): string {
  return value.kind === 'text' ? value.text : fault(origin, `${what} should be a text.`, value.line);
}

export function asList(value: Value, origin: Origin, what: string): List {
  // Nothing at all stands for an empty list, as where all entries were taken out.
  if (value.kind === 'text' && value.text === '') return { kind: 'list', tag: '', line: value.line, items: [] };
  return value.kind === 'list' ? value : fault(origin, `${what} should be a list.`, value.line);
}

export function asMap(value: Value, origin: Origin, what: string): Mapping {
  if (value.kind === 'text' && value.text === '') return { kind: 'map', tag: '', line: value.line, entries: new Map() };
  return value.kind === 'map' ? value : fault(origin, `${what} should be a map.`, value.line);
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

export function asNumber(value: Value, origin: Origin, what: string): number {
  const text = asText(value, origin, what);
  const number = NUMBER.test(text) ? Number(text) : Number.NaN;
  if (Number.isFinite(number)) return number;
  return fault(origin, `${what} should be a number, and is ${JSON.stringify(text.slice(0, 40))}.`, value.line);
}

/** A list of numbers; a number alone is a list of one. */
export const asNumbers = (value: Value, origin: Origin, what: string): number[] =>
  value.kind === 'text'
    ? [asNumber(value, origin, what)]
    : asList(value, origin, what).items.map((item) => asNumber(item, origin, what));

export function asSwitch(value: Value, origin: Origin, what: string): boolean {
  const text = asText(value, origin, what).toLowerCase();
  if (['true', 'yes', 'on', 'y'].includes(text)) return true;
  if (['false', 'no', 'off', 'n'].includes(text)) return false;
  return fault(origin, `${what} should be true or false.`, value.line);
}

/** The entries of a map, read as what they should be. */
export class Fields {
  readonly map: Mapping;
  readonly origin: Origin;

  constructor(map: Mapping, origin: Origin) {
    this.map = map;
    this.origin = origin;
  }

  get(key: string): Value | undefined {
    return this.map.entries.get(key);
  }

  #read<T>(key: string, as: (value: Value, origin: Origin, what: string) => T): T | undefined {
    const value = this.get(key);
    return value === undefined ? undefined : as(value, this.origin, key);
  }

  text = (key: string): string | undefined => this.#read(key, asText);
  number = (key: string): number | undefined => this.#read(key, asNumber);
  numbers = (key: string): number[] | undefined => this.#read(key, asNumbers);
  switch = (key: string): boolean | undefined => this.#read(key, asSwitch);

  /** A list of texts; one text with commas or colons between names is a list too. */
  texts = (key: string): string[] | undefined =>
    this.#read(key, (value, origin, what) =>
      value.kind === 'text'
        ? splitNames(value.text)
        : asList(value, origin, what).items.map((item) => asText(item, origin, what)),
    );

  /** So many numbers. */
  exactly(key: string, count: number): number[] | undefined {
    const found = this.numbers(key);
    if (found && found.length !== count) {
      this.fault(`${key} should hold ${count} numbers, and holds ${found.length}.`);
    }
    return found;
  }

  fault(trouble: string): never {
    return fault(this.origin, trouble, this.map.line);
  }

  refuse(trouble: string): never {
    return refuse(this.origin, trouble, this.map.line);
  }
}

/** Names in one text: with commas between them, or else with colons. */
export const splitNames = (text: string): string[] =>
  text
    .split(text.includes(',') ? ',' : ':')
    .map((name) => name.trim())
    .filter((name) => name !== '');
