// The folders below which the host reads and writes, and nothing beside them.
import { statSync } from 'node:fs';
import { dirname, isAbsolute, parse, resolve } from 'node:path';
import {
  Descriptions,
  type Document,
  EngineError,
  FileServices,
  makePlan,
  type Registry,
  realPath,
} from '../../engine/index.ts';

export class Roots {
  readonly #folders: string[] = [];

  constructor(folders: readonly string[]) {
    for (const folder of folders) this.add(folder);
  }

  /** Real paths, in the order in which they were added. */
  get list(): readonly string[] {
    return this.#folders;
  }

  /** Allows a folder and all below it. */
  add(folder: string): void {
    const real = realPath(resolve(folder));
    if (!this.#folders.includes(real)) this.#folders.push(real);
  }

  /** The absolute path behind one that is relative to `folder`. Throws `outside-roots`; links are followed before the check. */
  check(path: string, folder: string, use: 'read' | 'write'): string {
    return new FileServices({ folder, roots: this.#folders }).resolve(path, use);
  }

  holds(path: string): boolean {
    try {
      this.check(path, '/', 'read');
      return true;
    } catch {
      return false;
    }
  }
}

/** The folders of the files that the nodes of a document read; of what cannot be found or read, none. */
export async function inputFolders(document: Document, folder: string, registry: Registry): Promise<string[]> {
  const services = new FileServices({ folder });
  const { align, mismatch } = document.frames;
  const timeline = { align, mismatch, start: 1, count: 1 };
  const { signal } = new AbortController();
  const found = new Set<string>();
  try {
    const plan = makePlan(document, registry);
    const descriptions = new Descriptions(plan, { services, timeline, signal });
    for (const node of plan.nodes.values()) {
      const params = node.definition.files && descriptions.paramsAt(node, 1).values;
      if (!params) continue;
      try {
        for (const file of await node.definition.files!({ node: node.id, params, timeline, services, signal }))
          found.add(dirname(file));
      } catch (thrown) {
        // An input that is not there yet keeps nobody from opening the document; its node says what is wrong.
        if (!(thrown instanceof EngineError)) throw thrown;
      }
    }
  } finally {
    services.close();
  }
  // A file that lies at the top of the disk does not open the whole of it.
  return [...found].filter((path) => isAbsolute(path) && parse(realPath(path)).root !== realPath(path));
}

/** Throws `usage` where a folder that was named does not exist or is none. */
export function existingFolder(path: string): string {
  const folder = resolve(path);
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found?.isDirectory()) return folder;
  throw new EngineError(
    'usage',
    'usage',
    `Expected a folder, found ${path}, which ${found ? 'is none' : 'does not exist'}.`,
    { file: folder },
  );
}
