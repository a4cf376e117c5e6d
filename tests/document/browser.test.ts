// The browser's door: nothing that it loads, however far away, needs Node.
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as door from '../../engine/browser.ts';

/** The modules that a file loads at run time: imports and re-exports that are more than types. */
function loads(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\/|(?:^|[;\s])\/\/.*$/gm, '');
  const statements = code.matchAll(
    /\b(?:import|export)\b(?!\s+type\b)(?:[\s\w{},*]*?\bfrom)?\s*['"]([^'"]+)['"]|\bimport\s*\(\s*['"]([^'"]+)['"]/g,
  );
  return [...statements].map((match) => (match[1] ?? match[2])!);
}

test('the import graph of the door holds files of the engine and zod alone', () => {
  const entry = new URL('../../engine/browser.ts', import.meta.url);
  const seen = new Set<string>();
  const packages = new Set<string>();
  const open = [entry];
  for (let file = open.pop(); file; file = open.pop()) {
    if (seen.has(file.href)) continue;
    seen.add(file.href);
    expect(existsSync(file), file.pathname).toBe(true);
    for (const target of loads(readFileSync(file, 'utf8'))) {
      if (target.startsWith('.')) open.push(new URL(target, file));
      else packages.add(target);
    }
  }
  expect([...packages]).toEqual(['zod']);
  expect(seen.size).toBeGreaterThan(15);
});

test('the walk sees what it has to see', () => {
  expect(loads("import { x } from 'node:fs';\nimport type { y } from 'node:net';")).toEqual(['node:fs']);
  expect(loads("import 'node:os';\nexport { a,\n  type b } from './c.ts';")).toEqual(['node:os', './c.ts']);
  expect(loads("const m = await import('node:vm');\nexport type { q } from './t.ts'; // import 'x'")).toEqual([
    'node:vm',
  ]);
  expect(loads("// import 'a';\n/* import 'b'; */ export const text = 5;")).toEqual([]);
});

test('the door opens on documents, frames and errors', () => {
  const names = [
    'loadDocument',
    'saveDocument',
    'applyEdit',
    'parseEdit',
    'documentSchema',
    'checkStructure',
    'interpolate',
    'parseFrames',
    'formatFrames',
    'parsePattern',
    'box',
    'EngineError',
    'CODES',
  ];
  for (const name of names) expect(door, name).toHaveProperty(name);
  const { document } = door.loadDocument(door.saveDocument(door.emptyDocument('x')));
  expect(door.applyEdit(document!, { op: 'setName', name: 'y' }).document.name).toBe('y');
});
