// The graphs that were opened or saved last, kept in the user's own folder and shared by all hosts of the user.
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Roots } from './roots.ts';
import { readText, writeWhole } from './whole-file.ts';

const MOST = 20;
const schema = z.array(z.string().min(1).max(4096)).max(1000);

export class Recent {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** Puts a graph first. A list that cannot be kept keeps nobody from working. */
  add(path: string): void {
    const paths = this.#read();
    if (paths[0] === path) return;
    try {
      mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
      const kept = [path, ...paths.filter((one) => one !== path)].slice(0, MOST);
      writeWhole(this.#file, `${JSON.stringify(kept)}\n`, { flush: false });
    } catch {
      // A disk that takes no list.
    }
  }

  /** Newest first: those that are still there and that this host may open. */
  within(roots: Roots): string[] {
    return this.#read().filter((path) => roots.holds(path) && existsSync(path));
  }

  #read(): readonly string[] {
    try {
      return schema.parse(JSON.parse(readText(this.#file)));
    } catch {
      return []; // there is none yet, or it is damaged: it begins anew
    }
  }
}
