// Services for nodes: paths resolved against the document and checked against the allowed roots; open files shared.
import { readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { EngineError } from '../base/error.ts';
import type { Services } from '../node/define.ts';

export interface ServiceOptions {
  /** The folder that relative paths in the document are relative to. */
  readonly folder: string;
  /** Where given, nothing outside these folders is read or written. */
  readonly roots?: readonly string[];
  /** How many shared things stay open; default 48. */
  readonly keepOpen?: number;
}

export class FileServices implements Services {
  readonly #folder: string;
  readonly #roots: readonly string[] | undefined;
  readonly #keepOpen: number;
  readonly #shared = new Map<string, { close(): void }>();

  constructor(options: ServiceOptions) {
    this.#folder = resolve(options.folder);
    this.#roots = options.roots?.map((root) => realPath(resolve(root)));
    this.#keepOpen = options.keepOpen ?? 48;
  }

  resolve(path: string, use: 'read' | 'write'): string {
    if (path.includes('\0'))
      throw new EngineError('invalid', 'file-not-found', `The path ${JSON.stringify(path)} holds a zero byte.`, {
        file: path,
      });
    const absolute = resolve(this.#folder, path);
    if (!this.#roots) return absolute;
    // Links are followed before the check, or a link inside a root could lead out of it.
    const real = realPath(absolute);
    if (!this.#roots.some((root) => real === root || real.startsWith(root.endsWith(sep) ? root : root + sep))) {
      throw new EngineError(
        'invalid',
        'outside-roots',
        `${absolute} may not be ${use === 'read' ? 'read' : 'written'}: it lies outside the allowed folders (${this.#roots.join(', ')}). Allow its folder with --root.`,
        { file: absolute },
      );
    }
    return absolute;
  }

  share<T extends { close(): void }>(key: string, make: () => T): T {
    const known = this.#shared.get(key) as T | undefined;
    const thing = known ?? make();
    this.#shared.delete(key);
    this.#shared.set(key, thing);
    if (this.#shared.size > this.#keepOpen) {
      const [oldest, unused] = this.#shared.entries().next().value!;
      this.#shared.delete(oldest);
      unused.close();
    }
    return thing;
  }

  close(): void {
    for (const thing of this.#shared.values()) thing.close();
    this.#shared.clear();
  }
}

/** The real path of what exists, with the part that does not exist yet appended as it is. */
export function realPath(path: string): string {
  for (let at = path, links = 0; ; links++) {
    try {
      return realpathSync(at);
    } catch {
      // A link to what does not exist yet stands for the place that it names.
      const target = links < MOST_LINKS ? linkTarget(at) : undefined;
      if (target === undefined) {
        const parent = dirname(at);
        return parent === at ? at : join(realPath(parent), basename(at));
      }
      at = resolve(dirname(at), target);
    }
  }
}

/** As many links as Linux follows before it gives up. */
const MOST_LINKS = 40;

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
