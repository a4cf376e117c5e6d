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

/**
 * Takes Node's own modules without their faces as ECMAScript modules, for which Node would load more than is used; of those
 * that are large and that few runs need, the functions are looked up when they are called.
 */
export function withBuiltins(code) {
  const late = new Set(['node:child_process', 'node:crypto', 'node:zlib']);
  return code
    .replace(/^import \{ (.+?) \} from "(node:[a-z_/]+)";$/gm, (_, list, from) => {
      const module = `process.getBuiltinModule("${from}")`;
      const names = list.split(', ').map((name) => name.split(' as '));
      if (!late.has(from)) return `const { ${names.map((name) => name.join(': ')).join(', ')} } = ${module};`;
      return names.map(([of, name = of]) => `const ${name} = (...args) => ${module}.${of}(...args);`).join('\n');
    })
    .replace(
      '__require("node:child_process")',
      '{ spawn: (...args) => __require("node:child_process").spawn(...args) }',
    );
}

/** Texts in ASCII take half the memory: of others Node keeps two bytes a character. */
export function plainText(code) {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
