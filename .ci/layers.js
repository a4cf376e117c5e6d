// Which script a module goes to.
import { join } from 'node:path';

/**
 * Names the script that a module goes to. Each costs a process a third of a millisecond, so that what commands share is in
 * few: layers, of which each has what its roots reach and no layer before it has.
 */
export function layerOf(dist) {
  const everything = join(dist, 'engine', 'index.js');
  const reached = (...roots) => {
    const found = new Set();
    return (id, context) => {
      const add = (next) => {
        if (found.has(next) || next === everything) return;
        found.add(next);
        for (const further of context.getModuleInfo(next)?.importedIds ?? []) add(further);
      };
      if (found.size === 0) for (const root of roots) add(join(dist, `${root}.js`));
      return found.has(id);
    };
  };
  const browser = reached('engine/browser');
  const files = reached('engine/files');
  const layers = {
    terminal: reached('engine/bin/terminal'),
    base: (...module) => browser(...module) && files(...module),
    plain: browser,
    files,
    program: reached('engine/bin/program'),
    work: reached('engine/bin/worker', 'engine/run/worker', 'nodes/io/read', 'nodes/io/write'),
    run: reached('engine/bin/commands/run', 'engine/run/run'),
  };
  return (...module) => Object.keys(layers).find((name) => layers[name](...module)) ?? null;
}
