// The house rules: which room may import which, no cycles, one subject a file, names that say something.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const MOST_LINES = 400;
/** Tests hold tables of cases, which grow. */
const MOST_TEST_LINES = 450;

interface Import {
  /** The specifier as written. */
  readonly text: string;
  /** The file below the root, for relative imports; undefined for packages and node:. */
  readonly file: string | undefined;
  readonly typeOnly: boolean;
}

interface SourceFile {
  /** Path below the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

function listSources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /^[^.].*\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length).split(sep).join('/'))
    .filter((path) => !path.startsWith('engine/pixels/assembly/'))
    .sort();
}

/** The code without comments, and without what stands in texts: those keep their quotes only where they follow `from` or `import`. */
const bare = (text: string): string =>
  text.replace(
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|(from\s*|import\s*\(?\s*)?('(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)/g,
    (match: string, before: string | undefined, quoted: string | undefined) =>
      quoted === undefined ? ' ' : before === undefined ? "''" : match,
  );

function importsOf(path: string, code: string): Import[] {
  const found: Import[] = [];
  const add = (text: string, typeOnly: boolean): void => {
    const file = text.startsWith('.')
      ? normalize(join(dirname(path), text))
          .split(sep)
          .join('/')
      : undefined;
    found.push({ text, file, typeOnly });
  };
  for (const [, keyword, clause, text] of code.matchAll(
    /\b(import|export)\s+((?:type\s+)?(?:[\w$*]+|\{[^}]*\}|[\w$]+\s*,\s*\{[^}]*\}|\*\s+as\s+[\w$]+)\s+from\s*)'([^']+)'/g,
  )) {
    if (!keyword || !clause || !text) continue;
    const named = /\{([^}]*)\}/.exec(clause)?.[1];
    const names = named?.split(',').map((name) => name.trim()) ?? [];
    const everyType = names.length > 0 && names.every((name) => name === '' || name.startsWith('type '));
    add(text, /^type\s/.test(clause) || (everyType && !/^\w+\s*,/.test(clause)));
  }
  for (const [, text] of code.matchAll(/\bimport\s*\(\s*'([^']+)'/g)) add(text!, false);
  for (const [, text] of code.matchAll(/(?:^|\n)\s*import\s*'([^']+)'/g)) add(text!, false);
  return found;
}

const load = (folder: string): SourceFile[] =>
  listSources(folder).map((path) => {
    const text = readFileSync(join(ROOT, path), 'utf8');
    return { path, text, imports: importsOf(path, bare(text)) };
  });

const sources = ['engine', 'nodes', 'editor', 'fixtures', 'tests']
  .filter((f) => existsSync(join(ROOT, f)))
  .flatMap(load);
const product = sources.filter(({ path }) => /^(engine|nodes|editor)\//.test(path));
const byPath = new Map(sources.map((file) => [file.path, file]));

/** What each room may import besides itself; `types` is what it may import types of. */
interface Allowed {
  readonly rooms: readonly string[];
  readonly types?: readonly string[];
  /** Packages; others are refused. */
  readonly packages?: readonly string[];
}

const BELOW_RUN = ['base', 'pixels', 'exr', 'image', 'node', 'document', 'plan', 'evaluate'];

const TABLE: Readonly<Record<string, Allowed>> = {
  'engine/base': { rooms: [] },
  'engine/pixels': { rooms: ['base'] },
  'engine/exr': { rooms: ['base', 'pixels'] },
  'engine/raster': { rooms: ['base', 'pixels', 'colour'], packages: ['sharp'] },
  'engine/image': { rooms: ['base'], types: ['pixels', 'exr'] },
  // Spaces, tags and conversions: nodes that convert, and those that read and write files, share them.
  'engine/colour': { rooms: ['base', 'pixels', 'exr', 'image'], types: ['node'] },
  'engine/node': { rooms: ['base', 'image'], types: ['pixels'], packages: ['zod'] },
  // Numbers that follow from other numbers: documents rename in expressions, plans and nodes work them out, browsers show them.
  'engine/expression': { rooms: ['base'] },
  'engine/document': { rooms: ['base', 'expression'], packages: ['zod'] },
  'engine/plan': { rooms: ['base', 'image', 'node', 'expression', 'document'], types: ['pixels'], packages: ['zod'] },
  'engine/evaluate': { rooms: ['base', 'pixels', 'image', 'node', 'plan'] },
  'engine/run': { rooms: BELOW_RUN, packages: ['rxjs', 'piscina'] },
};

const roomOf = (path: string): string => path.split('/').slice(0, 2).join('/');
/** The three doors of the engine, and a slim one for programs that look at files without loading what runs graphs. */
const DOORS = ['engine/authoring.ts', 'engine/index.ts', 'engine/browser.ts', 'engine/files.ts'];

/** Packages that nodes may use. */
const NODE_PACKAGES = ['zod', 'fontkit', 'sax', 'yaml', 'assimpjs'];

const BIN_DOORS = ['engine/index.ts', 'engine/files.ts', 'nodes/index.ts', 'nodes/table.ts'];

/** Server and desktop run graphs; the pages and the protocol must do in a browser. */
function editorMay(from: string, file: string): boolean {
  if (/^editor\/(server|desktop)\//.test(from)) {
    return /^(editor\/(server|desktop|protocol\.ts|picture\.ts|bridge\.ts)|engine\/index\.ts$|nodes\/index\.ts$)/.test(
      file,
    );
  }
  return (
    file === 'engine/browser.ts' ||
    file === 'editor/protocol.ts' ||
    file === 'editor/picture.ts' ||
    file === 'editor/bridge.ts' ||
    (from !== 'editor/protocol.ts' && file.startsWith('editor/ui/'))
  );
}

/** Why an import is not allowed; undefined where it is. */
function offence(from: SourceFile, { text, file, typeOnly }: Import): string | undefined {
  const wrong = `${from.path} imports ${text}`;
  if (DOORS.includes(from.path)) return file ? undefined : wrong;
  if (from.path.startsWith('engine/bin/')) {
    // The one way from the command line up to the editor: `sluice edit` starts the host.
    const host = from.path === 'engine/bin/commands/edit.ts' && file === 'editor/server/index.ts';
    const fine = file
      ? host || file.startsWith('engine/bin/') || BIN_DOORS.includes(file)
      : text.startsWith('node:') || text === 'commander';
    return fine ? undefined : wrong;
  }
  if (from.path === 'nodes/index.ts' || from.path === 'nodes/table.ts') {
    return file && (file.startsWith('nodes/') || (file === 'engine/authoring.ts' && typeOnly)) ? undefined : wrong;
  }
  if (from.path.startsWith('nodes/')) {
    if (!file) return text.startsWith('node:') || NODE_PACKAGES.includes(text) ? undefined : wrong;
    if (file === 'engine/authoring.ts') return undefined;
    // A node's own folder carries its name: nodes/io/read.ts has nodes/io/read/.
    const own = from.path.replace(/\.ts$/, '').split('/').slice(0, 3).join('/');
    if (file.startsWith(`${own}/`)) return undefined;
    // A folder that no node is named after holds mathematics that its category shares: nodes/color/output/.
    const [, category, folder, ...rest] = file.split('/');
    // A node may build on another one, through what that exports.
    if (category !== undefined && rest.length === 0 && category !== folder && file !== 'nodes/table.ts') {
      return file.split('/').length === 3 ? undefined : wrong;
    }
    const shared = rest.length > 0 && !byPath.has(`nodes/${category}/${folder}.ts`);
    return shared && from.path.startsWith(`nodes/${category}/`) ? undefined : wrong;
  }
  if (from.path.startsWith('editor/')) return file === undefined || editorMay(from.path, file) ? undefined : wrong;
  const allowed = TABLE[roomOf(from.path)];
  if (!allowed) return `${from.path} stands in no room`;
  if (!file) return text.startsWith('node:') || allowed.packages?.includes(text) ? undefined : wrong;
  // A graph is data, and what runs graphs may bring one.
  if (roomOf(from.path) === 'engine/run' && /^graphs\/[\w-]+\.sluice\.json$/.test(file)) return undefined;
  const room = roomOf(file);
  const short = room.replace('engine/', '');
  if (room === roomOf(from.path) || allowed.rooms.includes(short)) return undefined;
  return typeOnly && allowed.types?.includes(short) ? undefined : wrong;
}

/** Files in a ring of imports that run; empty where there is none. */
function findCycle(files: readonly SourceFile[]): string[] {
  const state = new Map<string, 'open' | 'done'>();
  const trail: string[] = [];
  const visit = (path: string): string[] => {
    if (state.get(path) === 'done') return [];
    if (state.get(path) === 'open') return [...trail.slice(trail.indexOf(path)), path];
    state.set(path, 'open');
    trail.push(path);
    for (const { file, typeOnly } of byPath.get(path)?.imports ?? []) {
      if (file === undefined || typeOnly) continue;
      const ring = visit(file);
      if (ring.length > 0) return ring;
    }
    trail.pop();
    state.set(path, 'done');
    return [];
  };
  for (const { path } of files) {
    const ring = visit(path);
    if (ring.length > 0) return ring;
  }
  return [];
}

/** Everything that a file loads when it runs, and from where. */
function reached(from: string): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (path: string): void => {
    for (const { text, file, typeOnly } of byPath.get(path)?.imports ?? []) {
      if (typeOnly) continue;
      const name = file ?? text;
      if (found.has(name)) continue;
      found.set(name, path);
      if (file) visit(file);
    }
  };
  visit(from);
  return found;
}

describe('the house', () => {
  test('has its rooms, and the reader of imports sees what is there', () => {
    const rooms = new Set(product.filter(({ path }) => path.split('/').length > 2).map(({ path }) => roomOf(path)));
    for (const room of Object.keys(TABLE)) expect([...rooms]).toContain(room);
    expect(product.length).toBeGreaterThan(100);
    expect(byPath.get('nodes/table.ts')!.imports.length).toBeGreaterThanOrEqual(7);
    const code = bare(
      "import { type A, type B } from './a.ts'; // import x from './no.ts'\nexport { c } from './c.ts';\nconst t = \"import d from './d.ts'\"; await import('./e.ts');",
    );
    expect(importsOf('x/y.ts', code)).toEqual([
      { text: './a.ts', file: 'x/a.ts', typeOnly: true },
      { text: './c.ts', file: 'x/c.ts', typeOnly: false },
      { text: './e.ts', file: 'x/e.ts', typeOnly: false },
    ]);
  });

  test('relative imports name files that exist', () => {
    const lost = sources.flatMap(({ path, imports }) =>
      imports
        .filter(({ file }) => file?.endsWith('.ts') && !byPath.has(file))
        .map(({ text }) => `${path} imports ${text}`),
    );
    expect(lost).toEqual([]);
  });

  test('rooms import only what the table allows', () => {
    const offences = product.flatMap((from) =>
      from.imports.map((i) => offence(from, i)).filter((message) => message !== undefined),
    );
    expect(offences).toEqual([]);
  });

  test('nothing imports the roofs', () => {
    const offences = product
      .filter(({ path }) => !path.startsWith('engine/bin/'))
      .flatMap(({ path, imports }) =>
        imports.filter(({ file }) => file?.startsWith('engine/bin/')).map(({ text }) => `${path} imports ${text}`),
      );
    expect(offences).toEqual([]);
  });

  test('no file imports itself by a detour', () => {
    expect(findCycle(sources)).toEqual([]);
  });

  test('the door for browsers needs nothing of Node and no package but zod', () => {
    const foreign = [...reached('engine/browser.ts')].filter(([name]) => !name.endsWith('.ts') && name !== 'zod');
    expect(foreign).toEqual([]);
  });

  test('the door for authors shows nothing of plan, evaluate or run', () => {
    const above = [...reached('engine/authoring.ts').keys()].filter((name) =>
      /^engine\/(document|plan|evaluate|run)\//.test(name),
    );
    expect(above).toEqual([]);
  });
});

describe('every file', () => {
  const hand = sources.filter(({ path }) => !path.endsWith('.d.ts'));

  test('begins with one sentence that says what it is responsible for', () => {
    const silent = hand
      .filter(({ text }) => !/^\/\/ \S.*[.:,;]?\n/.test(text) || !/^(\/\/ .*\n)*\/\/ .*\.\n/.test(text))
      .map(({ path }) => path);
    expect(silent).toEqual([]);
  });

  test(`has at most ${MOST_LINES} lines, and ${MOST_TEST_LINES} where it is a test`, () => {
    const long = hand
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ path, lines }) => lines > (path.startsWith('tests/') ? MOST_TEST_LINES : MOST_LINES))
      .map(({ path, lines }) => `${path}: ${lines}`);
    expect(long).toEqual([]);
  });

  test('has a name that says something', () => {
    const vague = hand
      .map(({ path }) => path)
      .filter((path) => /(^|[/.-])(utils?|helpers?|common|types?|misc|manager)([/.-]|$)/i.test(path));
    expect(vague).toEqual([]);
    const shouting = hand.map(({ path }) => path).filter((path) => path !== path.toLowerCase());
    expect(shouting).toEqual([]);
  });

  test('exports by name, but where a tool demands otherwise', () => {
    const offences = hand
      .filter(
        ({ text, path }) =>
          /\bexport\s+default\b/.test(bare(text)) && path !== 'engine/bin/worker.ts' && !path.endsWith('.config.ts'),
      )
      .map(({ path }) => path);
    expect(offences).toEqual([]);
  });

  test('re-exports by name', () => {
    const offences = hand.filter(({ text }) => /\bexport\s*\*/.test(bare(text))).map(({ path }) => path);
    expect(offences).toEqual([]);
  });

  test('says what types it means', () => {
    const loose = hand
      .filter(({ text }) => /(:|<|\bas|\|)\s*any\b|\bany\[\]|@ts-(ignore|nocheck)/.test(bare(text)))
      .map(({ path }) => path);
    // A node of whatever parameters and ports has no other type in TypeScript.
    expect(loose).toEqual(['engine/node/define.ts']);
  });

  test('is finished, and silent where it belongs to the engine', () => {
    const unfinished = hand.filter(
      ({ path, text }) => path !== 'tests/architecture.test.ts' && /\b(TODO|FIXME|XXX)\b/.test(text),
    );
    expect(unfinished.map(({ path }) => path)).toEqual([]);
    const loud = product.filter(({ text }) => /\bconsole\.\w+\(/.test(bare(text)));
    expect(loud.map(({ path }) => path)).toEqual([]);
  });
});
