// What lets a process that lives for a tenth of a second start fast: few files, and little of Node's own.
import { join } from 'node:path';

/**
 * Names the file that a module goes to. Each file costs a process half a millisecond, so that what commands share is in few:
 * layers, of which each has what its roots reach and no layer before it has. Browsers get nothing that needs Node.
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

/** Texts in ASCII take half the memory: of others Node keeps two bytes a character. */
export function plainText(code) {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Has `import()` done by the module that loads the scripts: in a script of its own making Node calls it an experiment. */
export function withImports(code) {
  return code.replace(/(?<![\w$#.])import\(/g, 'loadModule(');
}
