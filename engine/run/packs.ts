// Node packs: modules outside the project that bring more nodes.
import { pathToFileURL } from 'node:url';
import { EngineError } from '../base/error.ts';
import type { AnyNode } from '../node/define.ts';

/** Loads packs by absolute path. A pack exports `nodes`, as `nodes/index.ts` does. Throws `node-pack`. */
export async function loadPacks(paths: readonly string[]): Promise<AnyNode[]> {
  const loaded: AnyNode[] = [];
  for (const path of paths) {
    const module = (await import(pathToFileURL(path).href).catch((cause: unknown) => {
      throw new EngineError(
        'invalid',
        'node-pack',
        `The node pack ${path} cannot be loaded: ${cause instanceof Error ? cause.message : cause}.`,
        { file: path },
        cause,
      );
    })) as { nodes?: unknown };
    if (!Array.isArray(module.nodes)) {
      throw new EngineError('invalid', 'node-pack', `The node pack ${path} exports no list called nodes.`, {
        file: path,
      });
    }
    loaded.push(...(module.nodes as AnyNode[]));
  }
  return loaded;
}
