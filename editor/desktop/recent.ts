// The graphs that were opened last: kept in a file of the user's, newest first, and told to the system.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { app } from 'electron';
import { z } from 'zod';

const MOST = 10;
const kept = z.array(z.string().min(1).max(4096)).max(100);

export class Recent {
  readonly #file: string;
  readonly #changed: () => void;
  #paths: readonly string[];

  /** `changed` is called whenever the list is another one. */
  constructor(file: string, changed: () => void) {
    this.#file = file;
    this.#changed = changed;
    this.#paths = read(file);
  }

  /** Newest first. */
  get paths(): readonly string[] {
    return this.#paths;
  }

  add(path: string): void {
    if (this.#paths[0] === path) return;
    this.#put([path, ...this.#paths.filter((one) => one !== path)].slice(0, MOST));
    app.addRecentDocument(path);
  }

  clear(): void {
    this.#put([]);
    app.clearRecentDocuments();
  }

  #put(paths: readonly string[]): void {
    this.#paths = paths;
    try {
      mkdirSync(dirname(this.#file), { recursive: true });
      writeFileSync(this.#file, `${JSON.stringify(paths)}\n`);
    } catch {
      // A disk that takes no list must not keep anybody from working.
    }
    this.#changed();
  }
}

function read(file: string): readonly string[] {
  try {
    return kept.parse(JSON.parse(readFileSync(file, 'utf8'))).slice(0, MOST);
  } catch {
    // There is none yet, or it is damaged: the list begins anew.
    return [];
  }
}
