// Variables of a config, and the files that it names: what `$SHOT` stands for, and which folders are searched.
import { statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { asEngineError, EngineError, type Services } from '../../../../engine/authoring.ts';
import type { Config } from './config.ts';
import { fault, type Origin } from './read.ts';

/** A file as it was when it was looked at: its size and time, or null where there was none. */
export type FileState = { readonly size: number; readonly mtimeNs: string } | null;

/** The file behind an absolute path as it is now. Throws what keeps it from being looked at. */
export function stateOf(path: string): FileState {
  try {
    const found = statSync(path, { bigint: true });
    if (found.isFile()) return { size: Number(found.size), mtimeNs: String(found.mtimeNs) };
    const message = `${path} is no file. Choose a config, or correct the one that names it.`;
    throw new EngineError('invalid', 'file-not-regular', message, { param: 'config', file: path });
  } catch (thrown) {
    const error = asEngineError(thrown, { param: 'config', file: path });
    if (error.code === 'file-not-found') return null;
    throw error;
  }
}

/** No text of variables may grow beyond this, nor name each other more often. */
const LONGEST = 4096;
const MOST_ROUNDS = 32;

/** What a variable stood for, and who said so: the node, the environment of the process, or the config. */
export interface Used {
  readonly value: string;
  readonly by: 'node' | 'process' | 'config';
}

export class Context {
  /** Every path that was looked for, in order, and what was there. */
  readonly seen = new Map<string, FileState>();
  /** Variables that were used, and what they stood for. */
  readonly used = new Map<string, Used>();
  readonly #config: Config;
  readonly #services: Services;
  /** The longest names first, so that `$SHOT_NAME` is not taken for `$SHOT`. */
  readonly #variables: readonly (readonly [name: string, used: Used])[];

  /**
   * `given` comes before the environment of the process, and that before the config's own defaults. Where the config has
   * a section `environment` only the variables in it are taken from the process.
   */
  constructor(config: Config, services: Services, given: ReadonlyMap<string, string>) {
    this.#config = config;
    this.#services = services;
    const known = new Map<string, Used>();
    for (const [name, value] of config.environment ?? []) known.set(name, { value, by: 'config' });
    for (const [name, value = ''] of Object.entries(process.env)) {
      if (!config.environment || known.has(name)) known.set(name, { value, by: 'process' });
    }
    for (const [name, value] of given) known.set(name, { value, by: 'node' });
    this.#variables = [...known].filter(([name]) => name !== '').sort((a, b) => b[0].length - a[0].length);
  }

  /** The text with `$NAME`, `${NAME}` and `%NAME%` filled in, over and over; unknown names stay as they are. */
  fill(text: string, origin: Origin): string {
    let filled = text;
    for (let round = 0; round < MOST_ROUNDS && /[$%]/.test(filled); round++) {
      const before = filled;
      for (const [name, used] of this.#variables) {
        const { value } = used;
        const after = filled
          .replaceAll(`\${${name}}`, () => value)
          .replaceAll(`$${name}`, () => value)
          .replaceAll(`%${name}%`, () => value);
        if (after !== filled) this.used.set(name, used);
        filled = after;
        if (filled.length > LONGEST) fault(origin, `the variables in ${JSON.stringify(text.slice(0, 60))} never end.`);
      }
      if (filled === before) break;
    }
    return filled;
  }

  /** The absolute path of a file that a transform names. Throws `file-not-found` and `outside-roots`. */
  find(name: string, origin: Origin): string {
    const wanted = this.fill(name, origin);
    const here = dirname(this.#config.file);
    const folders = this.#config.searchPath.map((path) => this.fill(path, origin));
    const places = isAbsolute(wanted)
      ? [wanted]
      : (folders.length > 0 ? folders : ['']).map((path) => join(isAbsolute(path) ? path : join(here, path), wanted));
    let refused: unknown;
    for (const place of places) {
      try {
        const path = this.#services.resolve(place, 'read');
        if (this.look(path)) return path;
      } catch (thrown) {
        refused ??= thrown;
      }
    }
    if (refused !== undefined) throw refused;
    const unknown = /\$\{?\w+\}?|%\w+%/.exec(wanted)?.[0];
    const hint = unknown ? ` ${unknown} is not known: give it under Context.` : ' Correct search_path or the name.';
    const message = `${origin.of === '' ? '' : `${origin.of} in `}${this.#config.file} names the file ${JSON.stringify(wanted)}, which is not in ${listFolders(places)}.${hint}`;
    throw new EngineError('invalid', 'file-not-found', message, { param: 'config', file: places[0]! });
  }

  /** Looks at a path and remembers what was there. */
  look(path: string): FileState {
    const state = stateOf(path);
    this.seen.set(path, state);
    return state;
  }
}

const listFolders = (places: readonly string[]): string => [...new Set(places.map((path) => dirname(path)))].join(', ');
